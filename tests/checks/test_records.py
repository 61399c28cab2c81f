"""What the rules say of records: of pairs, of sets, and of what a template does not tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .dns_documents import (
    CLOUDFRONT,
    NO_VALUE,
    ZONE,
    Resources,
    alias,
    attribute,
    balancer_name,
    bare_check,
    found,
    health_check,
    latency,
    load_balancer,
    primary,
    record,
    ref,
    report,
    secondary,
    untold,
)

_HEALTH: Resources = {"Health": health_check()}
_API = "d-1111111111.execute-api.eu-west-1.amazonaws.com"
_WEBSITE = "s3-website-eu-west-1.amazonaws.com"
_VPC_ENDPOINT = "vpce-1111-2222.execute-api.eu-west-1.vpce.amazonaws.com"


def _pair(first: dict[str, Any] | None = None, second: dict[str, Any] | None = None, **more: Any) -> Resources:
    return {**ZONE, **_HEALTH, "First": primary(**(first or {})), "Second": secondary(**(second or {})), **more}


def _if(then: object, otherwise: object = NO_VALUE) -> dict[str, list[object]]:
    return {"Fn::If": ["Maybe", then, otherwise]}


def test_a_sound_pair_has_nothing_to_find(tmp_path: Path) -> None:
    assert {one.rule.id for one in report(tmp_path, _pair()).findings} == {"HA229"}


# A primary record that can fail.


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (None, "has no health check"),
        (alias(balancer_name(), evaluate=False), "does not evaluate the health of its target"),
        (alias(_API), "tells of API Gateway in the Region, not of the API"),
        (alias(_WEBSITE), "(S3 website) brings nothing"),
        (alias(_VPC_ENDPOINT), "(VPC endpoint) brings nothing"),
        (alias("d111111abcdef8.cloudfront.net", evaluate=True), "(CloudFront) brings nothing"),
    ],
)
def test_a_primary_record_without_a_health_check_never_fails_over(
    tmp_path: Path, target: dict[str, Any] | None, said: str
) -> None:
    resources = _pair({"HealthCheckId": None, **({} if target is None else {"AliasTarget": target})})

    [message] = found(tmp_path, "HA201", resources)

    assert said in message


@pytest.mark.parametrize(
    "first",
    [
        {},
        {"AliasTarget": alias(_API, evaluate=False)},
        {"AliasTarget": alias("d111111abcdef8.cloudfront.net", evaluate=False, zone=CLOUDFRONT)},
        {"AliasTarget": alias("a1111.awsglobalaccelerator.com")},
        {"HealthCheckId": None, "AliasTarget": alias(balancer_name())},
        {"HealthCheckId": None, "AliasTarget": alias(f"dualstack.{balancer_name()}")},
        {"HealthCheckId": "11111111-1111-1111-1111-111111111111"},
        {"HealthCheckId": ref("Given")},
        {"HealthCheckId": _if(ref("Health"))},
    ],
)
def test_a_primary_record_that_may_fail_is_fine(tmp_path: Path, first: dict[str, Any]) -> None:
    assert not found(tmp_path, "HA201", _pair(first), ("Given",))


@pytest.mark.parametrize(
    "first",
    [
        {"AliasTarget": alias(ref("Name"))},
        {"AliasTarget": alias(balancer_name(), evaluate=ref("Evaluate"))},
        {"AliasTarget": alias("shop.eu-west-1.elasticbeanstalk.com")},
        {"Failover": ref("Half")},
    ],
)
def test_a_primary_record_of_which_nothing_tells_is_no_finding(tmp_path: Path, first: dict[str, Any]) -> None:
    resources = _pair({"HealthCheckId": None, **first})

    assert untold(tmp_path, "HA201", resources, ("Name", "Evaluate", "Half"))


def test_an_alias_to_records_fails_only_where_each_of_them_can(tmp_path: Path) -> None:
    one = latency("eu-west-1", Name="in.example.com", HealthCheckId=ref("Health"))
    two = latency("eu-central-1", Name="in.example.com", HealthCheckId=ref("Health2"))
    inner = {"One": one, "Two": two, "Health2": health_check(FullyQualifiedDomainName="two.example.com")}
    first = {"HealthCheckId": None, "AliasTarget": alias("in.example.com", zone=ref("Zone"))}

    assert not found(tmp_path, "HA201", _pair(first, **inner))
    del one["Properties"]["HealthCheckId"]
    [message] = found(tmp_path, "HA201", _pair(first, **inner))
    assert "in.example.com, which it is an alias of, is always healthy" in message


def test_records_of_a_group_are_looked_at_too(tmp_path: Path) -> None:
    own = primary(HealthCheckId=None)["Properties"]
    zone = own.pop("HostedZoneId")
    other = {name: value for name, value in secondary()["Properties"].items() if name != "HostedZoneId"}
    group = {
        "Type": "AWS::Route53::RecordSetGroup",
        "Properties": {"HostedZoneId": zone, "RecordSets": [own, other]},
    }

    said = report(tmp_path, {**ZONE, "Group": group})

    assert [(one.rule.id, one.place.path) for one in said.findings] == [
        ("HA201", ("Properties", "RecordSets", 0, "HealthCheckId"))
    ]


# Both halves of a pair.


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        ({**ZONE, "Second": secondary()}, ["a SECONDARY record and no PRIMARY record"]),
        ({**ZONE, **_HEALTH, "First": primary()}, ["a PRIMARY record and no SECONDARY record"]),
        (_pair({"Type": "AAAA"}), ["origin.example.com AAAA", "origin.example.com A "]),
        (_pair(More=primary(SetIdentifier="third")), ["2 PRIMARY records, first and third"]),
        (_pair({"Name": "a.example.com"}), ["give both the same name", "give both the same name"]),
    ],
)
def test_a_pair_takes_one_record_of_each_half(tmp_path: Path, resources: Resources, said: list[str]) -> None:
    messages = found(tmp_path, "HA202", resources)

    assert len(said) == len(messages)
    assert all(part in message for part, message in zip(said, messages, strict=True))


@pytest.mark.parametrize(
    "first",
    [
        {"HostedZoneId": ref("Given")},
        {"HostedZoneId": {"Fn::ImportValue": "zone"}},
        {"Name": ref("Given")},
        {"Name": {"Fn::Sub": "${Given}.example.com"}},
    ],
)
def test_a_half_may_be_in_another_template_where_the_name_or_the_zone_is_given(
    tmp_path: Path, first: dict[str, Any]
) -> None:
    assert untold(tmp_path, "HA202", {**ZONE, **_HEALTH, "First": primary(**first)}, ("Given",))


def test_a_half_under_a_condition_that_nothing_tells_is_no_finding(tmp_path: Path) -> None:
    alone = {**ZONE, **_HEALTH, "First": {**primary(), "Condition": "Maybe"}}

    assert untold(tmp_path, "HA202", alone)
    assert not found(tmp_path, "HA202", _pair(More={**primary(SetIdentifier="third"), "Condition": "Maybe"}))


@pytest.mark.parametrize("name", ["example.com", "example.com.", "EXAMPLE.com."])
def test_one_half_may_name_the_zone_and_the_other_its_id(tmp_path: Path, name: str) -> None:
    assert not found(tmp_path, "HA202", _pair({"HostedZoneId": None, "HostedZoneName": name}))


@pytest.mark.parametrize("name", ["origin.example.com.", "ORIGIN.example.com"])
def test_names_are_the_same_but_for_case_and_the_last_dot(tmp_path: Path, name: str) -> None:
    assert not found(tmp_path, "HA202", _pair({"Name": name}))


def test_the_same_name_in_a_private_and_a_public_zone_is_two_pairs(tmp_path: Path) -> None:
    private = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.com", "VPCs": [{"VPCId": "vpc-1"}]}}
    resources = _pair(Inner=private, Third=primary(HostedZoneId=ref("Inner")))

    assert len(found(tmp_path, "HA202", resources)) == 1


# TTLs.


@pytest.mark.parametrize(("ttl", "count"), [("60", 0), ("61", 1), ("1800", 1), (None, 0)])
def test_a_record_that_fails_over_is_remembered_for_a_minute_at_most(
    tmp_path: Path, ttl: str | None, count: int
) -> None:
    assert count == len(found(tmp_path, "HA204", _pair({"TTL": ttl})))


def _labels(kind: str, *values: str, **more: Any) -> Resources:
    own = {"Type": kind, "Name": "text.example.com", "TTL": "300", "ResourceRecords": list(values)}
    return {
        **ZONE,
        **_HEALTH,
        "First": primary(**own),
        "Second": secondary(**own, HealthCheckId=ref("Health")),
        **more,
    }


_OWNER = '"heritage=external-dns,external-dns/owner=shop"'


@pytest.mark.parametrize(
    ("resources", "labels"),
    [
        (_labels("TXT", _OWNER), True),
        (_labels("TXT", '"v=spf1 -all"', _OWNER), True),
        (_labels("CAA", '0 issue "amazon.com"'), True),
        (_labels("TXT", '"eu-west-1"', Address=record(Name="text.example.com")), True),
        (_labels("TXT", '"eu-west-1"'), False),
        (_labels("TXT", '"eu-west-1"', _OWNER), False),
        (_labels("MX", "10 mail.example.com"), False),
    ],
)
def test_records_that_only_say_something_of_a_name_move_no_traffic(
    tmp_path: Path, resources: Resources, labels: bool
) -> None:
    for rule_id in ("HA204", "HA212"):
        assert (found(tmp_path, rule_id, resources) == []) is labels


@pytest.mark.parametrize("rule_id", ["HA201", "HA202"])
def test_half_a_pair_of_labels_stands_by_for_nothing(tmp_path: Path, rule_id: str) -> None:
    label = primary(Type="TXT", ResourceRecords=[_OWNER], HealthCheckId=None)

    assert not found(tmp_path, rule_id, {**ZONE, "First": label})
    assert found(tmp_path, rule_id, {**ZONE, "First": primary(HealthCheckId=None)})


@pytest.mark.parametrize(("checked", "count"), [(ref("Health"), 1), (None, 0)])
def test_other_records_are_remembered_for_long_only_where_they_have_no_health_check(
    tmp_path: Path, checked: object, count: int
) -> None:
    resources = {**ZONE, **_HEALTH, "One": latency("eu-west-1", TTL="300", HealthCheckId=checked)}

    assert count == len(found(tmp_path, "HA204", resources))


def test_an_alias_to_a_record_has_the_ttl_of_that(tmp_path: Path) -> None:
    inner = record(Name="one.example.com", TTL="300")
    resources = _pair({"AliasTarget": alias("one.example.com", zone=ref("Zone"))}, Inner=inner)

    [message] = found(tmp_path, "HA204", resources)

    assert "for 300 seconds; at most 60 lets traffic move: the TTL of one.example.com" in message


def test_a_ttl_that_is_given_is_no_finding(tmp_path: Path) -> None:
    resources = _pair({"TTL": ref("Given")})

    assert not found(tmp_path, "HA203", resources, ("Given",))
    assert not found(tmp_path, "HA204", resources, ("Given",))


def test_an_alias_has_no_ttl_that_differs(tmp_path: Path) -> None:
    assert not found(tmp_path, "HA203", _pair({"AliasTarget": alias(balancer_name())}))


def test_records_of_one_group_are_told_apart(tmp_path: Path) -> None:
    records = [
        record(SetIdentifier=name, Weight=1, TTL=ttl)["Properties"] for name, ttl in (("blue", "60"), ("green", "300"))
    ]
    resources = {**ZONE, "Group": {"Type": "AWS::Route53::RecordSetGroup", "Properties": {"RecordSets": records}}}

    [message] = found(tmp_path, "HA205", resources)

    assert "60 seconds (blue) and 300 seconds (green)" in message


# Geolocation.


def _places(*places: object) -> Resources:
    return {
        **ZONE,
        **{f"Place{i}": record(SetIdentifier=str(i), GeoLocation=place) for i, place in enumerate(places)},
    }


@pytest.mark.parametrize(
    "places",
    [
        [{"CountryCode": "DE"}, {"CountryCode": "*"}],
        [{"ContinentCode": "EU"}, {"CountryCode": "*"}],
        [{"CountryCode": "DE"}, {"CountryCode": ref("Given")}],
        [{"CountryCode": "DE"}, ref("Given")],
    ],
)
def test_a_default_location_is_there_or_may_be(tmp_path: Path, places: list[object]) -> None:
    assert not found(tmp_path, "HA206", _places(*places), ("Given",))


def test_a_continent_a_country_and_a_state_are_told_apart(tmp_path: Path) -> None:
    africa, afghanistan = {"ContinentCode": "AF"}, {"CountryCode": "AF"}
    california, states = {"CountryCode": "US", "SubdivisionCode": "CA"}, {"CountryCode": "US"}

    [message] = found(tmp_path, "HA206", _places(africa, afghanistan, california, states))

    assert (
        "is answered only in continent AF (Africa), country AF, country US (subdivision CA) and country US;" in message
    )


def test_one_location_of_a_given_zone_is_no_finding(tmp_path: Path) -> None:
    one = {"Place": record(SetIdentifier="de", GeoLocation={"CountryCode": "DE"}, HostedZoneId=ref("Given"))}

    assert untold(tmp_path, "HA206", one, ("Given",))


def test_several_locations_of_a_zone_that_is_elsewhere_are_chosen_together(tmp_path: Path) -> None:
    places = {
        f"Place{code}": record(SetIdentifier=code, GeoLocation={"CountryCode": code}, HostedZoneId="Z1111111111111")
        for code in ("DE", "FR")
    }

    assert len(found(tmp_path, "HA206", places)) == 1


def _blocks(*names: Any) -> Resources:
    return {
        **ZONE,
        **{
            f"Block{index}": record(
                SetIdentifier=str(index), CidrRoutingConfig={"CollectionId": "c1", "LocationName": name}
            )
            for index, name in enumerate(names)
        },
    }


def _zones(*kinds: Any) -> Resources:
    return {
        **ZONE,
        **{
            f"Zone{index}": record(
                SetIdentifier=str(index), AZAffinity={"LocationType": kind, "LocationId": "use1-az1"}
            )
            for index, kind in enumerate(kinds)
        },
    }


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_blocks("berlin", "paris"), "answered only in location berlin and location paris; no record is for *"),
        (_blocks("berlin", "*"), None),
        (_blocks("berlin", ref("Given")), None),
        (
            _zones("AvailabilityZone", "Region"),
            "AvailabilityZone use1-az1 and Region use1-az1; no record is for Global",
        ),
        (_zones("AvailabilityZone", "Global"), None),
        (_zones("AvailabilityZone", ref("Given")), None),
    ],
)
def test_blocks_and_zones_need_a_default_as_places_do(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA206", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


# Both address families.


def _families(*, six: Any = None, **more: Any) -> Resources:
    first, second = alias(balancer_name("eu-west-1")), alias(balancer_name("eu-central-1", "two"))
    return {
        **ZONE,
        "First": primary(HealthCheckId=None, AliasTarget=first),
        "Second": secondary(ResourceRecords=None, TTL=None, AliasTarget=second),
        "Six": six or record(Type="AAAA", AliasTarget=first),
        **more,
    }


_MOVES = {
    "Other": primary(Name="other.example.com", Type="AAAA", ResourceRecords=["2600:1f18::1"], HealthCheckId=None),
    "Site": {"Type": "AWS::GlobalAccelerator::Accelerator", "Properties": {"Name": "shop"}},
}


@pytest.mark.parametrize(
    ("resources", "count"),
    [
        (_families(), 1),
        (_families(six=record(Type="AAAA", ResourceRecords=["2600:1f18::1"])), 1),
        (_families(six=record(Type="AAAA", Name="else.example.com", ResourceRecords=["2600:1f18::1"])), 0),
        (_families(six=record(Type="AAAA", AliasTarget=alias(ref("Given")))), 0),
        (_families(six={**record(Type="AAAA", ResourceRecords=["2600:1f18::1"]), "Condition": "Maybe"}), 0),
        (_families(six=record(Type="AAAA", AliasTarget=alias("other.example.com", zone=ref("Zone"))), **_MOVES), 0),
        (_families(six=record(Type="AAAA", AliasTarget=alias(attribute("Site", "DnsName"))), **_MOVES), 0),
        (
            _families(
                First=primary(Type="AAAA", ResourceRecords=["2600:1f18::1"], HealthCheckId="11111111"),
                Second=secondary(Type="AAAA", ResourceRecords=["2600:1f14::1"]),
                six=record(Type="A"),
            ),
            1,
        ),
        (_families(First=latency("eu-west-1"), Second=latency("us-east-1")), 0),
    ],
)
def test_both_address_families_of_a_name_move(tmp_path: Path, resources: Resources, count: int) -> None:
    assert len(found(tmp_path, "HA242", resources, ("Given",))) == count


# Sets in which traffic moves.


def _set(policy: str, count: int = 2, **properties: Any) -> Resources:
    names = ("eu-west-1", "eu-central-1", "us-east-1")[:count]
    policies: dict[str, dict[str, dict[str, Any]]] = {
        "latency": {name: {"Region": name} for name in names},
        "weighted": {name: {"Weight": 1} for name in names},
        "multivalue": {name: {"MultiValueAnswer": True} for name in names},
        "geoproximity": {name: {"GeoProximityLocation": {"AWSRegion": name}} for name in names},
        "geolocation": {name: {"GeoLocation": {"CountryCode": "*"}} for name in names},
        "affinity": {name: {"AZAffinity": {"LocationType": "Region", "LocationId": name}} for name in names},
    }
    own = policies[policy].items()
    return {
        **ZONE,
        **{name.replace("-", ""): record(SetIdentifier=name, **given, **properties) for name, given in own},
    }


@pytest.mark.parametrize(
    ("policy", "count"),
    [
        ("latency", 1),
        ("geoproximity", 1),
        ("multivalue", 1),
        ("weighted", 0),
        ("geolocation", 0),
        # Of these a query has one answer, and a rule of their own would have to say which may fail.
        ("affinity", 0),
    ],
)
def test_records_without_health_checks_never_move_traffic(tmp_path: Path, policy: str, count: int) -> None:
    assert count == len(found(tmp_path, "HA207", _set(policy)))


@pytest.mark.parametrize(
    ("regions", "weights", "count"),
    [
        (("eu-west-1", "eu-central-1"), (1, 1), 1),
        (("eu-west-1", "eu-west-1"), (90, 10), 0),
        (("eu-west-1", "eu-central-1"), (1, 0), 0),
    ],
)
def test_weights_are_for_moving_only_between_regions(
    tmp_path: Path, regions: tuple[str, str], weights: tuple[int, int], count: int
) -> None:
    records = {
        name: record(SetIdentifier=name, Weight=weight, Type="CNAME", ResourceRecords=[balancer_name(region, name)])
        for name, region, weight in zip(("one", "two"), regions, weights, strict=True)
    }

    assert count == len(found(tmp_path, "HA207", {**ZONE, **records}))


def test_the_records_that_are_stuck_are_named(tmp_path: Path) -> None:
    one, two = latency("eu-west-1", HealthCheckId=ref("Health")), latency("us-east-1")

    [message] = found(tmp_path, "HA207", {**ZONE, **_HEALTH, "One": one, "Two": two})

    assert message == "latency record us-east-1 of origin.example.com A: it has no health check"


# Distributions.


@pytest.mark.parametrize(
    ("target", "count"),
    [
        (alias("d111111abcdef8.cloudfront.net"), 1),
        (alias(attribute("Site", "DomainName"), zone=CLOUDFRONT), 1),
        (alias(ref("Given"), zone=CLOUDFRONT), 1),
        (alias(ref("Given")), 0),
        (alias("d111111abcdef8.cloudfront.net", evaluate=ref("Given")), 0),
        (alias(balancer_name()), 0),
    ],
)
def test_the_health_of_a_distribution_cannot_be_evaluated(tmp_path: Path, target: dict[str, Any], count: int) -> None:
    site = {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": {"Enabled": True}}}

    messages = found(tmp_path, "HA208", {**ZONE, "Site": site, "Name": record(AliasTarget=target)}, ("Given",))

    assert count == len(messages)


@pytest.mark.parametrize(
    ("second", "count"),
    [("d222222abcdef8.cloudfront.net", 1), ("d111111abcdef8.cloudfront.net", 0), (ref("Given"), 0)],
)
def test_records_do_not_choose_between_distributions(tmp_path: Path, second: object, count: int) -> None:
    resources = _pair(
        {"AliasTarget": alias("d111111abcdef8.cloudfront.net", evaluate=False, zone=CLOUDFRONT)},
        {"AliasTarget": alias(second, evaluate=False, zone=CLOUDFRONT)},
    )

    assert count == len(found(tmp_path, "HA209", resources, ("Given",)))


# One fate.


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (["192.0.2.1"], ["192.0.2.1"], "lead to 192.0.2.1"),
        ([balancer_name("eu-west-1", "a")], [balancer_name("eu-west-1", "b")], "lead to eu-west-1: the outage"),
        ([balancer_name("eu-west-1", "a")], [balancer_name("eu-west-2", "b")], None),
        (["a.example.net"], [balancer_name("eu-west-1", "b")], None),
        (["a.example.net"], ["b.example.net"], None),
        ([ref("Given")], [ref("Other")], None),
        ([_if("a.example.net", "b.example.net")], [_if("b.example.net", "a.example.net")], None),
    ],
)
def test_what_both_records_lead_to_is_not_the_same(
    tmp_path: Path, first: list[object], second: list[object], said: str | None
) -> None:
    resources = _pair({"Type": "CNAME", "ResourceRecords": first}, {"Type": "CNAME", "ResourceRecords": second})

    messages = found(tmp_path, "HA210", resources, ("Given", "Other"))

    assert len(messages) == (0 if said is None else 1)
    assert all(said in message for message in messages if said is not None)


def test_two_names_of_one_load_balancer_are_one_fate(tmp_path: Path) -> None:
    name = attribute("Balancer", "DNSName")
    resources = _pair(
        {"AliasTarget": alias(name)},
        {"AliasTarget": alias({"Fn::Join": ["", ["dualstack.", name]]})},
        Balancer=load_balancer(),
    )

    [message] = found(tmp_path, "HA210", resources)

    assert message.endswith("lead to dns/Balancer")


def test_records_with_text_lead_nowhere(tmp_path: Path) -> None:
    text = {"Type": "TXT", "ResourceRecords": ['"one"']}

    assert not found(tmp_path, "HA210", _pair(text, text))


# Regions.


@pytest.mark.parametrize(
    ("region", "count"),
    [("mars-1", 1), ("eu-west-9", 1), ("eu-west-1", 0), ("cn-north-1", 0), (ref("AWS::Region"), 0), ("${opt:x}", 0)],
)
def test_a_latency_record_is_of_a_region_of_aws(tmp_path: Path, region: Any, count: int) -> None:
    assert count == len(found(tmp_path, "HA211", {**ZONE, "One": latency("x", Region=region)}))


# One health check.


_TURNED = bare_check(Type="CALCULATED", HealthThreshold=1, ChildHealthChecks=[ref("Health")], Inverted=True)
_CALCULATED = bare_check(Type="CALCULATED", HealthThreshold=1, ChildHealthChecks=[ref("Health")])
_SWITCH = bare_check(Type="RECOVERY_CONTROL", RoutingControlArn=attribute("Switch", "RoutingControlArn"))
_BOTH = bare_check(Type="CALCULATED", HealthThreshold=1, ChildHealthChecks=[ref("Health"), ref("Third")])


@pytest.mark.parametrize(
    ("second", "count"),
    [
        (health_check(), 1),
        (_CALCULATED, 1),
        (_TURNED, 0),
        (_BOTH, 0),
        (health_check(ResourcePath="/other"), 0),
        (health_check(FullyQualifiedDomainName="two.example.com"), 0),
        (health_check(Inverted=True), 0),
    ],
)
def test_records_do_not_follow_one_health_check(tmp_path: Path, second: dict[str, Any], count: int) -> None:
    third = health_check(FullyQualifiedDomainName="three.example.com")
    resources = _pair({}, {"HealthCheckId": ref("Other")}, Other=second, Third=third)

    assert count == len(found(tmp_path, "HA212", resources))


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        (ref("Given"), ref("Given"), 1),
        (ref("Given"), ref("Other"), 0),
        ("11111111-1111-1111-1111-111111111111", "11111111-1111-1111-1111-111111111111", 1),
        (_if(ref("Given"), ref("Other")), _if(ref("Other"), ref("Given")), 0),
        (ref("Health"), None, 0),
    ],
)
def test_health_checks_from_elsewhere_are_the_same_where_they_are_given_the_same(
    tmp_path: Path, first: object, second: object, count: int
) -> None:
    resources = _pair({"HealthCheckId": first}, {"HealthCheckId": second})

    assert count == len(found(tmp_path, "HA212", resources, ("Given", "Other")))


def test_two_health_checks_that_follow_one_switch_are_one(tmp_path: Path) -> None:
    switch = {"Type": "AWS::Route53RecoveryControl::RoutingControl", "Properties": {"Name": "switch"}}
    resources = _pair({}, {"HealthCheckId": ref("Other")}, Health=_SWITCH, Other=_SWITCH, Switch=switch)

    assert len(found(tmp_path, "HA212", resources)) == 1


def test_all_latency_records_with_one_health_check_stay_where_they_are(tmp_path: Path) -> None:
    resources = {**ZONE, **_HEALTH, "One": latency("eu-west-1", HealthCheckId=ref("Health"))}
    resources["Two"] = latency("us-east-1", HealthCheckId=ref("Health"))

    assert len(found(tmp_path, "HA212", resources)) == 1


# Latency records of the wrong Region.


def _measured(region: object, answer: dict[str, Any]) -> Resources:
    return {**ZONE, "One": latency("eu-west-1", Region=region, **answer)}


def test_a_latency_record_is_of_the_region_that_it_leads_to(tmp_path: Path) -> None:
    resources = _measured("us-east-1", {"AliasTarget": alias(balancer_name("eu-west-1"))})
    [message] = found(tmp_path, "HA213", resources)

    assert message == "the latency record of us-east-1 for origin.example.com leads to eu-west-1"


@pytest.mark.parametrize(
    ("region", "answer"),
    [
        ("eu-west-1", {"AliasTarget": alias(balancer_name("eu-west-1"))}),
        ("us-east-1", {"ResourceRecords": ["192.0.2.1"]}),
        ("us-east-1", {"AliasTarget": alias(CLOUDFRONT)}),
        (ref("Given"), {"AliasTarget": alias(balancer_name("eu-west-1"))}),
        # That there is no such Region is another finding.
        ("eu-west-9", {"AliasTarget": alias(balancer_name("eu-west-1"))}),
    ],
)
def test_a_latency_record_of_no_known_place_is_fine(tmp_path: Path, region: object, answer: dict[str, Any]) -> None:
    assert not found(tmp_path, "HA213", _measured(region, answer), ("Given",))


def test_a_latency_record_may_lead_to_records_of_several_regions(tmp_path: Path) -> None:
    inner = {
        name: record(Name="in.example.com", SetIdentifier=name, Failover=half, AliasTarget=alias(balancer_name(name)))
        for name, half in (("eu-west-1", "PRIMARY"), ("eu-central-1", "SECONDARY"))
    }
    resources = _measured("us-east-1", {"AliasTarget": alias("in.example.com", zone=ref("Zone"))})
    inner = {name.replace("-", ""): one for name, one in inner.items()}

    assert not found(tmp_path, "HA213", {**resources, **inner})


_ELSEWHERE = {"HostedZoneId": "Z0EXAMPLE"}
_WAITS = "the records of the hosted zone Z0EXAMPLE, which no given template makes"


def _elsewhere(rule_id: str, *records: dict[str, Any]) -> Resources:
    """Records of a zone that no template makes, of whose set a rule says something where the zone is here."""
    return {**_HEALTH, **{f"{rule_id}{number}": one for number, one in enumerate(records)}}


@pytest.mark.parametrize(
    ("rule_id", "records"),
    [
        ("HA202", (primary(),)),
        ("HA202", (secondary(),)),
        ("HA206", (record(SetIdentifier="de", GeoLocation={"CountryCode": "DE"}),)),
        (
            "HA210",
            tuple(
                latency(region, Type="CNAME", ResourceRecords=[balancer_name(name=region)], HealthCheckId=ref("Health"))
                for region in ("eu-west-1", "eu-west-2")
            ),
        ),
        ("HA212", tuple(latency(region, HealthCheckId=ref("Health")) for region in ("eu-west-1", "eu-west-2"))),
    ],
)
def test_what_may_be_elsewhere_is_no_finding(tmp_path: Path, rule_id: str, records: tuple[Any, ...]) -> None:
    here = _elsewhere(rule_id, *records)
    there = {
        name: {**one, "Properties": {**one["Properties"], **_ELSEWHERE}} if "Name" in one["Properties"] else one
        for name, one in here.items()
    }

    assert len(found(tmp_path, rule_id, {**ZONE, **here})) == 1
    said = report(tmp_path, there)
    assert rule_id not in {one.rule.id for one in said.findings}
    told = [one.message for rule, one in said.cannot_tell if rule.id == rule_id]
    assert len(told) == 1
    assert told[0].endswith(_WAITS)


@pytest.mark.parametrize("rule_id", ["HA203", "HA210", "HA212"])
def test_a_pair_of_another_zone_is_whole_and_judged(tmp_path: Path, rule_id: str) -> None:
    same = {"Type": "CNAME", "ResourceRecords": [balancer_name()], "HealthCheckId": ref("Health"), **_ELSEWHERE}
    pair = _elsewhere(rule_id, primary(**same, TTL="30"), secondary(**same, TTL="60"))

    assert len(found(tmp_path, rule_id, pair)) == 1


def test_one_record_of_another_zone_is_judged_by_itself(tmp_path: Path) -> None:
    alone = _elsewhere("HA201", primary(HealthCheckId=None, **_ELSEWHERE))

    assert len(found(tmp_path, "HA201", alone)) == 1


# What API Gateway puts before an edge-optimized API.


def _domain(kind: str) -> dict[str, Any]:
    properties = {"DomainName": "origin.example.com", "EndpointConfiguration": {"Types": [kind]}}
    return {"Type": "AWS::ApiGateway::DomainName", "Properties": properties}


@pytest.mark.parametrize(("kind", "count"), [("EDGE", 1), ("REGIONAL", 0)])
def test_an_edge_optimized_api_is_behind_a_distribution(tmp_path: Path, kind: str, count: int) -> None:
    own = attribute("Domain", "DistributionDomainName" if kind == "EDGE" else "RegionalDomainName")
    resources = {
        **ZONE,
        "Domain": _domain(kind),
        "East": latency("us-east-1", AliasTarget=alias(own, zone=CLOUDFRONT, evaluate=False)),
        "West": latency(
            "us-west-2", AliasTarget=alias("d111111abcdef8.cloudfront.net", zone=CLOUDFRONT, evaluate=False)
        ),
    }

    assert len(found(tmp_path, "HA209", resources)) == count


@pytest.mark.parametrize(("checked", "count"), [(None, 1), (ref("Health"), 0)])
def test_a_latency_record_alone_may_be_one_of_many_stacks(tmp_path: Path, checked: object, count: int) -> None:
    resources = {**ZONE, **_HEALTH, "One": latency("eu-west-1", HealthCheckId=checked)}

    assert len(found(tmp_path, "HA207", resources)) == count


def test_a_latency_record_of_an_edge_optimized_api_is_of_all_regions(tmp_path: Path) -> None:
    own = attribute("Domain", "DistributionDomainName")
    resources = {
        **ZONE,
        "Domain": _domain("EDGE"),
        "East": latency("us-east-1", AliasTarget=alias(own, zone=CLOUDFRONT, evaluate=False)),
    }

    [message] = found(tmp_path, "HA209", resources)

    assert "one distribution has the name in all Regions" in message


# What API Gateway answers to.


def _served(name: Any, **more: Any) -> Resources:
    domain = {"DomainName": name, "EndpointConfiguration": {"Types": ["REGIONAL"]}}
    target = alias(attribute("Domain", "RegionalDomainName"), evaluate=False)
    return {
        **ZONE,
        "Domain": {"Type": "AWS::ApiGateway::DomainName", "Properties": domain},
        "Record": record(Name="www.example.com", AliasTarget=target),
        **more,
    }


_OWN_NAME_OF_API = {
    "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "shop"}},
    "ByName": record(
        Name="direct.example.com",
        Type="CNAME",
        ResourceRecords=[{"Fn::Sub": "${Api}.execute-api.eu-west-1.amazonaws.com"}],
    ),
}
_OUTER = {"Outer": record(AliasTarget=alias("www.example.com", zone=ref("Zone")), Name="api.example.com")}
_ORIGIN = {
    "Site": {
        "Type": "AWS::CloudFront::Distribution",
        "Properties": {"DistributionConfig": {"Origins": [{"Id": "a", "DomainName": "www.example.com"}]}},
    }
}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_served("www.example.com"), None),
        (_served("*.example.com"), None),
        (_served("api.example.com"), "leads to dns/Domain, which answers to api.example.com only"),
        (_served(ref("Given")), None),
        (
            _served("www.example.com", **_OWN_NAME_OF_API),
            "direct.example.com leads to dns/Api, which answers to its own name only",
        ),
        # Users ask the outer name, and CloudFront may send the viewer's.
        (_served("api.example.com", **_OUTER), None),
        (_served("api.example.com", **_ORIGIN), None),
    ],
)
def test_an_api_answers_to_its_domain_names(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA243", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]
