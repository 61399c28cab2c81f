"""Steps of people and machines: what each of them does to the world, or why it fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...aws.record_sets import EDIT_SECONDS, RECOVERED_SECONDS
from ...aws.regions import ROUTE53_CONTROL_REGION
from ...topology.model import Endpoint, HostedZone
from ..scenario import KINDS, Outage, ScenarioError, Step, nearest
from ..scene import Scene
from ..time import SECOND, Change, Timeline
from .faults import Activity

#: What an edit of a record needs, by the kinds of outages that take it away.
_NEEDED = ("route53-control-plane", "sts", "iam")
#: How a Region may fail so that nothing there is controlled.
_DARK = ("silent", "refused", "hangs", "errors", "denied")


class Done(NamedTuple):
    """A step, and what came of it.

    Attributes:
        step: The step.
        failed: Why it failed; None if it did not.
    """

    step: Step
    failed: str | None

    @property
    def told(self) -> str:
        """What came of it, as a sentence."""
        at = self.step.told
        return f"{at}: failed, {self.failed}" if self.failed is not None else f"{at}: done"


class Steps:
    """The steps of a scenario.

    Args:
        scene: What is played.
        steps: The steps.
        outages: The outages, which a step may need something of.

    Raises:
        ScenarioError: A step is about a name that has no records.
    """

    def __init__(self, scene: Scene, steps: tuple[Step, ...], outages: tuple[Outage, ...]) -> None:
        self._scene = scene
        self._outages = outages
        self._edits: dict[Endpoint, list[tuple[Change, Endpoint | None]]] = {}
        self.done: tuple[Done, ...] = tuple(self._run(step) for step in sorted(steps, key=lambda one: one.when))

    def edited(self, endpoint: Endpoint) -> Timeline[Endpoint | None] | None:
        """What a name leads to that somebody edits, once that is known everywhere; None before, and if nobody does."""
        edits = self._edits.get(endpoint)
        return None if edits is None else Timeline(first=None, changes=edits)

    def _run(self, step: Step) -> Done:
        endpoint = self._scene.topology.endpoint(step.name)
        if not endpoint.records:
            names = sorted(
                {one.name for site in self._scene.sites for one in site.reached if isinstance(one.name, str)}
            )
            raise ScenarioError(f"run edits {step.name}, which has no record here{nearest(step.name, names)}")
        failed = next(self._missing(step, endpoint), None)
        if failed is None:
            known = step.when + EDIT_SECONDS * SECOND
            change = Change(
                known, "step", f"{step.name} leads to {step.value}, as it was edited {EDIT_SECONDS} s before"
            )
            self._edits.setdefault(endpoint, []).append((change, self._scene.topology.endpoint(step.value)))
        return Done(step, failed)

    def _missing(self, step: Step, endpoint: Endpoint) -> Iterator[str]:
        """What an edit needs that is down."""
        for outage in self._outages:
            there = Activity(outage).at(step.when).value
            if there and outage.kind in _NEEDED:
                yield f"since it needs what is down: {KINDS[str(outage.kind)]}"
            elif there and outage.region == ROUTE53_CONTROL_REGION and outage.symptom in _DARK:
                zones = {record.zone for record in endpoint.records}
                recovers = all(isinstance(zone, HostedZone) and zone.accelerated_recovery is True for zone in zones)
                if not recovers or step.when - outage.start < RECOVERED_SECONDS * SECOND:
                    yield f"since Route 53's control plane is in {ROUTE53_CONTROL_REGION}"
