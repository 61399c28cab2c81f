"""What owners accept, and why: in a resource's metadata, or in the CDK's own way.

In a template::

    Metadata:
      ha-patterns:
        acknowledge:
          HA304: one Region is what this application is for

In a CDK app, for a construct and all below it::

    Validations.of(construct).acknowledge(
        Acknowledgment(id="ha-patterns::HA304", reason="one Region is what this application is for")
    )
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..topology import Place, Stack, TemplateError, Topology
from ..topology.files import DEFAULT_SIZE, read_document

#: The name of the plugin, and of what it acknowledges in metadata.
NAME = "ha-patterns"

_OF_THE_CDK = "aws:cdk:acknowledged-rules"


class Acknowledgements:
    """What is accepted in a topology; what the CDK keeps is read when a finding asks for it."""

    def __init__(self, max_size: int = DEFAULT_SIZE) -> None:
        self._max_size = max_size
        self._files: dict[Path, Mapping[str, Mapping[str, str]]] = {}

    def reason(self, rule_id: str, place: Place) -> str | None:
        """Why what a rule finds at a place is accepted; None where it is not."""
        own = given(place).get(rule_id)
        if isinstance(own, str) and own.strip():
            return own
        path = place.construct_path
        constructs = self._of_the_cdk(place.stack)
        while path and constructs:
            reason = constructs.get(path, {}).get(rule_id)
            if reason is not None:
                return reason
            path = path.rpartition("/")[0]
        return None

    def _of_the_cdk(self, stack: Stack) -> Mapping[str, Mapping[str, str]]:
        """By construct, the reasons by rule."""
        file = stack.constructs
        if file is None:
            return {}
        if file not in self._files:
            try:
                self._files[file] = _read(read_document(file, self._max_size))
            except TemplateError:
                # It is the CDK's, and says nothing of what is deployed.
                self._files[file] = {}
        return self._files[file]


def given(place: Place) -> Mapping[str, Any]:
    """What the metadata of a resource acknowledges, as it is written: reasons by rule."""
    found = place.metadata.get("acknowledge")
    return found if isinstance(found, dict) else {}


def _read(document: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path, entries in document.items():
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and entry.get("type") == _OF_THE_CDK and isinstance(entry.get("data"), dict):
                for name, reason in entry["data"].items():
                    tool, _, rule_id = name.partition("::")
                    if tool == NAME and isinstance(reason, str) and reason.strip():
                        found.setdefault(path.strip("/"), {})[rule_id] = reason
    return found


def places(topology: Topology) -> Iterable[Place]:
    """Each resource of the topology, once."""
    return {thing.place.id: thing.place for thing in topology.things}.values()
