"""What Route 53 takes of a record, and which records of one name it takes beside each other, read on 2026-12-01.

See https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html and, of CNAME,
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

#: The types of records that say something about a name, and nothing about where to connect. See
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
LABEL_TYPES = frozenset({"CAA", "DS", "PTR", "SPF"})
#: How the values of TXT records start that are labels, too: of the tool that made the name's other records
#: (https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/txt/), and of mail.
LABELS = ("heritage=", "v=spf1", "v=dmarc1", "v=dkim1")
#: The weights that a record may have.
WEIGHTS = range(256)
#: Seconds until an edit of a record has reached all of Route 53's servers: "generally ... within 60 seconds". See
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
EDIT_SECONDS = 60
#: Seconds until the records of a zone with accelerated recovery can be edited again when us-east-1 is out. See
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/accelerated-recovery.html, read on 2026-11-30.
RECOVERED_SECONDS = 3_600
#: With how many records at most a multivalue answer is given. See
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-multivalue.html
MOST_ANSWERS = 8
#: The longest set identifier, in characters.
LONGEST_SET_IDENTIFIER = 128
#: What a failover record may be.
HALVES = ("PRIMARY", "SECONDARY")
#: Types of which a record has one value: "You can specify more than one value for all record types except CNAME and
#: SOA". See https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecord.html
ONE_VALUE_TYPES = frozenset({"CNAME", "SOA"})
#: Types that Route 53 chooses no record of: they take no routing policy.
UNROUTED_TYPES = frozenset({"DS", "NS", "SOA"})
#: Types of which there is no multivalue answer.
NO_MULTIVALUE_TYPES = UNROUTED_TYPES | {"CNAME"}
#: Types that an alias to a resource of AWS may have; one to a record has the type of that. HTTPS is of distributions.
ALIAS_TYPES = frozenset({"A", "AAAA", "HTTPS"})


@dataclass(frozen=True)
class RecordSet:
    """A record of a name, as far as others of the same name and zone depend on it.

    Attributes:
        type: Such as ``A``.
        policy: How Route 53 chooses it among others, such as ``Failover``; None for a plain record.
        set_identifier: What tells it from others of the same name, type and policy; None for a plain record.
        place: Whom it is for, such as the Region of a latency record or the location of a geolocation record, of which
            there is one record for each; None if others may be for the same.
    """

    type: str
    policy: str | None = None
    set_identifier: Hashable | None = None
    place: Hashable | None = None


def refused_beside(one: RecordSet, other: RecordSet) -> str | None:
    """Why Route 53 refuses to have both records of one name in a zone; None if it takes them."""
    if one.type != other.type:
        return "a CNAME is alone at its name" if "CNAME" in (one.type, other.type) else None
    if one.policy != other.policy:
        return f"{_spoken(one)} and {_spoken(other)} record of one name and type exclude each other"
    if one.set_identifier == other.set_identifier:
        return "there is one record of a name, a type and a set identifier"
    if one.place is not None and one.place == other.place:
        return f"there is {_spoken(one).replace('a ', 'one ', 1)} record of a name and type for each place"
    return None


def _spoken(record: RecordSet) -> str:
    return "a plain" if record.policy is None else f"a {record.policy.lower()}"
