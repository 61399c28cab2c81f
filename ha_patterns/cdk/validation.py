"""How arguments are judged, and how a refusal reads: argument, what is allowed, what was given, why, the way out."""

from __future__ import annotations

import functools
import ipaddress
import math
import re
from collections.abc import Iterable, Mapping, Sequence

import aws_cdk as cdk
import jsii
from aws_cdk import aws_route53 as route53
from constructs import IConstruct, IValidation

from ..aws.addresses import is_address, is_public
from ..aws.headers import is_header_name, is_header_value
from ..aws.names import URL_ATTRIBUTES
from ..aws.routing_controls import CLUSTER_ARN, EXAMPLE_CLUSTER_ARN
from .properties import properties_of
from .warnings import ANNOTATION, CHECKS, PREFIX, rules_of

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
# See https://www.rfc-editor.org/rfc/rfc9110#name-field-names and #name-field-values.


def is_token(value: object) -> bool:
    """Whether a value is known only at deploy, and so cannot be judged now.

    Asks the CDK, which runs in another process, only about what can be a token: an encoded string, a fraction (numbers
    are encoded as such), an object.
    """
    # What no JSON number can be would end the CDK's process.
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and not math.isfinite(value)):
        return False
    if isinstance(value, str):
        return "${" in value and cdk.Token.is_unresolved(value)
    if isinstance(value, Sequence):
        # A list that only the deploy knows is written as a list of one such string.
        return any(isinstance(item, str) and item.startswith("#{Token[") for item in value)
    if isinstance(value, cdk.Duration):
        return _seconds_of(value) is None
    return cdk.Token.is_unresolved(value)


@functools.lru_cache(maxsize=1024)
def duration(seconds: int) -> cdk.Duration:
    """A duration of whole seconds; the same object each time, so that the CDK's process is asked once."""
    return cdk.Duration.seconds(seconds)


@functools.lru_cache(maxsize=1024)
def _seconds_of(duration: cdk.Duration) -> float | None:
    """The seconds of a duration, which never changes; None for a token."""
    seconds = duration.to_seconds(integral=False)
    return None if cdk.Token.is_unresolved(seconds) else seconds


def refusal(argument: str, allowed: str, value: object, why: str) -> ValueError:
    """The error for a bad argument, in the one shape all of them share."""
    return ValueError(f"{argument} must be {allowed}, got {value!r}: {why}")


def check_whole_number(argument: str, value: float, low: int, high: int, why: str) -> None:
    """Refuse what is not a whole number from low to high; tokens pass."""
    if is_token(value):
        return
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise refusal(argument, f"a whole number from {low} to {high}", value, why)


def check_seconds(argument: str, value: cdk.Duration, low: int, high: int, why: str) -> None:
    """Refuse a duration that is not whole seconds from low to high; tokens pass."""
    seconds = _seconds_of(value)
    if seconds is not None and (seconds % 1 or not low <= seconds <= high):
        raise refusal(argument, f"whole seconds from {low} to {high}", f"{seconds:.15g} s", why)


def check_choice(argument: str, value: object, allowed: Iterable[object], why: str) -> None:
    """Refuse a value outside a closed set; tokens pass."""
    choices = list(allowed)
    if not is_token(value) and value not in choices:
        raise refusal(argument, f"one of {', '.join(map(str, choices))}", value, why)


def check_domain_name(argument: str, value: str, why: str) -> None:
    """Refuse what cannot be a DNS host name, IP addresses included; tokens pass, unless they are part of a URL."""
    if is_token(value):
        _refuse_url(argument, value)
        return
    name = normal_name(value)
    if is_address(name):
        raise refusal(argument, "a domain name and not an IP address", value, why)
    if len(name) > 253 or "." not in name or not value.isascii() or not all(map(_LABEL.fullmatch, name.split("."))):
        raise refusal(argument, "a domain name such as origin.example.com (no scheme, no port, no path)", value, why)


def _refuse_url(argument: str, value: str) -> None:
    """Refuse a token that is a URL, by the text around it or by the attribute that it stands for."""
    text = _TOKEN.sub("", value)
    if "/" in text or ":" in text or (_TOKEN.fullmatch(value) and _attribute(value) in URL_ATTRIBUTES):
        raise refusal(
            argument,
            "a domain name such as origin.example.com (no scheme, no port, no path)",
            "a URL that only the deploy knows",
            "take its host out, Fn.select(2, Fn.split('/', url)), or give the construct itself, such as "
            "Endpoint.api_gateway(api=...)",
        )


def _attribute(token: str) -> str | None:
    """The attribute of a resource that a token stands for; None if it stands for anything else."""
    try:
        found = cdk.Tokenization.reverse_string(token).first_token
    except RuntimeError:  # what the CDK says of a token that it has not made
        return None
    return found.display_name if isinstance(found, cdk.Reference) else None


