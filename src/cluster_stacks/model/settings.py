"""`.cluster-stacks.yaml`: the settings of a repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SETTINGS_PATH = ".cluster-stacks.yaml"


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """One enabled generator and its parameters, as the user wrote them (the generator's own schema judges them)."""

    name: str
    parameters: Mapping[str, object] = field(default_factory=dict)


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
