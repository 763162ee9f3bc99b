"""Reads `.cluster-stacks.yaml`, the settings of a repository."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

from cluster_stacks.documents.yaml import Document, load
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.settings import SETTINGS_PATH, Bumps, GeneratorSettings, PolicySettings, Settings, Waiver
from cluster_stacks.repository import rules
from cluster_stacks.repository.settings_file import may_set_policy, read_settings
from cluster_stacks.repository.snapshot import Snapshot


def load_settings(snapshot: Snapshot) -> Settings:
    """The settings in a snapshot, or the defaults where it has no such file. Raises Refused where they are wrong."""
    data = read_settings(snapshot)
    return Settings() if data is None else parse_settings(data)


def load_policy(snapshot: Snapshot) -> Settings:
    """As load_settings, of who bumps, severities and waivers; the rest are the defaults.

    Many times as fast, as no schema is read where these parts are right: `check` asks at each run.
    """
    data = read_settings(snapshot)
    if data is None or not may_set_policy(data):
        return Settings()
    document = load(data, SETTINGS_PATH)
    value: Any = document.value
    if not isinstance(value, dict):
        return parse_settings(data)
    bump, severities, waivers = value.get("bump", "author"), value.get("rules", {}), value.get("waivers", [])
    if not (bump in ("author", "merge") and _is_severities(severities) and _are_waivers(waivers)):
        return parse_settings(data)
    return Settings(
        bump=Bumps(bump), rules=_severities(severities),
        waivers=tuple(_waiver(document, index, item, SETTINGS_PATH) for index, item in enumerate(waivers)),
    )


def parse_settings(data: bytes, path: str = SETTINGS_PATH) -> Settings:
    """The settings in a file's bytes. Raises Refused with what is wrong with the file, and where."""
    from cluster_stacks.documents.schema import check
    from cluster_stacks.repository.environments import parse_environments

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
        bump=Bumps(value.get("bump", default.bump)),
        rules=_severities(value.get("rules", {})),
        waivers=tuple(_waiver(document, index, item, path) for index, item in enumerate(value.get("waivers", ()))),
        policies=_policies(value.get("policies", {})),
        environments=parse_environments(document, value.get("environments", ()), path),
        allow_secrets=tuple(value.get("allowSecrets", ())),
        require_signed=value.get("requireSigned", default.require_signed),
        keep_retired_days=value.get("keepRetiredDays", default.keep_retired_days),
    )


def _policies(value: dict[str, list[str]]) -> PolicySettings:
    default = PolicySettings()
    folders = tuple(folder.strip("/") for folder in value.get("folders", default.folders))
    return PolicySettings(folders, tuple(value.get("disabled", ())))


def _is_severities(value: object) -> bool:
    severities = ("error", "warning", "note", "off")
    return isinstance(value, dict) and all(each is False or each in severities for each in value.values())


def _severities(value: dict[str, str | bool]) -> dict[str, str]:
    """By rule. YAML reads `off` without quotes as false, and means the same by both."""
    return {rule: str(severity) if severity else "off" for rule, severity in value.items()}


def _are_waivers(value: object) -> bool:
    """Whether each is a mapping of the four texts; what they say is judged elsewhere."""
    keys = {"rule", "stack", "reason", "expires"}
    return isinstance(value, list) and all(
        isinstance(item, dict) and item.keys() == keys and all(isinstance(text, str) and text for text in item.values())
        for item in value
    )


def _waiver(document: Document, index: int, item: dict[str, str], path: str) -> Waiver:
    position = document.position(("waivers", index))
    try:
        expires = date.fromisoformat(item["expires"])
    except ValueError as error:
        message = f"{item['expires']} is no day of the calendar: write expires as YYYY-MM-DD"
        at = document.position(("waivers", index, "expires"))
        raise rules.refused(rules.SETTINGS, message, path, at) from error
    return Waiver(item["rule"], item["stack"], item["reason"], expires, position)
