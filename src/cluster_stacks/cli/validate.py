"""`cluster-stacks validate`: the rendered objects against their schemas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cluster_stacks.cli._options import Context, Range, common, range_options, report_option, stacks_argument
from cluster_stacks.cli.exit_codes import FINE
from cluster_stacks.operations.comparing import Question

if TYPE_CHECKING:
    from cluster_stacks.operations.validate import ValidateResult


@click.command("validate")
@common("text", "json", "github")
@report_option()
@range_options
@click.option("--all", "every", is_flag=True, help="All stacks, also where only changed ones would be judged.")
@click.option("--path", "folder", type=click.Path(path_type=Path), metavar="DIR",
              help="Judge the objects in the files of a folder, or in one file, rather than stacks.")
@click.option("--kubernetes", metavar="MINOR", help="With --path: the Kubernetes minor that objects are for, as 1.36.")
@click.option("--engine", type=click.Choice(["auto", "kubeconform", "embedded", "both"]),
              help="What judges (default: `engine` of the settings; auto: kubeconform where it is installed).")
@click.option("--capi", type=click.Choice(["v1beta1", "v1beta2"]),
              help="Objects of Cluster API and its providers must be of this version of its contract.")
@click.option("--charts/--no-charts", default=True,
              help="Inflate the charts of addons that are vendored or downloaded, and judge what they make (default).")
@stacks_argument
def command(
    context: Context, range_: Range, stacks: tuple[str, ...], every: bool, folder: Path | None, kubernetes: str | None,
    engine: str | None, capi: str | None, charts: bool,
) -> int:
    """Render stacks, and judge every object by the schema of its kind.

    STACK is docker/scs/1-36, a prefix of it, or a path. None: with --staged or --base the stacks that changed, else
    all. What stands in the work tree is judged, unless --head or --staged say otherwise.
    """
    if folder is not None:
        if stacks or every or range_ != Range(None, None, staged=False, worktree=False):
            raise click.UsageError("--path judges files as they are: it takes no stacks and no state of the repository")
        import gc

        from cluster_stacks.operations.validate_folder import validate_folder

        gc.set_threshold(50_000)  # much is read and little of it is garbage
        return _show(context, validate_folder(context.repo, folder, engine=engine, capi=capi, kubernetes=kubernetes))
    if kubernetes is not None:
        raise click.UsageError("--kubernetes goes with --path; stacks say themselves which version they are for")
    from cluster_stacks.operations.validate import validate_stacks

    question = Question(range_.base, range_.head, range_.staged, range_.worktree, deepen=range_.deepen)
    result = validate_stacks(context.repo, stacks, question, engine=engine, capi=capi, every=every, charts=charts)
    return _show(context, result)


def _show(context: Context, result: ValidateResult) -> int:
    if not result.engine and context.format == "text":
        context.say("no stack changed")
        if context.reports:
            from cluster_stacks.cli._report import write

            write(context, ())
        return FINE
    from cluster_stacks.cli._report import show

    of = f"{result.stacks} stack{'' if result.stacks == 1 else 's'}"
    if result.files:
        of = f"{result.files} file{'' if result.files == 1 else 's'}"
    facts = {
        "stacks": result.stacks, "documents": result.documents, "judged": dict(result.judged),
        "remarks": list(result.notes), "charts": [dict(chart) for chart in result.charts],
    }
    code = show(context, result.findings, checked=of, facts=facts, read=result.read, waived=result.waived)
    if context.format == "text":
        judged = max(result.judged.values(), default=0)
        context.say(f"{result.engine} judged {judged} of {result.documents} objects")
        for note in result.notes:
            context.say(note)
    return code
