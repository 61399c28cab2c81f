"""What owners accept, and why: in a resource's metadata, or in the CDK's own way.

In a template::

    Metadata:
      ha-patterns:
        acknowledge:
          HA304: one Region is what this application is for

or, for a part of the resource alone, by its path as findings tell it::

          HA003:
            Properties.DistributionConfig.OriginGroups.Items[0]: this group stands by for missing objects

In a CDK app, for a construct and all below it::

    Validations.of(construct).acknowledge(
        Acknowledgment(id="ha-patterns::HA304", reason="one Region is what this application is for")
    )

What is acknowledged for a stage or the whole app, the CDK tells of only where the plugin has judged it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..topology import Place, TemplateError, Topology
from ..topology.files import DEFAULT_SIZE, read_document
from .places import dotted

#: The name of the plugin, and of what it acknowledges in metadata.
NAME = "ha-patterns"

_OF_THE_CDK = "aws:cdk:acknowledged-rules"
_LOGICAL_ID = "aws:cdk:logicalId"
# What the CDK writes of the plugins that have judged an app, beside the manifest of the whole.
_REPORT = "validation-report.json"
_STAGE = "assembly-"


@dataclass(frozen=True)
class _Constructs:
    """What the CDK's files tell of constructs.

    Attributes:
        reasons: By construct, the reasons by rule; of the app, the construct is empty.
        paths: By logical id, the constructs that have it: of a stack and of those nested in it.
    """

    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Acknowledgements:
    """What is accepted in a topology; what the CDK keeps is read when a finding asks for it."""

    def __init__(self, max_size: int = DEFAULT_SIZE) -> None:
        self._max_size = max_size
        self._files: dict[Path, _Constructs] = {}

    def reason(self, rule_id: str, place: Place) -> str | None:
        """Why what a rule finds at a place is accepted; None where it is not."""
        own = given(place).get(rule_id)
        for told in [own] if isinstance(own, str) else _of_part(own, place):
            if isinstance(told, str) and told.strip():
                return told
        file = place.stack.constructs
        if file is None:
            return None
        told = self._read(file, _of_constructs)
        path: str | None = place.construct_path or _only(told.paths.get(place.logical_id, ()))
        above = self._read(_root(file) / _REPORT, _of_plugins)
        while path is not None:
            for constructs in (told, above):
                reason = constructs.reasons.get(path, {}).get(rule_id)
                if reason is not None:
                    return reason
            path = path.rpartition("/")[0] if path else None
        return None

    def _read(self, file: Path, reads: Callable[[Mapping[str, Any]], _Constructs]) -> _Constructs:
        if file not in self._files:
            try:
                self._files[file] = reads(read_document(file, self._max_size))
            except TemplateError:
                # It is the CDK's, and says nothing of what is deployed.
                self._files[file] = _Constructs()
        return self._files[file]


def given(place: Place) -> Mapping[str, Any]:
    """What the metadata of a resource acknowledges, as it is written: reasons by rule."""
    found = place.metadata.get("acknowledge")
    return found if isinstance(found, dict) else {}


def _of_part(by_path: object, place: Place) -> Iterable[object]:
    """The reasons that are given for what a place is in."""
    told = {dotted(place.path[:length]) for length in range(1, len(place.path) + 1)}
    for part, reason in by_path.items() if isinstance(by_path, dict) else ():
        if part in told:
            yield reason


def _root(file: Path) -> Path:
    """The folder of the whole cloud assembly, of a file that may be in a stage's."""
    folder = file.parent
    while folder.name.startswith(_STAGE):
        folder = folder.parent
    return folder


def _only(paths: Sequence[str]) -> str:
    """The one construct; the whole app where several have the logical id, each in a stack of its own."""
    return paths[0] if len(paths) == 1 else ""


def _of_constructs(document: Mapping[str, Any]) -> _Constructs:
    """What a stack's file says: of each construct, what is acknowledged there, and its logical id."""
    reasons: dict[str, dict[str, str]] = {}
    paths: dict[str, list[str]] = {}
    for path, entries in document.items():
        construct = path.strip("/")
        for entry in entries if isinstance(entries, list) else ():
            data = entry.get("data") if isinstance(entry, dict) else None
            if isinstance(data, dict) and entry.get("type") == _OF_THE_CDK:
                for name, reason in data.items():
                    _put(reasons, construct, name, reason)
            elif isinstance(data, str) and entry.get("type") == _LOGICAL_ID:
                paths.setdefault(data, []).append(construct)
    return _Constructs(reasons, paths)


def _of_plugins(document: Mapping[str, Any]) -> _Constructs:
    """What the CDK's report says: of apps and stages, too, which no stack's file tells of."""
    reasons: dict[str, dict[str, str]] = {}
    reports = document.get("pluginReports")
    for report in reports if isinstance(reports, list) else ():
        accepted = report.get("suppressedViolations") if isinstance(report, dict) else None
        for one in accepted if isinstance(accepted, list) else ():
            if isinstance(one, dict):
                # What is accepted for the whole app has no place.
                _put(reasons, one.get("acknowledgedAt", ""), one.get("acknowledgedId"), one.get("reason"))
    return _Constructs(reasons)


def _put(reasons: dict[str, dict[str, str]], construct: object, name: object, reason: object) -> None:
    tool, _, rule_id = name.partition("::") if isinstance(name, str) else ("", "", "")
    if isinstance(construct, str) and tool == NAME and isinstance(reason, str) and reason.strip():
        reasons.setdefault(construct.strip("/"), {})[rule_id] = reason


def places(topology: Topology) -> Iterable[Place]:
    """Each resource of the topology, once."""
    return {thing.place.id: thing.place for thing in topology.things}.values()
