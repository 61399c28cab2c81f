"""What the rules of error responses find: pages out of reach, errors that are masked, codes that are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ha_patterns.aws.statuses import LONGEST_USUAL_ERROR

from .edge_documents import (
    ALL_METHODS,
    DISABLED,
    OPTIMIZED,
    SERVER_ERRORS,
    UNKNOWN,
    asked,
    behavior,
    bucket_origin,
    group,
    origin,
    said,
    site,
)

_APP = origin("app")
_BUCKET = bucket_origin("bucket", "amzn-s3-demo-bucket1.s3.eu-west-1.amazonaws.com")
_API = origin("api", "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com")


def _error(code: Any, page: Any = None, sent_as: Any = None, **more: Any) -> dict[str, Any]:
    given = {"ErrorCode": code, "ResponsePagePath": page, "ResponseCode": sent_as, **more}
    return {name: value for name, value in given.items() if value is not None}


# Codes


@pytest.mark.parametrize("code", [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504, UNKNOWN])
def test_a_code_that_can_have_a_page_is_fine(tmp_path: Path, code: Any) -> None:
    resources = site([_BUCKET], CustomErrorResponses=[_error(code, "/e.html", code)])

    assert not said(tmp_path, resources, "HA020")


@pytest.mark.parametrize("code", [401, 410, 412, 415, 429, 418, 505])
def test_a_code_that_can_have_no_page_is_found(tmp_path: Path, code: int) -> None:
    resources = site([_BUCKET], CustomErrorResponses=[_error(code, "/e.html", 200)])

    assert len(said(tmp_path, resources, "HA020")) == 1


@pytest.mark.parametrize("code", [412, 415])
def test_a_code_that_has_a_caching_time_only_is_fine(tmp_path: Path, code: int) -> None:
    assert not said(tmp_path, site([_BUCKET], CustomErrorResponses=[_error(code, ErrorCachingMinTTL=5)]), "HA020")


@pytest.mark.parametrize("sent_as", [201, 302, 429])
def test_a_response_code_that_cloudfront_refuses_is_found(tmp_path: Path, sent_as: int) -> None:
    resources = site([_BUCKET], CustomErrorResponses=[_error(404, "/e.html", sent_as)])
    (message,) = said(tmp_path, resources, "HA020")

    assert message.startswith(f"ResponseCode of 404 is {sent_as};")


@pytest.mark.parametrize(
    ("page", "sent_as", "found"),
    [
        ("/e.html", None, 1),
        (None, 404, 1),
        ("", 404, 1),
        ("/e.html", 404, 0),
        (None, None, 0),
        ("", 0, 0),
        (UNKNOWN, None, 0),
        (None, UNKNOWN, 0),
    ],
)
def test_a_page_and_its_code_come_together(tmp_path: Path, page: Any, sent_as: Any, found: int) -> None:
    resources = site([_BUCKET], CustomErrorResponses=[_error(404, page, sent_as)])

    assert len(said(tmp_path, resources, "HA021")) == found


@pytest.mark.parametrize(
    ("page", "found"), [("errors/503.html", 1), ("/errors/503.html", 0), (UNKNOWN, 0), ({"Fn::Sub": "${Unknown}/a"}, 0)]
)
def test_the_path_of_a_page_starts_with_a_slash(tmp_path: Path, page: Any, found: int) -> None:
    messages = said(tmp_path, site([_BUCKET], CustomErrorResponses=[_error(503, page, 503)]), "HA021")

    assert messages == ["the page errors/503.html of 503 does not start with a slash"] * found


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("/errors.html?code=503", "/errors.html?code=503"),
        ({"Fn::Sub": "/errors.html?site=${Unknown}"}, "/errors.html?site=${Unknown}"),
        ("/errors/503.html", None),
        (UNKNOWN, None),
        (None, None),
    ],
)
def test_a_page_has_no_query_string(tmp_path: Path, page: Any, shown: str | None) -> None:
    messages = said(tmp_path, site([_BUCKET], CustomErrorResponses=[_error(503, page, 503)]), "HA079")

    told = [f"the page {shown} of 503 has a query string, which CloudFront drops"]
    assert messages == (told if shown else [])


# Where the page comes from


def _page(*behaviors: dict[str, Any], code: Any = 503, page: Any = "/errors/down.html", **more: Any) -> dict[str, Any]:
    origins = [_APP, _BUCKET, origin("standby"), {**_APP, "Id": "again"}]
    return site(origins, *behaviors, CustomErrorResponses=[_error(code, page, code)], **more)


_GROUP = [group("app", "standby")]


@pytest.mark.parametrize(
    "resources",
    [
        _page(behavior("app")),
        _page(behavior("bucket", "/ERRORS/*"), behavior("app")),
        _page(behavior("bucket", "/errors/down"), behavior("app")),
        _page(behavior("app", "/errors/*"), behavior("bucket", "/errors/down.html"), behavior("app")),
        _page(behavior("app", "/errors/*"), behavior("app")),
        _page(behavior("again", "/errors/*"), behavior("app")),
        _page(behavior("bucket", "/static/*"), behavior("app")),
        _page(behavior("group"), groups=_GROUP),
        _page(behavior("app", "/errors/*"), behavior("group"), groups=_GROUP),
        _page(behavior("bucket", "/images/*"), behavior("bucket")),
    ],
)
def test_a_page_of_the_origin_that_has_failed_is_found(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert len(said(tmp_path, resources, "HA022")) == 1


@pytest.mark.parametrize(
    "resources",
    [
        _page(behavior("bucket", "/errors/*"), behavior("app")),
        _page(behavior("bucket", "errors/*"), behavior("app")),
        _page(behavior("bucket", "*.html"), behavior("app")),
        _page(behavior("bucket", "/errors/down.htm?"), behavior("group"), groups=_GROUP),
        # A site in a bucket, with the page for its API.
        _page(behavior("app", "/api/*"), behavior("bucket")),
        # The second origin is there to stand in, for writes by way of the page.
        _page(behavior("standby", "/errors/*"), behavior("app", "/orders/*"), behavior("group"), groups=_GROUP),
        # What an application answers itself does not mean that it is down.
        _page(behavior("app"), code=404),
        _page(behavior("app"), code=500),
        _page(behavior("app"), code=UNKNOWN),
        # The second of the group is not asked for 503, and so has not failed.
        _page(behavior("group"), groups=[group("app", "standby", codes=(500, 502, 504))]),
    ],
)
def test_a_page_from_elsewhere_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA022")


@pytest.mark.parametrize(
    "resources",
    [
        _page(behavior("bucket", UNKNOWN), behavior("app")),
        _page(behavior("bucket", "/e/*"), behavior("app"), page=UNKNOWN),
    ],
)
def test_a_page_that_some_behavior_may_serve_is_asked_for(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert asked(tmp_path, resources, "HA022")


def test_codes_of_one_page_are_one_finding(tmp_path: Path) -> None:
    errors = [_error(code, "/down.html", code) for code in (404, *SERVER_ERRORS)]
    (message,) = said(tmp_path, site([_APP], CustomErrorResponses=errors), "HA022")

    assert message.startswith("the page /down.html for 502, 503 and 504 matches behavior *, whose origin app")


def test_one_code_is_told_as_one(tmp_path: Path) -> None:
    (message,) = said(tmp_path, site([_APP], CustomErrorResponses=[_error(503, "/down.html", 503)]), "HA022")

    assert message.endswith("whose origin app is the one that fails with it")


# Errors that become a page


def _start_page(*behaviors: dict[str, Any], code: Any = 403, sent_as: Any = 200) -> dict[str, Any]:
    errors = [_error(code, "/index.html", sent_as)]
    return site([_BUCKET, _API, _APP], *behaviors, behavior("bucket"), CustomErrorResponses=errors)


@pytest.mark.parametrize(
    "one",
    [behavior("api", "/api/*"), behavior("app", "/orders/*", AllowedMethods=ALL_METHODS)],
)
@pytest.mark.parametrize("code", [403, 404])
def test_errors_of_an_api_that_become_the_start_page_are_found(tmp_path: Path, one: dict[str, Any], code: int) -> None:
    (message,) = said(tmp_path, _start_page(one, code=code), "HA023")

    assert message == f"{code} is sent as 200 with /index.html, that of {one['PathPattern']} too"


@pytest.mark.parametrize(
    "resources",
    [
        _start_page(),
        _start_page(behavior("app", "/blog/*")),
        _start_page(behavior("bucket", "/upload/*", AllowedMethods=ALL_METHODS)),
        # One application for both: who writes it sees both.
        site(
            [_APP],
            behavior("app", "/orders/*", AllowedMethods=ALL_METHODS),
            behavior("app"),
            CustomErrorResponses=[_error(404, "/index.html", 200)],
        ),
        _start_page(behavior("api", "/api/*"), sent_as=403),
        _start_page(behavior("api", "/api/*"), code=500),
        _start_page(behavior("api", "/api/*"), sent_as=UNKNOWN),
        _start_page(behavior(UNKNOWN, "/api/*", AllowedMethods=ALL_METHODS)),
        _start_page(behavior("app", "/orders/*", AllowedMethods=UNKNOWN)),
    ],
)
def test_a_start_page_without_an_api_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA023")


# How long


@pytest.mark.parametrize(
    ("code", "ttl", "policy", "found"),
    [
        (503, 0, OPTIMIZED, 1),
        (500, "0", OPTIMIZED, 1),
        (503, 1, OPTIMIZED, 0),
        (503, None, OPTIMIZED, 0),
        (503, UNKNOWN, OPTIMIZED, 0),
        (404, 0, OPTIMIZED, 0),
        (503, 0, DISABLED, 0),
        (503, 0, UNKNOWN, 0),
    ],
)
def test_errors_of_a_sick_origin_are_kept_for_a_while(
    tmp_path: Path, code: int, ttl: Any, policy: Any, found: int
) -> None:
    errors = [_error(code, ErrorCachingMinTTL=ttl)]
    resources = site([_APP], behavior("app", policy=policy), CustomErrorResponses=errors)

    assert len(said(tmp_path, resources, "HA024")) == found


@pytest.mark.parametrize(
    ("code", "ttl", "policy", "found"),
    [
        (503, LONGEST_USUAL_ERROR + 1, OPTIMIZED, 1),
        (500, "86400", OPTIMIZED, 1),
        (503, LONGEST_USUAL_ERROR, OPTIMIZED, 0),
        (503, None, OPTIMIZED, 0),
        (503, UNKNOWN, OPTIMIZED, 0),
        (404, 86_400, OPTIMIZED, 0),
        (501, 86_400, OPTIMIZED, 1),
        (503, 86_400, DISABLED, 0),
    ],
)
def test_errors_are_not_kept_for_long(tmp_path: Path, code: int, ttl: Any, policy: Any, found: int) -> None:
    errors = [_error(code, ErrorCachingMinTTL=ttl)]
    resources = site([_APP], behavior("app", policy=policy), CustomErrorResponses=errors)

    assert len(said(tmp_path, resources, "HA072")) == found


def test_one_finding_tells_of_all_errors_that_are_kept(tmp_path: Path) -> None:
    errors = [_error(code, ErrorCachingMinTTL=ttl) for code, ttl in ((503, 400), (404, 600), (504, 600))]
    resources = site([_APP], behavior("app", policy=OPTIMIZED), CustomErrorResponses=errors)

    assert said(tmp_path, resources, "HA072") == ["503 and 504 are kept for 400 s and 600 s; at most 300 s is usual"]


def test_whether_errors_are_kept_depends_on_the_policy(tmp_path: Path) -> None:
    errors = [_error(503, ErrorCachingMinTTL=301)]
    resources = site([_APP], behavior("app", policy=UNKNOWN), CustomErrorResponses=errors)

    [message] = asked(tmp_path, resources, "HA072")
    assert "the parameter Unknown" in message


# A behavior for the page alone.


def _policy(**ttls: Any) -> dict[str, Any]:
    config = {"Name": "pages", "MinTTL": 0, **ttls, "ParametersInCacheKeyAndForwardedToOrigin": {}}
    return {"Pages": {"Type": "AWS::CloudFront::CachePolicy", "Properties": {"CachePolicyConfig": config}}}


def _paged(*, policy: Any, pattern: str | None = "/errors/*", code: int = 503) -> dict[str, Any]:
    own = [] if pattern is None else [behavior("bucket", pattern, policy=policy)]
    default = behavior("app", policy=OPTIMIZED)
    errors = [_error(code, "/errors/down.html", 503)]
    return site([_BUCKET, _APP], *own, default, CustomErrorResponses=errors)


def test_a_page_that_its_behavior_keeps_is_found(tmp_path: Path) -> None:
    [message] = said(tmp_path, _paged(policy=OPTIMIZED), "HA073")
    assert message == (
        "the page /errors/down.html for 503 is kept for 86400 s by behavior /errors/* (CachingOptimized)"
    )

    own = _paged(policy={"Ref": "Pages"})
    assert len(said(tmp_path, own | _policy(DefaultTTL=LONGEST_USUAL_ERROR + 1, MaxTTL=900), "HA073")) == 1
    assert not said(tmp_path, own | _policy(DefaultTTL=LONGEST_USUAL_ERROR, MaxTTL=900), "HA073")


@pytest.mark.parametrize(
    "resources",
    [_paged(policy=DISABLED), _paged(policy=OPTIMIZED, pattern=None), _paged(policy=OPTIMIZED, code=404)],
)
def test_a_page_that_is_not_kept_for_long_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA073")


def test_how_long_a_page_is_kept_may_be_unknown(tmp_path: Path) -> None:
    assert len(asked(tmp_path, _paged(policy=UNKNOWN), "HA073")) == 1
    assert len(asked(tmp_path, _paged(policy={"Ref": "Pages"}) | _policy(DefaultTTL=UNKNOWN), "HA073")) == 1


# A page for what a bucket never answers.

_WEB = {"Fn::GetAtt": ["Web", "RegionalDomainName"]}


def _not_found(*actions: str, codes: tuple[int, ...] = (404,), more: Any = (), public: bool = False) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": list(actions),
        "Resource": [{"Fn::GetAtt": ["Web", "Arn"]}, {"Fn::Sub": "${Web.Arn}/*"}],
    }
    policy = {"Bucket": {"Ref": "Web"}, "PolicyDocument": {"Statement": [statement]}}
    errors = [_error(code, "/404.html", 404) for code in codes]
    web = origin("web", _WEB, S3OriginConfig={}) if public else bucket_origin("web", _WEB)
    behaviors = [behavior(one["Id"], f"/{one['Id']}/*") for one in more]
    return {
        **site([web, *more], *behaviors, behavior("web"), CustomErrorResponses=errors),
        "Web": {"Type": "AWS::S3::Bucket"},
        "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": policy},
    }


@pytest.mark.parametrize("public", [False, True])
def test_a_page_for_404_of_a_bucket_that_says_403_is_found(tmp_path: Path, public: bool) -> None:
    [message] = said(tmp_path, _not_found("s3:GetObject", public=public), "HA074")

    assert message == (
        "the page /404.html is for 404, and stack/Web answers 403 for a missing key, without s3:ListBucket in the "
        "policy; there is no page for 403"
    )


@pytest.mark.parametrize(
    "resources",
    [
        _not_found("s3:GetObject", codes=(403, 404)),
        _not_found("s3:GetObject", codes=(403,)),
        _not_found("s3:GetObject", codes=()),
        _not_found("s3:GetObject", "s3:ListBucket"),
        _not_found("s3:GetObject", more=[_APP]),
    ],
)
def test_a_page_that_is_reached_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA074")


def test_a_function_may_make_404_of_403(tmp_path: Path) -> None:
    resources = _not_found("s3:GetObject")
    version = "arn:aws:lambda:us-east-1:111111111111:function:status:1"
    default = resources["Site"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"]
    default["LambdaFunctionAssociations"] = [{"EventType": "origin-response", "LambdaFunctionARN": version}]

    assert not said(tmp_path, resources, "HA074")


def test_of_a_bucket_elsewhere_nothing_is_said(tmp_path: Path) -> None:
    resources = _not_found("s3:GetObject")
    del resources["Web"], resources["Policy"]
    config = resources["Site"]["Properties"]["DistributionConfig"]
    config["Origins"][0]["DomainName"] = "web.s3.eu-west-1.amazonaws.com"

    assert len(asked(tmp_path, resources, "HA074")) == 1
