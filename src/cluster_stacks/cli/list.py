"""`cluster-stacks list`: stacks, versions, Kubernetes, addons, images."""

from __future__ import annotations

import click

from cluster_stacks.cli._options import Context, common, stacks_argument
from cluster_stacks.cli.exit_codes import FINE
from cluster_stacks.model.errors import Refused
from cluster_stacks.operations.list_stacks import ListResult, list_stacks

_TITLES = ("STACK", "VERSION", "KUBERNETES", "ADDONS", "NODE IMAGES")


@click.command("list")
@common("text", "json")
@click.option("--head", metavar="REF", help="The stacks of a commit (default: of the work tree).")
@click.option("--staged", is_flag=True, help="The stacks of the index.")
@stacks_argument
def command(context: Context, stacks: tuple[str, ...], head: str | None, staged: bool) -> int:
    """Show stacks, versions, Kubernetes, addons and images.

    STACK is docker/scs/1-36, a prefix of it, or a path; none: every stack.
    """
    if head and staged:
        raise click.UsageError("--head and --staged exclude each other")
    result = list_stacks(context.repo, stacks, head=head, staged=staged)
    context.echo(_json(result) if context.format == "json" else _table(result))
    if not result.stacks and not result.findings:
        context.say("there is no stack below providers/")
    if result.findings:
        raise Refused(*result.findings)
    return FINE


def _table(result: ListResult) -> str:
    from cluster_stacks.reporting.escape import printable

    if not result.stacks:
        return ""
    rows = [_TITLES]
    for item in result.stacks:
        metadata = item.metadata
        addons = f"{metadata.cluster_addon if metadata else '-'} {', '.join(item.addons) or '-'}"
        images = f"{metadata.node_image if metadata else '-'} {', '.join(item.images) or '-'}"
        version = str(metadata.cluster_stack) if metadata else "-"
        rows.append((str(item.stack), version, item.kubernetes, addons, images))
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_TITLES))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "\n".join(line.rstrip() for line in lines)


def _json(result: ListResult) -> str:
    from cluster_stacks.documents.json import dumps
    from cluster_stacks.reporting.escape import encodable

    return dumps({
        "schemaVersion": 1,
        "stacks": [
            {
                "stack": str(item.stack),
                "versions": item.metadata.as_dict() if item.metadata else {"kubernetes": item.kubernetes},
                "addons": [encodable(name) for name in item.addons],
                "images": [{"name": name, "method": method} for name, method in item.images.items()],
            }
            for item in result.stacks
        ],
    })
