"""`cluster-stacks promote`: releases go from one environment to the next, byte for byte."""

from __future__ import annotations

import click

from cluster_stacks.cli._life import show_life
from cluster_stacks.cli._options import Context, common


@click.command("promote")
@click.option("--from", "source", metavar="NAME", help="The environment to take from (default: the settings' `from`).")
@click.option("--to", required=True, metavar="NAME", help="The environment to bring them to.")
@click.option("--remote", metavar="NAME", help="Build on the branches of this remote, and push to it unless --no-push.")
@click.option("--push/--no-push", default=None, help="Push, to --remote, to origin, or to the only remote there is.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.argument("releases", nargs=-1, metavar="[STACK[/VERSION]]...")
@common("text", "json")
def command(
    context: Context, releases: tuple[str, ...], source: str | None, to: str, remote: str | None, push: bool | None,
    dry_run: bool,
) -> int:
    """Bring live releases of one environment to another.

    Without any STACK, all that the other admits and does not have. Where that environment is `proposed`, they go to its
    branch `<branch>-next`, and merging that is the promotion.
    """
    from cluster_stacks.operations.branches import Where
    from cluster_stacks.operations.promote import Way, promote

    where = Where(remote=remote, push=push, dry_run=dry_run)
    return show_life(context, [promote(context.repo, Way(to, source), releases, where)])
