"""A file that a command writes is whole, and stays the file that it was."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from ha_patterns.command_line.files import write_whole
from ha_patterns.command_line.frame import CommandError


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "any").write_text("")

    write_whole(tmp_path / "new", "é\n", "--output")

    assert (tmp_path / "new").read_bytes() == b"\xc3\xa9\n"
    assert _mode(tmp_path / "new") == _mode(tmp_path / "any")


def test_an_old_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_text("old")
    path.chmod(0o600)

    write_whole(path, "new", "--output")

    assert (path.read_text(), _mode(path)) == ("new", 0o600)


def test_a_link_stays_and_what_it_names_is_written(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to("target")

    write_whole(tmp_path / "link", "new", "--output")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


def test_a_second_name_names_the_new_text_too(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("old")
    (tmp_path / "two").hardlink_to(tmp_path / "one")

    write_whole(tmp_path / "one", "new", "--output")

    assert (tmp_path / "two").read_text() == "new"


def test_a_pipe_gets_the_text_and_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(path.read_text()), daemon=True)
    reader.start()

    write_whole(path, "new", "--output")

    reader.join(10)
    assert read == ["new"]
    assert path.is_fifo()


def test_a_file_in_a_folder_that_takes_no_more_is_written_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old"
    path.write_text("old")
    number = path.stat().st_ino
    # Not by permissions, which do not bind root.
    monkeypatch.setattr(os, "access", lambda *_: False)

    write_whole(path, "new", "--output")

    assert (path.read_text(), path.stat().st_ino) == ("new", number)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_keeps_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_text("old")
    os.chown(path, 1000, 1000)

    write_whole(path, "new", "--output")

    assert (path.read_text(), path.stat().st_uid) == ("new", 1000)
    assert [path] == list(tmp_path.iterdir())


def test_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_text("old")

    with pytest.raises(CommandError, match=r"--output .*old: cannot be written"):
        write_whole(path, "\ud800", "--output")

    assert path.read_text() == "old"
    assert [path] == list(tmp_path.iterdir())
