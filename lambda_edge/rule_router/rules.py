"""The rules of a host: how they are written, what is wrong with them, and how they are looked up.

A set of rules is a JSON object, one a host::

    {
      "version": 7,
      "rules": [
        {
          "path": "/shop/*",
          "when": {"country": {"one_of": ["DE", "AT"]}, "cookie.plan": {"equals": "pro"}},
          "then": {"origin": "eu", "rewrite": "/v2/{rest}", "headers": {"x-plan": "{cookie.plan}"}}
        },
        {
          "path": "/shop/*",
          "choices": [
            {"weight": 90, "then": {"origin": "stable"}},
            {"weight": 10, "then": {"origin": "canary"}}
          ],
          "sticky": "cookie.session"
        },
        {"path": "/old", "then": {"redirect": {"to": "https://www.example.com/new?{query}", "status": 301}}},
        {"path": "/*", "then": {"respond": {"status": 404, "body": "Not found"}}}
      ]
    }

``version``
    A whole number that grows with each change of the set.

Hosts
    A set is kept under a host's name in lower case, under ``*.example.com`` for every host one label below
    ``example.com``, or under ``*`` for every host. The host's own set is looked through first, then the wildcard's,
    then that of all hosts. Where answers are cached and the cache key has no ``host``, there is only that of all hosts.

``path``
    ``/a`` is that path and no other. ``/a/*`` is every path that starts with ``/a/``; ``/a`` itself is not among them.
    ``/*`` is every path: the host's default. The exact path goes first, then the longest prefix, and so on to ``/*``.
    Of several rules with the same path, the order given counts. The first rule whose conditions hold decides; where
    none does, the request goes to the configured origin.

    Paths are compared as they are sent: percent-encoded, upper and lower case apart, without the query. Two paths that
    RFC 3986 (6.2.2) calls equal are the same: ``%7Euser`` is ``~user``, and ``%c3`` is ``%C3``, which is how a rule
    writes it. ``%2F`` is not ``/``, and ``//`` is not ``/``. A path with a segment ``.`` or ``..``, which no browser
    sends, matches ``/*`` only: where it leads is the origin's to say. There, ``%2F``, ``%5C`` and a backslash end a
    segment too, as some origins have it.

    All that a request may meet is bounded, so that no request costs what a thousand do. A path has at most 64 slashes
    and 256 rules. With the prefixes above it, a path has at most 768 conditions (a rule without any counts as one),
    20,000 values of ``one_of``, and 256 KiB of rules as JSON. If you need more, name values together with ``one_of``,
    or split the rules by longer paths. In a set that was not checked, the rules of a path from the 257th on are left
    out, and those of prefixes that are beyond the 768 conditions or the 20,000 values; both are logged. A rule is read
    when it is first needed: its conditions when a request first comes to its path, and what it does when they first
    hold. A rule with a mistake is left out, and logged, when the mistake is read.

``when``
    Conditions, all of which must hold: an attribute, and one test of it. Attributes are ``method``, ``country`` (of the
    viewer, two letters), ``header.NAME``, ``cookie.NAME`` and ``query.NAME`` (decoded). Tests are
    ``{"equals": "a"}``, ``{"one_of": ["a", "b"]}``, ``{"prefix": "a"}`` and ``{"exists": true}`` or ``false``. What the
    request lacks is equal to nothing. If nothing is cached, of several cookies or parameters with one name the first
    counts, and of all cookies, and of all parameters, the first 300.

    If answers are cached, a request is read as its cache key is: requests with one key are decided alike. Names of
    parameters are compared as they are sent: ``%76`` is not ``v`` there, nor is ``V``. A read that sends a parameter of
    the cache key twice is answered 400, before the rules. A cookie that is there twice counts as absent, and so does
    one in no standard form: ``name=value``, ``; `` between them, no other white space around name or value, no ``$``
    before the name. Values of parameters are decoded. The values of a header that is there twice are one, with a comma
    and a space between them, as in a list that is sent.

``then``
    Either any of

    - ``origin``: the name of an origin that the stack declares;
    - ``rewrite``: the path that the origin is asked for, as a template;
    - ``headers``: headers of the request to the origin, as templates; names that the stack allows. What a viewer sent
      under such a name can be read by rules, and reaches no origin. At most 32 headers, and 64 attributes in all
      templates of a rule;

    or one of

    - ``redirect``: ``to`` is a path of the same host, or ``https://`` and a host that the stack allows and a path;
      path and query are templates. ``status`` 301, 302, 303, 307 or 308; default 302. ``max_age`` seconds for which
      CloudFront and the viewer keep it; default 0, ``no-store``.
    - ``respond``: ``status`` (200, or 400 to 599), ``body``, ``content_type``; default ``text/plain; charset=utf-8``;
      ``max_age`` as above; ``retry_after`` seconds.

``choices``
    In place of ``then``: what to do by weight, in percent; the weights sum to 100. ``sticky`` is a ``cookie.NAME`` or
    ``header.NAME`` by whose value a viewer stays with a choice, the same in every rule with the same weights; without
    the value, each viewer gets the first choice whose weight is not 0: list first what new viewers shall get. Without
    ``sticky`` each request draws anew, which is only for where nothing is cached: elsewhere the first draw would be
    everybody's. All choices of a rule together set at most 128 headers, and have at most 128 attributes in their
    templates.

Templates
    Text with at most 32 attributes in braces: ``{path}``, ``{rest}`` (what ``*`` stands for), ``{host}``, ``{query}``
    (the whole query string), and those of conditions: ``{header.x-plan}``. An attribute that the request lacks is
    empty. If answers are cached there is no ``{method}``, since GET and HEAD share an answer. Values are encoded for
    their place, so that none of them is more than one piece of a path or query; in headers, what is not printable ASCII
    is left out, and 1,024 characters are kept. A path that would start with ``//``, have a segment ``.`` or ``..``, or
    be longer than CloudFront allows, and a redirect of a request to itself, are not made: such a rule is passed over as
    if a condition did not hold. With the fourth rule that it passes over, a request goes to the configured origin. Of
    the query string, only what is in the cache key has a say in that: a path that is too long only together with a
    query that is not, is answered 400, which CloudFront keeps for nobody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from .actions import Action, Forward, parse_action
from .attributes import MAX_SLASHES, Attribute, Piece, Request, as_list, attribute, has_dots, normal_form
from .problems import MAX_TEXT, Allowed, Place, Problem

#: What a set may weigh as JSON, in bytes: DynamoDB's item ends at 400 KB, with the names of host and attributes.
MAX_SIZE = 350 * 1024
#: How many rules may be in such a set: each costs its part of the first request, however short it is.
MAX_IN_SET = 5_600
MAX_PATH = 1024
#: How many rules a path may have, and how many conditions a request may meet: of its path, and of the prefixes above.
MAX_RULES = 256
MAX_CONDITIONS = 768
#: How many values of ``one_of`` are in these conditions.
MAX_VALUES = 20_000
#: How many bytes these rules may weigh as JSON: those in an asset are read by path.
MAX_WEIGHT = 256 * 1024
# Of one condition.
_MOST_VALUES = 1000
# Of all choices of a rule.
_MOST_HEADERS = 128
_MOST_FILLED = 128

_PATH = r"/(?:[A-Za-z0-9\-._~!$&'()+,;=:@/]|%[0-9A-F]{2})*"
# Most paths, those with letters outside ASCII among them: they need no second look.
_ESCAPED = "%[89A-F][0-9A-F]"
_PLAIN_PATH = (
    rf"(?:/(?:[A-Za-z0-9_~!$&'()+,;=:@-]|{_ESCAPED})(?:[A-Za-z0-9\-._~!$&'()+,;=:@]++|{_ESCAPED})*+)"
    rf"{{1,{MAX_SLASHES - 1}}}(?:/\*?)?"
)
_LAST_VERSION = 2**53
# What an empty set weighs in a cache, in bytes of memory.
_LEAST_SIZE = 1024
_RULE_KEYS = {"path", "when", "then", "choices", "sticky"}

Test = Callable[[str | None], bool]
Conditions = tuple[tuple[Attribute, Test], ...]
Choices = tuple[tuple[int, Action], ...]


class _Judge(NamedTuple):
    """What rules may do, and who is told of those that are left out."""

    allowed: Allowed
    skipped: Callable[[list[Problem]], None]


class Rule:
    """A rule, ready to be asked.

    Its conditions are read when a request first comes to its path. Its other parts are read when these hold for the
    first time: most rules that a request meets do not fire.

    Args:
        number: Its place in the set.
        written: The rule as it is written.
        conditions: All must hold: each is an attribute, and a test of it.
        values: How many values they have in ``one_of``.
        judge: What it may do, and who is told what is wrong with it.

    Attributes:
        number: As given.
        conditions: As given.
        values: As given.
        choices: What to do, each with the percentage below which a draw chooses it; empty if the rule is wrong.
        sticky: The percentile of that by which a viewer stays with a choice; None to draw.
    """

    __slots__ = ("_judge", "_unread", "choices", "conditions", "number", "sticky", "values")

    choices: Choices
    sticky: Piece | None

    def __init__(
        self, number: int, written: dict[str, Any], conditions: Conditions, values: int, judge: _Judge
    ) -> None:
        self.number = number
        self.conditions = conditions
        self.values = values
        # Without what was read already, which is not to be in memory twice.
        self._unread = {key: written[key] for key in written if key != "when"} if conditions else written
        self._judge = judge

    def __getattr__(self, name: str) -> Any:
        """``choices`` and ``sticky``, which are attributes once they are read: each decision asks for them."""
        if name not in ("choices", "sticky"):
            raise AttributeError(name)
        wrong: list[Problem] = []
        choices, sticky = _parse_choices(Place(self._unread, self.number, wrong), self._judge.allowed)
        self.choices, self.sticky = ((), None) if wrong else (choices, sticky)
        del self._unread
        if wrong:
            self._judge.skipped(wrong)
        return getattr(self, name)

    def choose(self, request: Request, draw: Callable[[], float]) -> int:
        """The index of the choice for a request."""
        sticky = self.sticky
        point = int(draw() * 100) if sticky is None else request[sticky]
        return next(index for index, (below, _) in enumerate(self.choices) if point < below)

    def reads(self) -> Iterator[Attribute]:
        """All that it looks at in a request."""
        for each, _ in self.conditions:
            yield each
        yield from _read_by(self.choices, self.sticky)


class _OfPath(NamedTuple):
    """The rules of a path, ready to be asked.

    Attributes:
        rules: The rules.
        conditions: How many conditions they have.
        values: How many values their ``one_of`` name.
        first: The place of the first in its set.
    """

    rules: tuple[Rule, ...]
    conditions: int
    values: int
    first: int


class Tables(NamedTuple):
    """Rules by path.

    Attributes:
        exact: By path.
        prefixes: By prefix, which ends with a slash.
        lengths: How long the prefixes are, the longest first.
        longest: The length of the longest path of all.
    """

    exact: dict[str, Any]
    prefixes: dict[str, Any]
    lengths: list[int]
    longest: int


class RuleSet:
    """The rules of a host, by path.

    Its rules are read when a request first comes to their path, as far as they are needed: a large set is usable at
    once.

    Args:
        host: Under which it is kept.
        tables: Its rules by path, as they are written, each with its place in the set.
        allowed: What the stack lets them do.
        skipped: Told of the problems of a rule that is left out.

    Attributes:
        host: As given.
        longest: The length of its longest path.
        readable: Whether it is known what the set says.
        tag: What its source calls this state of it.
        digest: What tells the text of which it was read from others.
        size: What it weighs in a cache.
    """

    __slots__ = (
        "_any_length",
        "_exact",
        "_judge",
        "_lengths",
        "_prefixes",
        "digest",
        "host",
        "longest",
        "readable",
        "size",
        "tag",
    )

    def __init__(
        self,
        host: str,
        tables: Tables,
        allowed: Allowed,
        skipped: Callable[[list[Problem]], None],
    ) -> None:
        self.host = host
        # A list is yet to be read.
        self._exact, self._prefixes, self._lengths, self.longest = tables
        self._any_length = frozenset(self._lengths)
        self._judge = _Judge(allowed, skipped)
        self.readable = True
        self.tag = ""
        self.digest = (0, 0)
        self.size = _LEAST_SIZE

    @classmethod
    def unreadable(cls, host: str) -> RuleSet:
        """What stands for a set that is malformed as a whole, of which nothing is remembered."""
        rules = cls(host, Tables({}, {}, [], 0), Allowed(), lambda _: None)
        rules.readable = False
        return rules

    def candidates(self, request: Request) -> Iterator[tuple[int, tuple[Rule, ...]]]:
        """The rules for a request's path, the most specific first, with the length of path that they name."""
        path, prefixes, lengths = request.path, self._prefixes, self._lengths
        if request.has_dots:
            found = self._read(prefixes, "/")
            if found is not None:
                yield 1, found.rules
            return
        left, values_left = MAX_CONDITIONS, MAX_VALUES
        first = None
        if len(path) <= self.longest and (found := self._read(self._exact, path)) is not None:
            rules, conditions, values, first = found
            left -= conditions
            values_left -= values
            yield len(path), rules
        if len(lengths) > MAX_SLASHES:
            # The path has fewer that can be one.
            lengths = [length for length in request.lengths() if length in self._any_length]
        most = len(path)
        for length in lengths:
            # Only what ends a segment is looked up.
            if (
                length <= most
                and path[length - 1] == "/"
                and (written := prefixes.get(prefix := path[:length])) is not None
            ):
                read = written if type(written) is _OfPath else self._parse(prefixes, prefix, written)
                rules, conditions, values, place = read
                if first is None:
                    first = place
                left -= conditions
                values_left -= values
                if left < 0 or values_left < 0:
                    # In a set that was never checked.
                    self._judge.skipped([_too_many_conditions(first) if left < 0 else _too_many_values(first)])
                    return
                yield length, rules

    def _read(self, table: dict[str, Any], key: str) -> _OfPath | None:
        found: Any = table.get(key)
        return self._parse(table, key, found) if type(found) is list else found

    def _parse(self, table: dict[str, Any], key: str, written: list[Any]) -> _OfPath:
        wrong: list[Problem] = []
        if len(written) > MAX_RULES:
            wrong.append(_too_many_rules(written[MAX_RULES][0]))
        rules = []
        for index, value in written[:MAX_RULES]:
            before = len(wrong)
            rule = _parse_rule(index, value, wrong, self._judge)
            if rule is not None and len(wrong) == before:
                rules.append(rule)
        found = table[key] = _OfPath(
            tuple(rules), _conditions(rules), sum([rule.values for rule in rules]), written[0][0]
        )
        if wrong:
            self._judge.skipped(wrong)
        return found


