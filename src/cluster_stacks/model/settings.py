"""`.cluster-stacks.yaml`: the settings of a repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cluster_stacks.model.source import Position
from cluster_stacks.model.stack import PROVIDERS, SETTINGS_PATH, StackId
from cluster_stacks.model.version import STABLE, Version

__all__ = ["NEXT", "SETTINGS_PATH", "Bumps", "Environment", "GeneratorSettings", "PolicySettings", "Settings", "Waiver"]

NEXT = "-next"
"""What promotion tools expect behind the name of a branch that holds its proposal."""


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """One enabled generator and its parameters, as the user wrote them (the generator's own schema judges them)."""

    name: str
    parameters: Mapping[str, object] = field(default_factory=dict)


class Bumps(StrEnum):
    """Who moves the versions: the author of a change, or the job that runs after its merge."""

    AUTHOR = "author"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Waiver:
    """Findings of a rule that are let pass, on a stack: a pattern as on the command line (`docker/scs/1-36`, `docker`).

    It holds through the day `expires`. `position` is where it stands in the settings.
    """

    rule: str
    stack: str
    reason: str
    expires: date
    position: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Environment:
    """A branch of its own for some of the releases: stacks by pattern (none: all), versions by their channel.

    `promoted_from` names the environment that this one gets its releases from, by `promote` alone; without it `publish`
    writes it. `proposed`: changes go to the branch `<branch>-next`, and a merge of it is what makes them count.
    """

    name: str
    branch: str
    stacks: tuple[str, ...] = ()
    channels: tuple[str, ...] = (STABLE,)
    promoted_from: str = ""
    proposed: bool = False

    @property
    def branches(self) -> tuple[str, ...]:
        """Every branch that is written for it."""
        return (self.branch, self.branch + NEXT) if self.proposed else (self.branch,)

    def admits(self, stack: StackId, version: Version) -> bool:
        """Whether that release is for this environment."""
        named = (pattern.strip("/").removeprefix(f"{PROVIDERS}/") for pattern in self.stacks)
        return version.channel in self.channels and (
            not self.stacks or any(f"{stack}/".startswith(f"{name}/") for name in named)
        )


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """Where the repository's own policies are, and which policies do not hold, by name."""

    folders: tuple[str, ...] = ("policies",)
    disabled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with their defaults.

    `repository_url` is the URL from which Flux and Argo CD read the rendered branch; generators need it.
    `tools` pins a tool (`helm`, `kustomize`, `kubeconform`) to a version: another one is refused.
    """

    branch: str = "rendered"
    repository_url: str = ""
    generators: tuple[GeneratorSettings, ...] = ()
    engine: str = "auto"
    tools: Mapping[str, str] = field(default_factory=dict)
    schemas: tuple[str, ...] = ()
    """Folders of the repository with further schemas, made by `schemas add`."""
    bump: Bumps = Bumps.AUTHOR
    rules: Mapping[str, str] = field(default_factory=dict)
    """Rule id → `error`, `warning`, `note` or `off`, where it is another than the rule's own."""
    waivers: tuple[Waiver, ...] = ()
    policies: PolicySettings = PolicySettings()
    environments: tuple[Environment, ...] = ()
    allow_secrets: tuple[str, ...] = ()
    """What may be published although it looks like a secret: objects as `<name>` or `<namespace>/<name>`, and source
    files by path; `*` stands for anything."""
    require_signed: bool = False
    """Publish only from source commits whose signature git finds good."""
    keep_retired_days: int = 90
    """How long the folders of retired releases stay before `gc` removes them."""
