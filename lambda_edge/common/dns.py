"""A small DNS resolver: what the machine's nameservers say of a name, and for how long it holds.

It asks resolvers that follow names themselves, as Lambda's does, and keeps nothing: a ``Cache`` does that.
"""

from __future__ import annotations

import struct
from typing import Literal, NamedTuple

from . import world

Kind = Literal["A", "AAAA", "CNAME", "TXT"]

#: Seconds that a request waits for the nameservers: for an answer that is not known, and to renew one. The resolver is
#: close by, and asks the zone's nameservers, which is one round trip; each of two tries has half of the time.
FIRST_WAIT = 1.0
REFRESH_WAIT = 0.5

_TYPES: dict[Kind, int] = {"A": 1, "AAAA": 28, "CNAME": 5, "TXT": 16}
_SOA = 6
_OPT = 41
_IN = 1

_HEADER = struct.Struct("!6H")
_RECORD = struct.Struct("!HHIH")
_RESPONSE = 0x8000
_OPCODE = 0x7800
_TRUNCATED = 0x0200
_RECURSION_DESIRED = 0x0100

_NO_ERROR = 0
_NAME_ERROR = 3
_CODES = {1: "FORMERR", 2: "SERVFAIL", 4: "NOTIMP", 5: "REFUSED", 16: "BADVERS"}

# EDNS: answers of up to this size come in one datagram, which no network on the way splits.
_PAYLOAD = 1232
_OPTIONS = b"\0" + _RECORD.pack(_OPT, _PAYLOAD, 0, 0)

_MOST_OCTETS = 255
_MOST_POINTERS = 127
_MOST_ALIASES = 15
# No deadline holds while a message is read, and 64 KiB of names that are pointers to one long name take long.
_MOST_RECORDS = 256
# With one nameserver a lost datagram must not be the end.
_LEAST_TRIES = 2

# The labels of a name, in lower case.
_Name = tuple[bytes, ...]


class ResolutionError(Exception):
    """Nothing was learned of a name: no answer in time, a refusal, a malformed answer."""


class Answer(NamedTuple):
    """What the nameservers say of a name.

    Attributes:
        values: Of the records asked for. None where the name does not exist or has no such records.
        ttl: Seconds for which it holds: the least of the records, and of the aliases on the way to them; for the
            absence of records what the zone says of that, and 0 where it says nothing.
    """

    values: list[str]
    ttl: int


class _Record(NamedTuple):
    owner: _Name
    type: int
    ttl: int
    start: int
    end: int


def resolve(name: str, kind: Kind, *, deadline: float) -> Answer:
    """Ask the nameservers, one after the other, for the records of a name.

    That the name or its records do not exist is an answer: one without values.

    Args:
        name: A full name.
        kind: ``A`` and ``AAAA`` give addresses, ``CNAME`` names in lower case without the last dot, ``TXT`` texts,
            each whole where it is kept in pieces.
        deadline: Of ``world.monotonic``, for everything together; each nameserver has its share of what is left.

    Raises:
        ResolutionError: Nothing was learned: none answered in time, or none usefully; or no name can be written so.

    Example::

        values, ttl = resolve("bucket.example.com", "TXT", deadline=world.monotonic() + 0.3)
    """
    question = _question(name, kind)
    try:
        servers = world.nameservers()
    except OSError as error:
        raise ResolutionError(f"no nameserver is known: {error}") from error
    if not servers:
        raise ResolutionError("no nameserver is known")
    problems = []
    tries = max(_LEAST_TRIES, len(servers))
    for tried in range(tries):
        server = servers[tried % len(servers)]
        now = world.monotonic()
        if now >= deadline:
            break
        try:
            return _ask(server, question, kind, now + (deadline - now) / (tries - tried))
        except (OSError, ResolutionError) as error:
            problems.append(f"{server}: {error}")
    raise ResolutionError(f"{name} {kind}: {'; '.join(problems) or 'no time to ask'}")


