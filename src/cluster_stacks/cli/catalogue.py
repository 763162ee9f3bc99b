"""`cluster-stacks catalogue`: what a rendered branch offers, as a page."""

from __future__ import annotations

from pathlib import Path

import click

from cluster_stacks.cli._options import Context, common
from cluster_stacks.cli.exit_codes import FINE


@click.command("catalogue")
@common("text", "json")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="The folder to write to: index.html and catalogue.json.")
@click.option("--branch", metavar="NAME", help="The rendered branch (default: that of the settings).")
@click.option("--environment", metavar="NAME", help="The environment whose branch is meant.")
def command(context: Context, output: Path, branch: str | None, environment: str | None) -> int:
    """Write a page of what the rendered branch offers: releases, what differs between them, and how to use them.

    One file that works from disk or on any server. `publish` writes the same page onto the branch (catalogue.html),
    there without the differences of objects. The branch is read as this clone knows it.
    """
    from cluster_stacks.operations.catalogue_page import write_catalogue

    result = write_catalogue(context.repo, output, branch=branch, environment=environment)
    if context.format == "json":
        from cluster_stacks.documents.json import dumps
        from cluster_stacks.reporting.escape import encodable

        files = [encodable(str(path)) for path in result.files]
        context.echo(dumps({"schemaVersion": 1, "branch": result.branch, "releases": result.releases,
                            "stacks": result.stacks, "files": files}))
    else:
        from cluster_stacks.reporting.report import plural

        context.echo(str(result.files[0]))
        releases, stacks = plural(result.releases, "live release"), plural(result.stacks, "stack")
        context.say(f"{releases} of {stacks} on {result.branch}")
    return FINE
