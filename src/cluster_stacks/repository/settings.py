"""Reads `.cluster-stacks.yaml`, the settings of a repository."""

from __future__ import annotations

import dataclasses
from typing import Any

from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.settings import SETTINGS_PATH, GeneratorSettings, Settings
from cluster_stacks.repository import rules
from cluster_stacks.repository.paths import leaves_tree
from cluster_stacks.repository.snapshot import Snapshot


def load_settings(snapshot: Snapshot) -> Settings:
    """The settings in a snapshot, or the defaults where it has no such file. Raises Refused where they are wrong."""
    found = snapshot.entries(SETTINGS_PATH)
    if not found:
        return Settings()
    ((entry, data),) = snapshot.read(found[:1])
    if entry.is_symlink:
        target = data.decode("utf-8", "surrogateescape")
        where = "out of the repository" if leaves_tree(entry.path, target) else "elsewhere"
        message = f"the settings are a symbolic link {where}: make them a file"
        raise rules.refused(rules.LINK, message, SETTINGS_PATH)
    return parse_settings(data)


def parse_settings(data: bytes, path: str = SETTINGS_PATH) -> Settings:
    """The settings in a file's bytes. Raises Refused with what is wrong with the file, and where."""
    from cluster_stacks.documents.schema import check

    document = load(data, path)
    findings = check(document, "settings")
    if findings:
        raise Refused(*(dataclasses.replace(finding, rule=rules.SETTINGS, path=path) for finding in findings))
    value: dict[str, Any] = document.value
    default = Settings()
    return Settings(
        branch=value.get("branch", default.branch),
        repository_url=value.get("repositoryURL", default.repository_url),
        generators=tuple(
            GeneratorSettings(item["name"], item.get("parameters", {})) for item in value.get("generators", ())
        ),
        engine=value.get("engine", default.engine),
        tools=value.get("tools", {}),
        schemas=tuple(value.get("schemas", ())),
    )
