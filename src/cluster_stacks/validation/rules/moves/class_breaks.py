"""Every class of a release against what it was in the releases that Clusters move to it from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cluster_stacks.releases.breaks import Break, Concerns, class_breaks, schema_of, variables_of
from cluster_stacks.releases.earlier import Earlier
from cluster_stacks.releases.plain import as_list, as_map
from cluster_stacks.validation.capi.upgrades import upgrade_plan
from cluster_stacks.validation.capi.values import filled, value_problems
from cluster_stacks.validation.capi.view import ClassView, classes
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.moves.found import Found

KINDS, PARTS, VARIABLES, KUBERNETES = "CS629", "CS630", "CS631", "CS662"
METADATA = "metadata.yaml"


def found(context: Context) -> tuple[Found, ...]:
    """All that is broken, made once."""
    return context.memo("moves.classes", lambda: tuple(_found(context)))


def sources(context: Context) -> tuple[Earlier, ...]:
    """The releases that Clusters can come from at all: not those more minors away than Cluster API goes at once."""
    return context.memo("moves.sources", lambda: tuple(e for e in context.published if _is_near(context, e)))


def _is_near(context: Context, earlier: Earlier) -> bool:
    release = context.release
    if release is None or earlier.facts.stack == release.stack:
        return release is not None
    before, now = earlier.facts.metadata.kubernetes, release.metadata.kubernetes
    if (now.major, now.minor) <= (before.major, before.minor + 1):
        return True
    return any(_reaches(view, str(before), str(now)) for view in classes(context))


def _reaches(view: ClassView, before: str, now: str) -> bool:
    listed = [version for _, version in view.kubernetes_versions]
    return _has_own_plan(view) or not upgrade_plan(before, now, listed).refusal


def _has_own_plan(view: ClassView) -> bool:
    """Whether an extension of its own says how Clusters of the class are upgraded."""
    external = as_map(as_map(view.spec.get("upgrade")).get("external"))
    return bool(external.get("generateUpgradePlanExtension"))


def _found(context: Context) -> Iterator[Found]:
    release, views = context.release, {view.name: view for view in classes(context)}
    if release is None or not views:
        return
    for earlier in sources(context):
        for file, old in earlier.classes():
            name = str(as_map(old.get("metadata")).get("name"))
            now = release.name + name.removeprefix(earlier.name) if name.startswith(earlier.name) else name
            if now in views:
                yield from _of_class(views[now], old, file, earlier)
                yield from _kubernetes(views[now], old, earlier, str(release.metadata.kubernetes))
            else:
                view = next(iter(views.values()))
                place = earlier.related(file, ("metadata", "name"), "the class stood here")
                text = f"is refused for every Cluster of {name}: the class is gone"
                at = (*view.item.prefix, "metadata", "name")
                yield Found(PARTS, f"class {now}", view.item, at, text, earlier, (place,))


def _of_class(view: ClassView, old: Mapping[str, Any], file: str, earlier: Earlier) -> Iterator[Found]:
    spec = as_map(old.get("spec"))
    for each in class_breaks(spec, view.spec):
        certain, reason = each.certain, each.reason
        if not certain:
            witness = _witness(each, spec, view.spec)
            certain, reason = bool(witness), f"{reason}{witness}"
        text = f"is {reason}" if each.concerns else f"is refused: {reason}"
        if not certain:
            text = f"may be {reason}"
        place = earlier.related(file, ("spec", *each.was), "what it was")
        yield Found(_rule(each), each.what, view.item, view.at(*each.at), text, earlier, (place,), certain)


def _rule(each: Break) -> str:
    if each.concerns is None:
        return KINDS
    return PARTS if each.concerns in (Concerns.WORKERS, Concerns.HEALTH) else VARIABLES


def _witness(each: Break, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """A value that Clusters are known to have, and that is refused: the old default, one of an enum, an example."""
    before = schema_of(variables_of(old)[each.name][1])
    after = schema_of(variables_of(new)[each.name][1])
    known = [("the default", before.get("default")), ("the example", before.get("example"))]
    known += [("the value", value) for value in as_list(before.get("enum"))[:50]]
    for what, value in known:
        if value is not None and _takes(before, value) and not _takes(after, value):
            return f", as {what} {str(value)[:60]!r} does not"
    return ""


def _takes(schema: Mapping[str, Any], value: object) -> bool:
    return all(problem.unevaluated for problem in value_problems(schema, filled(value, schema)))


def _kubernetes(view: ClassView, old: Mapping[str, Any], earlier: Earlier, now: str) -> Iterator[Found]:
    """The versions that Clusters of the earlier release may have, and that lead nowhere."""
    listed = [version for _, version in view.kubernetes_versions]
    if listed and now not in listed:  # which is wrong by itself
        return
    own = str(earlier.facts.metadata.kubernetes)
    named = [str(version) for version in as_list(as_map(old.get("spec")).get("kubernetesVersions"))]
    for start in dict.fromkeys([own, *named]):
        plan = upgrade_plan(start, now, listed)
        down = "go back" in plan.refusal
        if plan.refusal and (down or not _has_own_plan(view)):
            text = f"is refused for a Cluster at Kubernetes {start}: {plan.refusal}"
            yield Found(KUBERNETES, "kubernetes", view.item, ("versions", "kubernetes"), text, earlier, file=METADATA)
            return
