"""What the code of a CloudFront Function does with origins and key value stores, as its syntax tree tells.

See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/helper-functions-origin-modification.html and
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-custom-methods.html, read on 2026-12-01.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..topology.model import Reads, ViewerFunction
from ..topology.values import Unresolved, atoms

if TYPE_CHECKING:
    from tree_sitter import Node

#: How to install what reads the code.
EXTRA = "pip install 'ha-patterns-cli[functions]'"
_MODULE = "cloudfront"
_SELECT, _MAKE, _UPDATE = "selectRequestOriginById", "createRequestOriginGroup", "updateRequestOrigin"
_CHOICES = frozenset({_SELECT, _MAKE, _UPDATE})
_STORE = "kvs"
# Stands in the code for what no template tells; no text with it is known.
_UNKNOWN = "\ue000"
# What of a request has names, by the field of Reads that they are in.
_INPUTS = {"headers": "headers", "cookies": "cookies", "querystring": "query_strings"}
_WRITTEN = frozenset({*_INPUTS, "uri"})
_BRANCHES = frozenset(
    {"if_statement", "ternary_expression", "switch_statement", "while_statement", "for_statement", "do_statement"}
)
_FUNCTIONS = frozenset({"function_declaration", "function_expression", "arrow_function", "method_definition"})


@dataclass(frozen=True, kw_only=True)
class MadeGroup:
    """An origin group that a function makes.

    Attributes:
        members: The ids of its origins; None for each that is computed, and None if all are.
        codes: The failover status codes; None if they are computed.
    """

    members: tuple[str | None, ...] | None
    codes: tuple[int, ...] | None


@dataclass(frozen=True, kw_only=True)
class Update:
    """A change of a request's origin.

    Attributes:
        domain: The host that is asked; None if it is computed, empty if it stays.
        is_without_certificate: Whether no client certificate is shown from then on; None if that is computed.
    """

    domain: str | None
    is_without_certificate: bool | None


@dataclass(frozen=True, kw_only=True)
class FunctionCode:
    """What some code does.

    Attributes:
        selected: The ids of the origins that it selects; None for each that is computed.
        groups: The origin groups that it makes.
        updates: Its changes of origins.
        asks_store: Whether it reads a key value store.
        chooses_by: What of a request decides about these; None if that is computed, or if the function writes into the
            request, which may keep apart in the cache what it decides.
    """

    selected: tuple[str | None, ...] = ()
    groups: tuple[MadeGroup, ...] = ()
    updates: tuple[Update, ...] = ()
    asks_store: bool = False
    chooses_by: Reads | None = None

    @property
    def chooses(self) -> bool:
        """Whether it chooses an origin at all."""
        return bool(self.selected or self.groups or self.updates)


def code_of(function: ViewerFunction) -> FunctionCode | Unresolved | None:
    """What a function does; Unresolved if its code cannot be read, None if it does not use CloudFront's module."""
    if function.code is None:
        return None
    text = "".join(atom if isinstance(atom, str) else _UNKNOWN for atom in atoms(function.code))
    if _MODULE not in text:
        # Code that a parameter or an asset has may do anything.
        return next((atom for atom in atoms(function.code) if isinstance(atom, Unresolved)), None)
    return _read(text)


@functools.lru_cache(maxsize=256)
def _read(text: str) -> FunctionCode | Unresolved:
    try:
        import tree_sitter
        import tree_sitter_javascript
    except ImportError:
        return Unresolved(f"a parser of JavaScript, which is not installed: {EXTRA}")
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))
    root = parser.parse(text.encode()).root_node
    if root.has_error:
        return Unresolved("code that is no JavaScript, or that has values which only the deploy knows")
    return _Reader(root).read()


class _Computed:
    """A value that only running the code tells."""


_COMPUTED = _Computed()


@dataclass(frozen=True)
class _Either:
    """One of several values."""

    values: tuple[Any, ...]


