"""Origins on load balancers of the app: whether something listens there, and answers CloudFront."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from ha_patterns import Endpoint

from ..samples import (
    CERTIFICATE_ARN,
    certificate,
    imported_balancer,
    load_balancer,
    new_balancer,
    new_stack,
    refused_synth,
    target_group,
    text_token,
    vpc_in,
    warnings_of,
)

_HTTP = cloudfront.OriginProtocolPolicy.HTTP_ONLY
_FORWARDS_HOST = cloudfront.OriginRequestPolicy.ALL_VIEWER


def _site(
    stack: cdk.Stack, balancer: elbv2.ILoadBalancerV2, *, policy: Any = None, site: Any = None, **given: Any
) -> None:
    endpoint = Endpoint.load_balancer(balancer, **{"domain_name": "a.example.com", **given})
    behavior = cloudfront.BehaviorOptions(
        origin=endpoint.origin(),
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        origin_request_policy=policy,
    )
    cloudfront.Distribution(stack, "Site", default_behavior=behavior, **(site or {}))


def _certificate(stack: cdk.Stack, *names: str) -> acm.Certificate:
    first, *others = names
    return acm.Certificate(stack, f"For{first}", domain_name=first, subject_alternative_names=others or None)


def _secure(
    stack: cdk.Stack, *certificates: elbv2.IListenerCertificate, port: int = 443
) -> elbv2.ApplicationLoadBalancer:
    balancer = new_balancer(stack)
    balancer.add_listener(
        "Https",
        port=port,
        protocol=elbv2.ApplicationProtocol.HTTPS,
        certificates=list(certificates) or [elbv2.ListenerCertificate.from_arn(CERTIFICATE_ARN)],
        default_target_groups=[target_group(stack)],
    )
    return balancer


def _plain(stack: cdk.Stack, action: elbv2.ListenerAction, **given: Any) -> elbv2.ApplicationLoadBalancer:
    balancer = new_balancer(stack)
    balancer.add_listener("Http", port=80, default_action=action, **given)
    return balancer


def _to_https(**given: Any) -> elbv2.ListenerAction:
    return elbv2.ListenerAction.redirect(**{"protocol": "HTTPS", "port": "443", **given})


def test_a_port_without_a_listener_is_refused(stack: cdk.Stack) -> None:
    _site(stack, _secure(stack, port=8443))

    assert (
        "[Test/Site/Origin1] CloudFront asks Endpoint(a.example.com) over HTTPS at port 443, and the load balancer "
        "Test/Balancer/Resource listens at 8443: give http_port or https_port, or add a listener"
    ) in refused_synth(stack)


@pytest.mark.parametrize("port", [443, 8443])
def test_the_port_of_a_listener_is_accepted(stack: cdk.Stack, port: int) -> None:
    _site(stack, _secure(stack, port=port), https_port=port)

    assert warnings_of(stack) == set()


def test_a_listener_that_another_stack_adds_is_one(stack: cdk.Stack) -> None:
    balancer = _secure(stack, port=8443)
    other = cdk.Stack(cdk.App.of(stack), "Other", env=cdk.Environment(region="us-east-1", account="123456789012"))
    elbv2.CfnListener(
        other,
        "Listener",
        load_balancer_arn=balancer.load_balancer_arn,
        port=443,
        protocol="HTTPS",
        default_actions=[elbv2.CfnListener.ActionProperty(type="fixed-response")],
    )
    _site(stack, balancer)

    cdk.App.of(stack).synth()  # type: ignore[union-attr]


def test_a_load_balancer_without_any_listener_in_the_app_is_warned_of_since_it_may_get_one_elsewhere(
    stack: cdk.Stack,
) -> None:
    _site(stack, new_balancer(stack))

    assert warnings_of(stack) == {("/Test/Balancer/Resource", "@ha-patterns/load-balancer:no-listener")}


def _imported_by_its_arn(stack: cdk.Stack, **given: Any) -> tuple[elbv2.CfnLoadBalancer, elbv2.INetworkLoadBalancer]:
    """A load balancer that this app makes from a template's properties, and imports."""
    made = elbv2.CfnLoadBalancer(stack, "Made", type="network", subnets=["subnet-1", "subnet-2"], **given)
    return made, elbv2.NetworkLoadBalancer.from_network_load_balancer_attributes(
        stack,
        "Imported",
        load_balancer_arn=made.ref,
        load_balancer_dns_name=made.attr_dns_name,
        load_balancer_canonical_hosted_zone_id=made.attr_canonical_hosted_zone_id,
    )


