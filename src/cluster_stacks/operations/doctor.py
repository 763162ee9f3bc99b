"""What is there, what is missing, and what will run: told without any network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.settings import SETTINGS_PATH, Settings
from cluster_stacks.operations import doctor_branches, doctor_hooks, doctor_tools
from cluster_stacks.operations.choosing import snapshot_of
from cluster_stacks.operations.diagnosis import Line, State, wrong
from cluster_stacks.operations.validate import engine_name
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import parse_settings
from cluster_stacks.repository.settings_file import read_settings
from cluster_stacks.repository.snapshot import Snapshot
from cluster_stacks.validation.engines import choose


def diagnose(repo: Path) -> list[Line]:
    """Everything that decides what the commands do here, in the order of their need. Never raises for what is wrong."""
    try:
        git = Git.discover(repo)
        snapshot = snapshot_of(git, None)
    except (CannotTell, Refused) as error:
        fix = "" if repo.is_dir() is False else "git init"
        return [*doctor_tools.tools(Settings()), *wrong("repository", error, fix)]
    try:
        return list(_diagnose(git, snapshot))
    finally:
        snapshot.git.close()


def _diagnose(git: Git, snapshot: Snapshot) -> Iterator[Line]:
    settings, line = _settings(snapshot)
    usable = settings or Settings()
    yield from doctor_tools.tools(usable)
    yield Line("repository", State.OK, f"{git.top or git.cwd}{'' if git.top else ' (bare)'}")
    yield from line
    yield from doctor_branches.stacks(snapshot)
    yield from doctor_branches.base(git)
    if settings is not None:
        yield from _engine(settings)
        yield from doctor_branches.generators(snapshot, settings)
        yield from doctor_branches.branches(git, settings)
    if git.top is not None:
        yield from doctor_hooks.hooks(git)


def _settings(snapshot: Snapshot) -> tuple[Settings | None, list[Line]]:
    """The settings, None where they are wrong, and what to say of them."""
    try:
        data = read_settings(snapshot)
        if data is None:
            return Settings(), [Line("settings", State.OK, f"no {SETTINGS_PATH}: the defaults")]
        return parse_settings(data), [Line("settings", State.OK, f"{SETTINGS_PATH} is valid")]
    except (CannotTell, Refused) as error:
        return None, wrong("settings", error, f"edit {SETTINGS_PATH} (docs/settings.md)")


def _engine(settings: Settings) -> list[Line]:
    """What `validate` judges by."""
    try:
        engines = choose(settings.engine, settings)
    except CannotTell as error:
        return wrong("engine", error)
    return [Line("engine", State.OK, f"{engine_name(engines)} judge{'' if engines.both else 's'} objects")]
