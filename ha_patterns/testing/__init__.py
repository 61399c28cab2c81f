"""For tests of your own app: the checks without files or commands, and snapshots of templates.

``topology_of`` gives the topology of an app, as the checks take it::

    from ha_patterns.checks import Severity, check
    from ha_patterns.testing import topology_of

    def test_it_fails_over():
        assert check(topology_of(app)).at_least(Severity.WARNING) == ()

``TemplateSnapshotExtension`` takes out of a template what changes with every edit of code, and means nothing. Example,
with pytest and syrupy (``pip install 'ha-patterns[testing]'``)::

    from ha_patterns.testing import TemplateSnapshotExtension

    def test_my_stack(snapshot):
        template = Template.from_stack(stack).to_json()
        assert template == snapshot(extension_class=TemplateSnapshotExtension)
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .topologies import topology_of as topology_of

_ASSET_HASH = re.compile(r"\b[0-9a-f]{64}\b")
# Metadata that has the hashes of resources of other stacks; see ha_patterns/cdk/references.py.
_FOLLOWS = "ha-patterns:follows"
# A version's logical id ends in a hash of the function's code and configuration.
_CURRENT_VERSION = re.compile(r"(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}")


def normalize_template(template: Mapping[str, Any]) -> dict[str, Any]:
    """A template without what no review should look at.

    Asset hashes become ``<asset-hash>``; the code of a Lambda function that is in the template itself becomes
    ``<inline-code>``; the hash at the end of a Lambda version's logical id becomes ``<version-hash>``; the fingerprint
    of what a resource reads of another stack becomes ``<fingerprint>``; the parameter, rule and metadata that the CDK
    puts into every template are left out.

    Args:
        template: A synthesized template, as ``Template.from_stack(stack).to_json()`` gives it. It is not changed.

    Raises:
        ValueError: Something else, such as a ``Template``.
    """
    if not isinstance(template, Mapping):
        # Templates can be read without the CDK.
        from ..cdk.typed import check_typed

        check_typed("template", template, Mapping[str, Any])
    text = _CURRENT_VERSION.sub(r"\1<version-hash>", _ASSET_HASH.sub("<asset-hash>", json.dumps(template)))
    normal: dict[str, Any] = json.loads(text)
    for section, name in (
        ("Parameters", "BootstrapVersion"),
        ("Rules", "CheckBootstrapVersion"),
        ("Resources", "CDKMetadata"),
    ):
        if name in normal.get(section, {}):
            del normal[section][name]
            if not normal[section]:
                del normal[section]
    for resource in normal.get("Resources", {}).values():
        follows = resource.get("Metadata", {}).get(_FOLLOWS, {})
        follows.update(dict.fromkeys(follows, "<fingerprint>"))
        code = resource.get("Properties", {}).get("Code")
        if resource["Type"] == "AWS::Lambda::Function" and isinstance(code, dict) and "ZipFile" in code:
            code["ZipFile"] = "<inline-code>"
    return normal


def __dir__() -> list[str]:
    # What is imported on first use is there, too.
    return sorted({*globals(), "TemplateSnapshotExtension", "topology_of"})


def __getattr__(name: str) -> Any:
    if name == "topology_of":
        from .topologies import topology_of

        return topology_of
    if name != "TemplateSnapshotExtension":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from .snapshots import TemplateSnapshotExtension
    except ImportError:
        raise ImportError(
            "TemplateSnapshotExtension needs the package syrupy: pip install 'ha-patterns[testing]'"
        ) from None
    return TemplateSnapshotExtension