def is_answer(query: bytes, message: bytes) -> bool:
    """Whether a message answers a query, by its id and its question; others are forged, or late."""
    end = len(query) - len(_OPTIONS)
    return (
        message[:2] == query[:2]
        and len(message) >= end
        and message[2] & 0x80 != 0
        and message[4:6] == query[4:6]
        and message[_HEADER.size : end].lower() == query[_HEADER.size : end].lower()
    )


def _ask(server: str, question: bytes, kind: Kind, deadline: float) -> Answer:
    query = _query(question, int(world.draw() * 0x10000))
    message = world.datagram(server, query, deadline=deadline)
    if is_answer(query, message) and _is_truncated(message):
        message = world.stream(server, query, deadline=deadline)
    if not is_answer(query, message):
        raise ResolutionError("answered another question")
    return parse(message, kind)


def _query(question: bytes, identity: int) -> bytes:
    return _HEADER.pack(identity, _RECURSION_DESIRED, 1, 0, 0, 1) + question + _OPTIONS


def _question(name: str, kind: Kind) -> bytes:
    labels = name.removesuffix(".").split(".")
    # Each label has its length before it, and the root is the last.
    octets = sum(len(label) + 1 for label in labels) + 1
    if octets > _MOST_OCTETS or not name.isascii() or not all(0 < len(label) < 0x40 for label in labels):
        raise ResolutionError(f"{name!r} is not a name")
    written = "".join(chr(len(label)) + label for label in labels) + "\0"
    return written.encode("ascii") + struct.pack("!HH", _TYPES[kind], _IN)


def _is_truncated(message: bytes) -> bool:
    return message[2] & (_TRUNCATED >> 8) != 0


def parse(message: bytes, kind: Kind) -> Answer:
    """What a whole answer says of the name in its question.

    Raises:
        ResolutionError: It is malformed, contradicts itself, or says that the nameserver failed.
    """
    try:
        return _parse(message, _TYPES[kind])
    except (IndexError, struct.error) as error:
        raise ResolutionError("malformed: it ends too early") from error


def _parse(message: bytes, wanted: int) -> Answer:
    _, flags, questions, *counts = _HEADER.unpack_from(message)
    if not flags & _RESPONSE or flags & (_OPCODE | _TRUNCATED) or questions != 1:
        raise ResolutionError("malformed: it is not the whole answer to a question")
    if sum(counts) > _MOST_RECORDS:
        raise ResolutionError(f"malformed: it has more than {_MOST_RECORDS} records")
    name, offset = _name(message, _HEADER.size)
    if struct.unpack_from("!HH", message, offset) != (wanted, _IN):
        raise ResolutionError("answered another question")
    offset += 4
    code = flags & 0xF
    sections: list[list[_Record]] = []
    for count in counts:
        section: list[_Record] = []
        for _ in range(count):
            owner, offset = _name(message, offset)
            kind, group, ttl, length = _RECORD.unpack_from(message, offset)
            start = offset + _RECORD.size
            offset = start + length
            if offset > len(message):
                raise ResolutionError("malformed: it ends too early")
            if kind == _OPT:
                # Where the high bits of the code are.
                code |= ttl >> 24 << 4
            elif group == _IN:
                section.append(_Record(owner, kind, ttl if ttl < 0x80000000 else 0, start, offset))
        sections.append(section)
    if code not in (_NO_ERROR, _NAME_ERROR):
        raise ResolutionError(f"answered {_CODES.get(code, code)}")
    answers, authority, _ = sections
    return _follow(message, name, wanted, code, answers, authority)


