"""A status that a function answers with has its phrase."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from lambda_edge.common import responses

# The name of this status changed with RFC 9110, and Python's table follows since 3.13.
_RENAMED = {414: "URI Too Long"}


@pytest.mark.parametrize("status", [200, 301, 302, 303, 307, 308, 400, 403, 404, 410, 414, 429, 451, 500, 503])
def test_a_status_has_its_phrase(status: int) -> None:
    phrase = _RENAMED.get(status, HTTPStatus(status).phrase)

    assert responses.response(status, {})["statusDescription"].lower() == phrase.lower()