class _Reader:
    def __init__(self, root: Node) -> None:
        self._nodes = list(_walk(root))
        self._modules = set(self._imported())
        # By name, what is ever put into it: of a name that has one value, the value is known.
        self._sources: dict[str, list[Node | None]] = {}
        self._functions: dict[str, Node] = {}
        for node in self._nodes:
            self._note(node)

    def read(self) -> FunctionCode:
        calls = [(name, node) for node in self._nodes if (name := self._helper(node)) is not None]
        found: dict[str, list[Any]] = {name: [] for name in (*_CHOICES, _STORE)}
        for name, node in calls:
            if name in found:
                found[name].append(self._argument(node))
        choices = [node for name, node in calls if name in _CHOICES]
        return FunctionCode(
            selected=tuple(one if isinstance(one, str) else None for given in found[_SELECT] for one in _each(given)),
            groups=tuple(_group(one) for given in found[_MAKE] for one in _each(given)),
            updates=tuple(_update(one) for given in found[_UPDATE] for one in _each(given)),
            asks_store=bool(found[_STORE]),
            chooses_by=self._inputs(choices) if choices else None,
        )

    def _imported(self) -> Iterator[str]:
        for node in self._nodes:
            if node.type == "import_statement" and _text(node.child_by_field_name("source")).strip("'\"") == _MODULE:
                yield from (_text(one) for one in _walk(node) if one.type == "identifier")
            value = node.child_by_field_name("value") if node.type == "variable_declarator" else None
            if value is not None and value.type == "call_expression" and _text(value).startswith("require("):
                arguments = _text(value.child_by_field_name("arguments"))
                if arguments.strip("()'\" ") == _MODULE:
                    yield _text(node.child_by_field_name("name"))

    def _note(self, node: Node) -> None:
        if node.type == "variable_declarator":
            target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if value is not None or (node.parent is not None and node.parent.type == "for_in_statement"):
                self._put(target, value)
        elif node.type in ("assignment_expression", "augmented_assignment_expression"):
            self._put(node.child_by_field_name("left"), node.child_by_field_name("right"))
        elif node.type == "update_expression":
            self._put(node.child_by_field_name("argument"), None)
        elif node.type in _FUNCTIONS:
            name = node.child_by_field_name("name")
            if name is not None:
                self._functions[_text(name)] = node
            parameters = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
            for one in _walk(parameters) if parameters is not None else ():
                self._put(one, None)

    def _put(self, target: Node | None, value: Node | None) -> None:
        if target is None:
            return
        if target.type == "identifier":
            self._sources.setdefault(_text(target), []).append(value)
            if value is not None and value.type in _FUNCTIONS:
                self._functions[_text(target)] = value
        elif target.type in ("member_expression", "subscript_expression"):
            # What is put into an object makes it another one.
            root = _root(target)
            if root is not None:
                self._sources.setdefault(_text(root), []).append(value)
        else:
            for one in _walk(target):
                if one.type in ("identifier", "shorthand_property_identifier_pattern"):
                    self._sources.setdefault(_text(one), []).extend((value, None))

    def _helper(self, node: Node) -> str | None:
        """The method of CloudFront's module that a node calls."""
        called = node.child_by_field_name("function") if node.type == "call_expression" else None
        if called is None or called.type != "member_expression":
            return None
        module, name = called.child_by_field_name("object"), called.child_by_field_name("property")
        return _text(name) if _text(module) in self._modules else None

    def _argument(self, call: Node) -> Any:
        arguments = call.child_by_field_name("arguments")
        given = arguments.named_children if arguments is not None else []
        return self._value(given[0]) if given else _COMPUTED

    def _value(self, node: Node | None, depth: int = 0) -> Any:
        """What an expression is, as far as that stands in the code."""
        if node is None or depth > 16:
            return _COMPUTED
        read = self._values.get(node.type)
        return read(node, depth + 1) if read is not None else _COMPUTED

    @functools.cached_property
    def _values(self) -> Mapping[str, Callable[[Node, int], Any]]:
        """By the type of an expression, what reads its value."""
        return {
            "parenthesized_expression": lambda node, depth: self._value(node.named_children[0], depth),
            "string": lambda node, _depth: _string(node),
            "template_string": lambda node, _depth: _string(node),
            "number": lambda node, _depth: _number(_text(node)),
            "true": lambda _node, _depth: True,
            "false": lambda _node, _depth: False,
            "array": lambda node, depth: [self._value(one, depth) for one in _without_comments(node)],
            "object": self._object,
            "identifier": self._variable,
            "ternary_expression": lambda node, depth: self._either(node, depth, "consequence", "alternative"),
            "binary_expression": self._binary,
            "member_expression": self._member,
            "subscript_expression": self._member,
        }

    def _variable(self, node: Node, depth: int) -> Any:
        sources = self._sources.get(_text(node), [])
        return self._value(sources[0], depth) if len(sources) == 1 else _COMPUTED

    def _binary(self, node: Node, depth: int) -> Any:
        falls_back = _text(node.child_by_field_name("operator")) in ("||", "??")
        return self._either(node, depth, "left", "right") if falls_back else _COMPUTED

    def _either(self, node: Node, depth: int, *names: str) -> Any:
        return _either(self._value(node.child_by_field_name(name), depth) for name in names)

    def _object(self, node: Node, depth: int) -> Any:
        found: dict[str, Any] = {}
        for one in _without_comments(node):
            if one.type == "shorthand_property_identifier":
                found[_text(one)] = self._variable(one, depth)
                continue
            key, value = one.child_by_field_name("key"), one.child_by_field_name("value")
            if one.type != "pair" or key is None or key.type not in ("property_identifier", "string", "number"):
                return _COMPUTED
            name = _text(key) if key.type != "string" else _string(key)
            if not isinstance(name, str):
                return _COMPUTED
            found[name] = self._value(value, depth)
        return found

    def _member(self, node: Node, depth: int) -> Any:
        whole = self._value(node.child_by_field_name("object"), depth)
        if not isinstance(whole, dict):
            return _COMPUTED
        name = node.child_by_field_name("property")
        index = node.child_by_field_name("index")
        key = _text(name) if name is not None else self._value(index, depth)
        # A key that is computed chooses among all that there are.
        return whole.get(key, _COMPUTED) if isinstance(key, str) else _either(whole.values())

    def _inputs(self, choices: list[Node]) -> Reads | None:
        """What of a request decides whether and how origins are chosen; None if that is computed."""
        if any(self._writes(node) for node in self._nodes):
            return None
        waiting = [node for choice in choices for node in self._deciding(choice)]
        names: set[str] = set()
        read: dict[str, set[str]] = {kind: set() for kind in _INPUTS.values()}
        while waiting:
            for node in _walk(waiting.pop()):
                if node.type == "identifier" and _text(node) not in names:
                    names.add(_text(node))
                    waiting += [one for one in self._sources.get(_text(node), ()) if one is not None]
                    waiting += [self._functions[_text(node)]] if _text(node) in self._functions else []
                found = self._input(node)
                if found is not None and not self._is_known(*found, read):
                    return None
        return Reads(
            headers=tuple(sorted(name.lower() for name in read["headers"])),
            cookies=tuple(sorted(read["cookies"])),
            query_strings=tuple(sorted(read["query_strings"])),
        )

    def _input(self, node: Node) -> tuple[str, Node | str | None] | None:
        """What of a request a node reads: headers, cookies or query string, and the name; no name if it reads all."""
        if node.type not in ("member_expression", "subscript_expression"):
            return None
        kind = _text(node.child_by_field_name("property"))
        if kind in _INPUTS and not self._is_renamed(node):
            above = node.parent
            return (kind, None) if above is None or above.child_by_field_name("object") != node else (kind, _key(above))
        whole = node.child_by_field_name("object")
        renamed = self._renamed.get(_text(whole)) if whole is not None and whole.type == "identifier" else None
        return None if renamed is None else (renamed, _key(node))

    @functools.cached_property
    def _renamed(self) -> Mapping[str, str]:
        """The names of variables that are the headers, cookies or query string of a request."""
        found: dict[str, str] = {}
        for node in self._nodes:
            if node.type != "variable_declarator":
                continue
            target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if target is None or value is None:
                continue
            kind = _text(value.child_by_field_name("property")) if value.type == "member_expression" else ""
            if target.type == "identifier" and kind in _INPUTS:
                found[_text(target)] = kind
            for one in _walk(target) if target.type == "object_pattern" else ():
                if one.type == "shorthand_property_identifier_pattern" and _text(one) in _INPUTS:
                    found[_text(one)] = _text(one)
        return {name: kind for name, kind in found.items() if len(set(self._sources.get(name, ()))) <= 2}

    def _is_renamed(self, node: Node) -> bool:
        above = node.parent
        if above is None or above.type != "variable_declarator" or above.child_by_field_name("value") != node:
            return False
        return _text(above.child_by_field_name("name")) in self._renamed

    def _is_known(self, kind: str, name: Node | str | None, read: dict[str, set[str]]) -> bool:
        told = name if isinstance(name, str) else self._value(name)
        if not isinstance(told, str):
            return False
        read[_INPUTS[kind]].add(told)
        return True

    def _deciding(self, choice: Node) -> Iterator[Node]:
        """What stands before a choice, or around it, and decides whether it is made; and what it is made of."""
        arguments = choice.child_by_field_name("arguments")
        if arguments is not None:
            yield arguments
        inner, node = choice, choice.parent
        while node is not None:
            if node.type in _BRANCHES:
                condition = node.child_by_field_name("condition") or node.child_by_field_name("value")
                if condition is not None:
                    yield condition
            elif node.type == "binary_expression":
                left = node.child_by_field_name("left")
                if left is not None:
                    yield left
            elif node.type == "statement_block":
                yield from _exits(node, inner)
            elif node.type in _FUNCTIONS:
                yield from self._callers(node)
            inner, node = node, node.parent

    def _callers(self, function: Node) -> Iterator[Node]:
        """The conditions around the calls of a local function, one level up."""
        names = {name for name, one in self._functions.items() if one == function}
        for node in self._nodes:
            if node.type != "call_expression" or _text(node.child_by_field_name("function")) not in names:
                continue
            arguments = node.child_by_field_name("arguments")
            if arguments is not None:
                yield arguments
            around = node.parent
            while around is not None and around.type not in _FUNCTIONS:
                condition = around.child_by_field_name("condition") if around.type in _BRANCHES else None
                if condition is not None:
                    yield condition
                around = around.parent

    def _writes(self, node: Node) -> bool:
        """Whether a node changes what the cache may tell requests apart by."""
        if node.type not in ("assignment_expression", "augmented_assignment_expression"):
            return False
        target = node.child_by_field_name("left")
        while target is not None and target.type in ("member_expression", "subscript_expression"):
            if _text(target.child_by_field_name("property")) in _WRITTEN:
                return True
            target = target.child_by_field_name("object")
        return False


