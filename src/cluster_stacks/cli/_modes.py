"""What else `publish` can do: publish to environments, verify what is published, and make previews."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

import click

from cluster_stacks.cli._options import Context, exit_code

if TYPE_CHECKING:
    from cluster_stacks.operations.publish import Options
    from cluster_stacks.operations.verify import Verified

P = ParamSpec("P")


def modes(function: Callable[Concatenate[Context, P], int]) -> Callable[Concatenate[Context, P], int]:
    """Adds --environment, --verify, --preview and --preview-delete; the command itself publishes one branch."""

    @click.option("--environment", metavar="NAME", help="Only to the branch of this environment (default: of all).")
    @click.option("--verify", is_flag=True, help="Render what is published again, compare, and write nothing.")
    @click.option("--preview", metavar="NAME", help="Publish what changed on a branch of its own, preview/NAME.")
    @click.option("--preview-delete", metavar="NAME", help="Remove the branch of a preview.")
    @click.option("--base", metavar="REF", help="With --preview: since when (default: as for `check`).")
    @functools.wraps(function)
    def command(context: Context, *args: P.args, **kwargs: P.kwargs) -> int:
        given: dict[str, Any] = {
            name: kwargs.pop(name) for name in ("environment", "verify", "preview", "preview_delete", "base")
        }
        chosen = [name for name in ("verify", "preview", "preview_delete") if given[name]]
        if len(chosen) > 1:
            raise click.UsageError("--verify, --preview and --preview-delete exclude each other")
        if given["base"] and not given["preview"]:
            raise click.UsageError("--base is for --preview: a publish compares with the branch itself")
        if chosen and given["environment"] and not given["verify"]:
            raise click.UsageError("--environment is of no meaning for a preview, which has a branch of its own")
        if chosen:
            _refuse_ignored(chosen[0], kwargs)
            return _other(context, chosen[0], given, kwargs)
        return _publish(context, given["environment"], function, args, kwargs)

    # wraps() would have the context named; click gives it by its place.
    return cast("Callable[Concatenate[Context, P], int]", command)


def options_of(kwargs: dict[str, Any]) -> Options:
    """The options of a publish, from those of the command."""
    from cluster_stacks.operations.publish import Options

    names = (
        "branch", "remote", "push", "head", "dry_run", "redeliver", "adopt", "require_signed", "bundles", "incremental",
    )
    return Options(**{name: kwargs[name] for name in names})


def _refuse_ignored(mode: str, kwargs: dict[str, Any]) -> None:
    """Raises UsageError for an option that would have no effect: whoever gave it expects one."""
    ignored = {"redeliver": "--redeliver", "adopt": "--adopt", "bundles": "--from"}
    if mode == "verify":
        ignored |= {"push": "--push", "remote": "--remote", "require_signed": "--require-signed"}
    for name, option in ignored.items():
        if kwargs[name]:
            raise click.UsageError(f"{option} is of no meaning with --{mode.replace('_', '-')}")


def _publish(
    context: Context, environment: str | None, function: Callable[..., int], args: Sequence[Any], kwargs: dict[str, Any]
) -> int:
    from cluster_stacks.cli.publish import result_data, show_result
    from cluster_stacks.operations.environments import publish_environments, published_environments

    options = options_of(kwargs)
    if options.branch is not None:
        if environment is not None:
            raise click.UsageError("--branch and --environment exclude each other: an environment has its branch")
        return function(context, *args, **kwargs)
    environments = published_environments(context.repo, options, environment)
    if not environments:
        return function(context, *args, **kwargs)
    results = publish_environments(context.repo, kwargs["stacks"], options, environments)
    if context.format != "json":
        names = [f"{result.target.branch}: " if len(results) > 1 else "" for _, result in results]
        return max(show_result(context, result, name) for (_, result), name in zip(results, names, strict=True))
    from cluster_stacks.documents.json import dumps

    if context.reports:
        from cluster_stacks.cli._report import write

        for _, result in results:
            write(context, result.findings, read=result.read, waived=result.waived)
    told = [{"environment": item.name, "publish": result_data(result)} for item, result in results]
    context.echo(dumps({"schemaVersion": 1, "environments": told}))
    return max(exit_code(result.findings) for _, result in results)


def _other(context: Context, mode: str, given: dict[str, Any], kwargs: dict[str, Any]) -> int:
    from cluster_stacks.cli.publish import show_result

    if mode == "verify":
        from cluster_stacks.operations.branches import Where
        from cluster_stacks.operations.verify import verify_published

        where = Where(kwargs["branch"], given["environment"], dry_run=True)
        return _show_verified(context, verify_published(context.repo, kwargs["stacks"], where))
    from cluster_stacks.operations.preview import delete_preview, preview

    options = options_of(kwargs)
    if options.branch is not None:
        raise click.UsageError("--branch is of no meaning for a preview, which has a branch of its own")
    if mode == "preview":
        return show_result(context, preview(context.repo, kwargs["stacks"], given["preview"], given["base"], options))
    context.echo(delete_preview(context.repo, given["preview_delete"], options))
    return 0


def _show_verified(context: Context, results: Sequence[Verified]) -> int:
    from cluster_stacks.cli._report import show
    from cluster_stacks.cli.exit_codes import CANNOT_TELL
    from cluster_stacks.reporting.report import plural

    findings = [finding for result in results for finding in result.findings]
    count = sum(result.checked for result in results)
    branches = ", ".join(result.target.branch for result in results)
    code = show(context, findings, checked=f"{plural(count, 'release')} on {branches}")
    unknown = [f"{result.target.branch}: {line}" for result in results for line in result.unknown]
    for line in unknown:
        click.echo(f"cluster-stacks: cannot tell: {line}", err=True)
    return code or (CANNOT_TELL if unknown else 0)
