"""What the rules say of origins that refuse: policies, keys, functions and signatures, and what nothing tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import check
from ha_patterns.topology.loading import load

from .documents import get, ref, resource
from .edge_documents import ALL_BUT_HOST, OPTIMIZED, UNKNOWN, asked, behavior, bucket_origin, origin, said, site

_OBJECTS = {"Fn::Sub": "${Assets.Arn}/*"}
_OF_BUCKET = get("Assets", "RegionalDomainName")
_WEBSITE = {"Fn::Select": [2, {"Fn::Split": ["/", get("Assets", "WebsiteURL")]}]}
_SITE_ARN = {"Fn::Sub": "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Site}"}
_OTHER_ARN = {"Fn::Sub": "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Other}"}
_OLD_ARN = {"Fn::Sub": "arn:aws:cloudfront::${AWS::AccountId}:distribution/E1OLDOLDOLD"}
_CLOUDFRONT = {"Service": "cloudfront.amazonaws.com"}
_IS_SITE = {"StringEquals": {"AWS:SourceArn": _SITE_ARN}}
_TLS_ONLY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": _OBJECTS,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
_OPEN = {"BlockPublicPolicy": False, "RestrictPublicBuckets": False, "BlockPublicAcls": True, "IgnorePublicAcls": True}
_OAI = "CloudFront::CloudFrontOriginAccessIdentity"
_MINE = {"Fn::Sub": "origin-access-identity/cloudfront/${Mine}"}


def _reads(*actions: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": _CLOUDFRONT, "Action": list(actions) or "s3:GetObject", **more}


def _asked(statements: Any, domain: Any = None, config: Any = None, bucket: Any = None, **policy: Any) -> Any:
    """A bucket with a policy, and an origin that asks it; beside another distribution, and two identities."""
    document = {"Bucket": ref("Assets"), "PolicyDocument": {"Statement": statements}}
    made = {
        "Assets": resource("S3::Bucket", {"BucketName": "amzn-s3-demo-bucket1", **(bucket or {})}),
        "Policy": resource("S3::BucketPolicy", document, **policy),
        "Other": site([origin("other")])["Site"],
        "Mine": resource(_OAI),
        "Others": resource(_OAI),
        **site([config or bucket_origin("assets", domain or _OF_BUCKET)], behavior("assets", policy=OPTIMIZED)),
    }
    return made if statements is not None else {name: one for name, one in made.items() if name != "Policy"}


def _plain(**properties: Any) -> dict[str, Any]:
    """An origin of the bucket that signs nothing."""
    return origin("assets", _OF_BUCKET, S3OriginConfig={}, **properties)


def _identified(identity: Any = None) -> dict[str, Any]:
    return origin("assets", _OF_BUCKET, S3OriginConfig={"OriginAccessIdentity": identity or _MINE})


def _website() -> dict[str, Any]:
    return origin("assets", _WEBSITE, settings={"OriginProtocolPolicy": "http-only"})


def _control(kind: str = "lambda", protocol: str = "sigv4", behavior: str = "always") -> dict[str, Any]:
    config = {"OriginAccessControlOriginType": kind, "SigningBehavior": behavior, "SigningProtocol": protocol}
    return resource("CloudFront::OriginAccessControl", {"OriginAccessControlConfig": {"Name": "a", **config}})


# CloudFormation takes a policy as a text of JSON, too.
_TEXT_POLICY = resource("S3::BucketPolicy", {"Bucket": ref("Assets"), "PolicyDocument": '{"Statement": []}'})


@pytest.mark.parametrize("domain", [None, "amzn-s3-demo-bucket1.s3.us-east-1.amazonaws.com"])
@pytest.mark.parametrize("statements", [[], [_TLS_ONLY]])
def test_a_bucket_that_lets_nobody_read_is_found(tmp_path: Path, statements: Any, domain: Any) -> None:
    (message,) = said(tmp_path, _asked(statements, domain), "HA016")

    assert message == "the policy of stack/Assets, which origin assets asks, allows nobody s3:GetObject"


_READ_BY_SITE = _reads(Resource=_OBJECTS, Condition=_IS_SITE)


@pytest.mark.parametrize(
    ("statements", "config", "who"),
    [
        ([_reads("s3:ListBucket", "s3:PutObject", Resource=_OBJECTS)], None, "CloudFront for stack/Site"),
        # The bucket, and not its objects.
        ([_reads(Resource=get("Assets", "Arn"))], None, "CloudFront for stack/Site"),
        ([_reads(Resource="arn:aws:s3:::amzn-s3-demo-bucket2/*")], None, "CloudFront for stack/Site"),
        ([_reads(Resource=_OBJECTS, Condition={"StringEquals": {"aws:SourceArn": _OTHER_ARN}})], None, "CloudFront"),
        # A star is none where the operator does not look for patterns.
        (
            [
                _reads(
                    Resource=_OBJECTS,
                    Condition={
                        "StringEquals": {
                            "aws:SourceArn": {"Fn::Sub": "arn:aws:cloudfront::${AWS::AccountId}:distribution/*"}
                        }
                    },
                )
            ],
            None,
            "CloudFront",
        ),
        (
            [
                _READ_BY_SITE,
                {**_TLS_ONLY, "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}},
            ],
            None,
            "CloudFront",
        ),
        # Half of a migration: the origin has one kind of access, and the policy the other.
        (
            [_reads(Resource=_OBJECTS, Principal={"CanonicalUser": get("Mine", "S3CanonicalUserId")})],
            None,
            "CloudFront for stack/Site",
        ),
        ([_READ_BY_SITE], _identified(), "the origin access identity ${Mine}"),
        (
            [_reads(Resource=_OBJECTS, Principal={"CanonicalUser": get("Others", "S3CanonicalUserId")})],
            _identified(),
            "the origin access identity ${Mine}",
        ),
        ([_READ_BY_SITE], _plain(), "anybody"),
        ([_READ_BY_SITE], _website(), "anybody"),
        # A website takes no TLS.
        ([_TLS_ONLY, _reads(Resource=_OBJECTS, Principal="*")], _website(), "anybody"),
    ],
)
def test_a_bucket_that_lets_others_read_is_found(tmp_path: Path, statements: Any, config: Any, who: str) -> None:
    found = said(tmp_path, _asked(statements, config=config, bucket={"PublicAccessBlockConfiguration": _OPEN}), "HA016")

    assert len(found) == 1
    assert f"does not let {who}" in found[0]


def test_a_control_that_never_signs_is_asked_as_by_anybody(tmp_path: Path) -> None:
    control = {
        "Name": "a",
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "never",
        "SigningProtocol": "sigv4",
    }
    never = {"Never": resource("CloudFront::OriginAccessControl", {"OriginAccessControlConfig": control})}
    config = _plain(OriginAccessControlId=get("Never", "Id"))
    (message,) = said(tmp_path, {**_asked([_READ_BY_SITE], config=config), **never}, "HA016")

    assert message.endswith("does not let anybody s3:GetObject")


@pytest.mark.parametrize("region", ["il-central-1", "ap-southeast-7"])
def test_an_identity_reads_no_bucket_of_a_newer_region(tmp_path: Path, region: str) -> None:
    read = _reads(Resource=_OBJECTS, Principal={"CanonicalUser": get("Mine", "S3CanonicalUserId")})
    resources = _asked([read], config=_identified())

    (message,) = said(tmp_path, resources, "HA016", {"AWS::Region": region})
    assert message == f"stack/Assets of origin assets is in {region}, whose buckets no identity reads"
    assert not said(tmp_path, resources, "HA016", {"AWS::Region": "me-central-1"})


@pytest.mark.parametrize(
    "block", [None, {"BlockPublicPolicy": True, "IgnorePublicAcls": True}, {"RestrictPublicBuckets": True}]
)
def test_a_website_that_blocks_public_access_is_found(tmp_path: Path, block: Any) -> None:
    bucket = {"PublicAccessBlockConfiguration": block} if block else {}
    (message,) = said(tmp_path, _asked(None, config=_website(), bucket=bucket), "HA016")

    assert message.endswith("blocks public access, so that nobody may read it")


def test_a_policy_that_is_open_does_not_open_what_is_blocked(tmp_path: Path) -> None:
    read = _reads(Resource=_OBJECTS, Principal="*")
    open_half = {"RestrictPublicBuckets": True}
    blocked = _asked([read], config=_website(), bucket={"PublicAccessBlockConfiguration": open_half})

    assert said(tmp_path, blocked, "HA016")


@pytest.mark.parametrize(
    "resources",
    [
        _asked([_TLS_ONLY, _READ_BY_SITE]),
        _asked([_TLS_ONLY, _reads(Resource=_OBJECTS, Condition={"StringEquals": {"aws:SourceAccount": UNKNOWN}})]),
        _asked([_reads("s3:Get*", Resource=_OBJECTS)]),
        _asked([_reads("*", Resource="*")]),
        _asked([_reads(UNKNOWN, Resource=_OBJECTS)]),
        _asked([_reads(Resource=UNKNOWN)]),
        _asked([_reads(Resource=_OBJECTS, Principal=UNKNOWN)]),
        _asked([_reads(Resource=_OBJECTS, Condition={"StringEquals": {"aws:SourceArn": UNKNOWN}})]),
        # Some objects may be read.
        _asked([_READ_BY_SITE, {**_TLS_ONLY, "Condition": {}, "Resource": {"Fn::Sub": "${Assets.Arn}/private/*"}}]),
        _asked([_TLS_ONLY, {"Effect": "Allow", "NotAction": "s3:PutObject", "Principal": "*"}]),
        _asked([_TLS_ONLY, UNKNOWN]),
        _asked(UNKNOWN),
        {**_asked([]), "Policy": _TEXT_POLICY},
        # Another policy may be made in its place.
        _asked([_TLS_ONLY], Condition="Perhaps"),
        _asked(None),
        # The id of an identity that no template makes may be any.
        _asked([_reads(Resource=_OBJECTS, Principal={"CanonicalUser": "4b8a"})], config=_identified()),
        _asked([_reads(Resource=_OBJECTS, Principal={"AWS": UNKNOWN})], config=_identified()),
        # Viewers may bring signatures of their own.
        {
            **_asked([_READ_BY_SITE]),
            **site([_plain()], behavior("assets", OriginRequestPolicyId=ALL_BUT_HOST)),
        },
        {**_asked([_READ_BY_SITE]), **site([_plain()], behavior("assets", FunctionAssociations=UNKNOWN))},
        _asked(
            [_reads(Resource=_OBJECTS, Principal="*")],
            config=_website(),
            bucket={"PublicAccessBlockConfiguration": _OPEN},
        ),
        _asked(
            [_reads(Resource=_OBJECTS, Principal="*", Condition={"StringLike": {"aws:Referer": "secret"}})],
            config=_website(),
            bucket={"PublicAccessBlockConfiguration": _OPEN},
        ),
        _asked(None, config=_website(), bucket={"PublicAccessBlockConfiguration": _OPEN}),
        _asked(None, config=_website(), bucket={"PublicAccessBlockConfiguration": UNKNOWN}),
        # Objects may have ACLs of their own.
        _asked(
            None,
            config=_website(),
            bucket={
                "PublicAccessBlockConfiguration": {"BlockPublicPolicy": True},
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
            },
        ),
    ],
)
def test_a_bucket_that_may_let_the_origin_read_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA016")


def test_a_policy_in_no_template_is_asked_for(tmp_path: Path) -> None:
    (unknown,) = asked(tmp_path, _asked(None), "HA016")

    assert unknown.endswith("may read its bucket: it depends on the policy of stack/Assets")


# Ids that are written down


@pytest.mark.parametrize(
    ("resources", "what"),
    [
        (
            _asked([_reads(Resource=_OBJECTS, Condition={"StringEquals": {"aws:SourceArn": _OLD_ARN}})]),
            "distribution/E1OLDOLDOLD, and AWS makes the id of CloudFront for stack/Site",
        ),
        (
            _asked(
                [
                    _reads(
                        Resource=_OBJECTS,
                        Principal={"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1OLDOLDOLD"},
                    )
                ],
                config=_identified(),
            ),
            "Identity E1OLDOLDOLD, and AWS makes the id of the origin access identity ${Mine}",
        ),
    ],
)
def test_an_id_that_is_written_down_is_found(tmp_path: Path, resources: dict[str, Any], what: str) -> None:
    (message,) = said(tmp_path, resources, "HA041")

    assert message.endswith(what)
    assert not said(tmp_path, resources, "HA016")


@pytest.mark.parametrize(
    "resources",
    [
        _asked([_READ_BY_SITE]),
        _asked([_reads(Resource=_OBJECTS, Condition={"ArnLike": {"aws:SourceArn": [_OLD_ARN, _SITE_ARN]}})]),
        _asked(
            [
                _reads(
                    Resource=_OBJECTS,
                    Condition={"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/*"}},
                )
            ]
        ),
        _asked([_reads(Resource=_OBJECTS, Condition={"StringEquals": {"aws:SourceArn": UNKNOWN}})]),
        _asked(None),
        # The id of an identity that no template makes is written down in both places.
        _asked(
            [
                _reads(
                    Resource=_OBJECTS,
                    Principal={"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"},
                )
            ],
            config=_identified("origin-access-identity/cloudfront/E1"),
        ),
    ],
)
def test_an_id_that_is_referred_to_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA041")


# Keys


def _encrypted(key_policy: Any, config: Any = None, named: Any = None, **key: Any) -> dict[str, Any]:
    """A bucket that the site may read, with a key that has these statements beside those of its account."""
    root = {"Effect": "Allow", "Principal": {"AWS": UNKNOWN}, "Action": "kms:*", "Resource": "*"}
    root["Principal"] = {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}
    by_default: dict[str, Any] = {"SSEAlgorithm": "aws:kms"}
    if named is not False:
        by_default["KMSMasterKeyID"] = get("Key", "Arn") if named is None else named
    encryption = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": by_default}]}
    return {
        **_asked([_READ_BY_SITE], config=config, bucket={"BucketEncryption": encryption}),
        "Key": resource("KMS::Key", {"KeyPolicy": {"Statement": [root, *key_policy]}, **key}),
    }


_DECRYPTS = {"Effect": "Allow", "Principal": _CLOUDFRONT, "Action": "kms:Decrypt", "Resource": "*"}


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        (_encrypted([]), "key stack/Key, whose policy does not let CloudFront for stack/Site kms:Decrypt"),
        (_encrypted([{**_DECRYPTS, "Action": "kms:GenerateDataKey*"}]), "does not let CloudFront for stack/Site"),
        (
            _encrypted([{**_DECRYPTS, "Condition": {"StringEquals": {"aws:SourceArn": _OTHER_ARN}}}]),
            "does not let CloudFront for stack/Site kms:Decrypt",
        ),
        (_encrypted([_DECRYPTS], Enabled=False), "which is disabled"),
        (_encrypted([], named=False), "encrypted with AWS's own key, whose policy does not know CloudFront"),
        (_encrypted([], named="alias/aws/s3"), "encrypted with AWS's own key, whose policy does not know CloudFront"),
        (
            _encrypted([_DECRYPTS], _identified()),
            "by requests that an origin access identity signs",
        ),
        (_encrypted([_DECRYPTS], _website()), "by requests that nobody signs, and KMS takes none"),
        (_encrypted([_DECRYPTS], _plain()), "by requests that nobody signs, and KMS takes none"),
    ],
)
def test_a_key_that_does_not_let_cloudfront_decrypt_is_found(
    tmp_path: Path, resources: dict[str, Any], why: str
) -> None:
    (message,) = said(tmp_path, resources, "HA040")

    assert why in message


@pytest.mark.parametrize(
    "resources",
    [
        _encrypted([_DECRYPTS]),
        _encrypted([{**_DECRYPTS, "Action": ["kms:Decrypt", "kms:Encrypt"], "Condition": _IS_SITE}]),
        _encrypted([{**_DECRYPTS, "Condition": {"StringEquals": {"aws:SourceArn": UNKNOWN}}}]),
        _encrypted([UNKNOWN]),
        _encrypted([], named="arn:aws:kms:us-east-1:123456789012:key/1"),
        _encrypted([], named=UNKNOWN),
        _asked([_READ_BY_SITE]),
        # A custom resource may change the key's policy.
        {
            **_encrypted([]),
            "Update": {"Type": "Custom::KeyPolicy", "Properties": {"Of": [{"KeyId": ref("Key")}], "For": ref("Site")}},
        },
    ],
)
def test_a_key_that_may_let_cloudfront_decrypt_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA040")


def test_a_key_in_no_template_is_asked_for(tmp_path: Path) -> None:
    (unknown,) = asked(tmp_path, _encrypted([], named="arn:aws:kms:us-east-1:123456789012:key/1"), "HA040")

    assert "whether origin assets may decrypt its objects" in unknown


def test_a_key_may_have_an_id_written_down_too(tmp_path: Path) -> None:
    old = {**_DECRYPTS, "Condition": {"StringEquals": {"aws:SourceArn": _OLD_ARN}}}
    (message,) = said(tmp_path, _encrypted([old]), "HA041")

    assert message.startswith(
        "the policy of the key stack/Key, which origin assets needs, lets in arn:aws:cloudfront::"
    )
    assert not said(tmp_path, _encrypted([old]), "HA040")


# Functions by their URLs


_HOST_OF_URL = {"Fn::Select": [2, {"Fn::Split": ["/", get("Url", "FunctionUrl")]}]}


def _url(*permissions: dict[str, Any], auth_type: Any = "AWS_IAM", signed: bool = True, **more: Any) -> Any:
    control = {"OriginAccessControlId": get("Control", "Id")} if signed else {}
    made = {
        f"Permission{index}": resource("Lambda::Permission", {"FunctionName": ref("App"), **one})
        for index, one in enumerate(permissions)
    }
    return {
        "App": resource("Lambda::Function"),
        "Url": resource("Lambda::Url", {"AuthType": auth_type, "TargetFunctionArn": get("App", "Arn")}),
        "Control": _control(),
        "Other": site([origin("other")])["Site"],
        **made,
        **site([origin("app", _HOST_OF_URL, **control)], behavior("app")),
        **more,
    }


_BY_URL = {"Action": "lambda:InvokeFunctionUrl", "Principal": "cloudfront.amazonaws.com", "SourceArn": _SITE_ARN}
_INVOKES = {**_BY_URL, "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}
_TO_ALL = {"Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE"}
_ALL_INVOKE = {"Action": "lambda:InvokeFunction", "Principal": "*", "InvokedViaFunctionUrl": True}


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        (_url(_BY_URL), "does not let CloudFront for stack/Site lambda:InvokeFunction"),
        (_url(_INVOKES), "does not let CloudFront for stack/Site lambda:InvokeFunctionUrl"),
        (_url(), "CloudFront for stack/Site lambda:InvokeFunctionUrl and lambda:InvokeFunction"),
        (
            _url({**_BY_URL, "SourceArn": _OTHER_ARN}, {**_INVOKES, "SourceArn": _OTHER_ARN}),
            "CloudFront for stack/Site",
        ),
        (_url({**_BY_URL, "FunctionUrlAuthType": "NONE"}, _INVOKES), "stack/Site lambda:InvokeFunctionUrl"),
        (_url(_BY_URL, _INVOKES, signed=False), "has the AuthType AWS_IAM, and nothing signs the requests"),
        (_url(_BY_URL, _INVOKES, Control=_control(behavior="never")), "and nothing signs the requests"),
        (_url(_BY_URL, _INVOKES, auth_type="NONE"), "does not let anybody lambda:InvokeFunctionUrl and"),
        (_url(_TO_ALL, auth_type="NONE", signed=False), "does not let anybody lambda:InvokeFunction"),
        # The permissions are of another version than the URL.
        (
            _url({**_BY_URL, "FunctionName": {"Fn::Sub": "${App}:live"}}, _INVOKES),
            "CloudFront for stack/Site lambda:InvokeFunctionUrl",
        ),
    ],
)
def test_a_function_that_does_not_let_cloudfront_in_is_found(
    tmp_path: Path, resources: dict[str, Any], why: str
) -> None:
    (message,) = said(tmp_path, resources, "HA042")

    assert why in message


@pytest.mark.parametrize(
    "resources",
    [
        _url(_BY_URL, _INVOKES),
        _url({**_BY_URL, "FunctionUrlAuthType": "AWS_IAM"}, {**_INVOKES, "InvokedViaFunctionUrl": True}),
        _url(_BY_URL, {**_INVOKES, "SourceArn": UNKNOWN}),
        _url(_TO_ALL, _ALL_INVOKE, auth_type="NONE", signed=False),
        _url(_TO_ALL, _ALL_INVOKE, auth_type="NONE"),
        _url(auth_type=UNKNOWN),
        _url(
            {**_BY_URL, "FunctionName": get("Url", "FunctionArn")},
            {**_INVOKES, "FunctionName": get("Url", "FunctionArn")},
        ),
        # Whose function is not known may be of this one.
        _url({**_BY_URL, "FunctionName": UNKNOWN}, {**_INVOKES, "FunctionName": UNKNOWN}),
        # What is sent on may have a signature.
        _url(
            _BY_URL, signed=False, **site([origin("app", _HOST_OF_URL)], behavior("app", OriginRequestPolicyId=UNKNOWN))
        ),
        _url(Url=resource("Lambda::Url", {"AuthType": "AWS_IAM", "TargetFunctionArn": UNKNOWN})),
    ],
)
def test_a_function_that_may_let_cloudfront_in_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA042")


def test_a_function_in_no_template_is_asked_for(tmp_path: Path) -> None:
    (unknown,) = asked(
        tmp_path, _url(Url=resource("Lambda::Url", {"AuthType": "AWS_IAM", "TargetFunctionArn": UNKNOWN})), "HA042"
    )

    assert "whether origin app may invoke its function" in unknown


def test_a_permission_may_have_an_id_written_down_too(tmp_path: Path) -> None:
    (message,) = said(tmp_path, _url({**_BY_URL, "SourceArn": _OLD_ARN}, _INVOKES), "HA041")

    assert message.startswith("the permission lambda:InvokeFunctionUrl of stack/App, which origin app needs, lets in")


# Signatures


def _signed(origin_of: dict[str, Any], control: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "Control": control,
        "Assets": resource("S3::Bucket"),
        "Mine": resource(_OAI),
        **site([{"OriginAccessControlId": get("Control", "Id"), **origin_of}]),
        **more,
    }


_ACCESS_POINT = "m1a2b3c4.mrap.accesspoint.s3-global.amazonaws.com"
_REST = "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"
_UNSIGNED = {"OriginAccessControlId": {"Ref": "AWS::NoValue"}}


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        (
            _signed(_identified(), _control("s3")),
            "both the origin access control stack/Control and the identity",
        ),
        (_signed(origin("app"), _control("s3")), "of the type s3, and app.example.com takes no signatures"),
        (_signed(origin("app", _REST), _control("lambda")), f"of the type lambda, and {_REST} takes no signatures"),
        (_signed(origin("app", _WEBSITE), _control("s3")), "of the type s3, and ${Assets}"),
        (_signed(_plain(), _control("lambda")), "and stack/Assets is one of s3"),
        (_signed(origin("app", _OF_BUCKET), _control("s3")), "of the type s3, and has a CustomOriginConfig"),
        (_url(Control=_control("s3")), "of the type s3, and ${Url"),
        (_signed(origin("app", _ACCESS_POINT), _control("s3")), "signs with sigv4, in place of sigv4a"),
        (_signed(origin("app", _ACCESS_POINT), _control("s3", "sigv4a", "never")), "stack/Control never signs"),
        (_signed(origin("app", _ACCESS_POINT, **_UNSIGNED), _control()), "has no origin access control that signs"),
    ],
)
def test_access_that_does_not_fit_its_origin_is_found(tmp_path: Path, resources: dict[str, Any], why: str) -> None:
    (message,) = said(tmp_path, resources, "HA043")

    assert why in message


@pytest.mark.parametrize(
    "resources",
    [
        _signed(_plain(), _control("s3", "sigv4a")),
        _signed(_plain(OriginAccessControlId=UNKNOWN), _control("lambda")),
        _signed(_identified(UNKNOWN), _control("s3")),
        _signed(_identified(), _control("s3")) | site([_identified()]),
        _signed(origin("app", _ACCESS_POINT), _control("s3", "sigv4a")),
        _signed(origin("app", UNKNOWN), _control("s3")),
        _signed(origin("app", "a1.mediapackagev2.eu-west-1.amazonaws.com"), _control("mediapackagev2")),
        _signed(origin("app", _OF_BUCKET, settings=UNKNOWN), _control("s3")),
        _signed(origin("app", _HOST_OF_URL), _control("lambda"), **{name: _url()[name] for name in ("App", "Url")}),
        # A function may sign in place of CloudFront.
        _signed(origin("app", _ACCESS_POINT, **_UNSIGNED), _control())
        | site(
            [origin("app", _ACCESS_POINT)],
            behavior(
                "app",
                LambdaFunctionAssociations=[
                    {"EventType": "origin-request", "LambdaFunctionARN": "arn:aws:lambda:us-east-1:1:function:sign:1"}
                ],
            ),
        ),
    ],
)
def test_access_that_may_fit_its_origin_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA043")


# Policies of buckets


def _policies(*named: Any, **more: Any) -> dict[str, Any]:
    made = {
        f"Policy{place}": resource("S3::BucketPolicy", {"Bucket": bucket, "PolicyDocument": {}}, **more)
        for place, bucket in enumerate(named)
    }
    return {"Assets": resource("S3::Bucket", {"BucketName": "amzn-s3-demo-bucket1"}), **made}


@pytest.mark.parametrize(
    ("resources", "bucket"),
    [
        (_policies(ref("Assets"), ref("Assets")), "stack/Assets"),
        (_policies(ref("Assets"), "amzn-s3-demo-bucket1"), "stack/Assets"),
        (_policies("amzn-s3-demo-bucket2", "amzn-s3-demo-bucket2"), "amzn-s3-demo-bucket2"),
        (
            _policies({"Fn::Sub": "logs-${AWS::AccountId}"}, {"Fn::Sub": "logs-${AWS::AccountId}"}),
            "logs-${AWS::AccountId}",
        ),
    ],
)
def test_a_second_policy_of_a_bucket_is_found(tmp_path: Path, resources: dict[str, Any], bucket: str) -> None:
    assert said(tmp_path, resources, "HA056") == [f"{bucket} has the policy stack/Policy0 already; S3 keeps one"]


@pytest.mark.parametrize(
    "resources",
    [
        _policies(ref("Assets")),
        _policies(ref("Assets"), "amzn-s3-demo-bucket2"),
        _policies(ref("Assets"), UNKNOWN),
        # Both may be the same bucket or not: a parameter is one value.
        _policies({"Fn::ImportValue": "one"}, {"Fn::ImportValue": "two"}),
    ],
)
def test_a_bucket_with_one_policy_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA056")


def test_of_policies_with_conditions_one_may_be_made(tmp_path: Path) -> None:
    resources = _policies(ref("Assets"), ref("Assets"), Condition="Maybe")
    document = {
        "Parameters": {"Given": {"Type": "String"}},
        "Conditions": {"Maybe": {"Fn::Equals": [ref("Given"), "yes"]}},
        "Resources": resources,
    }
    path = tmp_path / "stack.json"
    path.write_text(json.dumps(document))

    assert not check(load(path), rules=[RULES["HA056"]]).findings
