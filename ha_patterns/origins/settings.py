"""How long CloudFront waits for an origin before it gives up."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from aws_cdk import Duration

from ..aws import origin_waits as waits
from ..cdk.typed import typed
from ..cdk.validation import check_seconds, check_whole_number, duration, is_token, refusal, total_seconds

_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html"
_FIVE_SECONDS = duration(5)
_CONNECTION, _READ, _KEEPALIVE = map(
    duration,
    (waits.DEFAULT_CONNECTION_TIMEOUT, waits.DEFAULT_READ_TIMEOUT, waits.DEFAULT_KEEPALIVE_TIMEOUT),
)


@typed
@dataclass(frozen=True, kw_only=True)
class OriginSettings:
    """Connection attempts and time-outs of one origin, and the longest wait that they add up to.

    These numbers decide how fast an origin group fails over: CloudFront asks the primary first on every request,
    and turns to the secondary only when the primary has used up its attempts.

    Example::

        OriginSettings(connection_attempts=1, connection_timeout=Duration.seconds(2))
        OriginSettings.fail_fast()   # 2 attempts of 2 s, 5 s for a response: for an origin with another behind it
        OriginSettings.patient()     # 3 attempts of 10 s, 60 s for a response: for the last origin there is

    Args:
        connection_attempts: How often CloudFront tries to connect, 1 to 3. GET and HEAD requests whose response
            times out are repeated as often. Default 3.
        connection_timeout: How long one attempt may take, 1 to 10 seconds. Default 10 seconds.
        response_timeout: How long CloudFront waits for the first byte and between two packets, 1 second to an hour.
            More than 120 seconds needs a higher quota, which a warning of the distribution says. Default 30 seconds.
        keepalive_timeout: How long an idle connection is kept, 1 second to an hour; ignored for buckets. More than
            300 seconds needs a higher quota. Default 5 seconds.
        response_completion_timeout: A cap over all attempts and the whole body, ``response_timeout`` to 3600 seconds.
            Default: no cap.

    Raises:
        ValueError: A value is out of its range. A CDK token is let through.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
    """

    connection_attempts: int = waits.DEFAULT_ATTEMPTS
    connection_timeout: Duration = _CONNECTION
    response_timeout: Duration = _READ
    keepalive_timeout: Duration = _KEEPALIVE
    response_completion_timeout: Duration | None = None

    def __post_init__(self) -> None:
        no_other = f"CloudFront allows no other, see {_PAGE}"
        too_long = f"no response may take longer, see {_PAGE}"
        check_whole_number("connection_attempts", self.connection_attempts, 1, waits.MOST_ATTEMPTS, no_other)
        check_seconds("connection_timeout", self.connection_timeout, 1, waits.LONGEST_CONNECTION_TIMEOUT, no_other)
        check_seconds("response_timeout", self.response_timeout, 1, waits.LONGEST_RAISED_TIMEOUT, too_long)
        check_seconds("keepalive_timeout", self.keepalive_timeout, 1, waits.LONGEST_RAISED_TIMEOUT, too_long)
        completion = self.response_completion_timeout
        if completion is None:
            return
        check_seconds("response_completion_timeout", completion, 1, waits.LONGEST_COMPLETION_TIMEOUT, no_other)
        if self.is_capped_too_soon:
            raise refusal(
                "response_completion_timeout",
                f"at least the response_timeout of {self._seconds('response_timeout')} s",
                f"{self._seconds('response_completion_timeout')} s",
                "it caps all attempts together",
            )

    def above_quotas(self, *, is_bucket: bool = False) -> list[str]:
        """The time-outs that need a higher quota than a new account has, with the quota, as a message lists them.

        Args:
            is_bucket: Whether the origin is a bucket, which has no keep-alive of its own. Default False.
        """
        quotas = {"response_timeout": waits.LONGEST_READ_TIMEOUT}
        if not is_bucket:
            quotas["keepalive_timeout"] = waits.LONGEST_KEEPALIVE_TIMEOUT
        return [
            f"{name} of {self._seconds(name)} s (quota: {most} s)"
            for name, most in quotas.items()
            if not is_token(getattr(self, name)) and self._seconds(name) > most
        ]

    @property
    def is_capped_too_soon(self) -> bool:
        """Whether the cap over all attempts is below the wait for one response, as far as both are known."""
        cap = self.response_completion_timeout
        if cap is None or is_token(cap) or is_token(self.response_timeout):
            return False
        return self._seconds("response_completion_timeout") < self._seconds("response_timeout")

    @classmethod
    @functools.cache
    def fail_fast(cls) -> OriginSettings:
        """For an origin with another behind it: 2 attempts of 2 s to connect, 5 s for a response."""
        return cls(connection_attempts=2, connection_timeout=duration(2), response_timeout=_FIVE_SECONDS)

    @classmethod
    @functools.cache
    def patient(cls) -> OriginSettings:
        """For the last origin there is: 3 attempts of 10 s to connect, 60 s for a response."""
        return cls(response_timeout=duration(60))

    @property
    def connect_wait(self) -> Duration:
        """The wait for a host that answers nothing at all: attempts x connection timeout."""
        return duration(waits.connect_wait(self._attempts(), self._seconds("connection_timeout"), self._cap()))

    def worst_case_wait(self, method: str = "GET") -> Duration:
        """The longest that one request can wait for this origin.

        GET and HEAD are repeated when the response times out: attempts x (connection timeout + response timeout).
        Any other method is sent once: the attempts to connect, then one response timeout.
        """
        return duration(
            waits.longest_wait(
                self._attempts(),
                self._seconds("connection_timeout"),
                self._seconds("response_timeout"),
                self._cap(),
                method=method,
            )
        )

    def _seconds(self, name: str) -> int:
        return total_seconds(name, getattr(self, name))

    def _attempts(self) -> int:
        if is_token(self.connection_attempts):
            raise ValueError(
                "connection_attempts is a token, known only at deploy, so no wait can be computed from it: "
                "give it as a plain number"
            )
        return self.connection_attempts

    def _cap(self) -> int | None:
        return None if self.response_completion_timeout is None else self._seconds("response_completion_timeout")
