"""The commands ``ha-patterns standby take-over`` and ``give-back``: they throw a traffic switch.

All that is vital is one ``PutMetricData`` in the Region of the switch, which no control plane has a part in. The
heartbeat of the switch repeats what was put.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Callable
from typing import Any

from ..aws.recovery_times import dns_switch, take_over_detection
from ..command_line.frame import CommandError, extra
from ..contracts.outputs import SWITCH_OUTPUT, path_before
from ..contracts.switches import METRIC, PRIMARY, STANDBY, data_of_act, last_acts, namespace_of

# Until Route 53 answers by the switch; resolvers keep their answers for the TTL, which is not known here.
_SECONDS = take_over_detection() + dns_switch(0)

_ACTS = {
    "take-over": (STANDBY, "the standby takes over", "send traffic to the standby"),
    "give-back": (PRIMARY, "traffic is given back to the primary", "give traffic back to the primary"),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the commands to ``ha-patterns standby``."""
    parser.description = "Throw a traffic switch (StandbyTakesOver, or failback='manual')."
    acts = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (value, _, purpose) in _ACTS.items():
        act = acts.add_parser(name, help=purpose, description=f"{purpose.capitalize()}.")
        which = act.add_mutually_exclusive_group(required=True)
        which.add_argument("--switch", metavar="NAME", help="the name of the switch; needs nothing but CloudWatch")
        which.add_argument(
            "--stack", metavar="NAME", help=f"the stack whose output {SWITCH_OUTPUT} names it; asks CloudFormation"
        )
        act.add_argument("--region", required=True, help="the Region of the switch")
        act.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        act.set_defaults(run=_throw, act=name, value=value)


def _throw(arguments: argparse.Namespace) -> int:
    aws = _Aws(arguments.region)
    switch: str = arguments.switch or aws.switch_of(arguments.stack)
    what = f"{METRIC}={arguments.value} in {namespace_of(switch)}, {arguments.region}"
    if arguments.dry_run:
        print(f"would put {what}")
        return 0
    at = time.time()
    aws.put(switch, arguments.value, at)
    # The later act holds. An act of somebody whose clock is ahead would undo this one.
    later = aws.last_act(switch, PRIMARY if arguments.value == STANDBY else STANDBY)
    if later >= at:
        aws.put(switch, arguments.value, later + 1)
    # Nothing refuses a data point that no alarm watches, so a wrong name is told after the act, never in its way.
    if aws.has_switch(switch) is False:
        raise CommandError(f"put {what}, but nothing follows it: no switch {switch!r} in {arguments.region}")
    print(f"put {what}: {_ACTS[arguments.act][1]} within {_SECONDS} s and the TTL")
    return 0


class _Aws:
    """The few questions and the act, with time-outs of an outage and errors in one line."""

    def __init__(self, region: str) -> None:
        self._boto3: Any = extra("aws", "boto3")
        self._exceptions: Any = extra("aws", "botocore.exceptions")
        config = extra("aws", "botocore.config").Config(
            connect_timeout=3, read_timeout=5, retries={"mode": "standard", "max_attempts": 4}
        )
        self._options = {"region_name": region, "config": config}

    def put(self, switch: str, act: int, at: float) -> None:
        self._ask(
            "cloudwatch",
            lambda client: client.put_metric_data(Namespace=namespace_of(switch), MetricData=data_of_act(act, at)),
        )

    def last_act(self, switch: str, act: int) -> float:
        """When an act was last done, in seconds since 1970; 0 if never, or where CloudWatch does not say."""
        with contextlib.suppress(CommandError):
            acts: dict[int, float] = self._ask(
                "cloudwatch", lambda client: last_acts(client, namespace_of(switch), time.time())
            )
            return acts[act]
        return 0.0

    def has_switch(self, switch: str) -> bool | None:
        """Whether there is an alarm of that name; None where CloudWatch does not say."""
        with contextlib.suppress(CommandError):
            return bool(
                self._ask("cloudwatch", lambda client: client.describe_alarms(AlarmNames=[switch]))["MetricAlarms"]
            )
        return None

    def switch_of(self, stack: str) -> str:
        (described,) = self._ask("cloudformation", lambda client: client.describe_stacks(StackName=stack))["Stacks"]
        outputs = described.get("Outputs", [])
        found = [one for one in outputs if path_before(one["OutputKey"], SWITCH_OUTPUT) is not None]
        switches = sorted({str(one["OutputValue"]) for one in found})
        if not switches:
            raise CommandError(f"the stack {stack} has no output with {SWITCH_OUTPUT} in its name: give --switch NAME")
        if len(switches) > 1:
            raise CommandError(
                f"the stack {stack} has several switches: give --switch NAME, one of {', '.join(switches)}"
            )
        return switches[0]

    def _ask(self, service: str, ask: Callable[[Any], Any]) -> Any:
        try:
            return ask(self._boto3.client(service, **self._options))
        except (
            self._exceptions.BotoCoreError,
            self._exceptions.ClientError,
            RuntimeError,
            ValueError,
        ) as error:
            raise CommandError(" ".join(f"{service}: {error}".split())) from None
