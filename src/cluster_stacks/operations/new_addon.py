"""A new addon of one minor, or of all minors that share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster_stacks.documents.emit import emit
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import NAME, PROVIDERS, SHARED, Layer, StackId
from cluster_stacks.operations.creating import NewFile, Plan, create
from cluster_stacks.operations.left_to_edit import Todo
from cluster_stacks.operations.new import Created, require_seen
from cluster_stacks.repository.effective import Folders, effective_entries, families
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.overlay import NOTHING, is_removed, parse_overlay
from cluster_stacks.repository.paths import OVERLAY, Family, shown
from cluster_stacks.repository.snapshot import Snapshot, WorktreeSnapshot
from cluster_stacks.repository.stacks import discover, select

_ORDER = "clusteraddon.yaml"


@dataclass(frozen=True, slots=True)
class ChartSource:
    """The upstream chart of an addon: its name, exact version, and https:// or oci:// repository."""

    name: str
    version: str
    repository: str


def new_addon(
    repo: Path, where: str, name: str, *, chart: ChartSource | None = None, namespace: str = "kube-system",
    dry_run: bool = False,
) -> Created:
    """Makes the addon `name`: an umbrella around `chart`, or without one a folder of manifests to fill.

    `where` is a minor (`docker/scs/1-36`), or a stack (`docker/scs`) whose minors get it by `shared/`. The order of
    addons, where a minor has one, gets it at its end. Raises CannotTell where the addon is there already.
    """
    if not NAME.fullmatch(name):
        raise CannotTell(f"{shown(name)!r} cannot name an addon: use lower-case letters, digits and dashes")
    git = Git.discover(repo)
    if git.top is None:
        raise CannotTell("a bare repository has no work tree to write to: work in a clone of it")
    snapshot = WorktreeSnapshot(git)
    try:
        base, stacks = _place(snapshot, where)
        folder = f"{base}/{Layer.CLUSTER_ADDON}/{name}"
        edits = dict(_orders(snapshot, base, stacks, name))
        todo = (*_todo(folder, chart), *_later(snapshot, stacks, name))
        plan = Plan(folder, _files(name, chart, namespace), edits)
        if not dry_run:
            create(git.top, plan, lambda: require_seen(git, plan, stacks))
        return Created(f"{name} of {', '.join(map(str, stacks))}", _origin(chart), plan.paths, todo,
                       ("cluster-stacks bump", f"cluster-stacks validate {' '.join(map(str, stacks))}"))
    finally:
        snapshot.close()


def _origin(chart: ChartSource | None) -> str:
    return f"the chart {chart.name} {chart.version}" if chart else "manifests"


def _todo(folder: str, chart: ChartSource | None) -> tuple[Todo, ...]:
    if chart:
        return (Todo(f"{folder}/values.yaml", 1, f"the values of {chart.name}"),)
    return (Todo(f"{folder}/manifests.yaml", 1, "your objects in place of this ConfigMap"),)


def _later(snapshot: Snapshot, stacks: Sequence[StackId], name: str) -> Iterator[Todo]:
    """A Cluster that moves on to the next minor would lose the addon where that does not have it."""
    last = stacks[-1]
    family = Family(last.provider, last.name)
    known = [each for each in discover(snapshot).stacks if each[:2] == family and each.sort_key > last.sort_key]
    folders = families(snapshot.entries(family.path)).get(family, {})
    if known and not _effective(snapshot, folders, known[0], name)[1]:
        path = f"{known[0].path}/{Layer.CLUSTER_ADDON}"
        yield Todo(path, 0, f"{known[0]} comes after {last} and lacks it: add it there too, or waive CS111")


def _place(snapshot: Snapshot, where: str) -> tuple[str, list[StackId]]:
    """The folder that gets the addon, and the stacks that have it then."""
    known = discover(snapshot).stacks
    parts = where.strip("/").removeprefix(f"{PROVIDERS}/").split("/")
    chosen = select(known, ["/".join(parts[:3])])
    if len(parts) >= 3 and parts[2] != SHARED:
        return chosen[0].path, chosen
    families_ = {each[:2] for each in chosen}
    if len(parts) < 2 or len(families_) > 1:
        raise CannotTell(f"{shown(where)} means {len(chosen)} stacks: name one, such as {chosen[0]}")
    family = chosen[0]
    if not snapshot.entries(family.shared_path):
        raise CannotTell(f"{family.provider}/{family.name} has no {SHARED}/: name the minor that gets the addon, "
                         f"such as {chosen[-1]}")
    reached = [stack for stack in chosen if not is_removed(f"{Layer.CLUSTER_ADDON}/x", _removed(snapshot, stack))]
    if not reached:
        raise CannotTell(f"no minor of {family.provider}/{family.name} has anything from {SHARED}/: name one of them")
    return family.shared_path, reached


