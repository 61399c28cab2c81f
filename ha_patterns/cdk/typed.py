"""Types at the public edge: an argument of a wrong type is refused by its annotation, before anything is made of it.

The CDK passes arguments on to another process, which answers a wrong type with a page about that process, or fails
later and elsewhere. The annotations are the only list of what is accepted.
"""

from __future__ import annotations

import ast
import enum
import functools
import importlib.util
import inspect
import re
import reprlib
import sys
import textwrap
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar, Union, cast, get_args, get_origin

from jsii._reference_map import InterfaceDynamicProxy

from .remedies import remedy
from .validation import is_token, refusal

Checked = TypeVar("Checked", bound=Callable[..., Any])


def typed(checked: Checked) -> Checked:
    """Refuse arguments of a wrong type: of a function, or of the constructor and the public methods of a class.

    It is the outermost decorator of a class. A token is of the type that it is encoded as. If nobody has imported the
    module of a class, no value can be of that class, so that the module is not imported for it.

    Members of enumerations that are numbers or text, such as ``HTTPStatus.NOT_FOUND``, are handed on as plain ones.

    Example::

        @typed
        class DnsFailover(Construct):

    Raises:
        ValueError: At the call: an argument, or a part of one, is of another type than its annotation says; the id of
            a construct is empty or a token.
    """
    if inspect.isfunction(checked):
        return cast("Checked", _checked(checked))
    for name, member in list(vars(checked).items()):
        if name.startswith("_") and name != "__init__":
            continue
        if inspect.isfunction(member):
            setattr(checked, name, _checked(member))
        elif isinstance(member, (classmethod, staticmethod)) and inspect.isfunction(member.__func__):
            setattr(checked, name, type(member)(_checked(member.__func__)))
    if "__init__" in vars(checked):
        _tell_of(checked)
    return checked


def _tell_of(checked: Any) -> None:
    """Have ``help`` and editors tell of the constructor of a class, and not of what the CDK calls it with."""
    checked.__signature__ = _SignatureOfInit()
    if checked.__init__.__doc__ is None:
        # Or that of the CDK's class would be shown.
        checked.__init__.__doc__ = "See the class."


class _SignatureOfInit:
    """The signature of a class, or of one that inherits from it: that of its constructor without ``self``."""

    def __get__(self, instance: object, owner: Any) -> inspect.Signature:
        signature = inspect.signature(owner.__init__)
        return signature.replace(parameters=list(signature.parameters.values())[1:])


def check_typed(argument: str, value: object, accepted: Any) -> None:
    """Refuse a value of a wrong type, as ``typed`` does.

    Args:
        argument: Whose value it is.
        value: The value.
        accepted: A class, or several, as an annotation has them.
    """
    misfit = _misfit(argument, value, accepted)
    if misfit is not None:
        # The values of headers can be secrets, and errors go to logs.
        raise _refusal(misfit, tells_value=Mapping[str, str] not in _alternatives(accepted))


def _checked(function: types.FunctionType) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        positional, accepted = _signature(function)
        for name, value in (*zip(positional, given, strict=False), *named.items()):
            if name in accepted:
                check_typed(name, value, accepted[name])
                if name == "construct_id":
                    _check_id(value)
        return function(*map(_plain, given), **{name: _plain(value) for name, value in named.items()})

    return call


def _check_id(value: str) -> None:
    if not value or is_token(value):
        raise refusal(
            "construct_id",
            "text of at least one character that is known at synth",
            "a token, known only at deploy" if value else value,
            "the construct's path is made of it: write a name that no other construct in its scope has",
        )


#: What a number or text of a subclass is as a plain one.
_PLAIN: Mapping[type, Callable[[Any], Any]] = {int: int.__int__, float: float.__float__, str: str.__str__}


def _plain(value: Any) -> Any:
    """A value whose numbers and texts are plain ones, as the CDK's process takes no others; itself, if they all are."""
    if type(value) in (bool, *_PLAIN):
        return value
    for kind, made_plain in _PLAIN.items():
        if isinstance(value, kind):
            return made_plain(value)
    if isinstance(value, Mapping):
        entries = [(key, part, _plain(key), _plain(part)) for key, part in value.items()]
        are_plain = all(key is plain_key and part is plain_part for key, part, plain_key, plain_part in entries)
        return value if are_plain else {plain_key: plain_part for _, _, plain_key, plain_part in entries}
    if isinstance(value, (list, tuple)):
        items = [_plain(item) for item in value]
        are_plain = all(item is plain_item for item, plain_item in zip(value, items, strict=True))
        return value if are_plain else items
    return value