def compile_rules(
    host: str, value: object, allowed: Allowed, skipped: Callable[[list[Problem]], None]
) -> RuleSet | None:
    """The rules of a host, ready to be asked; None where the set as a whole is malformed.

    Args:
        host: Under which they are kept.
        value: The set, any JSON value.
        allowed: What the stack lets rules do.
        skipped: Told of the problems of each rule that is left out: at once, or when a request first comes to its path.
    """
    found: list[Problem] = []
    rules = _rules_of(Place(value, None, found))
    if rules is None:
        skipped(found)
        return None
    tables, found = by_path(rules)
    if found:
        skipped(found)
    return RuleSet(host, tables, allowed, skipped)


def by_path(rules: Sequence[object]) -> tuple[Tables, list[Problem]]:
    """Rules by path, and what is wrong with those that have no good one."""
    exact: dict[str, Any] = {}
    prefixes: dict[str, Any] = {}
    found: list[Problem] = []
    paths: list[Any] = [rule.get("path") if isinstance(rule, dict) else None for rule in rules]
    # At once, which takes a quarter of the time; one by one where one is not.
    is_plain = None if _are_plain(paths) else re.compile(_PLAIN_PATH).fullmatch
    last, of_last = None, []
    for index, (rule, path) in enumerate(zip(rules, paths, strict=True)):
        if path == last and last is not None:
            # Rules of one path are mostly written together.
            of_last.append((index, rule))
            continue
        if is_plain is not None and not (isinstance(path, str) and len(path) <= MAX_PATH and is_plain(path)):
            path = _path_of(Place(rule, index, found))
        if path is not None:
            table = prefixes if path[-1] == "*" else exact
            last, of_last = path, table.setdefault(path.removesuffix("*"), [])
            of_last.append((index, rule))
    lengths = sorted({len(prefix) for prefix in prefixes}, reverse=True)
    longest = max(lengths[0] if lengths else 0, max(map(len, exact), default=0))
    return Tables(exact, prefixes, lengths, longest), found


