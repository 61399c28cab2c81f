"""A local cloud on loopback: MiniStack, with what it lacks for our stacks mended.

    with LocalCloud() as cloud:
        subprocess.run(["cdk", "deploy", "--all"], env=cloud.environment())
        cloud.client("route53").list_health_checks()

The mends are made inside MiniStack's own process, which is `python -m tools.local_cloud`. Each says why it is there,
and tests/tools/test_local_cloud.py says when it is needed no longer.
"""

from __future__ import annotations

import contextvars
import functools
import importlib
import importlib.metadata
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self

import botocore.session  # type: ignore[import-untyped]

MINISTACK = "1.5.33"
ROOT = pathlib.Path(__file__).resolve().parent.parent
ACCOUNT = "111122223333"
REGION = "us-east-1"
LOOPBACK = "127.0.0.1"
PORTS = range(20_000, 30_000)
START_SECONDS = 60
FOLDER_PREFIX = "ha-patterns-cloud-"

# What a client may use, and no more: MiniStack takes the account from an access key of 12 digits.
CREDENTIALS = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "local"}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")

Properties = Mapping[str, Any]


class LocalCloudError(Exception):
    """One line for the person at the keyboard."""


# The process, seen from outside


class LocalCloud:
    """MiniStack on a free port of 127.0.0.1, gone with all its processes and files when the block ends."""

    def __init__(self, log: pathlib.Path | None = None) -> None:
        self._log = log
        self._clients: dict[tuple[str, str], Any] = {}
        # One for all clients: each session reads the models of the services anew.
        self._session = botocore.session.Session(
            session_vars={"profile": (None, None, None, None), "config_file": (None, None, os.devnull, None)}
        )

    def __enter__(self) -> Self:
        check_version()
        with ExitStack() as stack:
            stack.enter_context(_terminated_like_interrupted())
            folder = tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX, ignore_cleanup_errors=True)
            self._folder = pathlib.Path(stack.enter_context(folder))
            self._port = _free_port()
            log = self._log or self._folder / "ministack.log"
            with log.open("wb") as output:
                process = stack.enter_context(
                    process_group(
                        [sys.executable, "-m", "tools.local_cloud"],
                        cwd=ROOT,
                        env=self._server_environment(),
                        stdin=subprocess.PIPE,
                        stdout=output,
                        stderr=subprocess.STDOUT,
                    )
                )
            self.pid = process.pid
            self._wait_until_ready(process, log)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        for client in self._clients.values():
            client.close()
        self._stack.close()

    @property
    def endpoint(self) -> str:
        """Where it answers. The CDK CLI's S3 client needs the name, not the number, of the loopback address."""
        return f"http://localhost:{self._port}"

    def environment(self) -> dict[str, str]:
        """The caller's environment without its own AWS settings and proxies, pointed at this cloud."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "CDK_")) and name.upper() not in PROXIES
        }
        return kept | {
            "PATH": _path(),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": str(self._folder / "no-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self._folder / "no-credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            **{name.upper(): value for name, value in CREDENTIALS.items()},
            "CDK_HOME": str(self._folder / "cdk"),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CDK_DISABLE_VERSION_CHECK": "true",
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "true",
        }

    def client(self, service: str, region: str = REGION) -> Any:
        """A boto3-like client of one service, blind to the caller's profiles and credentials."""
        if (service, region) not in self._clients:
            made = self._session.create_client(service, region_name=region, endpoint_url=self.endpoint, **CREDENTIALS)
            # S3 Control puts the account before the host, and such a name of this machine does not resolve.
            made.meta.events.register("before-send.s3-control", _to_the_host_itself)
            self._clients[service, region] = made
        return self._clients[service, region]

    def _server_environment(self) -> dict[str, str]:
        """Nothing of the caller's: a USE_SSL would open port 443. IoT and SFTP would listen on every interface."""
        folder = str(self._folder)
        return {
            "PATH": _path(),
            "HOME": folder,
            "TMPDIR": folder,
            "S3_DATA_DIR": str(self._folder / "s3"),
            "STATE_DIR": str(self._folder / "state"),
            "BIND_HOST": LOOPBACK,
            "GATEWAY_PORT": str(self._port),
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": f"unix://{folder}/no-docker",
        }

    def _wait_until_ready(self, process: subprocess.Popen[bytes], log: pathlib.Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                opener.open(f"http://{LOOPBACK}:{self._port}/_ministack/ready", timeout=5).close()
                return
            time.sleep(0.05)
        lines = log.read_text(errors="replace").split("\n")
        raise LocalCloudError(f"the local cloud did not start: {' / '.join(lines[-4:]).strip(' /')}")


def _to_the_host_itself(request: Any, **_: Any) -> None:
    request.url = request.url.replace(f"//{ACCOUNT}.", "//", 1)


@contextmanager
def process_group(command: list[str], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that takes all that it started with it when the block ends, however it ends."""
    with subprocess.Popen(command, start_new_session=True, **options) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Unwind on SIGTERM and SIGHUP as on Ctrl-C. Python lets the main thread alone do so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _free_port() -> int:
    """Of ports that no system gives to who asks for any: nobody takes it before the process listens on it."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port
    raise LocalCloudError(f"no port of {LOOPBACK} is free from {PORTS[0]} to {PORTS[-1]}")


def _path() -> str:
    """The commands beside this Python first: cdk, node and python3 of the virtual environment."""
    return os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


# The process, seen from inside


def serve() -> None:
    """Run MiniStack, mended, until the process that started it is gone."""
    folder = pathlib.Path(os.environ.get("TMPDIR", ""))
    if not folder.name.startswith(FOLDER_PREFIX):
        raise LocalCloudError("LocalCloud starts this process, and says what it listens on")
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    mend()
    sys.argv = ["ministack"]
    _ministack("app").main()


def _end_with_parent(folder: pathlib.Path) -> None:
    """The parent holds the other end of standard input, so its death is the end of that file, even by SIGKILL."""
    sys.stdin.buffer.read()
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def mend() -> None:
    """Make every mend in this process."""
    check_version()
    importlib.import_module("ministack.services.cloudformation")
    outputs_of_other_regions()
    imported_buckets()
    existing_log_groups()
    names_of_each_stack()
    alarms_on_expressions()
    replication_destinations()
    access_point_buckets()
    global_table_replicas()
    secret_references()
    added_types()
    recovery_control_api()


def check_version() -> None:
    """Refuse any MiniStack but the one the mends were written for."""
    found = importlib.metadata.version("ministack")
    if found != MINISTACK:
        raise LocalCloudError(f"tools/local_cloud.py mends ministack {MINISTACK}, and {found} is installed")


def _ministack(module: str) -> Any:
    return importlib.import_module(f"ministack.{module}")


def outputs_of_other_regions() -> None:
    """MiniStack reads Fn::GetStackOutput in the consumer's Region; the CDK's weak references name the producer's."""
    engine = _ministack("services.cloudformation.engine")
    core = _ministack("core.responses")
    resolve = engine._resolve_refs

    @functools.wraps(resolve)
    def resolve_in_region(value: Any, *stack: Any) -> Any:
        if not (isinstance(value, dict) and "Region" in value.get("Fn::GetStackOutput", ())):
            return resolve(value, *stack)
        output = {name: resolve_in_region(part, *stack) for name, part in value["Fn::GetStackOutput"].items()}
        with core.request_scope(core.get_account_id(), output.pop("Region")):
            return resolve({"Fn::GetStackOutput": output}, *stack)

    for module in list(sys.modules.values()):
        if getattr(module, "_resolve_refs", None) is resolve:
            module._resolve_refs = resolve_in_region  # type: ignore[attr-defined]


def imported_buckets() -> None:
    """MiniStack refuses a bucket that exists before it looks whether the change set imports it."""
    modules = [_ministack(f"services.cloudformation.{name}") for name in ("stacks", "changesets")]
    deploy, find_errors = modules[0]._deploy_stack_async, modules[0]._validation_errors
    imported: contextvars.ContextVar[frozenset[str]] = contextvars.ContextVar("imported", default=frozenset())

    @functools.wraps(deploy)
    async def deploy_with_imports(*given: Any, imports: Any = None, **options: Any) -> Any:
        identifiers = (imports or {}).values()
        imported.set(frozenset(name for identifier in identifiers for name in identifier.values()))
        return await deploy(*given, imports=imports, **options)

    @functools.wraps(find_errors)
    def find_other_errors(*given: Any) -> Any:
        return find_errors(*given[:-1], given[-1] | imported.get())

    modules[0]._validation_errors = find_other_errors
    for module in modules:
        module._deploy_stack_async = deploy_with_imports


def existing_log_groups() -> None:
    """MiniStack makes a log group of a template anew that exists, and empties it; CloudFormation refuses."""
    handlers = _ministack("services.cloudformation.provisioners")._RESOURCE_HANDLERS["AWS::Logs::LogGroup"]
    create = handlers["create"]

    @functools.wraps(create)
    def create_if_missing(logical_id: str, properties: Properties, stack_name: str) -> Any:
        name = properties.get("LogGroupName")
        if name in _ministack("services.cloudwatch_logs")._log_groups:
            raise ValueError(f"Resource of type 'AWS::Logs::LogGroup' with identifier '{name}' already exists.")
        return create(logical_id, properties, stack_name)

    handlers["create"] = create_if_missing


def names_of_each_stack() -> None:
    """MiniStack makes a resource's name out of its stack's name; CloudFormation's is new in each stack that is made.

    What a deleted stack has left would else be in the way of the next stack of its name.
    """
    provisioners = _ministack("services.cloudformation.provisioners")
    name = provisioners._physical_name

    @functools.wraps(name)
    def name_in_this_stack(stack_name: str, logical_id: str, **options: Any) -> Any:
        stack = _ministack("services.cloudformation")._stacks.get(stack_name) or {}
        seed = provisioners._NAME_SEED.get()
        token = provisioners._NAME_SEED.set(f"{seed}{stack.get('StackId', '')}")
        try:
            return name(stack_name, logical_id, **options)
        finally:
            provisioners._NAME_SEED.reset(token)

    provisioners._physical_name = name_in_this_stack


def alarms_on_expressions() -> None:
    """MiniStack refuses an alarm of a template that computes with metrics; here it has the first of them.

    Nothing of the local cloud evaluates such an alarm.
    """
    provisioners = _ministack("services.cloudformation.provisioners")
    record = provisioners._cw_metric_alarm_record

    @functools.wraps(record)
    def record_of_the_first(name: str, properties: Properties) -> Any:
        stats = [query["MetricStat"] for query in properties.get("Metrics") or () if "MetricStat" in query]
        if not stats:
            return record(name, properties)
        first = {**stats[0]["Metric"], "Period": stats[0]["Period"], "Statistic": stats[0]["Stat"]}
        return record(name, {**{key: part for key, part in properties.items() if key != "Metrics"}, **first})

    provisioners._cw_metric_alarm_record = record_of_the_first


def replication_destinations() -> None:
    """MiniStack takes a replication rule to a bucket that does not exist; S3 refuses it."""
    s3 = _ministack("services.s3")
    put = s3._put_bucket_replication

    @functools.wraps(put)
    def put_where_destinations_exist(bucket: str, body: bytes) -> Any:
        before = s3._bucket_replication.get(bucket)
        answer = put(bucket, body)
        rules = (s3._bucket_replication.get(bucket) or {}).get("Rules", ())
        names = [rule.get("Destination", {}).get("Bucket", "").rpartition(":")[2] for rule in rules]
        if all(map(s3._bucket_owner_account, names)):
            return answer
        if before is None:
            del s3._bucket_replication[bucket]
        else:
            s3._bucket_replication[bucket] = before
        return s3._error("InvalidRequest", "Destination bucket must exist.", 400)

    s3._put_bucket_replication = put_where_destinations_exist


def access_point_buckets() -> None:
    """MiniStack makes a Multi-Region Access Point of a template over buckets that do not exist; S3 refuses it."""
    s3 = _ministack("services.s3")
    create = s3.create_mrap

    @functools.wraps(create)
    def create_as_s3_does(*given: Any, **options: Any) -> Any:
        return create(*given, **{**options, "strict": True})

    s3.create_mrap = create_as_s3_does


def global_table_replicas() -> None:
    """MiniStack makes a global table of a template in one Region; its service can replicate."""
    handlers = _ministack("services.cloudformation.provisioners")._RESOURCE_HANDLERS["AWS::DynamoDB::GlobalTable"]
    create, update, delete = (handlers[name] for name in ("create", "update", "delete"))

    @functools.wraps(create)
    def create_with_replicas(logical_id: str, properties: Properties, stack_name: str) -> Any:
        made = create(logical_id, properties, stack_name)
        _replicate(made[0], properties["Replicas"])
        return made

    @functools.wraps(update)
    def update_with_replicas(physical_id: str, old: Properties, new: Properties, stack_name: str) -> Any:
        made = update(physical_id, old, new, stack_name)
        _replicate(made[0], new["Replicas"])
        return made

    @functools.wraps(delete)
    def delete_with_replicas(physical_id: str, properties: Properties) -> None:
        _replicate(physical_id, ())
        delete(physical_id, properties)

    handlers |= {"create": create_with_replicas, "update": update_with_replicas, "delete": delete_with_replicas}


def _replicate(name: str, replicas: Sequence[Properties]) -> None:
    """Have a table in these Regions, beside the one that is asked, and in no other."""
    dynamodb = _ministack("services.dynamodb")
    table = dynamodb._tables[name]
    home = {_ministack("core.responses").get_region()}
    wanted = {replica["Region"] for replica in replicas} - home
    there = set(dynamodb._replica_group(table)) - home
    updates = [{"Delete": {"RegionName": region}} for region in sorted(there - wanted)]
    updates += [{"Create": {"RegionName": region}} for region in sorted(wanted - there)]
    error = dynamodb._apply_replica_updates(name, table, updates)
    if error is not None:
        raise ValueError(f"the replicas of {name} cannot be made: {error!r}")


def secret_references() -> None:
    """MiniStack's Ref of a secret is its name; CloudFormation's is its ARN, out of which grants are made."""
    handlers = _ministack("services.cloudformation.provisioners")._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create, update, delete = (handlers[name] for name in ("create", "update", "delete"))

    def name_in(arn: str) -> str:
        return arn.split(":", 6)[6].rpartition("-")[0]

    @functools.wraps(create)
    def create_as_arn(logical_id: str, properties: Properties, stack_name: str) -> Any:
        _, attributes = create(logical_id, properties, stack_name)
        return attributes["Arn"], attributes

    @functools.wraps(update)
    def update_as_arn(physical_id: str, *given: Any, **options: Any) -> Any:
        _, attributes = update(name_in(physical_id), *given, **options)
        return attributes["Arn"], attributes

    @functools.wraps(delete)
    def delete_as_arn(physical_id: str, properties: Properties) -> None:
        delete(name_in(physical_id), properties)

    handlers |= {"create": create_as_arn, "update": update_as_arn, "delete": delete_as_arn}


def added_types() -> None:
    """MiniStack has no handler for these types, and refuses a template that has one of them."""
    handlers = _ministack("services.cloudformation.provisioners")._RESOURCE_HANDLERS
    for resource_type, service in ADDED_TYPES.items():
        handlers[resource_type] = AddedType(resource_type, service).handler()


def recovery_control_api() -> None:
    """MiniStack has no routing controls; what reads a cluster's endpoints at deploy needs to ask for them."""
    _ministack("app").SERVICE_HANDLERS["route53-recovery-control-config"] = _answer_recovery_control


# Resource types that MiniStack lacks


@dataclass(frozen=True)
class Service:
    """How a resource enters and leaves its service's own state, where MiniStack has that service.

    Without one, the resource lives in CloudFormation's state alone.
    """

    put: Callable[[str, Properties], None] = lambda _id, _properties: None
    remove: Callable[[str], None] = lambda _id: None


@dataclass(frozen=True)
class AddedType:
    """A CloudFormation handler out of the type's own schema: what it takes, what Ref and GetAtt give, what replaces."""

    resource_type: str
    service: Service

    def handler(self) -> dict[str, Callable[..., Any]]:
        return {"create": self.create, "update": self.update, "delete": self.delete}

    def create(self, _logical_id: str, properties: Properties, _stack_name: str) -> tuple[str, dict[str, Any]]:
        schema = self._schema()
        self._check(schema, properties)
        physical_id = self._new_id(schema, properties)
        self.service.put(physical_id, properties)
        return physical_id, self._attributes(schema, physical_id)

    def update(self, physical_id: str, old: Properties, new: Properties, stack_name: str) -> tuple[str, dict[str, Any]]:
        schema = self._schema()
        if any(_at(path, old) != _at(path, new) for path in schema.get("createOnlyProperties", ())):
            # Another physical id tells the engine to delete the one it replaces.
            return self.create("", new, stack_name)
        self._check(schema, new)
        self.service.put(physical_id, new)
        return physical_id, self._attributes(schema, physical_id)

    def delete(self, physical_id: str, _properties: Properties) -> None:
        self.service.remove(physical_id)

    def _schema(self) -> dict[str, Any]:
        schemas: Any = importlib.import_module("cfnlint.schema")
        region = _ministack("core.responses").get_region()
        try:
            schema: dict[str, Any] = schemas.PROVIDER_SCHEMA_MANAGER.get_resource_schema(
                region, self.resource_type
            ).schema
        except schemas.ResourceNotFoundError:
            raise ValueError(f"{self.resource_type} does not exist in {region}") from None
        return schema

    def _check(self, schema: Mapping[str, Any], properties: Properties) -> None:
        """Raise a ValueError that lists every property which the schema refuses."""
        cfnlint: Any = importlib.import_module("cfnlint.jsonschema")
        given = {
            name: part
            for name, part in schema["properties"].items()
            if f"/properties/{name}" not in schema.get("readOnlyProperties", ())
        }
        validator = cfnlint.CfnTemplateValidator(schema={**schema, "properties": given})
        # CloudFormation turns "443" into 443: parameters arrive as text.
        lenient = validator.evolve(context=validator.context.evolve(strict_types=False))
        errors = [
            f"{'.'.join(map(str, error.path)) or 'Properties'}: {error.message}"
            for error in lenient.iter_errors(dict(properties))
        ]
        if errors:
            raise ValueError(f"{self.resource_type} does not match its schema: {'; '.join(sorted(errors))}")

    def _new_id(self, schema: Mapping[str, Any], properties: Properties) -> str:
        """What Ref gives: the primary identifier, be it a property that was given, an ARN or a plain id."""
        name = _primary(schema)
        if name in properties:
            return str(properties[name])
        if not name.endswith("Arn"):
            return str(uuid.uuid4())
        _, service, kind = self.resource_type.lower().split("::")
        return f"arn:aws:{service}::{_ministack('core.responses').get_account_id()}:{kind}/{uuid.uuid4()}"

    def _attributes(self, schema: Mapping[str, Any], physical_id: str) -> dict[str, Any]:
        """What GetAtt gives: every read-only property, made out of the id so that an update gives the same."""
        unique = physical_id.rpartition("/")[2]
        attributes: dict[str, Any] = {}
        for path in schema.get("readOnlyProperties", ()):
            name = path.removeprefix("/properties/")
            made_up = f"{name.lower()}-{unique}"
            is_list = schema["properties"].get(name, {}).get("type") == "array"
            attributes[name] = physical_id if name == _primary(schema) else [made_up] if is_list else made_up
        return attributes


def _primary(schema: Mapping[str, Any]) -> str:
    first: str = schema["primaryIdentifier"][0]
    return first.removeprefix("/properties/")


def _at(path: str, properties: Any) -> Any:
    """The value at a schema's path, such as /properties/HealthCheckConfig/Type."""
    for name in path.removeprefix("/properties/").split("/"):
        properties = properties.get(name) if isinstance(properties, Mapping) else None
    return properties


def _put_health_check(physical_id: str, properties: Properties) -> None:
    route53 = _ministack("services.route53")
    # Its API writes str(value), and only "true" in lower case is true in XML.
    config = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in properties["HealthCheckConfig"].items()
    }
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("HealthCheckTags", ())}
    with route53._lock:
        version = route53._health_checks.get(physical_id, {}).get("version", 0) + 1
        route53._health_checks[physical_id] = {
            "id": physical_id,
            "caller_reference": physical_id,
            "config": config,
            "version": version,
        }
        route53._tags["healthcheck", physical_id] = tags


