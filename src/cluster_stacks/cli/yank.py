"""`cluster-stacks yank`: delivery of a bad release stops; its bytes stay and its number is never free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cluster_stacks.cli._life import releases_argument, show_life, where_options
from cluster_stacks.cli._options import Context, common

if TYPE_CHECKING:
    from cluster_stacks.operations.branches import Where


@click.command("yank")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stands in the commit and on the branch.")
@where_options
@releases_argument
@common("text", "json")
def command(context: Context, releases: tuple[str, ...], reason: str, where: Where) -> int:
    """Stop the delivery of bad releases.

    Their bytes stay on the branch and their numbers are taken for ever: the fix is the next version. A Cluster that
    uses one goes on as it is, because Cluster API keeps a class that is in use.
    """
    from cluster_stacks.operations.life import Action, change_states

    return show_life(context, change_states(context.repo, Action.YANK, releases, reason, where))