@functools.cache
def _signature(function: types.FunctionType) -> tuple[Sequence[str], Mapping[str, Any]]:
    """The positional parameters of a function, and what each parameter accepts; read at the first call."""
    accepted = typing.get_type_hints(function, localns=dict(_only_for_types(function.__module__)))
    accepted.pop("return", None)
    parameters = inspect.signature(function).parameters.values()
    return [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD], accepted


# --- values -----------------------------------------------------------------------------------------------------------


class _Misfit(NamedTuple):
    """The innermost part of an argument that is of a wrong type."""

    place: str
    value: object
    accepted: Any


def _misfit(place: str, value: object, accepted: Any) -> _Misfit | None:
    """What is of a wrong type in a value; None if nothing is."""
    kinds = _alternatives(accepted)
    misfits = [_misfit_of_one(place, value, kind) for kind in kinds]
    if None in misfits:
        return None
    inside = [each for each in misfits if each is not None and each.place != place]
    return inside[0] if len(inside) == 1 else _Misfit(place, value, accepted)


def _misfit_of_one(place: str, value: object, kind: Any) -> _Misfit | None:
    """The same, of one type that is accepted."""
    origin, parts = get_origin(kind), get_args(kind)
    if not _is_a(value, origin or kind) or (origin is Sequence and isinstance(value, (str, bytes))):
        return _Misfit(place, value, kind)
    if origin is Mapping:
        entries = cast("Mapping[Any, Any]", value).items()
        keys = _first(_misfit(f"a key of {place}", key, parts[0]) for key, _ in entries)
        return keys or _first(_misfit(f"{place}[{key!r}]", each, parts[1]) for key, each in entries)
    if origin is Sequence:
        items = enumerate(cast("Sequence[Any]", value))
        return _first(_misfit(f"{place}[{index}]", item, parts[0]) for index, item in items)
    return None


def _first(misfits: Iterable[_Misfit | None]) -> _Misfit | None:
    return next((each for each in misfits if each is not None), None)


def _alternatives(accepted: Any) -> Sequence[Any]:
    return get_args(accepted) if get_origin(accepted) in (Union, types.UnionType) else (accepted,)


def _is_a(value: object, kind: Any) -> bool:
    """Whether a value is of a class."""
    kind = _loaded(kind)
    if kind is Any:
        return True
    if kind is None:
        return False
    if kind in (int, float):
        # The CDK encodes a number that only the deploy knows as a fraction.
        is_number = isinstance(value, kind) or (isinstance(value, (int, float)) and (kind is float or is_token(value)))
        return is_number and not isinstance(value, bool)
    if not getattr(kind, "_is_protocol", False):
        # An imported thing passes for its interfaces only, since the CDK takes it for nothing else.
        return isinstance(value, kind)
    # An interface of the CDK, which Python itself finds nothing to be an instance of.
    proxy = kind.__jsii_proxy_class__()
    return any(
        isinstance(side, proxy) or any(kind in interface.__mro__ for interface in _interfaces(type(side)))
        for side in _sides(value)
    )


def _sides(value: object) -> Sequence[object]:
    """The objects that a value consists of: the CDK gives an imported thing as one object for each of its types."""
    return cast("Sequence[object]", value._delegates) if isinstance(value, InterfaceDynamicProxy) else (value,)


def _interfaces(kind: type) -> Sequence[type]:
    """The interfaces of the CDK that a class implements."""
    return getattr(kind, "__jsii_ifaces__", ())


# --- names that are imported for type checkers only -------------------------------------------------------------------


@dataclass(frozen=True)
class _Later:
    """A name in an annotation whose import is for type checkers only.

    Args:
        path: The module and the name in it.
    """

    path: str

    def __getattr__(self, name: str) -> _Later:
        if name.startswith("_"):
            raise AttributeError(name)
        return _Later(f"{self.path}.{name}")

    def __call__(self) -> None:
        """Is never called: what cannot be called is no type for ``typing``."""

    def __or__(self, other: Any) -> Any:
        return Union[self, other]  # noqa: UP007 - it is what `|` calls

    def __ror__(self, other: Any) -> Any:
        return Union[other, self]  # noqa: UP007


def _loaded(kind: Any) -> Any:
    """A class itself; None if its module is not loaded, so that no value is of it."""
    if not isinstance(kind, _Later):
        return kind
    module, _, name = kind.path.rpartition(".")
    return getattr(sys.modules.get(module), name, None)


@functools.cache
def _only_for_types(module: str) -> Mapping[str, _Later]:
    """The names that a module imports under ``if TYPE_CHECKING:``."""
    loaded = sys.modules[module]
    if not hasattr(loaded, "TYPE_CHECKING"):
        return {}
    blocks = re.findall(r"^if TYPE_CHECKING:\n((?:[ \t].*\n|\n)*)", inspect.getsource(loaded), re.MULTILINE)
    imports = [
        statement
        for block in blocks
        for statement in ast.parse(textwrap.dedent(block)).body
        if isinstance(statement, ast.ImportFrom)
    ]
    return {
        name.asname or name.name: _Later(f"{_absolute(statement, loaded.__package__)}.{name.name}")
        for statement in imports
        for name in statement.names
    }