def _exits(block: Node, before: Node) -> Iterator[Node]:
    """The conditions on which a block ends before one of its statements."""
    for statement in block.named_children:
        if statement.start_byte >= before.start_byte:
            return
        if statement.type == "if_statement" and any(
            one.type in ("return_statement", "throw_statement") for one in _walk(statement)
        ):
            condition = statement.child_by_field_name("condition")
            if condition is not None:
                yield condition


def _key(node: Node) -> Node | str | None:
    """The name that a member of an object has: as it stands there, or what computes it."""
    name = node.child_by_field_name("property")
    return node.child_by_field_name("index") if name is None else _text(name)


def _group(given: Any) -> MadeGroup:
    if not isinstance(given, dict):
        return MadeGroup(members=None, codes=None)
    ids = given.get("originIds")
    members = tuple(_id_of(one) for one in ids) if isinstance(ids, list) else None
    criteria = given.get("failoverCriteria", {})
    codes = criteria.get("statusCodes", []) if isinstance(criteria, dict) else _COMPUTED
    told = codes if isinstance(codes, list) else [_COMPUTED]
    known = [code for code in told if isinstance(code, int)]
    return MadeGroup(members=members, codes=tuple(known) if len(known) == len(told) else None)


def _id_of(given: Any) -> str | None:
    told = given.get("originId") if isinstance(given, Mapping) else given
    return told if isinstance(told, str) else None