def _removed(snapshot: Snapshot, stack: StackId) -> tuple[str, ...]:
    path = f"{stack.path}/{OVERLAY}"
    entries = snapshot.entries(path)
    return next((parse_overlay(data, path, stack) for _, data in snapshot.read(entries)), NOTHING).remove


def _orders(
    snapshot: Snapshot, base: str, stacks: Sequence[StackId], name: str
) -> Iterator[tuple[str, bytes]]:
    """Each clusteraddon.yaml that must name the addon, with its new bytes.

    A minor that has its order from shared/, and the addon for itself, gets an order of its own.
    """
    first = stacks[0]
    family = Family(first.provider, first.name)
    folders = families(snapshot.entries(family.path)).get(family, {})
    for stack in stacks:
        entry, taken = _effective(snapshot, folders, stack, name)
        if taken:
            raise CannotTell(f"{stack} has an addon {name} already: choose another name, or edit {taken}")
        if entry is None:
            continue
        [(_, data)] = snapshot.read([entry])
        path = f"{base}/{_ORDER}" if base == stack.path else entry.path
        yield path, _with_stage(data, entry.path, name)


def _effective(snapshot: Snapshot, folders: Folders, stack: StackId, name: str) -> tuple[Entry | None, str]:
    """The order of a stack's addons, and a file of the addon of that name."""
    entries = effective_entries(folders, stack.minor, _removed(snapshot, stack))
    prefix = f"{Layer.CLUSTER_ADDON}/{name}/"
    taken = next((entry.path for key, entry in entries.items() if key.startswith(prefix)), "")
    return entries.get(_ORDER), taken


def _with_stage(data: bytes, path: str, name: str) -> bytes:
    """The file with one more stage behind the last of its first hook; every other byte stays."""
    document = load(data, path)
    stages: Any = document.value.get("addonStages") if isinstance(document.value, dict) else None
    hook = next(iter(stages), "") if isinstance(stages, dict) else ""
    items = stages[hook] if hook else None
    by_hand = CannotTell(f"{path}: the order of addons cannot be edited here: add `- name: {name}`, `action: apply` "
                         "by hand where it belongs, and put the addon's folder beside it")
    if not isinstance(items, list) or not items or b"#%" in data or b"<%" in data:
        raise by_hand
    at = document.position(("addonStages", hook, len(items) - 1))
    lines = data.splitlines(keepends=True)
    last = lines[at.line - 1]
    indent = last[: len(last) - len(last.lstrip())]
    end = b"\r\n" if b"\r\n" in data else b"\n"
    if not last.lstrip().startswith(b"- "):
        raise by_hand
    where = max(at.line, at.end_line)
    if not lines[where - 1].endswith(b"\n"):
        lines[where - 1] += end
    lines.insert(where, indent + b"- name: " + name.encode() + end + indent + b"  action: apply" + end)
    result = b"".join(lines)
    items.append({"name": name, "action": "apply"})
    try:
        same = load(result, path).value == document.value
    except Refused:
        same = False
    if not same:
        raise by_hand
    return result


def _files(name: str, chart: ChartSource | None, namespace: str) -> Mapping[str, NewFile]:
    settings = {"namespace": namespace, **({"releaseName": name} if chart else {})}
    files: dict[str, object] = {"addon.yaml": settings}
    if chart:
        about = {"name": chart.name, "version": chart.version, "repository": chart.repository}
        files["Chart.yaml"] = {
            "apiVersion": "v2", "name": name, "type": "application", "version": "0.0.0", "dependencies": [about],
        }
        files["values.yaml"] = {chart.name: {}}
    else:
        files["manifests.yaml"] = {
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}, "data": {},
        }
    made = {path: NewFile(emit(value).encode()) for path, value in files.items()}
    if chart:
        comment = b"# An umbrella around the upstream chart. `version` is stamped when a release is rendered.\n"
        made["Chart.yaml"] = NewFile(comment + made["Chart.yaml"].data)
    return made


def check_chart(name: str | None, version: str | None, repository: str | None, addon: str) -> ChartSource | None:
    """What the command line says of a chart; None where it says nothing. Raises CannotTell where that cannot be used.

    The chart is called as the addon where it has no name of its own.
    """
    if name is None and version is None and repository is None:
        return None
    from cluster_stacks.rendering.charts import wrong_source

    if version is None or repository is None:
        raise CannotTell("a chart needs its exact version and its repository: --version 1.2.3 --repository https://…")
    chart = ChartSource(name or addon, version, repository)
    problem = wrong_source(chart.name, version, repository)
    if problem:
        raise CannotTell(problem)
    return chart

