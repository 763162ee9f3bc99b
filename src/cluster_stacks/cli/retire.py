"""`cluster-stacks retire`: a release that nobody should start from any more is delivered no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cluster_stacks.cli._life import releases_argument, show_life, where_options
from cluster_stacks.cli._options import Context, common

if TYPE_CHECKING:
    from cluster_stacks.operations.branches import Where


@click.command("retire")
@click.option("--reason", default="", metavar="TEXT", help="Why; it stands in the commit and on the branch.")
@where_options
@releases_argument
@common("text", "json")
def command(context: Context, releases: tuple[str, ...], reason: str, where: Where) -> int:
    """Stop the delivery of old releases.

    A Cluster that uses one goes on as it is; when the last one has moved, Cluster API lets the class go. After
    keepRetiredDays (settings) `gc` may remove the folder.
    """
    from cluster_stacks.operations.life import Action, change_states

    return show_life(context, change_states(context.repo, Action.RETIRE, releases, reason, where))