def _are_plain(paths: Sequence[Any]) -> bool:
    """Whether all are good paths that need no second look."""
    try:
        lines = "\n".join([*paths, ""])
    except TypeError:
        return False
    return (
        lines.count("\n") == len(paths)
        and max(map(len, paths), default=0) <= MAX_PATH
        and re.fullmatch(f"(?:{_PLAIN_PATH}\n)*+", lines) is not None
    )


def check(value: object, allowed: Allowed, *, max_size: int | None = MAX_SIZE) -> list[Problem]:
    """All that is wrong with a set of rules, any JSON value; empty where nothing is.

    Args:
        value: The set.
        allowed: What the stack lets rules do.
        max_size: What it may weigh as JSON in bytes; None for rules of an asset, which may be any number. Default: what
            fits an item of DynamoDB.
    """
    found: list[Problem] = []
    rules = _rules_of(Place(value, None, found))
    if rules is None:
        return found
    seen: dict[str, dict[bytes, int]] = {}
    by_path: dict[str, list[int]] = {}
    conditions: dict[str, int] = {}
    values: dict[str, int] = {}
    weights: dict[str, int] = {}
    for index, rule in enumerate(rules):
        place = Place(rule, index, found)
        path = _path_of(place)
        parsed = _parse_whole_rule(index, rule, found, allowed)
        if path is not None:
            of_path = by_path.setdefault(path, [])
            of_path.append(index)
            if len(of_path) == MAX_RULES + 1:
                found.append(_too_many_rules(index))
            if parsed is not None and len(of_path) <= MAX_RULES:
                conditions[path] = conditions.get(path, 0) + _conditions([parsed])
                values[path] = values.get(path, 0) + parsed.values
                weights[path] = weights.get(path, 0) + len(serialize(rule))
                _check_reached(place, seen.setdefault(path, {}))
    for path, of_path in by_path.items():
        way = [each for each in _above(path) if each in conditions]
        for amounts, most, too_many in (
            (conditions, MAX_CONDITIONS, _too_many_conditions),
            (values, MAX_VALUES, _too_many_values),
            (weights, MAX_WEIGHT, _too_heavy),
        ):
            if sum(amounts[each] for each in way) > most:
                found.append(too_many(of_path[0]))
                break
    found += _too_much(value, len(rules), max_size)
    return sorted(found, key=lambda problem: (problem.rule is None, problem.rule or 0))


