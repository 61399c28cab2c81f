"""What the rules of origin groups find, and where they say nothing since nothing tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import check
from ha_patterns.topology.loading import load

from .edge_documents import (
    ALL_METHODS,
    SERVER_ERRORS,
    UNKNOWN,
    asked,
    behavior,
    bucket_origin,
    group,
    origin,
    said,
    site,
    write,
)

_PAIR = [origin("one"), origin("two")]
_IRELAND, _FRANKFURT = (
    f"amzn-s3-demo-bucket{number}.s3.{region}.amazonaws.com"
    for number, region in ((1, "eu-west-1"), (2, "eu-central-1"))
)


def _grouped(*members: Any, codes: Any = SERVER_ERRORS, origins: Any = None) -> dict[str, Any]:
    return site(origins or _PAIR, groups=[group(*(members or ("one", "two")), codes=codes)])


# Members


@pytest.mark.parametrize("members", [("one",), ("one", "two", "one")])
def test_any_other_number_of_members_than_two_is_found(tmp_path: Path, members: tuple[str, ...]) -> None:
    assert len(said(tmp_path, _grouped(*members), "HA001")) == 1


def test_a_member_that_may_be_left_out_is_not_counted(tmp_path: Path) -> None:
    maybe = {"Fn::If": ["Third", {"OriginId": "one"}, {"Ref": "AWS::NoValue"}]}
    resources = _grouped()
    resources["Site"]["Properties"]["DistributionConfig"]["OriginGroups"]["Items"][0]["Members"]["Items"].append(maybe)

    assert asked(tmp_path, resources, "HA001")


def test_a_member_that_the_distribution_does_not_have_is_found_at_its_place(tmp_path: Path) -> None:
    report = check(load(write(tmp_path, _grouped("one", "three"))), rules=[RULES["HA007"]])

    (finding,) = report.findings
    assert finding.message == "origin group group names the origin three; the distribution has one and two"
    assert finding.place.path[-3:] == ("Items", 1, "OriginId")


@pytest.mark.parametrize("target", [UNKNOWN, {"Fn::Sub": "${Unknown}-two"}])
def test_an_origin_whose_name_is_not_known_may_be_the_one_that_is_meant(tmp_path: Path, target: Any) -> None:
    named = site([origin("one")], behavior(target))
    having = site([{**origin("one"), "Id": target}], behavior("two"))

    assert not said(tmp_path, named, "HA007")
    assert not said(tmp_path, having, "HA007")


def test_a_behavior_may_target_an_origin_or_a_group(tmp_path: Path) -> None:
    behaviors = (behavior("one", "/a"), behavior("group", "/b"), behavior("other"))

    assert said(tmp_path, site(_PAIR, *behaviors, groups=[group("one", "two")]), "HA007") == [
        "behavior * targets other; the distribution has group, one and two"
    ]


# Status codes


@pytest.mark.parametrize("code", [999, 501, 405, 200])
def test_a_code_that_cloudfront_refuses_is_found(tmp_path: Path, code: int) -> None:
    (message,) = said(tmp_path, _grouped(codes=(*SERVER_ERRORS, code)), "HA002")

    assert message.startswith(f"failover status codes have {code};")


@pytest.mark.parametrize("code", [400, 403, 404, 416, 429, 500, 502, 503, 504, "503", UNKNOWN])
def test_a_code_that_cloudfront_takes_or_nobody_knows_is_not_refused(tmp_path: Path, code: Any) -> None:
    assert not said(tmp_path, _grouped(codes=(code,)), "HA002")


@pytest.mark.parametrize(
    ("codes", "found"), [((503, 504, 503), 1), (("503", 503, 504), 1), ((503, 504), 0), ((UNKNOWN, UNKNOWN, 503), 0)]
)
def test_a_code_stands_once(tmp_path: Path, codes: Any, found: int) -> None:
    messages = said(tmp_path, _grouped(codes=codes), "HA002")

    assert messages == ["failover status codes have 503 more than once"] * found


@pytest.mark.parametrize("codes", [(500, UNKNOWN), UNKNOWN])
def test_codes_that_are_not_known_may_be_502(tmp_path: Path, codes: Any) -> None:
    assert asked(tmp_path, _grouped(codes=codes), "HA004")


# Methods


@pytest.mark.parametrize("where", [None, "/orders/*"])
def test_writes_to_a_group_are_found_in_any_behavior(tmp_path: Path, where: str | None) -> None:
    writes = behavior("group", where, AllowedMethods=ALL_METHODS)
    behaviors = (writes,) if where is None else (writes, behavior("one"))
    (message,) = said(tmp_path, site(_PAIR, *behaviors, groups=[group("one", "two")]), "HA005")

    assert message.startswith(
        f"behavior {where or '*'} allows DELETE, PATCH, POST and PUT and targets the origin group group"
    )


def test_writes_to_a_single_origin_are_fine(tmp_path: Path) -> None:
    behaviors = (behavior("one", "/orders/*", AllowedMethods=ALL_METHODS), behavior("group"))

    assert not said(tmp_path, site(_PAIR, *behaviors, groups=[group("one", "two")]), "HA005")


@pytest.mark.parametrize("methods", [UNKNOWN, ["GET", UNKNOWN]])
@pytest.mark.parametrize("rule_id", ["HA005", "HA006"])
def test_methods_that_are_not_known_are_asked_for(tmp_path: Path, methods: Any, rule_id: str) -> None:
    resources = site(_PAIR, behavior("group", AllowedMethods=methods), groups=[group("one", "two")])

    assert asked(tmp_path, resources, rule_id)


@pytest.mark.parametrize(
    ("allowed", "cached", "found"),
    [
        (["GET", "HEAD", "OPTIONS"], None, 1),
        (["GET", "HEAD", "OPTIONS"], ["GET", "HEAD"], 1),
        (["GET", "HEAD", "OPTIONS"], ["GET", "HEAD", "OPTIONS"], 0),
        (["GET", "HEAD"], None, 0),
        (ALL_METHODS, None, 0),
    ],
)
def test_preflights_are_failed_over_where_they_are_cached(
    tmp_path: Path, allowed: list[str], cached: list[str] | None, found: int
) -> None:
    methods = {"AllowedMethods": allowed, **({"CachedMethods": cached} if cached else {})}

    assert (
        len(said(tmp_path, site(_PAIR, behavior("group", **methods), groups=[group("one", "two")]), "HA006")) == found
    )


# Two of a kind


def _record(name: str, answer: Any, **properties: Any) -> dict[str, Any]:
    common = {"HostedZoneId": "Z1", "Name": name, "Type": "CNAME", "TTL": 60, "ResourceRecords": [answer]}
    return {"Type": "AWS::Route53::RecordSet", "Properties": {**common, **properties}}


def test_the_same_name_twice_is_a_retry_on_purpose(tmp_path: Path) -> None:
    same = [origin("one", "a-1.eu-west-1.elb.amazonaws.com"), origin("two", "A-1.eu-west-1.elb.amazonaws.com.")]

    for rule_id in ("HA008", "HA009"):
        assert not said(tmp_path, _grouped(origins=same), rule_id)


@pytest.mark.parametrize("answer", ["one.example.com", "ONE.example.com.", {"Ref": "Unknown"}])
def test_two_names_of_one_host_are_found(tmp_path: Path, answer: Any) -> None:
    records = {"A": _record("two.example.com", answer)}
    if answer == UNKNOWN:
        records["B"] = _record("one.example.com", answer)

    assert len(said(tmp_path, {**_grouped(), **records}, "HA008")) == 1


@pytest.mark.parametrize(
    ("properties", "findings"),
    [
        ({"SetIdentifier": "a", "Weight": 1}, 0),
        ({"SetIdentifier": "a", "Failover": "PRIMARY"}, 0),
        ({"SetIdentifier": "a", "Weight": 1, "HostedZoneId": {"Ref": "Zone"}}, 1),
    ],
)
def test_a_name_that_may_have_other_answers_elsewhere_is_not_known_to_be_the_same(
    tmp_path: Path, properties: dict[str, Any], findings: int
) -> None:
    zone = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.com"}}
    records = {"Zone": zone, "A": _record("two.example.com", "one.example.com", **properties)}

    assert len(said(tmp_path, {**_grouped(), **records}, "HA008")) == findings


def test_a_bucket_by_two_of_its_names_is_one(tmp_path: Path) -> None:
    both = [bucket_origin("one", {"Fn::GetAtt": ["Assets", "RegionalDomainName"]})]
    both.append(bucket_origin("two", {"Fn::GetAtt": ["Assets", "DomainName"]}))
    (message,) = said(tmp_path, {"Assets": {"Type": "AWS::S3::Bucket"}, **_grouped(origins=both)}, "HA008")

    assert message.endswith("end at stack/Assets")


def test_names_that_lead_to_several_hosts_may_differ_in_which_is_first(tmp_path: Path) -> None:
    def pair(name: str, first: str, second: str) -> dict[str, Any]:
        return {
            f"{name}1": _record(f"{name}.example.com", first, Failover="PRIMARY", SetIdentifier="1"),
            f"{name}2": _record(f"{name}.example.com", second, Failover="SECONDARY", SetIdentifier="2"),
        }

    records = {**pair("one", "a.example.net", "b.example.net"), **pair("two", "b.example.net", "a.example.net")}

    assert not said(tmp_path, {**_grouped(), **records}, "HA008")


def test_the_second_may_be_one_of_those_behind_the_first(tmp_path: Path) -> None:
    records = {
        "A": _record("one.example.com", "a.example.net", Failover="PRIMARY", SetIdentifier="1"),
        "B": _record("one.example.com", "two.example.com", Failover="SECONDARY", SetIdentifier="2"),
    }

    assert not said(tmp_path, {**_grouped(), **records}, "HA008")


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ("a-1.eu-west-1.elb.amazonaws.com", "b-1.elb.eu-west-1.amazonaws.com", 1),
        ("a-1.eu-west-1.elb.amazonaws.com", "b-1.eu-west-2.elb.amazonaws.com", 0),
        ("a.s3.eu-west-1.amazonaws.com", "b.execute-api.eu-west-1.amazonaws.com", 1),
        ("a.s3.amazonaws.com", "b.s3.amazonaws.com", 0),
        ("a.mrap.accesspoint.s3-global.amazonaws.com", "b.s3.eu-west-1.amazonaws.com", 0),
        ("a1.awsglobalaccelerator.com", "a2.awsglobalaccelerator.com", 0),
        ({"Fn::Sub": "a.s3.${AWS::Region}.amazonaws.com"}, {"Fn::Sub": "b.s3.${Unknown}.amazonaws.com"}, 0),
    ],
)
def test_one_region_is_found_where_both_are_known(tmp_path: Path, one: Any, two: Any, found: int) -> None:
    assert len(said(tmp_path, _grouped(origins=[origin("one", one), origin("two", two)]), "HA009")) == found


def test_names_that_lead_to_two_regions_each_are_in_no_single_one(tmp_path: Path) -> None:
    balancers = ("a-1.eu-west-1.elb.amazonaws.com", "b-1.eu-central-1.elb.amazonaws.com")
    records = {
        f"{name}{number}": _record(f"{name}.example.com", answer, Region=region, SetIdentifier=region)
        for name in ("one", "two")
        for number, (answer, region) in enumerate(zip(balancers, ("eu-west-1", "eu-central-1"), strict=True))
    }

    assert not said(tmp_path, {**_grouped(), **records}, "HA009")


def test_what_one_stack_makes_is_in_one_region_whichever_it_is(tmp_path: Path) -> None:
    buckets = {name: {"Type": "AWS::S3::Bucket"} for name in ("First", "Second")}
    origins = [
        bucket_origin(name, {"Fn::GetAtt": [bucket, "RegionalDomainName"]})
        for name, bucket in (("one", "First"), ("two", "Second"))
    ]
    (message,) = said(tmp_path, {**buckets, **_grouped(origins=origins)}, "HA009")

    assert message.endswith("are in the Region of the stack stack")


def test_stacks_alike_are_told_apart(tmp_path: Path) -> None:
    # The same stack twice has the same logical ids twice.
    domain = {"Fn::GetAtt": ["Site", "RegionalDomainName"]}
    paths = []
    for stack in ("blue", "green"):
        export = {"Value": domain, "Export": {"Name": f"{stack}-domain"}}
        bucket = {"Site": {"Type": "AWS::S3::Bucket"}}
        paths.append(tmp_path / f"{stack}.json")
        paths[-1].write_text(json.dumps({"Resources": bucket, "Outputs": {"Domain": export}}), encoding="utf-8")
    origins = [bucket_origin(stack, {"Fn::ImportValue": f"{stack}-domain"}) for stack in ("blue", "green")]
    edge = write(tmp_path, _grouped("blue", "green", origins=origins))
    loaded = load(*paths, edge, parameters={"AWS::Region": "eu-west-1"})
    report = check(loaded, rules=[RULES[rule_id] for rule_id in ("HA009", "HA015")])

    assert [finding.message for finding in report.findings] == [
        "blue/Site and green/Site, the members of origin group group, are in eu-west-1",
        "the bucket blue/Site is not replicated to green/Site, the second of origin group group",
    ]


def test_accelerators_of_one_stack_are_everywhere(tmp_path: Path) -> None:
    accelerators = {name: {"Type": "AWS::GlobalAccelerator::Accelerator"} for name in ("First", "Second")}
    origins = [
        origin(name, {"Fn::GetAtt": [resource, "DnsName"]}) for name, resource in (("one", "First"), ("two", "Second"))
    ]

    assert not said(tmp_path, {**accelerators, **_grouped(origins=origins)}, "HA009")


# Buckets


def _bucket(*actions: Any, resource: Any = None, **properties: Any) -> dict[str, Any]:
    arn = {"Fn::GetAtt": ["First", "Arn"]}
    statement = {"Effect": "Allow", "Principal": "*", "Action": list(actions), "Resource": resource or arn}
    policy = {"Bucket": {"Ref": "First"}, "PolicyDocument": {"Statement": [statement]}}
    return {
        "First": {"Type": "AWS::S3::Bucket", "Properties": properties},
        **({"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": policy}} if actions else {}),
    }


def _statements(statements: Any) -> dict[str, Any]:
    resources = _bucket("s3:GetObject")
    resources["Policy"]["Properties"]["PolicyDocument"]["Statement"] = statements
    return resources


_OF_STACK = [bucket_origin("one", {"Fn::GetAtt": ["First", "RegionalDomainName"]}), bucket_origin("two", _FRANKFURT)]
_OBJECTS = {"Fn::Sub": "${First.Arn}/*"}


@pytest.mark.parametrize(
    ("bucket", "codes", "found"),
    [
        (_bucket(), SERVER_ERRORS, ["HA013"]),
        (_bucket(), (404, *SERVER_ERRORS), []),
        (_bucket("s3:GetObject"), (404, *SERVER_ERRORS), ["HA014"]),
        (_bucket("s3:GetObject"), SERVER_ERRORS, ["HA013"]),
        (_bucket("s3:GetObject"), (403, *SERVER_ERRORS), ["HA018"]),
        (_bucket("s3:GetObject"), (403, 404, *SERVER_ERRORS), ["HA018"]),
        (_statements(UNKNOWN), (404, *SERVER_ERRORS), []),
        (_statements([{"Effect": "Allow", "Action": "s3:GetObject"}, UNKNOWN]), (404, *SERVER_ERRORS), []),
        (_statements([{"Effect": "Deny", "Action": "s3:ListBucket"}]), (404, *SERVER_ERRORS), ["HA014"]),
        (_statements([{"Effect": "Allow", "NotAction": "s3:PutObject"}]), (404, *SERVER_ERRORS), []),
        (_bucket("s3:GetObject", "s3:ListBucket"), (404, *SERVER_ERRORS), []),
        (_bucket("s3:*"), (404, *SERVER_ERRORS), []),
        (_bucket("s3:List*"), (404, *SERVER_ERRORS), []),
        (_bucket("s3:*", resource=_OBJECTS), (404, *SERVER_ERRORS), ["HA014"]),
        (_bucket("s3:GetObject*", resource=[_OBJECTS]), (404, *SERVER_ERRORS), ["HA014"]),
        (_bucket(UNKNOWN), (404, *SERVER_ERRORS), []),
        (_bucket("s3:GetObject"), (404, UNKNOWN), []),
    ],
)
def test_what_a_missing_key_is_depends_on_the_policy(
    tmp_path: Path, bucket: dict[str, Any], codes: Any, found: list[str]
) -> None:
    resources = {**bucket, **_grouped(origins=_OF_STACK, codes=codes)}

    assert [rule for rule in ("HA013", "HA014", "HA018") if said(tmp_path, resources, rule)] == found


@pytest.mark.parametrize("policy", [None, UNKNOWN])
def test_a_policy_that_is_not_known_may_let_list_where_404_is_listed(tmp_path: Path, policy: Any) -> None:
    bucket = _bucket() if policy is None else _statements(policy)

    assert asked(tmp_path, {**bucket, **_grouped(origins=_OF_STACK, codes=(404, *SERVER_ERRORS))}, "HA013")


def test_an_origin_of_s3_is_a_bucket_whatever_its_name(tmp_path: Path) -> None:
    origins = [bucket_origin("one", UNKNOWN), bucket_origin("two", _FRANKFURT)]

    assert said(tmp_path, _grouped(origins=origins), "HA013")
    assert not said(tmp_path, _grouped(origins=[origin("one", UNKNOWN), origins[1]]), "HA013")


@pytest.mark.parametrize("domain", ["amzn-s3-demo-bucket1.s3-website-eu-west-1.amazonaws.com", "one.example.com"])
def test_only_what_is_asked_by_the_api_of_s3_answers_403(tmp_path: Path, domain: str) -> None:
    origins = [origin("one", domain), bucket_origin("two", _FRANKFURT)]

    assert not said(tmp_path, _grouped(origins=origins), "HA013")


def test_a_hidden_refusal_doubles_missing_keys_unless_they_are_told_apart(tmp_path: Path) -> None:
    codes = (403, 404, *SERVER_ERRORS)
    (plain,) = said(tmp_path, {**_bucket("s3:GetObject"), **_grouped(origins=_OF_STACK, codes=codes)}, "HA018")
    (listed,) = said(tmp_path, {**_bucket("s3:*"), **_grouped(origins=_OF_STACK, codes=codes)}, "HA018")

    assert plain == f"{listed}, and missing keys ask both buckets"


# Copies


def _copy(arn: Any, **more: Any) -> dict[str, Any]:
    rule = {"Status": "Enabled", "Destination": {"Bucket": arn}, **more}
    return {"ReplicationConfiguration": {"Role": "arn:aws:iam::123456789012:role/copy", "Rules": [rule]}}


def _two_buckets(first: dict[str, Any], second: dict[str, Any] | None = None) -> dict[str, Any]:
    origins = [
        bucket_origin(name, {"Fn::GetAtt": [bucket, "RegionalDomainName"]})
        for name, bucket in (("one", "First"), ("two", "Second"))
    ]
    buckets = {"First": first, "Second": {"BucketName": "second-bucket", **(second or {})}}
    made = {name: {"Type": "AWS::S3::Bucket", "Properties": properties} for name, properties in buckets.items()}
    return {**made, **_grouped(origins=origins)}


@pytest.mark.parametrize(
    "arn",
    [
        {"Fn::GetAtt": ["Second", "Arn"]},
        "arn:aws:s3:::second-bucket",
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Second}"},
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::second-bucket"},
        UNKNOWN,
    ],
)
def test_a_copy_may_be_named_in_any_way(tmp_path: Path, arn: Any) -> None:
    assert not said(tmp_path, _two_buckets(_copy(arn)), "HA015")


_TO_SECOND = {"Fn::GetAtt": ["Second", "Arn"]}
_PREFIX = {"Filter": {"Prefix": "public/"}}


@pytest.mark.parametrize(
    ("first", "second", "said_of_it"),
    [
        ({}, None, "is not replicated to stack/Second, the second of"),
        (
            _copy("arn:aws:s3:::third-bucket"),
            None,
            "is not replicated to stack/Second, the second of origin group group",
        ),
        # The wrong way round.
        ({}, _copy({"Fn::GetAtt": ["First", "Arn"]}), "group group, and the second is replicated to it"),
        (_copy(_TO_SECOND, Status="Disabled"), None, "group group: the rule that would do it is disabled"),
        (
            _copy(_TO_SECOND, **_PREFIX),
            None,
            "is replicated to stack/Second, the second of origin group group",
        ),
        (_copy(_TO_SECOND, Prefix="public/"), None, "with the prefix public/ only"),
        (
            _copy(_TO_SECOND, Filter={"And": {"Prefix": "a/", "TagFilters": [{"Key": "copy", "Value": "yes"}]}}),
            None,
            "with the prefix a/ and with the tag copy only",
        ),
        (_copy(_TO_SECOND, Filter={"Not": {"Prefix": "a/"}}), None, "without what a filter leaves out only"),
    ],
)
def test_no_copy_in_the_second_is_found(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any] | None, said_of_it: str
) -> None:
    (message,) = said(tmp_path, _two_buckets(first, second), "HA015")

    assert message.startswith("the bucket stack/First is ")
    assert said_of_it in message


@pytest.mark.parametrize(
    "first",
    [
        _copy(_TO_SECOND, Filter={"Prefix": ""}),
        _copy(_TO_SECOND, Status=UNKNOWN),
        _copy(_TO_SECOND, Filter={"Prefix": UNKNOWN}),
        _copy(_TO_SECOND, Filter=UNKNOWN),
        {
            "ReplicationConfiguration": {
                "Role": "arn:aws:iam::123456789012:role/copy",
                "Rules": [
                    _copy(_TO_SECOND, **_PREFIX)["ReplicationConfiguration"]["Rules"][0],
                    _copy(_TO_SECOND)["ReplicationConfiguration"]["Rules"][0],
                ],
            }
        },
    ],
)
def test_a_copy_that_may_have_everything_is_fine(tmp_path: Path, first: dict[str, Any]) -> None:
    assert not said(tmp_path, _two_buckets(first), "HA015")


@pytest.mark.parametrize(("path", "found"), [("/public", 0), ("/public/site", 0), ("/private", 1), (UNKNOWN, 0)])
def test_a_copy_may_have_all_that_an_origin_asks_for(tmp_path: Path, path: Any, found: int) -> None:
    resources = _two_buckets(_copy(_TO_SECOND, **_PREFIX))
    config = resources["Site"]["Properties"]["DistributionConfig"]
    for one in config["Origins"]:
        one["OriginPath"] = path

    assert len(said(tmp_path, resources, "HA015")) == found


def test_a_replication_that_is_not_known_may_be_one_to_the_second(tmp_path: Path) -> None:
    maybe = {"Fn::If": ["Copies", _copy("arn:aws:s3:::third-bucket")["ReplicationConfiguration"], UNKNOWN]}

    assert not said(tmp_path, _two_buckets({"ReplicationConfiguration": maybe}), "HA015")


def test_other_settings_that_are_not_known_say_nothing_of_copies(tmp_path: Path) -> None:
    first = {"OwnershipControls": UNKNOWN, "WebsiteConfiguration": {"RoutingRules": UNKNOWN}}

    assert len(said(tmp_path, _two_buckets(first), "HA015")) == 1


def test_a_bucket_elsewhere_is_copied_by_nobody_knows_whom(tmp_path: Path) -> None:
    origins = [bucket_origin("one", _IRELAND), bucket_origin("two", _FRANKFURT)]

    assert not said(tmp_path, _grouped(origins=origins), "HA015")


def test_buckets_of_other_stacks_are_followed_by_name(tmp_path: Path) -> None:
    named = {"First": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "amzn-s3-demo-bucket1"}}}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    policy = {"Bucket": "amzn-s3-demo-bucket1", "PolicyDocument": {"Statement": statement}}
    policies = {"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": policy}}
    second = {"Second": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "amzn-s3-demo-bucket2"}}}
    origins = [bucket_origin("one", _IRELAND), bucket_origin("two", _FRANKFURT)]
    edge = _grouped(origins=origins, codes=(404, *SERVER_ERRORS))
    templates = [
        write(tmp_path, resources, name)
        for name, resources in (("ireland", named), ("policies", policies), ("frankfurt", second), ("edge", edge))
    ]
    report = check(load(*templates), rules=[RULES[rule_id] for rule_id in ("HA009", "HA013", "HA014", "HA015")])

    assert [finding.rule.id for finding in report.findings] == ["HA014", "HA015"]


# A group whose second origin makes what the bucket does not have


def _maker(codes: Any, first: Any = None, second: Any = None) -> dict[str, Any]:
    return _grouped(codes=codes, origins=[first or bucket_origin("one", _IRELAND), second or origin("two")])


@pytest.mark.parametrize("codes", [[404], [403], [403, 404]])
def test_a_group_for_missing_objects_has_one_warning(tmp_path: Path, codes: list[int]) -> None:
    resources = _maker(codes)

    (message,) = said(tmp_path, resources, "HA029")
    assert "nobody stands by for an outage" in message
    assert not [one for rule in ("HA003", "HA004", "HA010") for one in said(tmp_path, resources, rule)]


@pytest.mark.parametrize(
    "resources",
    [
        _maker([404, 500]),
        _maker([400, 404]),
        _maker([403, 404], first=origin("one")),
        _maker([403, 404], second=bucket_origin("two", _FRANKFURT)),
    ],
)
def test_any_other_group_is_one_for_outages(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA029")
    assert said(tmp_path, resources, "HA003")


def test_codes_that_nobody_tells_say_nothing_of_what_a_group_is_for(tmp_path: Path) -> None:
    assert not said(tmp_path, _maker([403, UNKNOWN]), "HA029")
    assert asked(tmp_path, _maker([403, UNKNOWN]), "HA003")
