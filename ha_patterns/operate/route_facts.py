"""What a stack lets its routes name, as its synthesized app tells it, and which of several routers is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ..documents.yaml_reader import DocumentError, load
from .route_kinds import Kind, Value

_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9]+")


class Router(NamedTuple):
    """A router of a synthesized app.

    Attributes:
        stacks: What its stack is called, the deployed name first.
        name: Its path in the stack; empty if unknown.
        declared: What it lets its routes name.
        own: What it has in its asset, by host; None if it reads that elsewhere.
    """

    stacks: list[str]
    name: str
    declared: Any
    own: dict[str, Value] | None


def chosen(names: Iterable[str], router: str) -> list[str]:
    """The routers that a person means.

    Args:
        names: The paths of the routers in their stack, or what outputs have of them: letters and digits.
        router: The end of a path, such as the construct's id.
    """
    wanted = _NOT_IN_IDS.sub("", router)
    ids = {name: _NOT_IN_IDS.sub("", name) for name in names}
    exact = [name for name, own in ids.items() if own == wanted]
    return exact or [name for name, own in ids.items() if wanted and own.endswith(wanted)]


def routers_in_app(kind: Kind, folder: Path, stack: str | None = None, router: str | None = None) -> list[Router]:
    """The routers of a synthesized app that are meant: one, or several that let their routes name the same.

    Args:
        kind: Of which construct.
        folder: The cloud assembly, ``cdk.out``.
        stack: The stack that the router is in. Default: any.
        router: The id of the router, or its path in the stack. Default: any.

    Raises:
        ValueError: No cloud assembly; no router, or several that differ.
    """
    try:
        found = list(_routers(kind, folder))
    except OSError as error:
        raise ValueError(
            f"{error.filename}: {error.strerror}; --app is the folder that cdk synth has written"
        ) from None
    except DocumentError as error:
        raise ValueError(f"{folder} is no cloud assembly: {error}") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{folder} is no cloud assembly that can be read: {type(error).__name__}: {error}") from None
    meant = [one for one in found if stack is None or stack in one.stacks]
    if not meant:
        place = folder if stack is None else f"the stack {stack} of {folder}"
        there = ", ".join(sorted({one.stacks[0] for one in found})) or "none"
        raise ValueError(f"{place} has no {kind.router}; stacks that have one: {there}")
    if router is not None:
        names = chosen({one.name for one in meant}, router)
        if not names:
            raise ValueError(f"no {kind.router} of {folder} is called {router!r}; those that it has: {_told(meant)}")
        meant = [one for one in meant if one.name in names]
    require_one(kind, folder, meant, [one.declared for one in meant], "let their routes name different things")
    return meant


def require_one(kind: Kind, folder: Path, meant: list[Router], values: list[Any], why: str) -> None:
    """Refuse routers that differ.

    Raises:
        ValueError: They do.
    """
    if any(value != values[0] for value in values):
        raise ValueError(
            f"{folder} has several {kind.router}s, which {why}: choose one with --stack and --router, of "
            f"{_told(meant)}; or check against the table of one, with --table"
        )


def _told(routers: list[Router]) -> str:
    """The arguments that choose each of them."""
    told = {f"--stack {one.stacks[0]}" + (f" --router {one.name}" if one.name else "") for one in routers}
    return "; ".join(sorted(told))


def _routers(kind: Kind, folder: Path) -> Iterator[Router]:
    """The routers of an app."""
    artifacts = _read(folder / "manifest.json")["artifacts"]
    for key, artifact in artifacts.items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _routers(kind, folder / properties["directoryName"])
        elif artifact["type"] == "cdk:asset-manifest":
            name = key.removesuffix(".assets")
            stack = artifacts.get(name, {})
            names = [stack.get("properties", {}).get("stackName", name), name, stack.get("displayName", name)]
            for asset in _read(folder / properties["file"])["files"].values():
                path = folder / asset["source"].get("path", "")
                if (path / "lambda_edge" / kind.function).is_dir():
                    facts = _read(path / "config.json")
                    yield Router(names, facts.get("router", ""), kind.declared(facts), kind.own(facts, path))


def _read(file: Path) -> Any:
    return load(file.read_bytes(), is_json=True)