def _too_much(value: object, rules: int, max_size: int | None) -> Iterator[Problem]:
    """What is wrong with a set as a whole, which one answer of its source has to hold."""
    try:
        size = len(serialize(value))
    except RecursionError:
        yield Problem(None, "rules", "are nested deeper than any rule is")
        return
    if max_size is None:
        return
    for what, amount, most in (("weigh {} bytes as JSON", size, max_size), ("are {}", rules, MAX_IN_SET)):
        if amount > most:
            said = f"{what.format(amount)}, and a host may have {most}: use prefixes, or wildcard hosts"
            yield Problem(None, "rules", said)


def reads(value: object, allowed: Allowed) -> frozenset[str]:
    """What the valid rules of a set read of a request beyond its method and path: what the cache key must hold."""
    rules = _rules_of(Place(value, None, [])) or ()
    read = [_parse_whole_rule(0, rule, [], allowed) for rule in rules]
    names = {attribute.name for rule in read if rule is not None for attribute in rule.reads()}
    return frozenset(names - _ALWAYS)


def is_version(value: object) -> bool:
    """Whether it is a set's version."""
    return type(value) is int and 1 <= value <= _LAST_VERSION


def serialize(value: object) -> bytes:
    """A set as it is kept."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def percentile(value: str) -> int:
    """0 to 99, the same for the same text everywhere and always."""
    import hashlib

    digest = hashlib.sha256(value.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") * 100 >> 64


# In every cache key, or, as the method, not for a key to hold.
_ALWAYS = {"method", "path", "rest"}
# Each test by what it is tested against. A set tells in C whether something is in it.
_TESTS: dict[str, Callable[[Any], Test]] = {
    "equals": lambda wanted: frozenset((wanted,)).__contains__,
    "one_of": lambda wanted: frozenset(wanted).__contains__,
    "prefix": lambda wanted: lambda value: value is not None and value.startswith(wanted),
    "exists": lambda wanted: lambda value: (value is not None) is wanted,
}


def _conditions(rules: Iterable[Rule]) -> int:
    """How many conditions rules have together; one without any is looked at too."""
    return sum([len(rule.conditions) or 1 for rule in rules])


def _above(path: str) -> Iterator[str]:
    """A rule's path, and each prefix under which what it names is too."""
    yield path
    end = len(path) - 1 if path.endswith("/*") else len(path)
    for place in range(end - 1, -1, -1):
        if path[place] == "/" and (prefix := f"{path[:place]}/*") != path:
            yield prefix


