"""Addons that a cluster would lose: those of the stack's own last state, for a new stack those of the minor before."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.effective import effective_entries
from cluster_stacks.versioning.addons import ADDON_FILE, FOLDER, addon_files, identities, unreadable
from cluster_stacks.versioning.change import LostAddon, StackChange, Status
from cluster_stacks.versioning.identity import Loss, losses
from cluster_stacks.versioning.origin import previous_minor
from cluster_stacks.versioning.reach import FamilyStates
from cluster_stacks.versioning.sources import AtTip, Blobs, Sources, Versions

Files = Mapping[str, Entry]


def lost_addons(
    change: StackChange, family: FamilyStates, sources: Sources, blobs: Blobs, at_tip: AtTip | None
) -> tuple[LostAddon, ...]:
    """The addons that this change loses. What the target has lost as well since the merge base is not its doing.

    Raises Refused where the change makes an addon.yaml unreadable: nobody could say what became of the addon.
    """
    stack = change.stack
    after = effective_entries(family.after, stack.minor, sources.after[stack].overlay.remove)
    since, before = _before(change, family, sources)
    if since is None and change.tip and at_tip:
        since, before = stack, _files(stack, at_tip)
    if since is None:
        return ()
    found = _losses(before, after, blobs, stack)
    if found and since == stack and change.base and change.tip and at_tip:
        theirs = identities(addon_files(_files(stack, at_tip)), blobs.blob)
        found = [loss for loss in found if loss.before in theirs]
    return tuple(LostAddon(loss, since, _path(loss, before, after, stack, since)) for loss in found)


def _files(stack: StackId, at_tip: AtTip) -> Files:
    folders, versions = at_tip(stack)
    return effective_entries(folders, stack.minor, versions.overlay.remove)


def _before(change: StackChange, family: FamilyStates, sources: Sources) -> tuple[StackId | None, Files]:
    """The stack to compare with and its files; None where only the tip of the target has it, or nothing does."""
    stack = change.stack
    if change.status is Status.NEW:
        minor = previous_minor(family, stack)
        if minor is None:
            return None, {}
        stack = family.family.stack(minor)
    elif stack.minor not in family.before:
        return None, {}
    there = stack.minor in family.before
    folders, side = (family.before, sources.before) if there else (family.after, sources.after)
    return stack, effective_entries(folders, stack.minor, side.get(stack, Versions()).overlay.remove)


def _losses(before: Files, after: Files, blobs: Blobs, stack: StackId) -> list[Loss]:
    old, new = addon_files(before), addon_files(after)
    # Contents are read only where something differs that they could be about.
    if {name: entry and entry.oid for name, entry in old.items()}.items() <= {
        name: entry and entry.oid for name, entry in new.items()
    }.items():
        return []
    given = identities(new, blobs.blob)
    unread = new.keys() - {addon.name for addon in given}
    wrong = [
        dataclasses.replace(finding, stack=str(stack))
        for name in sorted(unread)
        if (file := new[name]) and not file.is_submodule and file != old.get(name)
        for finding in unreadable(name, blobs.blob(file), file.path)
    ]
    if wrong:
        raise Refused(*wrong)
    return [loss for loss in losses(identities(old, blobs.blob), given) if loss.before.name not in unread]


def _path(loss: Loss, before: Files, after: Files, stack: StackId, since: StackId) -> str:
    """Where to look: the addon.yaml of what it became, else the folder that it had; metadata.yaml of a new stack."""
    if loss.now:
        own = f"{FOLDER}/" if loss.now.name == FOLDER else f"{FOLDER}/{loss.now.name}/"
        files = [entry.path for key, entry in after.items() if key.startswith(own)]
        return next((path for path in files if path.endswith(f"/{ADDON_FILE}")), files[0])
    if since != stack:
        return stack.metadata_path
    own = f"{FOLDER}/" if loss.before.name == FOLDER else f"{FOLDER}/{loss.before.name}/"
    key, entry = next((key, entry) for key, entry in before.items() if key.startswith(own))
    return entry.path.removesuffix(key) + own.rstrip("/")