def test_an_internal_load_balancer_that_this_app_makes_is_refused_when_it_is_imported(stack: cdk.Stack) -> None:
    _, balancer = _imported_by_its_arn(stack, scheme="internal")

    with pytest.raises(ValueError, match="load_balancer must be one that faces the internet, got 'internal'"):
        Endpoint.load_balancer(balancer, domain_name="a.example.com")


def test_a_load_balancer_that_this_app_makes_is_judged_when_it_is_imported(stack: cdk.Stack) -> None:
    made, balancer = _imported_by_its_arn(stack)
    elbv2.CfnListener(
        stack,
        "Listener",
        load_balancer_arn=made.ref,
        port=8443,
        protocol="TLS",
        default_actions=[elbv2.CfnListener.ActionProperty(type="forward", target_group_arn="targetgroup/a")],
    )
    _site(stack, balancer)

    assert "the load balancer Test/Made listens at 8443" in refused_synth(stack)


def test_a_listener_of_the_other_protocol_is_refused(stack: cdk.Stack) -> None:
    _site(stack, _plain(stack, elbv2.ListenerAction.fixed_response(200)), https_port=80)

    assert "Test/Balancer/Resource speaks HTTP there: give another port" in refused_synth(stack)


def test_tcp_passes_on_either_protocol(stack: cdk.Stack) -> None:
    balancer = elbv2.NetworkLoadBalancer(stack, "Balancer", vpc=vpc_in(stack), internet_facing=True)
    targets = elbv2.NetworkTargetGroup(stack, "Targets", port=443, vpc=vpc_in(stack))
    balancer.add_listener("Tcp", port=443, default_target_groups=[targets])
    _site(stack, balancer)

    cdk.App.of(stack).synth()  # type: ignore[union-attr]


def test_plain_http_to_a_listener_that_redirects_is_refused(stack: cdk.Stack) -> None:
    _site(stack, _plain(stack, _to_https()), protocol_policy=_HTTP)

    assert "Test/Balancer/Resource only redirects to HTTPS there" in refused_synth(stack)


def test_a_listener_that_redirects_elsewhere_is_accepted(stack: cdk.Stack) -> None:
    _site(stack, _plain(stack, _to_https(host="www.example.com")), protocol_policy=_HTTP)

    cdk.App.of(stack).synth()  # type: ignore[union-attr]


def test_a_listener_that_redirects_what_its_rules_do_not_forward_is_accepted(stack: cdk.Stack) -> None:
    balancer = _plain(stack, _to_https())
    balancer.listeners[0].add_action(
        "FromCloudFront",
        priority=1,
        conditions=[elbv2.ListenerCondition.http_header("x-secret", ["1"])],
        action=elbv2.ListenerAction.forward([target_group(stack)]),
    )
    _site(stack, balancer, protocol_policy=_HTTP)

    cdk.App.of(stack).synth()  # type: ignore[union-attr]


def test_certificates_for_other_names_are_refused(stack: cdk.Stack) -> None:
    _site(stack, _secure(stack, _certificate(stack, "b.example.com", "*.c.example.com")))

    message = refused_synth(stack)
    assert "are for b.example.com, *.c.example.com: CloudFront would answer 502" in message
    assert "give the listener a certificate for a.example.com" in message


