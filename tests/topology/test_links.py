"""Things know what asks them, whichever of both a template writes the link on."""

from __future__ import annotations

from typing import Any

from ha_patterns.topology import (
    Accelerator,
    AcceleratorListener,
    Alarm,
    Api,
    ApiDomain,
    AutoScalingGroup,
    Bucket,
    CacheBehavior,
    ControlPanel,
    EcsService,
    EndpointGroup,
    Function,
    FunctionAssociation,
    HealthCheck,
    HostedZone,
    Key,
    LoadBalancer,
    Record,
    RoutingControl,
    SafetyRule,
    Secret,
    Subscription,
    TargetGroup,
    Topic,
    ZonalAutoshift,
)

from .loading import load_resources, named, only, ref, resource


def test_an_accelerator_has_its_listeners_and_these_their_endpoint_groups() -> None:
    group = {"ListenerArn": ref("Listener"), "EndpointGroupRegion": "eu-west-1"}
    topology = load_resources(
        {
            "First": resource("GlobalAccelerator::EndpointGroup", **group),
            "Second": resource("GlobalAccelerator::EndpointGroup", **group),
            "Listener": resource("GlobalAccelerator::Listener", AcceleratorArn=ref("Accelerator")),
            "Accelerator": resource("GlobalAccelerator::Accelerator"),
            "Empty": resource("GlobalAccelerator::Accelerator"),
        }
    )
    listener = only(topology, AcceleratorListener)

    assert named(topology, Accelerator, "Accelerator").listeners == (listener,)
    assert named(topology, Accelerator, "Empty").listeners == ()
    assert listener.endpoint_groups == topology.of(EndpointGroup)
    # A link forward is the same object.
    assert listener.endpoint_groups[0].listener is listener


def test_a_zone_has_its_records_and_a_health_check_those_that_carry_it() -> None:
    def record(name: str, **more: Any) -> dict[str, Any]:
        return resource("Route53::RecordSet", Name=name, Type="A", HostedZoneId=ref("Zone"), **more)

    check = {"HealthCheckConfig": {"Type": "TCP", "IPAddress": "198.51.100.1", "Port": 80}}
    whole = {"HealthCheckConfig": {"Type": "CALCULATED", "ChildHealthChecks": [ref("Check"), ref("Check")]}}
    topology = load_resources(
        {
            "Zone": resource("Route53::HostedZone", Name="example.com"),
            "One": record("one.example.com", HealthCheckId=ref("Check")),
            "Two": record("two.example.com"),
            "Check": resource("Route53::HealthCheck", **check),
            "Whole": resource("Route53::HealthCheck", **whole),
        }
    )
    one, two = named(topology, Record, "One"), named(topology, Record, "Two")
    probed = named(topology, HealthCheck, "Check")

    assert only(topology, HostedZone).records == (one, two)
    assert probed.records == (one,)
    # Named twice, it is one.
    assert probed.parents == (named(topology, HealthCheck, "Whole"),)


def test_a_routing_control_has_the_health_checks_that_follow_it_and_its_safety_rules() -> None:
    rule = {"AssertedControls": [ref("Control")], "ControlPanelArn": ref("Panel")}
    topology = load_resources(
        {
            "Panel": resource("Route53RecoveryControl::ControlPanel", Name="panel"),
            "Control": resource("Route53RecoveryControl::RoutingControl", Name="a", ControlPanelArn=ref("Panel")),
            "Rule": resource("Route53RecoveryControl::SafetyRule", AssertionRule=rule, ControlPanelArn=ref("Panel")),
            "Check": resource(
                "Route53::HealthCheck",
                HealthCheckConfig={"Type": "RECOVERY_CONTROL", "RoutingControlArn": ref("Control")},
            ),
        }
    )
    control, panel = only(topology, RoutingControl), only(topology, ControlPanel)

    assert control.health_checks == topology.of(HealthCheck)
    assert control.safety_rules == panel.safety_rules == topology.of(SafetyRule)
    assert panel.controls == (control,)


