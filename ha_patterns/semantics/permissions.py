"""What policies allow: who may do what with a resource, and the actions of a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from ..topology.model import (
    Alarm,
    Api,
    Bucket,
    CompositeAlarm,
    Condition,
    Distribution,
    Function,
    Key,
    Permission,
    Principal,
    PrincipalKind,
    Role,
    Secret,
    Statement,
    Table,
    Thing,
    Topic,
)
from ..topology.values import Reference, ResourceId, Unresolved, Value, atoms, concatenate, ends, starts
from .globs import same, selects

_LIST = "s3:listbucket"
_SOURCE_ARN = "aws:sourcearn"
_SOURCE_ACCOUNT = "aws:sourceaccount"
# What only requests have that come by a VPC endpoint.
_OF_ENDPOINTS = ("aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip")
_IDENTITY = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity "
# By kind of thing, the service and what is before the name in its ARNs.
_ARNS: Mapping[type[Thing], tuple[str, str]] = {
    Table: ("dynamodb", "table/"),
    Function: ("lambda", "function:"),
}


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who sends a request to AWS, with what AWS knows of the request.

    Attributes:
        kind: As what a statement may name it: SERVICE, AWS for a role or an account, CANONICAL_USER, FEDERATED;
            EVERYONE for a request that nobody signs.
        names: What it is called, all of which mean the same: its service's name, or its ARN.
        canonical: Its canonical user id, as far as the templates tell it.
        account: The account that it is of; None for a service, and for nobody.
        context: By condition key, in lower case, what the request has: all of a key's names mean the same, and none
            is a key that the request lacks. Nothing is known of the keys that are not here.

    See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """

    kind: PrincipalKind
    names: tuple[Value, ...] = ()
    canonical: tuple[Value, ...] = ()
    account: Value | None = None
    context: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


def service(
    name: str, *, source: Thing | Value | None = None, account: Value | None = None, secure: bool = True
) -> Caller:
    """A service that acts for one of its resources, such as CloudFront for a distribution.

    Args:
        name: The service, such as ``cloudfront.amazonaws.com``.
        source: What it acts for, or its ARN; None if unknown.
        account: The account of what it acts for. Default: that of the stack that ``source`` is in.
        secure: Whether it asks over TLS.
    """
    context: dict[str, tuple[Value, ...]] = {
        "aws:securetransport": (_said(secure),),
        "aws:principalisawsservice": ("true",),
        "aws:principalservicename": (name,),
        # A service is in no organization.
        "aws:principalorgid": (),
        **dict.fromkeys(_OF_ENDPOINTS, ()),
    }
    if isinstance(source, Thing):
        context[_SOURCE_ARN] = arns(source)
        account = source.place.stack.account if account is None else account
    elif source is not None:
        context[_SOURCE_ARN] = (source,)
    if account is not None:
        context[_SOURCE_ACCOUNT] = (account,)
    return Caller(kind=PrincipalKind.SERVICE, names=(name,), context=context)


def identity(role: Role | Value, *, account: Value | None = None, secure: bool = True) -> Caller:
    """A role or a user, which signs its requests itself.

    Args:
        role: It, or its ARN.
        account: Its account. Default: that of the role's stack, or that in the ARN.
        secure: Whether it asks over TLS.
    """
    names = arns(role) if isinstance(role, Role) else (role,)
    if account is None:
        account = role.place.stack.account if isinstance(role, Role) else _account(role)
    context: dict[str, tuple[Value, ...]] = {
        "aws:securetransport": (_said(secure),),
        "aws:principalisawsservice": ("false",),
        "aws:principalarn": names,
        # Services alone have these.
        _SOURCE_ARN: (),
        _SOURCE_ACCOUNT: (),
    }
    if account is not None:
        context["aws:principalaccount"] = (account,)
    return Caller(kind=PrincipalKind.AWS, names=names, account=account, context=context)


