"""Throws a traffic switch when the primary's health check has failed: alarms invoke it."""

from __future__ import annotations

import os
from typing import Any

import boto3  # type: ignore[import-untyped]


def handler(_event: Any, _context: Any) -> None:
    """Say that the standby serves; what fails is tried again by Lambda."""
    data = [{"MetricName": os.environ["METRIC"], "Value": float(os.environ["VALUE"])}]
    boto3.client("cloudwatch").put_metric_data(Namespace=os.environ["NAMESPACE"], MetricData=data)
