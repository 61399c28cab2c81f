"""Origins that refuse: who may read a bucket, decrypt its objects or ask a function, and how CloudFront signs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...aws.names import HOST_SUFFIXES
from ...aws.regions import IDENTITY_REGIONS
from ...semantics.origin_access import (
    URL_ACTIONS,
    Asked,
    asker,
    buckets_asked,
    encrypts_with_kms,
    have_written_ids,
    is_managed_by_aws,
    key_names_another,
    may_ask_url,
    may_decrypt,
    may_read,
    names_another,
    signs,
    written_ids,
)
from ...semantics.permissions import of_permission
from ...semantics.requests import sends
from ...topology.model import (
    Bucket,
    BucketPolicy,
    Distribution,
    Function,
    FunctionUrl,
    Key,
    Origin,
    OriginAccessControl,
    OriginKind,
    Permission,
    Statement,
)
from ...topology.topology import Topology
from ...topology.values import Unresolved, comparable
from ..rule import Context, Problem, Severity, Verdict, cannot_tell, problem, rule
from ..words import found_as, listed

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_PRIVATE = f"{_GUIDE}private-content-restricting-access-to-s3.html"


@rule(
    "HA016",
    Severity.ERROR,
    "bucket does not let CloudFront in",
    kind=Distribution,
    why="S3 answers 403 to every request that the bucket's policy does not allow as CloudFront sends it: signed for "
    "the distribution (origin access control) or by an identity, or by nobody, as to a website. Of a second origin "
    "this is noticed only in the outage that it is for. The CDK adds the statement to the buckets of its own app only, "
    "and not to one that is imported by name.",
    remedy="In the AWS::S3::BucketPolicy, allow the principal that the origin asks as, cloudfront.amazonaws.com with "
    "the distribution's ARN as a condition or the identity of the origin, s3:GetObject on the bucket's objects, and "
    "let no Deny hold for it. A website needs a bucket that everybody may read: better ask the bucket itself, with "
    "origin access control.",
    page=_PRIVATE,
)
def not_let_in(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for origin in distribution.origins:
        if (region := _unread_region(origin)) is not None:
            message = (
                f"{found_as(origin.endpoint)} of origin {origin.id} is in {region}, whose buckets no identity reads"
            )
            yield problem(origin, message, "DomainName")
    for asked in buckets_asked(distribution):
        origin, bucket, website = asked
        if _unread_region(origin) is not None:
            continue
        if not website and not signs(origin) and not _is_plain(distribution, origin):
            continue
        refused = _refused(asked, distribution)
        if refused:
            yield problem(origin, refused, "DomainName")
        elif refused is None and bucket.statements is None:
            unknown = Unresolved(f"the policy of {bucket.place.name}")
            yield cannot_tell(origin, unknown, f"whether origin {origin.id} may read its bucket", "DomainName")


def _unread_region(origin: Origin) -> str | None:
    """The Region of an origin's bucket, if no origin access identity reads buckets there; None if one does."""
    if origin.access != "oai":
        return None
    regions = (end.region for end in origin.endpoint.ends if end.kind is OriginKind.BUCKET)
    return next((region for region in regions if region is not None and region not in IDENTITY_REGIONS), None)


def _is_plain(distribution: Distribution, origin: Origin) -> bool:
    """Whether nothing signs a request: no function, and no viewer whose signature is sent on."""
    for behavior in distribution.behaviors:
        if origin not in behavior.origins:
            continue
        key, sent = behavior.cache_policy, behavior.origin_request_policy
        if behavior.functions or behavior.gaps or isinstance(key, Unresolved) or isinstance(sent, Unresolved):
            return False
        queries = [key.query_strings, *(() if sent is None else (sent.query_strings,))]
        if sends(behavior, "authorization") is not False or any(one.mode != "none" for one in queries):
            return False
    return True


def _refused(asked: Asked, distribution: Distribution) -> str | None:
    """How a bucket refuses; empty where it does not, None where nothing tells."""
    origin, bucket, website = asked
    read = may_read(asked, distribution)
    if read is not False:
        return "" if read else None
    who = asker(distribution, origin, website=website)
    if bucket.statements is None:
        return (
            f"{bucket.place.name}, which origin {origin.id} asks without a signature, blocks public access, so that "
            "nobody may read it"
        )
    if not any(statement.effect != "Deny" for statement in bucket.statements):
        return f"the policy of {bucket.place.name}, which origin {origin.id} asks, allows nobody s3:GetObject"
    return f"the policy of {bucket.place.name}, which origin {origin.id} asks, does not let {who} s3:GetObject"


