"""`cluster-stacks plan`: what there is to render, for as many jobs as wanted."""

from __future__ import annotations

import json

import click

from cluster_stacks.cli._options import Context, common, stacks_argument
from cluster_stacks.cli.exit_codes import FINE


@click.command("plan")
@common("text", "json", "github-matrix")
@click.option("--shards", type=int, default=1, show_default=True, metavar="N", help="Into how many parts to split it.")
@click.option("--head", metavar="REF", default="HEAD", show_default=True, help="The commit that will be published.")
@click.option("--branch", metavar="NAME", help="The rendered branch (default: as settings say).")
@click.option("--all", "every", is_flag=True, help="All stacks, also those whose version is on the branch.")
@stacks_argument
def command(
    context: Context, stacks: tuple[str, ...], shards: int, head: str, branch: str | None, every: bool
) -> int:
    """Show which stacks a publish has to render, split into shards that have something to do.

    A stack is in the same shard whatever else there is. `--format github-matrix` prints one line for a job's
    `strategy.matrix`: its `include` has an item a shard; where it is empty GitHub refuses the matrix, so guard the job.
    """
    from cluster_stacks.operations.plan import plan

    found = plan(context.repo, stacks, shards=shards, head=head, every=every, branch=branch)
    if context.format == "github-matrix":
        include = [{"shard": str(shard), "stacks": len(held)} for shard, held in found.shards.items()]
        context.echo(json.dumps({"include": include}, separators=(",", ":")))
    elif context.format == "json":
        from cluster_stacks.documents.json import dumps

        context.echo(dumps({
            "schemaVersion": 1,
            "commit": found.commit,
            "shards": [
                {"shard": str(shard), "stacks": [str(stack) for stack in held]}
                for shard, held in found.shards.items()
            ],
        }))
    else:
        context.echo("\n".join(f"{shard} {stack}" for shard, held in found.shards.items() for stack in held))
        todo = sum(map(len, found.shards.values()))
        context.say(f"{todo} of {found.stacks} stacks to render")
    return FINE
