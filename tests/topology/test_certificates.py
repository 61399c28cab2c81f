"""Certificates, and the names that they are for."""

from __future__ import annotations

from ha_patterns.topology.model import Certificate
from ha_patterns.topology.values import Unresolved

from .loading import load_resources, only, ref, resource


def test_a_certificate_has_all_its_names() -> None:
    names = {"DomainName": "a.example.com", "SubjectAlternativeNames": ["*.example.com", ref("Nobody")]}
    certificate = only(load_resources({"One": resource("CertificateManager::Certificate", **names)}), Certificate)

    unknown = Unresolved("Nobody, which the template does not have")
    assert certificate.names == ("a.example.com", "*.example.com", unknown)
