"""`cluster-stacks charts`: the charts that addons name and do not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cluster_stacks.cli._options import Context, common, stacks_argument
from cluster_stacks.cli.exit_codes import CANNOT_TELL, FINDINGS, FINE

if TYPE_CHECKING:
    from cluster_stacks.operations.charts import ChartsResult


@click.group(help="The charts of addons, in a cache that `validate` inflates them from.")
def command() -> None:
    """Only groups its two verbs."""


@command.command("list")
@stacks_argument
@common("text", "json")
def list_(context: Context, stacks: tuple[str, ...]) -> int:
    """Show which charts the addons of stacks name and do not hold, and whether they were downloaded."""
    from cluster_stacks.operations.charts import charts_of

    return _show(context, charts_of(context.repo, stacks, fetch=False))


@command.command("fetch")
@stacks_argument
@click.option("--again", is_flag=True, help="Download also what is there, and refuse it where it is not what it was.")
@common("text", "json")
def fetch(context: Context, stacks: tuple[str, ...], again: bool) -> int:
    """Download the charts that the addons of stacks name and do not hold. Uses the network.

    By helm, with its logins and the proxies of the environment, into $CLUSTER_STACKS_CHARTS or the cache of this tool.
    """
    from cluster_stacks.operations.charts import charts_of

    return _show(context, charts_of(context.repo, stacks, fetch=True, again=again))


def _show(context: Context, result: ChartsResult) -> int:
    from cluster_stacks.reporting.escape import printable

    if context.format == "json":
        from cluster_stacks.documents.json import dumps

        context.echo(dumps({"schemaVersion": 1, "folder": str(result.folder), "charts": [
            {**each.chart._asdict(), "state": each.state, "sha256": each.sha256 or None, "failed": each.failed or None}
            for each in result.charts
        ]}))
    else:
        for each in result.charts:
            name, version, repository = each.chart.name, each.chart.version, each.chart.repository
            more = each.failed or (f"sha256 {each.sha256}" if each.sha256 else "")
            context.echo(printable(f"{name} {version}  {repository}  {each.state}{f': {more}' if more else ''}"))
        context.say(f"charts are kept in {result.folder}" if result.charts else "no addon names a chart that it lacks")
    for finding in result.findings:
        context.say(printable(f"{finding.path}: {finding.message} [{finding.rule}]"))
    if any(each.failed for each in result.charts):
        return CANNOT_TELL
    return FINDINGS if result.findings else FINE