def _absolute(statement: ast.ImportFrom, package: str | None) -> str:
    return importlib.util.resolve_name("." * statement.level + (statement.module or ""), package)


# --- words ------------------------------------------------------------------------------------------------------------

#: How the types of Python are called, alone and as a part of a list or a dictionary.
_WORDS: Mapping[Any, tuple[str, str]] = {
    str: ("text", "text"),
    bytes: ("bytes", "bytes"),
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    type(None): ("None", "None"),
    Any: ("anything", "anything"),
}


_SPOKEN_WITH_A_VOWEL = (*"AEIOaeio", "Http", "S3")


def _refusal(misfit: _Misfit, *, tells_value: bool) -> ValueError:
    place, value, accepted = misfit
    got = "None" if value is None else _with_article(_name(type(_sides(value)[-1])))
    if tells_value and isinstance(value, (str, bytes, int, float, list, tuple, Mapping, enum.Enum)):
        got = f"{_short.repr(value)}, {got}"
    way_out = _way_out(misfit) if tells_value else None
    return ValueError(f"{place} must be {_told(accepted)}, got {got}{f': {way_out}' if way_out else ''}")


def _way_out(misfit: _Misfit) -> str | None:
    place, value, accepted = misfit
    kinds = _alternatives(accepted)
    for kind in kinds:
        item = get_args(kind)[0] if get_origin(kind) is Sequence else Any
        if item is not Any and _misfit(place, value, item) is None:
            return f"write {place}=[{_short.repr(value) if isinstance(value, (str, int, float)) else '...'}]"
    by_name = {_bare_name(kind): _loaded(kind) for kind in kinds if get_origin(kind) is None}
    sides = [kind for side in _sides(value) for kind in type(side).__mro__]
    interfaces = [each for kind in sides for interface in _interfaces(kind) for each in interface.__mro__]
    return remedy(place, value, _short.repr(value), by_name, {_bare_name(kind) for kind in (*sides, *interfaces)})


def _told(accepted: Any, *, is_part: bool = False) -> str:
    """What an annotation accepts, in words."""
    *others, last = [word for kind in _alternatives(accepted) for word in _words(kind, is_part=is_part)]
    return f"{', '.join(others)} or {last}" if others else last


def _words(kind: Any, *, is_part: bool) -> Sequence[str]:
    if kind is bool:
        return ("True", "False")
    if kind in _WORDS:
        return (_WORDS[kind][is_part],)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Mapping:
        keys, values = (_told(part, is_part=True) for part in parts)
        return (f"{'dictionaries' if is_part else 'a dictionary'} from {keys} to {values}",)
    if origin is Sequence:
        return (f"{'lists' if is_part else 'a list'} of {_told(parts[0], is_part=True)}",)
    if origin is not None:
        return ("functions" if is_part else "a function",)
    return (_name(kind) if is_part else _with_article(_name(kind)),)


def _name(kind: Any) -> str:
    """The name of a class, with its module if it is the CDK's."""
    path = kind.path if isinstance(kind, _Later) else f"{kind.__module__}.{kind.__qualname__}"
    package, _, rest = path.partition(".")
    module, _, _ = rest.rpartition(".")
    return f"{_bare_name(kind)} of {module}" if package == "aws_cdk" and module else _bare_name(kind)


def _bare_name(kind: Any) -> str:
    name = kind.path.rpartition(".")[2] if isinstance(kind, _Later) else getattr(kind, "__name__", str(kind))
    # The CDK calls an object for an interface so.
    return re.sub(r"^_(\w+)Proxy$", r"\1", name)


def _with_article(name: str) -> str:
    return f"{'an' if name.startswith(_SPOKEN_WITH_A_VOWEL) else 'a'} {name}"


class _Short(reprlib.Repr):
    """Values in a line: long text is cut, a dictionary shows its keys, an object the name of its class."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = self.maxlong = 60
        self.maxlist = self.maxtuple = 3

    def repr_dict(self, value: Mapping[object, object], level: int) -> str:
        shown = [f"{self.repr1(key, level - 1)}: ..." for key in list(value)[:5]]
        return f"{{{', '.join([*shown, '...'] if len(value) > 5 else shown)}}}"

    def repr_instance(self, value: object, level: int) -> str:
        if isinstance(value, (bool, float, bytes, enum.Enum)):
            return super().repr_instance(value, level)
        return f"<{_bare_name(type(_sides(value)[-1]))}>"


_short = _Short()