def _update(given: Any) -> Update:
    if not isinstance(given, dict):
        return Update(domain=None, is_without_certificate=None)
    domain, shown = given.get("domainName", ""), given.get("mTLSConfig", "inherit")
    return Update(
        domain=domain.lower() if isinstance(domain, str) else None,
        is_without_certificate=shown == "off" if isinstance(shown, str) else None,
    )


def _without_comments(node: Node) -> list[Node]:
    return [one for one in node.named_children if one.type != "comment"]


def _walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(one.children))


def _root(node: Node) -> Node | None:
    """The variable that a member, or a member of a member, is of."""
    inner: Node | None = node
    while inner is not None and inner.type in ("member_expression", "subscript_expression"):
        inner = inner.child_by_field_name("object")
    return inner if inner is not None and inner.type == "identifier" else None


def _text(node: Node | None) -> str:
    return "" if node is None or node.text is None else node.text.decode()


def _string(node: Node) -> Any:
    """A text without escapes and substitutions."""
    parts = node.named_children
    if any(part.type != "string_fragment" for part in parts):
        return _COMPUTED
    text = "".join(map(_text, parts)) if parts else _text(node)[1:-1]
    return _COMPUTED if _UNKNOWN in text else text


def _number(text: str) -> Any:
    return int(text) if text.isdecimal() else _COMPUTED


def _either(values: Any) -> Any:
    told = tuple(one for value in values for one in _each(value))
    return _Either(told)


def _each(value: Any) -> tuple[Any, ...]:
    return value.values if isinstance(value, _Either) else (value,)
