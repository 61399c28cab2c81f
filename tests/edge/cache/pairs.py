"""Pairs of requests that differ in one thing, from a seed: a cache must keep them apart, or answer both alike."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ha_patterns.aws.cache_key import Parse, ViewerRequest
from ha_patterns.aws.policies import CachePolicy, Selection
from ha_patterns.topology.values import Unresolved

Lines = tuple[tuple[str, str], ...]

# The names and values in rules, routers and policies of the sites, and others that a viewer may send.
_COOKIES = ("plan", "theme", "session", "__Host-home", "visit")
_COOKIE_VALUES = ("pro", "free", "Pro", "a%20b", "", '"pro"', "1", "2", "eu-west-1")
_PARAMETERS = ("v", "page", "utm_source", "V", "version")
_PARAMETER_VALUES = ("1", "2", "3", "%32", "2+", "", "a%26b")
_HOSTS = ("www.example.com", "other.example.com", "d111111abcdef8.cloudfront.net")
_PATHS = (
    *("page", "a/b", "index.html", "%7Euser", "a%2Fb", "gone", "down", "old", "old/x"),
    *("split-cookie/x", "split-header/x"),
    *("status-404", "status-403", "status-500", "status-503", "primary-503/x", "primary-500/status-502"),
    *("no-store/x", "private/x", "max-age=60/x", "no-store/status-503", "no-store/status-404", "max-age=60/status-403"),
)
_HEADERS: dict[str, tuple[str, ...]] = {
    "X-Version": ("1", "2", "2.1", "", "2, 3"),
    "Accept-Language": ("en", "de", "de, en"),
    "Accept": ("text/html", "application/json", "*/*"),
    "Accept-Encoding": ("gzip", "br", "gzip, br", "identity", "zstd", "br;q=1, gzip;q=0.5"),
    "Authorization": ("Bearer alice", "Bearer bob"),
    "User-Agent": ("curl", "Mozilla"),
    "Origin": ("https://a.example", "https://b.example"),
    "Referer": ("https://a.example/", "https://b.example/"),
    "Forwarded": ("host=evil.example.net",),
    "X-Forwarded-Host": ("evil.example.net", "www.example.com"),
    "X-Forwarded-For": ("198.51.100.1",),
    "X-Forwarded-Scheme": ("http",),
    "X-Original-URL": ("/admin",),
    "X-Rewrite-URL": ("/admin",),
    "X-HTTP-Method-Override": ("POST", "DELETE"),
    "X-Rule": ("forged",),
    "X-Ha-Origin-Role": ("secondary",),
    "X-Ha-Edge-Table": ("forged",),
    "X-Ha-Edge-Kept": ("no",),
    "X-Ha-Home-Cookie": ("forged",),
    "CloudFront-Viewer-Country": ("US", "DE"),
    "Cache-Control": ("no-cache",),
    "Pragma": ("no-cache",),
    "Range": ("bytes=0-1",),
    "If-None-Match": ('"a"',),
    "Traceparent": ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",),
    "X-Custom": ("1", "2"),
}
_COUNTRIES = ("DE", "US", "FR")
# Around a name or a value. Only the first two are white space to a browser.
_SPACES = (" ", "\t", "\x0b", "\xa0", "\u2003", "  ")


class Pair(NamedTuple):
    """Two requests.

    Attributes:
        difference: The one thing.
        parse: One of the ways in which CloudFront may take them apart.
    """

    difference: str
    first: ViewerRequest
    second: ViewerRequest
    parse: Parse


class Requests:
    """Requests for one behavior.

    Args:
        seed: The same one gives the same requests.
        policy: The cache policy: half of the names in a request are of its names.
        prefix: The start of each path.
        methods: Those that the behavior answers.
        cookies: Values of cookies that its function knows, beside any.
    """

    def __init__(
        self,
        seed: str,
        policy: CachePolicy | Unresolved,
        prefix: str,
        methods: Sequence[str],
        cookies: Sequence[str] = (),
    ) -> None:
        self._random = random.Random(seed)  # noqa: S311 - examples
        self._prefix = prefix
        self._methods = methods
        self._cookie_values = (*_COOKIE_VALUES, *cookies)
        keyed = () if isinstance(policy, Unresolved) else (policy.cookies, policy.query_strings, policy.headers)
        self._cookies, self._parameters, headers = (sorted(each.names) for each in keyed or (Selection("none"),) * 3)
        self._headers = [name for name in _HEADERS if name.lower() in headers]

    def pairs(self, amount: int) -> Iterator[Pair]:
        """So many pairs, each kind of difference as often as the next."""
        kinds = list(_DIFFERENCES.items())
        for number in range(amount):
            name, change = kinds[number % len(kinds)]
            first = second = self.request()
            for _ in range(8):
                first = self.request()
                second = change(self, first)
                if second != first:
                    break
            if self._random.random() < 0.5:
                first, second = second, first
            yield Pair(name, first, second, self.parse())

    def parse(self) -> Parse:
        """One of the ways that AWS leaves open."""
        pick = self._random.choice
        return Parse(
            doubled_cookies=pick(("all", "first", "last")),
            cookie_space=pick(("stripped", "kept")),
            malformed_cookies=pick(("header", "cookie", "nothing")),
            doubled_parameters=pick(("all", "first", "last")),
            parameter_names=pick(("sent", "decoded")),
            host=pick(("sent", "lower")),
        )

    def request(self) -> ViewerRequest:
        """Any request."""
        pick, chance = self._random.choice, self._random.random
        headers: list[tuple[str, str]] = []
        if chance() < 0.7:
            headers.append(("Cookie", "; ".join(self.cookie() for _ in range(self._random.randint(1, 3)))))
        headers += [self.header() for _ in range(self._random.randint(0, 3))]
        self._random.shuffle(headers)
        parameters = [self.parameter() for _ in range(self._random.randint(0, 3))]
        return ViewerRequest(
            host=pick(_HOSTS),
            method=pick(self._methods),
            uri=self._prefix + pick(_PATHS),
            querystring="&".join(parameters),
            headers=tuple(headers),
            made=(("CloudFront-Viewer-Country", pick(_COUNTRIES)),),
        )

    def cookie(self) -> str:
        return f"{self._name(self._cookies, _COOKIES)}={self._random.choice(self._cookie_values)}"

    def header(self) -> tuple[str, str]:
        name = self._name(self._headers, list(_HEADERS))
        return name, self._random.choice(_HEADERS[name])

    def parameter(self) -> str:
        return f"{self._name(self._parameters, _PARAMETERS)}={self._random.choice(_PARAMETER_VALUES)}"

    def _name(self, keyed: Sequence[str], any_name: Sequence[str]) -> str:
        return self._random.choice(keyed if keyed and self._random.random() < 0.5 else any_name)

    # Choices for the differences

    def pick_one(self, parts: Sequence[str]) -> int:
        return self._random.randrange(len(parts))

    def any_of(self, choices: Sequence[str]) -> str:
        return self._random.choice(choices)


_Change = Callable[[Requests, ViewerRequest], ViewerRequest]
_DIFFERENCES: dict[str, _Change] = {}


def _difference(name: str) -> Callable[[_Change], _Change]:
    def register(change: _Change) -> _Change:
        _DIFFERENCES[name] = change
        return change

    return register


def _escaped(text: str) -> str:
    """The same with its first character as an escape."""
    return f"%{ord(text[0]):02x}{text[1:]}" if text and ord(text[0]) < 0x80 else text


def _of_cookies(change: Callable[[Requests, list[str]], list[str]]) -> _Change:
    """A change of the list of cookies."""

    def changed(requests: Requests, request: ViewerRequest) -> ViewerRequest:
        lines = [value for name, value in request.headers if name == "Cookie"]
        cookies = change(requests, lines[0].split("; ") if lines else [])
        others = tuple(line for line in request.headers if line[0] != "Cookie")
        return replace(request, headers=(*others, *((("Cookie", "; ".join(cookies)),) if cookies else ())))

    return changed


def _of_parameters(change: Callable[[Requests, list[str]], list[str]]) -> _Change:
    """A change of the list of parameters."""

    def changed(requests: Requests, request: ViewerRequest) -> ViewerRequest:
        given = request.querystring.split("&") if request.querystring else []
        return replace(request, querystring="&".join(change(requests, given)))

    return changed


def _at_one(change: Callable[[Requests, str], list[str]]) -> Callable[[Requests, list[str]], list[str]]:
    """A change of one part of a list; an empty list stays."""

    def changed(requests: Requests, parts: list[str]) -> list[str]:
        if not parts:
            return parts
        at = requests.pick_one(parts)
        return [*parts[:at], *change(requests, parts[at]), *parts[at + 1 :]]

    return changed


def _name_changed(change: Callable[[str], str]) -> Callable[[Requests, str], list[str]]:
    def changed(_requests: Requests, part: str) -> list[str]:
        name, equals, value = part.partition("=")
        return [change(name) + equals + value]

    return changed


def _value_changed(change: Callable[[str], str]) -> Callable[[Requests, str], list[str]]:
    def changed(_requests: Requests, part: str) -> list[str]:
        name, equals, value = part.partition("=")
        return [name + equals + change(value)]

    return changed


def _spaced(requests: Requests, part: str) -> list[str]:
    space = requests.any_of(_SPACES)
    name, _, value = part.partition("=")
    return [requests.any_of((f"{space}{part}", f"{part}{space}", f"{name}{space}={value}", f"{name}={space}{value}"))]


def _malformed(requests: Requests, part: str) -> list[str]:
    name, _, value = part.partition("=")
    return [
        requests.any_of(
            (name, f"${part}", f"{name}=a,b", f'{name}="{value}', f"{name}=a b", f"={value}", f"{name}={value}=x", "")
        ),
    ]


def _twice(*, last: bool) -> Callable[[Requests, str], list[str]]:
    """One more of the same name, after it or before it."""

    def changed(requests: Requests, part: str) -> list[str]:
        other = f"{part.partition('=')[0]}={requests.any_of(('2', 'free', ''))}"
        return [part, other] if last else [other, part]

    return changed


def _of_pairs(make: Callable[[Requests], str]) -> dict[str, Callable[[Requests, list[str]], list[str]]]:
    """The differences that lists of names and values can have.

    Args:
        make: Makes any name and value.
    """
    return {
        "one more": lambda requests, parts: [*parts, make(requests)],
        "another": _at_one(lambda requests, _part: [make(requests)]),
        "one less": _at_one(lambda _requests, _part: []),
        "case of the name": _at_one(_name_changed(str.swapcase)),
        "case of the value": _at_one(_value_changed(str.swapcase)),
        "escape in the name": _at_one(_name_changed(_escaped)),
        "escape in the value": _at_one(_value_changed(_escaped)),
        "order": lambda _requests, parts: parts[1:] + parts[:1],
        "twice": _at_one(_twice(last=True)),
        "twice, the other first": _at_one(_twice(last=False)),
        "white space": _at_one(_spaced),
        "no standard form": _at_one(_malformed),
    }


_DIFFERENCES |= {f"cookie: {name}": _of_cookies(change) for name, change in _of_pairs(Requests.cookie).items()}
_DIFFERENCES |= {f"parameter: {name}": _of_parameters(change) for name, change in _of_pairs(Requests.parameter).items()}


@_difference("cookie: two headers")
def _two_headers(_requests: Requests, request: ViewerRequest) -> ViewerRequest:
    lines: list[tuple[str, str]] = []
    for name, value in request.headers:
        first, semicolon, rest = value.partition("; ")
        lines += [(name, first), (name, rest)] if name == "Cookie" and semicolon else [(name, value)]
    return replace(request, headers=tuple(lines))


@_difference("cookie: another separator")
def _another_separator(requests: Requests, request: ViewerRequest) -> ViewerRequest:
    separator = requests.any_of((";", ";  ", " ; ", ",", "; ; "))
    lines = tuple(
        (name, value.replace("; ", separator) if name == "Cookie" else value) for name, value in request.headers
    )
    return replace(request, headers=lines)


@_difference("parameter: another separator")
def _semicolon(_requests: Requests, request: ViewerRequest) -> ViewerRequest:
    return replace(request, querystring=request.querystring.replace("&", ";", 1))


@_difference("parameter: an empty one")
def _empty_parameter(requests: Requests, request: ViewerRequest) -> ViewerRequest:
    return replace(
        request, querystring=requests.any_of((f"&{request.querystring}", f"{request.querystring}&", "=", "&"))
    )


def _of_one_header(change: Callable[[Requests, str, str], Lines]) -> _Change:
    """A change of one header that is no cookie; if there is none, one is put in."""

    def changed(requests: Requests, request: ViewerRequest) -> ViewerRequest:
        places = [place for place, (name, _) in enumerate(request.headers) if name != "Cookie"]
        if not places:
            return replace(request, headers=(*request.headers, requests.header()))
        place = places[requests.pick_one([""] * len(places))]
        name, value = request.headers[place]
        lines = (*request.headers[:place], *change(requests, name, value), *request.headers[place + 1 :])
        return replace(request, headers=lines)

    return changed


_DIFFERENCES |= {
    "header: another": _of_one_header(lambda requests, _name, _value: (requests.header(),)),
    "header: another value": _of_one_header(lambda requests, name, _value: ((name, requests.any_of(_HEADERS[name])),)),
    "header: one less": _of_one_header(lambda _requests, _name, _value: ()),
    "header: case of the name": _of_one_header(lambda _requests, name, value: ((name.swapcase(), value),)),
    "header: case of the value": _of_one_header(lambda _requests, name, value: ((name, value.swapcase()),)),
    "header: twice": _of_one_header(
        lambda requests, name, value: ((name, value), (name, requests.any_of(_HEADERS[name])))
    ),
    "header: white space": _of_one_header(
        lambda requests, name, value: ((name, requests.any_of((f" {value}", f"{value} ", f"\t{value}", ""))),)
    ),
}


@_difference("header: one more")
def _one_more_header(requests: Requests, request: ViewerRequest) -> ViewerRequest:
    return replace(request, headers=(*request.headers, requests.header()))


@_difference("header: order")
def _header_order(_requests: Requests, request: ViewerRequest) -> ViewerRequest:
    return replace(request, headers=request.headers[1:] + request.headers[:1])


@_difference("method")
def _method(requests: Requests, request: ViewerRequest) -> ViewerRequest:
    return replace(request, method=requests.any_of(("GET", "HEAD", "OPTIONS", "POST")))


@_difference("host: another")
def _another_host(requests: Requests, request: ViewerRequest) -> ViewerRequest:
    return replace(request, host=requests.any_of((*_HOSTS, "unknown.example.org")))


@_difference("host: the same to DNS")
def _same_host(requests: Requests, request: ViewerRequest) -> ViewerRequest:
    host = request.host
    return replace(request, host=requests.any_of((host.upper(), f"{host}.", f"{host}:443", host.title())))


@_difference("path: an escape")
def _path_escape(_requests: Requests, request: ViewerRequest) -> ViewerRequest:
    head, slash, last = request.uri.rpartition("/")
    return replace(request, uri=head + slash + _escaped(last))


@_difference("path: case")
def _path_case(_requests: Requests, request: ViewerRequest) -> ViewerRequest:
    head, slash, last = request.uri.rpartition("/")
    return replace(request, uri=head + slash + last.swapcase())


@_difference("country")
def _country(requests: Requests, request: ViewerRequest) -> ViewerRequest:
    return replace(request, made=(("CloudFront-Viewer-Country", requests.any_of(_COUNTRIES)),))


@_difference("address")
def _address(_requests: Requests, request: ViewerRequest) -> ViewerRequest:
    return replace(request, address="198.51.100.99")


#: The differences that there are.
DIFFERENCES = tuple(_DIFFERENCES)
