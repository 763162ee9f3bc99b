"""`cluster-stacks rules`: the rules, and what each asks for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import click

from cluster_stacks.cli._options import Context, common
from cluster_stacks.cli.exit_codes import FINE
from cluster_stacks.operations.list_rules import RuleReport, list_rules


@click.command("rules")
@common("text", "json", "markdown")
@click.argument("rules", nargs=-1, metavar="[RULE]...")
def command(context: Context, rules: tuple[str, ...]) -> int:
    """List the rules, or explain some.

    RULE is an id, as CS101, which is explained with an example; the beginning of ids, as CS1, or a range, as
    CS100-CS149, which are listed; or a name. The severity is the one that the settings of the repository give it.
    """
    found = list_rules(context.repo, rules)
    explained = bool(rules) and len(found) == len(rules)
    if context.format == "json":
        context.echo(_json(found))
    elif context.format == "markdown":
        context.echo("\n\n".join(map(markdown, found)) if explained else "\n".join(_table(found)))
    else:
        context.echo("\n\n".join(map(_explained, found)) if explained else "\n".join(_listed(found)))
    return FINE


def _listed(found: Sequence[RuleReport]) -> Iterator[str]:
    width = max(len(each.info.name) for each in found)
    for each in found:
        yield f"{each.info.id}  {each.severity:<7}  {each.info.name:<{width}}  {each.info.summary}"


def _explained(report: RuleReport) -> str:
    info = report.info
    own = "" if report.severity == info.severity else f" (its own: {info.severity})"
    parts = [
        f"{info.id} {info.name}\n{info.summary}", f"severity: {report.severity}{own}",
        textwrap.fill(info.explanation, 96), f"source: {info.source}" if info.source else "",
    ]
    for title, text in (("bad", report.examples.bad), ("good", report.examples.good)):
        parts.append(f"{title}:\n{textwrap.indent(text.rstrip(), '  ')}" if text else "")
    return "\n\n".join([*filter(None, parts), settable(report)])


def settable(report: RuleReport) -> str:
    """How its severity is set and a finding waived, or that it cannot be."""
    if not report.is_settable:
        return "Settings change neither its severity nor waive it (docs/settings.md)."
    return (
        "In .cluster-stacks.yaml: a severity with `rules: {" + report.info.id + ": warning}` (or error, note, off), "
        "one stack's finding with an entry of `waivers` (rule, stack, reason, expires)."
    )


def _table(found: Sequence[RuleReport]) -> Iterator[str]:
    yield from ("| rule | severity | name | says |", "|---|---|---|---|")
    for each in found:
        summary = each.info.summary.replace("|", "\\|")
        yield f"| {each.info.id} | {each.severity} | {each.info.name} | {summary} |"


def markdown(report: RuleReport) -> str:
    """The section of one rule."""
    info = report.info
    parts = [f"## {info.id}", f"**{info.name}** ({report.severity}): {info.summary}.", info.explanation]
    parts.append(f"Source: {info.source}" if info.source else "")
    for title, text in (("Bad", report.examples.bad), ("Good", report.examples.good)):
        parts.append(f"{title}:\n\n```yaml\n{text.rstrip()}\n```" if text else "")
    return "\n\n".join([*filter(None, parts), settable(report)])


def _json(found: Sequence[RuleReport]) -> str:
    from cluster_stacks.documents.json import dumps

    return dumps({
        "schemaVersion": 1,
        "rules": [
            {
                "id": each.info.id, "name": each.info.name, "severity": each.severity,
                "ownSeverity": each.info.severity.value, "settable": each.is_settable, "summary": each.info.summary,
                "explanation": each.info.explanation, "source": each.info.source or None,
                "examples": {"bad": each.examples.bad or None, "good": each.examples.good or None},
            }
            for each in found
        ],
    })
