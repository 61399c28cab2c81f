"""The hosted zones of AWS's own names."""

from __future__ import annotations

from collections import Counter

from aws_cdk.region_info import RegionInfo

from ha_patterns.aws.hosted_zones import ALIAS_ZONES, AliasService, AliasZone


def test_each_zone_is_of_one_service_in_one_region() -> None:
    counts = Counter((owner.service, owner.region) for owner in ALIAS_ZONES.values() if owner.region)

    assert set(counts.values()) == {1}
    assert Counter(service for service, _ in counts) == {
        AliasService.APPLICATION_BALANCER: 38,
        AliasService.NETWORK_BALANCER: 38,
        AliasService.API: 35,
        AliasService.WEBSITE: 36,
    }


def test_the_cdk_knows_the_same_zones_of_websites() -> None:
    known = {
        info.s3_static_website_hosted_zone_id: info.name
        for info in RegionInfo.regions
        if info.s3_static_website_hosted_zone_id and "-iso" not in info.name
    }
    ours = {zone: owner.region for zone, owner in ALIAS_ZONES.items() if owner.service is AliasService.WEBSITE}

    assert ours == known


def test_a_zone_is_said_with_its_region() -> None:
    assert str(ALIAS_ZONES["Z32O12XQLNTSW2"]) == "an Application or Classic Load Balancer in eu-west-1"
    assert str(AliasZone(AliasService.ACCELERATOR, None)) == "Global Accelerator"
