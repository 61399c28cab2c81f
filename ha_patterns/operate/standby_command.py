"""The commands ``ha-patterns standby take-over`` and ``give-back``: they throw a traffic switch.

All that is vital is one ``PutMetricData`` in the Region of the switch, which no control plane has a part in. The
heartbeat of the switch repeats what was put.

Before it, one question tells the acts that this one follows, and CloudWatch's clock; the act is put without an answer,
too. After it, the act is read back until it is seen to hold. An earlier act whose clock was ahead, and which could not
be read before, is overruled once. A later act of somebody else is not: it is told.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import email.utils
import sys
import time
from collections.abc import Callable
from typing import Any

from ..aws.recovery_times import FIRST_DATA_POINT, dns_switch, take_over_detection
from ..command_line.frame import CommandError, extra
from ..contracts.outputs import SWITCH_OUTPUT, path_before
from ..contracts.switches import (
    METRIC,
    PRIMARY,
    STANDBY,
    data_of_act,
    last_acts,
    namespace_of,
    serving,
    time_of_act,
)

# Until Route 53 answers by the switch; resolvers keep their answers for the TTL, which is not known here.
_SECONDS = take_over_detection() + dns_switch(0)
# Seconds between two looks at whether the act holds, and how many looks.
_PAUSE = 5
_LOOKS = FIRST_DATA_POINT // _PAUSE + 1
#: The exit status if the act is put and is not seen to hold.
_UNCONFIRMED = 1

_ACTS = {
    "take-over": (STANDBY, "the standby takes over", "send traffic to the standby"),
    "give-back": (PRIMARY, "traffic is given back to the primary", "give traffic back to the primary"),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the commands to ``ha-patterns standby``."""
    parser.description = (
        "Throw a traffic switch (StandbyTakesOver, or failback='manual'). The act is put at once, and then read back "
        f"for up to {FIRST_DATA_POINT} s. Exit status {_UNCONFIRMED}: it is put, and its effect is not confirmed."
    )
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
    acts = aws.last_acts(switch) or {}
    at = time_of_act(aws.now(), acts)
    aws.put(switch, arguments.value, at)
    # Nothing refuses a data point that no alarm watches, so a wrong name is told after the act, never in its way.
    if aws.has_switch(switch) is False:
        raise CommandError(f"put {what}, but nothing follows it: no switch {switch!r} in {arguments.region}")
    print(f"put {what}: {_ACTS[arguments.act][1]} within {_SECONDS} s and the TTL", flush=True)
    why = _why_unconfirmed(aws, switch, arguments.value, at)
    if why is not None:
        print(f"ha-patterns: the act is put, its effect is not confirmed: {why}", file=sys.stderr)
        return _UNCONFIRMED
    print("confirmed: it is the last act that CloudWatch tells")
    return 0


def _why_unconfirmed(aws: _Aws, switch: str, act: int, at: float) -> str | None:
    """Why it is not known that an act holds, which was put with a time; None once it is seen to hold."""
    other = PRIMARY if act == STANDBY else STANDBY
    overruled = False
    for _ in range(_LOOKS):
        acts = aws.last_acts(switch)
        if acts is None:
            return "CloudWatch does not say which act holds; see where traffic goes, and repeat the act if need be"
        if serving({other: acts[other], act: max(acts[act], at)}) != act:
            if overruled or at <= acts[other] <= aws.now():
                done = next(what for value, what, _ in _ACTS.values() if value == other)
                when = datetime.datetime.fromtimestamp(acts[other], datetime.UTC)
                return (
                    f"somebody acted as well ({done}, {when:%H:%M:%S} UTC), and that holds; agree, and repeat the act"
                )
            # No clock that is right has said so yet: it was put before by one that is ahead, and can be read only now.
            at, overruled = time_of_act(aws.now(), acts), True
            aws.put(switch, act, at)
        elif acts[act] >= at:
            return None
        time.sleep(_PAUSE)
    return (
        f"CloudWatch did not tell of it within {FIRST_DATA_POINT} s; see where traffic goes, and repeat it if need be"
    )


class _Aws:
    """The few questions and the act, with time-outs of an outage and errors in one line."""

    def __init__(self, region: str) -> None:
        self._boto3: Any = extra("ha-patterns[aws]", "boto3")
        self._exceptions: Any = extra("ha-patterns[aws]", "botocore.exceptions")
        self._config = extra("ha-patterns[aws]", "botocore.config").Config
        self._region = region
        # By how many seconds the clock of this computer is ahead of CloudWatch's, as far as that is known.
        self._ahead = 0.0

    def now(self) -> float:
        """The time, in seconds since 1970: CloudWatch's, once it has answered."""
        return time.time() - self._ahead

    def put(self, switch: str, act: int, at: float) -> None:
        data = data_of_act(act, at, now=self.now())
        self._ask("cloudwatch", lambda client: client.put_metric_data(Namespace=namespace_of(switch), MetricData=data))

    def last_acts(self, switch: str) -> dict[int, float] | None:
        """When each act was last done, in seconds since 1970; None where CloudWatch does not say."""
        with contextlib.suppress(CommandError):
            acts: dict[int, float] = self._ask(
                "cloudwatch",
                lambda client: last_acts(_Dated(client, self._set_clock), namespace_of(switch), self.now()),
                attempts=2,
            )
            return acts
        return None

    def _set_clock(self, date: str) -> None:
        self._ahead = time.time() - email.utils.parsedate_to_datetime(date).timestamp()

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

    def _ask(self, service: str, ask: Callable[[Any], Any], *, attempts: int = 5) -> Any:
        config = self._config(
            connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": attempts}
        )
        try:
            return ask(self._boto3.client(service, region_name=self._region, config=config))
        except (
            self._exceptions.BotoCoreError,
            self._exceptions.ClientError,
            RuntimeError,
            ValueError,
        ) as error:
            raise CommandError(" ".join(f"{service}: {error}".split())) from None


class _Dated:
    """A client of CloudWatch that passes on the date of each answer."""

    def __init__(self, client: Any, tell: Callable[[str], None]) -> None:
        self._client = client
        self._tell = tell

    def get_metric_data(self, **request: Any) -> Any:
        answer = self._client.get_metric_data(**request)
        date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        if date is not None:
            self._tell(date)
        return answer
