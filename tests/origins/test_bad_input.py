"""Bad input of origins, buckets and guards.

Inputs that the CDK accepts in silence and AWS refuses at deploy, or worse, accepts as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3

from ha_patterns import (
    AcceleratorHealthCheck,
    BucketReadPolicy,
    BucketSet,
    CalculatedHealthCheck,
    DeclaredOrigins,
    DnsFailover,
    Endpoint,
    HealthCheckSettings,
    OriginGuardSecrets,
    OriginSettings,
)

from ..bad_input import (
    NO_DOMAIN_NAME,
    NUMBER,
    TEXT,
    TIME,
    Build,
    accelerator_group,
    accepted,
    add_alarms,
    address_group,
    alarm_topic,
    api_by_name,
    assert_accepted,
    assert_refused,
    bucket_endpoint,
    cdk_check,
    endpoint_check,
    host_at,
    imported_checks,
    imported_site,
    in_seconds,
    in_stack,
    make,
    origin_group,
    refused,
    shop_of,
    site_of,
)
from ..samples import (
    bucket_pair,
    closed_listener,
    content_bucket,
    dns_failover,
    guard,
    guarded_listener,
    hybrid_failover,
    imported_balancer,
    imported_bucket,
    latency_routing,
    list_token,
    load_balancer,
    multi_region_accelerator,
    new_balancer,
    number_token,
    primary_host,
    rest_api,
    rest_domain,
    secondary_host,
    stack_in,
    target_group,
    text_token,
    vpc_in,
    zone_of,
)

_ORIGIN_SETTINGS_PAGE = "DownloadDistValuesOrigin.html"


_ROLES = ("primary", "secondary")


_ApiKind = apigateway.EndpointType


_CachePolicy = cloudfront.CachePolicy


_Policy = cloudfront.OriginRequestPolicy


_ForwardedHeaders = cloudfront.OriginRequestHeaderBehavior


def _read_policy(
    stack: cdk.Stack, *, region: str = "eu-west-1", bucket: Mapping[str, Any] | None = None, **given: Any
) -> BucketReadPolicy:
    pair = bucket_pair(stack, primary=content_bucket(stack, "eu-west-1", **(bucket or {})))
    return BucketReadPolicy(stack_in(region, stack), "Policy", bucket=pair.primary, **given)


def _read_by_identity(stack: cdk.Stack, *, region: str) -> object:
    far = s3.Bucket.from_bucket_attributes(stack, "FarBucket", bucket_name="far", region=region)
    identity = cloudfront.OriginAccessIdentity(stack, "Identity")
    return bucket_pair(stack, secondary=far).endpoints(stack, origin_access_identity=identity)


def _internal_load_balancer(stack: cdk.Stack) -> elbv2.ApplicationLoadBalancer:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-1", "subnet-2"],
    )
    return elbv2.ApplicationLoadBalancer(stack, "LoadBalancer", vpc=vpc, internet_facing=False)


_ORIGIN_SETTINGS = [
    *(
        refused(
            f"{attempts!r} connection attempts",
            make(OriginSettings, connection_attempts=attempts),
            f"connection_attempts must be a whole number from 1 to 3, got {attempts!r}",
            _ORIGIN_SETTINGS_PAGE,
        )
        for attempts in (0, 4)
    ),
    *(
        row
        for argument, high in (
            ("connection_timeout", 10),
            ("response_timeout", 3600),
            ("keepalive_timeout", 3600),
            ("response_completion_timeout", 3600),
        )
        for row in (
            *(
                refused(
                    f"{argument} of {seconds:g} s",
                    make(OriginSettings, **{argument: in_seconds(seconds)}),
                    f"{argument} must be whole seconds from 1 to {high}, got '{seconds:g} s'",
                    _ORIGIN_SETTINGS_PAGE,
                )
                for seconds in (0, 1.5, high + 1)
            ),
            refused(
                f"{argument} that is a number",
                make(OriginSettings, **{argument: 5}),
                f"{argument} must be a Duration",
                "got 5, an int: write Duration.seconds(5)",
            ),
        )
    ),
    refused(
        "completion before the response",
        make(OriginSettings, response_timeout=in_seconds(30), response_completion_timeout=in_seconds(29)),
        "response_completion_timeout must be at least the response_timeout of 30 s, got '29 s'",
        "it caps all attempts together",
    ),
]


def _url_of_function(stack: cdk.Stack) -> str:
    function = lambda_.Function(
        stack,
        "Handler",
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handler",
        code=lambda_.Code.from_inline("..."),
    )
    return function.add_function_url().url


def _url_of_website(stack: cdk.Stack) -> str:
    return s3.Bucket(stack, "Website", website_index_document="index.html").bucket_website_url


_URLS: tuple[tuple[str, Build], ...] = (
    ("a REST API", lambda stack: rest_api(stack).url),
    ("an HTTP API", lambda stack: apigatewayv2.HttpApi(stack, "HttpApi").api_endpoint),
    ("a function", _url_of_function),
    ("a website", _url_of_website),
    ("a parameter with a path", lambda stack: f"{text_token(stack, 'Host')}/prod"),
    ("a parameter with a port", lambda stack: f"{text_token(stack, 'Host')}:8080"),
)


_ENDPOINTS = [
    *(
        refused(
            f"the URL of {what} as a name",
            make(Endpoint.http_host, domain_name=url),
            "domain_name must be a domain name such as origin.example.com (no scheme, no port, no path)",
            "a URL that only the deploy knows",
            "Fn.select(2, Fn.split('/', url))",
        )
        for what, url in _URLS
    ),
    refused(
        "a host that is nowhere",
        make(Endpoint.http_host),
        "domain_name, ipv4_addresses, ipv6_addresses and alias_target are all missing",
        "needs at least one of them",
    ),
    refused(
        "addresses beside an alias",
        lambda stack: host_at(
            "a.example.com", "203.0.113.1", alias_target=targets.LoadBalancerTarget(load_balancer(stack))
        ),
        "alias_target and addresses exclude each other",
    ),
    *(
        refused(
            f"{name[:24]!r} as domain name",
            make(Endpoint.http_host, domain_name=name),
            f"{NO_DOMAIN_NAME}{name!r}",
            "CloudFront connects to origins by name",
        )
        for name in (
            *("https://a.example.com", "a.example.com:443", "a.example.com/path", "localhost", "", "a..example.com"),
            *("-a.example.com", "a b.example.com", "*.example.com", f"{'a' * 64}.example.com", f"{'a.' * 127}com"),
        )
    ),
    refused(
        "a domain name that ends in a line feed",
        make(Endpoint.http_host, domain_name="a.example.com\n"),
        NO_DOMAIN_NAME,
        r"got 'a.example.com\n'",
    ),
    refused(
        "a domain name with a letter that is not of ASCII and has one as its lower case",
        make(Endpoint.http_host, domain_name="\N{KELVIN SIGN}elvin.example.com"),
        NO_DOMAIN_NAME,
    ),
    *(
        refused(
            f"{address} as domain name",
            make(Endpoint.http_host, domain_name=address),
            f"domain_name must be a domain name and not an IP address, got {address!r}",
        )
        for address in ("203.0.113.1", "2001:db8::1")
    ),
    *(
        refused(
            f"{address}, which nobody can reach",
            make(Endpoint.http_host, **{argument: [address]}),
            f"{argument} must be a public IPv{argument[3]} address, got {address!r}",
            "it cannot be reached over the internet",
        )
        for argument, addresses in (
            (
                "ipv4_addresses",
                ("10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "224.0.0.1"),
            ),
            ("ipv6_addresses", ("fd00::1", "fe80::1", "::1", "ff02::1")),
        )
        for address in addresses
    ),
    *(
        refused(
            f"{address}, which nobody can reach either",
            make(Endpoint.http_host, ipv6_addresses=[address]),
            f"ipv6_addresses must be a public IPv6 address, got {address!r}",
        )
        for address in ("::ffff:10.0.0.1", "2001:db8::1%eth0")
    ),
    *(
        refused(
            f"{value} in {argument}",
            make(Endpoint.http_host, **{argument: [value]}),
            f"{argument} must be a public IPv{argument[3]} address, got {value!r}",
            why,
        )
        for argument, value, why in (
            ("ipv4_addresses", "2001:db8::1", "it is an IPv6 address"),
            ("ipv6_addresses", "203.0.113.1", "it is an IPv4 address"),
            ("ipv4_addresses", "b.example.com", "it is not an IP address"),
            ("ipv6_addresses", "", "it is not an IP address"),
        )
    ),
    *(
        refused(
            f"{argument} {port!r}",
            make(Endpoint.http_host, domain_name="a.example.com", **{argument: port}),
            f"{argument} must be a whole number from 1024 to 65535, got {port!r}",
            "CloudFront connects to 80, 443 and these ports only",
        )
        for argument in ("http_port", "https_port")
        for port in (0, 22, 1023, 65536)
    ),
    *(
        refused(
            f"origin path {path[:8]!r}",
            make(Endpoint.http_host, domain_name="a.example.com", origin_path=path),
            f"origin_path must be {allowed}, got {path!r}",
            "CloudFront",
        )
        for allowed, paths in (
            ("a path of at most 255 characters that starts with /", ("prod", "", f"/{'a' * 255}", "/tab\t")),
            ("without a / at the end", ("/prod/", "/")),
        )
        for path in paths
    ),
    *(
        refused(
            f"{argument} of a host that has no name",
            make(Endpoint.http_host, ipv4_addresses=["203.0.113.1"], **{argument: value}),
            f"{argument} must be",
        )
        for argument, value in (("https_port", 22), ("origin_path", "prod"))
    ),
    *(
        refused(f"{what} of an API and its name", build, "api and domain_name: give exactly one of them")
        for what, build in (
            ("both", make(Endpoint.api_gateway, api=rest_api, domain_name="api.example.com")),
            ("neither", make(Endpoint.api_gateway)),
        )
    ),
    *(
        refused(
            f"{argument} that is {what}",
            make(Endpoint.api_gateway, **{argument: construct}, **given),
            f"{argument} must be a REGIONAL endpoint, got {got!r}",
            "set endpoint_type",
        )
        for argument, what, construct, given, got in (
            ("api", "edge-optimised", in_stack(rest_api, kind=_ApiKind.EDGE), {}, "EDGE"),
            ("api", "edge-optimised for want of a word", lambda stack: apigateway.RestApi(stack, "Api"), {}, "EDGE"),
            ("api", "private", in_stack(rest_api, kind=_ApiKind.PRIVATE), {}, "PRIVATE"),
            (
                "custom_domain",
                "edge-optimised",
                in_stack(rest_domain, kind=_ApiKind.EDGE),
                {"domain_name": "api.example.com"},
                "EDGE",
            ),
        )
    ),
    *(
        refused(
            f"a REST API that is {what}, whose stage cannot be known",
            make(Endpoint.api_gateway, api=api),
            "origin_path",
        )
        for what, api in (
            ("imported", lambda stack: apigateway.RestApi.from_rest_api_id(stack, "Api", "a1b2c3")),
            (
                "not deployed",
                lambda stack: apigateway.RestApi(stack, "Api", deploy=False, endpoint_types=[_ApiKind.REGIONAL]),
            ),
        )
    ),
    *(
        refused(
            f"a load balancer over {policy.value} by the name that AWS gave it",
            make(Endpoint.load_balancer, load_balancer=load_balancer, protocol_policy=policy),
            "domain_name is missing",
            "none can cover the name AWS gives a load balancer",
            "give a name of your own that the listener's certificate covers",
        )
        for policy in (cloudfront.OriginProtocolPolicy.HTTPS_ONLY, cloudfront.OriginProtocolPolicy.MATCH_VIEWER)
    ),
    refused(
        "a load balancer that does not face the internet",
        make(Endpoint.load_balancer, load_balancer=_internal_load_balancer, domain_name="a.example.com"),
        "load_balancer must be one that faces the internet, got 'internal'",
        "make it with internet_facing=True",
    ),
    refused(
        "an origin without a name",
        lambda _: host_at(None, "203.0.113.1").origin(),
        "domain_name is missing",
        "give it a name of its own that resolves to them",
    ),
]


_NO_HEADERS = [
    refused(
        f"a custom header {name!r}: {value!r}",
        make(primary_host().origin, custom_headers={name: value}),
        f"custom_headers must be {allowed}, got {got!r}: HTTP ",
    )
    for name, value, allowed, got in (
        *(
            (
                "x-key",
                value,
                "printable in x-key, without line breaks and without spaces around",
                f"{len(value)} characters",
            )
            for value in ("a\nb", "a\r\nx-other: b", "\n", "\x00", "a\x7f", " a", "a ")
        ),
        *(
            (name, "a", "by names of letters, digits and - _ . ! # $ % & ' * + ^ ` | ~", name)
            for name in ("", "x key", "x-key:", "x\nkey", "x-k\u00e9y")
        ),
    )
]


_CUSTOM_HEADERS = [
    refused(
        f"{header} as a custom header of {what}",
        make(endpoint.origin, custom_headers={header: "value"}),
        "custom_headers",
        header,
    )
    for header in ("Host", "X-Amz-Mine", "Via")
    for what, endpoint in (
        ("a host", Endpoint.http_host("a.example.com")),
        ("an API", Endpoint.api_gateway(domain_name="api.example.com")),
    )
]


_VIEWER_HOST = [
    *(
        refused(
            f"viewer's Host to an API, {what}",
            in_stack(shop_of, origin=api_by_name().origin(), **{argument: policy}),
            "behavior '/shop/*' of Test/Site forwards the viewer's Host header to api.example.com",
            "use OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER, and no cache policy with Host in the key",
            at="Test/Site/Origin2",
        )
        for what, argument, policy in (
            ("AllViewer", "origin_request_policy", _Policy.ALL_VIEWER),
            ("HostHeaderOnly", "origin_request_policy", _Policy.HOST_HEADER_ONLY),
            ("with CloudFront's headers", "origin_request_policy", _Policy.ALL_VIEWER_AND_CLOUDFRONT_2022),
            (
                "by a policy of one's own that lists it",
                "origin_request_policy",
                lambda stack: _Policy(stack, "Policy", header_behavior=_ForwardedHeaders.allow_list("Accept", "host")),
            ),
            (
                "by a policy of one's own that forwards all",
                "origin_request_policy",
                lambda stack: _Policy(stack, "Policy", header_behavior=_ForwardedHeaders.all()),
            ),
            (
                "by a cache policy of one's own",
                "cache_policy",
                lambda stack: _CachePolicy(
                    stack, "Policy", header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Host")
                ),
            ),
            ("by a managed cache policy", "cache_policy", _CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS),
        )
    ),
    refused(
        "viewer's Host to a bucket",
        in_stack(
            site_of, origin=lambda stack: bucket_endpoint(stack).origin(), origin_request_policy=_Policy.ALL_VIEWER
        ),
        "behavior '*' of Test/Site forwards the viewer's Host header to content.s3.eu-west-1.amazonaws.com",
        "ALL_VIEWER_EXCEPT_HOST_HEADER",
        at="Test/Site/Origin1",
    ),
    *(
        refused(
            f"viewer's Host to an API that is the {role} of a group",
            in_stack(
                site_of, origin=make(origin_group, **{role: api_by_name()}), origin_request_policy=_Policy.ALL_VIEWER
            ),
            "behavior '*' of Test/Site forwards the viewer's Host header to api.example.com",
            at=f"Test/Site/Origin{place}",
        )
        for place, role in enumerate(_ROLES, start=1)
    ),
    refused(
        "viewer's Host to an API behind a hybrid failover",
        lambda stack: hybrid_failover(
            stack,
            primary=Endpoint.load_balancer(load_balancer(stack), domain_name="a.example.com"),
            secondary=Endpoint.api_gateway(domain_name="api.example.com", custom_domain=rest_domain(stack)),
            origin_request_policy=_Policy.ALL_VIEWER,
        ),
        "behavior '*' of Test/Site/Edge/Distribution forwards the viewer's Host header to api.example.com",
        "behavior '/cart/*' of Test/Site/Edge/Distribution forwards the viewer's Host header to origin.example.com",
        at="Test/Site/Edge/Distribution/Origin2",
    ),
    refused(
        "viewer's Host to an API whose name only the deploy knows",
        lambda stack: site_of(
            stack,
            origin=Endpoint.api_gateway(api=apigatewayv2.HttpApi(stack, "Api")).origin(),
            origin_request_policy=_Policy.ALL_VIEWER,
        ),
        "behavior '*' of Test/Site forwards the viewer's Host header to a name that only the deploy knows",
        at="Test/Site/Origin1",
    ),
]


_BUCKETS = [
    refused(
        "a bucket of another stack without a name",
        in_stack(bucket_pair, primary=in_stack(content_bucket, region="eu-west-1", bucket_name=None)),
        "primary must be a bucket with a bucket_name, got 'Content-eu-west-1/Bucket'",
        "would make the stacks need each other",
    ),
    refused(
        "a bucket of a stack without a Region",
        in_stack(
            bucket_pair, secondary=lambda stack: s3.Bucket(stack_in(None, stack), "Bucket", bucket_name="content")
        ),
        "secondary is in a stack whose Region only the deploy knows, got Elsewhere/Bucket",
        "give the stack env=Environment(region=...)",
    ),
    refused(
        "two buckets of one Region",
        in_stack(bucket_pair, secondary=in_stack(imported_bucket, region="eu-west-1")),
        "secondary must be in another Region than primary, got 'eu-west-1'",
        "one outage takes them both",
    ),
    refused(
        "two buckets that are imported without their Regions",
        lambda stack: bucket_pair(
            stack,
            primary=s3.Bucket.from_bucket_name(stack, "One", "one"),
            secondary=s3.Bucket.from_bucket_name(stack, "Two", "two"),
        ),
        "secondary must be in another Region than primary, got 'us-east-1'",
        "imported without its region",
    ),
    refused(
        "one bucket as both of a pair",
        lambda stack: [
            bucket_pair(stack, primary=bucket, secondary=bucket) for bucket in [imported_bucket(stack, "eu-west-1")]
        ],
        "secondary must be another bucket than primary, got 'imported-eu-west-1'",
        "one outage takes them both",
    ),
    refused(
        "a bucket with a KMS key",
        in_stack(
            bucket_pair,
            primary=in_stack(content_bucket, region="eu-west-1", encryption=s3.BucketEncryption.KMS),
        ),
        "primary must be encrypted by S3 itself, got 'Content-eu-west-1/Bucket'",
        "use S3_MANAGED",
    ),
    *(
        refused(
            f"a bucket with {what} of AWS's own",
            in_stack(bucket_pair, primary=in_stack(content_bucket, region="eu-west-1", encryption=encryption)),
            "primary must be encrypted by S3 itself, got 'Content-eu-west-1/Bucket'",
            "cannot be done with AWS's own key, nor for an origin access identity; use S3_MANAGED",
        )
        for what, encryption in (
            ("a KMS key", s3.BucketEncryption.KMS_MANAGED),
            ("two KMS keys", s3.BucketEncryption.DSSE_MANAGED),
        )
    ),
    refused(
        "a set of one bucket",
        lambda stack: BucketSet([imported_bucket(stack, "eu-west-1")]),
        "buckets must be at least 2, got 1",
        "nowhere to turn to",
    ),
    refused(
        "one bucket's name as a set",
        lambda stack: BucketSet("content"),  # type: ignore[arg-type]
        "buckets must be a list of IBucket of aws_s3, got 'content', a str",
    ),
    refused(
        "a set with two buckets of one Region",
        lambda stack: BucketSet(
            [
                imported_bucket(stack, "us-west-2"),
                imported_bucket(stack, "eu-west-1"),
                content_bucket(stack, "eu-west-1"),
            ]
        ),
        "buckets[2] must be in another Region than buckets[1], got 'eu-west-1'",
        "one outage takes them both",
    ),
    *(
        refused(
            f"an origin access identity for a bucket of {what}",
            in_stack(_read_by_identity, region=region),
            f"secondary must be in a Region that was there before 2023, got {got}",
            "use a bucket of another Region, or origin access control, as BucketFailover does by itself",
            "private-content-restricting-access-to-s3.html",
        )
        for what, region, got in (
            ("a Region launched in 2023", "il-central-1", "'il-central-1'"),
            ("a Region that is not known yet", "eu-nowhere-9", "'eu-nowhere-9'"),
            ("another partition", "cn-north-1", "'cn-north-1'"),
            (
                "a Region that only the deploy knows",
                lambda stack: text_token(stack, "Far"),
                "'one that only the deploy knows'",
            ),
        )
    ),
    refused(
        "an origin for edge functions that is waited for longer than they can say",
        make(
            DeclaredOrigins, origins={"eu": primary_host()}, settings=OriginSettings(response_timeout=in_seconds(121))
        ),
        "response_timeout must be whole seconds from 1 to 120, got '121 s'",
        "CloudFront takes no other from an edge function",
    ),
    refused(
        "an origin for edge functions that is kept alive for longer than they can say",
        make(
            DeclaredOrigins, origins={"eu": primary_host()}, settings=OriginSettings(keepalive_timeout=in_seconds(121))
        ),
        "keepalive_timeout must be whole seconds from 1 to 120, got '121 s'",
        "CloudFront takes no other from an edge function",
    ),
    refused(
        "an edge function's bucket that it cannot sign for",
        lambda stack: DeclaredOrigins.buckets(
            {"far": bucket_pair(stack, primary=imported_bucket(stack, "mx-central-1")).primary}
        ),
        "origins['far'] must be in a Region that was there before 2023, got 'mx-central-1'",
    ),
    refused(
        "a read policy for nobody",
        in_stack(_read_policy),
        "distribution and origin_access_identity are both missing: nobody could read the bucket",
        "give the one that its endpoints were made for",
    ),
    refused(
        "a read policy in another Region than its bucket",
        in_stack(_read_policy, region="eu-central-1", distribution=imported_site),
        "bucket must be one of eu-central-1, where this stack is, got 'eu-west-1'",
    ),
    *(
        refused(
            f"a read policy for a bucket with {what}",
            in_stack(_read_policy, distribution=imported_site, bucket=given),
            "bucket must have no policy in its own stack, got Content-eu-west-1/Bucket",
            "S3 keeps one policy a bucket",
            "add statements to document here",
        )
        for what, given in (
            ("TLS enforced", {"enforce_ssl": True}),
            (
                "its objects deleted with it",
                {"auto_delete_objects": True, "removal_policy": cdk.RemovalPolicy.DESTROY},
            ),
        )
    ),
    refused(
        "two read policies for one bucket",
        lambda stack: [
            BucketReadPolicy(policies, name, bucket=pair.primary, distribution=imported_site(stack, name))
            for pair in [bucket_pair(stack)]
            for policies in [stack_in("eu-west-1", stack)]
            for name in ("One", "Two")
        ],
        "bucket must have no other BucketReadPolicy, got Content-eu-west-1/Bucket, which has Elsewhere/One",
        "add statements to that one's document",
    ),
]


def _guarded(number: int = 1, **given: Any) -> Endpoint:
    return host_at(f"h{number}.example.com", f"203.0.113.{number}", **{"guard": guard(), **given})


def _guarded_pair(stack: cdk.Stack, **given: Any) -> DnsFailover:
    return dns_failover(stack, **{"primary": _guarded(1), "secondary": _guarded(2), **given})


def _guarded_accelerator(stack: cdk.Stack, check: AcceleratorHealthCheck) -> Endpoint:
    """A guarded host with an address behind an accelerator, beside a load balancer of another Region."""
    return multi_region_accelerator(
        stack,
        endpoint_groups=[accelerator_group(stack, "eu-west-1"), address_group(stack, health_check=check)],
        domain_name="www.example.com",
        hosted_zone=zone_of(stack),
    ).endpoint(guard=guard())


def _guard_secrets(stack: cdk.Stack, **given: Any) -> OriginGuardSecrets:
    return OriginGuardSecrets(stack, "Secrets", **{"guard": guard(), "regions": ["eu-west-1"], **given})


def _imported_listener(stack: cdk.Stack) -> elbv2.IApplicationListener:
    return elbv2.ApplicationListener.from_application_listener_attributes(
        stack,
        "Imported",
        listener_arn="arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/a/50dc6c49/f2f7dc8e",
        security_group=ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0"),
    )


def _listener_of_imported_balancer(stack: cdk.Stack, *, with_vpc: bool) -> elbv2.ApplicationListener:
    balancer = imported_balancer(stack, vpc=vpc_in(stack) if with_vpc else None)
    return closed_listener(stack, load_balancer=balancer)


def _listener_open_to(stack: cdk.Stack, *, peer: ec2.IPeer, port: ec2.Port) -> elbv2.ApplicationListener:
    listener = closed_listener(stack)
    listener.connections.allow_from(peer, port)
    return listener


def _opened_after_its_guard(stack: cdk.Stack) -> None:
    guarded_listener(stack).listener.connections.allow_default_port_from_any_ipv4()


def _opened_by_a_rule_apart(stack: cdk.Stack) -> elbv2.ApplicationListener:
    group = ec2.SecurityGroup(stack, "Apart", vpc=vpc_in(stack), disable_inline_rules=True)
    group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443))
    return closed_listener(stack, load_balancer=new_balancer(stack, security_group=group))


_LOOKS_DEAD = "health checkers cannot send the header, so the endpoint would look dead from the start"


_ORIGIN_GUARDS = [
    *(
        refused(
            f"guard named {name!r}",
            make(guard, name=name),
            f"name must be 1 to 400 letters, digits and /_+=.@-, got {name!r}: Secrets Manager allows no others",
        )
        for name in ("", "a b", "shop:guard", "{{x}}", "a" * 401)
    ),
    *(
        refused(
            f"guard with the health path {path!r}",
            make(guard, health_path=path),
            "health_path must be",
            f"got {path!r}",
            says,
        )
        for path, says in (
            ("health", "starts with /"),
            ("", "starts with /"),
            ("/*", "so would open other paths, too"),
            ("/health?deep=1", "takes * and ? for any character"),
            ("/a b", "one path of at most 128 characters"),
            ("/" + "a" * 128, "one path of at most 128 characters"),
        )
    ),
    *(
        refused(
            f"guard of generation {generation!r}",
            make(guard, generation=generation),
            f"generation must be a whole number from 1 to 1000000, got {generation!r}",
        )
        for generation in (0, -1)
    ),
    refused(
        "guard of a generation that only the deploy knows",
        lambda stack: guard(generation=number_token(stack, "Generation")),
        "generation must be a plain number",
        "the secrets before and after it are named",
    ),
    refused(
        "guard with a health path that only the deploy knows",
        lambda stack: guard(health_path=text_token(stack, "Path")),
        "health_path must be known now",
        "health checks are held against it",
    ),
    refused(
        "secrets of a guard in one Region that is a string",
        in_stack(_guard_secrets, regions="eu-west-1"),
        "regions must be a list of text, got 'eu-west-1', a str: write regions=['eu-west-1']",
    ),
    refused(
        "secrets of a guard in a Region that is none",
        in_stack(_guard_secrets, regions=["eu-west-1a"]),
        "regions must be AWS Regions such as eu-west-1, got 'eu-west-1a'",
    ),
    refused(
        "secrets of a guard in Regions that only the deploy knows",
        in_stack(_guard_secrets, regions=lambda stack: list_token(stack, "Regions")),
        "regions must be a list known now",
    ),
    refused(
        "secrets of a guard in a stack of an unknown Region",
        lambda stack: _guard_secrets(stack_in(None, stack)),
        "must be in a stack whose Region is known",
        "env=Environment(region='us-east-1')",
    ),
    refused(
        "header that the guard sets",
        lambda stack: _guarded().origin(custom_headers={"X-HA-Origin-Guard": "mine"}),
        "custom_headers must be without the guard's, got 'X-HA-Origin-Guard': the guard sets it; leave it out",
    ),
    *(
        refused(
            f"one name for endpoints of which {what}",
            in_stack(dns_failover, primary=_guarded(1), secondary=_guarded(2, guard=other)),
            f"primary and secondary must have the same guard, got shop/guard/1 and {shown}",
            "CloudFront sends all of them one header",
            "give both the same guard",
        )
        for what, other, shown in (
            ("one has no guard", None, "None"),
            ("one has another guard", guard(name="other"), "other/1"),
            ("one has another generation", guard(generation=2), "shop/guard/2"),
        )
    ),
    refused(
        "one latency name for endpoints of which one has no guard",
        in_stack(latency_routing, members={"eu-west-1": _guarded(), "us-east-1": secondary_host()}),
        "members['eu-west-1'] and members['us-east-1'] must have the same guard, got shop/guard/1 and None",
    ),
    *(
        refused(
            f"{argument} of what the guard covers",
            in_stack(_guarded_pair, **{argument: HealthCheckSettings.fast(path="/status")}),
            f"{argument} asks Endpoint({host}) for /status, which its guard covers: {_LOOKS_DEAD}",
            "HealthCheckSettings(path='/health'), or give the guard health_path='/status'",
        )
        for argument, host in (
            ("primary_health_check", "h1.example.com"),
            ("secondary_health_check", "h2.example.com"),
        )
    ),
    refused(
        "check of the root of a guarded endpoint",
        in_stack(_guarded_pair, primary_health_check=HealthCheckSettings.fast(path="/")),
        "primary_health_check asks Endpoint(h1.example.com) for /, which its guard covers",
    ),
    refused(
        "check under the path of a guarded endpoint, whose health path is not under it",
        in_stack(
            _guarded_pair,
            primary=_guarded(1, origin_path="/shop"),
            secondary=_guarded(2, origin_path="/shop"),
            primary_health_check=HealthCheckSettings.fast(path="/health"),
        ),
        "for /shop/health, which its guard covers",
        "ask for the path that is open, HealthCheckSettings without a path, or give the guard ",
        "health_path='/shop/health'",
    ),
    *(
        refused(
            f"check that is given and asks a guarded endpoint {what}",
            in_stack(_guarded_pair, primary_health_check=check),
            f"primary_health_check asks Endpoint(h1.example.com) for {path}, which its guard covers: {_LOOKS_DEAD}",
        )
        for what, path, check in (
            ("by name", "/", in_stack(endpoint_check, domain_name="h1.example.com")),
            ("by address", "/", in_stack(endpoint_check, ip_address="203.0.113.1")),
            ("for a path", "/a", in_stack(cdk_check, fqdn="H1.example.com.", resource_path="/a")),
            (
                "as a part of its answer",
                "/",
                lambda stack: CalculatedHealthCheck(
                    stack,
                    "All",
                    child_health_checks=[*imported_checks(stack, 1), cdk_check(stack, fqdn="h1.example.com")],
                ),
            ),
        )
    ),
    refused(
        "check of one Region that asks for what the guard covers",
        in_stack(
            latency_routing,
            members={"eu-west-1": _guarded(1), "us-east-1": _guarded(2)},
            health_checks=HealthCheckSettings.fast(path="/status"),
        ),
        "health_checks['eu-west-1'] asks Endpoint(h1.example.com) for /status, which its guard covers",
    ),
    *(
        refused(
            f"accelerator's check of a guarded host that asks for {path or 'nothing else'}",
            in_stack(_guarded_accelerator, check=AcceleratorHealthCheck(protocol="HTTPS", path=path)),
            f"health_check of us-east-1 asks Elastic IP address Test/Address for {path or '/'}, which its guard covers",
            "ask for the path that is open, AcceleratorHealthCheck(path='/health')",
        )
        for path in ("/status", None)
    ),
    refused(
        "guarded listener without targets",
        in_stack(guarded_listener, target_groups=[]),
        "target_groups must be at least one, got []: admitted requests are forwarded there",
    ),
    refused(
        "guarded listener that is imported",
        in_stack(guarded_listener, listener=_imported_listener),
        "listener must be an ApplicationListener of aws_elasticloadbalancingv2, got an IApplicationListener",
        "make it with add_listener(open=False)",
    ),
    refused(
        "guarded listener with default targets",
        lambda stack: guarded_listener(
            stack, listener=closed_listener(stack, default_target_groups=[target_group(stack, "Default")])
        ),
        "listener must be one without a default action, got 'Test/Balancer/Https'",
        "make it without default_action and default_target_groups",
    ),
    refused(
        "guarded listener twice",
        lambda stack: [
            guarded_listener(scope, listener=listener, target_groups=[target_group(stack, f"T{number}")])
            for listener in [closed_listener(stack)]
            for number, scope in enumerate((stack, stack_in("us-east-1", stack)))
        ],
        "listener must be one without a default action",
    ),
    refused(
        "guarded listener that is open",
        in_stack(guarded_listener, listener=lambda stack: closed_listener(stack, open=True)),
        "listener must not be open to everybody, got port 443 open to 0.0.0.0/0 in Test/Balancer/SecurityGroup",
        "make it with open=False, or say restrict_addresses=False",
    ),
    *(
        refused(
            f"guarded listener whose port is open by {what}",
            in_stack(guarded_listener, listener=in_stack(_listener_open_to, peer=peer, port=port)),
            f"listener must not be open to everybody, got port 443 open to {who}",
        )
        for what, who, peer, port in (
            ("all traffic", "0.0.0.0/0", ec2.Peer.any_ipv4(), ec2.Port.all_traffic()),
            ("all TCP over IPv6", "::/0", ec2.Peer.any_ipv6(), ec2.Port.all_tcp()),
            ("a range", "0.0.0.0/0", ec2.Peer.any_ipv4(), ec2.Port.tcp_range(400, 443)),
        )
    ),
    refused(
        "guarded listener whose port is open by a rule that is a resource of its own",
        in_stack(guarded_listener, listener=_opened_by_a_rule_apart),
        "listener must not be open to everybody, got port 443 open to 0.0.0.0/0 in Test/Apart",
    ),
    refused(
        "guarded listener that is opened afterwards",
        _opened_after_its_guard,
        "listener must not be open to everybody, got port 443 open to 0.0.0.0/0 in Test/Balancer/SecurityGroup",
        at="Test/Guard",
    ),
    *(
        refused(
            f"guarded listener of an imported load balancer {what} its VPC",
            in_stack(guarded_listener, listener=in_stack(_listener_of_imported_balancer, with_vpc=with_vpc)),
            "listener must be of a load balancer that is made here, got one of Test/Imported-us-west-2-a",
            "say restrict_addresses=False",
        )
        for what, with_vpc in (("with", True), ("without", False))
    ),
    refused(
        "alarm on refused requests for a topic of another Region",
        make(add_alarms, construct=guarded_listener, topic=in_stack(alarm_topic, region="eu-west-1")),
        "topic must be in us-east-1, got one in eu-west-1",
        "an alarm notifies topics of its own Region only",
    ),
    refused(
        "alarm on no refused requests",
        make(add_alarms, construct=guarded_listener, topic=alarm_topic, refused_per_minute=0),
        "refused_per_minute must be a whole number from 1 to 1000000, got 0",
    ),
]


def _asked(stack: cdk.Stack, **settings: Any) -> cloudfront.Distribution:
    return site_of(stack, origin=primary_host().origin(OriginSettings(**settings)))


def _connected(stack: cdk.Stack, **given: Any) -> cloudfront.Distribution:
    return site_of(stack, origin=Endpoint.http_host(**{"domain_name": "a.example.com", **given}).origin())


_ACCEPTED = [
    accepted("name of a guard", lambda stack: _guard_secrets(stack, guard=guard(name=TEXT(stack)))),
    accepted(
        "name of the guard of an endpoint",
        lambda stack: site_of(stack, origin=_guarded(guard=guard(name=TEXT(stack))).origin()),
    ),
    accepted(
        "name of the guard of a listener",
        lambda stack: guarded_listener(stack, guard=guard(name=TEXT(stack))),
    ),
    accepted("Region of a replica", lambda stack: _guard_secrets(stack, regions=[TEXT(stack)])),
    accepted(
        "path of a check of a guarded endpoint",
        lambda stack: _guarded_pair(stack, primary_health_check=HealthCheckSettings.fast(path=TEXT(stack))),
    ),
    accepted(
        "refused requests",
        make(add_alarms, construct=guarded_listener, topic=alarm_topic, refused_per_minute=NUMBER),
    ),
    accepted("connection attempts", in_stack(_asked, connection_attempts=NUMBER)),
    *(
        accepted(argument, in_stack(_asked, **{argument: TIME}))
        for argument in ("connection_timeout", "response_timeout", "keepalive_timeout", "response_completion_timeout")
    ),
    accepted(
        "response timeout of a bucket",
        lambda stack: site_of(
            stack, origin=bucket_endpoint(stack).origin(OriginSettings(response_timeout=TIME(stack)))
        ),
    ),
    accepted("domain name of a host", in_stack(_connected, domain_name=TEXT)),
    accepted("origin path", in_stack(_connected, origin_path=TEXT)),
    accepted("HTTP port", in_stack(_connected, http_port=NUMBER)),
    accepted("HTTPS port", in_stack(_connected, https_port=NUMBER)),
    accepted(
        "name of an API", lambda stack: site_of(stack, origin=Endpoint.api_gateway(domain_name=TEXT(stack)).origin())
    ),
    accepted(
        "value of a custom header",
        lambda stack: site_of(stack, origin=primary_host().origin(custom_headers={"x-key": TEXT(stack)})),
    ),
    accepted(
        "host in a URL",
        lambda stack: site_of(
            stack, origin=Endpoint.http_host(cdk.Fn.select(2, cdk.Fn.split("/", TEXT(stack)))).origin()
        ),
    ),
    accepted("id of an origin", lambda stack: site_of(stack, origin=primary_host().origin(origin_id=TEXT(stack)))),
]


@pytest.mark.parametrize(
    ("build", "says", "at"),
    [*_ORIGIN_SETTINGS, *_ENDPOINTS, *_NO_HEADERS, *_CUSTOM_HEADERS, *_VIEWER_HOST, *_BUCKETS, *_ORIGIN_GUARDS],
)
def test_bad_input_is_refused_with_all_that_is_needed_to_mend_it(
    stack: cdk.Stack, build: Build, says: Sequence[str], at: str | None
) -> None:
    assert_refused(stack, build, says, at)


@pytest.mark.parametrize("build", _ACCEPTED)
def test_what_only_the_deploy_knows_is_let_through_to_the_template(stack: cdk.Stack, build: Build) -> None:
    assert_accepted(stack, build)
