"""Tries the checks on other people's templates: ``python -m tools.try_checks FOLDER``.

Walks a folder, reads each cloud assembly and each template in it by itself, and prints how many there were, what was
refused and why, what each rule found, and some findings of each to read, and the types of resources that are only
counted. Ends with 1 where anything else than a refusal in one line came back.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from ha_patterns.checks import check
from ha_patterns.topology import TemplateError, load

_ENDINGS = (".json", ".yaml", ".yml", ".template")
# What the CDK and others put beside templates.
_NO_TEMPLATES = (".assets.json", ".metadata.json", "manifest.json", "tree.json", "cdk.json", "package.json")
_SHOWN = 5


def main(arguments: list[str]) -> int:
    """Try them all; exit status 1 where something crashed, 2 where no folder is named."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m tools.try_checks FOLDER", file=sys.stderr)
        return 2
    root = Path(arguments[0])
    refused: Counter[str] = Counter()
    found: defaultdict[str, list[str]] = defaultdict(list)
    types: Counter[str] = Counter()
    read: set[str] = set()
    counts = Counter(tried=0, crashed=0, clean=0)
    for path in _inputs(root):
        counts["tried"] += 1
        try:
            topology = load(path)
            findings = check(topology).findings
        except TemplateError as error:
            refused[str(error).removeprefix(str(error.path)).lstrip(":0123456789 ")[:60]] += 1
        except Exception:
            counts["crashed"] += 1
            print(f"{path}: {traceback.format_exc()}", file=sys.stderr)
        else:
            counts["clean"] += not findings
            types.update(topology.counts)
            read |= topology.types_read
            for one in findings:
                found[one.rule.id].append(f"{path.relative_to(root)} {one.place.name}: {one.message}")
    print(", ".join(f"{count} {what}" for what, count in counts.items()), f"{refused.total()} refused", sep=", ")
    for why, count in refused.most_common():
        print(f"  {count:5}  {why}")
    for rule_id, messages in sorted(found.items()):
        print(f"{rule_id}  {len(messages)}")
        # Some from all over, and the same ones each time.
        for message in messages[:: max(1, len(messages) // _SHOWN)][:_SHOWN]:
            print(f"  {message}")
    kept = Counter({kind: count for kind, count in types.items() if kind not in read})
    print(f"{len(kept)} types of resources are kept but not read, of {len(types)}; {kept.total()} resources have them")
    for kind, count in sorted(kept.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {count:5}  {kind}")
    return 1 if counts["crashed"] else 0


def _inputs(root: Path) -> Iterator[Path]:
    """Cloud assemblies and files that may be templates; links are not followed."""
    for folder, folders, files in os.walk(root):
        folders.sort()
        if "manifest.json" in files:
            yield Path(folder)
        for name in sorted(files):
            path = Path(folder, name)
            if name.endswith(_ENDINGS) and not name.endswith(_NO_TEMPLATES) and path.is_file():
                yield path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
