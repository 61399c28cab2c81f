"""What the commands that read templates share: which templates, and with which parameters."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..command_line.frame import UNUSABLE, CommandError

if TYPE_CHECKING:
    from . import GivenTemplate, Topology

# Two commas stand for one that separates nothing.
_COMMAS = re.compile(r"(,,|,)")
_MOST_NAMES = 5
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add them to those of a command.

    Args:
        parser: The command's.
    """
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="a folder that cdk synth has written (cdk.out), another one with templates in it, or a template of "
        "CloudFormation or SAM in JSON or YAML; several are read together, references between them included, and files "
        "that are no templates are skipped",
    )
    parser.add_argument(
        "--template",
        action="append",
        default=[],
        metavar="PATH[,NAME=VALUE...]",
        help="a template or a folder with parameters of its own, such as app.yaml,AWS::Region=eu-west-1,Role=PRIMARY; "
        "may be given again for another Region (a comma within a path or a value is doubled)",
    )
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the templates, or a pseudo parameter such as AWS::Region=eu-west-1 (default: the "
        "templates' defaults); those of --template count before it",
    )
    parser.add_argument(
        "--max-template-size",
        type=_size,
        default="32M",
        metavar="SIZE",
        help="the largest file that is read, in bytes, or with K, M or G behind it (default: %(default)s)",
    )


def add_stack(parser: argparse.ArgumentParser, done: str) -> None:
    """Add ``--stack``, by which a command is about some of the stacks that are read.

    Args:
        parser: The command's.
        done: What it does with them, as a sentence goes on.
    """
    parser.add_argument(
        "--stack",
        action="append",
        default=[],
        metavar="NAME",
        help=f"a stack, or several by a pattern such as 'web-*': it {done} (default: all)",
    )


def require_stacks(topology: Topology, patterns: Sequence[str]) -> None:
    """Refuse a name of ``--stack`` that no stack has.

    Raises:
        CommandError: No stack is called so.
    """
    for pattern in patterns:
        if not any(stack.matches(pattern) for stack in topology.stacks):
            names = [stack.id for stack in topology.stacks]
            more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
            raise CommandError(
                f"--stack {pattern}: no stack is called so; there are {', '.join(names[:_MOST_NAMES])}{more}"
            )


def load_topology(arguments: argparse.Namespace, *, warn: bool = True) -> Topology:
    """The topology of what the arguments name.

    Args:
        arguments: The arguments.
        warn: Whether to tell on standard error what files have that their authors may not mean. Skipped files are
            told there in any case.

    Raises:
        CommandError: Nothing is named, or it cannot be read.
    """
    from . import TemplateError, load

    given = [_template(text) for text in arguments.template]
    if not arguments.paths and not given:
        raise CommandError("name a cloud assembly, a folder with templates or a template, for instance cdk.out")
    try:
        topology = load(
            *arguments.paths,
            *given,
            parameters=_parameters(arguments.parameter),
            max_template_size=arguments.max_template_size,
            skip_unreadable=True,
        )
    except TemplateError as error:
        raise CommandError(str(error)) from None
    for skipped in topology.skipped:
        sys.stderr.write(f"ha-patterns: {'cannot be read' if skipped.unreadable else 'skipped'}: {skipped}\n")
    for warning in topology.warnings if warn else ():
        sys.stderr.write(f"ha-patterns: warning: {warning}\n")
    return topology


def status_of(topology: Topology, status: int) -> int:
    """How a command ends that has read what could be read: a template that could not is told by the status, too.

    Args:
        topology: What was read.
        status: How it ends otherwise.
    """
    return UNUSABLE if any(skipped.unreadable for skipped in topology.skipped) else status


def names(arguments: argparse.Namespace) -> list[str]:
    """The names of the files and folders that the arguments name, each once."""
    paths = [*arguments.paths, *(_template(text).path for text in arguments.template)]
    return list(dict.fromkeys(path.name for path in paths))


def _template(text: str) -> GivenTemplate:
    """A template with its parameters, of the form PATH,NAME=VALUE,..."""
    from . import GivenTemplate

    path, *pairs = _parts(text)
    if not path:
        raise CommandError(f"--template is PATH,NAME=VALUE, got {text!r}")
    parameters: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            remedy = "a comma within a path or a value is doubled"
            raise CommandError(f"--template {path}: a comma is followed by NAME=VALUE, got {pair!r}; {remedy}")
        if name in parameters:
            raise CommandError(f"--template {path}: {name} is given twice")
        parameters[name] = value
    return GivenTemplate(path=Path(path), parameters=parameters)


def _parts(text: str) -> list[str]:
    """What is between single commas, with a comma for each two."""
    parts = [""]
    for piece in _COMMAS.split(text):
        if piece == ",":
            parts.append("")
        else:
            parts[-1] += "," if piece == ",," else piece
    return parts


def _parameters(given: list[str]) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise CommandError(f"--parameter is NAME=VALUE, got {text!r}")
        if name in parameters:
            raise CommandError(f"--parameter {name} is given twice")
        parameters[name] = value
    return parameters


def _size(text: str) -> int:
    digits, unit = (text[:-1], text[-1:].lower()) if text[-1:].isalpha() else (text, "")
    if not digits.isdecimal() or len(digits) > 12 or unit not in _UNITS or int(digits) == 0:
        raise argparse.ArgumentTypeError(f"must be a number of bytes, or one with K, M or G behind it, got {text!r}")
    return int(digits) * _UNITS[unit]
