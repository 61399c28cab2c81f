"""The short tags of CloudFormation: each stands for a mapping with one key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Tag(NamedTuple):
    """What a tag stands for.

    Attributes:
        key: The key of its value in the mapping.
        splits: Whether text is two: what is before the first dot, and what is after it.
    """

    key: str
    splits: bool = False


Tags = Mapping[str, Tag]

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
_FUNCTIONS = (
    *("And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap", "ForEach"),
    *("GetAZs", "GetStackOutput", "If", "Implies", "ImportValue", "Join", "Length", "Not", "Or", "RefAll", "Select"),
    *("Split", "Sub", "ToJsonString", "Transform", "ValueOf", "ValueOfAll"),
)

CLOUDFORMATION_TAGS: Tags = {
    "!Ref": Tag("Ref"),
    "!Condition": Tag("Condition"),
    "!GetAtt": Tag("Fn::GetAtt", splits=True),
    **{f"!{name}": Tag(f"Fn::{name}") for name in _FUNCTIONS},
}
