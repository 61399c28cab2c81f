"""Whatever a file holds, the command says one clear line with the place, within bounds, and never a traceback."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ha_patterns.checks import RULES, check
from ha_patterns.cli import main
from ha_patterns.topology import TemplateError, load

_TEMPLATES = sorted((Path(__file__).parent / "templates").glob("*.yaml"))

_BOMB = b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n".encode() for level in range(1, 12)
)
# Name, content, what is said of it.
_BROKEN: list[tuple[str, bytes, str]] = [
    ("empty.json", b"", "is empty"),
    ("empty.yaml", b"", "is empty"),
    ("space.yaml", b" \n\n", "is empty"),
    ("text.yaml", b"just a sentence", "is no template"),
    ("list.json", b"[]", "is no template"),
    ("number.json", b"1", "is no template"),
    ("null.json", b"null", "is no template"),
    ("nothing.json", b"{}", "is no template: it has no Resources"),
    ("resources-list.json", b'{"Resources": []}', "is no template: it has no Resources"),
    ("cut.json", b'{"Resources": {"A": {"Type": "AWS::SNS::Topic"', "is not JSON"),
    ("cut.yaml", b"Resources:\n  A: {Type: 'AWS::SNS", "is not YAML"),
    ("comma.json", b'{"Resources": {},}', "is not JSON"),
    ("tab.yaml", b"Resources:\n\tA: 1\n", "is not YAML"),
    ("tag.yaml", b"Resources:\n  A: !!python/object:os.system x\n", "has the tag"),
    ("unknown-tag.yaml", b"Resources:\n  A: !Nope x\n", "has the tag !Nope"),
    ("documents.yaml", b"Resources: {}\n---\nResources: {}\n", "has more than one document"),
    ("brackets.json", b"[" * 100_000, "nested"),
    ("brackets.yaml", b"Resources: " + b"[" * 100_000, "nested"),
    ("dashes.yaml", b"- " * 100_000, "nested"),
    ("objects.json", b'{"a":' * 100_000, "nested"),
    ("bomb.yaml", _BOMB, "values"),
    ("circle.yaml", b"Resources: &a\n  A: *a\n", "holds itself"),
    (
        "digits.json",
        b'{"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": ' + b"9" * 100_000 + b"}}}",
        "digits",
    ),
    ("nan.json", b'{"Resources": {"A": NaN}}', "has NaN"),
    ("binary.json", bytes(range(256)) * 64, "is not text"),
    ("binary.yaml", b"\x7fELF\x02\x01\x01" + b"\x00" * 64, "is not"),
    ("zip.json", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", "is not"),
    ("latin.yaml", "Resources: {A: {Description: caf\u00e9}}".encode("latin-1"), "is not text in UTF-8"),
    ("utf16.json", '{"Resources": {}}'.encode("utf-16"), "UTF-16"),
]


@pytest.mark.parametrize(("name", "content", "says"), _BROKEN, ids=[name for name, _, _ in _BROKEN])
def test_a_broken_file_is_told_in_one_line_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert main(["check", str(path)]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"ha-patterns: {path}")
    assert says in line
    assert len(line) < 500


def test_broken_files_cost_little_time_and_memory(tmp_path: Path) -> None:
    for name, content, _ in _BROKEN:
        (tmp_path / name).write_bytes(content)
    program = (
        "import sys; from ha_patterns.cli import main\n"
        "statuses = {main(['check', path]) for path in sys.argv[1:]}\n"
        "sys.exit(0 if statuses == {2} else 1)"
    )

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3, 2 * 1024**3))

    done = subprocess.run(
        [sys.executable, "-c", program, *(str(tmp_path / name) for name, _, _ in _BROKEN)],
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert len(done.stderr.splitlines()) == len(_BROKEN)


def _alias(name: str, target: str, **more: Any) -> dict[str, Any]:
    alias = {"DNSName": target, "HostedZoneId": "Z0123456789ABCDEFGHIJ", "EvaluateTargetHealth": True}
    record = {"Name": name, "Type": "A", "HostedZoneId": "Z0123456789ABCDEFGHIJ", "AliasTarget": alias, **more}
    return {"Type": "AWS::Route53::RecordSet", "Properties": record}


def _weighted(level: int, number: int, target: str) -> dict[str, Any]:
    return _alias(f"l{level}.example.com", target, SetIdentifier=str(number), Weight=1)


def _calculated(*children: str) -> dict[str, Any]:
    references = [{"Ref": child} for child in children]
    config = {"Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": references}
    return {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": config}}


# What leads to what leads to what, by too many ways to go each of them.
_ENDLESS: dict[str, dict[str, Any]] = {
    "chain of aliases": {f"R{i}": _alias(f"n{i}.example.com", f"n{i + 1}.example.com") for i in range(3000)},
    "circle of aliases": {f"R{i}": _alias(f"n{i}.example.com", f"n{(i + 1) % 3000}.example.com") for i in range(3000)},
    "ladder of aliases": {
        f"R{level}x{i}": _weighted(level, i, f"l{level + 1}.example.com") for level in range(60) for i in range(40)
    },
    "chain of health checks": {f"H{i}": _calculated(f"H{i + 1}") for i in range(3000)},
    "ladder of health checks": {
        f"H{level}x{i}": _calculated(*(f"H{level + 1}x{k}" for k in range(40)))
        for level in range(11)
        for i in range(40)
    },
}


@pytest.mark.parametrize("command", [("check", "--format", "github", "--rto", "60"), ("diagram", "--format", "svg")])
@pytest.mark.parametrize("name", _ENDLESS)
def test_what_leads_on_and_on_is_checked_and_drawn_in_bounded_time(
    tmp_path: Path, name: str, command: tuple[str, ...]
) -> None:
    path = tmp_path / "endless.json"
    path.write_text(json.dumps({"Resources": _ENDLESS[name]}), encoding="utf-8")
    program = "import sys; from ha_patterns.cli import main; sys.exit(main(sys.argv[1:]))"

    done = subprocess.run(
        [sys.executable, "-c", program, command[0], str(path), *command[1:]],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode in (0, 1, 2), done.stderr[-2000:]
    assert len(done.stderr.splitlines()) == (done.returncode == 2)


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        "{}",
        '{"artifacts": 1}',
        '{"artifacts": {"a": 1}}',
        '{"artifacts": {"a": {"type": "aws:cloudformation:stack"}}}',
        '{"artifacts": {"a": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "no.json"}}}}',
        '{"artifacts": {"a": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "/etc/hostname"}}}}',
        '{"artifacts": {"a": {"type": "aws:cloudformation:stack", "properties": {"templateFile": ["x"]}}}}',
        '{"artifacts": {"a": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "a\\u0000b"}}}}',
        '{"artifacts": {"a": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}}}',
        '{"artifacts": {"a": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "no"}}}}',
    ],
)
def test_a_broken_cloud_assembly_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], manifest: str
) -> None:
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")

    assert main(["check", str(tmp_path)]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"ha-patterns: {tmp_path}")


def test_an_empty_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert "is no cloud assembly, and has no template in it; run cdk synth first" in capsys.readouterr().err


@pytest.mark.property
@given(
    st.sampled_from(_TEMPLATES),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=12), st.integers(0, 40)), min_size=1, max_size=4),
)
def test_a_damaged_template_is_checked_or_refused(
    tmp_path_factory: pytest.TempPathFactory, template: Path, damage: list[tuple[int, bytes, int]]
) -> None:
    content = template.read_bytes()
    for place, inserted, removed in damage:
        at = place % (len(content) + 1)
        content = content[:at] + inserted + content[at + removed :]
    path = tmp_path_factory.getbasetemp() / "damaged.yaml"
    path.write_bytes(content)

    assert main(["check", str(path), "--verbose", "--rto", "60"]) in (0, 1, 2)


_ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "*", "AWS::NoValue", "Site", "${Site}", "GET", "403", "example.com", "a" * 300, "\u0000"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If", "Fn::Join", "Fn::Select", "Id", "Items", "Type"]
            ),
            inner,
            max_size=2,
        )
    ),
    max_leaves=6,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += _paths(inner, (*path, key))
    return found


@pytest.mark.property
@given(st.data())
@example(None)
def test_odd_values_anywhere_in_a_template_are_checked_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject | None
) -> None:
    from ha_patterns.documents.yaml_reader import CLOUDFORMATION_TAGS
    from ha_patterns.documents.yaml_reader import load as load_yaml

    template = data.draw(st.sampled_from(_TEMPLATES)) if data else _TEMPLATES[0]
    document = load_yaml(template.read_bytes(), is_json=False, tags=CLOUDFORMATION_TAGS)
    for _ in range(data.draw(st.integers(1, 3)) if data else 0):
        assert data is not None
        *parents, last = data.draw(st.sampled_from(_paths(document)[1:] or [("Resources",)]))
        holder = document
        for key in parents:
            holder = holder[key]
        holder[last] = data.draw(_ODD)
    path = tmp_path_factory.getbasetemp() / "odd.json"
    path.write_text(json.dumps(document), encoding="utf-8")

    try:
        report = check(load(path))
    except TemplateError:
        return
    assert all(finding.rule.id in RULES for finding in report.findings)