def _too_many_rules(index: int) -> Problem:
    said = (
        f"is that of more than {MAX_RULES} rules, which are all looked at for one request: leave rules out from here, "
        "name values together with one_of, or give the rules longer paths"
    )
    return Problem(index, "path", said)


def _too_many_conditions(index: int) -> Problem:
    said = (
        f"has more than {MAX_CONDITIONS} conditions to look at for one request, its own and those of the prefixes "
        "above it: name values together with one_of, or give the rules longer paths"
    )
    return Problem(index, "path", said)


def _too_many_values(index: int) -> Problem:
    said = (
        f"has more than {MAX_VALUES} values of one_of to look at for one request, its own and those of the prefixes "
        "above it: test a prefix, or give the rules longer paths"
    )
    return Problem(index, "path", said)


def _too_heavy(index: int) -> Problem:
    said = (
        f"has more than {MAX_WEIGHT} bytes of rules as JSON to read for one request, its own and those of the prefixes "
        "above it: answer with shorter bodies, name values together with one_of, or give the rules longer paths"
    )
    return Problem(index, "path", said)


def _rules_of(place: Place) -> list[Any] | None:
    if not place.mapping({"version", "rules"}):
        return None
    place.at("version").whole(1, _LAST_VERSION)
    rules = place.at("rules")
    if not isinstance(rules.value, list):
        rules.refuse("must be a list of rules")
    return None if place.found else rules.value


