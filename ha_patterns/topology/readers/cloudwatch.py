"""Alarms, of which some are what a health check follows."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Alarm
from ..reader import Read, Reader, Resource
from .reactions import started


def _alarm(reader: Reader, resource: Resource) -> Alarm:
    properties = resource.properties
    actions = properties["AlarmActions"].texts()
    return Alarm(
        namespace=properties["Namespace"].text(),
        metric_name=properties["MetricName"].text(),
        statistic=properties["Statistic"].text(),
        extended_statistic=properties["ExtendedStatistic"].text(),
        period=properties["Period"].whole(),
        evaluation_periods=properties["EvaluationPeriods"].whole(),
        datapoints_to_alarm=properties["DatapointsToAlarm"].whole(),
        has_metric_math=bool(properties["Metrics"]),
        actions=actions,
        starts=started(reader, actions),
        **resource.head(),
    )


READERS: Mapping[str, Read] = {"AWS::CloudWatch::Alarm": _alarm}