def _remove_health_check(physical_id: str) -> None:
    route53 = _ministack("services.route53")
    with route53._lock:
        route53._health_checks.pop(physical_id, None)
        route53._tags.pop(("healthcheck", physical_id), None)


def _put_monitoring_subscription(distribution_id: str, properties: Properties) -> None:
    distribution = _ministack("services.cloudfront")._distributions.get(distribution_id)
    if distribution is None:
        raise ValueError(f"there is no distribution {distribution_id}")
    distribution["MonitoringSubscription"] = properties["MonitoringSubscription"].get(
        "RealtimeMetricsSubscriptionConfig"
    )


def _remove_monitoring_subscription(distribution_id: str) -> None:
    distribution = _ministack("services.cloudfront")._distributions.get(distribution_id, {})
    distribution.pop("MonitoringSubscription", None)


# Clusters, control panels, routing controls and safety rules by ARN.
_recovery_controls: dict[str, Properties] = {}
_CLUSTER_REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1", "ap-southeast-2")
_RECOVERY_CONTROL_KINDS = {
    "cluster": ("Cluster", "ClusterArn"),
    "controlpanel": ("ControlPanel", "ControlPanelArn"),
    "routingcontrol": ("RoutingControl", "RoutingControlArn"),
    "safetyrule": ("AssertionRule", "SafetyRuleArn"),
}