def test_a_function_has_the_events_that_it_runs_on_and_these_their_behavior() -> None:
    associations = [{"EventType": "origin-request", "LambdaFunctionARN": ref("Version")}]
    behavior = {"TargetOriginId": "one", "LambdaFunctionAssociations": associations}
    config = {
        "Origins": [{"Id": "one", "DomainName": "a.example.com"}],
        "CacheBehaviors": [{"PathPattern": "/a", **behavior}],
        "DefaultCacheBehavior": behavior,
    }
    topology = load_resources(
        {
            "Site": resource("CloudFront::Distribution", DistributionConfig=config),
            "Version": resource("Lambda::Version", FunctionName=ref("Function")),
            "Function": resource("Lambda::Function"),
        }
    )
    found = only(topology, Function).associations

    assert found == topology.of(FunctionAssociation)
    assert tuple(one.behavior for one in found) == topology.of(CacheBehavior)


def test_a_target_group_has_what_forwards_to_it_and_what_runs_behind_it() -> None:
    forward = [{"Type": "forward", "TargetGroupArn": ref("Targets")}]
    v2 = "ElasticLoadBalancingV2"
    topology = load_resources(
        {
            "Balancer": resource(f"{v2}::LoadBalancer"),
            "Listener": resource(f"{v2}::Listener", LoadBalancerArn=ref("Balancer"), DefaultActions=forward),
            "Rule": resource(f"{v2}::ListenerRule", ListenerArn=ref("Listener"), Priority=1, Actions=forward),
            "Targets": resource(f"{v2}::TargetGroup"),
            "Service": resource("ECS::Service", LoadBalancers=[{"TargetGroupArn": ref("Targets")}]),
            "Group": resource("AutoScaling::AutoScalingGroup", TargetGroupARNs=[ref("Targets")]),
            "Shift": resource(
                "ARCZonalShift::ZonalAutoshiftConfiguration",
                ResourceIdentifier=ref("Balancer"),
                ZonalAutoshiftStatus="ENABLED",
            ),
        }
    )
    targets, balancer = only(topology, TargetGroup), only(topology, LoadBalancer)
    [listener] = balancer.listeners

    assert {rule.place.logical_id for rule in targets.rules} == {"Listener", "Rule"}
    assert {rule.listener for rule in targets.rules} == {listener}
    assert listener.load_balancer is balancer
    assert targets.services == topology.of(EcsService)
    assert targets.scaling_groups == topology.of(AutoScalingGroup)
    assert balancer.autoshift is only(topology, ZonalAutoshift)


def test_a_key_has_what_it_encrypts() -> None:
    sse = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": ref("Key")}}
    topology = load_resources(
        {
            "Key": resource("KMS::Key"),
            "Bucket": resource("S3::Bucket", BucketEncryption={"ServerSideEncryptionConfiguration": [sse]}),
            "Secret": resource("SecretsManager::Secret", KmsKeyId=ref("Key")),
            "Open": resource("S3::Bucket"),
        }
    )

    assert set(only(topology, Key).users) == {named(topology, Bucket, "Bucket"), only(topology, Secret)}


def test_an_api_has_its_domains_an_alarm_its_health_checks_and_a_topic_its_subscriptions() -> None:
    alarm = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": ref("Alarm"), "Region": "eu-west-1"}}
    topology = load_resources(
        {
            "Api": resource("ApiGatewayV2::Api"),
            "Domain": resource("ApiGatewayV2::DomainName", DomainName="a.example.com"),
            "Mapping": resource("ApiGatewayV2::ApiMapping", DomainName=ref("Domain"), ApiId=ref("Api")),
            "Alarm": resource("CloudWatch::Alarm", AlarmName="down"),
            "Check": resource("Route53::HealthCheck", HealthCheckConfig=alarm),
            "Topic": resource("SNS::Topic"),
            "Mail": resource("SNS::Subscription", TopicArn=ref("Topic"), Protocol="email", Endpoint="a@example.com"),
        }
    )

    assert only(topology, Api).domains == topology.of(ApiDomain)
    assert only(topology, Alarm).health_checks == topology.of(HealthCheck)
    assert only(topology, Topic).subscriptions == topology.of(Subscription)
