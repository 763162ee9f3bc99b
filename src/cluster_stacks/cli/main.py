"""`cluster-stacks`: finds the verb, runs it, and turns what is raised into an exit code."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence

import click

from cluster_stacks import __version__
from cluster_stacks.cli.exit_codes import CANNOT_TELL, FINDINGS, FINE, INTERRUPTED
from cluster_stacks.model.errors import CannotTell, Refused

VERBS: dict[str, tuple[str, str]] = {
    "new": ("cluster_stacks.cli.new", "make a stack, a minor or an addon"),
    "list": ("cluster_stacks.cli.list", "stacks, versions, Kubernetes, addons, images"),
    "changes": ("cluster_stacks.cli.changes", "which layers of which stacks changed"),
    "check": ("cluster_stacks.cli.check", "the versioning rules on that change"),
    "bump": ("cluster_stacks.cli.bump", "make metadata.yaml right by the smallest edit"),
    "detach": ("cluster_stacks.cli.detach", "cut a minor off from shared/, with its content as it is"),
    "history": ("cluster_stacks.cli.history", "what `check` would have said of every commit"),
    "rules": ("cluster_stacks.cli.rules", "list the rules, and explain them"),
    "render": ("cluster_stacks.cli.render", "the files of the rendered branch, into a folder"),
    "validate": ("cluster_stacks.cli.validate", "the rendered objects against their schemas"),
    "diff": ("cluster_stacks.cli.diff", "what a change does to releases and to Clusters that move to them"),
    "plan": ("cluster_stacks.cli.plan", "which releases a publish has to render, split for several jobs"),
    "publish": ("cluster_stacks.cli.publish", "the rendered tree as one commit on the branch"),
    "catalogue": ("cluster_stacks.cli.catalogue", "a page of what the rendered branch offers"),
    "promote": ("cluster_stacks.cli.promote", "bring releases from one environment to another"),
    "yank": ("cluster_stacks.cli.yank", "stop the delivery of a bad release; its number stays taken"),
    "retire": ("cluster_stacks.cli.retire", "stop the delivery of an old release"),
    "restore": ("cluster_stacks.cli.restore", "deliver a yanked or retired release again"),
    "gc": ("cluster_stacks.cli.gc", "remove the folders of releases retired long ago"),
    "upgrade": ("cluster_stacks.cli.upgrade", "move the manifest of a Cluster to another release"),
    "clusters": ("cluster_stacks.cli.clusters", "judge the manifests of Clusters by the rendered branch"),
    "doctor": ("cluster_stacks.cli.doctor", "what is there, what is missing, and what will run"),
    "charts": ("cluster_stacks.cli.charts", "list and download the charts of addons, so that they can be judged"),
    "schemas": ("cluster_stacks.cli.schemas", "list and add the schemas that validation reads"),
    "hook": ("cluster_stacks.cli.hook", "judge a push, as Git's hooks pre-push and pre-receive"),
    "merge-driver": ("cluster_stacks.cli.merge_driver", "merge the versions in metadata.yaml, as Git's merge driver"),
}
"""One line a verb, in the order of the work: its module (with `command`) and its help."""


class LazyGroup(click.Group):
    """Imports a verb's module only when that verb runs, so that a hook pays for nothing else."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 — click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 — click's
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(VERBS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 — click's
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, help_) for verb, (_, help_) in VERBS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], VERBS, 1)
            ctx.fail(f"no such verb: {args[0]}" + (f" (did you mean {near[0]}?)" if near else ""))
        return super().resolve_command(ctx, args)


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cluster-stacks", message="%(prog)s %(version)s")
@click.option("--hooks-path", is_flag=True, is_eager=True, expose_value=False,
              callback=lambda ctx, _param, wanted: _hooks_path(ctx, wanted),
              help="Print the folder of the native hooks, for `git config core.hooksPath`.")
def cli() -> None:
    """Checks, bumps, renders, validates and publishes cluster stacks.

    Exit codes: 0 fine, 1 findings, 2 cannot tell.
    """


def _hooks_path(ctx: click.Context, wanted: bool) -> None:
    if wanted:
        from cluster_stacks.runtime.data import data_dir

        click.echo(data_dir("hooks"))
        ctx.exit(FINE)


def main(args: Sequence[str] | None = None) -> None:
    """The console script. Never returns: ends the process with the exit code of the contract."""
    _make_writable()
    sys.exit(run(args))


def _make_writable() -> None:
    """What a terminal of another encoding lacks is escaped, and what is written to a closed stream goes nowhere."""
    if sys.stdout is None or sys.stderr is None:
        nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 — for as long as it lives
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.encoding.lower() != "utf-8":
        sys.stdout.reconfigure(errors="backslashreplace")


def run(args: Sequence[str] | None = None) -> int:
    """Runs one verb and gives its exit code. An expected error is one line on stderr; a traceback is a bug."""
    try:
        result = cli.main(args=None if args is None else list(args), prog_name="cluster-stacks", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else FINE
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "cluster-stacks"
        return _say(f"{error.format_message().rstrip('.')}: see `{where} --help`")
    except click.ClickException as error:
        return _say(error.format_message())
    except CannotTell as error:
        return _say(str(error))
    except Refused as error:
        return _refused(error)
    except (KeyboardInterrupt, click.Abort):
        print("cluster-stacks: interrupted: nothing was left half done", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away (`| head`): nobody is left to tell, and Python must not try at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OSError as error:
        return _say(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except Exception:  # the one broad net: without it a crash would end with 1, which means "findings"
        import traceback

        traceback.print_exc()
        return _say(f"this is a bug in cluster-stacks {__version__}: please report it with the lines above")


def _say(message: str) -> int:
    from cluster_stacks.reporting.escape import printable

    print(f"cluster-stacks: {printable(message)}", file=sys.stderr)
    return CANNOT_TELL


def _refused(error: Refused) -> int:
    from cluster_stacks.reporting.escape import printable

    for finding in error.findings:
        where = ":".join(str(part) for part in (finding.path, finding.line, finding.column) if part)
        text = f"{where}: {finding.message}" if where else finding.message
        print(printable(f"{text} [{finding.rule}]"), file=sys.stderr)
    return FINDINGS
