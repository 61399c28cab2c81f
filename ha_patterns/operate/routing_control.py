"""Reads and flips routing controls at the five endpoints of their cluster, of which any may be down."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
)

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
_SAFETY_RULE = "ConflictException"
# What the whole cluster has decided. Whatever else an endpoint says, another may do better.
_FINAL = (
    _SAFETY_RULE,
    "AccessDeniedException",
    "ResourceNotFoundException",
    "ServiceLimitExceededException",
    "ValidationException",
)
_SLOW = {ConnectTimeoutError: "no connection in time", ReadTimeoutError: "no answer in time"}


class OperationError(Exception):
    """The cluster refused, or none of its endpoints answered."""


@dataclass(frozen=True)
class Endpoint:
    """One of a cluster's endpoints."""

    region: str
    url: str

    @classmethod
    def parse(cls, text: str) -> Endpoint:
        """Read REGION=URL.

        Raises:
            ValueError: It is something else, or would send a signed request in clear text.
        """
        region, _, url = text.strip().partition("=")
        try:
            parts = urlsplit(url)
            host, _port = parts.hostname, parts.port
        except ValueError:
            host = None
        is_private = bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK))
        if not _REGION.fullmatch(region) or not is_private:
            raise ValueError(
                f"an endpoint must be REGION=URL such as us-east-1=https://host.example.com/v1, got {text!r}"
            )
        return cls(region, url)

    def __str__(self) -> str:
        return f"{self.region}={self.url}"


