"""The few reads of AWS that edge functions need, signed by hand: boto3 would be most of a cold start."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from . import world

# Regions of other partitions have their endpoints under other names.
_SUFFIXES = {"cn-": "amazonaws.com.cn", "eusc-": "amazonaws.eu"}
# DynamoDB stores nothing that is nested deeper, the attribute itself counted as the first level.
_MAX_LEVELS = 32
_EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class AwsError(OSError):
    """A service answered, but not with what was asked for: a refusal, throttling, a failure of its own, garbage.

    Attributes:
        status: The status of HTTP; 0 where nothing was sent.
        code: The service's own word, such as ``ThrottlingException``.
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{code} (status {status})")
        self.status = status
        self.code = code


class S3Object(NamedTuple):
    """What S3 says of a key.

    Attributes:
        status: 200 where it holds something; 304 where that has not changed since the entity tag that was given; 404
            where there is nothing; 403 where the role may not read it, or may not know that there is nothing.
        etag: Its entity tag; empty unless the status is 200.
        body: What it holds; empty unless the status is 200.
    """

    status: int
    etag: str
    body: bytes


class SecretValue(NamedTuple):
    """One version of a secret.

    Attributes:
        version: Its id.
        value: Its text.
        created: When it was made, in seconds since 1970.
    """

    version: str
    value: str
    created: float


def batch_get(
    table: str, keys: Sequence[Mapping[str, str]], *, region: str, deadline: float, patient: bool = True
) -> list[dict[str, Any]]:
    """Several items of a DynamoDB table in one call, in any order; what is not there is left out.

    Args:
        table: Its name.
        keys: At most 100, each another; their attributes are strings.
        region: The replica to ask.
        deadline: Of ``world.monotonic``.
        patient: See ``world.https``. Default True.

    Raises:
        OSError: They were not all read.
    """
    asked = [{name: {"S": value} for name, value in key.items()} for key in keys]
    answer = _post(
        "dynamodb",
        region,
        "DynamoDB_20120810.BatchGetItem",
        "1.0",
        {"RequestItems": {table: {"Keys": asked}}},
        deadline,
        patient=patient,
    )
    if answer.get("UnprocessedKeys"):
        raise AwsError(200, "UnprocessedKeys")
    try:
        return [{name: _plain(value) for name, value in item.items()} for item in answer["Responses"].get(table, ())]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AwsError(200, "Unreadable") from error


def get_object(
    bucket: str, key: str, *, region: str, deadline: float, patient: bool = True, etag: str = ""
) -> S3Object:
    """An object of an S3 bucket, or the word that it has not changed.

    Args:
        bucket: Its name.
        key: The object's.
        region: Where the bucket is.
        deadline: Of ``world.monotonic``.
        patient: See ``world.https``. Default True.
        etag: Of what is held already. Default: nothing is.

    Raises:
        OSError: S3 said neither what is there nor that there is nothing.
    """
    from urllib.parse import quote

    path = "/" + quote(key, safe="/~")
    # The certificate of S3 covers one label before its own name, so a bucket with a dot goes into the path.
    if "." in bucket or world.environment("AWS_ENDPOINT_URL"):
        base, path = _endpoint("s3", region), f"/{bucket}{path}"
    else:
        base = _endpoint(f"{bucket}.s3", region)
    headers = {"if-none-match": etag} if etag else {}
    answer = _send("GET", base, path, headers, b"", "s3", region, deadline, patient=patient)
    if answer.status == 200:
        return S3Object(200, answer.headers.get("etag", ""), answer.body)
    if answer.status == 304:
        return S3Object(304, "", b"")
    code = answer.body.partition(b"<Code>")[2].partition(b"</Code>")[0].decode("ascii", "replace")
    # Where it is the object's key that may not be used, S3 says so in words only.
    if code == "AccessDenied" and b" kms:" in answer.body:
        code = "KMS.AccessDenied"
    # A bucket that is gone, or a signature that is refused, says nothing about the key.
    if (answer.status, code) in {(404, "NoSuchKey"), (403, "AccessDenied")}:
        return S3Object(answer.status, "", b"")
    raise AwsError(answer.status, code or "Unknown")


