"""Throws a traffic switch when the primary's health check has failed: alarms invoke it."""

import os
import time

import boto3  # type: ignore[import-untyped]

from ha_patterns.contracts.switches import STANDBY, data_of_act


def handler(_event: object, _context: object) -> None:
    """Let the standby take over. If this fails, Lambda tries again."""
    data = data_of_act(STANDBY, time.time())
    boto3.client("cloudwatch").put_metric_data(Namespace=os.environ["NAMESPACE"], MetricData=data)
