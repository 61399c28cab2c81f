"""The resolver of the edge functions: equal to dnspython where both read, and never more than one kind of error."""

from __future__ import annotations

import contextlib
import itertools
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from typing import get_args

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lambda_edge.common import world
from lambda_edge.common.dns import Answer, Kind, ResolutionError, is_answer, parse, resolve

_NAME = "bucket.example.com."
_KINDS: tuple[Kind, ...] = get_args(Kind)
_SOA = "ns.example.com. admin.example.com. 1 2 3 4 {minimum}"

_LABELS = st.binary(min_size=1, max_size=8) | st.sampled_from([b"example", b"EXAMPLE", b"com", b"a" * 63])
_NAMES = (
    st.lists(_LABELS, min_size=1, max_size=5)
    .filter(lambda labels: sum(len(label) + 1 for label in labels) < 255)
    .map(lambda labels: dns.name.Name([*labels, b""]))
)
_TTLS = st.integers(0, 0x7FFFFFFF)


class Network:
    """Nameservers with a clock of their own: each says what it is told to, or says nothing until its deadline."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *servers: str) -> None:
        self.time = 100.0
        self.servers = list(servers)
        self.answers: dict[str, Callable[[bytes], bytes]] = {}
        self.streamed: dict[str, Callable[[bytes], bytes]] = {}
        self.asked: list[tuple[str, str]] = []
        monkeypatch.setattr(world, "monotonic", lambda: self.time)
        monkeypatch.setattr(world, "nameservers", lambda: self.servers)
        monkeypatch.setattr(world, "datagram", self._over("udp", self.answers))
        monkeypatch.setattr(world, "stream", self._over("tcp", self.streamed))

    def _over(self, way: str, answers: dict[str, Callable[[bytes], bytes]]) -> Callable[..., bytes]:
        def ask(address: str, message: bytes, *, deadline: float) -> bytes:
            self.asked.append((way, address))
            assert deadline > self.time
            if address not in answers:
                self.time = deadline
                raise TimeoutError("timed out")
            self.time += 0.01
            return answers[address](message)

        return ask

    def resolve(self, name: str = _NAME, kind: Kind = "TXT", seconds: float = 0.3) -> Answer:
        return resolve(name, kind, deadline=self.time + seconds)


def _response(query: bytes, *records: str, code: int = 0, authority: tuple[str, ...] = ()) -> dns.message.Message:
    response = dns.message.make_response(dns.message.from_wire(query))
    response.set_rcode(dns.rcode.Rcode(code))
    response.answer = _sets(records)
    response.authority = _sets(authority)
    return response


def _sets(records: tuple[str, ...]) -> list[dns.rrset.RRset]:
    sets = []
    for record in records:
        name, ttl, kind, text = record.split(" ", 3)
        sets.append(dns.rrset.from_text(name, int(ttl), "IN", kind, text))
    return sets


def _says(*records: str, code: int = 0, authority: tuple[str, ...] = ()) -> Callable[[bytes], bytes]:
    return lambda query: _response(query, *records, code=code, authority=authority).to_wire(max_size=65_535)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    return Network(monkeypatch, "192.0.2.1")


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Network:
    return Network(monkeypatch, "192.0.2.1", "192.0.2.2")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("A", "192.0.2.7", "192.0.2.7"),
        ("AAAA", "2001:db8::7", "2001:db8::7"),
        ("CNAME", "Other.Example.com.", "other.example.com"),
        ("TXT", '"eu-west-1"', "eu-west-1"),
        ("TXT", '"eu-" "west-" "1"', "eu-west-1"),
        ("TXT", '""', ""),
        ("TXT", '"z\\195\\188rich"', "zürich"),
        ("TXT", '"\\255"', "\udcff"),
    ],
)
def test_the_records_of_a_name(network: Network, kind: Kind, text: str, value: str) -> None:
    network.answers["192.0.2.1"] = _says(f"{_NAME} 60 {kind} {text}")

    assert network.resolve(kind=kind) == ([value], 60)


def test_several_records_come_in_the_order_of_the_answer(network: Network) -> None:
    network.answers["192.0.2.1"] = _says(f"{_NAME} 60 TXT second", f"{_NAME} 30 TXT first")

    assert network.resolve() == (["second", "first"], 30)


def test_aliases_in_the_answer_are_followed_and_the_least_ttl_counts(network: Network) -> None:
    network.answers["192.0.2.1"] = _says(
        "third.example.com. 300 TXT eu-west-1",
        f"{_NAME} 300 CNAME second.example.com.",
        "second.example.com. 20 CNAME THIRD.example.com.",
    )

    assert network.resolve("Bucket.Example.com") == (["eu-west-1"], 20)


@pytest.mark.parametrize(("aliases", "answered"), [(15, True), (16, False)])
def test_aliases_do_not_go_on_and_on(network: Network, aliases: int, answered: bool) -> None:
    names = [_NAME, *(f"a{number}.example.com." for number in range(aliases))]
    network.answers["192.0.2.1"] = _says(
        *(f"{one} 60 CNAME {other}" for one, other in itertools.pairwise(names)), f"{names[-1]} 60 TXT end"
    )

    if answered:
        assert network.resolve().values == ["end"]
    else:
        with pytest.raises(ResolutionError, match="aliases go on and on"):
            network.resolve()


def test_aliases_in_a_circle_are_refused(network: Network) -> None:
    network.answers["192.0.2.1"] = _says(f"{_NAME} 60 CNAME a.example.com.", f"a.example.com. 60 CNAME {_NAME}")

    with pytest.raises(ResolutionError, match="aliases go on and on"):
        network.resolve()


@pytest.mark.parametrize("code", [dns.rcode.NOERROR, dns.rcode.NXDOMAIN])
@pytest.mark.parametrize(
    ("records", "zone", "ttl"),
    [
        ([], (f"example.com. 900 SOA {_SOA.format(minimum=40)}",), 40),
        ([], (f"example.com. 30 SOA {_SOA.format(minimum=86400)}",), 30),
        ([f"{_NAME} 10 CNAME gone.example.com."], (f"example.com. 900 SOA {_SOA.format(minimum=40)}",), 10),
        ([], (f"example.org. 900 SOA {_SOA.format(minimum=40)}",), 0),
        ([], (), 0),
    ],
)
def test_that_there_is_nothing_is_an_answer_that_holds_as_long_as_the_zone_says(
    network: Network, code: int, records: list[str], zone: tuple[str, ...], ttl: int
) -> None:
    network.answers["192.0.2.1"] = _says(*records, code=code, authority=zone)

    assert network.resolve() == ([], ttl)
    assert len(network.asked) == 1


@pytest.mark.parametrize("code", ["SERVFAIL", "REFUSED", "FORMERR", "NOTIMP", "BADVERS"])
def test_a_nameserver_that_fails_says_nothing_of_the_name_and_the_next_is_asked(two: Network, code: str) -> None:
    two.answers["192.0.2.1"] = _says(code=dns.rcode.from_text(code))
    two.answers["192.0.2.2"] = _says(f"{_NAME} 60 TXT eu-west-1")

    assert two.resolve().values == ["eu-west-1"]

    two.answers["192.0.2.2"] = two.answers["192.0.2.1"]
    with pytest.raises(ResolutionError, match=f"192.0.2.1: answered {code}; 192.0.2.2: answered {code}"):
        two.resolve()


def test_a_silent_nameserver_leaves_the_next_its_share_of_the_time(two: Network) -> None:
    two.answers["192.0.2.2"] = _says(f"{_NAME} 60 TXT eu-west-1")
    start = two.time

    assert two.resolve(seconds=0.3).values == ["eu-west-1"]
    assert two.time - start == pytest.approx(0.15 + 0.01)


def test_a_lost_datagram_is_sent_again_to_the_only_nameserver(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    lossy = world.datagram

    def ask(address: str, message: bytes, *, deadline: float) -> bytes:
        try:
            return lossy(address, message, deadline=deadline)
        finally:
            network.answers["192.0.2.1"] = _says(f"{_NAME} 60 TXT eu-west-1")

    monkeypatch.setattr(world, "datagram", ask)

    assert network.resolve().values == ["eu-west-1"]
    assert len(network.asked) == 2


def test_when_all_are_silent_the_deadline_holds(two: Network) -> None:
    start = two.time

    with pytest.raises(ResolutionError, match=r"bucket.example.com. TXT: 192.0.2.1: timed out; 192.0.2.2: timed out"):
        two.resolve(seconds=0.3)

    assert two.time - start == pytest.approx(0.3)


def test_after_the_deadline_nobody_is_asked(network: Network) -> None:
    with pytest.raises(ResolutionError, match="no time to ask"):
        network.resolve(seconds=0)

    assert network.asked == []


def test_without_nameservers_nothing_is_learned(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    network.servers = []
    with pytest.raises(ResolutionError, match="no nameserver"):
        network.resolve()

    def missing() -> list[str]:
        raise FileNotFoundError("/etc/resolv.conf")

    monkeypatch.setattr(world, "nameservers", missing)
    with pytest.raises(ResolutionError, match=r"no nameserver is known: /etc/resolv.conf"):
        network.resolve()


_LONG = [f"{_NAME} 60 TXT {'x' * 200}{number}" for number in range(10)]


def _truncated(query: bytes) -> bytes:
    """What a nameserver says that has too much to say for the datagram that the query allows."""
    return _response(query, *_LONG).to_wire(max_size=dns.message.from_wire(query).payload, prefer_truncation=True)


def test_an_answer_too_long_for_a_datagram_comes_over_tcp(network: Network) -> None:
    network.answers["192.0.2.1"] = _truncated
    network.streamed["192.0.2.1"] = _says(*_LONG)

    assert len(network.resolve().values) == 10
    assert network.asked == [("udp", "192.0.2.1"), ("tcp", "192.0.2.1")]


def test_an_answer_truncated_over_tcp_too_is_refused(network: Network) -> None:
    network.answers["192.0.2.1"] = network.streamed["192.0.2.1"] = _truncated

    with pytest.raises(ResolutionError, match="not the whole answer"):
        network.resolve()


def _other_id(query: bytes) -> bytes:
    answer = _response(query, f"{_NAME} 60 TXT forged").to_wire()
    return bytes((answer[0] ^ 1,)) + answer[1:]


def _other_question(query: bytes) -> bytes:
    asked = dns.message.from_wire(query)
    other = dns.message.make_query("other.example.com", "TXT", id=asked.id)
    return _response(other.to_wire(), "other.example.com. 60 TXT forged").to_wire()


def _other_type(query: bytes) -> bytes:
    asked = dns.message.from_wire(query)
    other = dns.message.make_query(_NAME, "A", id=asked.id)
    return _response(other.to_wire(), f"{_NAME} 60 A 192.0.2.66").to_wire()


_FORGERIES = [_other_id, _other_question, _other_type, lambda query: query, lambda query: query[:12], lambda _: b""]


@pytest.mark.parametrize("forge", _FORGERIES)
@pytest.mark.parametrize("way", ["answers", "streamed"])
def test_what_does_not_answer_the_question_is_not_believed(
    two: Network, forge: Callable[[bytes], bytes], way: str
) -> None:
    if way == "streamed":
        two.answers["192.0.2.1"] = _truncated
    getattr(two, way)["192.0.2.1"] = forge
    two.answers["192.0.2.2"] = _says(f"{_NAME} 60 TXT true")

    assert two.resolve().values == ["true"]


@pytest.mark.parametrize("forge", _FORGERIES)
def test_an_answer_is_known_by_its_id_and_its_question(forge: Callable[[bytes], bytes]) -> None:
    query = _queries()[0]

    assert is_answer(query, _says(f"{_NAME} 60 TXT true")(query))
    assert not is_answer(query, forge(query))


def test_an_answer_may_write_the_question_in_capitals() -> None:
    query = _queries()[0]

    assert is_answer(query, _says()(query.replace(b"bucket", b"BUCKET")))


def test_records_of_other_names_types_and_classes_are_left_out(network: Network) -> None:
    def answer(query: bytes) -> bytes:
        response = _response(query, f"{_NAME} 60 TXT true", f"{_NAME} 1 A 192.0.2.1", "x.example.com. 1 TXT x")
        response.answer.append(dns.rrset.from_text(_NAME, 1, "CH", "TXT", "chaos"))
        return response.to_wire()

    network.answers["192.0.2.1"] = answer

    assert network.resolve() == (["true"], 60)


def test_a_ttl_with_its_highest_bit_set_is_none() -> None:
    query = _queries()[0]
    message = _says(f"{_NAME} 60 TXT true")(query)
    at = message.rindex(struct.pack("!I", 60))

    assert parse(message[:at] + b"\x80" + message[at + 1 :], "TXT") == (["true"], 0)


@pytest.mark.parametrize("name", ["", ".", "..", "a..b", ".a", "a" * 64 + ".com", "a." * 127 + "ab", "zürich.example"])
def test_what_is_no_name_is_refused(network: Network, name: str) -> None:
    with pytest.raises(ResolutionError, match="is not a name"):
        network.resolve(name)

    assert network.asked == []


def _queries(name: str = _NAME, kind: Kind = "TXT", draws: tuple[float, ...] = (0.5,)) -> list[bytes]:
    """The queries of a run of the resolver, one for each draw."""
    queries: list[bytes] = []

    def keep(address: str, message: bytes, *, deadline: float) -> bytes:
        queries.append(message)
        raise TimeoutError

    with pytest.MonkeyPatch.context() as patch:
        random = itertools.cycle(draws)
        patch.setattr(world, "draw", lambda: next(random))
        patch.setattr(world, "nameservers", lambda: ["192.0.2.1"] * max(2, len(draws)))
        patch.setattr(world, "datagram", keep)
        with pytest.raises(ResolutionError):
            resolve(name, kind, deadline=world.monotonic() + 60)
    return queries


def test_each_query_has_an_id_of_its_own() -> None:
    draws = (0.0, 0.25, 1 - 2**-53)

    assert [int.from_bytes(query[:2], "big") for query in _queries(draws=draws)] == [0, 0x4000, 0xFFFF]


@pytest.mark.property
@given(
    labels=st.lists(st.text(st.characters(max_codepoint=127, exclude_characters="."), min_size=1, max_size=63)),
    kind=st.sampled_from(_KINDS),
    dot=st.sampled_from(["", "."]),
)
def test_dnspython_reads_what_we_ask(labels: list[str], kind: Kind, dot: str) -> None:
    assume(labels and sum(len(label) + 1 for label in labels) < 255)

    query = dns.message.from_wire(_queries(".".join(labels) + dot, kind)[0])

    assert query.id == 0x8000
    assert query.flags == dns.flags.RD
    assert (query.edns, query.payload, query.ednsflags, query.options) == (0, 1232, 0, ())
    assert [(one.name.labels, one.rdtype, one.rdclass) for one in query.question] == [
        ((*(label.encode() for label in labels), b""), dns.rdatatype.from_text(kind), dns.rdataclass.IN)
    ]
    assert not query.answer
    assert not query.authority


def _wire(name: dns.name.Name) -> bytes:
    wire = name.to_wire()
    assert wire is not None
    return wire


def _records(kind: str, names: st.SearchStrategy[dns.name.Name]) -> st.SearchStrategy[dns.rdata.Rdata]:
    """Any record of a type, as it is on the wire."""
    strings = st.lists(st.binary(max_size=255), min_size=1, max_size=4)
    wire = {
        "A": st.binary(min_size=4, max_size=4),
        "AAAA": st.binary(min_size=16, max_size=16),
        "CNAME": names.map(_wire),
        "TXT": strings.map(lambda parts: b"".join(bytes((len(part),)) + part for part in parts)),
        "SOA": st.tuples(names, st.binary(min_size=20, max_size=20)).map(lambda parts: _wire(parts[0]) * 2 + parts[1]),
        "MX": names.map(lambda name: b"\0\1" + _wire(name)),
    }
    return wire[kind].map(lambda data: _record(kind, data))


def _record(kind: str, data: bytes) -> dns.rdata.Rdata:
    return dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.from_text(kind), data, 0, len(data))


@st.composite
def _responses(draw: st.DrawFn) -> tuple[Kind, bytes]:
    """A response as a nameserver may render it: names written once, aliases, strangers, an SOA."""
    kind = draw(st.sampled_from(_KINDS))
    chain = draw(st.lists(_NAMES, min_size=1, max_size=4, unique=True))
    relatives = st.sampled_from([parent for name in chain for parent in _parents(name)])
    response = dns.message.make_response(dns.message.make_query(chain[0], kind, use_edns=draw(st.booleans()), id=1))
    response.set_rcode(draw(st.sampled_from([dns.rcode.NOERROR, dns.rcode.NXDOMAIN])))
    for one, other in itertools.pairwise(chain):
        response.answer.append(dns.rrset.from_rdata(one, draw(_TTLS), _record("CNAME", _wire(other))))
    if draw(st.booleans()) and not (kind == "CNAME" and response.answer):
        records = draw(st.lists(_records(kind, relatives), min_size=1, max_size=1 if kind == "CNAME" else 3))
        response.answer.append(dns.rrset.from_rdata_list(chain[-1], draw(_TTLS), records))
    for owner in draw(st.lists(relatives, max_size=2)):
        stranger = draw(_records(draw(st.sampled_from(["A", "TXT", "MX"])), relatives))
        response.answer.append(dns.rrset.from_rdata(owner, draw(_TTLS), stranger))
    for owner in draw(st.lists(relatives, max_size=2, unique=True)):
        response.authority.append(dns.rrset.from_rdata(owner, draw(_TTLS), draw(_records("SOA", relatives))))
    return kind, response.to_wire(max_size=65_535, want_shuffle=False)


def _parents(name: dns.name.Name) -> list[dns.name.Name]:
    return [dns.name.Name(name.labels[depth:]) for depth in range(len(name.labels))]


def _by_dnspython(message: bytes) -> tuple[set[str], int]:
    """The same question put to dnspython; where there is no SOA it makes a time up, and we do not."""
    response = dns.message.from_wire(message)
    result = response.resolve_chaining()  # type: ignore[attr-defined]
    if result.answer is not None:
        return {_as_we_write(one) for one in result.answer}, result.minimum_ttl
    zones = {
        one.name for one in response.authority if (one.rdclass, one.rdtype) == (dns.rdataclass.IN, dns.rdatatype.SOA)
    }
    return set(), result.minimum_ttl if zones & set(_parents(result.canonical_name)) else 0


def _as_we_write(record: dns.rdata.Rdata) -> str:
    if record.rdtype == dns.rdatatype.TXT:
        return b"".join(record.strings).decode("utf-8", "surrogateescape")  # type: ignore[attr-defined]
    if record.rdtype == dns.rdatatype.CNAME:
        return record.target.canonicalize().to_text(omit_final_dot=True)  # type: ignore[attr-defined,no-any-return]
    return record.to_text()


@pytest.mark.property
@given(_responses())
def test_what_dnspython_writes_is_read_as_dnspython_reads_it(given_: tuple[Kind, bytes]) -> None:
    kind, message = given_
    try:
        values, ttl = _by_dnspython(message)
    except dns.exception.DNSException:
        with pytest.raises(ResolutionError):
            parse(message, kind)
        return

    answer = parse(message, kind)

    assert set(answer.values) == values
    assert answer.ttl == ttl


@pytest.mark.property
@given(_responses(), st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=8), st.data())
def test_a_broken_message_is_refused_or_read_as_dnspython_reads_it(
    given_: tuple[Kind, bytes], changes: list[tuple[int, int]], data: st.DataObject
) -> None:
    kind, message = given_
    broken = bytearray(message)
    for place, octet in changes:
        broken[place % len(broken)] = octet
    cut = data.draw(st.integers(0, len(broken)) | st.just(len(broken)))
    try:
        answer = parse(bytes(broken[:cut]), kind)
    except ResolutionError:
        return
    try:
        values, ttl = _by_dnspython(bytes(broken[:cut]))
    except (dns.exception.DNSException, ValueError):
        # It reads every record of a message, and we only those that matter.
        return
    # Of a type that a name can have once it keeps the last record, where we take the first.
    read = dns.message.from_wire(bytes(broken[:cut]))
    assume(sum(len(one) for one in (*read.answer, *read.authority)) == sum(struct.unpack_from("!HH", broken, 6)))

    assert set(answer.values) == values
    assert answer.ttl == ttl


@pytest.mark.property
@given(st.binary(max_size=2000), st.sampled_from(_KINDS))
def test_arbitrary_bytes_are_refused_or_read(message: bytes, kind: Kind) -> None:
    query = _queries(kind=kind)[0]
    for whole in (message, query[:2] + b"\x81\x80" + query[4:-11] + message, _counted(query, message)):
        is_answer(query, whole)
        with contextlib.suppress(ResolutionError):
            assert isinstance(parse(whole, kind), Answer)


def _counted(query: bytes, rest: bytes) -> bytes:
    """A header that promises many records, the question, and what follows."""
    return query[:2] + b"\x81\x80\0\1" + b"\0\x07" * 2 + b"\0\0" + query[12:-11] + rest


@pytest.mark.parametrize(
    "name",
    [
        b"\xc0\x0c",  # to itself
        b"\xc0\x0e\xc0\x0c",  # one to the other
        b"\x01a\xc0\x0c",  # a label, and again
        b"\xc0\xff",  # forward
        b"\x40" + b"a" * 64 + b"\0",  # a kind of label that was never used
        b"\x3f" * 2,  # over the end
        (b"\x3f" + b"a" * 63) * 4 + b"\0",  # 257 octets
        b"\x01a",  # no end
        b"",
    ],
)
def test_names_that_lead_nowhere_are_refused(name: bytes) -> None:
    with pytest.raises(ResolutionError, match="malformed"):
        parse(struct.pack("!6H", 1, 0x8180, 1, 0, 0, 0) + name + struct.pack("!HH", 16, 1), "TXT")


def _costly(pointers: int, records: int) -> bytes:
    """A message whose names all start at the last of a row of pointers, which leads to a name as long as can be."""
    name = b"\x01a" * 126 + b"\0"
    first = 12 + 5 + 11
    row = [first, *range(first + len(name), first + len(name) + 2 * (pointers - 1), 2)]
    data = name + b"".join(struct.pack("!H", 0xC000 | target) for target in row)
    last = first + len(data) - 2
    return (
        struct.pack("!6H", 1, 0x8180, 1, records, 0, 0)
        + b"\0"
        + struct.pack("!HH", 16, 1)
        + b"\0"
        + struct.pack("!HHIH", 16, 1, 60, len(data))
        + data
        + struct.pack("!HHHIH", 0xC000 | last, 1, 1, 60, 0) * (records - 1)
    )


@pytest.mark.parametrize(
    ("pointers", "records", "trouble"),
    [
        pytest.param(8000, 256, "leads nowhere", id="pointers that go on and on"),
        pytest.param(126, 4000, "more than 256 records", id="too many records"),
        # It is read to its end, where its own record turns out to be none.
        pytest.param(126, 256, "not as long as it says", id="as much as is read"),
    ],
)
def test_a_message_made_to_cost_time_does_not(pointers: int, records: int, trouble: str) -> None:
    message = _costly(pointers, records)
    start = time.process_time()

    with pytest.raises(ResolutionError, match=trouble):
        parse(message, "TXT")

    assert time.process_time() - start < 0.1


@pytest.mark.parametrize(("records", "read"), [(255, True), (256, False)])
def test_so_many_records_are_read_and_no_more(network: Network, records: int, read: bool) -> None:
    # One more is that of EDNS.
    network.answers["192.0.2.1"] = _says(*(f"{_NAME} 60 A 10.0.{n // 256}.{n % 256}" for n in range(records)))

    with contextlib.nullcontext() if read else pytest.raises(ResolutionError, match="more than 256 records"):
        assert len(network.resolve(kind="A").values) == records


def test_importing_it_opens_no_socket() -> None:
    code = "import sys, lambda_edge.common.dns; print(sorted({'socket', 'ssl', 'ipaddress'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
