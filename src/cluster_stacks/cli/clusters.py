"""`cluster-stacks clusters`: the manifests of Clusters, held against the rendered branch."""

from __future__ import annotations

from pathlib import Path

import click

from cluster_stacks.cli._options import Context, common, report_option


@click.command("clusters")
@common("text", "json", "github")
@report_option()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--branch", metavar="NAME", help="The rendered branch (default: that of the settings).")
@click.option("--environment", metavar="NAME", help="The environment whose branch the Clusters follow.")
def command(context: Context, files: tuple[Path, ...], branch: str | None, environment: str | None) -> int:
    """Judge the Clusters in FILE: class, Kubernetes version and addons must be those of one live release.

    Without FILE: all YAML files that Git tracks. What brings the addons (a Flux Kustomization, a Secret that Argo CD
    reads) is looked for in the same files and beside them. The rendered branch is read as this clone knows it.
    """
    from cluster_stacks.cli._report import show
    from cluster_stacks.operations.clusters import judge_clusters

    result = judge_clusters(context.repo, files, branch=branch, environment=environment)
    for note in result.notes:
        context.say(note)
    checked = f"{result.clusters} Cluster{'' if result.clusters == 1 else 's'}"
    return show(context, result.findings, checked=checked, facts={"clusters": result.clusters, "branch": result.branch},
                read=_read)


def _read(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except OSError:
        return None