def check_header(argument: str, name: str, value: str) -> None:
    """Refuse what no header can be called, or hold: a line break would end it, and begin another; tokens pass.

    Args:
        argument: Where the header was given.
        name: Its name.
        value: Its value.
    """
    if not is_token(name) and not is_header_name(name):
        raise refusal(
            argument, "by names of letters, digits and - _ . ! # $ % & ' * + ^ ` | ~", name, "HTTP has no other headers"
        )
    if not is_token(value) and not is_header_value(value):
        raise refusal(
            argument,
            f"printable in {name}, without line breaks and without spaces around",
            # It may be a secret.
            f"{len(value)} characters",
            "HTTP sends no other value",
        )


def check_path(argument: str, value: str, why: str) -> None:
    """Refuse what is not an absolute URL path of at most 255 characters; tokens pass."""
    if not is_token(value) and (not value.startswith("/") or len(value) > 255 or not value.isprintable()):
        raise refusal(argument, "a path of at most 255 characters that starts with /", value, why)


def check_public_address(argument: str, value: str, version: int) -> None:
    """Refuse what is not a public IP address of a version, 4 or 6; tokens pass."""
    if is_token(value):
        return
    if not is_address(value):
        raise refusal(argument, f"a public IPv{version} address", value, "it is not an IP address")
    address = ipaddress.ip_address(value)
    if address.version != version:
        raise refusal(argument, f"a public IPv{version} address", value, f"it is an IPv{address.version} address")
    if not is_public(value):
        raise refusal(argument, f"a public IPv{version} address", value, "it cannot be reached over the internet")


def normal_address(value: str) -> str:
    """An address as it compares: IPv6 can be written in many ways."""
    return str(ipaddress.ip_address(value)) if is_address(value) else value


def check_cluster_arn(argument: str, value: str, *others: str) -> None:
    """Refuse what cannot be the ARN of a routing-control cluster, or one of some other words; tokens pass."""
    if value in others or is_token(value) or CLUSTER_ARN.fullmatch(value):
        return
    allowed = " or ".join([f"the ARN of a cluster such as {EXAMPLE_CLUSTER_ARN}", *others])
    raise refusal(argument, allowed, value, "control panels are made in one")


def is_region(value: str) -> bool:
    """Whether a string can be the name of an AWS Region."""
    return _REGION.fullmatch(value) is not None


def check_public_zone(zone: route53.IHostedZone, scope: IConstruct) -> str:
    """The name of a zone; refuses a private one, which neither viewers nor CloudFront ask, one of another account.

    Args:
        zone: The zone.
        scope: What makes records in it.

    Raises:
        ValueError: The zone is private, or of another account, or was imported without its name.
    """
    try:
        name: str = zone.zone_name
    except RuntimeError:  # what the CDK says of a zone that is imported by its id alone
        raise refusal(
            "hosted_zone",
            "a zone whose name is given",
            "a zone with an id alone",
            "records are made by the zone's name: in place of from_hosted_zone_id, write "
            "HostedZone.from_hosted_zone_attributes(self, 'Zone', hosted_zone_id=..., zone_name='example.com')",
        ) from None
    resource = zone.node.default_child
    in_vpcs = isinstance(resource, route53.CfnHostedZone) and properties_of(resource, "vpcs").get("vpcs")
    if in_vpcs or isinstance(zone, route53.PrivateHostedZone):
        raise refusal("hosted_zone", "a public one", name, "nobody outside its VPCs can ask a private one")
    if resource is None:
        return name
    here, there = cdk.Stack.of(scope).account, cdk.Stack.of(zone).account
    if not is_token(here) and not is_token(there) and here != there:
        raise refusal(
            "hosted_zone",
            f"one of the stack's own account, {here}",
            f"one of {there}",
            "CloudFormation makes records in zones of its own account only; make the construct in a stack of that "
            "account, or delegate a zone to this one",
        )
    return name


def is_in_zone(name: str, zone_name: str) -> bool:
    """Whether a name is a hosted zone's own or under it."""
    return f".{normal_name(name)}".endswith(f".{normal_name(zone_name)}")


def normal_name(domain_name: str) -> str:
    """A domain name as DNS compares it: lower case, without the final dot."""
    return domain_name if is_token(domain_name) else domain_name.removesuffix(".").lower()


def total_seconds(argument: str, value: cdk.Duration) -> int:
    """A duration as whole seconds, for arithmetic; a token cannot be added up, and says so."""
    seconds = _seconds_of(value)
    if seconds is None:
        raise ValueError(
            f"{argument} is a token, known only at deploy, so no failover time can be computed from it: "
            "give it as a plain Duration"
        )
    return int(seconds)


