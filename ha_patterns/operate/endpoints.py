"""Asks a service that answers at several endpoints, of which any may be down."""

from __future__ import annotations

import random
import re
import threading
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
from botocore.parsers import ResponseParserError  # type: ignore[import-untyped]

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
_STRANGE = "answers, and not as the service does"
_SLOW = {ConnectTimeoutError: "no connection in time", ReadTimeoutError: "no answer in time"}


class OperationError(Exception):
    """The service refused, or none of its endpoints answered.

    Attributes:
        answer: What the service said as it refused, as boto3 has it; empty where none answered.
    """

    def __init__(self, message: str, answer: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.answer = answer or {}

    @property
    def code(self) -> str | None:
        """The code of the refusal."""
        code: str | None = self.answer.get("Error", {}).get("Code")
        return code


@dataclass(frozen=True)
class Endpoint:
    """One of a service's endpoints.

    Attributes:
        region: Its Region, for which requests to it are signed.
        url: Its address. Default: the service's own in that Region.
    """

    region: str
    url: str | None = None

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
        return self.region if self.url is None else f"{self.region}={self.url}"


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


class Endpoints:
    """Endpoints that know the same, asked in random order until one answers; each once a round.

    Args:
        service: As boto3 names it.
        endpoints: All, or as many as are known. No other address is asked.
        of: Whose they are, as errors say it.
        final: The error codes that the service has decided on as a whole, each with what then helps, if anything
            does. Whatever else an endpoint says, another may do better.
    """

    def __init__(self, service: str, endpoints: Sequence[Endpoint], *, of: str, final: Mapping[str, str]) -> None:
        self._service = service
        self._endpoints = endpoints
        self._of = of
        self._final = final
        self._clients: dict[Endpoint, Any] = {}
        # boto3 makes clients one at a time only; what is made, threads share.
        self._making = threading.Lock()

    def ask(self, operation: str, given: Mapping[str, Any], *, changes: bool = False) -> dict[str, Any]:
        """What the first endpoint says that carries an operation out.

        Args:
            operation: As boto3's clients name it.
            given: Its arguments.
            changes: Whether it changes anything, and so may have done it without an answer. Default False.

        Raises:
            OperationError: It was refused, or no endpoint answered.
        """
        failures: dict[Endpoint, str] = {}
        # A change that was sent and not answered may have been made.
        unanswered = False
        for endpoint in self._attempts():
            try:
                answer: dict[str, Any] = getattr(self._client(endpoint), operation)(**given)
            except (NoCredentialsError, PartialCredentialsError) as error:
                raise OperationError(f"no credentials: {error}") from None
            except ClientError as error:
                if error.response["Error"].get("Code") in self._final:
                    told = self._refusal(error, _after(changes=changes, unanswered=unanswered))
                    raise OperationError(told, error.response) from None
                unanswered |= error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500
                failures[endpoint] = _told(error)
            except BotoCoreError as error:
                unanswered |= isinstance(error, HTTPClientError)
                failures[endpoint] = _SLOW.get(type(error)) or str(error)
            except ResponseParserError:
                failures[endpoint] = _STRANGE
            else:
                if "RequestId" in answer["ResponseMetadata"]:
                    return answer
                # A proxy's page with status 200 would count as a change that was made.
                failures[endpoint] = _STRANGE
        lines = [f"  {endpoint}: {failures.get(endpoint, 'not asked, out of time')}" for endpoint in self._endpoints]
        doubt = _after(changes=changes, unanswered=True) if unanswered else []
        raise OperationError("\n".join([f"no endpoint of {self._of} carried it out", *lines, *doubt]))

    def _attempts(self) -> Iterator[Endpoint]:
        """Each endpoint once a round, in random order: a fixed one would send everybody in an outage to the first."""
        deadline = time.monotonic() + PATIENCE.total_seconds
        for turn in range(PATIENCE.rounds):
            if turn:
                time.sleep(PATIENCE.pause_seconds)
            for endpoint in random.sample(self._endpoints, len(self._endpoints)):
                if time.monotonic() > deadline:
                    return
                yield endpoint

    def _client(self, endpoint: Endpoint) -> Any:
        with self._making:
            if endpoint not in self._clients:
                self._clients[endpoint] = client(self._service, endpoint.region, endpoint.url)
        return self._clients[endpoint]

    def _refusal(self, error: ClientError, after: Sequence[str]) -> str:
        helps = self._final[error.response["Error"]["Code"]]
        return "\n".join([f"refused: {_told(error)}", *([f"  {helps}"] if helps else []), *after])


def client(service: str, region: str, url: str | None = None) -> Any:
    """A client that gives up soon, and asks once: the next endpoint is the retry.

    Args:
        service: As boto3 names it.
        region: For which requests are signed.
        url: Default: the service's own.
    """
    config = Config(
        connect_timeout=PATIENCE.connect_seconds,
        read_timeout=PATIENCE.answer_seconds,
        retries={"total_max_attempts": 1},
    )
    return boto3.client(service, region_name=region, endpoint_url=url, config=config)


def stack_outputs(stack: str, region: str, names: Sequence[str], *, instead: str) -> list[str]:
    """The outputs of a stack whose names have these in them, one each: the CDK puts a construct's path before a name.

    Args:
        stack: The stack.
        region: Where it is.
        names: Of the outputs.
        instead: What a person gives where there are none.

    Raises:
        OperationError: As ``outputs_of``; the stack has no such outputs.
    """
    outputs = outputs_of(stack, region, instead=instead)
    values = []
    for name in names:
        found = [value for key, value in outputs.items() if name in key]
        if len(found) != 1:
            raise OperationError(
                f"stack {stack} in {region} has {len(found)} outputs named {name}, and not 1: give {instead}"
            )
        values += found
    return values


def outputs_of(stack: str, region: str, *, instead: str) -> dict[str, str]:
    """All outputs of a stack, by their names.

    CloudFormation is a control plane: read them before an outage, and keep them.

    Args:
        stack: The stack.
        region: Where it is.
        instead: What a person gives where it cannot be read.

    Raises:
        OperationError: There are no credentials; CloudFormation cannot be asked, or has no such stack.
    """
    try:
        [found] = boto3.client("cloudformation", region_name=region).describe_stacks(StackName=stack)["Stacks"]
    except (NoCredentialsError, PartialCredentialsError) as error:
        # Whatever is given in place of the stack needs them, too.
        raise OperationError(f"no credentials: {error}") from None
    except (BotoCoreError, ClientError) as error:
        raise OperationError(f"stack {stack} in {region} cannot be read: {error}; give {instead}") from None
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())}


def _told(error: ClientError) -> str:
    told = error.response["Error"]
    return f"{told.get('Code') or 'error'}: {told.get('Message') or 'no message'}"


def _after(*, changes: bool, unanswered: bool) -> list[str]:
    """What there is to say of the state after a call that failed."""
    if not changes:
        return []
    if unanswered:
        return ["  An endpoint took the change and told no outcome, so it may have been made: look with get."]
    return ["  Nothing was changed."]
