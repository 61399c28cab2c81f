"""What a stack lets its rules name: as its table tells it, or as its synthesized app does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..documents.yaml_reader import DocumentError, load
from ..edge._source import edge_module

if TYPE_CHECKING:
    from lambda_edge.rule_router.problems import Allowed

_FUNCTION = Path("lambda_edge", "rule_router")


def allowed_of(facts: Mapping[str, Any]) -> Allowed:
    """What rules may do.

    Args:
        facts: The item of a table, or the configuration of a router.

    Raises:
        KeyError, TypeError, AttributeError: They are something else.
    """
    attributes = facts.get("attributes")
    allowed: Allowed = edge_module("rule_router.problems").Allowed(
        frozenset(facts["origins"]),
        frozenset(facts["redirect_hosts"]),
        tuple(name.lower() for name in facts["request_headers"]),
        None if attributes is None else frozenset(attributes),
    )
    return allowed


def allowed_in_app(folder: Path, stack: str | None) -> Allowed:
    """What the router of a synthesized app lets its rules do.

    Args:
        folder: The cloud assembly, ``cdk.out``.
        stack: The stack that the router is in. Default: there is one router, or all let rules do the same.

    Raises:
        ValueError: It is no cloud assembly; no router, or several that differ.
    """
    try:
        found = [(names, allowed_of(_read(file))) for names, file in _routers(folder)]
    except OSError as error:
        raise ValueError(
            f"{error.filename}: {error.strerror}; --app is the folder that cdk synth has written"
        ) from None
    except DocumentError as error:
        raise ValueError(f"{folder} is no cloud assembly: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{folder} is no cloud assembly that can be read: {type(error).__name__}: {error}") from None
    chosen = [(names, allowed) for names, allowed in found if stack is None or stack in names]
    there = ", ".join(sorted({names[0] for names, _ in found})) or "none"
    if not chosen:
        place = folder if stack is None else f"the stack {stack} of {folder}"
        raise ValueError(f"{place} has no RuleRouter; stacks that have one: {there}")
    if len({allowed for _, allowed in chosen}) > 1:
        raise ValueError(
            f"{folder} has several RuleRouters, which let rules do different things: choose the stack with --stack, "
            f"one of {there}; or check against the table of one, with --table"
        )
    return chosen[0][1]


def _routers(folder: Path) -> Iterator[tuple[list[str], Path]]:
    """The configurations of the routers of an app, each with what its stack is called, the deployed name first."""
    artifacts = _read(folder / "manifest.json")["artifacts"]
    for key, artifact in artifacts.items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _routers(folder / properties["directoryName"])
        elif artifact["type"] == "cdk:asset-manifest":
            name = key.removesuffix(".assets")
            stack = artifacts.get(name, {})
            names = [stack.get("properties", {}).get("stackName", name), name, stack.get("displayName", name)]
            for asset in _read(folder / properties["file"])["files"].values():
                path = folder / asset["source"].get("path", "")
                if (path / _FUNCTION).is_dir():
                    yield names, path / "config.json"


def _read(file: Path) -> Any:
    return load(file.read_bytes(), is_json=True)
