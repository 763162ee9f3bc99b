"""--report: which reports were asked for, and the files that they are written to."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from cluster_stacks.cli._options import Context
    from cluster_stacks.reporting.report import Report

_NAME_ONE = "name a file (--report NAME=FILE)"


class Reports:
    """The files of one run, by path. A verb with several results (a branch each) is told in each file as a whole."""

    def __init__(self, files: Mapping[Path, str]) -> None:
        self._files = files
        self._report: Report | None = None

    @property
    def names(self) -> set[str]:
        """The forms that are wanted."""
        return set(self._files.values())

    def write(self, report: Report) -> None:
        """Writes every file anew, with this report and those before it. Raises OSError where one cannot be written."""
        from cluster_stacks.reporting.reporters import reporter

        self._report = report = report if self._report is None else self._report.joined(report)
        for path, name in self._files.items():
            _write(path, reporter(name)(report))


def reporting(context: Context, wanted: Sequence[str], *, prints: bool) -> Context:
    """The context with the reports that are wanted. Raises click.UsageError where they cannot be.

    Without `prints` standard output takes only the forms that --format has.
    """
    name, files = _targets(wanted)
    if name:
        ours = click.get_current_context()
        if ours.get_parameter_source("format_") is not ParameterSource.DEFAULT:
            raise click.UsageError(f"--format and --report {name} both want standard output: {_NAME_ONE}")
        if not prints and name not in _formats(ours):
            raise click.UsageError(f"standard output has the result of `{ours.info_name}`: {_NAME_ONE}")
        context = context._replace(format=name)
    return context._replace(reports=Reports(files)) if files else context


def _formats(context: click.Context) -> Sequence[str]:
    choice = next(option.type for option in context.command.params if option.name == "format_")
    return choice.choices if isinstance(choice, click.Choice) else ()


def _targets(wanted: Sequence[str]) -> tuple[str, dict[Path, str]]:
    """The form for standard output, empty for none, and those of the files."""
    from cluster_stacks.reporting.reporters import REPORTERS

    printed = ""
    files: dict[Path, str] = {}
    for each in wanted:
        name, equals, file = each.partition("=")
        if name not in REPORTERS:
            raise click.UsageError(f"--report {name}: there is no such form; there are {', '.join(REPORTERS)}")
        if equals and not file:
            raise click.UsageError(f"--report {each} names no file")
        if not equals and printed:
            raise click.UsageError(f"--report {printed} and --report {name} both want standard output: {_NAME_ONE}")
        path = Path(os.path.realpath(file))
        if equals and path in files:
            raise click.UsageError(f"--report {files[path]} and --report {name} both want {file}")
        if equals:
            files[path] = name
        else:
            printed = name
    return printed, files


def _write(path: Path, text: str) -> None:
    """Puts a whole file in the place of what was there; a pipe or a device is written to."""
    data = text.encode("utf-8", "backslashreplace")
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    from cluster_stacks.runtime.files import put, umask

    put(path, data, 0o666 & ~umask())
