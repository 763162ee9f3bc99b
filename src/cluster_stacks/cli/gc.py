"""`cluster-stacks gc`: removes the folders of releases that were retired long ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cluster_stacks.cli._life import show_life, where_options
from cluster_stacks.cli._options import Context, common, stacks_argument

if TYPE_CHECKING:
    from cluster_stacks.operations.branches import Where


@click.command("gc")
@where_options
@stacks_argument
@common("text", "json")
def command(context: Context, stacks: tuple[str, ...], where: Where) -> int:
    """Remove the folders of releases that were retired keepRetiredDays ago or more.

    Their numbers stay taken. Node images go with the last release that names them. Yanked releases stay.
    """
    from cluster_stacks.operations.gc import collect

    return show_life(context, collect(context.repo, stacks, where))