def anybody(*, secure: bool = True) -> Caller:
    """A request that nobody signs, such as a browser's.

    Args:
        secure: Whether it comes over TLS.
    """
    context: dict[str, tuple[Value, ...]] = {
        "aws:securetransport": (_said(secure),),
        "aws:principalisawsservice": ("false",),
        **dict.fromkeys((_SOURCE_ARN, _SOURCE_ACCOUNT, "aws:principalarn", "aws:principalorgid"), ()),
    }
    return Caller(kind=PrincipalKind.EVERYONE, context=context)


def by_internet(caller: Caller) -> Caller:
    """A caller whose requests come by no VPC endpoint, such as one of CloudFront's."""
    context = {**caller.context, **dict.fromkeys(_OF_ENDPOINTS, ())}
    return replace(caller, context=context)


def access_identity(identity_id: Value, *, secure: bool = True) -> Caller:
    """An origin access identity of CloudFront.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html

    Args:
        identity_id: Its id, as an origin names it: with or without ``origin-access-identity/cloudfront/`` before it.
        secure: Whether it asks over TLS.
    """
    *before, last = atoms(identity_id)
    # An id has no slash; of one that is not known in full, what is before it may still be known.
    one = last.rpartition("/")[2] if isinstance(last, str) else last
    made = [one.resource] if isinstance(one, Reference) else []
    ids: list[Value] = [Reference(made[0], name) for name in ("", "Id")] if made else [one]
    if isinstance(last, str) and before and "/" not in last:
        ids = [Unresolved("the id of the origin access identity")]
    return Caller(
        kind=PrincipalKind.AWS,
        names=tuple(concatenate((_IDENTITY, each)) for each in ids),
        canonical=tuple(Reference(resource, "S3CanonicalUserId") for resource in made),
        context={
            "aws:securetransport": (_said(secure),),
            "aws:principalisawsservice": ("false",),
            **dict.fromkeys((_SOURCE_ARN, _SOURCE_ACCOUNT, "aws:principalorgid", *_OF_ENDPOINTS), ()),
        },
    )


def may(
    caller: Caller, action: str, resource: Value | tuple[Value, ...], statements: Iterable[Statement] | None
) -> bool | None:
    """Whether statements let a caller do an action on a resource; a Deny wins over every Allow.

    The statements are those of one policy, or of several that count together, as all policies of a role do. Those of
    a role itself are about whoever has the role. An account that is a principal stands for all of its identities:
    whether their own policies let them, too, is a question to those policies.

    Args:
        caller: Who asks.
        action: Such as ``s3:GetObject``.
        resource: The ARN, or several that mean the same (``arns``). A ``*`` in it is what nobody knows: of all
            objects of a bucket, some may be allowed.
        statements: None if they are not known.

    Returns:
        None if something that decides is not known: a statement's text, or a condition that AWS judges by what no
        template has.

    See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    """
    if statements is None:
        return None
    resources = resource if isinstance(resource, tuple) else (resource,)
    applying = [(statement, _applies(statement, caller, action, resources)) for statement in statements]
    refused = _any(_told(statement, "Deny", applies) for statement, applies in applying)
    if refused:
        return False
    let = _any(_told(statement, "Allow", applies) for statement, applies in applying)
    return let if refused is False or let is not True else None


def denied(
    caller: Caller, action: str, resource: Value | tuple[Value, ...], statements: Iterable[Statement]
) -> bool | None:
    """Whether some statement refuses a caller an action on a resource; None if that cannot be told.

    Args:
        caller: Who asks.
        action: Such as ``s3:GetObject``. A ``*`` in it is what nobody knows: of several actions, all are refused.
        resource: As for ``may``.
        statements: The statements; those that allow something do not count.
    """
    resources = resource if isinstance(resource, tuple) else (resource,)
    return _any(
        _told(statement, "Deny", _applies(statement, caller, action, resources))
        for statement in statements
        if statement.effect != "Allow"
    )


def _told(statement: Statement, effect: str, applies: bool | None) -> bool | None:
    """Whether a statement has an effect on a request that it is, is not or may be about."""
    if statement.effect == effect or applies is False:
        return applies
    # Of another effect nothing tells whether it allows or denies.
    return False if statement.effect in ("Allow", "Deny") else None