def _put_recovery_control(arn: str, properties: Properties) -> None:
    named = [properties[name] for name in ("ClusterArn", "ControlPanelArn") if name in properties]
    named += properties.get("AssertionRule", {}).get("AssertedControls", ())
    if missing := [name for name in named if name not in _recovery_controls]:
        raise ValueError(f"there is no {missing[0]}")
    _recovery_controls[arn] = properties


def _remove_recovery_control(arn: str) -> None:
    _recovery_controls.pop(arn, None)


async def _answer_recovery_control(_method: str, path: str, *_request: Any) -> tuple[int, dict[str, str], bytes]:
    """GET /cluster/ARN and its like."""
    kind, _, arn = urllib.parse.unquote(path).strip("/").partition("/")
    if kind not in _RECOVERY_CONTROL_KINDS or arn not in _recovery_controls:
        error = {"__type": "ResourceNotFoundException", "message": f"there is no {kind} {arn}"}
        return 404, {"Content-Type": "application/json"}, json.dumps(error).encode()
    member, identifier = _RECOVERY_CONTROL_KINDS[kind]
    found = {**_recovery_controls[arn], identifier: arn, "Status": "DEPLOYED"}
    if kind == "cluster":
        host = arn.rpartition("/")[2]
        found["ClusterEndpoints"] = [
            {"Region": region, "Endpoint": f"https://{host}.route53-recovery-cluster.{region}.amazonaws.com/v1"}
            for region in _CLUSTER_REGIONS
        ]
    return 200, {"Content-Type": "application/json"}, json.dumps({member: found}).encode()


