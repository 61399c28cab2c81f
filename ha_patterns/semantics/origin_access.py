"""As whom CloudFront asks an origin, and whether a bucket answers that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..topology.model import (
    Bucket,
    Distribution,
    Function,
    FunctionUrl,
    Key,
    Origin,
    OriginAccessControl,
    OriginKind,
    Statement,
    kms,
)
from ..topology.values import Unresolved, Value, concatenate, ends, references
from .permissions import (
    Caller,
    access_identity,
    anybody,
    arns,
    by_internet,
    by_url,
    denied,
    may,
    objects,
    of_permission,
    service,
)

_CLOUDFRONT = "cloudfront.amazonaws.com"
_READ = "s3:GetObject"
_DECRYPT = "kms:Decrypt"
#: Both are needed to invoke a function by its URL. See https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
URL_ACTIONS = ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")
_WRITTEN = re.compile(r"(?:distribution/|Access Identity )[A-Z0-9]+$")
# An id such as AWS makes, which is in no template.
_NO_ID = "E00000000NOBODY"


class Asked(NamedTuple):
    """A bucket that an origin asks.

    Attributes:
        origin: The origin.
        bucket: The bucket.
        website: Whether its website is asked, which takes no signatures and no TLS.
    """

    origin: Origin
    bucket: Bucket
    website: bool


def buckets_asked(distribution: Distribution) -> Iterator[Asked]:
    """The buckets of these templates that the origins of a distribution ask by their own names."""
    for origin in distribution.origins:
        for end in origin.endpoint.ends:
            if isinstance(end.target, Bucket) and end.kind in (OriginKind.BUCKET, OriginKind.WEBSITE):
                yield Asked(origin, end.target, end.kind is OriginKind.WEBSITE)


def signs(origin: Origin) -> bool | Unresolved:
    """Whether CloudFront signs what it asks an origin."""
    control = origin.access_control
    if isinstance(control, OriginAccessControl):
        behavior = control.signing_behavior
        return behavior if isinstance(behavior, Unresolved) else behavior != "never"
    return control is not None or origin.access_identity is not None


def asks_as(distribution: Distribution, origin: Origin, *, website: bool = False, made: bool = True) -> Caller:
    """As whom CloudFront asks an origin of a distribution.

    Args:
        distribution: The distribution.
        origin: One of its origins.
        website: Whether the origin is the website of a bucket, which takes no signatures and no TLS.
        made: Whether the distribution, and the origin's identity, have the ids that AWS makes for them. Default True;
            without, they have ids that no template has, so that no id that is written down is theirs.
    """
    if website:
        return by_internet(anybody(secure=False))
    if signs(origin) is False:
        return by_internet(anybody())
    if origin.access_control is not None:
        account = distribution.place.stack.account
        # Whose ARN a request for a tenant's domain has, the templates do not tell.
        if distribution.connection_mode != "direct":
            return service(_CLOUDFRONT, account=account)
        other = concatenate(("arn:aws:cloudfront::", account, ":distribution/", _NO_ID))
        return service(_CLOUDFRONT, source=distribution if made else other, account=account)
    identity = origin.access_identity or Unresolved("an origin access identity")
    return access_identity(identity if made or not any(references(identity)) else _NO_ID)


def may_read(asked: Asked, distribution: Distribution) -> bool | None:
    """Whether the policy of a bucket, its block of public access and its ACLs let a distribution read some object.

    None where nothing tells.
    """
    caller = asks_as(distribution, asked.origin, website=asked.website)
    if asked.website or signs(asked.origin) is False:
        return public_may_read(asked.bucket, caller)
    return may(caller, _READ, objects(asked.bucket), asked.bucket.statements)


def names_another(asked: Asked, distribution: Distribution) -> bool:
    """Whether a policy lets a distribution read only if an id that is written down is the one that AWS makes for it."""
    caller = asks_as(distribution, asked.origin, website=asked.website, made=False)
    return may(caller, _READ, objects(asked.bucket), asked.bucket.statements) is False


def public_may_read(bucket: Bucket, caller: Caller) -> bool | None:
    """Whether anybody may read some object of a bucket; None where nothing tells.

    See https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html

    Args:
        bucket: The bucket.
        caller: Somebody who signs nothing.
    """
    block, statements = bucket.public_access_block, bucket.statements
    if statements is not None and denied(caller, _READ, objects(bucket), statements):
        return False
    by_policy = may(caller, _READ, objects(bucket), statements)
    # A policy that lets everybody in is public, and so is one that no template has and that would do it.
    blocked = (block.restrict_buckets,) if statements is not None else (block.restrict_buckets, block.block_policy)
    if True in blocked and (by_policy or statements is None):
        by_policy = False
    elif by_policy and block.restrict_buckets is not False:
        by_policy = None
    no_acls = block.ignore_acls is True or bucket.ownership == "BucketOwnerEnforced"
    return by_policy if no_acls or by_policy else None


def asker(distribution: Distribution, origin: Origin, *, website: bool = False) -> str:
    """Who asks an origin, as a sentence has it."""
    if website or signs(origin) is False:
        return "anybody"
    if origin.access_control is not None:
        return f"CloudFront for {distribution.place.name}"
    return f"the origin access identity {_short(origin.access_identity)}"


def _short(identity: Value | None) -> str:
    return str(identity).rpartition("/")[2]


def encrypts_with_kms(bucket: Bucket) -> bool:
    """Whether a key of AWS KMS encrypts what is put into a bucket, unless whoever puts it says otherwise."""
    return isinstance(bucket.encryption, str) and bucket.encryption.startswith("aws:kms")


def is_managed_by_aws(bucket: Bucket) -> bool:
    """Whether the key is one of AWS's own, whose policy nobody can change: ``aws/s3``, which is the default."""
    return bucket.key is None or kms.is_managed_by_aws(bucket.key)


