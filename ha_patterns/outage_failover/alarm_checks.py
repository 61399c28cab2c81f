"""Alarm-backed health checks: what CloudWatch measures decides where Route 53 sends traffic."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import jsii
from aws_cdk import Aws, Duration, IStableStringProducer, Lazy, Tags
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from constructs import Construct, IConstruct

from ..aws.health_checks import ALARM_STATISTICS, COPIED_ALARM_SETTINGS, SHORTEST_ALARM_PERIOD
from ..aws.recovery_times import alarm_detection
from ..cdk.marks import marked
from ..cdk.properties import properties_of
from ..cdk.references import fingerprint_of
from ..cdk.told import usual
from ..cdk.typed import typed
from ..cdk.validation import check_choice, duration, is_region, is_token, refusal, warn
from ..edge.regions import region_of, stack_of
from ..origins.places import refuse_at_synth
from .health_checks import NamedHealthCheck

_PAGE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html"
_TAG = "AlarmSettings"
_Status = route53.InsufficientDataHealthStatusEnum

#: The mark of an alarm whose data is repeated every minute, in a Region that does not fail with what is checked.
REPEATED = "repeated"


@typed
class AlarmHealthCheck(NamedHealthCheck):
    """A health check that follows what a CloudWatch alarm watches: unhealthy while that breaches the threshold.

    Route 53 reads the alarm's stream of data and not its state, so setting the state of the alarm moves nothing. It
    copies the alarm's settings when the check is saved. So the check has a fingerprint of them in a tag, and a deploy
    that changes the alarm, or replaces what its dimensions name, saves the check as well. After a change of an alarm
    that is imported or given by name, save the check yourself.

    A check without any data yet is healthy, or unhealthy if it is inverted.

    Creates a Route 53 health check, named after the alarm.

    Example::

        AlarmHealthCheck(self, "Orders", alarm=orders_alarm)
        AlarmHealthCheck(self, "Stock", alarm_name="stock-errors", alarm_region="eu-west-1")

    Args:
        alarm: The alarm, in any Region of this account: one metric of standard resolution; one of the statistics
            Average, Minimum, Maximum, Sum and SampleCount; every evaluated period breaching. In another stack it
            needs a chosen name and a known Region. Give this, or name and Region.
        alarm_name: The name of an alarm like that.
        alarm_region: The Region of the alarm that is given by name.
        insufficient_data_health_status: The status while CloudWatch has too little data, before it is inverted.
            Default: the one with which the check is unhealthy, since the data of an endpoint ends with its Region. For
            the alarm of a ``TrafficSwitch``: ``LAST_KNOWN_STATUS``, since its data is repeated and a gap is short;
            give that yourself for a switch by name.
        inverted: Healthy while the alarm's threshold is breached. Default False.

    Attributes:
        alarm: As given; None where it is given by name.

    Raises:
        ValueError: Both an alarm and a name, or neither; an alarm that Route 53 does not follow.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alarm: cloudwatch.IAlarm | None = None,
        alarm_name: str | None = None,
        alarm_region: str | None = None,
        insufficient_data_health_status: route53.InsufficientDataHealthStatusEnum | None = None,
        inverted: bool = False,
    ) -> None:
        repeated = alarm is not None and bool(marked(alarm, REPEATED))
        # Route 53 inverts the status that the check has without data, too.
        unhealthy = _Status.HEALTHY if inverted else _Status.UNHEALTHY
        if insufficient_data_health_status is None:
            insufficient_data_health_status = _Status.LAST_KNOWN_STATUS if repeated else unhealthy
        pace = None
        if alarm is not None:
            if alarm_name is not None or alarm_region is not None:
                raise ValueError("alarm excludes alarm_name and alarm_region: it has both; give one or the other")
            settings = _settings(alarm)
            _check_eligible(alarm, settings)
            name, region = _identity(alarm, settings, scope)
            missing = settings.get("treatMissingData") == ("notBreaching" if inverted else "breaching")
            pace = _pace(settings, data_stops=missing or insufficient_data_health_status == unhealthy)
        else:
            name, region = _checked_name(alarm_name), _checked_region(alarm_region)
        super().__init__(
            scope,
            construct_id,
            shown_as=name,
            type=route53.HealthCheckType.CLOUDWATCH_METRIC,
            alarm_identifier=route53.AlarmIdentifier(name=name, region=region),
            insufficient_data_health_status=insufficient_data_health_status,
            inverted=inverted,
        )
        self.alarm = alarm
        self._pace = pace
        if alarm is None or alarm.node.default_child is None:
            refuse_at_synth(self, functools.partial(_flaws_of_namesake, self, usual(name), usual(region)))
        if alarm is not None and alarm.node.default_child is not None:
            # Route 53 reads the alarm when the check is made; a plain name alone would not order the two.
            self.node.add_dependency(alarm)
        if alarm is not None and isinstance(made := alarm.node.default_child, cloudwatch.CfnAlarm):
            settings_at_synth = Lazy.string(_Fingerprint(made))
            Tags.of(self).add(_TAG, settings_at_synth, include_resource_types=["AWS::Route53::HealthCheck"])
        if insufficient_data_health_status == _Status.LAST_KNOWN_STATUS and not repeated:
            warn(
                self,
                "health-check:last-known-status",
                "with LAST_KNOWN_STATUS, a primary whose metric ends with its Region stays healthy for as long as the "
                "Region is out: leave insufficient_data_health_status to its default, or acknowledge this for a "
                "metric that does not depend on what is checked",
            )

    @property
    def detection_time(self) -> Duration:
        """How long an outage lasts before the check is unhealthy.

        That is period x (evaluation periods + 1) of the alarm: an outage begins within a period that may not breach
        yet. If missing data makes the check unhealthy, by the alarm or by ``insufficient_data_health_status``, it is
        period x (evaluation periods + 4), for an outage that ends the data too, such as that of the alarm's Region:
        CloudWatch then looks at older periods before it counts any as missing. That is 6 minutes for 2 x 60 s.

        Raises:
            ValueError: The settings of the alarm are not known here: it is given by name, or imported, or they are
                tokens.
        """
        if self._pace is None:
            raise ValueError(
                f"detection_time cannot be computed: the settings of the alarm of {self.node.path} are not known here; "
                "give alarm= as made in this app, with its period and evaluation_periods as plain values"
            )
        return duration(self._pace)