def _path_of(place: Place) -> str | None:
    if not isinstance(place.value, dict):
        place.refuse("must be an object with path, and then or choices")
        return None
    at = place.at("path")
    path = at.text(MAX_PATH)
    if path is None:
        return None
    prefix = path.removesuffix("*") if path.endswith("/*") else path
    if not re.fullmatch(_PATH, prefix):
        at.refuse(
            f"{path[:200]!r} must start with '/', hold characters of a path, others percent-encoded in upper case, and "
            "'*' only at the end after '/'"
        )
    elif "%" in prefix and normal_form(prefix, len(prefix))[0] != prefix:
        normal, _ = normal_form(prefix, len(prefix))
        at.refuse(f"{path[:200]!r} must be in normal form: {normal + path[len(prefix) :]!r}")
    elif prefix.count("/") > MAX_SLASHES:
        at.refuse(f"{path[:200]!r} has {prefix.count('/')} slashes, and a path may have {MAX_SLASHES}")
    elif has_dots(prefix):
        at.refuse(f"{path[:200]!r} has a segment '.' or '..', which only '/*' matches; write the path that is meant")
    else:
        return path
    return None


def _parse_rule(index: int, written: Any, found: list[Problem], judge: _Judge) -> Rule | None:
    """A rule of which the conditions are read; None if it has other parts. Problems are noted in ``found``."""
    if not isinstance(written, dict):
        return None
    if not written.keys() <= _RULE_KEYS:
        Place(written, index, found).mapping(_RULE_KEYS)
        return None
    if "when" not in written:
        return Rule(index, written, (), 0, judge)
    kept = judge.allowed.attributes is not None
    plain = _plain_conditions(written["when"], kept=kept)
    if plain is None:
        plain = _parse_conditions(Place(written, index, found).at("when"), judge.allowed), 0
    if kept:
        _check_reads(Place(written, index, found), [each for each, _ in plain[0]], judge.allowed)
    return Rule(index, written, *plain, judge)


