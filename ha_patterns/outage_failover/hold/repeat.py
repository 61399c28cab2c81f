"""The heartbeat of a traffic switch: repeats its state, so that there is data for every minute."""

import os
import time

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

from ha_patterns.contracts.switches import data_of_heartbeat, last_acts

_QUICK = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})


def handler(_event: object, _context: object) -> None:
    """Repeat the state. If it cannot be read, nothing is put: the status of the health check stays as it is."""
    cloudwatch, namespace = boto3.client("cloudwatch", config=_QUICK), os.environ["NAMESPACE"]
    times = last_acts(cloudwatch, namespace, time.time())
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=data_of_heartbeat(times))
