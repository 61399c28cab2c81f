"""The reference stacks of the guide's first use case: what each of them is there to show."""

from __future__ import annotations

from ha_patterns.catalog import BY_NAME

from ..samples import Properties, group_members, origin, waits
from .conftest import Templates, reference_app


def _config(templates: Templates, stack: str) -> Properties:
    (distribution,) = (
        resource["Properties"]["DistributionConfig"]
        for resource in templates[stack]["Resources"].values()
        if resource["Type"] == "AWS::CloudFront::Distribution"
    )
    return dict(distribution)


def test_the_same_origin_is_asked_twice_and_connected_to_up_to_three_times_in_each_try(
    templates: Templates,
) -> None:
    first, second = group_members(_config(templates, "same-origin-retry-edge"))

    assert first["DomainName"] == second["DomainName"] == "primary.same-origin-retry.example.org"
    assert [waits(first), waits(second)] == [(3, 1, 4), (3, 3, 10)]
    assert BY_NAME["same-origin-retry"].failover_seconds == 3 * (1 + 4)


def test_the_same_origin_retry_has_one_origin_in_one_region(templates: Templates) -> None:
    stacks = [name for name in templates if name.startswith("same-origin-retry-")]

    assert stacks == ["same-origin-retry-primary", "same-origin-retry-edge"]


def test_an_error_of_the_api_is_answered_with_a_page_out_of_the_stack_of_the_distribution(
    templates: Templates,
) -> None:
    template = templates["error-pages-edge"]
    config = _config(templates, "error-pages-edge")
    (pages,) = config["CacheBehaviors"]

    bucket = origin(config, pages["TargetOriginId"])["DomainName"]["Fn::GetAtt"][0]
    assert template["Resources"][bucket]["Type"] == "AWS::S3::Bucket"
    stacks = reference_app("error-pages").stacks
    assert stacks["error-pages-edge"].region != stacks["error-pages-primary"].region
    assert {(each["ErrorCode"], each["ResponseCode"]) for each in config["CustomErrorResponses"]} == {
        (code, code) for code in (500, 502, 503, 504)
    }


def test_the_upload_command_puts_the_page_where_it_is_asked_for(templates: Templates) -> None:
    output = templates["error-pages-edge"]["Outputs"]["UploadPage"]["Value"]
    (path,) = {each["ResponsePagePath"] for each in _config(templates, "error-pages-edge")["CustomErrorResponses"]}

    before, bucket, after = output["Fn::Join"][1]
    assert before.endswith("aws s3 cp - s3://")
    assert templates["error-pages-edge"]["Resources"][bucket["Ref"]]["Type"] == "AWS::S3::Bucket"
    assert after.startswith(f"{path} ")


def test_good_answers_of_the_api_may_be_served_stale_and_its_errors_are_not_kept(
    templates: Templates,
) -> None:
    (integration,) = (
        resource["Properties"]
        for resource in templates["stale-content-primary"]["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Integration"
    )
    ((status, mapping),) = integration["ResponseParameters"].items()
    (header,) = mapping["ResponseParameters"]

    assert (status, header["Destination"]) == ("200", "overwrite:header.cache-control")
    directives = dict(part.split("=") for part in header["Source"].split(", "))
    (policy,) = (
        resource["Properties"]["CachePolicyConfig"]
        for resource in templates["stale-content-edge"]["Resources"].values()
        if resource["Type"] == "AWS::CloudFront::CachePolicy"
    )
    assert 0 < int(directives["max-age"]) < int(directives["stale-if-error"]) <= policy["MaxTTL"]
    assert 0 < int(directives["stale-while-revalidate"]) <= policy["MaxTTL"]


def test_the_api_of_every_other_pattern_sends_what_its_function_says(templates: Templates) -> None:
    mapped = [
        name
        for name in templates
        for resource in templates[name]["Resources"].values()
        if "ResponseParameters" in resource.get("Properties", {})
    ]

    assert mapped == ["stale-content-primary"]


def test_reads_fail_over_to_the_function_and_the_errors_of_writes_get_its_page(
    templates: Templates,
) -> None:
    config = _config(templates, "graceful-response-edge")
    pages, writes = config["CacheBehaviors"]
    api, stand_in = group_members(config)

    assert (api["DomainName"], stand_in["DomainName"]) == (
        "primary.graceful-response.example.org",
        "cloudfront.amazonaws.com",
    )
    assert pages["LambdaFunctionAssociations"] == config["DefaultCacheBehavior"]["LambdaFunctionAssociations"]
    assert origin(config, pages["TargetOriginId"])["DomainName"] == stand_in["DomainName"]
    assert "LambdaFunctionAssociations" not in writes
    assert origin(config, writes["TargetOriginId"])["DomainName"] == api["DomainName"]
    assert {each["ResponsePagePath"] for each in config["CustomErrorResponses"]} == {pages["PathPattern"]}
    # What the function answers on the failover leg is not replaced.
    assert 503 not in {each["ErrorCode"] for each in config["CustomErrorResponses"]}