_RECOVERY_CONTROL = Service(_put_recovery_control, _remove_recovery_control)


def _put_flow_log(physical_id: str, properties: Properties) -> None:
    _ministack("services.ec2")._flow_logs[physical_id] = {
        "FlowLogId": physical_id,
        "ResourceId": properties["ResourceId"],
        "ResourceType": properties["ResourceType"],
        "TrafficType": properties.get("TrafficType", "ALL"),
        "LogDestinationType": properties.get("LogDestinationType", "cloud-watch-logs"),
        "LogDestination": properties.get("LogDestination") or properties.get("LogGroupName", ""),
        "FlowLogStatus": "ACTIVE",
        "CreationTime": "2026-01-01T00:00:00.000Z",
    }


def _remove_flow_log(physical_id: str) -> None:
    _ministack("services.ec2")._flow_logs.pop(physical_id, None)


def _put_access_point_policy(name: str, properties: Properties) -> None:
    access_point = _ministack("services.s3").find_mrap(name)
    if access_point is None:
        raise ValueError(f"there is no Multi-Region Access Point {name}")
    access_point["Policy"] = json.dumps(properties["Policy"])


def _remove_access_point_policy(name: str) -> None:
    """It cannot be removed; CloudFormation leaves one that lets nobody in but the account."""
    access_point = _ministack("services.s3").find_mrap(name)
    if access_point is not None:
        access_point["Policy"] = None