@pytest.mark.parametrize("names", [["a.example.com"], ["*.example.com"], ["b.example.com", "A.example.com"]])
def test_a_certificate_that_covers_the_name_is_accepted(stack: cdk.Stack, names: list[str]) -> None:
    _site(stack, _secure(stack, _certificate(stack, *names)))

    cdk.App.of(stack).synth()  # type: ignore[union-attr]


def test_a_second_certificate_may_cover_the_name(stack: cdk.Stack) -> None:
    balancer = _secure(stack, _certificate(stack, "b.example.com"))
    balancer.listeners[0].add_certificates("More", [_certificate(stack, "a.example.com")])
    _site(stack, balancer)

    cdk.App.of(stack).synth()  # type: ignore[union-attr]


def test_a_certificate_may_be_for_the_host_that_viewers_send(stack: cdk.Stack) -> None:
    named = {"domain_names": ["www.example.com"], "certificate": certificate(stack)}
    _site(stack, _secure(stack, _certificate(stack, "www.example.com")), policy=_FORWARDS_HOST, site=named)

    cdk.App.of(stack).synth()  # type: ignore[union-attr]


def test_an_imported_certificate_may_be_for_any_name(stack: cdk.Stack) -> None:
    imported = elbv2.ListenerCertificate.from_arn(CERTIFICATE_ARN)
    _site(stack, _secure(stack, _certificate(stack, "b.example.com"), imported))

    cdk.App.of(stack).synth()  # type: ignore[union-attr]


def test_an_internal_load_balancer_is_refused_by_the_name_it_was_imported_with(stack: cdk.Stack) -> None:
    balancer = elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack,
        "Imported",
        load_balancer_arn="arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/50dc6c49",
        security_group_id="sg-0123456789abcdef0",
        load_balancer_dns_name="internal-a-1234567890.eu-west-1.elb.amazonaws.com",
    )

    with pytest.raises(
        ValueError, match="load_balancer must be one that faces the internet, got 'internal-a-1234567890"
    ):
        Endpoint.load_balancer(balancer, domain_name="a.example.com")


def test_an_internal_load_balancer_is_refused_when_it_was_looked_up() -> None:
    arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/50dc6c49"
    key = (
        "load-balancer:account=123456789012:loadBalancerArn="
        f"{arn.replace(':', '$:')}:loadBalancerType=application:region=us-east-1"
    )
    found = {
        "loadBalancerArn": arn,
        "loadBalancerCanonicalHostedZoneId": "Z35SXDOTRQ7X7K",
        "loadBalancerDnsName": "internal-a-1234567890.us-east-1.elb.amazonaws.com",
        "ipAddressType": "ipv4",
        "vpcId": "vpc-12345",
        "securityGroupIds": ["sg-0123456789abcdef0"],
    }
    app = cdk.App(context={key: found, "vpc-provider:x": {}})
    stack = cdk.Stack(app, "Test", env=cdk.Environment(account="123456789012", region="us-east-1"))
    balancer = elbv2.ApplicationLoadBalancer.from_lookup(stack, "Found", load_balancer_arn=arn)

    assert balancer.load_balancer_dns_name == found["loadBalancerDnsName"], "the lookup was answered by the context"
    with pytest.raises(
        ValueError, match="load_balancer must be one that faces the internet, got 'internal-a-1234567890"
    ):
        Endpoint.load_balancer(balancer, domain_name="a.example.com")


def test_the_name_of_an_internal_load_balancer_is_no_origin() -> None:
    with pytest.raises(ValueError, match="domain_name must be a host that faces the internet"):
        Endpoint.http_host("internal-a-1234567890.eu-west-1.elb.amazonaws.com")
    Endpoint.http_host("internal-a.example.com")


def test_an_imported_load_balancer_without_a_name_is_accepted() -> None:
    stack = new_stack()

    assert Endpoint.load_balancer(imported_balancer(stack), domain_name="a.example.com").domain_name == "a.example.com"
    assert Endpoint.load_balancer(load_balancer(stack), domain_name=text_token(stack, "Name"))
