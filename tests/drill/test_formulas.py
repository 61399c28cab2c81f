"""The recovery times that checks and documents give are the longest that a drill comes to, by the same assumptions."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ha_patterns.aws.recovery_times import PROPAGATION
from ha_patterns.drill import Assumptions, Outage, Scenario, SiteResult, Traffic, drill
from ha_patterns.drill.time import SECOND
from ha_patterns.semantics.recovery_time import origin_wait, recoveries
from ha_patterns.topology import Topology
from ha_patterns.topology.model import OriginGroup, Record

from .reference import Architecture, Balancer, Check, Entry, Group, Name, Rule, Source
from .sites import NAME, PRIMARY, READS, STANDBY, grouped, read

_ASSUMED = Assumptions(dns_propagation=PROPAGATION)
#: What each kind of probe notices, and what it does not though users do.
_OVER_TCP = ("silent", "refused")
_OVER_HTTP = (*_OVER_TCP, "hangs", "errors", "denied", "slow")
_SEEN = {"TCP": _OVER_TCP, "HTTP": _OVER_HTTP, "HTTPS": _OVER_HTTP, "HTTP_STR_MATCH": _OVER_HTTP}
_UNSEEN = {"TCP": ("hangs", "errors", "denied", "slow", "health-path-lies"), "HTTP": ("health-path-lies",)}
_RULE = Rule("*", tuple(READS), tuple(READS), (0,))
_few = settings(max_examples=max(1, settings().max_examples // 5), suppress_health_check=list(HealthCheck))


def _topology(resources: dict[str, Any]) -> Topology:
    with TemporaryDirectory() as folder:
        return read(Path(folder), resources)


def _played(topology: Topology, outage: Outage, seed: int) -> SiteResult:
    scenario = Scenario(traffic=Traffic(), assumptions=_ASSUMED, seed=seed)
    return drill(topology, outage, scenario=scenario).sites[0]


def _recovery(topology: Topology) -> int:
    """How long the first record of a failover pair may take to be left, in nanoseconds."""
    spans = {one.thing: one.span.seconds for one in recoveries(topology) if isinstance(one.thing, Record)}
    [found] = [seconds for record, seconds in spans.items() if record.failover == "PRIMARY"]
    assert isinstance(found, int)
    return found * SECOND


def _pair(*checks: Check, ttl: int) -> Topology:
    entries = (Entry(PRIMARY, role="PRIMARY", check=len(checks) - 1), Entry(STANDBY, role="SECONDARY"))
    return _topology(
        Architecture((Source(NAME),), (_RULE,), {}, (Name(NAME, "failover", ttl, entries),), checks).resources()
    )


@st.composite
def _probes(draw: st.DrawFn) -> Check:
    kind = draw(st.sampled_from(sorted(_SEEN)))
    return Check(kind, PRIMARY, draw(st.sampled_from([10, 30])), draw(st.integers(1, 10)))


@pytest.mark.property
@_few
@given(data=st.data(), check=_probes(), ttl=st.integers(1, 300), seed=st.integers(0, 99), calculated=st.booleans())
def test_a_pair_with_a_health_check_recovers_within_its_formula(
    data: st.DataObject, check: Check, ttl: int, seed: int, *, calculated: bool
) -> None:
    topology = _pair(check, *([Check(children=(0,))] if calculated else []), ttl=ttl)
    symptom = data.draw(st.sampled_from(_SEEN[check.kind]))

    [summary] = _played(topology, Outage(name=PRIMARY, symptom=symptom, lasts=1_200), seed).summaries

    assert summary.lost > 0
    assert summary.recovered is not None
    assert summary.recovered <= _recovery(topology)


@pytest.mark.parametrize(("kind", "symptom"), [(kind, symptom) for kind, found in _UNSEEN.items() for symptom in found])
def test_traffic_does_not_move_for_what_a_health_check_does_not_see(kind: str, symptom: str) -> None:
    topology = _pair(Check(kind, PRIMARY), ttl=60)

    [summary] = _played(topology, Outage(name=PRIMARY, symptom=symptom), 0).summaries

    assert summary.recovered is None
    assert summary.lost > 0.99
    assert STANDBY not in summary.served


@pytest.mark.property
@_few
@given(
    group=st.builds(Group, st.just(1), *(st.integers(*some) for some in ((5, 60), (2, 10), (2, 10), (2, 5)))),
    symptom=st.sampled_from(["silent", "refused", "hangs"]),
    resource=st.sampled_from(["Balancer0", "Group0x0"]),
    seed=st.integers(0, 99),
)
def test_an_alias_that_evaluates_target_health_recovers_within_its_formula(
    group: Group, symptom: str, resource: str, seed: int
) -> None:
    entries = tuple(
        Entry(balancer=place, evaluates=True, role=role) for place, role in enumerate(("PRIMARY", "SECONDARY"))
    )
    # Connections that stay open are nobody's recovery time: the keep-alive comes on top where the old end answers.
    balancers = (Balancer((group,), keep_alive=60, idle=3), Balancer((Group(),)))
    names = (Name(NAME, "failover", 60, entries),)
    topology = _topology(Architecture((Source(NAME),), (_RULE,), {}, names, balancers=balancers).resources())

    [summary] = _played(topology, Outage(resource=resource, symptom=symptom, lasts=2_000), seed).summaries

    assert summary.lost > 0
    assert summary.recovered is not None
    on_top = 0 if resource == "Balancer0" else 60 * SECOND
    assert summary.recovered <= _recovery(topology) + on_top


@pytest.mark.parametrize("lies", [False, True])
def test_an_alias_does_not_see_what_targets_do_not_fail_for(*, lies: bool) -> None:
    entries = tuple(
        Entry(balancer=place, evaluates=True, role=role) for place, role in enumerate(("PRIMARY", "SECONDARY"))
    )
    balancers = (Balancer((Group(),), keep_alive=60), Balancer((Group(),)))
    names = (Name(NAME, "failover", 60, entries),)
    topology = _topology(Architecture((Source(NAME),), (_RULE,), {}, names, balancers=balancers).resources())
    symptom = "health-path-lies" if lies else "errors"

    [summary] = _played(topology, Outage(resource="Group0x0", symptom=symptom), 0).summaries

    assert (summary.recovered is None) is lies
    assert ("site/Balancer1" in summary.served) is not lies


@pytest.mark.property
@_few
@given(
    attempts=st.integers(1, 3),
    connect=st.integers(1, 10),
    within=st.integers(1, 20),
    most=st.none() | st.integers(20, 60),
    symptom=st.sampled_from(["silent", "refused", "hangs", "slow"]),
)
def test_an_origin_group_makes_requests_wait_no_longer_than_its_formula(
    attempts: int, connect: int, within: int, most: int | None, symptom: str
) -> None:
    waits: dict[str, Any] = {"ConnectionAttempts": attempts, "ConnectionTimeout": connect, "OriginReadTimeout": within}
    if most is not None:
        waits["ResponseCompletionTimeout"] = most
    topology = _topology(grouped(**waits))
    [group] = topology.of(OriginGroup)
    assert group.primary is not None
    longest = origin_wait(group.primary).seconds
    assert isinstance(longest, int)

    site = _played(topology, Outage(name=PRIMARY, symptom=symptom, latency=25), 0)

    assert site.summaries[0].lost == 0 or most is not None
    for way in site.ways:
        usual = max(outcome.latency for _, outcome in way.before)
        waited = [outcome.latency for segment in way.segments for _, outcome in segment.outcomes if outcome.legs == 2]
        assert waited
        # The second origin is farther or nearer than the first.
        assert max(waited) <= longest * SECOND + usual + SECOND // 2


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("period", "evaluated"), [(60, 1), (60, 3), (300, 2)])
def test_an_alarm_that_a_check_follows_recovers_within_its_formula(period: int, evaluated: int, seed: int) -> None:
    entries = (Entry(balancer=0, role="PRIMARY", check=0), Entry(balancer=1, role="SECONDARY"))
    balancers = (Balancer((Group(),), keep_alive=60), Balancer((Group(),)))
    names = (Name(NAME, "failover", 60, entries),)
    site = Architecture((Source(NAME),), (_RULE,), {}, names, (Check(asks=PRIMARY),), balancers)
    resources = site.resources()
    resources["Alarm"] = {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": "AWS/ApplicationELB",
            "MetricName": "HTTPCode_ELB_5XX_Count",
            "Statistic": "Sum",
            "Period": period,
            "EvaluationPeriods": evaluated,
            "Threshold": 10,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "Dimensions": [{"Name": "LoadBalancer", "Value": {"Fn::GetAtt": ["Balancer0", "LoadBalancerFullName"]}}],
        },
    }
    followed = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": {"Ref": "Alarm"}, "Region": "us-east-1"}}
    resources["Check0"]["Properties"] = {"HealthCheckConfig": {**followed, "InsufficientDataHealthStatus": "Healthy"}}
    topology = _topology(resources)

    [summary] = _played(topology, Outage(resource="Balancer0", symptom="refused", lasts=4_000), seed).summaries

    assert summary.lost > 0
    assert summary.recovered is not None
    assert summary.recovered <= _recovery(topology)
