"""What the checks will read of a value that holds tokens: a parameter stands for its default.

For warnings. What is refused is refused of plain values only: a deploy may give a parameter another value.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

import aws_cdk as cdk

from .validation import duration, is_token

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Given = TypeVar("Given")
Fields = TypeVar("Fields", bound="DataclassInstance")

_TOKEN = re.compile(r"\$\{Token\[([^\]]*)\]\}")
_PLACE = re.compile(r"\$\{[^}]*\}")
#: A part of a text that only the deploy knows, as ``told`` and ``told_text`` write it.
UNKNOWN = "?"
_URL_SUFFIX = "amazonaws.com"


def usual(value: Given) -> Given:
    """A value with the default of a parameter in its place, or in the places of its tokens; else as it is.

    Args:
        value: A text, a number, a list of texts or a duration.
    """
    if not is_token(value):
        return value
    found: object = value
    if isinstance(value, str):
        found = _TOKEN.sub(lambda token: str(_default(_first(token[0]), token[0])), value)
    elif isinstance(value, cdk.Duration):
        seconds = value.to_seconds()
        told = _default(cdk.Tokenization.reverse_number(seconds), seconds)
        found = value if told is seconds else duration(cast("int", _number(told)))
    elif isinstance(value, (int, float)):
        found = _number(_default(cdk.Tokenization.reverse_number(value), value))
    elif isinstance(value, Sequence):
        texts = _default(cdk.Tokenization.reverse_list(list(value)), value)
        found = texts.split(",") if isinstance(texts, str) else texts
    return cast("Given", found)


def with_usual(given: Fields) -> tuple[Fields, str | None]:
    """A dataclass with the defaults of parameters in its fields, and why it refuses them, if it does.

    Args:
        given: Settings, which refuse bad values when they are made.
    """
    fields = {field.name: getattr(given, field.name) for field in dataclasses.fields(given)}
    if not any(map(is_token, fields.values())):
        return given, None
    found = {name: usual(value) for name, value in fields.items()}
    try:
        return dataclasses.replace(given, **found), None
    except ValueError as error:
        settled = copy.copy(given)
        for name, value in found.items():
            object.__setattr__(settled, name, value)
        return settled, str(error)


def told(name: str) -> str:
    """A host name in lower case with parameters by their defaults, and ``?`` for what else only the deploy knows."""
    if not is_token(name):
        return name.lower()
    text = _TOKEN.sub(lambda token: _URL_SUFFIX if token[1].startswith("AWS.URLSuffix.") else token[0], usual(name))
    return _TOKEN.sub(UNKNOWN, text).lower()


def told_text(value: object) -> str:
    """Like ``told``, of a text as a template has it, with defaults put in by ``with_defaults``."""
    if isinstance(value, str):
        return value.lower()
    if value == {"Ref": "AWS::URLSuffix"}:
        return _URL_SUFFIX
    match value:
        case {"Fn::Join": [str(between), list(parts)]}:
            return between.join(map(told_text, parts))
        case {"Fn::Sub": str(text)}:
            return _PLACE.sub(UNKNOWN, text.replace("${AWS::URLSuffix}", _URL_SUFFIX)).lower()
        # The host of a function URL, which is the third part of the URL.
        case {"Fn::Select": [2, {"Fn::Split": ["/", {"Fn::GetAtt": [_, "FunctionUrl"]}]}]}:
            return f"{UNKNOWN}.lambda-url.{UNKNOWN}.on.aws"
    return UNKNOWN


def with_defaults(stack: cdk.Stack, value: Given) -> Given:
    """A value as a template has it, with the defaults of the stack's parameters in their places.

    Args:
        stack: The stack of the template.
        value: What was resolved in it.
    """
    if '{"Ref": ' not in json.dumps(value, default=str):
        return value
    parameters = [each for each in stack.node.find_all() if isinstance(each, cdk.CfnParameter)]
    defaults = {
        str(stack.resolve(each.logical_id)): found for each in parameters if (found := _value(each)) is not None
    }
    return cast("Given", _filled(value, defaults)) if defaults else value


def _filled(value: Any, defaults: Mapping[str, object]) -> Any:
    if isinstance(value, Mapping):
        if list(value) == ["Ref"]:
            return defaults.get(value["Ref"], value)
        return {key: _filled(each, defaults) for key, each in value.items()}
    return [_filled(each, defaults) for each in value] if isinstance(value, list) else value


def reference_of(text: str) -> cdk.Reference | None:
    """What a text that is one token refers to; None if it is no reference, or has more in it."""
    found = _first(text) if _TOKEN.fullmatch(text) else None
    return found if isinstance(found, cdk.Reference) else None


def _first(token: str) -> object:
    try:
        return cdk.Tokenization.reverse_string(token).first_token
    except RuntimeError:  # what the CDK says of a token that it has not made
        return None


def _default(token: object, otherwise: object) -> object:
    """The default of the parameter that a token is of; the other value if it is of none, or has none."""
    parameter = token.target if isinstance(token, cdk.Reference) and token.display_name == "Ref" else None
    found = _value(parameter) if isinstance(parameter, cdk.CfnParameter) else None
    return otherwise if found is None else found


def _value(parameter: cdk.CfnParameter) -> object:
    """The default of a parameter; None if it has none, or one that names where the value is."""
    if parameter.type.startswith("AWS::SSM::"):
        return None
    default: object = parameter.default
    return _number(default) if parameter.type == "Number" and default is not None else default


def _number(value: object) -> object:
    """A number as a template may write it, as a text too; a whole one as such."""
    try:
        number = float(str(value))
    except ValueError:
        return value
    return int(number) if number.is_integer() and abs(number) < 1e15 else value if is_token(value) else number
