"""`cluster-stacks changes`: which layers of which stacks changed."""

from __future__ import annotations

import click

from cluster_stacks.cli._options import Context, Range, common, range_options
from cluster_stacks.cli.exit_codes import FINE
from cluster_stacks.model.errors import Refused
from cluster_stacks.operations.changes import ChangesResult, find_changes
from cluster_stacks.operations.comparing import Question


@click.command("changes")
@common("text", "json")
@range_options
@click.option("--target", metavar="REF", help="The branch whose versions the new ones follow (default: the base).")
def command(context: Context, range_: Range, target: str | None) -> int:
    """Show which layers of which stacks changed.

    A layer changed where its effective files did, shared ones included, or a value that its templates read.
    """
    question = Question(range_.base, range_.head, range_.staged, range_.worktree, target)
    result = find_changes(context.repo, question)
    context.echo(_json(result) if context.format == "json" else _text(result))
    if not result.changes and not result.findings:
        context.say("no stack changed")
    if result.findings:
        raise Refused(*result.findings)
    return FINE


def _text(result: ChangesResult) -> str:
    from cluster_stacks.reporting.escape import printable

    lines = []
    for change in result.changes:
        versions = change.head or change.base
        status = "" if change.status == "changed" else f" ({change.status})"
        lines.append(f"{change.stack}{status} {versions.cluster_stack if versions else ''}".rstrip())
        for layer, reason in change.layers.items():
            lines.append(f"  {layer}")
            lines += [f"    {printable(key)}{' (shared)' if key in reason.shared else ''}" for key in reason.files]
            lines += [f"    {printable(value)}" for value in reason.values]
        if change.kubernetes_changed and change.base and change.head:
            lines.append(f"  kubernetes {change.base.kubernetes} to {change.head.kubernetes}")
    return "\n".join(lines)


def _json(result: ChangesResult) -> str:
    from cluster_stacks.documents.json import dumps
    from cluster_stacks.reporting.escape import encodable
    from cluster_stacks.versioning.expected import expected

    def versions(metadata: object) -> object:
        return metadata.as_dict() if metadata else None  # type: ignore[attr-defined]  # a Metadata where it is any

    return dumps({
        "schemaVersion": 1,
        "stacks": [
            {
                "stack": str(change.stack),
                "status": change.status.value,
                "layers": [layer.value for layer in change.layers],
                "files": {layer.value: [encodable(key) for key in why.files] for layer, why in change.layers.items()},
                "values": {layer.value: list(why.values) for layer, why in change.layers.items()},
                "base": versions(change.base),
                "head": versions(change.head),
                "expected": versions(expected(change)),
            }
            for change in result.changes
        ],
    })
