"""Reads the settings of a proposed state for a verb that judges, and judges them where that is due."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import NamedTuple

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.settings import SETTINGS_PATH, Settings
from cluster_stacks.operations.policy import Applied, Scope, apply, leftovers
from cluster_stacks.repository.settings import load_policy, load_settings
from cluster_stacks.repository.settings_file import read_settings
from cluster_stacks.repository.snapshot import Snapshot


class Read(NamedTuple):
    """Settings, and what is wrong with them: then they are the defaults, and no verb says that all is well."""

    settings: Settings
    findings: tuple[Finding, ...] = ()


def read(snapshot: Snapshot, *, whole: bool = False) -> Read:
    """What the settings say of who bumps, of severities and of waivers; with `whole`, all that they say, judged.

    `whole` is for runs that judge the settings as well: where they changed, and where every stack is judged.
    """
    try:
        return Read(load_settings(snapshot) if whole else load_policy(snapshot))
    except Refused as refused:
        return Read(Settings(), refused.findings)


def settle(
    findings: Iterable[Finding], settings: Settings, scopes: Collection[Scope], today: datetime.date | None = None
) -> Applied:
    """What remains of findings by the settings, with waivers that ended or waive nothing; `scopes` were judged."""
    if not (settings.rules or settings.waivers):
        return Applied(tuple(findings))
    today = today or datetime.date.today()  # noqa: DTZ011 — a day on the calendar of whoever runs it
    applied = apply(findings, settings, today)
    return applied._replace(findings=(*applied.findings, *leftovers(settings, today, applied.waived, scopes)))


def problems(snapshot: Snapshot, settings: Settings) -> list[Finding]:
    """What is wrong with severities and waivers: rules and stacks that do not exist."""
    from cluster_stacks.repository.stacks import discover

    if not (settings.rules or settings.waivers):
        return []
    data = read_settings(snapshot)
    return problems_in(data or b"", settings, map(str, discover(snapshot).stacks))


def problems_in(data: bytes, settings: Settings, stacks: Iterable[str] | None) -> list[Finding]:
    """The same, from the bytes of the settings; `stacks` None: not known."""
    from cluster_stacks.documents.yaml import load
    from cluster_stacks.operations.catalogue import rules_by_id
    from cluster_stacks.operations.policy import settings_findings

    document = load(data, SETTINGS_PATH)
    return settings_findings(
        settings, rules_by_id(), stacks, lambda place: document.position(place, key=place[0] == "rules")
    )
