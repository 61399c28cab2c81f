"""How CloudFront connects to an origin that somebody else makes, and to a VPC origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from constructs import Construct

from ..cdk.structs import replace_fields
from ..cdk.validation import is_token, refusal, template_seconds, warn
from ._behaviors import no_origin_functions
from .settings import OriginSettings

_Origin = cloudfront.CfnDistribution.OriginProperty
_Header = cloudfront.CfnDistribution.OriginCustomHeaderProperty
# The parts of an origin that hold how long CloudFront waits for an answer.
_CONFIGS = ("custom_origin_config", "s3_origin_config", "vpc_origin_config")
# What a group's settings replace, by what it is called in an origin.
_REPLACED = ("connection_attempts", "connection_timeout")
_GROUP = "an origin group has two origins and no groups: give its origins as primary and secondary"

#: The judge of behaviors with a VPC origin.
refuse_origin_functions = no_origin_functions(
    "a VPC origin, which CloudFront refuses: use viewer request, a CloudFront function, or an origin that faces the "
    "internet; see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html"
)


@dataclass(frozen=True)
class AdaptedConnection:
    """To where any origin of the CDK leads; ``keeps_own`` if its own time-outs and attempts stand."""

    origin: cloudfront.IOrigin
    keeps_own: bool = False

    def properties(
        self,
        scope: Construct,
        origin_id: str,
        distribution_id: str | None,
        settings: OriginSettings,
        /,
        **common: Any,
    ) -> _Origin:
        """The origin as it makes itself, with the settings in place of its own."""
        bound = self.origin.bind(scope, origin_id=origin_id, distribution_id=distribution_id)
        if bound.failover_config is not None:
            raise refusal("origin", "an origin", "a group", _GROUP)
        properties = bound.origin_property
        if not isinstance(properties, _Origin):
            raise refusal(
                "origin", "one whose bind returns an OriginProperty", type(properties), "it is read and changed"
            )
        headers = _headers(properties, common["origin_custom_headers"] or ())
        if self.keeps_own:
            return replace_fields(properties, origin_custom_headers=headers)
        given = {name: common[name] for name in _REPLACED}
        config = next((name for name in _CONFIGS if getattr(properties, name) is not None), None)
        part = None if config is None else getattr(properties, config)
        read = {"origin_read_timeout": template_seconds(settings.response_timeout)}
        own = {name: getattr(properties, name) for name in _REPLACED}
        own["origin_read_timeout"] = getattr(part, "origin_read_timeout", None)
        _warn_of_replaced(scope, own, {**given, **read})
        if config is not None:
            # Of a bucket there is no idle connection to keep.
            idle = getattr(part, "origin_keepalive_timeout", 0)
            if idle is None:
                read["origin_keepalive_timeout"] = template_seconds(settings.keepalive_timeout)
            given[config] = replace_fields(part, **read)
        if common["response_completion_timeout"] is not None:
            given["response_completion_timeout"] = common["response_completion_timeout"]
        return replace_fields(properties, origin_custom_headers=headers, **given)


@dataclass(frozen=True)
class VpcConnection:
    """To a load balancer or an instance in private subnets, by a VPC origin."""

    vpc_origin: cloudfront.IVpcOrigin
    domain_name: str
    origin_path: str | None = None

    def properties(
        self,
        _scope: Construct,
        origin_id: str,
        _distribution_id: str | None,
        settings: OriginSettings,
        /,
        **common: Any,
    ) -> _Origin:
        return _Origin(
            id=origin_id,
            domain_name=self.domain_name,
            origin_path=self.origin_path,
            vpc_origin_config=cloudfront.CfnDistribution.VpcOriginConfigProperty(
                vpc_origin_id=self.vpc_origin.vpc_origin_id,
                origin_read_timeout=template_seconds(settings.response_timeout),
                origin_keepalive_timeout=template_seconds(settings.keepalive_timeout),
            ),
            **common,
        )


def check_origin(origin: object) -> None:
    """Refuse what is no single origin of the CDK, or what is an endpoint already."""
    if isinstance(origin, cloudfront_origins.OriginGroup) or hasattr(origin, "member_ids"):
        raise refusal("origin", "a single origin", type(origin).__name__, _GROUP)
    if hasattr(origin, "longest_wait"):
        raise refusal("origin", "an origin of the CDK", type(origin).__name__, "give the endpoint that it is of itself")


def is_bucket(origin: cloudfront.IOrigin) -> bool:
    """Whether an origin of the CDK is a bucket that is no website."""
    return isinstance(origin, (cloudfront_origins.S3BucketOrigin, cloudfront_origins.S3Origin))


def _headers(properties: _Origin, added: Sequence[_Header]) -> Sequence[_Header] | None:
    """An origin's own headers, and those that are added in place of any of the same name."""
    own = properties.origin_custom_headers or ()
    if not isinstance(own, Sequence):
        raise refusal("origin", "one whose custom headers are a list", type(own), "a header is added to them")
    names = {header.header_name.lower() for header in added}
    kept = [header for header in own if not isinstance(header, _Header) or header.header_name.lower() not in names]
    both: list[Any] = [*kept, *added]
    return both or None


def _warn_of_replaced(scope: Construct, own: dict[str, Any], given: dict[str, Any]) -> None:
    replaced = [
        f"{name} of {value} by {given[name]}"
        for name, value in own.items()
        if value is not None and not is_token(value) and value != given[name]
    ]
    if replaced:
        warn(
            scope.node.scope or scope,
            "origin:replaced-settings",
            f"the group's own time-outs stand in place of those of its origin ({', '.join(replaced)}): give the group "
            "the values that you mean, as primary_settings or secondary_settings, and none to the origin",
        )