@dataclass(frozen=True)
class Control:
    """A routing control and its state, as one endpoint knows it."""

    arn: str
    name: str
    state: str
    panel: str
    panel_arn: str


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long endpoints are waited for.

    Args:
        connect_seconds: For a connection to one.
        answer_seconds: For its answer.
        rounds: How often each is asked at most.
        pause_seconds: Between two rounds.
        total_seconds: No call begins later.
    """

    connect_seconds: float = 2
    answer_seconds: float = 5
    rounds: int = 3
    pause_seconds: float = 1
    total_seconds: float = 60


PATIENCE = Patience()


class Cluster:
    """A cluster, asked at its endpoints in random order until one answers; each once a round.

    Args:
        endpoints: All five, or as many as are known. Of no other address is a control asked.
        patience: How long to try.
    """

    def __init__(self, endpoints: Sequence[Endpoint], patience: Patience | None = None) -> None:
        self._endpoints = endpoints
        self._patience = patience or PATIENCE
        self._clients: dict[Endpoint, Any] = {}

    def controls(self, panel_arn: str | None = None) -> list[Control]:
        """The routing controls of a control panel. Default: of the whole cluster.

        Raises:
            OperationError: It was refused, or no endpoint answered.
        """
        asked = {"ControlPanelArn": panel_arn} if panel_arn else {}
        found: list[Control] = []
        token: dict[str, str] = {}
        while True:
            page = self._ask("list_routing_controls", **asked, **token)
            found += [
                Control(
                    one["RoutingControlArn"],
                    one["RoutingControlName"],
                    one["RoutingControlState"],
                    one.get("ControlPanelName", ""),
                    one["ControlPanelArn"],
                )
                for one in page["RoutingControls"]
            ]
            if not page.get("NextToken"):
                return sorted(found, key=lambda control: (control.panel, control.name))
            token = {"NextToken": page["NextToken"]}

    def flip(self, states: Mapping[str, str], override: Sequence[str] = ()) -> None:
        """Set the states of controls, by ARN, in one transaction: all of them or none.

        Args:
            states: On or Off, by ARN.
            override: The ARNs of safety rules that must not stop it.

        Raises:
            OperationError: It was refused, by a safety rule for one, or no endpoint answered.
        """
        self._ask(
            "update_routing_control_states",
            UpdateRoutingControlStateEntries=[
                {"RoutingControlArn": arn, "RoutingControlState": state} for arn, state in states.items()
            ],
            **({"SafetyRulesToOverride": list(override)} if override else {}),
        )

    def _ask(self, operation: str, **given: Any) -> dict[str, Any]:
        failures: dict[Endpoint, str] = {}
        # A change that was sent and not answered may have been made.
        unanswered = False
        for endpoint in self._attempts():
            try:
                answer: dict[str, Any] = getattr(self._client(endpoint), operation)(**given)
            except (NoCredentialsError, PartialCredentialsError) as error:
                raise OperationError(f"no credentials: {error}") from None
            except ClientError as error:
                if error.response["Error"].get("Code") in _FINAL:
                    raise OperationError(_refusal(error, unanswered=unanswered)) from None
                unanswered |= error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500
                failures[endpoint] = _told(error)
            except BotoCoreError as error:
                unanswered |= isinstance(error, HTTPClientError)
                failures[endpoint] = _SLOW.get(type(error)) or str(error)
            else:
                if "RequestId" in answer["ResponseMetadata"]:
                    return answer
                # A proxy's page with status 200 would count as a change that was made.
                failures[endpoint] = "answers, and not as the service does"
        lines = [f"  {endpoint}: {failures.get(endpoint, 'not asked, out of time')}" for endpoint in self._endpoints]
        doubt = _doubt(operation) if unanswered else []
        raise OperationError("\n".join(["no endpoint of the cluster carried it out", *lines, *doubt]))

    def _attempts(self) -> Iterator[Endpoint]:
        """Each endpoint once a round, in random order: a fixed one would send everybody in an outage to the first."""
        deadline = time.monotonic() + self._patience.total_seconds
        for turn in range(self._patience.rounds):
            if turn:
                time.sleep(self._patience.pause_seconds)
            for endpoint in random.sample(self._endpoints, len(self._endpoints)):
                if time.monotonic() > deadline:
                    return
                yield endpoint

    def _client(self, endpoint: Endpoint) -> Any:
        if endpoint not in self._clients:
            self._clients[endpoint] = boto3.client(
                "route53-recovery-cluster",
                region_name=endpoint.region,
                endpoint_url=endpoint.url,
                config=Config(
                    connect_timeout=self._patience.connect_seconds,
                    read_timeout=self._patience.answer_seconds,
                    # The next endpoint is the retry.
                    retries={"total_max_attempts": 1},
                ),
            )
        return self._clients[endpoint]


def stack_outputs(stack: str, region: str) -> tuple[list[Endpoint], str]:
    """The endpoints and the control panel in the outputs of a stack that has ``RoutingControls``.

    CloudFormation is a control plane: read them before an outage, and keep them.

    Raises:
        OperationError: CloudFormation cannot be asked, has no such stack, or the stack has no such outputs.
    """
    try:
        [found] = boto3.client("cloudformation", region_name=region).describe_stacks(StackName=stack)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        raise OperationError(
            f"stack {stack} in {region} cannot be read: {error}; give --endpoint and --control-panel"
        ) from None
    values = []
    for name in ("RoutingControlEndpoints", "RoutingControlPanel"):
        outputs = [one["OutputValue"] for one in found.get("Outputs", ()) if name in one["OutputKey"]]
        if len(outputs) != 1:
            raise OperationError(
                f"stack {stack} in {region} has {len(outputs)} outputs named {name}, and not 1: "
                "give --endpoint and --control-panel"
            )
        values += outputs
    endpoints, panel = values
    return [Endpoint.parse(part) for part in endpoints.split(",")], panel


def named(controls: Sequence[Control], names: Sequence[str]) -> list[Control]:
    """The controls of these names, in their order.

    Raises:
        ValueError: A name that none has, or that several control panels have.
    """
    chosen = []
    for name in names:
        found = [control for control in controls if control.name == name]
        if not found:
            known = ", ".join(sorted({control.name for control in controls})) or "none"
            raise ValueError(f"no routing control is named {name!r}; there are: {known}")
        if len(found) > 1:
            panels = ", ".join(control.panel_arn for control in found)
            raise ValueError(f"several control panels have a control {name!r}; give --control-panel, one of {panels}")
        chosen += found
    return chosen


def _told(error: ClientError) -> str:
    told = error.response["Error"]
    return f"{told.get('Code') or 'error'}: {told.get('Message') or 'no message'}"


def _refusal(error: ClientError, *, unanswered: bool) -> str:
    lines = [f"refused: {_told(error)}"]
    if error.response["Error"]["Code"] == _SAFETY_RULE:
        lines.append("  A safety rule that must not stop this is named with --override-safety-rule ARN.")
    lines += _doubt(error.operation_name) if unanswered else ["  Nothing was changed."]
    return "\n".join(lines)


def _doubt(operation: str) -> list[str]:
    if not operation.lower().startswith("update"):
        return []
    return ["  An endpoint took the change and told no outcome, so it may have been made: look with get."]