def _follow(
    message: bytes, name: _Name, wanted: int, code: int, answers: list[_Record], authority: list[_Record]
) -> Answer:
    """From the name asked for over its aliases to the records, or to what says that there are none."""
    found = _by_owner(answers, wanted)
    aliases = _by_owner(answers, _TYPES["CNAME"])
    ttls: list[int] = []
    while name not in found and name in aliases:
        if len(ttls) == _MOST_ALIASES:
            raise ResolutionError("malformed: its aliases go on and on")
        alias = aliases[name][0]
        ttls.append(alias.ttl)
        name = _name_within(message, alias)
    if name in found:
        if code == _NAME_ERROR:
            raise ResolutionError("malformed: it has records of a name that it says does not exist")
        records = found[name]
        return Answer(
            [_VALUES[wanted](message, record) for record in records], min(ttls + [record.ttl for record in records])
        )
    zones = _by_owner(authority, _SOA)
    for depth in range(len(name) + 1):
        for zone in zones.get(name[depth:], ()):
            return Answer([], min([*ttls, zone.ttl, _negative_ttl(message, zone)]))
    return Answer([], 0)


def _by_owner(records: list[_Record], kind: int) -> dict[_Name, list[_Record]]:
    owners: dict[_Name, list[_Record]] = {}
    for record in records:
        if record.type == kind:
            owners.setdefault(record.owner, []).append(record)
    return owners


def _name(message: bytes, offset: int) -> tuple[_Name, int]:
    """The name at an offset, and where it ends. Pointers lead backwards only, and not over and over."""
    labels = []
    octets = 1
    pointers = 0
    end = 0
    first = offset
    while length := message[offset]:
        if length >= 0xC0:
            target = (length & 0x3F) << 8 | message[offset + 1]
            pointers += 1
            if target >= first or pointers > _MOST_POINTERS:
                raise ResolutionError("malformed: a name leads nowhere")
            end = end or offset + 2
            offset = first = target
            continue
        octets += 1 + length
        if length >= 0x40 or octets > _MOST_OCTETS:
            raise ResolutionError("malformed: a name is too long")
        label = message[offset + 1 : offset + 1 + length]
        labels.append(label.lower())
        offset += 1 + length
    return tuple(labels), end or offset + 1


def _name_within(message: bytes, record: _Record) -> _Name:
    name, end = _name(message, record.start)
    if end != record.end:
        raise ResolutionError("malformed: a record is not as long as it says")
    return name


def _negative_ttl(message: bytes, zone: _Record) -> int:
    """How long an absence holds: the last of the five numbers after the two names of an SOA record (RFC 2308)."""
    _, offset = _name(message, zone.start)
    _, offset = _name(message, offset)
    if zone.end - offset != 20:
        raise ResolutionError("malformed: a record is not as long as it says")
    return int.from_bytes(message[zone.end - 4 : zone.end], "big")


def _address(message: bytes, record: _Record) -> str:
    import socket

    family, length = (socket.AF_INET, 4) if record.type == _TYPES["A"] else (socket.AF_INET6, 16)
    if record.end - record.start != length:
        raise ResolutionError("malformed: a record is not as long as it says")
    return socket.inet_ntop(family, message[record.start : record.end])


def _alias(message: bytes, record: _Record) -> str:
    return ".".join(_label(label) for label in _name_within(message, record)) or "."


def _label(label: bytes) -> str:
    """As zone files write it: a dot in a label is no dot between labels."""
    return "".join(
        f"\\{character}" if character in '.\\"();@$' else character if "!" <= character <= "~" else f"\\{octet:03}"
        for octet, character in ((octet, chr(octet)) for octet in label)
    )


def _text(message: bytes, record: _Record) -> str:
    """The strings of the record as one; what is not UTF-8 is kept as it is with ``surrogateescape``."""
    strings = []
    offset = record.start
    while offset < record.end:
        end = offset + 1 + message[offset]
        strings.append(message[offset + 1 : end])
        offset = end
    if offset != record.end or not strings:
        raise ResolutionError("malformed: a record is not as long as it says")
    return b"".join(strings).decode("utf-8", "surrogateescape")


_VALUES = {
    _TYPES["A"]: _address,
    _TYPES["AAAA"]: _address,
    _TYPES["CNAME"]: _alias,
    _TYPES["TXT"]: _text,
}