@rule(
    "HA056",
    Severity.ERROR,
    "second policy of a bucket",
    kind=Topology,
    why="S3 keeps one policy for each bucket. CloudFormation refuses the second, or puts it in place of the first: "
    "then whoever the first let in gets 403, such as CloudFront.",
    remedy="Put the statements of both into the PolicyDocument of one AWS::S3::BucketPolicy.",
    page="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html",
)
def second_policy(topology: Topology, _context: Context) -> Iterator[Verdict]:
    first: dict[object, BucketPolicy] = {}
    for policy in topology.of(BucketPolicy):
        bucket = policy.bucket if isinstance(policy.bucket, Bucket) else policy.bucket_name
        # Of two with conditions, one may be made.
        if bucket is None or policy.place.condition or (bucket is policy.bucket_name and not comparable(bucket)):
            continue
        other = first.setdefault(bucket, policy)
        if other is not policy:
            message = f"{_named_bucket(policy)} has the policy {other.place.name} already; S3 keeps one"
            yield problem(policy, message, "Properties", "Bucket")


def _named_bucket(policy: BucketPolicy) -> str:
    return policy.bucket.place.name if isinstance(policy.bucket, Bucket) else str(policy.bucket_name)


@rule(
    "HA041",
    Severity.WARNING,
    "policy that knows CloudFront by an id that is written down",
    kind=Distribution,
    why="AWS makes the id of a distribution and of an identity when it creates them. A policy with an id in it lets in "
    "what had that id when it was written: the distribution of before, or of another stack. S3 answers 403, or KMS "
    "refuses to decrypt, which of a second origin is noticed only in the outage that it is for.",
    remedy="Refer to the distribution in the condition aws:SourceArn, as with Fn::Sub and ${Distribution}, or to the "
    "identity in the principal, in place of an id.",
    page=_PRIVATE,
)
def written_down(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for asked in buckets_asked(distribution):
        origin, bucket, key = asked.origin, asked.bucket, asked.bucket.key
        is_written = have_written_ids(bucket.statements or ())
        if is_written and may_read(asked, distribution) is None and names_another(asked, distribution):
            yield _by_id(distribution, origin, f"the policy of {bucket.place.name}", bucket.statements or ())
        elif (
            encrypts_with_kms(bucket)
            and isinstance(key, Key)
            and have_written_ids(key.statements or ())
            and key_names_another(asked, distribution)
        ):
            yield _by_id(distribution, origin, f"the policy of the key {key.place.name}", key.statements or ())
    for origin, url in _urls(distribution):
        for action in URL_ACTIONS:
            told = may_ask_url(distribution, origin, url, action)
            if told is None and may_ask_url(distribution, origin, url, action, made=False) is False:
                what = f"the permission {action} of {_function(url)}"
                yield _by_id(distribution, origin, what, map(of_permission, url.permissions))
                break


def _by_id(distribution: Distribution, origin: Origin, what: str, statements: Iterable[Statement]) -> Problem:
    return problem(
        origin,
        f"{what}, which origin {origin.id} needs, lets in {listed(written_ids(statements))}, and AWS makes the id of "
        f"{asker(distribution, origin)}",
        "DomainName",
    )


@rule(
    "HA040",
    Severity.ERROR,
    "key of a bucket does not let CloudFront decrypt",
    kind=Distribution,
    why="To send an object that a key of AWS KMS encrypts, S3 asks the key on behalf of whoever reads it. A key whose "
    "policy does not know CloudFront refuses, and so do AWS's own key, whose policy cannot be changed, and every key "
    "where the request is signed by an origin access identity or by nobody. Viewers get 403; of a second origin this "
    "is noticed only in the outage that it is for.",
    remedy="Ask the bucket with origin access control, and allow cloudfront.amazonaws.com kms:Decrypt in the policy of "
    "a key of your own, with the distribution's ARN as a condition; or encrypt the bucket with AES256.",
    page=_PRIVATE,
)
def may_not_decrypt(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for asked in buckets_asked(distribution):
        origin, bucket, _ = asked
        if not encrypts_with_kms(bucket):
            continue
        told = may_decrypt(asked, distribution)
        if told is False:
            yield problem(origin, f"origin {origin.id} asks {_encrypted(asked, distribution)}", "DomainName")
        elif told is None and isinstance(bucket.key, Unresolved):
            yield cannot_tell(origin, bucket.key, f"whether origin {origin.id} may decrypt its objects", "DomainName")


def _encrypted(asked: Asked, distribution: Distribution) -> str:
    """What encrypts a bucket, and why it does not decrypt."""
    origin, bucket, website = asked
    key = bucket.key
    by = f"the key {key.place.name}" if isinstance(key, Key) else "a key of AWS KMS"
    encrypted = f"{bucket.place.name}, which is encrypted with {by}"
    if website or origin.access_control is None or signs(origin) is False:
        how = "an origin access identity" if origin.access == "oai" and not website else "nobody"
        return f"{encrypted}, by requests that {how} signs, and KMS takes none of those"
    if is_managed_by_aws(bucket):
        return f"{bucket.place.name}, which is encrypted with AWS's own key, whose policy does not know CloudFront"
    if isinstance(key, Key) and key.enabled is False:
        return f"{encrypted}, which is disabled"
    return f"{encrypted}, whose policy does not let {asker(distribution, origin)} kms:Decrypt"


def _urls(distribution: Distribution) -> Iterator[tuple[Origin, FunctionUrl]]:
    for origin in distribution.origins:
        for end in origin.endpoint.ends:
            if isinstance(end.target, FunctionUrl):
                yield origin, end.target


def _function(url: FunctionUrl) -> str:
    return url.function.place.name if isinstance(url.function, Function) else f"the function of {url.place.name}"


@rule(
    "HA042",
    Severity.ERROR,
    "function URL does not let CloudFront in",
    kind=Distribution,
    why="A function URL with AWS_IAM answers signed requests only, and every function URL asks the function's "
    "permissions for both lambda:InvokeFunctionUrl and lambda:InvokeFunction. Without, Lambda answers 403 to "
    "everything; of a second origin this is noticed only in the outage that it is for.",
    remedy="Give the origin an origin access control of the type lambda, and the function two AWS::Lambda::Permission "
    "for cloudfront.amazonaws.com with the distribution's ARN as SourceArn: one for lambda:InvokeFunctionUrl, and one "
    "for lambda:InvokeFunction with InvokedViaFunctionUrl. With AuthType NONE, both are for the principal *.",
    page=f"{_GUIDE}private-content-restricting-access-to-lambda.html",
)
def url_refuses(distribution: Distribution, context: Context) -> Iterator[Verdict]:
    for origin, url in _urls(distribution):
        if isinstance(url.function, Unresolved):
            yield cannot_tell(origin, url.function, f"whether origin {origin.id} may invoke its function", "DomainName")
            continue
        if url.auth_type == "AWS_IAM" and signs(origin) is False:
            if _unsigned(distribution, origin):
                message = (
                    f"{url.place.name}, which origin {origin.id} asks, has the AuthType AWS_IAM, and nothing signs the "
                    "requests"
                )
                yield problem(origin, message, "DomainName")
            continue
        missing = [one for one in URL_ACTIONS if may_ask_url(distribution, origin, url, one) is False]
        elsewhere = _of_unknown_function(context.topology) if missing else None
        if elsewhere is not None:
            question = f"whether origin {origin.id} may invoke its function"
            yield cannot_tell(origin, elsewhere, question, "DomainName")
        elif missing:
            who = "anybody" if url.auth_type == "NONE" else asker(distribution, origin)
            message = f"{_function(url)}, whose URL origin {origin.id} asks, does not let {who} {listed(missing)}"
            yield problem(origin, message, "DomainName")


def _of_unknown_function(topology: Topology) -> Unresolved | None:
    """What would tell the function of a permission, if there is one whose function only the deploy knows."""
    for permission in topology.of(Permission):
        function = permission.function
        if isinstance(function, Unresolved) and not function.waits_for.endswith("which is not in these templates"):
            return function
    return None


def _unsigned(distribution: Distribution, origin: Origin) -> bool:
    """Whether nothing but CloudFront itself could sign a request: no Lambda@Edge, and no viewer."""
    behaviors = [behavior for behavior in distribution.behaviors if origin in behavior.origins]
    return not any(
        behavior.gaps or any(one.at_edge for one in behavior.functions) or sends(behavior, "authorization") is not False
        for behavior in behaviors
    )


_TYPES = {
    OriginKind.BUCKET: "s3",
    OriginKind.ACCESS_POINT: "s3",
    OriginKind.FUNCTION_URL: "lambda",
}
_NO_CONTROL = frozenset(
    {
        *(OriginKind.WEBSITE, OriginKind.LOAD_BALANCER, OriginKind.API, OriginKind.ACCELERATOR),
        *(OriginKind.DISTRIBUTION, OriginKind.VPC),
    }
)


@rule(
    "HA043",
    Severity.ERROR,
    "access that does not fit the origin",
    kind=Distribution,
    why="CloudFront refuses at deploy an origin with both kinds of access, or with an origin access control for "
    "another kind of origin. A Multi-Region Access Point refuses every request that is not signed with Signature "
    "Version 4A; of a second origin this is noticed only in the outage that it is for.",
    remedy="Give a bucket one access, best an origin access control of the type s3; a Multi-Region Access Point one "
    "that always signs with sigv4a; a function URL one of the type lambda; and any other origin none.",
    page="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-properties-cloudfront-originaccesscontrol-originaccesscontrolconfig.html",
)
def unfit_access(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for origin in distribution.origins:
        control, identity = origin.access_control, origin.access_identity
        if isinstance(control, OriginAccessControl) and identity is not None and not isinstance(identity, Unresolved):
            message = (
                f"origin {origin.id} has both the origin access control {control.place.name} and the identity "
                f"{str(identity).rpartition('/')[2]}; CloudFront takes one"
            )
            yield problem(origin, message, "OriginAccessControlId")
        elif isinstance(control, OriginAccessControl) and (other := _other_type(origin, control)):
            message = f"origin {origin.id} has the origin access control {control.place.name}, {other}"
            yield problem(origin, message, "OriginAccessControlId")
        elif any(end.kind is OriginKind.ACCESS_POINT and not origin.s3 for end in origin.endpoint.ends):
            yield from _to_access_point(distribution, origin)


def _other_type(origin: Origin, control: OriginAccessControl) -> str | None:
    """For which other kind of origin a control is, as a sentence goes on; None if it fits, or nothing tells."""
    told = control.origin_type
    kinds = {end.kind for end in origin.endpoint.ends}
    if not isinstance(told, str) or len(kinds) != 1 or isinstance(origin.configurations, Unresolved):
        return None
    kind = OriginKind.VPC if origin.vpc else kinds.pop()
    # A name of one's own is none of AWS's, which alone take signatures; one of another service of AWS may be.
    name = origin.endpoint.name
    own = kind is OriginKind.HOST and isinstance(name, str) and not name.endswith(HOST_SUFFIXES)
    if own or kind in _NO_CONTROL:
        return f"which is for origins of the type {told}, and {found_as(origin.endpoint)} takes no signatures"
    if kind in _TYPES and told != _TYPES[kind]:
        return f"which is for origins of the type {told}, and {found_as(origin.endpoint)} is one of {_TYPES[kind]}"
    if kind is OriginKind.BUCKET and told == "s3" and "CustomOriginConfig" in origin.configurations:
        return "which is for origins of the type s3, and has a CustomOriginConfig"
    return None


def _to_access_point(distribution: Distribution, origin: Origin) -> Iterator[Verdict]:
    control = origin.access_control
    name = found_as(origin.endpoint)
    if isinstance(control, OriginAccessControl):
        if isinstance(control.signing_protocol, str) and control.signing_protocol != "sigv4a":
            message = (
                f"origin {origin.id} asks the access point {name}, and {control.place.name} signs with "
                f"{control.signing_protocol}, in place of sigv4a"
            )
            yield problem(origin, message, "OriginAccessControlId")
        elif signs(origin) is False:
            message = f"origin {origin.id} asks the access point {name}, and {control.place.name} never signs"
            yield problem(origin, message, "OriginAccessControlId")
    elif control is None and _unsigned(distribution, origin):
        message = f"origin {origin.id} asks the access point {name}, and has no origin access control that signs"
        yield problem(origin, message, "DomainName")
