"""Edge functions on the local cloud, called as CloudFront would call them: with what, and what has to come back.

The local cloud's CloudFront runs no Lambda@Edge, so the deployed function is invoked with a real event, in which the
origin is the one that the deployed distribution has.
"""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lambda_edge.home_region import cookie
from lambda_edge.home_region.keys import Key
from tools.local_cloud import ROOT, LocalCloud

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.deploy_local import Resource

_EVENTS = ROOT / "tests" / "events"
_ROLE_HEADER = "x-ha-origin-role"

# A row of CALLS in which something has to be written, taken away or looked up first says how. What it returns differs
# in the request, beside what the row says.
Before = Callable[[LocalCloud, "Sequence[Resource]"], Mapping[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class EdgeCall:
    """One event for one function.

    Attributes:
        stack: The stack that the function is in.
        function: Its folder in ``lambda_edge``.
        handler: What of its module ``handler`` is called. Default ``handler``.
        shows: What is seen when it passes.
        event: The payload of tests/events, without ``cloudfront_`` and ``.json``.
        role: The member of the origin group that CloudFront is about to ask. Default: the origin of the default
            behavior, or its group's first.
        request: What differs in the request; ``headers`` and ``custom_headers``, which are the origin's, by name, one
            value each. Default: nothing.
        region: Where the function runs. Default: where it is deployed.
        before: What is done first, with the resources of the pattern. Default: nothing.
        expects: Places in what the function returns, such as ``origin.custom.domainName`` or ``headers.host.0.value``,
            each with its value, a pattern that it matches, or None where nothing must be.
    """

    stack: str
    function: str
    shows: str
    event: str
    handler: str = "handler"
    role: str | None = None
    request: Mapping[str, Any] = field(default_factory=dict)
    region: str | None = None
    before: Before | None = None
    expects: Mapping[str, str | re.Pattern[str] | None]

    @property
    def path(self) -> str:
        """The function, as its resource names it."""
        return f"lambda_edge.{self.function}.handler.{self.handler}"

    def payload(self, origin: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
        """The event, with an origin of the deployed distribution, and what was found before."""
        event: dict[str, Any] = json.loads((_EVENTS / f"cloudfront_{self.event}.json").read_text(encoding="utf-8"))
        request = event["Records"][0]["cf"]["request"]
        changes = {**self.request, **found}
        headers, custom = (_as_values(changes.pop(name, {})) for name in ("headers", "custom_headers"))
        own = {
            kind: {**settings, "customHeaders": settings["customHeaders"] | custom} for kind, settings in origin.items()
        }
        request |= {**changes, "origin": own, "headers": request["headers"] | headers}
        return event

    def wrong(self, answer: Any) -> list[str]:
        """What is not as expected in what the function returned."""
        found = {place: _at(answer, place) for place in self.expects}
        return [
            f"{place} is {found[place]!r}, and not {wanted.pattern if isinstance(wanted, re.Pattern) else wanted!r}"
            for place, wanted in self.expects.items()
            if not _is(found[place], wanted)
        ]


def _as_values(headers: Mapping[str, str]) -> dict[str, Any]:
    return {name: [{"key": name, "value": value}] for name, value in headers.items()}


def origin_asked(distribution: Mapping[str, Any], role: str | None) -> dict[str, Any]:
    """The origin of a distribution (as its API describes it) that a function is told of, as events have it."""
    origins = {origin["Id"]: origin for origin in distribution["Origins"]["Items"]}
    target = distribution["DefaultCacheBehavior"]["TargetOriginId"]
    groups = {group["Id"]: group for group in (distribution.get("OriginGroups") or {}).get("Items", ())}
    if target in groups:
        target = groups[target]["Members"]["Items"][0]["OriginId"]
    for origin in origins.values():
        if role is not None and (_ROLE_HEADER, role) in _headers(origin):
            target = origin["Id"]
    return _as_event_has_it(origins[target])


def _headers(origin: Mapping[str, Any]) -> list[tuple[str, str]]:
    items = (origin.get("CustomHeaders") or {}).get("Items") or ()
    return [(item["HeaderName"], item["HeaderValue"]) for item in items]


def _as_event_has_it(origin: Mapping[str, Any]) -> dict[str, Any]:
    common = {
        "customHeaders": {name.lower(): [{"key": name, "value": value}] for name, value in _headers(origin)},
        "domainName": origin["DomainName"],
        "path": origin.get("OriginPath") or "",
    }
    custom = origin.get("CustomOriginConfig")
    if custom is None:
        identity = (origin.get("S3OriginConfig") or {}).get("OriginAccessIdentity")
        region = re.search(r"\.s3\.([a-z0-9-]+)\.amazonaws\.com$", origin["DomainName"])
        signed = {"authMethod": "origin-access-identity", "region": region[1] if region else ""}
        return {"s3": common | (signed if identity else {"authMethod": "none", "region": ""})}
    is_http = custom["OriginProtocolPolicy"] == "http-only"
    return {
        "custom": common
        | {
            "keepaliveTimeout": int(custom.get("OriginKeepaliveTimeout", 5)),
            "port": int(custom["HTTPPort" if is_http else "HTTPSPort"]),
            "protocol": "http" if is_http else "https",
            "readTimeout": int(custom.get("OriginReadTimeout", 30)),
            "sslProtocols": ["TLSv1.2"],
        }
    }


def _at(value: Any, place: str) -> Any:
    """What is at a place of a JSON value; None where there is no such place."""
    for part in place.split("."):
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value


def _is(found: Any, wanted: str | re.Pattern[str] | None) -> bool:
    if isinstance(wanted, re.Pattern):
        return isinstance(found, str) and wanted.search(found) is not None
    return bool(found == wanted)


def _put_tenant(**item: str) -> Before:
    """Writes an item of the table of tenants, as an operator does: in us-east-1."""

    def put(_cloud: LocalCloud, resources: Sequence[Resource]) -> None:
        table = _table(resources)
        item_of = {name: {"S": value} for name, value in item.items()}
        table.client("dynamodb").put_item(TableName=table.id, Item=item_of)

    return put


def _table(resources: Sequence[Resource]) -> Resource:
    (table,) = (each for each in resources if each.type == "AWS::DynamoDB::GlobalTable")
    return table


def _home_key(resources: Sequence[Resource]) -> Resource:
    (key,) = (each for each in resources if each.type == "AWS::SecretsManager::Secret")
    return key


def _signed(resources: Sequence[Resource], region: str) -> str:
    """A cookie with the deployed key, for the distribution that events name."""
    key = _home_key(resources)
    secret = _value(key.cloud, key.stack.region, key).encode()
    identity = hmac.digest(secret, b"ha-patterns home-region key id", "sha256").hex()[:8]
    # One day more than a cookie counts, so that it is not renewed, if midnight passes before the call.
    day = int(time.time() // cookie.SECONDS_PER_DAY) + 91
    return str(cookie.sign(Key(identity, secret), "EDFDVBD6EXAMPLE", region, day, ""))


def _value(cloud: LocalCloud, region: str, key: Resource) -> str:
    name = key.property("Name")
    return str(cloud.client("secretsmanager", region).get_secret_value(SecretId=name)["SecretString"])


def _at_home_in(region: str) -> Before:
    """A user with a cookie."""
    return lambda _cloud, resources: {"headers": {"cookie": f"{cookie.NAME}={_signed(resources, region)}"}}


def _issued_for(region: str) -> Before:
    """An origin was asked for a user who has no cookie yet."""
    return lambda _cloud, resources: {"custom_headers": {_ISSUED_HEADER: _signed(resources, region)}}


def _without_nearest_key(region: str) -> Before:
    """The same where the nearest Region has no key, and the function has not read it before."""

    def before(cloud: LocalCloud, resources: Sequence[Resource]) -> Mapping[str, Any] | None:
        found, key = _at_home_in(region)(cloud, resources), _home_key(resources)
        # The local cloud cannot take a replica from its primary, so each becomes a secret of its own.
        _move_key(cloud, key, [key.stack.region], _replicas(key))
        _start_anew(resources, "lambda_edge.home_region.handler.on_request")
        return found

    return before


def _with_nearest_key(cloud: LocalCloud, resources: Sequence[Resource]) -> None:
    key = _home_key(resources)
    _move_key(cloud, key, _replicas(key), [key.stack.region])
    replicas = [{"Region": region} for region in _replicas(key)]
    key.client("secretsmanager").replicate_secret_to_regions(SecretId=key.property("Name"), AddReplicaRegions=replicas)


def _move_key(cloud: LocalCloud, key: Resource, away: Sequence[str], to: Sequence[str]) -> None:
    name, value = key.property("Name"), _value(cloud, away[0], key)
    for region in away:
        cloud.client("secretsmanager", region).delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    for region in to:
        cloud.client("secretsmanager", region).create_secret(Name=name, SecretString=value)


def _replicas(key: Resource) -> list[str]:
    return [replica["Region"] for replica in key.definition["Properties"]["ReplicaRegions"]]


def _start_anew(resources: Sequence[Resource], handler: str) -> None:
    """Have the next call of a function start a container, with nothing remembered."""
    for each in resources:
        if each.type == "AWS::Lambda::Function" and each.definition["Properties"].get("Handler") == handler:
            found = each.client("lambda").get_function_configuration(FunctionName=each.id)
            each.client("lambda").update_function_configuration(FunctionName=each.id, Description=found["Description"])


def _home(shows: str, home: str, issued: re.Pattern[str] | None, **given: Any) -> EdgeCall:
    """A request that goes to a home, with a cookie issued or without."""
    return EdgeCall(
        stack="home-region-edge",
        function="home_region",
        handler="on_request",
        shows=shows,
        event="origin_request_custom",
        expects={
            "origin.custom.domainName": re.compile(rf"^{home}\.home-region\."),
            "headers.host.0.value": re.compile(rf"^{home}\.home-region\."),
            f"origin.custom.customHeaders.{_ISSUED_HEADER}.0.value": issued,
        },
        **given,
    )


_ISSUED_HEADER = "x-ha-home-cookie"
_NEW_COOKIE = re.compile(r"^v1\.[0-9a-f]{8}\.eu-west-1\.[0-9]+\.[0-9a-f]{64}$")
_MADE_UP = f"{cookie.NAME}=v1.00000000.eu-central-1.99999.{'0' * 64}"


def _put_rules(host: str, origin: str) -> Before:
    """Writes the rules of a host, as ``ha-patterns rules put`` does: in us-east-1."""

    def put(_cloud: LocalCloud, resources: Sequence[Resource]) -> None:
        table = _table(resources)
        rules = json.dumps([{"path": "/pictures/*", "then": {"origin": origin, "rewrite": "/{host}/{rest}"}}])
        item = {"host": {"S": host}, "version": {"N": "1"}, "rules": {"S": rules}}
        table.client("dynamodb").put_item(TableName=table.id, Item=item)

    return put


def _without_nearest_replica(before: Before) -> Before:
    """Does something, and then takes the replica away that is nearest to the function: that of us-east-1."""

    def take_away(cloud: LocalCloud, resources: Sequence[Resource]) -> None:
        before(cloud, resources)
        _replica(cloud, resources, "Delete")

    return take_away


def _with_nearest_replica(cloud: LocalCloud, resources: Sequence[Resource]) -> None:
    _replica(cloud, resources, "Create")


def _replica(cloud: LocalCloud, resources: Sequence[Resource], action: str) -> None:
    table = _table(resources)
    further = [replica["Region"] for replica in table.definition["Properties"]["Replicas"]]
    [other] = [region for region in further if region != table.stack.region][:1]
    update = {action: {"RegionName": table.stack.region}}
    cloud.client("dynamodb", other).update_table(TableName=table.id, ReplicaUpdates=[update])


def _nearest_bucket(region: str, leg: str, role: str, bucket_region: str) -> EdgeCall:
    """In a Region, a leg is served by the primary or the standby of the sample content."""
    name = re.compile(rf"^nearest-bucket-{role}-[0-9a-f]{{10}}-{bucket_region}\.s3\.{bucket_region}\.amazonaws\.com$")
    return EdgeCall(
        stack="nearest-bucket-edge",
        function="nearest_bucket",
        shows=f"in {region}, the {leg} leg goes to {bucket_region}",
        event="origin_request_s3",
        role=leg,
        region=region,
        expects={
            "origin.s3.domainName": name,
            "origin.s3.region": bucket_region,
            "origin.s3.authMethod": "origin-access-identity",
            f"origin.s3.customHeaders.x-ha-edge-domainname-{bucket_region}": None,
        },
    )


_RULES_HOST = "rule-router.ha-patterns.example.net"
_TENANT = {"headers": {"host": "acme.tenant-router.ha-patterns.example.net"}}


CALLS: tuple[EdgeCall, ...] = (
    EdgeCall(
        stack="graceful-response-edge",
        function="graceful_response",
        shows="the primary is asked as ever",
        event="origin_request_group_primary",
        role="primary",
        expects={
            "status": None,
            "uri": "/checkout/cart",
            "origin.custom.domainName": re.compile(r"^primary\.graceful-response\."),
        },
    ),
    EdgeCall(
        stack="graceful-response-edge",
        function="graceful_response",
        shows="a browser on the failover leg gets a page",
        event="origin_request_group_secondary",
        role="secondary",
        expects={
            "status": "503",
            "headers.cache-control.0.value": "no-store",
            "headers.content-type.0.value": "text/html; charset=utf-8",
            "headers.retry-after.0.value": "30",
            "body": re.compile(r"Temporarily unavailable.*Request kBkDzGnceVtWHqSCqBUqtA_", re.DOTALL),
        },
    ),
    EdgeCall(
        stack="graceful-response-edge",
        function="graceful_response",
        shows="a program on the failover leg gets JSON, with its path escaped",
        event="origin_request_group_secondary",
        role="secondary",
        request={"uri": '/a"<b>', "headers": {"accept": "application/json"}},
        expects={"headers.content-type.0.value": "application/json", "body": re.compile('"path": "/a%22%3Cb%3E"')},
    ),
    EdgeCall(
        stack="graceful-response-edge",
        function="graceful_response",
        shows="the error page is one that CloudFront takes for a page",
        event="origin_request_custom",
        role="error-page",
        expects={"status": "200", "headers.cache-control.0.value": "no-store"},
    ),
    EdgeCall(
        stack="rule-router-edge",
        function="rule_router",
        shows="a host without rules gets the default origin, under its own name",
        event="origin_request_custom",
        request={"headers": {"host": f"unknown.{_RULES_HOST}"}},
        expects={
            "origin.custom.domainName": re.compile(r"^primary\.rule-router\."),
            "origin.custom.customHeaders.x-ha-edge-table": None,
            "headers.host.0.value": re.compile(r"^primary\.rule-router\."),
            "uri": "/pictures/index.html",
        },
    ),
    EdgeCall(
        stack="rule-router-edge",
        function="rule_router",
        shows="one write to the table and a path is served by another origin",
        event="origin_request_custom",
        request={"headers": {"host": _RULES_HOST}},
        before=_put_rules(_RULES_HOST, "standby"),
        expects={
            "origin.custom.domainName": re.compile(r"^standby\.rule-router\."),
            "headers.host.0.value": re.compile(r"^standby\.rule-router\."),
            "uri": f"/{_RULES_HOST}/index.html",
        },
    ),
    EdgeCall(
        stack="rule-router-edge",
        function="rule_router",
        shows="the next replica is read where the nearest is gone",
        event="origin_request_custom",
        request={"headers": {"host": f"elsewhere.{_RULES_HOST}"}},
        before=_without_nearest_replica(_put_rules(f"elsewhere.{_RULES_HOST}", "standby")),
        expects={"origin.custom.domainName": re.compile(r"^standby\.rule-router\.")},
    ),
    EdgeCall(
        stack="rule-router-edge",
        function="rule_router",
        shows="and all is as it was when that is back",
        event="origin_request_custom",
        request={"headers": {"host": _RULES_HOST}},
        before=_with_nearest_replica,
        expects={"origin.custom.domainName": re.compile(r"^standby\.rule-router\.")},
    ),
    EdgeCall(
        stack="tenant-router-edge",
        function="tenant_router",
        shows="a host without a tenant gets the default origin, under its own name",
        event="origin_request_custom",
        request={"headers": {"host": "unknown.tenant-router.ha-patterns.example.net"}},
        expects={
            "origin.custom.domainName": re.compile(r"^primary\.tenant-router\."),
            "headers.host.0.value": re.compile(r"^primary\.tenant-router\."),
        },
    ),
    EdgeCall(
        stack="tenant-router-edge",
        function="tenant_router",
        shows="one write to the table and a tenant is served by its origin",
        event="origin_request_custom",
        request=_TENANT,
        before=_put_tenant(host="acme.tenant-router.ha-patterns.example.net", origin="standby"),
        expects={
            "origin.custom.domainName": re.compile(r"^standby\.tenant-router\."),
            "headers.x-forwarded-host.0.value": "acme.tenant-router.ha-patterns.example.net",
        },
    ),
    _home("a new user is at home in the nearest Region, and is to get a cookie", "eu-west-1", _NEW_COOKIE),
    _home(
        "a new user in Frankfurt is at home there",
        "eu-central-1",
        re.compile(r"^v1\.[0-9a-f]{8}\.eu-central-1\."),
        region="eu-central-1",
    ),
    _home("a user with a cookie goes home", "eu-central-1", None, before=_at_home_in("eu-central-1")),
    _home(
        "a cookie that somebody made up is none", "eu-west-1", _NEW_COOKIE, request={"headers": {"cookie": _MADE_UP}}
    ),
    _home(
        "the key is read in the next Region where the nearest has none",
        "eu-central-1",
        None,
        before=_without_nearest_key("eu-central-1"),
    ),
    _home("and all is as it was when that is back", "eu-west-1", _NEW_COOKIE, before=_with_nearest_key),
    EdgeCall(
        stack="home-region-edge",
        function="home_region",
        handler="on_response",
        shows="the answer sets the cookie beside the origin's own",
        event="origin_response_custom",
        before=_issued_for("eu-central-1"),
        expects={
            "status": "200",
            "headers.set-cookie.0.value": re.compile("^(?!__Host-home)"),
            "headers.set-cookie.2.value": re.compile(
                r"^__Host-home=v1\..*\.eu-central-1\..*; Max-Age=[0-9]+; Path=/; Secure; HttpOnly; SameSite=Lax$"
            ),
        },
    ),
    EdgeCall(
        stack="bucket-dns-failover-edge",
        function="bucket_dns_failover",
        shows="where DNS knows nothing of the record, the configured bucket serves",
        event="origin_request_s3",
        expects={
            "origin.s3.domainName": re.compile(r"^bucket-dns-failover-primary-[0-9a-f]{10}-eu-west-1\.s3\.eu-west-1\."),
            "origin.s3.region": "eu-west-1",
            "origin.s3.authMethod": "origin-access-identity",
            "origin.s3.customHeaders.x-ha-edge-domainname-eu-west-1": None,
        },
    ),
    _nearest_bucket("us-east-1", "primary", "primary", "eu-west-1"),
    _nearest_bucket("us-east-1", "secondary", "standby", "eu-central-1"),
    _nearest_bucket("ap-southeast-1", "primary", "standby", "eu-central-1"),
    _nearest_bucket("ap-southeast-1", "secondary", "primary", "eu-west-1"),
)
