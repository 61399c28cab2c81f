"""JSON, as fast as the standard library reads it, with the bounds that it lacks.

Whether anything is wrong is found out cheaply; only of a text that is refused is each token looked at, for the line.
"""

from __future__ import annotations

import json
import math
import re
from array import array
from itertools import accumulate
from typing import Any

from .document import MAX_DEPTH, MAX_NODES, MOST_REPEATED, DocumentError, Repeated, too_deep, too_many, twice

_MAX_DIGITS = 18
# A step down and a step up, each as one signed byte.
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_NO_BRACKETS = bytes(set(range(256)) - set(b'[]{}"'))
_NO_COMMAS = bytes(set(range(256)) - set(b'[{,"'))

# Looked through at a time, which takes less memory and half the time; even, for a piece of nothing but backslashes.
_PIECE = 64 * 1024

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},:]|[^\[\]{},:"\s]++', re.DOTALL)
_WHOLE = re.compile(r"-?[0-9]++")
_FRACTION = re.compile(r"-?[0-9]++(\.[0-9]++)?([eE][-+]?[0-9]++)?")
# Both begin with one character that is looked for at the speed of memory; longer beginnings are not.
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_ESCAPED_HALF = re.compile(r"\\(?=u[dD][89a-fA-F])")
_WHOLE_PAIR_OR_HALF = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)


class _RefusedError(Exception):
    """Something that is not read is in the text."""


def load(text: str, repeated: list[Repeated] | None = None) -> Any:
    """The value of a text in JSON.

    Args:
        text: The text.
        repeated: Gets the keys that an object has twice, of which the last one counts. Default: they are refused.

    Raises:
        DocumentError: The text is not JSON, or beyond the bounds.
    """
    is_repeated = False

    def last(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal is_repeated
        made = dict(pairs)
        if len(made) < len(pairs):
            is_repeated = True
        return made

    if _exceeds(text) or _half(text):
        # There is none where the text breaks off before, which the reader tells.
        mistake = _first_mistake(text, repeated)
        if mistake:
            raise mistake
    try:
        value = json.loads(
            text,
            object_pairs_hook=_once if repeated is None else last,
            parse_int=_whole,
            parse_float=_fraction,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        # Some of its messages go on with the place.
        raise DocumentError(f"is not JSON: {error.msg.removesuffix(' at')}", error.lineno) from None
    except _RefusedError:
        raise _first_mistake(text, repeated) or DocumentError("is not JSON") from None
    if is_repeated and repeated is not None:
        repeated.clear()
        # All else of it is read already.
        _first_mistake(text, repeated, most=MOST_REPEATED)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _RefusedError
    return made


def _whole(digits: str) -> int:
    # Python would refuse very many itself, or take a time that grows with their square.
    if len(digits) > _MAX_DIGITS and len(digits.removeprefix("-")) > _MAX_DIGITS:
        raise _RefusedError
    return int(digits)


def _fraction(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise _RefusedError
    return value


def _constant(_: str) -> Any:
    raise _RefusedError


def _exceeds(text: str) -> bool:
    """Whether the text, as far as it is JSON, is nested too deeply or has too many values."""
    steps = array("b", _outside_of_strings(text, _NO_BRACKETS).translate(_STEPS))
    if max(accumulate(steps), default=0) > MAX_DEPTH:
        return True
    # Another value takes two bytes at least.
    return len(text) > 2 * MAX_NODES and len(_outside_of_strings(text, _NO_COMMAS)) >= MAX_NODES


def _outside_of_strings(text: str, dropped: bytes) -> bytes:
    """What is not in a string, without some bytes, quotes not among them."""
    pieces = []
    start = 0
    while start < len(text):
        piece = text[start : start + _PIECE]
        # An escape is not cut in two: what begins a run of backslashes begins an escape.
        piece = piece.rstrip("\\") or piece
        start += len(piece)
        # Most strings have nothing left, and two quotes in a row change nothing for what comes after them.
        pieces.append(_ESCAPE.sub("", piece).encode().translate(None, dropped).replace(b'""', b""))
    left = b"".join(pieces)
    # As text: joining bytes takes eighty more for each.
    return "".join(left.decode().split('"')[::2]).encode() if b'"' in left else left


def _half(text: str) -> bool:
    """Whether an escape stands for half of a character, which Python would take."""
    return bool(_ESCAPED_HALF.search(text)) and any(match[1] for match in _WHOLE_PAIR_OR_HALF.finditer(text))


def _first_mistake(text: str, repeated: list[Repeated] | None, most: int | None = None) -> DocumentError | None:
    """The first thing that is not read although it is JSON; keys that are there twice go to ``repeated``.

    Args:
        text: The text.
        repeated: Gets the keys; None if they are refused.
        most: After how many of them the rest is not looked at. Default: all of the text is.
    """
    keys: list[set[str] | None] = []
    is_key = False
    values = 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        message: str | Repeated | None = None
        values += not is_key and word not in ("]", "}", ",", ":")
        if word in ("[", "{"):
            is_key = word == "{"
            keys.append(set() if is_key else None)
            message = too_deep() if len(keys) > MAX_DEPTH else None
        elif word in ("]", "}"):
            is_key = False
            if keys:
                keys.pop()
        elif word == ",":
            is_key = bool(keys) and keys[-1] is not None
        elif word.startswith('"'):
            message = _mistake_in_string(word, keys[-1] if is_key else None)
            is_key = False
        else:
            message = _mistake_in_number(word)
        message = message or (too_many() if values > MAX_NODES else None)
        if isinstance(message, Repeated) and repeated is not None:
            if len(repeated) < MOST_REPEATED:
                repeated.append(Repeated(message.key, text.count("\n", 0, token.start()) + 1))
            if len(repeated) == most:
                return None
        elif message:
            told = twice(message.key) if isinstance(message, Repeated) else message
            return DocumentError(told, text.count("\n", 0, token.start()) + 1)
    return None


def _mistake_in_string(word: str, keys: set[str] | None) -> str | Repeated | None:
    half = next((match[1] for match in _WHOLE_PAIR_OR_HALF.finditer(word) if match[1]), None)
    if half:
        return f"has \\{half}, which is half of a surrogate pair and no character"
    if keys is None:
        return None
    try:
        key = json.loads(word)
    except json.JSONDecodeError:
        return None
    if key in keys:
        return Repeated(key, 0)
    keys.add(key)
    return None


def _mistake_in_number(word: str) -> str | None:
    if word in ("NaN", "Infinity", "-Infinity"):
        return f"has {word}, which is not JSON"
    if _WHOLE.fullmatch(word):
        too_long = len(word.removeprefix("-")) > _MAX_DIGITS
        return f"has a number of more than {_MAX_DIGITS} digits" if too_long else None
    return "has a number that is too large" if _FRACTION.fullmatch(word) and math.isinf(float(word)) else None
