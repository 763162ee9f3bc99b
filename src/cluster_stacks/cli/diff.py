"""`cluster-stacks diff`: what a change would do to releases, and to Clusters that move to them."""

from __future__ import annotations

import shutil

import click

from cluster_stacks.cli._options import Context, Range, common, exit_code, range_options, stacks_argument


@click.command("diff")
@common("text", "json", "markdown")
@range_options
@click.option("--target", metavar="REF", help="The branch that the change is meant for (default: the base).")
@click.option("--all", "every", is_flag=True, help="All stacks, not only those that changed.")
@click.option("--branch", metavar="NAME", help="The rendered branch (default: as settings say).")
@stacks_argument
def command(
    context: Context, range_: Range, stacks: tuple[str, ...], target: str | None, every: bool, branch: str | None
) -> int:
    """Show what a change would do: each release that it makes, against the last one.

    Objects are compared by kind and name and by their fields, under the names that they had, so that v3 to v4 shows
    what really differs. STACK is docker/scs/1-36, a prefix of it, or a path; without one, the stacks that changed.
    The last release is the one on the rendered branch, as far as this clone knows it, else the stack at the merge base.
    """
    from cluster_stacks.cli import _difference
    from cluster_stacks.operations.comparing import Question
    from cluster_stacks.operations.diff import diff

    question = Question(range_.base, range_.head, range_.staged, range_.worktree, target, range_.deepen)
    result = diff(context.repo, stacks, question, every=every, branch=branch)
    if context.format == "json":
        from cluster_stacks.documents.json import dumps

        context.echo(dumps(_difference.data(result)))
    elif context.format == "markdown":
        context.echo(_difference.markdown(result))
    else:
        width = shutil.get_terminal_size((120, 24)).columns
        context.echo(_difference.text(result, width=width, color=context.color))
        if not result.stacks and not result.findings:
            context.say("no stack changed")
    for note in result.notes:
        context.say(note)
    if result.findings:
        from cluster_stacks.model.errors import Refused

        raise Refused(*result.findings)
    return exit_code(())
