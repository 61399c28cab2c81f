"""What the commands that read templates share: which templates, and with which parameters."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..command_line.frame import CommandError

if TYPE_CHECKING:
    from . import Topology

_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


def add_arguments(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Add them to those of a command.

    Args:
        parser: The command's.
        optional: Whether the command has another use, without a template.
    """
    parser.add_argument(
        "paths",
        nargs="*" if optional else "+",
        type=Path,
        metavar="PATH",
        help="a folder that cdk synth has written (cdk.out), or a template of CloudFormation or SAM in JSON or YAML; "
        "several are read together, references between them included",
    )
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the templates, or a pseudo parameter such as AWS::Region=eu-west-1 (default: the "
        "templates' defaults)",
    )
    parser.add_argument(
        "--max-template-size",
        type=_size,
        default="32M",
        metavar="SIZE",
        help="the largest file that is read, in bytes, or with K, M or G behind it (default: %(default)s)",
    )


def load_topology(arguments: argparse.Namespace) -> Topology:
    """What the arguments name.

    Raises:
        CommandError: It cannot be read.
    """
    from . import TemplateError, load

    try:
        return load(
            *arguments.paths,
            parameters=_parameters(arguments.parameter),
            max_template_size=arguments.max_template_size,
        )
    except TemplateError as error:
        raise CommandError(str(error)) from None


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
