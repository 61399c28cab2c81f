"""Mutants are killed by tests that look at what they changed, and survive others."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools import mutants

_CODE = '''"""Sizes."""

from __future__ import annotations


def is_big(size: int) -> bool:
    """Whether it is above 10."""
    return size > 10


def label(size: int) -> str:
    names = []
    names.append("large")
    return names[0] if is_big(size) and not size == 99 else f"small {1}"


def made(scope: object, self: object) -> None:
    return print(scope, "Id"), print(self, "Id")
'''
_TEST = """from ha_patterns.sizes import is_big


def test_only_above_ten_is_big() -> None:
    assert is_big(11)
    assert not is_big(10)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a branch that has changed one line."""
    for name, text in {"ha_patterns/sizes.py": _CODE, "tests/test_sizes.py": _TEST}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).with_name("__init__.py").touch()
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    deploy\n    measures_time\n", encoding="utf-8")
    _git(tmp_path, "init", "--quiet", "--initial-branch=main")
    _commit(tmp_path)
    _git(tmp_path, "checkout", "--quiet", "-b", "change")
    return tmp_path


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True)


def _commit(root: Path) -> None:
    _git(root, "add", "--all")
    _git(root, "-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "more")


def _change(root: Path, old: str, new: str) -> None:
    file = root / "ha_patterns/sizes.py"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_each_mutant_has_one_fault_and_documentation_types_and_ids_of_constructs_have_none() -> None:
    found = mutants.mutants_of(Path("sizes.py"), _CODE.encode(), range(1, 99))

    assert {(one.line, one.fault) for one in found} == {
        (8, "size > 10 -> (size >= 10)"),
        (8, "10 -> 11"),
        (13, 'names.append("large") -> pass'),
        (13, "\"large\" -> 'largex'"),
        (14, "0 -> 1"),
        (14, "is_big(size) and not size == 99 -> (is_big(size) or not size == 99)"),
        (14, "not size == 99 -> (size == 99)"),
        (14, "size == 99 -> (size != 99)"),
        (14, "99 -> 100"),
    }


def test_a_change_is_the_lines_that_differ_and_all_of_a_new_file(root: Path) -> None:
    _change(root, '"large"', '"huge"')
    _commit(root)
    _change(root, "size > 10", "size > 11")
    (root / "ha_patterns/more.py").write_text("FEW = 3\n", encoding="utf-8")
    (root / "tests/test_more.py").touch()

    assert {path.name: set(lines) for path, lines in mutants.touched(root).items()} == {
        "sizes.py": {8, 13},
        "more.py": {1, 2},
    }


def test_a_tiny_test_kills_what_it_looks_at(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _change(root, "size > 10", "size > 10  # changed")
    _commit(root)

    assert mutants.main([], root) == 0

    assert capsys.readouterr().out.splitlines() == ["2 of 2 mutants, seed 0", "2 of 2 killed; the bar is 90 %"]


def test_what_no_test_looks_at_survives(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _change(root, "names[0]", "names[-0]")

    assert mutants.main(["--count=1", "--seed=5"], root) == 1

    [_, survived, killed] = capsys.readouterr().out.splitlines()
    assert survived.startswith("survived: ha_patterns/sizes.py:14: ")
    assert killed == "0 of 1 killed; the bar is 90 %"


def test_tests_that_fail_without_a_mutant_are_told(root: Path) -> None:
    _change(root, "size > 10", "size > 9")

    with pytest.raises(SystemExit, match=r"tests fail without a mutant: pytest tests/test_sizes\.py"):
        mutants.main(["ha_patterns"], root)


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("ha_patterns/edge/kept.py", "tests/edge/test_kept.py"),
        ("ha_patterns/checks/rules/origins.py", "tests/checks/test_origins.py"),
        ("ha_patterns/outage_failover/bucket_probe/__init__.py", "tests/outage_failover/test_bucket_probe.py"),
        ("lambda_edge/rule_router/decide.py", "tests/lambda_edge/test_rule_router_decide.py"),
        ("tools/docs.py", "tests/tools/test_docs.py"),
    ],
)
def test_the_tests_of_a_file_begin_with_those_that_are_called_like_it(path: str, first: str) -> None:
    assert (mutants.ROOT / path).is_file()
    assert mutants.tests_of(mutants.ROOT, Path(path))[0] == first


def test_then_come_all_of_the_folder_and_those_of_bad_input(tmp_path: Path) -> None:
    for name in ("edge/test_kept.py", "edge/test_a.py", "edge/cache/test_b.py", "test_bad_input.py", "test_c.py"):
        (tmp_path / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tests" / name).touch()

    of_folder = ["tests/edge/test_kept.py", "tests/edge/cache/test_b.py", "tests/edge/test_a.py"]
    assert mutants.tests_of(tmp_path, Path("ha_patterns/edge/kept.py")) == [*of_folder, "tests/test_bad_input.py"]
    assert mutants.tests_of(tmp_path, Path("ha_patterns/c.py")) == ["tests/test_c.py", "tests/test_bad_input.py"]
