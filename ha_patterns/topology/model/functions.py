"""Lambda functions, their versions and their URLs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing

if TYPE_CHECKING:
    from .base import Whole
    from .cloudfront import FunctionAssociation
    from .iam import Role


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
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


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Function(Thing):
    """A Lambda function, at the edge or not.

    Attributes:
        environment: Names of its environment variables.
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
    """

    name: Value | None
    runtime: Value | None
    handler: Value | None
    timeout: Whole
    memory_size: Whole
    architectures: tuple[Value, ...]
    package_type: Value
    ephemeral_storage: Whole
    environment: tuple[str, ...]
    extras: tuple[str, ...]
    role: Role | Unresolved | None
    asset: Path | None
    retained: bool
    reads: Reads | None
    passed_query_strings: frozenset[str] | None = None
    sends_to_hosts: bool = False
    associations: tuple[FunctionAssociation, ...] = ()


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FunctionVersion(Thing):
    """A numbered version of a function, which CloudFront can replicate.

    Attributes:
        extras: What it has of its own, such as provisioned concurrency, as the template's properties are called.
        retained: Whether it stays when the stack is deleted.
    """

    function: Function | Unresolved
    extras: tuple[str, ...]
    retained: bool


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FunctionUrl(Thing):
    """The URL of a Lambda function."""

    function: Function | Unresolved
    auth_type: Value | None
