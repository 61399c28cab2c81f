"""What may answer users of each reference stack, as its description says; ``test_reference_stacks`` walks there."""

from __future__ import annotations

_IRELAND, _FRANKFURT = "API in eu-west-1, Function", "API in eu-central-1, Function"
_REFUSED = "CloudFront refuses the method"
_ERRORS, _MISSING = "on 500, 502, 503, 504", "on 403, 404, 500, 502, 503, 504"
_PAIR = [f"PRIMARY: {_IRELAND}", f"SECONDARY: {_FRANKFURT}"]
_GROUP = [f"first: {_IRELAND}", f"{_ERRORS}: {_FRANKFURT}"]
_BUCKETS = ["first: bucket in eu-west-1", f"{_MISSING}: bucket in eu-central-1"]
_EITHER_BUCKET = [f"a function may choose: bucket in {region}" for region in ("eu-west-1", "eu-central-1")]
_ROUTED = [_IRELAND, f"a function may choose: {_FRANKFURT}"]
# Reads go by the failover name first, and then to the standby itself.
_HYBRID = [*(f"first: {way}" for way in _PAIR), f"{_ERRORS}: {_FRANKFURT}"]
_BALANCERS = {region: f"load balancer in {region}, Function" for region in ("eu-west-1", "eu-central-1")}

#: By pattern, path and method: what may answer, in the order in which it is asked.
WAYS: dict[str, dict[tuple[str, str], list[str]]] = {
    "stale-content": {("/a", "GET"): [_IRELAND], ("/a", "POST"): [_REFUSED]},
    "origin-failover": {("/a", "GET"): _GROUP, ("/a", "POST"): [_REFUSED]},
    # Both members are the one API.
    "same-origin-retry": {
        ("/a", "GET"): [f"first: {_IRELAND}", f"{_ERRORS}: {_IRELAND}"],
        ("/a", "POST"): [_REFUSED],
    },
    "error-pages": {
        ("/a", "GET"): [_IRELAND],
        ("/errors/503.html", "GET"): ["bucket in us-east-1"],
        ("/a", "POST"): [_REFUSED],
    },
    # The second member answers nobody: a function answers in its place.
    "graceful-response": {
        ("/a", "GET"): [f"first: {_IRELAND}", f"{_ERRORS}: host cloudfront.amazonaws.com"],
        ("/orders/1", "POST"): [_IRELAND],
        ("/orders/1", "GET"): [_IRELAND],
        ("/graceful-response", "GET"): ["host cloudfront.amazonaws.com"],
    },
    "dns-failover": {("/a", "GET"): _PAIR, ("/a", "POST"): _PAIR},
    "hybrid-failover": {
        ("/a", "GET"): _HYBRID,
        ("/a", "POST"): [_REFUSED],
        ("/orders", "POST"): _PAIR,
        ("/orders/1", "GET"): _PAIR,
        ("/orders/1", "POST"): _PAIR,
    },
    "same-path-hybrid": {
        ("/a", "POST"): _PAIR,
        ("/a", "GET"): [*_PAIR, *(f"a function may choose: {way}" for way in _HYBRID)],
    },
    "routing-control": {("/a", "GET"): _PAIR, ("/a", "POST"): _PAIR},
    "standby-takes-over": {("/a", "GET"): _PAIR, ("/a", "POST"): _PAIR},
    "accelerator-multi-az": {("/a", "GET"): [f"eu-west-1 at 100 %: {_BALANCERS['eu-west-1']}"]},
    "accelerator-multi-region": {
        ("/a", "POST"): [
            f"eu-west-1 at 100 %: {_BALANCERS['eu-west-1']}",
            f"eu-central-1 at 0 %: {_BALANCERS['eu-central-1']}",
        ]
    },
    "zonal-shift": {("/a", "GET"): [_BALANCERS["eu-west-1"]]},
    "bucket-failover": {("/a", "GET"): _BUCKETS, ("/a", "POST"): [_REFUSED]},
    "bucket-dns-failover": {("/a", "GET"): ["bucket in eu-west-1", *_EITHER_BUCKET], ("/a", "POST"): [_REFUSED]},
    "multi-region-access-point": {("/a", "GET"): ["nearest of buckets in eu-west-1, eu-central-1"]},
    # Both balancers let in what sends the guard's header, as the origin does.
    "origin-guard": {
        ("/a", "GET"): [f"PRIMARY: {_BALANCERS['eu-west-1']}", f"SECONDARY: {_BALANCERS['eu-central-1']}"],
        ("/a", "POST"): [f"PRIMARY: {_BALANCERS['eu-west-1']}", f"SECONDARY: {_BALANCERS['eu-central-1']}"],
    },
    "latency-api": {
        ("/a", "GET"): [f"near eu-west-1: {_IRELAND}", f"near eu-central-1: {_FRANKFURT}"],
        ("/a", "POST"): [f"near eu-west-1: {_IRELAND}", f"near eu-central-1: {_FRANKFURT}"],
    },
    "nearest-bucket": {("/a", "GET"): [*_BUCKETS, *_EITHER_BUCKET], ("/a", "POST"): [_REFUSED]},
    "path-routing": {
        ("/api1/a", "GET"): [_IRELAND],
        ("/api1/a", "POST"): [_IRELAND],
        ("/api2/a", "POST"): [_FRANKFURT],
        ("/a", "GET"): _GROUP,
        ("/a", "POST"): [_REFUSED],
    },
    "rule-router": {("/a", "GET"): _ROUTED, ("/a", "POST"): _ROUTED},
    "tenant-router": {("/a", "GET"): _ROUTED, ("/a", "POST"): _ROUTED},
    "home-region": {("/a", "GET"): _ROUTED, ("/a", "POST"): _ROUTED},
}
