"""Certificates of ACM."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Certificate
from ..reader import Read, Reader, Resource


def _certificate(_reader: Reader, resource: Resource) -> Certificate:
    properties = resource.properties
    more = properties["SubjectAlternativeNames"].texts()
    return Certificate(names=(*properties["DomainName"].one_or_more(), *more), **resource.head())


READERS: Mapping[str, Read] = {"AWS::CertificateManager::Certificate": _certificate}