def _parse_whole_rule(index: int, written: Any, found: list[Problem], allowed: Allowed) -> Rule | None:
    """A rule of which all is read at once; None if anything is wrong, which is noted in ``found``."""
    before = len(found)
    rule = _parse_rule(index, written, found, _Judge(allowed, found.extend))
    return rule if rule is not None and rule.choices and len(found) == before else None


def _parse_choices(place: Place, allowed: Allowed) -> tuple[Choices, Piece | None]:
    """What a rule does, and by what a viewer stays with a choice."""
    if ("then" in place.value) == ("choices" in place.value):
        place.refuse("must have either then or choices")
        return (), None
    sticky = None
    if "sticky" in place.value:
        sticky = _parse_sticky(place.at("sticky"), allowed)
    if "then" in place.value:
        if "sticky" in place.value:
            place.refuse("has sticky without choices; leave it out, or write choices")
        choices = [(100, parse_action(place.at("then"), allowed))]
    else:
        choices = _parse_weighted(place.at("choices"), allowed)
        if allowed.keeps and "sticky" not in place.value:
            place.refuse(
                "draws a choice where answers are cached: the first draw would be everybody's; write sticky, a cookie "
                "or header of the cache key"
            )
    actions = tuple([(below, action) for below, action in choices if action is not None])
    if len(actions) > 1:
        _check_amount(place.at("choices"), [action for _, action in actions])
    if allowed.attributes is not None:
        _check_reads(place, _read_by(actions, sticky), allowed)
    return actions, sticky


def _read_by(choices: Choices, sticky: Piece | None) -> Iterator[Attribute]:
    """What choices look at in a request."""
    if sticky is not None:
        yield sticky.attribute
    for _, action in choices:
        yield from action.reads()


def _plain_conditions(when: Any, *, kept: bool) -> tuple[Conditions, int] | None:
    """Conditions, and how many values they have in ``one_of``, read fast; None if anything is wrong with one."""
    if not isinstance(when, dict):
        return None
    conditions = []
    values = 0
    for name, said in when.items():
        if not isinstance(said, dict) or len(said) != 1:
            return None
        ((how, operand),) = said.items()
        if how == "one_of":
            if not _are_texts(operand):
                return None
            values += len(operand)
        elif how == "exists":
            if not isinstance(operand, bool):
                return None
        elif not isinstance(operand, str) or len(operand) > MAX_TEXT or not _is_utf_8(operand) or how not in _TESTS:
            return None
        if kept and name.startswith("header."):
            operand = _as_lists(operand)
        test = _TESTS[how](operand)
        if kept and name == "method" and test("GET") != test("HEAD"):
            return None
        try:
            conditions.append((attribute(name, in_template=False, kept=kept), test))
        except ValueError:
            return None
    return tuple(conditions), values


def _are_texts(values: Any) -> bool:
    """Whether it is a list of text of which no more has to be known."""
    if not isinstance(values, list) or not 1 <= len(values) <= _MOST_VALUES:
        return False
    try:
        text = "".join(values)
    except TypeError:
        return False
    return _is_utf_8(text) and (len(text) <= MAX_TEXT or max(map(len, values)) <= MAX_TEXT)


