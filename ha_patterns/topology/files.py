"""Files with templates: read with bounds, and refused with their name and the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..documents.document import shown
from ..documents.yaml_reader import CLOUDFORMATION_TAGS, MAX_SIZE, DocumentError, Repeated, load

# What the type of a resource begins with.
_RESOURCES = b"AWS::"
# White space, and the mark of UTF-8.
_BEFORE = b" \t\r\n\xef\xbb\xbf"

#: CloudFormation's own limit is 1 MB; of what is not packaged yet, more.
DEFAULT_SIZE = MAX_SIZE


class TemplateError(Exception):
    """What cannot be read as a template, in one line.

    Attributes:
        path: The file.
        message: What is wrong with it, as a sentence goes on.
        line: The line there, counted from 1; None where it is the whole file.
    """

    def __init__(self, path: Path, message: str, line: int | None = None) -> None:
        super().__init__(f"{path}{'' if line is None else f':{line}'}: {message}")
        self.path = path
        self.message = message
        self.line = line


class NoTemplateError(TemplateError):
    """What is readable, or is not of CloudFormation: among other files it is skipped."""


@dataclass(frozen=True, kw_only=True)
class SkippedFile:
    """A file that was named among others, or found in a folder, and is left out.

    Attributes:
        path: The file.
        message: Why it is no template, or cannot be read, as a sentence goes on.
        unreadable: Whether it looks like a template, and cannot be read.
        line: The line that cannot be read, counted from 1; None if it is the whole file.
    """

    path: Path
    message: str
    unreadable: bool = False
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.path}{'' if self.line is None else f':{self.line}'}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class FileWarning:
    """Something in a file that is read, and that its author may not mean.

    Attributes:
        path: The file.
        line: The line there, counted from 1.
        message: What is there, as a sentence goes on.
    """

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def read_document(path: Path, max_size: int, warnings: list[FileWarning] | None = None) -> Mapping[str, Any]:
    """The object that a file of JSON or YAML is.

    Args:
        path: The file.
        max_size: How many bytes are read.
        warnings: Gets the keys that are there twice. Default: a file that has one is refused.

    Raises:
        NoTemplateError: The file is something else.
        TemplateError: It cannot be read.
    """
    repeated: list[Repeated] | None = None if warnings is None else []
    try:
        with path.open("rb") as file:
            content = file.read(max_size + 1)
    except OSError as error:
        raise TemplateError(path, f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise TemplateError(path, f"cannot be read: {error}") from None
    if len(content) > max_size:
        raise TemplateError(
            path,
            f"has more than {max_size} bytes, the largest file that is read: give a larger max_template_size, or "
            "--max-template-size to the command, such as 64M",
        )
    try:
        value = load(
            content,
            is_json=content.lstrip(_BEFORE)[:1] in (b"{", b"["),
            max_size=max_size,
            tags=CLOUDFORMATION_TAGS,
            repeated=repeated,
        )
    except DocumentError as error:
        # A template with a mistake in it must not be passed over; a file that names no resource of AWS is none.
        kind = TemplateError if _RESOURCES in content.replace(b"\0", b"") else NoTemplateError
        raise kind(path, str(error), error.line) from None
    if not isinstance(value, dict):
        raise NoTemplateError(path, "is no template: it is not an object")
    if warnings is not None:
        for key, line in repeated or ():
            message = f"has the key {shown(key)!r} twice; the last one counts"
            warnings.append(FileWarning(path=path, line=line, message=message))
    return value


def is_file(path: Path) -> bool:
    """Whether a file is there, of whatever name."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether a folder is there, of whatever name."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def within(path: Path, root: Path) -> bool:
    """Whether a path, which a template has named, is of a folder, wherever symbolic links lead."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    # RuntimeError: symbolic links that lead to each other. ValueError: half a character, or no character at all.
    except (OSError, RuntimeError, ValueError):
        return False
