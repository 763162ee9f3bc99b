"""What makes an addon the same addon in the next release: pure comparison, for sources and for releases alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

NAMESPACE = "kube-system"
"""Where an addon goes whose addon.yaml names no namespace."""


class AddonIdentity(NamedTuple):
    """By what a cluster knows an addon: `name` names its Helm release's object, `release_name` the Helm release."""

    name: str
    namespace: str
    release_name: str


class Loss(NamedTuple):
    """An addon that a cluster would lose with the next release; `now` is what it became, None where it is gone."""

    before: AddonIdentity
    now: AddonIdentity | None


def losses(before: Iterable[AddonIdentity], after: Iterable[AddonIdentity]) -> list[Loss]:
    """The addons of `before` that `after` does not have as they were, in order of their names.

    One is the same where its three parts are. Of one that is not, `now` is the addon of its name, else the one that
    took over its Helm release, where that is a new name.
    """
    given, known = list(after), {addon.name for addon in before}
    by_name = {addon.name: addon for addon in given}
    by_release = {(a.namespace, a.release_name): a for a in given if a.name not in known}
    return [
        Loss(addon, by_name.get(addon.name) or by_release.get((addon.namespace, addon.release_name)))
        for addon in sorted(before)
        if by_name.get(addon.name) != addon
    ]
