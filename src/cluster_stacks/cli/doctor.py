"""`cluster-stacks doctor`: what is there, what is missing, and what will run."""

from __future__ import annotations

from collections.abc import Sequence

import click

from cluster_stacks.cli._options import Context, common
from cluster_stacks.cli.exit_codes import FINDINGS, FINE
from cluster_stacks.operations.diagnosis import Line, State

_COLORS = {State.OK: "green", State.MISSING: "yellow", State.WRONG: "red"}


@click.command("doctor")
@common("text", "json")
def command(context: Context) -> int:
    """Say what is there, what is missing, and what will run, with the command that mends it.

    Exit code 1 where something is wrong; what one may do without is only `missing`. Uses no network.
    """
    from cluster_stacks.operations.doctor import diagnose

    lines = diagnose(context.repo)
    context.echo(_json(lines) if context.format == "json" else _text(lines, color=context.color))
    return FINDINGS if any(line.state is State.WRONG for line in lines) else FINE


def _text(lines: Sequence[Line], *, color: bool) -> str:
    from cluster_stacks.reporting.escape import printable

    width = max(len(line.topic) for line in lines)
    told = []
    for line in lines:
        state = line.state.ljust(len(State.MISSING))
        shown = click.style(state, fg=_COLORS[line.state]) if color else state
        told.append(f"{shown}  {printable(line.topic).ljust(width)}  {printable(line.text)}")
        if line.fix:
            told.append(f"{' ' * (len(state) + width + 4)}→ {printable(line.fix)}")
    return "\n".join(told)


def _json(lines: Sequence[Line]) -> str:
    from cluster_stacks.documents.json import dumps
    from cluster_stacks.reporting.escape import encodable

    return dumps({
        "schemaVersion": 1,
        "checks": [
            {"topic": encodable(line.topic), "state": line.state.value, "text": encodable(line.text),
             "fix": encodable(line.fix) or None}
            for line in lines
        ],
    })