def _is_utf_8(text: str) -> bool:
    """Whether no character is half of a pair."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return False
    return True


def _parse_conditions(place: Place, allowed: Allowed) -> Conditions:
    """Conditions, as slowly as it takes to say of each what is wrong with it."""
    parsed = [_parse_condition(place.at(name), name, allowed) for name in place.objects("attributes and tests")]
    return tuple([each for each in parsed if each is not None])


def _parse_condition(at: Place, name: str, allowed: Allowed) -> tuple[Attribute, Test] | None:
    try:
        each = attribute(name, in_template=False, kept=allowed.keeps)
    except ValueError as error:
        at.refuse(error)
        return None
    if not at.mapping(_TESTS.keys()) or len(at.value) != 1:
        if isinstance(at.value, dict) and len(at.value) != 1:
            at.refuse(f"must have one test: {', '.join(_TESTS)}")
        return None
    ((how, _),) = at.value.items()
    operand = _parse_operand(at.at(how), how)
    if operand is None:
        return None
    if allowed.keeps and name.startswith("header."):
        operand = _as_lists(operand)
    test = _TESTS[how](operand)
    if allowed.keeps and name == "method":
        _check_method(at, test)
    return each, test


def _as_lists(operand: Any) -> Any:
    """The operand for a header, in the form in which the header is read if an answer may be kept."""
    if isinstance(operand, str):
        return as_list(operand)
    return operand if isinstance(operand, bool) else [as_list(value) for value in operand]


def _parse_operand(place: Place, test: str) -> Any:
    if test == "exists":
        if isinstance(place.value, bool):
            return place.value
        place.refuse("must be true or false")
        return None
    if test == "one_of":
        values = [place.at(index).text() for index in range(len(place.items("values", _MOST_VALUES)))]
        return values if values and None not in values else None
    return place.text()


def _check_method(place: Place, test: Test) -> None:
    if test("GET") != test("HEAD"):
        place.refuse(
            "tells GET from HEAD, which CloudFront answers out of one cache; name both, or neither, or route where "
            "nothing is cached"
        )


def _parse_sticky(place: Place, allowed: Allowed) -> Piece | None:
    name = place.text()
    if name is None:
        return None
    if not name.startswith(("cookie.", "header.")):
        place.refuse(f"{name[:200]!r} must be cookie.NAME or header.NAME")
        return None
    try:
        return Piece(attribute(name, in_template=False, kept=allowed.keeps), _point)
    except ValueError as error:
        place.refuse(error)
        return None


def _point(value: str) -> int:
    """A viewer's place among the choices: the first one, if nothing tells viewers apart."""
    return percentile(value) if value else 0


def _parse_weighted(place: Place, allowed: Allowed) -> list[tuple[int, Action | None]]:
    choices: list[tuple[int, Action | None]] = []
    total = 0
    for index in range(len(place.items("choices", 100))):
        at = place.at(index)
        if at.mapping({"weight", "then"}):
            total += at.at("weight").whole(0, 100)
            choices.append((total, parse_action(at.at("then"), allowed)))
    if choices and total != 100:
        place.refuse(f"have weights that sum to {total}; they are percent, and sum to 100")
    return choices


def _check_amount(place: Place, actions: list[Action]) -> None:
    """Refuse more than may be read when a rule fires: all of its choices are."""
    headers = sum(len(action.headers) for action in actions if isinstance(action, Forward))
    attributes = sum(1 for action in actions for _ in action.reads())
    for count, what, most in ((headers, "set", _MOST_HEADERS), (attributes, "name", _MOST_FILLED)):
        if count > most:
            kind = "headers" if what == "set" else "attributes"
            place.refuse(f"{what} {count} {kind} together, and the choices of a rule may {what} {most}: write fewer")


def _check_reads(place: Place, read: Iterable[Attribute], allowed: Allowed) -> None:
    for each in read:
        if each.name not in _ALWAYS and not allowed.may_read(each.name):
            can = ", ".join(sorted(allowed.attributes or ())) or "nothing"
            place.refuse(
                f"reads {each.name!r}, which is not in the cache key, so that one viewer's answer would be another's; "
                f"in it: {can}; add it to the router's cache_key, or leave it out of the rule"
            )


def _check_reached(place: Place, earlier: dict[bytes, int]) -> None:
    """Refuse what an earlier rule of the same path leaves nothing; ``earlier`` are their conditions."""
    conditions = json.dumps(place.value.get("when") or {}, sort_keys=True).encode()
    for those, what in ((b"{}", "has no conditions"), (conditions, "has the same conditions")):
        if those in earlier:
            place.refuse(
                f"is never reached: rules[{earlier[those]}] has the same path and {what}; put the one with more "
                "conditions first, or leave one of them out"
            )
            return
    earlier[conditions] = place.rule or 0
