"""The command ha-patterns diagram, as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.cli import main
from ha_patterns.diagram import mermaid

from .conftest import behavior, distribution, group, origin, record

Template = Callable[..., str]


@pytest.fixture
def template(tmp_path: Path) -> Template:
    """The path of a template that has some resources."""

    def write(resources: dict[str, Any], name: str = "site.json", **sections: Any) -> str:
        path = tmp_path / name
        path.write_text(json.dumps({"Resources": resources, **sections}), encoding="utf-8")
        return str(path)

    return write


def site(codes: tuple[int, ...] = (500, 502, 503, 504), host: Any = None) -> dict[str, Any]:
    return distribution(
        behavior("both"),
        origins=[origin("one", host), origin("two")],
        OriginGroups={"Quantity": 1, "Items": [group("one", "two", codes=codes)]},
    )


def told(capsys: pytest.CaptureFixture[str]) -> str:
    output = capsys.readouterr()
    assert output.out == ""
    [line] = output.err.splitlines()
    return line


def test_it_prints_mermaid_unless_another_format_is_asked(
    capsys: pytest.CaptureFixture[str], template: Template
) -> None:
    assert main(["diagram", template({"Site": site()})]) == 0
    assert capsys.readouterr().out.startswith("flowchart LR\n")

    assert main(["diagram", template({"Site": site()}), "--format", "svg"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("<svg ")
    assert printed.endswith("</svg>\n")


def test_what_check_finds_is_marked_unless_it_is_not_wanted(
    capsys: pytest.CaptureFixture[str], template: Template
) -> None:
    path = template({"Site": site(codes=(500,))})

    main(["diagram", path])
    assert "HA003" in capsys.readouterr().out
    main(["diagram", path, "--no-checks"])
    assert "HA0" not in capsys.readouterr().out


def test_parameters_are_those_of_the_templates(capsys: pytest.CaptureFixture[str], template: Template) -> None:
    path = template({"Site": site(host={"Ref": "Host"})}, Parameters={"Host": {"Type": "String"}})

    assert main(["diagram", path, "--parameter", "Host=api.example.net"]) == 0

    assert "api.example.net" in capsys.readouterr().out


def test_a_file_is_written_whole_and_replaces_the_old_one(
    capsys: pytest.CaptureFixture[str], template: Template, tmp_path: Path
) -> None:
    output = tmp_path / "site.svg"
    output.write_text("old")

    assert main(["diagram", template({"Site": site()}), "--format", "svg", "--output", str(output)]) == 0

    assert output.read_text(encoding="utf-8").endswith("</svg>\n")
    assert capsys.readouterr() == ("", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site.json", "site.svg"]


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(
    capsys: pytest.CaptureFixture[str], template: Template, tmp_path: Path
) -> None:
    output = tmp_path / "folder"
    output.mkdir()

    assert main(["diagram", template({"Site": site()}), "--output", str(output)]) == 2

    assert "--output" in told(capsys)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "site.json"]


def test_one_stack_of_several_is_drawn_by_its_name(capsys: pytest.CaptureFixture[str], template: Template) -> None:
    paths = [template({"Site": site()}, "one.json"), template({"Other": site()}, "two.json")]

    assert main(["diagram", *paths, "--stack", "tw*"]) == 0

    printed = capsys.readouterr().out
    assert "Other" in printed
    assert "Site" not in printed


def test_a_stack_that_is_not_there_is_told_with_those_that_are(
    capsys: pytest.CaptureFixture[str], template: Template
) -> None:
    assert main(["diagram", template({"Site": site()}), "--stack", "nope"]) == 2

    assert told(capsys) == "ha-patterns: --stack nope: no stack is called so; there are site"


@pytest.mark.parametrize(
    "resources",
    [
        {},
        {"Logs": {"Type": "AWS::S3::Bucket"}},
        {"Mail": record("mail.example.com", "mx.example.net")},
    ],
)
def test_nothing_to_draw_is_told(
    capsys: pytest.CaptureFixture[str], template: Template, resources: dict[str, Any]
) -> None:
    assert main(["diagram", template(resources)]) == 2

    assert told(capsys).startswith("ha-patterns: nothing to draw: no distribution, accelerator, health check or DNS")


def test_what_is_no_template_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    path.write_text("[]")

    assert main(["diagram", str(path)]) == 2

    assert str(path) in told(capsys)


def test_more_than_github_draws_is_told_beside_the_picture(
    capsys: pytest.CaptureFixture[str], template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mermaid, "MOST_EDGES", 3)

    assert main(["diagram", template({"Site": site()})]) == 0

    output = capsys.readouterr()
    assert output.out.startswith("flowchart LR\n")
    assert "GitHub draws at most 3 arrows" in output.err


def test_an_output_that_cannot_take_the_text_is_told(template: Template) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ha_patterns.cli", "diagram", template({"Site": site()})],
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.startswith("ha-patterns: the output takes ascii only: use --output")


def test_the_command_line_starts_without_what_only_drawing_needs() -> None:
    program = "import sys; from ha_patterns.cli import main\n"
    program += "try: main(['diagram', '--help'])\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    imported = set(done.stderr.split())
    assert "ha_patterns.diagram.command" in imported
    assert not imported & {"yaml", "rich", "aws_cdk", "ha_patterns.topology.model", "ha_patterns.diagram.layout"}


def test_a_template_is_drawn_once_for_each_copy(capsys: pytest.CaptureFixture[str], template: Template) -> None:
    path = template({"Site": site()}, "app.json")
    copies = [f"--template={path},AWS::Region={region}" for region in ("eu-west-1", "us-east-1")]

    assert main(["diagram", *copies, "--format", "svg"]) == 0
    assert "Topology of app.json<" in capsys.readouterr().out
    assert main(["diagram", *copies, "--stack", "app (us-east-1)"]) == 0


def test_without_a_template_it_says_what_to_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagram"]) == 2
    assert "name a cloud assembly, a folder with templates or a template" in told(capsys)


def test_what_can_be_read_is_drawn(capsys: pytest.CaptureFixture[str], template: Template, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("Resources: {A: {Type: AWS::S3::Bucket}\n", encoding="utf-8")

    assert main(["diagram", template({"Site": site()}), str(tmp_path / "broken.yaml")]) == 2

    told = capsys.readouterr()
    assert told.out.startswith("flowchart LR\n")
    assert told.err.startswith(f"ha-patterns: cannot be read: {tmp_path / 'broken.yaml'}:2: ")