def get_secret_value(
    name: str, *, region: str, deadline: float, patient: bool = True, stage: str = "AWSCURRENT"
) -> SecretValue:
    """The text of a Secrets Manager secret.

    Args:
        name: The same in every Region that it is replicated to.
        region: Which of them to ask.
        deadline: Of ``world.monotonic``.
        patient: See ``world.https``. Default True.
        stage: ``AWSCURRENT`` or ``AWSPREVIOUS``. Default: the current version.

    Raises:
        OSError: It was not read. ``AwsError`` with the code ``ResourceNotFoundException`` where there is no such
            secret, or no such version of it.
    """
    asked = {"SecretId": name, "VersionStage": stage}
    answer = _post("secretsmanager", region, "secretsmanager.GetSecretValue", "1.1", asked, deadline, patient=patient)
    version, value, created = answer.get("VersionId"), answer.get("SecretString"), answer.get("CreatedDate")
    if not isinstance(version, str) or not isinstance(value, str) or not isinstance(created, (int, float)):
        raise AwsError(200, "Unreadable")
    return SecretValue(version, value, created)


def _plain(attribute: Mapping[str, Any], level: int = 1) -> Any:
    """The value of a DynamoDB attribute, which is written as its type and its text."""
    # How deep an interpreter recurses differs from one version to the next; how deep DynamoDB nests does not.
    if level > _MAX_LEVELS:
        raise ValueError(f"an attribute of more than {_MAX_LEVELS} levels")
    ((kind, value),) = attribute.items()
    if kind in {"S", "BOOL"}:
        return value
    if kind == "N":
        number = float(value)
        return int(value) if value.lstrip("-").isdigit() else number
    if kind == "M":
        return {name: _plain(member, level + 1) for name, member in value.items()}
    if kind == "L":
        return [_plain(member, level + 1) for member in value]
    if kind == "NULL":
        return None
    if kind == "B":
        from binascii import a2b_base64

        return a2b_base64(value)
    if kind in {"SS", "NS", "BS"}:
        # No route has one, and whoever writes one into an item must not keep the items beside it from being read.
        return [_plain({kind[0]: member}, level) for member in value]
    raise ValueError(f"an attribute of type {kind}")


def _post(
    service: str, region: str, target: str, version: str, asked: Any, deadline: float, *, patient: bool
) -> dict[str, Any]:
    """A call of the services that speak JSON."""
    headers = {"content-type": f"application/x-amz-json-{version}", "x-amz-target": target}
    body = json.dumps(asked, separators=(",", ":")).encode()
    answer = _send("POST", _endpoint(service, region), "/", headers, body, service, region, deadline, patient=patient)
    try:
        content = json.loads(answer.body)
    except (RecursionError, ValueError):
        content = None
    if not isinstance(content, dict):
        raise AwsError(answer.status, "Unreadable")
    if answer.status != 200:
        raise AwsError(answer.status, str(content.get("__type", "Unknown")).rpartition("#")[2])
    return content


def _endpoint(name: str, region: str) -> str:
    """Where a service is asked: in the cloud at its own name, at the local cloud where the environment names one."""
    suffix = next((suffix for start, suffix in _SUFFIXES.items() if region.startswith(start)), "amazonaws.com")
    return (world.environment("AWS_ENDPOINT_URL") or f"https://{name}.{region}.{suffix}").rstrip("/")


def _send(
    method: str,
    base: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    service: str,
    region: str,
    deadline: float,
    *,
    patient: bool,
) -> world.HttpAnswer:
    host = base.partition("://")[2]
    signed = sign(method, host, path, headers, body, service=service, region=region)
    return world.https(base + path, method=method, headers=signed, body=body, deadline=deadline, patient=patient)


def sign(
    method: str, host: str, path: str, headers: Mapping[str, str], body: bytes, *, service: str, region: str
) -> dict[str, str]:
    """The headers of a request, with AWS's signature (version 4) of it by the credentials of the function's role.

    Args:
        method: In upper case.
        host: With its port, where that is not the usual one.
        path: Percent-encoded, without a query string; ``/`` for all services but S3.
        headers: Names in lower case, values without runs of spaces.
        body: All of it.
        service: As the signature names it.
        region: The Region of the endpoint.
    """
    import hmac
    import time
    from hashlib import sha256

    key_id, secret = world.environment("AWS_ACCESS_KEY_ID"), world.environment("AWS_SECRET_ACCESS_KEY")
    if not key_id or not secret:
        raise AwsError(0, "NoCredentials")
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(world.now()))
    digest = sha256(body).hexdigest() if body else _EMPTY_SHA256
    signed = {**headers, "host": host, "x-amz-date": moment}
    if service == "s3":
        signed["x-amz-content-sha256"] = digest
    if token := world.environment("AWS_SESSION_TOKEN"):
        signed["x-amz-security-token"] = token

    names = sorted(signed)
    listed = ";".join(names)
    canonical = "\n".join([method, path, "", *(f"{name}:{signed[name]}" for name in names), "", listed, digest])
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    signed["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={listed}, Signature={signature}"
    )
    return signed