def may_decrypt(asked: Asked, distribution: Distribution, *, made: bool = True) -> bool | None:
    """Whether the key of a bucket lets a distribution decrypt; None where nothing tells.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html

    Args:
        asked: The bucket, which a key of AWS KMS encrypts.
        distribution: Who asks it.
        made: As of ``asks_as``.
    """
    # KMS takes no request that nobody signs, and none of an identity.
    if asked.website or asked.origin.access_control is None or signs(asked.origin) is False:
        return False
    if is_managed_by_aws(asked.bucket):
        return False
    key = asked.bucket.key
    if not isinstance(key, Key):
        return None
    if key.enabled is False:
        return False
    return may(asks_as(distribution, asked.origin, made=made), _DECRYPT, arns(key), key.statements)


def key_names_another(asked: Asked, distribution: Distribution) -> bool:
    """As ``names_another``, of the policy of the bucket's key and of who may decrypt."""
    return may_decrypt(asked, distribution) is None and may_decrypt(asked, distribution, made=False) is False


def may_ask_url(
    distribution: Distribution, origin: Origin, url: FunctionUrl, action: str, *, made: bool = True
) -> bool | None:
    """Whether a function lets a distribution do one of ``URL_ACTIONS`` by its URL; None where nothing tells.

    Args:
        distribution: Who asks.
        origin: By which of its origins.
        url: The URL.
        action: The action.
        made: As of ``asks_as``.
    """
    function, auth_type = url.function, url.auth_type
    if not isinstance(function, Function) or not isinstance(auth_type, str):
        return None
    # Without authentication nobody reads a signature.
    signed = auth_type != "NONE"
    caller = asks_as(distribution, origin, made=made) if signed else by_internet(anybody())
    permissions = map(of_permission, url.permissions)
    return may(by_url(caller, auth_type), action, arns(function), permissions)


def have_written_ids(statements: Iterable[Statement]) -> bool:
    """Whether statements may know a distribution or an identity by an id that is no reference."""
    return any(_WRITTEN.search(ends(value)) for value in _told(statements))


def written_ids(statements: Iterable[Statement]) -> list[str]:
    """The ARNs of distributions and identities that statements have written down, each once."""
    told = dict.fromkeys(map(str, _told(statements)))
    return [one for one in told if ":distribution/" in one or "Access Identity " in one]


def _told(statements: Iterable[Statement]) -> Iterator[Value]:
    """The principals of statements, and the values of their conditions."""
    for statement in statements:
        yield from (name for _, name in statement.principals)
        for condition in statement.conditions:
            yield from condition.values
