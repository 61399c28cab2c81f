"""Lambda functions, their versions, aliases and URLs, and who may invoke them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .cloudfront import FunctionAssociation
    from .dynamodb import Table
    from .iam import Role
    from .kms import Key


@thing
class Reads:
    """What a function reads of a request, as its resource's metadata declares it.

    Attributes:
        headers: In lower case.
        all_query_strings: Whether it reads the whole query string.
        by_region: Whether it chooses by the Region that it runs in.
    """

    headers: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    query_strings: tuple[str, ...] = ()
    all_query_strings: bool = False
    by_region: bool = False


@thing
class Function(Thing):
    """A Lambda function, at the edge or not.

    Attributes:
        environment: Its environment variables, which are worked out when they are asked for.
        extras: What it has beside its code, such as layers, as the template's properties are called; a property that
            turns something off, or that nothing tells of, is none.
        role: Its role; Unresolved where it is not in these templates.
        asset: The folder with its code; None where there is none at hand.
        retained: Whether it stays when the stack is deleted.
        reads: What its metadata declares that it reads; None where it declares nothing.
        passed_query_strings: The parameters of the query string that its metadata declares it lets through, dropping
            all others; None if it declares none.
        associations: Where CloudFront runs it.
        sends_to_hosts: Whether its metadata declares that it may send a request to a host that is no bucket.
        key: Encrypts its environment variables; None where Lambda's own key does.
        reserved_concurrency: How many of its invocations may run at a time; None where it shares the account's.
        permissions: Who may invoke it, as the permissions of these templates say.
    """

    name: Value | None
    runtime: Value | None
    handler: Value | None
    timeout: Whole
    memory_size: Whole
    architectures: tuple[Value, ...]
    package_type: Value
    ephemeral_storage: Whole
    environment: Mapping[str, Value]
    extras: tuple[str, ...]
    role: Role | Unresolved | None
    asset: Path | None
    retained: bool
    reads: Reads | None
    passed_query_strings: frozenset[str] | None = None
    sends_to_hosts: bool = False
    key: Key | Unresolved | None
    reserved_concurrency: Whole | None
    permissions: tuple[Permission, ...] = ()
    associations: tuple[FunctionAssociation, ...] = ()


@thing
class FunctionVersion(Thing):
    """A numbered version of a function, which CloudFront can replicate.

    Attributes:
        extras: What it has of its own, such as provisioned concurrency, as the template's properties are called.
        retained: Whether it stays when the stack is deleted.
    """

    function: Function | Unresolved
    extras: tuple[str, ...]
    retained: bool


@thing
class FunctionAlias(Thing):
    """An alias of a function, which names one of its versions, or shares requests between two.

    Attributes:
        version: The version; Unresolved where it is not in these templates.
        version_number: As the template names the version.
        weights: By the number of the version, the share of requests that another version gets, from 0 to 1.
        provisioned_concurrency: How many environments are kept ready; None for none.
    """

    name: Value | None
    function: Function | Unresolved
    version: FunctionVersion | Unresolved | None
    version_number: Value | None
    weights: tuple[tuple[Value | None, Value | None], ...]
    provisioned_concurrency: Whole | None


@thing
class Permission(Thing):
    """A statement of a function's policy, which lets somebody invoke it.

    Attributes:
        qualifier: The version or alias that it is for; None for the function without a qualifier.
        principal: A service, an account, an ARN, or ``*`` for everyone.
        action: Such as ``lambda:InvokeFunction``.
        source_arn: What the service must act for; None where it may act for anything.
        source_account: The account that it must act for; None where it may be any.
        organization: The organization that the principal must be of; None where it may be any.
        url_auth_type: The ``AuthType`` of the URL that the request must come by; None where it may come by any.
        via_url: Whether the request must come by the function's URL; None where the template does not say.

    See https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
    """

    function: Function | Unresolved
    qualifier: Value | None
    principal: Value | None
    action: Value | None
    source_arn: Value | None
    source_account: Value | None
    organization: Value | None
    url_auth_type: Value | None
    via_url: Flag | None


@thing
class FunctionUrl(Thing):
    """The URL of a Lambda function.

    Attributes:
        auth_type: ``AWS_IAM`` or ``NONE``.
        invoke_mode: ``BUFFERED`` or ``RESPONSE_STREAM``.
        qualifier: The alias that answers; None for the function without a qualifier.
    """

    function: Function | Unresolved
    auth_type: Value | None
    invoke_mode: Value
    qualifier: Value | None

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """Who may ask it: the permissions of what it invokes.

        A request needs both ``lambda:InvokeFunctionUrl`` and ``lambda:InvokeFunction``. See
        https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
        """
        permissions = () if isinstance(self.function, Unresolved) else self.function.permissions
        return tuple(one for one in permissions if one.qualifier == self.qualifier)


@thing
class EventSourceMapping(Thing):
    """What has Lambda read a stream or a queue for a function.

    Attributes:
        source: The stream or queue; None for an Apache Kafka of one's own.
        table: The table whose stream it is; None where it is another kind of source, or not in these templates.
        batch_size: The most records of one invocation; None for Lambda's default, which the source decides.
    """

    function: Function | Unresolved
    source: Value | None
    table: Table | None
    enabled: Flag
    batch_size: Whole | None