def of_permission(permission: Permission) -> Statement:
    """The statement that a permission is in the policy of its function.

    See https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
    """
    named = permission.principal or Unresolved("a principal, which the permission lacks")
    asked: tuple[tuple[str, str, Value | bool | None], ...] = (
        ("ArnLike", _SOURCE_ARN, permission.source_arn),
        ("StringEquals", _SOURCE_ACCOUNT, permission.source_account),
        ("StringEquals", "aws:principalorgid", permission.organization),
        ("StringEquals", "lambda:functionurlauthtype", permission.url_auth_type),
        ("Bool", "lambda:invokedviafunctionurl", permission.via_url),
    )
    return Statement(
        sid=None,
        effect="Allow",
        principals=(Principal(_kind(named), named),),
        not_principals=(),
        actions=(permission.action or Unresolved("an action, which the permission lacks"),),
        not_actions=(),
        resources=("*",),
        not_resources=(),
        conditions=tuple(
            Condition(operator, key, (_said(value) if isinstance(value, bool) else value,))
            for operator, key, value in asked
            if value is not None
        ),
        place=permission.place,
        gaps=permission.gaps,
    )


def may_invoke(caller: Caller, function: Function, action: str = "lambda:InvokeFunction") -> bool | None:
    """Whether the permissions of a function in these templates let a caller do an action on it, without a qualifier.

    Args:
        caller: Who asks; if it asks by the function's URL, its context says so.
        function: The function.
        action: Such as ``lambda:InvokeFunctionUrl``.
    """
    unqualified = [one for one in function.permissions if one.qualifier is None]
    return may(caller, action, arns(function), map(of_permission, unqualified))


def by_url(caller: Caller, auth_type: Value) -> Caller:
    """A caller that asks a function by its URL.

    Args:
        caller: Who asks.
        auth_type: ``AWS_IAM`` or ``NONE``, as the URL has it.
    """
    url = {"lambda:functionurlauthtype": (auth_type,), "lambda:invokedviafunctionurl": ("true",)}
    return replace(caller, context={**caller.context, **url})


def arns(thing: Thing) -> tuple[Value, ...]:
    """All that policies may call a thing of these templates, as far as its ARN is known."""
    stack, resource = thing.place.stack, thing.place.id
    found: list[Value] = [Reference(resource, "Arn")]
    if isinstance(thing, Bucket):
        found += [concatenate(("arn:aws:s3:::", name)) for name in _names(thing.name, resource)]
    elif isinstance(thing, Distribution):
        before = ("arn:aws:cloudfront::", stack.account, ":distribution/")
        found = [concatenate((*before, Reference(resource, name))) for name in ("", "Id")]
    elif isinstance(thing, (Table, Function)):
        label, kind = _ARNS[type(thing)]
        before_name = (f"arn:aws:{label}:", stack.region, ":", stack.account, f":{kind}")
        found += [concatenate((*before_name, name)) for name in _names(thing.name, resource)]
    elif isinstance(thing, Api):
        # Some request of it: a stage, a method and a path, or a stage and the route that messages or HTTP take.
        requests = "/*/*/*" if thing.protocol == "REST" else "/*/*"
        before_api = ("arn:aws:execute-api:", stack.region, ":", stack.account, ":")
        ids = (Reference(resource, name) for name in ("", "RestApiId", "ApiId"))
        found = [concatenate((*before_api, one, requests)) for one in ids]
    elif isinstance(thing, (Topic, Secret)):
        # What Ref gives of these is their ARN.
        found = [Reference(resource, attribute) for attribute in ("", "TopicArn", "Id")]
        if isinstance(thing, Secret) and thing.name is not None and thing.name != found[0]:
            # Its replicas have the same name in other Regions.
            region = "*" if thing.replicas else stack.region
            before_secret = ("arn:aws:secretsmanager:", region, ":", stack.account, ":secret:")
            # AWS puts six characters behind the name.
            found.append(concatenate((*before_secret, thing.name, "-??????")))
    elif isinstance(thing, (Alarm, CompositeAlarm)):
        before_alarm = ("arn:aws:cloudwatch:", stack.region, ":", stack.account, ":alarm:")
        found += [concatenate((*before_alarm, name)) for name in _names(thing.name, resource)]
    elif isinstance(thing, Role):
        before_role = ("arn:aws:iam::", stack.account, ":role", thing.path)
        found += [concatenate((*before_role, name)) for name in _names(thing.name, resource)]
    elif isinstance(thing, Key):
        before_key = ("arn:aws:kms:", stack.region, ":", stack.account, ":key/")
        found += [concatenate((*before_key, Reference(resource, name))) for name in ("", "KeyId")]
    return tuple(found)