@jsii.implements(IStableStringProducer)
class _Fingerprint:
    """What an alarm is set to when everything is made, and what its dimensions rest on, in a few letters."""

    def __init__(self, alarm: cloudwatch.CfnAlarm) -> None:
        self._alarm = alarm

    def produce(self) -> str:
        names = (f"{name[0].lower()}{name[1:]}" for name in COPIED_ALARM_SETTINGS)
        return fingerprint_of(self._alarm.stack, dict(properties_of(self._alarm, *names)))


def _settings(alarm: cloudwatch.IAlarm) -> dict[str, Any]:
    """What an alarm is made of; empty where it is imported and cannot be seen."""
    resource = alarm.node.default_child
    if isinstance(resource, cloudwatch.CfnCompositeAlarm):
        raise refusal(
            "alarm", "one on a metric", alarm.node.path, "Route 53 follows data, and a composite alarm has none"
        )
    if not isinstance(resource, cloudwatch.CfnAlarm):
        return {}
    return dict(properties_of(resource))


def _check_eligible(alarm: IConstruct, settings: dict[str, Any]) -> None:
    path = alarm.node.path
    if "metrics" in settings:
        raise refusal(
            "alarm",
            "one on a single metric of its own account and Region",
            path,
            f"Route 53 follows no metric math and no other account's metric, see {_PAGE}",
        )
    statistic = settings.get("extendedStatistic") or settings.get("statistic")
    if statistic is not None:
        check_choice("the statistic of alarm", statistic, ALARM_STATISTICS, f"Route 53 follows no other, see {_PAGE}")
    period = settings.get("period")
    if isinstance(period, (int, float)) and period < SHORTEST_ALARM_PERIOD:
        raise refusal(
            "the period of alarm",
            f"at least {SHORTEST_ALARM_PERIOD} s",
            f"{period:g} s",
            f"Route 53 follows metrics of standard resolution only, see {_PAGE}",
        )
    wanted, evaluated = settings.get("datapointsToAlarm"), settings.get("evaluationPeriods")
    if isinstance(wanted, (int, float)) and wanted != evaluated:
        raise refusal(
            "datapoints_to_alarm of alarm",
            f"all {evaluated} evaluation_periods",
            wanted,
            f"Route 53 does not follow M-of-N alarms, see {_PAGE}; leave it out",
        )


def _flaws_of_namesake(scope: Construct, name: str, region: str) -> Iterator[str]:
    """Why Route 53 does not follow the alarm of a name and Region, if it is made in this app; asked at synth."""
    stack = stack_of(scope)
    for child in scope.node.root.node.find_all():
        if not isinstance(child, cloudwatch.CfnAlarm):
            continue
        settings = dict(properties_of(child))
        if stack.resolve(name) in (settings.get("alarmName"), stack.resolve(child.ref)) and region in (
            region_of(child),
            Aws.REGION,
        ):
            try:
                _check_eligible(child, settings)
            except ValueError as error:
                yield str(error)


def _identity(alarm: cloudwatch.IAlarm, settings: dict[str, Any], scope: Construct) -> tuple[str, str]:
    """Name and Region of an alarm, where both stacks agree on them without telling each other."""
    mine, account = stack_of(scope).account, alarm.env.account
    if not is_token(mine) and not is_token(account) and mine != account:
        raise refusal("alarm", f"one of this account, {mine}", f"one of {account}", "Route 53 follows no other's")
    if not settings:
        return alarm.alarm_name, alarm.env.region
    if stack_of(alarm) is stack_of(scope):
        return alarm.alarm_name, region_of(scope)
    name, region = settings.get("alarmName"), region_of(alarm)
    if not isinstance(name, str):
        raise refusal(
            "alarm",
            "one with an alarm_name that was chosen",
            alarm.node.path,
            "it is in another stack, and a name that AWS chooses changes without this stack being told",
        )
    if is_token(region):
        raise refusal(
            "alarm",
            "one in a stack with a Region",
            alarm.node.path,
            "Route 53 finds it by name and Region; give its stack env=Environment(region='...')",
        )
    return name, region


def _pace(settings: dict[str, Any], *, data_stops: bool) -> int | None:
    period, evaluated = settings.get("period"), settings.get("evaluationPeriods")
    if not isinstance(period, (int, float)) or not isinstance(evaluated, (int, float)):
        return None
    return alarm_detection(int(period), int(evaluated), data_stops=data_stops)


def _checked_name(name: str | None) -> str:
    if name is None:
        raise ValueError("alarm and alarm_name are both missing: the health check needs an alarm to follow")
    if not is_token(name) and not (1 <= len(name) <= 255 and name.isprintable()):
        raise refusal("alarm_name", "1 to 255 characters", name, "it is the name of an alarm")
    return name


def _checked_region(region: str | None) -> str:
    if region is None:
        raise ValueError("alarm_region is missing: Route 53 finds an alarm by name and Region")
    if not is_token(region) and not is_region(region):
        raise refusal("alarm_region", "an AWS Region such as eu-west-1", region, "it is where the alarm is")
    return region
