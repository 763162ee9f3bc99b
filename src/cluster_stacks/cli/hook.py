"""`cluster-stacks hook`: judges a push, before it leaves or before it is taken."""

from __future__ import annotations

import sys

import click

from cluster_stacks.cli._options import Context, common
from cluster_stacks.cli.exit_codes import FINE
from cluster_stacks.operations.hook import PushResult, judge_client_push, judge_received


@click.command("hook")
@common("text")
@click.argument("name", metavar="NAME", type=click.Choice(["pre-push", "pre-receive"]))
@click.argument("arguments", nargs=-1, metavar="[ARG]...")
def command(context: Context, name: str, arguments: tuple[str, ...]) -> int:
    """Judge the versions of what is pushed, as Git's hooks pre-push and pre-receive.

    Git starts it, through the scripts in `cluster-stacks --hooks-path`: NAME is the hook, ARG what it was given, and
    the refs come on standard input. A push to the default branch is judged from its old tip to the new one, a push to
    any other against the branch that it will be merged into. The repository's configuration may name more branches
    that are judged by themselves: `git config --add clusterstacks.branch release-1`.
    """
    data = sys.stdin.buffer.read()
    if name == "pre-push":
        results = judge_client_push(context.repo, arguments[0] if arguments else "", data)
    else:
        results = judge_received(context.repo, data)
    return max((_show(context, each) for each in results), default=FINE)


def _show(context: Context, pushed: PushResult) -> int:
    result = pushed.result
    if pushed.skipped:
        if context.verbosity > 0:
            context.say(f"{pushed.ref} {pushed.skipped}")
        return FINE
    assert result.since is not None, "what was judged was compared"
    if not result.findings:
        return FINE
    from cluster_stacks.cli._report import show
    from cluster_stacks.reporting.escape import printable

    count = max(result.judged, result.changed)
    base = result.since.base
    context.say(printable(f"{pushed.ref}: base: {base}" if base.ref else f"{pushed.ref}: {base.reason}"))
    code = show(context, result.findings, checked=f"{count} stack{'' if count == 1 else 's'}", read=result.read)
    if code and pushed.elsewhere:
        context.say(printable(f"mend it where {pushed.elsewhere} is checked out: `git switch {pushed.elsewhere}`"))
    return code
