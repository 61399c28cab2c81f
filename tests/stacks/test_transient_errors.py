"""The reference stacks of the guide's first use case: what each of them is there to show."""

from __future__ import annotations

from ha_patterns.catalog import BY_NAME

from ..samples import Properties, group_members, waits
from .conftest import ReferenceApp


def _config(reference: ReferenceApp, stack: str) -> Properties:
    (distribution,) = (
        resource["Properties"]["DistributionConfig"]
        for resource in reference.template(stack)["Resources"].values()
        if resource["Type"] == "AWS::CloudFront::Distribution"
    )
    return dict(distribution)


def test_the_same_origin_is_asked_twice_and_connected_to_up_to_three_times_in_each_try(
    reference: ReferenceApp,
) -> None:
    first, second = group_members(_config(reference, "same-origin-retry-edge"))

    assert first["DomainName"] == second["DomainName"] == "primary.same-origin-retry.example.org"
    assert [waits(first), waits(second)] == [(3, 1, 4), (3, 3, 10)]
    assert BY_NAME["same-origin-retry"].failover_seconds == 3 * (1 + 4)


def test_the_same_origin_retry_has_one_origin_in_one_region(reference: ReferenceApp) -> None:
    stacks = [name for name in reference.stacks if name.startswith("same-origin-retry-")]

    assert stacks == ["same-origin-retry-primary", "same-origin-retry-edge"]
