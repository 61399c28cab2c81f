"""The origins that an edge function may choose from, as the function knows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_cloudfront as cloudfront

from ..aws.origin_waits import LONGEST_READ_TIMEOUT
from ..cdk.typed import typed
from ..cdk.validation import baked_seconds, check_seconds, is_token, normal_name, refusal, shown
from ..edge.behaviors import EdgeBehavior
from ..edge.functions import JudgedConfiguration
from ..edge.judged import is_own_name
from .buckets import NamedBucket, require_identity_reads
from .endpoints import Endpoint
from .places import names_of
from .settings import OriginSettings

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
_PROTOCOLS = {cloudfront.OriginProtocolPolicy.HTTP_ONLY: "http", cloudfront.OriginProtocolPolicy.HTTPS_ONLY: "https"}


@typed
class DeclaredOrigins:
    """Origins by name: the only ones that a rule, a cookie or a header can choose.

    A name that is known at synth is baked into the function. One that only the deploy knows, such as that of an API,
    travels in a custom header of the configured origin, as the header of an endpoint's guard does: so
    ``configuration_headers`` go to the ``EdgeFunction``.

    Example::

        DeclaredOrigins({"eu": Endpoint.http_host("eu.example.com"), "us": Endpoint.http_host("us.example.com")})

    Args:
        origins: Endpoints by name: 1 to 32 lower-case letters, digits and hyphens.
        settings: How long a request waits for any of them. How often and how long CloudFront tries to connect stays
            the configured origin's. Default: CloudFront's own.

    Attributes:
        names: Their names.
        configuration: What the function knows at synth, for the key ``origins`` of its configuration.
        configuration_headers: What it knows at deploy.

    Raises:
        ValueError: No origin; a name out of form; a bucket, an endpoint without a name, or one that is reached as the
            viewer came, which an edge function cannot send requests to; a time-out that is a token; a
            ``keepalive_timeout`` of more than 120 seconds.
    """

    def __init__(self, origins: Mapping[str, Endpoint], settings: OriginSettings | None = None) -> None:
        self.configuration: dict[str, dict[str, Any]] = self._judged()
        self.configuration_headers: dict[str, str] = {}
        self._endpoints = dict(origins)
        for name, endpoint in origins.items():
            self._add(name, _custom(name, endpoint, settings or OriginSettings()))
            for header, value in (endpoint.guard.headers if endpoint.guard else {}).items():
                self._tell(name, "custom_headers", header, value)
        self._require_some()

    @classmethod
    def buckets(cls, buckets: Mapping[str, NamedBucket]) -> DeclaredOrigins:
        """Buckets that are read with one origin access identity, which is all that Lambda@Edge can sign for.

        The configured origin must be such a bucket too. Its path and time-outs stay those of the request, whichever
        bucket it is sent to.

        Args:
            buckets: Buckets by name.

        Raises:
            ValueError: No bucket; a name out of form; a bucket whose Region an identity cannot read.
        """
        declared = cls.__new__(cls)
        declared.configuration, declared.configuration_headers, declared._endpoints = declared._judged(), {}, {}
        for name, bucket in buckets.items():
            require_identity_reads(f"origins[{name!r}]", bucket)
            origin = {
                "authMethod": "origin-access-identity",
                "customHeaders": {},
                "domainName": f"{bucket.name}.s3.{bucket.region}.amazonaws.com",
                "path": "",
                "region": bucket.region,
            }
            declared._add(name, {"s3": origin})
        declared._require_some()
        return declared

    @property
    def names(self) -> list[str]:
        """Their names, in the order given."""
        return list(self.configuration)

    def _judged(self) -> JudgedConfiguration:
        """A configuration with which a function has its behaviors asked whether they are of a site that is chosen."""
        configuration = JudgedConfiguration()
        configuration.judge = self.refuse_site
        return configuration

    def refuse_site(self, behavior: EdgeBehavior) -> str | None:
        """What is wrong with a behavior whose function may choose the distribution itself.

        An ``EdgeFunction`` with ``configuration`` in its own asks it by itself. One that knows a copy of it needs this
        among its ``judges``.

        Args:
            behavior: The behavior.
        """
        for name, endpoint in self._endpoints.items():
            for asked in names_of(endpoint):
                if is_own_name(behavior.distribution, asked):
                    return (
                        f"has a function that may choose origins[{name!r}], and {shown(asked)} is a name of the "
                        "distribution itself: CloudFront would be its own origin; give the origin a name of its own"
                    )
        return None

    def _add(self, name: str, origin: dict[str, dict[str, Any]]) -> None:
        if not _NAME.fullmatch(name):
            raise refusal("origins", "named by 1 to 32 lower-case letters, digits and hyphens", name, "rules name them")
        (settings,) = origin.values()
        self.configuration[name] = {"origin": origin}
        for field in ("domainName", "path"):
            if is_token(settings[field]):
                self._tell(name, "headers", field, settings[field])
                settings[field] = ""

    def _tell(self, name: str, what: str, field: str, value: str) -> None:
        """Have a value travel in a header, and the function know in which."""
        header = f"{field.lower()}-{name}"
        self.configuration_headers[header] = value
        self.configuration[name].setdefault(what, {})[field] = header

    def _require_some(self) -> None:
        if not self.configuration:
            raise refusal("origins", "at least one", {}, "there is nothing to choose from")


def _custom(name: str, endpoint: Endpoint, settings: OriginSettings) -> dict[str, dict[str, Any]]:
    argument = f"origins[{name!r}]"
    if endpoint.is_bucket:
        raise refusal(
            argument,
            "a host that speaks HTTP",
            endpoint,
            "Lambda@Edge cannot turn a request to a host into one to a private bucket; see NearestBucket",
        )
    if endpoint.by_cloudfront_only:
        raise refusal(
            argument,
            "an endpoint that an edge function can name",
            endpoint,
            "of an origin of the CDK it knows neither protocol nor ports, and CloudFront runs none in front of a "
            "VPC origin; use Endpoint.http_host(...), or load_balancer(...)",
        )
    if endpoint.domain_name is None:
        raise refusal(argument, "an endpoint with a name", endpoint, "CloudFront connects to origins by name")
    if endpoint.protocol_policy not in _PROTOCOLS:
        raise refusal(
            argument, "HTTPS_ONLY or HTTP_ONLY", endpoint.protocol_policy.name, "an edge function names the protocol"
        )
    protocol = _PROTOCOLS[endpoint.protocol_policy]
    return custom_origin(
        endpoint.domain_name,
        settings,
        path=endpoint.origin_path or "",
        protocol=protocol,
        port=endpoint.https_port if protocol == "https" else endpoint.http_port,
    )


def custom_origin(
    domain_name: str, settings: OriginSettings, *, path: str = "", protocol: str = "https", port: int = 443
) -> dict[str, dict[str, Any]]:
    """A host that speaks HTTP, as CloudFront writes an origin in the event of an edge function."""
    why = "CloudFront takes no other from an edge function, and answers 502"
    check_seconds("keepalive_timeout", settings.keepalive_timeout, 1, 120, why)
    check_seconds("response_timeout", settings.response_timeout, 1, LONGEST_READ_TIMEOUT, why)
    custom: dict[str, Any] = {
        "customHeaders": {},
        "domainName": normal_name(domain_name),
        "keepaliveTimeout": baked_seconds("keepalive_timeout", settings.keepalive_timeout),
        "path": path,
        "port": port,
        "protocol": protocol,
        "readTimeout": baked_seconds("response_timeout", settings.response_timeout),
        "sslProtocols": ["TLSv1.2"],
    }
    if settings.response_completion_timeout is not None:
        custom["responseCompletionTimeout"] = baked_seconds(
            "response_completion_timeout", settings.response_completion_timeout
        )
    return {"custom": custom}
