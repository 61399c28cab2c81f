"""Bad input of distributions and error responses.

Inputs that the CDK accepts in silence and AWS refuses at deploy, or worse, accepts as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from ha_patterns import (
    EdgeDistribution,
    EdgeFunction,
    GracefulResponse,
    RoutingInputs,
    StaleContent,
)

from ..bad_input import (
    ERROR_CODES,
    ERRORS_PAGE,
    NO_DOMAIN_NAME,
    NUMBER,
    TEXT,
    TIME,
    Build,
    accepted,
    add_alarms,
    alarm_topic,
    assert_accepted,
    assert_refused,
    elsewhere,
    in_seconds,
    in_stack,
    make,
    origin_failover,
    origin_group,
    refused,
    site_of,
)
from ..samples import (
    CERTIFICATE_ARN,
    certificate,
    dns_failover,
    hybrid_failover,
    primary_host,
    stack_in,
    zone_of,
)


def _reads(header: str) -> Build:
    return lambda _: RoutingInputs(headers=["x-plan", header])


def _inputs(**given: Any) -> Build:
    return lambda _: RoutingInputs(**given)


def _bare(stack: cdk.Stack, **given: Any) -> EdgeDistribution:
    return EdgeDistribution(stack, "Edge", **given)


def _stale(stack: cdk.Stack) -> StaleContent:
    return StaleContent(stack, "Stale", origin=primary_host().origin())


def _graceful(stack: cdk.Stack) -> GracefulResponse:
    return GracefulResponse(stack, "Graceful")


def _certificate_for(first: str, *others: str) -> Build:
    return lambda stack: acm.Certificate(
        stack, "Certificate", domain_name=first, subject_alternative_names=list(others) or None
    )


def _in_region(region: str, build: Build) -> Build:
    """A build in a second stack, of that Region."""
    return lambda stack: build(stack_in(region, stack))


def _edge(stack: cdk.Stack, **given: Any) -> EdgeDistribution:
    behavior = cloudfront.BehaviorOptions(origin=primary_host().origin())
    return EdgeDistribution(stack, "Edge", default_behavior=behavior, **given)


def _of_account(stack: cdk.Stack, account: str) -> cdk.Stack:
    """A second stack of the same app, of an account."""
    environment = cdk.Environment(region="us-east-1", account=account)
    return cdk.Stack(cdk.App.of(stack), f"Of-{account}", env=environment)


_EDGE = [
    *(
        refused(
            f"a {argument} without a name",
            in_stack(_edge, **{argument: given}),
            "domain_name is missing: a hosted_zone or certificate serves only a name of the site's own",
        )
        for argument, given in (("hosted_zone", zone_of), ("certificate", certificate))
    ),
    *(
        refused(
            f"an edge function that reads {name}",
            _reads(name),
            f"headers must be of headers that a cache policy takes, got {name!r}",
            "CloudFront keeps it out of the key, writes it on the way to the origin",
        )
        for name in ("X-Forwarded-For", "via", "If-None-Match", "Range", "Accept-Encoding", "Cookie")
    ),
    *(
        refused(f"an edge function that reads {given}", _inputs(**given), *says)
        for given, says in (
            ({"query_strings": ["a%20"]}, ["query_strings must be of names of parameters without", "'a%20'"]),
            ({"query_strings": ["a+b"]}, ["query_strings must be", "'a+b'"]),
            ({"query_strings": ["a&b"]}, ["query_strings must be of names of parameters", "'&', '=' and '#'"]),
            ({"query_strings": [""]}, ["query_strings must be of names of parameters, got ''"]),
            ({"cookies": ["a*"]}, ["cookies must be of names, got 'a*'"]),
            ({"cookies": ["a;b"]}, ["cookies must be of names of cookies, got 'a;b'"]),
            ({"headers": ["x-*"]}, ["headers must be of names, got 'x-*'", "name each of them"]),
            ({"headers": [""]}, ["headers must be of names of headers, got ''"]),
            ({"headers": [None]}, ["headers[0] must be text, got None"]),
            ({"headers": 5}, ["headers must be a list of text, got 5, an int"]),
            ({"all_query_strings": "no"}, ["all_query_strings must be True or False, got 'no'"]),
        )
    ),
    *(
        refused(f"{argument} {given!r}", in_stack(_bare, **{argument: given}), *says)
        for argument, given, *says in (
            ("default_behavior", None, "default_behavior must be a BehaviorOptions of aws_cloudfront, got None"),
            ("default_behavior", {"origin": 1}, "got {'origin': ...}, a dict: write BehaviorOptions(origin=...)"),
        )
    ),
    *(
        refused(f"additional behaviors {given!r}", in_stack(_edge, additional_behaviors=given), *says)
        for given, *says in (
            (
                [1],
                "additional_behaviors must be a dictionary from text to BehaviorOptions of aws_cloudfront",
            ),
            ({"/a": None}, "additional_behaviors['/a'] must be a BehaviorOptions of aws_cloudfront, got None"),
        )
    ),
    refused(
        "a name without zone and certificate",
        in_stack(_edge, domain_name="www.example.com"),
        "certificate is missing for domain_name 'www.example.com'",
        "give one of us-east-1, or the hosted_zone in which one can be validated",
    ),
    *(
        refused(
            f"{name} in the zone example.com",
            in_stack(_edge, domain_name=name, hosted_zone=zone_of),
            f"domain_name must be in the hosted_zone example.com, got {name!r}",
        )
        for name in ("www.example.org", "myexample.com", "com.example")
    ),
    refused(
        "a name that is none",
        in_stack(_edge, domain_name="www example.com", hosted_zone=zone_of),
        f"{NO_DOMAIN_NAME}'www example.com'",
        "it is the name that viewers type",
    ),
    refused(
        "a certificate made in another Region",
        in_stack(
            _edge,
            domain_name="www.example.com",
            certificate=elsewhere(
                lambda stack: acm.Certificate(stack, "Certificate", domain_name="www.example.com"),
            ),
        ),
        "certificate must be in us-east-1, got one in eu-west-1",
        "CloudFront takes viewer certificates from there only",
    ),
    refused(
        "a certificate of another Region that exists",
        in_stack(
            _edge,
            domain_name="www.example.com",
            certificate=lambda stack: acm.Certificate.from_certificate_arn(
                stack, "Certificate", CERTIFICATE_ARN.replace("us-east-1", "eu-west-1")
            ),
        ),
        "certificate must be in us-east-1, got one in eu-west-1",
    ),
    refused(
        "a certificate whose ARN is none",
        in_stack(
            _edge,
            domain_name="www.example.com",
            certificate=lambda stack: acm.Certificate.from_certificate_arn(stack, "Certificate", "0c9b5c4e"),
        ),
        "certificate",
        "0c9b5c4e",
    ),
    refused(
        "a hosted zone of another account",
        lambda stack: _edge(
            _of_account(stack, "111111111111"),
            domain_name="www.example.com",
            hosted_zone=route53.PublicHostedZone(_of_account(stack, "222222222222"), "Zone", zone_name="example.com"),
        ),
        "hosted_zone must be one of the stack's own account, 111111111111, got 'one of 222222222222'",
        "delegate a zone to this one",
    ),
    refused(
        "a certificate to be made in another Region",
        elsewhere(in_stack(_edge, domain_name="www.example.com", hosted_zone=zone_of)),
        "a certificate for CloudFront must be in us-east-1, got a stack in eu-west-1",
        "put it in a stack with env=Environment(region='us-east-1')",
    ),
    *(
        refused(
            f"a certificate for {', '.join(names)}",
            in_stack(
                _edge,
                domain_name="www.example.com",
                certificate=_certificate_for(*names),
            ),
            f"certificate must be one for www.example.com, got 'one for {', '.join(names)}'",
            "CloudFront refuses a name that its certificate does not cover",
        )
        for names in (("example.com",), ("www.example.org", "*.www.example.com"))
    ),
    *(
        refused(
            f"a log bucket in {region}",
            in_stack(_edge, log_bucket=bucket),
            f"log_bucket must be in a Region that is enabled by default, got 'one in {region}'",
            "CloudFront delivers standard logs to no opt-in Region",
        )
        for region, bucket in (
            (
                "eu-south-1",
                lambda stack: s3.Bucket.from_bucket_attributes(stack, "Far", bucket_name="logs", region="eu-south-1"),
            ),
            (
                "af-south-1",
                lambda stack: s3.Bucket(
                    stack_in("af-south-1", stack), "Logs", object_ownership=s3.ObjectOwnership.OBJECT_WRITER
                ),
            ),
        )
    ),
    refused(
        "a log bucket to be made in an opt-in Region",
        lambda stack: _edge(stack_in("me-south-1", stack)),
        "log_bucket must be in a Region that is enabled by default, got 'one in me-south-1'",
        "give a bucket of another Region",
    ),
    refused(
        "a log bucket with AWS's own KMS key",
        in_stack(
            _edge,
            log_bucket=lambda stack: s3.Bucket(
                stack,
                "Logs",
                object_ownership=s3.ObjectOwnership.OBJECT_WRITER,
                encryption=s3.BucketEncryption.KMS_MANAGED,
            ),
        ),
        "log_bucket must be one that is not encrypted with AWS's own KMS key, got 'Test/Logs/Resource'",
        "use BucketEncryption.S3_MANAGED",
    ),
    *(
        refused(
            f"viewers with {version.name}",
            in_stack(_edge, minimum_protocol_version=version),
            "minimum_protocol_version must be one of ",
            f"TLS_V1_3_2025, got <SecurityPolicyProtocol.{version.name}",
        )
        for version in (cloudfront.SecurityPolicyProtocol.SSL_V3, cloudfront.SecurityPolicyProtocol.TLS_V1_1_2016)
    ),
    *(
        refused(
            f"{what} in GovCloud",
            _in_region("us-gov-west-1", build),
            f"{called} cannot be in us-gov-west-1: CloudFront is not available in the partition aws-us-gov",
            "make it in us-east-1 of a standard account, and name what serves in us-gov-west-1 as an origin",
            "govcloud-us/latest/UserGuide/setting-up-cloudfront.html",
        )
        for what, called, build in (
            ("a distribution", "an EdgeDistribution", _edge),
            ("stale content", "a cache policy", _stale),
            ("a function", "a Lambda@Edge function", _graceful),
        )
    ),
    *(
        refused(
            f"{what} in a distribution in GovCloud",
            _in_region("us-gov-west-1", in_stack(site_of, origin=make(origin))),
            "a distribution cannot be in us-gov-west-1: CloudFront is not available in the partition aws-us-gov",
            at="Elsewhere/Site",
        )
        for what, origin in (("an origin", lambda: primary_host().origin()), ("an origin group", origin_group))
    ),
    *(
        refused(
            f"{what} in China",
            _in_region("cn-north-1", build),
            f"{called} cannot be in cn-north-1: CloudFront in China takes no certificate of ACM, serves no name of its "
            "own and has no Lambda@Edge",
            "origin groups, error pages and stale content work there with cloudfront.Distribution",
            "docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html",
        )
        for what, called, build in (
            ("a distribution", "an EdgeDistribution", _edge),
            ("a function", "a Lambda@Edge function", _graceful),
        )
    ),
    refused(
        "a root object with a slash",
        in_stack(_edge, default_root_object="/index.html"),
        "default_root_object must be an object's name of at most 255 characters without a / at the start, got '/index",
        "CloudFront puts it after the / itself",
    ),
    refused(
        "a log bucket that takes no ACLs",
        in_stack(_edge, log_bucket=lambda stack: s3.Bucket(stack, "Logs")),
        "log_bucket must be one that takes ACLs, got 'Test/Logs",
        "make it with object_ownership=ObjectOwnership.OBJECT_WRITER",
    ),
    *(
        refused(
            f"an alarm at {percent!r} percent",
            make(add_alarms, construct=_edge, topic=alarm_topic, error_rate_percent=percent),
            f"error_rate_percent must be a whole number from 1 to 100, got {percent!r}",
            "it is a share of all responses",
        )
        for percent in (0, 101)
    ),
    refused(
        "an alarm on a latency that is not measured",
        make(add_alarms, construct=_edge, topic=alarm_topic, origin_latency=in_seconds(1)),
        "origin_latency needs publish_additional_metrics=True",
    ),
    refused(
        "an alarm on a latency that is a number",
        make(
            add_alarms, construct=in_stack(_edge, publish_additional_metrics=True), topic=alarm_topic, origin_latency=1
        ),
        "origin_latency must be a Duration",
        "got 1, an int: write Duration.seconds(1)",
    ),
    refused(
        "alarms in another Region",
        elsewhere(make(add_alarms, construct=_edge, topic=alarm_topic)),
        "an alarm must be in us-east-1, got a stack in eu-west-1: CloudFront's metrics exist in us-east-1 only",
        "put it in a stack with env=Environment(region='us-east-1')",
    ),
    *(
        refused(
            f"a topic in another Region, of {what}",
            make(add_alarms, construct=construct, topic=in_stack(alarm_topic, region="eu-west-1")),
            "topic must be in us-east-1, got one in eu-west-1: an alarm notifies topics of its own Region only",
        )
        for what, construct in (
            ("an EdgeDistribution", _edge),
            ("an OriginFailover", origin_failover),
            ("a DnsFailover", dns_failover),
            ("a HybridFailover", hybrid_failover),
        )
    ),
]


def _response(**given: Any) -> list[cloudfront.ErrorResponse]:
    return [cloudfront.ErrorResponse(**{"http_status": 503, **given})]


_ERROR_RESPONSES = [
    *(
        refused(
            f"an error response for status {code}",
            in_stack(_edge, error_responses=_response(http_status=code, ttl=in_seconds(5))),
            f"error_responses must be one of {ERROR_CODES}, got {code}",
            ERRORS_PAGE,
        )
        for code in (200, 429, 505)
    ),
    refused(
        "an error response sent with status 302",
        in_stack(_edge, error_responses=_response(response_page_path="/a.html", response_http_status=302)),
        f"error_responses must be one of 200, {ERROR_CODES}, got 302",
    ),
    refused(
        "an error response with a status and no page",
        in_stack(_edge, error_responses=_response(response_http_status=200, ttl=in_seconds(5))),
        "error_responses of 503 has response_http_status 200 and no response_page_path",
        "CloudFront takes both or neither; add the path of a page",
    ),
    refused(
        "an error response with a page that is no path",
        in_stack(_edge, error_responses=_response(response_page_path="a.html")),
        "error_responses must be a path of at most 255 characters that starts with /, got 'a.html'",
    ),
    refused(
        "an error response that says nothing",
        in_stack(_edge, error_responses=_response()),
        "error_responses of 503 says nothing: give it a ttl, a response_page_path, or both",
    ),
    refused(
        "two error responses for one status",
        in_stack(_edge, error_responses=[*_response(ttl=in_seconds(5)), *_response(response_page_path="/a.html")]),
        "error_responses must hold each code once, got 503 more than once: CloudFront refuses duplicates",
        "one entry has both page and TTL (ErrorPages takes error_ttls)",
    ),
    refused(
        "error responses as one string",
        in_stack(_edge, error_responses="503"),
        "error_responses must be a list of ErrorResponse of aws_cloudfront, got '503', a str",
    ),
]


_FUNCTIONS = "bucket_dns_failover, graceful_response, home_region, nearest_bucket, rule_router, "


def _function(stack: cdk.Stack, **given: Any) -> EdgeFunction:
    event_type = cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST
    return EdgeFunction(
        stack, "Function", **{"function": "rule_router", "event_type": event_type, "configuration": {}, **given}
    )


def _topic(stack: cdk.Stack) -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Topic", f"arn:aws:sns:us-east-1:123456789012:{stack.node.id}")


_EDGE_FUNCTIONS = [
    *(
        refused(
            f"a function of lambda_edge that is not there: {name[:20]!r}",
            in_stack(_function, function=name),
            f"function must be one of {_FUNCTIONS}",
            f", got {name[:60]!r}: it is a folder of lambda_edge",
        )
        for name in ("", "x", "common", ".", "..", "rule_router/", "../lambda_edge/rule_router", "/", "long" * 2000)
    ),
    refused(
        "a function of lambda_edge that only the deploy knows",
        in_stack(_function, function=TEXT),
        "function must be one of ",
        "got 'a token, known only at deploy': ",
    ),
    *(
        refused(
            f"a handler that its function does not have: {name[:20]!r}",
            in_stack(_function, handler=name),
            f"handler must be one of handler, got {name[:60]!r}: it is a function of rule_router/handler.py",
        )
        for name in ("", "x", "build", "handler.handler", "Handler", "long" * 2000)
    ),
    refused(
        "a handler that only the deploy knows",
        in_stack(_function, handler=TEXT),
        "handler must be one of handler, got 'a token, known only at deploy': ",
    ),
    refused(
        "a header for the function with a line break",
        in_stack(_function, configuration_headers={"table": "a\nb"}),
        "configuration_headers must be printable in table, without line breaks and without spaces around, got '3 ",
    ),
    *(
        refused(
            f"a file that is no path in the asset: {name!r}",
            in_stack(_function, files={name: b"{}"}),
            f"files must be by paths in the asset such as data/rules.json, got {name!r}",
        )
        for name in ("", ".", "/etc/passwd", "../rules.json", "a/../../b", "a//b", "a/", "./a", "a\\b", "a\n", "\x00")
    ),
    *(
        refused(
            f"a file in the place of one of the function's own: {name}",
            in_stack(_function, files={name: b"{}"}),
            f"files must be without lambda_edge and config.json, got {name!r}",
        )
        for name in ("config.json", "lambda_edge/rule_router/handler.py", "lambda_edge")
    ),
    *(
        refused(f"a configuration that is no JSON: {what}", in_stack(_function, configuration=made), *says)
        for what, made, says in (
            (
                "a construct",
                lambda stack: {"k": _topic(stack)},
                ["configuration['k'] must be a dictionary from text ", "None, got a TopicBase of aws_sns"],
            ),
            (
                "a set",
                {"k": [1, {"a"}]},
                ["configuration['k'][1] must be ", "True, False or None, got a set"],
            ),
            ("bytes", {"k": {"b": b"x"}}, ["configuration['k']['b'] must be ", "got b'x', a bytes"]),
            ("no number", {"k": float("nan")}, ["configuration['k'] must be a finite number, got nan: it is baked "]),
            ("an infinite number", {"k": float("inf")}, ["configuration['k'] must be a finite number, got inf: "]),
            ("keys", {"k": {"a": 1, 5: 2}}, ["a key of configuration['k'] must be text, got 5, an int"]),
        )
    ),
]


_ACCEPTED = [
    accepted("site's name", in_stack(_edge, domain_name=TEXT, hosted_zone=zone_of)),
    accepted(
        "ARN of a certificate",
        in_stack(
            _edge,
            domain_name="www.example.com",
            certificate=lambda stack: acm.Certificate.from_certificate_arn(stack, "Certificate", TEXT(stack)),
        ),
    ),
    accepted("ARN of a web ACL", in_stack(_edge, web_acl_id=TEXT)),
    accepted(
        "ARN of a topic",
        make(
            add_alarms,
            construct=_edge,
            topic=lambda stack: sns.Topic.from_topic_arn(stack, "Topic", TEXT(stack)),
        ),
    ),
    accepted("share of errors", make(add_alarms, construct=_edge, topic=alarm_topic, error_rate_percent=NUMBER)),
    *(
        accepted(
            f"{argument} of an error response",
            in_stack(_edge, error_responses=make(_response, **{"response_page_path": "/a.html", argument: token})),
        )
        for argument, token in (
            ("http_status", NUMBER),
            ("response_page_path", TEXT),
            ("response_http_status", NUMBER),
            ("ttl", TIME),
        )
    ),
]


@pytest.mark.parametrize(("build", "says", "at"), [*_EDGE, *_ERROR_RESPONSES, *_EDGE_FUNCTIONS])
def test_bad_input_is_refused_with_all_that_is_needed_to_mend_it(
    stack: cdk.Stack, build: Build, says: Sequence[str], at: str | None
) -> None:
    assert_refused(stack, build, says, at)


@pytest.mark.parametrize("build", _ACCEPTED)
def test_what_only_the_deploy_knows_is_let_through_to_the_template(stack: cdk.Stack, build: Build) -> None:
    assert_accepted(stack, build)