def objects(bucket: Bucket, key: str = "*") -> tuple[Value, ...]:
    """All that policies may call an object of a bucket.

    Args:
        bucket: The bucket.
        key: The object's key. Default: some object.
    """
    return tuple(concatenate((arn, "/", key)) for arn in arns(bucket))


def _names(name: Value | None, resource: ResourceId) -> tuple[Value, ...]:
    reference = Reference(resource)
    return (reference,) if name is None or name == reference else (name, reference)


def _said(told: bool) -> str:
    return "true" if told else "false"


def _account(arn: Value) -> Value | None:
    """The account in an ARN; None where it is not plain text."""
    parts = arn.split(":") if isinstance(arn, str) else []
    return parts[4] if len(parts) > 5 and parts[4].isdecimal() else None


def _kind(principal: Value) -> PrincipalKind:
    """What a permission's principal is, which is not said beside it."""
    if principal == "*":
        return PrincipalKind.EVERYONE
    if starts(principal).startswith("arn:") or (isinstance(principal, str) and principal.isdecimal()):
        return PrincipalKind.AWS
    if ends(principal).endswith((".amazonaws.com", ".amazonaws.com.cn")) or starts(principal).endswith("."):
        return PrincipalKind.SERVICE
    return PrincipalKind.UNKNOWN


def _applies(statement: Statement, caller: Caller, action: str, resources: tuple[Value, ...]) -> bool | None:
    """Whether a statement is about a request."""
    told = [
        _is_about(statement, caller),
        _among(statement.actions, statement.not_actions, lambda one: selects(one, (action,), any_case=True)),
        _among(statement.resources, statement.not_resources, lambda one: selects(one, resources)),
        *(_holds(condition, caller) for condition in statement.conditions),
        # A statement that may not be there, or has more than is known.
        None if statement.gaps or statement.place.condition is not None else True,
    ]
    return False if False in told else None if None in told else True


def _is_about(statement: Statement, caller: Caller) -> bool | None:
    if not statement.principals and not statement.not_principals:
        return True
    if statement.not_principals:
        return _not(_any(_is(principal, caller) for principal in statement.not_principals))
    return _any(_is(principal, caller) for principal in statement.principals)


def _is(principal: Principal, caller: Caller) -> bool | None:
    """Whether a principal is a caller, or one of several of which it is."""
    kind, name = principal
    if kind is PrincipalKind.UNKNOWN:
        return None
    if name == "*" and kind in (PrincipalKind.EVERYONE, PrincipalKind.AWS):
        return True
    if caller.kind is PrincipalKind.EVERYONE:
        # Of a name that is not known, nobody can tell that it is no *.
        return None if isinstance(name, Unresolved) and kind is PrincipalKind.AWS else False
    if kind is PrincipalKind.CANONICAL_USER and caller.kind is PrincipalKind.AWS:
        # An account, or an identity that no template here makes, has one, which nothing tells.
        return same(name, caller.canonical) if caller.canonical else None
    if kind is not caller.kind:
        return False
    if kind is PrincipalKind.AWS and starts(name).startswith("arn:aws:sts:"):
        # One session of a role: nothing tells which of them asks.
        return None
    told = [same(name, caller.names)]
    # The ARN of a resource is no account's.
    is_resource = isinstance(name, Reference) and name.attribute == "Arn"
    if kind is PrincipalKind.AWS and caller.account is not None and not is_resource:
        root = concatenate(("arn:aws:iam::", caller.account, ":root"))
        told += [same(name, (root,)), same(name, (caller.account,))]
    return _any(told)


