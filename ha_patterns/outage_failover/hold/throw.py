"""Throws a traffic switch when the primary's health check has failed: alarms invoke it."""

import contextlib
import os
import time

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

from ha_patterns.contracts.switches import STANDBY, data_of_act, last_acts, time_of_act

# To read and to put take no longer than the function may.
_QUICK = Config(connect_timeout=2, read_timeout=4, retries={"total_max_attempts": 2, "mode": "standard"})


def handler(_event: object, _context: object) -> None:
    """Let the standby take over, also where what was done before cannot be read. If this fails, Lambda tries again."""
    cloudwatch, namespace = boto3.client("cloudwatch", config=_QUICK), os.environ["NAMESPACE"]
    acts: dict[int, float] = {}
    with contextlib.suppress(BotoCoreError, ClientError, RuntimeError):
        acts = last_acts(cloudwatch, namespace, time.time())
    now = time.time()
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=data_of_act(STANDBY, time_of_act(now, acts), now=now))