def baked_seconds(argument: str, value: cdk.Duration) -> int:
    """A duration as whole seconds, for the asset of a function; a token is refused."""
    if is_token(value):
        raise ValueError(
            f"{argument} is a token, known only at deploy, and it is baked into the function at synth: "
            "give it as a plain Duration"
        )
    return total_seconds(argument, value)


def template_seconds(value: cdk.Duration) -> float:
    """A duration as a template holds it, a token included."""
    seconds = _seconds_of(value)
    return value.to_seconds() if seconds is None else seconds


def shown(value: str) -> str:
    """A name as a message tells it; a token is told as what it is."""
    return "a name that only the deploy knows" if is_token(value) else value


def check_objective(objective: cdk.Duration, reached: cdk.Duration, how: str) -> None:
    """Refuse a recovery time objective that the settings cannot meet."""
    wanted, needed = total_seconds("recovery_time_objective", objective), total_seconds("failover_time", reached)
    if needed > wanted:
        raise ValueError(
            f"recovery_time_objective of {wanted} s cannot be met: failover takes up to {needed} s ({how}); "
            "lower these settings or raise the objective"
        )


def warn(scope: IConstruct, warning: str, message: str, *, rules: Sequence[str] | None = None) -> None:
    """Risky but legal: a warning that can be acknowledged by its id.

    Where the checks find the same, its text has the ids of the rules as well, and to acknowledge one of them silences
    both; the construct is one that the finding's resource is in.

    Args:
        scope: The construct.
        warning: The id, without the name of this library before it.
        message: The text.
        rules: The rules that find it here, if only some of those of the warning do. Default: all of them.
    """
    own_id = f"{PREFIX}{warning}"
    rules = rules_of(own_id) if rules is None else rules
    # The CDK's reports call a warning by the first id that it has.
    by_rules = "".join(f" [ack: {CHECKS}::{rule}]" for rule in rules)
    cdk.Annotations.of(scope).add_warning_v2(own_id, f"{message}{by_rules}")
    if rules:
        both = _Acknowledged(scope, own_id, rules)
        # At once, too: the construct may have been asked already, where this is found at synth.
        both.validate()
        scope.node.add_validation(both)


@jsii.implements(IValidation)
class _Acknowledged:
    """What a warning and the rules of the checks have in common, is acknowledged for both: judged when all is made.

    The CDK keeps which rules are acknowledged in the metadata of constructs; of a warning that is acknowledged with
    ``Annotations`` it only forgets the warning.
    """

    def __init__(self, scope: IConstruct, own_id: str, rules: Sequence[str]) -> None:
        self._scope = scope
        self._own_id = own_id
        self._rules = rules

    def validate(self) -> list[str]:
        accepted = self._accepted()
        own = accepted.get(f"{ANNOTATION}::{self._own_id}")
        by_rules = {rule: accepted.get(f"{CHECKS}::{rule}") for rule in self._rules}
        if None not in by_rules.values():
            cdk.Annotations.of(self._scope).acknowledge_warning(self._own_id)
            # The command reads what is said of a stack and below it, and an app or a stage is above.
            self._acknowledge({rule: str(reason) for rule, reason in by_rules.items()})
        elif own is not None or not self._is_warned():
            reason = own or f"The warning {self._own_id} is acknowledged."
            self._acknowledge(dict.fromkeys(self._rules, reason))
        return []

    def _acknowledge(self, reasons: Mapping[str, str]) -> None:
        for rule, reason in reasons.items():
            cdk.Validations.of(self._scope).acknowledge(cdk.Acknowledgment(id=f"{CHECKS}::{rule}", reason=reason))

    def _is_warned(self) -> bool:
        return any(
            entry.type == "aws:cdk:warning" and self._own_id in str(entry.data) for entry in self._scope.node.metadata
        )

    def _accepted(self) -> dict[str, str]:
        """The ids that are acknowledged for the construct, or for one that it is in, with the reasons."""
        return {
            name: str(reason)
            for scope in self._scope.node.scopes
            for entry in scope.node.metadata
            if entry.type == cdk.Validations.ACKNOWLEDGED_RULES_METADATA_KEY
            for name, reason in entry.data.items()
        }


def accept(resource: cdk.CfnResource, rule: str, reason: str, part: str | None = None) -> None:
    """Acknowledge in the template what a rule finds of a resource: its owner has asked for it.

    Args:
        resource: The resource.
        rule: The id of the rule.
        reason: Why it is meant.
        part: The path of the part that it is accepted of, as findings tell it. Default: all of the resource.
    """
    kept = resource.get_metadata(CHECKS) or {}
    before = kept.get("acknowledge", {})
    of_rule = before.get(rule)
    told: object = reason
    if part is not None:
        # What is accepted of the whole is accepted of the part.
        told = of_rule if isinstance(of_rule, str) else {**(of_rule or {}), part: reason}
    acknowledged = {**before, rule: told}
    resource.add_metadata(CHECKS, {**kept, "acknowledge": acknowledged})
