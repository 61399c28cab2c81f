"""Certificates of ACM."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Certificate
from ..reader import Read, Reader, Resource
from ..values import host_name


def _certificate(_reader: Reader, resource: Resource) -> Certificate:
    properties = resource.properties
    more = properties["SubjectAlternativeNames"].texts()
    names = (*properties["DomainName"].one_or_more(), *more)
    return Certificate(names=tuple(map(host_name, names)), **resource.head())


READERS: Mapping[str, Read] = {"AWS::CertificateManager::Certificate": _certificate}