# The group and the permission in it of each ingress rule, by the rule's id.
_ingress_rules: dict[str, tuple[Any, Any]] = {}


def _put_ingress(physical_id: str, properties: Properties) -> None:
    group = _ministack("services.ec2")._security_groups.get(properties.get("GroupId"))
    if group is None:
        raise ValueError(f"there is no security group {properties.get('GroupId')}")
    _remove_ingress(physical_id)
    [permission] = _ministack("services.cloudformation.provisioners")._ec2_sg_permissions([properties])
    group["IpPermissions"].append(permission)
    _ingress_rules[physical_id] = group, permission


def _remove_ingress(physical_id: str) -> None:
    group, permission = _ingress_rules.pop(physical_id, (None, None))
    if group is not None:
        group["IpPermissions"] = [each for each in group["IpPermissions"] if each is not permission]


ADDED_TYPES: dict[str, Service] = {
    "AWS::ARCZonalShift::ZonalAutoshiftConfiguration": Service(),
    "AWS::CloudFront::MonitoringSubscription": Service(_put_monitoring_subscription, _remove_monitoring_subscription),
    "AWS::EC2::FlowLog": Service(_put_flow_log, _remove_flow_log),
    "AWS::EC2::SecurityGroupIngress": Service(_put_ingress, _remove_ingress),
    "AWS::GlobalAccelerator::Accelerator": Service(),
    "AWS::GlobalAccelerator::EndpointGroup": Service(),
    "AWS::GlobalAccelerator::Listener": Service(),
    "AWS::Route53::HealthCheck": Service(_put_health_check, _remove_health_check),
    "AWS::Route53RecoveryControl::Cluster": _RECOVERY_CONTROL,
    "AWS::Route53RecoveryControl::ControlPanel": _RECOVERY_CONTROL,
    "AWS::Route53RecoveryControl::RoutingControl": _RECOVERY_CONTROL,
    "AWS::Route53RecoveryControl::SafetyRule": _RECOVERY_CONTROL,
    "AWS::S3::MultiRegionAccessPointPolicy": Service(_put_access_point_policy, _remove_access_point_policy),
}


if __name__ == "__main__":
    try:
        serve()
    except LocalCloudError as error:
        sys.exit(f"local cloud: {error}")
