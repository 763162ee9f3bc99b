"""`cluster-stacks restore`: a yanked or retired release is delivered again, with the bytes that it always had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cluster_stacks.cli._life import releases_argument, show_life, where_options
from cluster_stacks.cli._options import Context, common

if TYPE_CHECKING:
    from cluster_stacks.operations.branches import Where


@click.command("restore")
@click.option("--reason", default="", metavar="TEXT", help="Why; it stands in the commit and on the branch.")
@where_options
@releases_argument
@common("text", "json")
def command(context: Context, releases: tuple[str, ...], reason: str, where: Where) -> int:
    """Deliver yanked or retired releases again, with the same bytes.
    """
    from cluster_stacks.operations.life import Action, change_states

    return show_life(context, change_states(context.repo, Action.RESTORE, releases, reason, where))
