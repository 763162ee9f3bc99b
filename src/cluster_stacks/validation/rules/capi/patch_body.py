"""A patch says what it does in exactly one way."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.capi.view import ClassView, Patch, Values, classes
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS621", "patch-body", "a patch that does not say in exactly one way what it does",
    "A patch has either `definitions` or `external`, and an external one names the extension that generates the "
    "patches or the one that validates the topology. The webhook refuses all else. An empty list of definitions is "
    "taken in v1beta2, and then stops every Cluster of the class. External patches need the feature gate RuntimeSDK "
    "of the management cluster, which is off by default: that is a warning.",
    source="Cluster API: the webhook of ClusterClass, validatePatchDefinitions",
)
_EXTENSIONS = {
    "v1beta1": ("generateExtension", "validateExtension"),
    "v1beta2": ("generatePatchesExtension", "validateTopologyExtension"),
}


def check(context: Context) -> Iterator[Problem]:
    """Finds patches with nothing, with both, and external ones that name no extension."""
    for view in classes(context):
        for patch in view.patches:
            yield from _problems(view, patch)


def _problems(view: ClassView, patch: Patch) -> Iterator[Problem]:
    definitions = patch.value.get("definitions")
    if definitions is not None and patch.external is not None:
        yield _problem(view, patch, "the patch has both definitions and external: make two patches of it", "external")
    if definitions is None and patch.external is None:
        yield _problem(view, patch, "the patch does nothing: it needs definitions, or external")
    elif definitions == [] and patch.external is None:
        message = "the patch has no definitions, and a patch without any stops every Cluster of the class: remove it"
        yield _problem(view, patch, message, "definitions")
    if patch.external is not None:
        yield from _external(view, patch, patch.external)


def _external(view: ClassView, patch: Patch, external: Values) -> Iterator[Problem]:
    keys = _EXTENSIONS[view.version]
    if not any(external.get(key) for key in keys):
        yield _problem(view, patch, f"the external patch names no extension: say {' or '.join(keys)}", "external")
    message = "the management cluster takes external patches only with its feature gate RuntimeSDK, off by default"
    at: Pointer = (*patch.pointer, "external")
    yield Problem(
        view.item.document, RULE.id, message, at, on_key=True, severity=Severity.WARNING, item=view.item
    )


def _problem(view: ClassView, patch: Patch, message: str, *place: str) -> Problem:
    return Problem(view.item.document, RULE.id, message, (*patch.pointer, *place), item=view.item)
