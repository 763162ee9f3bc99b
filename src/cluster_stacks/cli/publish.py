"""`cluster-stacks publish`: the rendered tree as one commit on the branch, or no commit."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import click

from cluster_stacks.cli._modes import modes
from cluster_stacks.cli._options import Context, common, exit_code, report_option, stacks_argument
from cluster_stacks.cli._redelivered import redelivered_data, redelivered_lines
from cluster_stacks.operations.publish import Options, PublishResult, publish


@click.command("publish")
@common("text", "json", "github")
@report_option(prints=False)
@modes
@click.option("--branch", metavar="NAME", help="The rendered branch (default: the settings' one, `rendered`).")
@click.option("--remote", metavar="NAME", help="Build on the branch of this remote, and push to it unless --no-push.")
@click.option("--push/--no-push", default=None, help="Push, to --remote, to origin, or to the only remote there is.")
@click.option("--head", metavar="REF", default="HEAD", show_default=True, help="The commit to publish.")
@click.option("--redeliver", is_flag=True,
              help="Also change what running clusters are given, if generators changed, and tell what that is. "
                   "STACK may then be STACK/VERSION.")
@click.option("--adopt", is_flag=True, help="Take over a branch that has files of others. They stay as they are.")
@click.option("--require-signed", is_flag=True, help="Only from a commit whose signature git finds good.")
@click.option("--from", "bundles", type=click.Path(path_type=Path), multiple=True, metavar="BUNDLE",
              help="Take the releases from what `render --shard` wrote, all of them, and render nothing. Repeatable.")
@click.option("--incremental/--no-incremental", default=True, show_default=True,
              help="Leave sources unread that are those of a live release, folder by folder. The branch is the same.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@stacks_argument
def command(
    context: Context, stacks: tuple[str, ...], branch: str | None, remote: str | None, push: bool | None, head: str,
    redeliver: bool, adopt: bool, require_signed: bool, bundles: tuple[Path, ...], incremental: bool, dry_run: bool,
) -> int:
    """Publish the stacks of a commit on the rendered branch.

    STACK is docker/scs/1-36, a prefix of it, or a path; none: every stack. What is published already is kept as it is.
    Without --push or --remote only the branch of this clone moves, and no network is used.
    """
    # What a publish makes it keeps to its end: looking for garbage among it is in vain, and costs a tenth of the time.
    gc.set_threshold(50_000)
    result = publish(context.repo, stacks, Options(branch, remote, push, head, dry_run, redeliver,
                                                    adopt=adopt, require_signed=require_signed, bundles=bundles,
                                                    incremental=incremental))
    return show_result(context, result)


def show_result(context: Context, result: PublishResult, where: str = "") -> int:
    """Tells what became of one branch, and gives the exit code. `where` begins each remark, where there are several."""
    if exit_code(result.findings):
        from cluster_stacks.cli._report import show

        return show(context, result.findings, read=result.read, waived=result.waived)
    if context.format == "json":
        from cluster_stacks.documents.json import dumps

        context.echo(dumps(result_data(result)))
    else:
        context.echo("\n".join(_text(result, context)))
    if context.reports:
        from cluster_stacks.cli._report import write

        write(context, result.findings, read=result.read, waived=result.waived)
    for remark in result.findings:
        context.say(f"{where}{remark.path}: {remark.message} [{remark.rule}]")
    for each in result.waived:
        context.say(f"{where}{each.finding.stack}: {each.finding.rule} waived until {each.expires}: {each.reason}")
    for note in result.notes:
        context.say(f"{where}{note}")
    return exit_code(result.findings)


def _text(result: PublishResult, context: Context) -> Iterator[str]:
    from cluster_stacks.reporting.escape import printable

    for line in redelivered_lines(result.redelivered):
        yield printable(line)
    for item in result.stacks:
        if item.is_new or context.verbosity > 0:
            yield f"{item.stack} {item.version}: {'new' if item.is_new else 'published before'}"
    if context.verbosity > 0 or result.dry_run:
        for sign, paths in (("+", result.added), ("~", result.changed), ("-", result.removed)):
            yield from (printable(f"  {sign} {line}") for line in _grouped(paths))
    yield _end(result)


def _grouped(paths: tuple[str, ...]) -> Iterator[str]:
    """A line for each path, and one for all files of a release or of a unit of images."""
    counts: dict[str, int] = {}
    for path in paths:
        parts = path.split("/")
        depth = 6 if parts[4:5] == ["node-images"] else 5
        folder = "/".join(parts[:depth]) + "/" if parts[0] == "releases" and len(parts) > depth else path
        counts[folder] = counts.get(folder, 0) + 1
    yield from (f"{path} ({count} files)" if path.endswith("/") else path for path, count in counts.items())


def _end(result: PublishResult) -> str:
    branch, source = result.target.branch, result.source[:7]
    before = result.before[:7] if result.before else "new"
    if result.outdated and not (result.added or result.changed):
        return f"{branch}: made from a newer commit than {source} already, nothing to do"
    if result.dry_run:
        count = len(result.added) + len(result.changed) + len(result.removed)
        return f"{branch}: {count} files would change" if count else f"{branch}: nothing would change"
    where = f", pushed to {result.target.remote}" if result.pushed else ""
    if result.commit is None:
        return f"{branch}: nothing changed{where}"
    counts = f"{len(result.added)} added, {len(result.changed)} changed, {len(result.removed)} removed"
    return f"{branch}: {before} to {result.commit[:7]} from {source}: {counts}{where}"


def result_data(result: PublishResult) -> dict[str, object]:
    """A result as plain data (schemas/publish.schema.json)."""
    from cluster_stacks.reporting.json import finding_data, waived_data

    data: dict[str, object] = {
        "schemaVersion": 1,
        "branch": result.target.branch,
        "source": result.source,
        "dryRun": result.dry_run,
        "before": result.before,
        "commit": result.commit,
        "remote": result.target.remote,
        "pushed": result.pushed,
        "outdated": result.outdated,
        "stacks": [
            {"stack": str(item.stack), "version": str(item.version), "state": "new" if item.is_new else "published"}
            for item in result.stacks
        ],
        "paths": {"added": list(result.added), "changed": list(result.changed), "removed": list(result.removed)},
        "notes": list(result.notes),
        "findings": [finding_data(finding) for finding in result.findings],
        "waived": [waived_data(each) for each in result.waived],
    }
    if result.redelivered:
        data["redelivered"] = [redelivered_data(item) for item in result.redelivered]
    return data
