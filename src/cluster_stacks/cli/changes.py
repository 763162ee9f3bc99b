"""`cluster-stacks changes`: which layers of which stacks changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cluster_stacks.cli._options import Context, Range, common, range_options, say_base
from cluster_stacks.cli.exit_codes import FINE
from cluster_stacks.model.errors import Refused
from cluster_stacks.operations.changes import ChangesResult, find_changes
from cluster_stacks.operations.comparing import Question

if TYPE_CHECKING:
    from cluster_stacks.versioning.change import LayerChange


@click.command("changes")
@common("text", "json")
@range_options
@click.option("--target", metavar="REF", help="The branch whose versions the new ones follow (default: the base).")
def command(context: Context, range_: Range, target: str | None) -> int:
    """Show which layers of which stacks changed.

    A layer changed where its effective files did, shared ones included, or a value that its templates read.
    """
    question = Question(range_.base, range_.head, range_.staged, range_.worktree, target, range_.deepen)
    result = find_changes(context.repo, question)
    say_base(context, result.since)
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
            lines += [f"    {printable(key)}{_words(reason, key)}" for key in reason.files]
            lines += [f"    {printable(value)}" for value in reason.values]
        if change.kubernetes_changed:
            lines.append(f"  kubernetes {' to '.join(change.kubernetes_texts)}")
    return "\n".join(lines)


def _words(reason: LayerChange, key: str) -> str:
    """What became of a file, and whether it is one of shared/: ` (removed, shared)`."""
    words = [reason.word(key), "shared" if key in reason.shared else ""]
    told = ", ".join(word for word in words if word)
    return f" ({told})" if told else ""


def _json(result: ChangesResult) -> str:
    from cluster_stacks.documents.json import dumps
    from cluster_stacks.reporting.escape import encodable
    from cluster_stacks.versioning.expected import expected

    def versions(metadata: object) -> object:
        return metadata.as_dict() if metadata else None  # type: ignore[attr-defined]  # a Metadata where it is any

    return dumps({
        "schemaVersion": 1,
        "base": result.since.data if result.since else None,
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
