"""Folders: what of them is a cloud assembly, and which files may be templates."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from .files import TemplateError, is_file, read_document

#: The file by which a cloud assembly is known.
MANIFEST = "manifest.json"
_ENDINGS = (".json", ".yaml", ".yml", ".template")
# Packages that a project has installed, and virtual environments: nobody deploys what is in them.
_INSTALLED = "node_modules"
_ENVIRONMENT = "pyvenv.cfg"
_MOST_FILES = 10_000


def is_assembly(folder: Path, max_size: int) -> bool:
    """Whether ``cdk synth`` has written a folder; other programs have files of that name, too.

    Args:
        folder: The folder.
        max_size: How many bytes of its manifest are read.

    Raises:
        TemplateError: Its manifest cannot be read.
    """
    manifest = folder / MANIFEST
    return is_file(manifest) and "artifacts" in read_document(manifest, max_size)


def found_in(folder: Path, max_size: int) -> Iterator[Path]:
    """The cloud assemblies in a folder, and the files that may be templates by their names.

    Hidden folders and installed packages are left out, and symbolic links to folders are not followed.

    Args:
        folder: The folder, which is no cloud assembly itself.
        max_size: How many bytes of a manifest are read.

    Raises:
        TemplateError: The folder cannot be read, or has too many such files.
    """
    count = 0

    def refuse(error: OSError) -> None:
        raise TemplateError(Path(error.filename), f"cannot be read: {error.strerror}")

    for name, folders, files in os.walk(folder, onerror=refuse):
        here = Path(name)
        inner = sorted(one for one in folders if not one.startswith(".") and one != _INSTALLED)
        inner = [one for one in inner if not is_file(here / one / _ENVIRONMENT)]
        assemblies = [one for one in inner if _is_assembly(here / one, max_size)]
        # os.walk goes on with what is left here.
        folders[:] = [one for one in inner if one not in assemblies]
        found = [one for one in sorted(files) if not one.startswith(".") and one.lower().endswith(_ENDINGS)]
        count += len(found)
        if count > _MOST_FILES:
            raise TemplateError(folder, f"has more than {_MOST_FILES} files in JSON and YAML: name the templates in it")
        yield from (here / one for one in (*found, *assemblies) if one in assemblies or is_file(here / one))


def _is_assembly(folder: Path, max_size: int) -> bool:
    """Whether a folder within another one is a cloud assembly: there, a manifest may be anybody's."""
    try:
        return is_assembly(folder, max_size)
    except TemplateError:
        return False
