"""`cluster-stacks new`: a new stack, minor or addon, from what is known to be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cluster_stacks.cli._options import Context, common
from cluster_stacks.cli.exit_codes import FINE

if TYPE_CHECKING:
    from cluster_stacks.operations.new import Created


@click.group(help="Make a stack, a minor or an addon. All files are written or none; nothing is overwritten.")
def command() -> None:
    """Only groups its three verbs."""


@command.command("stack")
@common("text", "json")
@click.argument("name", metavar="PROVIDER/NAME")
@click.option("--kubernetes", required=True, metavar="VERSION", help="Its first minor, by a version such as v1.36.4.")
@click.option("--like", metavar="STACK",
              help="The reference stack to begin with, such as docker/scs (default: one of the same provider).")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
def stack(context: Context, name: str, kubernetes: str, like: str | None, dry_run: bool) -> int:
    """Make a stack from a reference stack that comes with the tool.

    What all minors have in common goes to shared/. Its versions are v1.
    """
    from cluster_stacks.operations.new import new_stack

    return _show(context, new_stack(context.repo, name, kubernetes, like=like, dry_run=dry_run), dry_run=dry_run)


@command.command("minor")
@common("text", "json")
@click.argument("target", metavar="STACK")
@click.option("--from", "source", metavar="MINOR", help="The minor to copy (default: the highest below the new one).")
@click.option("--kubernetes", metavar="VERSION", help="Its Kubernetes version (default: patch 0 of the minor).")
@click.option("--keep-versions", is_flag=True, help="Keep those of the copied minor, and say so in overlay.yaml.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
def minor(
    context: Context, target: str, source: str | None, kubernetes: str | None, keep_versions: bool, dry_run: bool
) -> int:
    """Make one more minor of a stack from one that it has.

    STACK is docker/scs/1-37; docker/scs means the minor after the highest, or that of --kubernetes. Its versions are
    v1.
    """
    from cluster_stacks.operations.new import new_minor

    result = new_minor(
        context.repo, target, source=source, kubernetes=kubernetes, keep_versions=keep_versions, dry_run=dry_run
    )
    return _show(context, result, dry_run=dry_run)


@command.command("addon")
@common("text", "json")
@click.argument("where", metavar="STACK")
@click.argument("name", metavar="NAME")
@click.option("--chart", metavar="NAME", help="The upstream chart (default: called as the addon).")
@click.option("--version", metavar="VERSION", help="The chart's exact version.")
@click.option("--repository", metavar="URL", help="The chart's repository: https:// or oci://.")
@click.option("--manifests", is_flag=True, help="A folder of manifests rather than a chart.")
@click.option("--namespace", default="kube-system", show_default=True, metavar="NAME", help="Where it goes.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
def addon(
    context: Context, where: str, name: str, chart: str | None, version: str | None, repository: str | None,
    manifests: bool, namespace: str, dry_run: bool,
) -> int:
    """Make an addon of a minor (docker/scs/1-36), or of all minors that share it (docker/scs).

    Where clusteraddon.yaml orders the addons, it gets the new one at its end.
    """
    from cluster_stacks.operations.new_addon import check_chart, new_addon

    source = check_chart(chart, version, repository, name)
    if (source is None) != manifests:
        raise click.UsageError("say either --version and --repository of a chart, or --manifests")
    result = new_addon(context.repo, where, name, chart=source, namespace=namespace, dry_run=dry_run)
    return _show(context, result, dry_run=dry_run)


def _show(context: Context, result: Created, *, dry_run: bool) -> int:
    context.echo(_json(result, dry_run=dry_run) if context.format == "json" else _text(result, dry_run=dry_run))
    if context.format == "text" and not dry_run:
        context.say("then: " + ", ".join(f"`{each}`" for each in result.next))
    return FINE


def _text(result: Created, *, dry_run: bool) -> str:
    from cluster_stacks.reporting.escape import printable

    verb = "would be made" if dry_run else "made"
    lines = [f"{result.what}: {verb} from {result.origin}", *(f"  {path}" for path in result.files)]
    if result.todo:
        lines.append("edit:")
        lines += [f"  {item.path}:{item.line}: {item.what}" if item.line else f"  {item.path}: {item.what}"
                  for item in result.todo]
    return "\n".join(printable(line) for line in lines)


def _json(result: Created, *, dry_run: bool) -> str:
    from cluster_stacks.documents.json import dumps
    from cluster_stacks.reporting.escape import encodable

    return dumps({
        "schemaVersion": 1, "made": result.what, "from": result.origin, "dryRun": dry_run,
        "files": [encodable(path) for path in result.files],
        "todo": [{"path": encodable(item.path), "line": item.line, "what": encodable(item.what)}
                 for item in result.todo],
        "next": list(result.next),
    })
