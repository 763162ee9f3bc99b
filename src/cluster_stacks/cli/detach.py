"""`cluster-stacks detach`: cuts a minor off from shared/."""

from __future__ import annotations

import click

from cluster_stacks.cli._options import Context, common, stack_argument
from cluster_stacks.cli.exit_codes import FINE
from cluster_stacks.operations.detach import DetachResult, detach


@click.command("detach")
@common("text", "json")
@click.option("--dry-run", is_flag=True, help="Show what would be copied, and write nothing.")
@stack_argument
def command(context: Context, stack: str, dry_run: bool) -> int:
    """Copy into STACK what it has from shared/, so that edits there reach it no longer.

    The files of the work tree are written. Its content stays the same, so no version moves; overlay.yaml gets the line
    `shared: false`.
    """
    result = detach(context.repo, stack, dry_run=dry_run)
    context.echo(_json(result, dry_run=dry_run) if context.format == "json" else _text(result, dry_run=dry_run))
    return FINE


def _text(result: DetachResult, *, dry_run: bool) -> str:
    from cluster_stacks.reporting.escape import printable

    if result.was_detached:
        return f"{result.stack} is detached already"
    count = f"{len(result.copied)} file{'' if len(result.copied) == 1 else 's'}"
    verb = "would be" if dry_run else "was" if len(result.copied) == 1 else "were"
    lines = [f"{result.stack}: {count} {verb} copied from shared/", *(f"  {printable(key)}" for key in result.copied)]
    return "\n".join(lines)


def _json(result: DetachResult, *, dry_run: bool) -> str:
    from cluster_stacks.documents.json import dumps
    from cluster_stacks.reporting.escape import encodable

    return dumps({
        "schemaVersion": 1, "stack": str(result.stack), "dryRun": dry_run, "wasDetached": result.was_detached,
        "copied": [encodable(key) for key in result.copied],
    })
