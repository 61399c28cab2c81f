"""The cookie that says where a user's data is at home: signed, so that nobody invents a Region, and nobody's in person.

``v1.<key id>.<region>.<day>.<mac>``: it holds nothing of the user, so it makes few values of a cache key, and can be
copied from one user to another. Where it is bound to a user, the mac covers something of the user's, and cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .keys import Key

NAME = "__Host-home"
SECONDS_PER_DAY = 86_400
# What is longer is none, before anything is computed of it.
_LONGEST = 128
_FORM = re.compile(r"v1\.([0-9a-f]{8})\.([a-z0-9-]{1,32})\.([1-9][0-9]{0,5})\.([0-9a-f]{64})")
_LINE = re.compile(r"[\t\x20-\x7e\x80-\ud7ff\ue000-\U0010ffff]*")
# Browsers drop no other: with one before it, a name would begin with ``__Host-`` here, and not where that is enforced.
_SPACE = " \t"
# What an origin's own cookies may take together: half of what CloudFront takes of all headers.
_MOST = 16_384
# What is signed begins with it, so that no signature made for anything else with the same key can be one of these.
_LABEL = "ha-patterns home-region v1"


class Cookie(NamedTuple):
    """What a cookie says, whether or not it is true.

    Attributes:
        key_id: Which key signed it.
        region: The home.
        day: The last day on which it counts, in days since 1970.
        mac: The signature.
    """

    key_id: str
    region: str
    day: int
    mac: str

    def __str__(self) -> str:
        return f"v1.{self.key_id}.{self.region}.{self.day}.{self.mac}"


def value_of(headers: Mapping[str, Any], name: str) -> str | None:
    """The value of a cookie that a viewer sent; None where there is none, or more than one."""
    found = None
    for header in headers.get("cookie", ()):
        for pair in header["value"].split(";"):
            # Nearly all are others, of which there may be thousands.
            if name in pair:
                own, equals, value = pair.partition("=")
                if equals and own.strip(_SPACE) == name:
                    if found is not None:
                        return None
                    found = value.strip(_SPACE)
    return found


def parse(text: str) -> Cookie | None:
    """What a text says; None where it is malformed or over-long."""
    form = _FORM.fullmatch(text) if len(text) <= _LONGEST else None
    if form is None:
        return None
    key_id, region, day, mac = form.groups()
    return Cookie(key_id, region, int(day), mac)


def as_lines(values: Iterable[str]) -> list[str]:
    """The values of a header that is written again, with one more.

    Raises:
        ValueError: They are none that CloudFront takes, or so many that one more may be too many.
    """
    lines = list(values)
    if not all(map(_LINE.fullmatch, lines)) or sum(map(len, lines)) > _MOST:
        raise ValueError("the values of a header are no lines of text, or too many")
    return lines


def sign(key: Key, distribution: str, region: str, day: int, user: str) -> Cookie:
    """A cookie.

    Args:
        key: What signs it.
        distribution: Where alone it counts.
        region: The home.
        day: The last day on which it counts.
        user: What of the user's it is bound to; empty where it is bound to nobody.
    """
    import hmac
    from hashlib import sha256

    # What comes from a viewer is hashed first: it could hold anything, a line's end too.
    bound = sha256(user.encode("utf-8", "surrogatepass")).hexdigest() if user else ""
    message = "\n".join((_LABEL, distribution, key.id, region, str(day), bound))
    return Cookie(
        key.id, region, day, hmac.digest(key.secret, message.encode("utf-8", "surrogatepass"), "sha256").hex()
    )


def is_signed(cookie: Cookie, key: Key, distribution: str, user: str) -> bool:
    """Whether it was signed with the key, for this distribution and user; how long that takes tells nothing."""
    import hmac

    return hmac.compare_digest(sign(key, distribution, cookie.region, cookie.day, user).mac, cookie.mac)