def _among(chosen: tuple[Value, ...], others: tuple[Value, ...], is_one: Callable[[Value], bool | None]) -> bool | None:
    """Whether something is one of those that a statement names, or none of those that it leaves out."""
    if others:
        return _not(_any(is_one(one) for one in others))
    return _any(is_one(one) for one in chosen) if chosen else True


def _holds(condition: Condition, caller: Caller) -> bool | None:
    """Whether a request meets a condition; None for what this library does not judge."""
    operator, key, values = condition
    if not isinstance(operator, str):
        return None
    optional = operator.endswith("IfExists")
    judge = _OPERATORS.get(operator.removesuffix("IfExists"))
    had = caller.context.get(key)
    if operator == "Null" and had is not None:
        return _any(same(value, (_said(not had),)) for value in values)
    if judge is None or had is None:
        return None
    negated = operator.startswith(("StringNot", "ArnNot"))
    if not had:
        return optional or negated
    told = _any(judge(value, had) for value in values)
    return _not(told) if negated else told


def _like_arn(pattern: Value, names: tuple[Value, ...]) -> bool | None:
    # Each of the six parts is compared by itself; fewer of them are no ARN.
    if isinstance(pattern, str) and pattern.count(":") < 5:
        return None
    return selects(pattern, names)


def _same_in_any_case(value: Value, names: tuple[Value, ...]) -> bool | None:
    return same(value, names, any_case=True)


# By operator, whether a value is what a request has; the negated ones turn the answer round.
# See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_OPERATORS: Mapping[str, Callable[[Value, tuple[Value, ...]], bool | None]] = {
    "StringEquals": same,
    "StringNotEquals": same,
    "StringEqualsIgnoreCase": _same_in_any_case,
    "StringNotEqualsIgnoreCase": _same_in_any_case,
    "StringLike": selects,
    "StringNotLike": selects,
    "ArnEquals": _like_arn,
    "ArnNotEquals": _like_arn,
    "ArnLike": _like_arn,
    "ArnNotLike": _like_arn,
    "Bool": _same_in_any_case,
}


def _any(told: Iterable[bool | None]) -> bool | None:
    found = list(told)
    return True if True in found else None if None in found else False


def _not(told: bool | None) -> bool | None:
    return None if told is None else not told


def names(pattern: str, action: str) -> bool:
    """Whether what a statement has is an action, or has it among others; case does not matter."""
    return fnmatchcase(action.lower(), pattern.lower())


def allowed(statement: Statement, actions: Iterable[str]) -> Iterator[str]:
    """Those of some actions that a statement allows; one that allows all there are is not taken as a choice."""
    if not statement.allows:
        return
    patterns = [one for one in statement.actions if isinstance(one, str) and one.strip("*")]
    for action in actions:
        if any(names(pattern, action) for pattern in patterns):
            yield action


def lists(bucket: Bucket | None) -> bool | None:
    """Whether a bucket's policy lets anybody list it, so that a missing key is a 404; None where nothing tells."""
    return _lets(bucket, _LIST)


def _lets(bucket: Bucket | None, wanted: str) -> bool | None:
    if bucket is None or bucket.statements is None:
        return None
    told = [_allows(statement, wanted) for statement in bucket.statements if statement.effect != "Deny"]
    if True in told:
        return True
    return None if None in told else False


def _allows(statement: Statement, wanted: str) -> bool | None:
    if not statement.allows or statement.gaps or statement.not_actions or statement.not_resources:
        return None
    named = [names(action, wanted) if isinstance(action, str) else None for action in statement.actions]
    # The objects of a bucket cannot be listed, only the bucket can.
    if wanted == _LIST and all(ends(resource).endswith("/*") for resource in statement.resources):
        return False
    return True if True in named else None if None in named else False
