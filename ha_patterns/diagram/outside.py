"""What is in none of the templates, and is known by its ARN or its id."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..topology.values import Unresolved, Value
from . import describe
from .graph import EDGE, Kind

# By the beginning of the last part of an ARN.
_KINDS = {
    "loadbalancer/": Kind.LOAD_BALANCER,
    "instance/": Kind.INSTANCE,
    "elastic-ip/": Kind.ADDRESS,
    "accelerator/": Kind.ACCELERATOR,
    "key-value-store/": Kind.STORE,
}
_ACCELERATOR_LEVELS = 2
_IDS = {"i-": Kind.INSTANCE, "eipalloc-": Kind.ADDRESS, "vo_": Kind.VPC_ORIGIN}
_BALANCERS = {"app": "application", "net": "network", "gwy": "gateway"}
_ARN_PARTS = 6
_PSEUDO = re.compile(r"\$\{(AWS::\w+)\}")
# As a parameter is written within a text.
_PARAMETER = "${"
_REGION = re.compile(r"[a-z]+(-[a-z]+)+-\d+")


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What a picture can tell of it.

    Attributes:
        key: The same for the same thing.
        kind: What it is; None if nothing tells.
        title: Its name or id; ``?`` if unknown.
        details: What else is worth knowing: what would have to be known.
        region: Where it is; None if nothing tells.
    """

    key: object
    kind: Kind | None = None
    title: str = "?"
    details: tuple[str, ...] = ()
    region: str | None = None


def outside(value: Value) -> Outside:
    """What a value that names something outside of the templates tells of it."""
    text = describe.gap(value) if isinstance(value, Unresolved) else str(value)
    text = _PSEUDO.sub(lambda match: describe.pseudo(match[1]), text)
    parts = text.split(":", _ARN_PARTS - 1)
    if parts[0] == "arn" and len(parts) == _ARN_PARTS:
        return _of_arn(text, parts[3], parts[5])
    # Sentences and pseudo parameters are no names.
    if " " in text or text.startswith("AWS::") or not text:
        return Outside(key=value, details=(text,))
    kind = next((kind for beginning, kind in _IDS.items() if text.startswith(beginning)), None)
    return Outside(key=value if _PARAMETER in text else text, kind=kind, title=text)


def _of_arn(arn: str, region: str, name: str) -> Outside:
    # arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/name/id
    # arn:aws:globalaccelerator::123456789012:accelerator/id/listener/id
    kind = next((kind for beginning, kind in _KINDS.items() if name.startswith(beginning)), None)
    levels = name.split("/")
    details: tuple[str, ...] = ()
    title = levels[1] if kind is not None else name
    if kind is Kind.LOAD_BALANCER and len(levels) > 2:
        title, details = levels[2], (_BALANCERS.get(levels[1], ""),)
    key = "/".join(levels[:_ACCELERATOR_LEVELS]) if kind is Kind.ACCELERATOR else arn
    if kind in (Kind.ACCELERATOR, Kind.STORE):
        region = EDGE
    elif _REGION.fullmatch(region) is None:
        return Outside(key=key, kind=kind, title=title, details=details)
    return Outside(key=key, kind=kind, title=title, details=details, region=region)
