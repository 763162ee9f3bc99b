"""`cluster-stacks upgrade`: moves the manifest of a Cluster to another release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from cluster_stacks.cli._options import Context, common
from cluster_stacks.cli.exit_codes import FINDINGS, FINE
from cluster_stacks.operations.upgrade import ClusterUpgrade, UpgradeResult, upgrade


@click.command("upgrade")
@common("text", "json")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, dir_okay=False,
                                                                                     exists=True))
@click.option("--to", required=True, metavar="VERSION|STACK/VERSION",
              help="The release to move to: v4 of the same stack, 1-37/v1, or docker/scs/1-37/v1.")
@click.option("--cluster", metavar="NAME", help="Move only the Cluster of that name.")
@click.option("--branch", metavar="NAME", help="The rendered branch (default: that of the settings).")
@click.option("--environment", metavar="NAME", help="The environment whose branch the Cluster follows.")
@click.option("--dry-run", is_flag=True, help="Say what would be edited and what would roll, and write nothing.")
def command(
    context: Context, files: tuple[Path, ...], to: str, cluster: str | None, branch: str | None,
    environment: str | None, dry_run: bool,
) -> int:
    """Move the Clusters in FILE to another release: class, Kubernetes version and addons in one edit.

    What brings the addons (a Flux Kustomization, a Secret that Argo CD reads) is edited where it stands in FILE or
    beside it. The rendered branch is read as this clone knows it. A move that Cluster API would refuse is not written.
    """
    result = upgrade(
        context.repo, files, to, cluster=cluster, branch=branch, environment=environment, dry_run=dry_run
    )
    text = _json(result, dry_run=dry_run) if context.format == "json" else _text(result, dry_run=dry_run)
    context.echo(text)
    if result.refused:
        context.say("nothing was written")
    return FINDINGS if result.refused else FINE


def _text(result: UpgradeResult, *, dry_run: bool) -> str:
    from cluster_stacks.reporting.escape import printable

    lines = [line for item in result.clusters for line in _lines(item, dry_run=dry_run)]
    return "\n".join(printable(line) for line in lines)


def _lines(item: ClusterUpgrade, *, dry_run: bool) -> Iterator[str]:
    at, said = item.cluster, item.judgement
    yield f"{at.path}:{at.line}: Cluster {at.name}: {item.before} → {item.after}"
    if said.refused:
        yield from (f"  refused: {reason}" for reason in said.refused)
        return
    if not item.edits:
        yield "  it is there already"
    for edit in item.edits:
        would = "would become" if dry_run else "→"
        yield f"  {edit.at.path}: {'.'.join(edit.at.place)}: {edit.at.value} {would} {edit.new}"
    if item.edits:
        yield "  Cluster API: " + ("accepted" if not said.depends else "depends on the Cluster")
    yield from (f"    {reason}" for reason in said.depends)
    yield from (f"  rolls {what}" for what in said.rolls)
    yield from (f"  may roll: {what}" for what in said.may_roll)
    yield from (f"  note: {note}" for note in item.notes)


def _json(result: UpgradeResult, *, dry_run: bool) -> str:
    from cluster_stacks.documents.json import dumps
    from cluster_stacks.reporting.escape import encodable

    return dumps({
        "schemaVersion": 1, "branch": result.branch, "dryRun": dry_run, "written": result.written,
        "clusters": [
            {
                "path": encodable(item.cluster.path), "line": item.cluster.line, "name": item.cluster.name,
                "namespace": item.cluster.namespace, "from": item.before, "to": item.after,
                "refused": list(item.judgement.refused), "depends": list(item.judgement.depends),
                "rolls": list(item.judgement.rolls), "mayRoll": list(item.judgement.may_roll),
                "edits": [
                    {"path": encodable(edit.at.path), "document": edit.at.document, "field": list(edit.at.place),
                     "old": edit.at.value, "new": edit.new}
                    for edit in item.edits
                ],
                "notes": [encodable(note) for note in item.notes],
            }
            for item in result.clusters
        ],
    })
