"""Patches: selectors, operations, paths, values and their templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mutants.edits import Places, also, both, change, drop, first, put, replace, resolve, values
from mutants.mutant import Edit, Object
from mutants.operators.places import CLASS, DEFINITIONS, DOUBTFUL, FAILS, PATCHES, STEPS, table

SELECTOR = f"{DEFINITIONS}/*/selector"
MATCH = f"{SELECTOR}/matchResources"
PATH = f"{STEPS}/*/path"
TEMPLATE = f"{STEPS}/*/valueFrom/template"
VARIABLE = f"{STEPS}/*/valueFrom/variable"
ENABLED = f"{PATCHES}/*/enabledIf"
MACHINES = f"{MATCH}/machineDeploymentClass/names"


def spread(edit: Edit, count: int = 4) -> Edit:
    """As many mutants of an edit, evenly spread over all that it makes."""

    def some(value: Object) -> Iterator[tuple[str, Object]]:
        found = list(edit(value))
        yield from found[:: max(1, -(-len(found) // count))][:count]

    return some


def _every(places: Places, found: tuple[Any, ...]) -> Edit:
    """Each value at a place of its own, as far as there are places."""

    def edit(value: Object) -> Iterator[tuple[str, Object]]:
        everywhere = [
            steps for place in ((places,) if isinstance(places, str) else places) for steps in resolve(value, place)
        ]
        for index, one in enumerate(found if everywhere else ()):
            steps = everywhere[index % len(everywhere)]
            place = "/" + "/".join(str(step).replace("/", "~1") for step in steps)
            yield from replace(place, one, f"#{index}")(value)

    return edit


def _typo(path: str) -> str:
    """A path with one letter of its last name left out, where that is no name of the author's own."""
    if "/annotations/" in path or "/failureDomains/" in path:
        return path
    head, _, last = path.rpartition("/")
    return f"{head}/{last[:-1]}" if len(last) > 2 else f"{path}x"


def _parent_typo(path: str) -> str:
    head, _, last = path.rpartition("/")
    return f"{head}x/{last}"


def step(**fields: Any) -> Edit:
    """The first step of each of some patches becomes this one."""
    return spread(replace(f"{DEFINITIONS}/0/jsonPatches/0",
        {name: value for name, value in fields.items() if value != ""}))


SPEC = "/spec/template/spec"
OPERATORS = (
    *table(
        "T", CLASS,
        ("patch-name-missing", "a patch without name", drop(f"{PATCHES}/*/name")),
        ("patch-name-empty", "a patch with an empty name", replace(f"{PATCHES}/*/name", "")),
        ("patch-name-twice", "two patches of one name", change(
            PATCHES, lambda found: [*found, {**found[0]}] if found else found)),
        ("patch-empty", "a patch with neither definitions nor an extension", drop(f"{PATCHES}/*/definitions")),
        ("patch-both", "definitions and an extension in one patch", put(f"{PATCHES}/*/external", {
            "generatePatchesExtension": "x.y"})),
        ("patch-definitions-empty", "an empty list of definitions", replace(f"{PATCHES}/*/definitions", []), FAILS),
        ("patch-steps-empty", "an empty list of steps", replace(STEPS, [])),
        ("patch-steps-missing", "a definition without steps", drop(STEPS)),
        ("patch-unknown-field", "an unknown field of a patch", also(
            first(put(f"{PATCHES}/*/enabled", True)), first(put(f"{STEPS}/*/values", 1)),
                first(put(f"{SELECTOR}/name", "x")))),
        ("patch-description-empty", "an empty description", put(f"{PATCHES}/*/description", "")),
        ("enabled-not-closed", "a condition that is not closed", put(ENABLED, "{{ .backend")),
        ("enabled-no-end", "a condition without its end", put(ENABLED, "{{ if .x }}true")),
        ("enabled-unknown-function", "a function that does not exist", put(ENABLED, "{{ isTrue .x }}")),
        ("enabled-env", "a function that reads the environment", put(ENABLED, '{{ env "HOME" }}')),
        ("enabled-not-hermetic", "functions of sprig that are left out, as their answer is not always the same", values(
            ENABLED, "{{ now }}", "{{ randAlpha 5 }}", '{{ genCA "a" 1 }}', "{{ uuidv4 }}",
                '{{ getHostByName "a" }}'), DOUBTFUL),
        ("enabled-undeclared", "a condition of a variable that is not declared", values(
            ENABLED, '{{ ne .notDeclared "" }}', "{{ .notDeclared }}", "{{ if .notDeclared }}true{{ end }}"), DOUBTFUL),
        ("enabled-never", "a condition that no value makes true", values(
            ENABLED, "yes", "{{ `false` }}", "True", '{{ if eq 1 1 }}yes{{ end }}'), DOUBTFUL),
        ("enabled-always", "a condition that is always true, which is fine", put(ENABLED, "true"), DOUBTFUL),
        ("enabled-empty", "an empty condition", put(ENABLED, "")),
        ("enabled-is-boolean", "true in place of a template", put(ENABLED, True)),
        ("enabled-too-long", "a condition of 257 characters", put(ENABLED, "{{/*" + "x" * 249 + "*/}}")),
        ("enabled-unknown-builtin", "a condition of a builtin that does not exist",
         put(ENABLED, '{{ eq .builtin.cluster.nam "x" }}'), DOUBTFUL),
        ("enabled-argument-count", "a comparison with nothing", put(ENABLED, "{{ eq }}"), FAILS),
        ("enabled-compares-kinds", "a comparison of text with a number",
         put(ENABLED, "{{ eq .builtin.cluster.name 1 }}"), FAILS),
        ("selector-kind-other", "a selector of a kind that the class does not refer to",
         spread(replace(f"{SELECTOR}/kind", "MetalMachineTemplate"))),
        ("selector-kind-no-template", "a selector of the kind that templates make",
         spread(change(f"{SELECTOR}/kind", lambda kind: kind.removesuffix("Template")))),
        ("selector-kind-missing", "a selector without kind", drop(f"{SELECTOR}/kind")),
        ("selector-version-other", "a selector of another version",
         spread(change(f"{SELECTOR}/apiVersion", lambda found: found.rpartition("/")[0] + "/v1alpha3"))),
        ("selector-version-older", "a selector of the other served version", spread(change(
            f"{SELECTOR}/apiVersion",
            lambda found: found.replace("v1beta2", "v1beta1") if "v1beta2" in found else found.replace("1beta1",
                "1beta2")))),
        ("selector-group-typo", "a group with a typo",
         spread(change(f"{SELECTOR}/apiVersion", lambda found: found.replace("x-k8s", "xk8s")))),
        ("selector-version-missing", "a selector without apiVersion", drop(f"{SELECTOR}/apiVersion")),
        ("selector-nothing", "a selector that matches nothing", spread(replace(MATCH, {}))),
        ("selector-missing", "a definition without selector", drop(SELECTOR)),
        ("selector-match-missing", "a selector without matchResources", drop(MATCH)),
        ("selector-all-false", "a selector whose answers are all false", spread(replace(MATCH, {
            "controlPlane": False, "infrastructureCluster": False}))),
        ("selector-names-empty", "a selector of no worker class",
         replace(MATCH, {"machineDeploymentClass": {"names": []}})),
        ("selector-names-missing", "a selector of worker classes without names",
         replace(MATCH, {"machineDeploymentClass": {}})),
        ("selector-class-unknown", "a selector of a worker class that does not exist",
         replace(MACHINES, ["no-such-class"])),
        ("selector-class-one-unknown", "one worker class of two that does not exist",
         change(MACHINES, lambda names: [*names, "no-such-class"])),
        ("selector-glob-middle", "a star within a name", replace(MACHINES, ["def*ult"])),
        ("selector-glob-twice", "two stars", replace(MACHINES, ["*worker*"])),
        ("selector-glob-end", "a star at the end, which is fine", replace(MACHINES, ["d*"]), DOUBTFUL),
        ("selector-glob-start", "a star at the beginning, which is fine", replace(MACHINES, ["*"]), DOUBTFUL),
        ("selector-glob-nothing", "a star that matches nothing", replace(MACHINES, ["zzz*"])),
        ("selector-pool-unknown", "a selector of a pool that does not exist",
         spread(put(f"{MATCH}/machinePoolClass", {"names": ["no-such-pool"]}))),
        ("selector-wrong-place", "a selector of the control plane for templates that are not its own", spread(replace(
            MATCH, {"controlPlane": True})), DOUBTFUL),
        ("selector-cluster-place", "a selector of the cluster's infrastructure for other templates", spread(replace(
            MATCH, {"infrastructureCluster": True})), DOUBTFUL),
        ("selector-unknown-field", "an unknown field of a selector", put(f"{MATCH}/bootstrap", True)),
        ("op-unknown", "operations that JSON patches know and classes do not", _every(
            f"{STEPS}/*/op", ("copy", "move", "test", "Add", "delete", ""))),
        ("op-missing", "a step without operation", drop(f"{STEPS}/*/op")),
        ("path-missing", "a step without path", drop(PATH)),
        ("path-outside", "paths outside of spec", _every(PATH, (
            "/metadata/labels/a", "/kind", "/status", "spec/template", "/", "/specs/x", ""))),
        ("path-spec-itself", "the whole of spec as path", replace(PATH, "/spec"), DOUBTFUL),
        ("path-typo", "a path whose last name has a typo", spread(change(PATH, _typo), 4), FAILS),
        ("path-parent-typo", "a path on the way of which a name has a typo",
         spread(change(PATH, _parent_typo), 4), FAILS),
        ("path-double-slash", "two slashes in a path",
         spread(change(PATH, lambda path: path.replace("/spec/", "/spec//", 1))), FAILS),
        ("path-ends-in-slash", "a path that ends in a slash", spread(change(PATH, lambda path: path + "/")), FAILS),
        ("path-dots", "dots where slashes belong",
         spread(change(PATH, lambda path: "/spec." + path[6:].replace("/", "."))), FAILS),
        ("path-bad-escape", "a path with an escape that is none",
         spread(change(PATH, lambda path: path + "/a~2b")), FAILS),
        ("path-below-text", "a path below text", spread(change(PATH, lambda path: f"{path}/below/it")), FAILS),
        ("path-too-long", "a path of 513 characters", replace(PATH, "/spec/" + "x" * 507)),
        ("path-template-metadata", "a path into the metadata of the object that is made", spread(step(
            op="add", path="/spec/template/metadata/name", value="x")), FAILS),
        ("path-without-template", "a path as it is in the object that is made",
         spread(change(PATH, lambda path: path.replace("/spec/template/spec", "/spec", 1))), FAILS),
        ("path-star", "a star in a path", spread(step(op="replace", path=f"{SPEC}/*/x", value="x")), FAILS),
        ("index-add", "an entry added in the middle of a list",
         step(op="add", path=f"{SPEC}/files/1", value={"path": "/x"})),
        ("index-replace", "an entry replaced by its place",
         step(op="replace", path=f"{SPEC}/files/0", value={"path": "/x"})),
        ("index-remove", "an entry removed by its place", step(op="remove", path=f"{SPEC}/files/0")),
        ("index-inside", "a path through an entry's place",
         step(op="replace", path=f"{SPEC}/files/0/path", value="/x")),
        ("index-first", "an entry added at the front of a list that is not there",
         step(op="add", path=f"{SPEC}/nothing/0", value={"path": "/x"}), FAILS),
        ("index-dash-remove", "`-` in the path of a removal", step(op="remove", path=f"{SPEC}/files/-"), FAILS),
        ("index-dash-replace", "`-` in the path of a replacement",
         step(op="replace", path=f"{SPEC}/files/-", value={}), FAILS),
        ("index-dash-inside", "`-` within a path", step(op="add", path=f"{SPEC}/files/-/path", value="x"), FAILS),
        ("remove-missing", "a removal of what is not there", step(op="remove", path=f"{SPEC}/providerID"), FAILS),
        ("remove-with-value", "a removal with a value", step(op="remove", path=f"{SPEC}/x", value=1), FAILS),
        ("replace-missing", "a replacement of what is not there",
         step(op="replace", path=f"{SPEC}/providerID", value="x"), FAILS),
        ("value-missing", "an addition of nothing", step(op="add", path=f"{SPEC}/providerID")),
        ("value-twice", "value and valueFrom in one step", spread(put(f"{STEPS}/*/value", "x")), DOUBTFUL),
        ("value-null", "null as value", step(op="add", path=f"{SPEC}/providerID", value=None), DOUBTFUL),
        ("value-wrong-type", "a value that the patched field cannot hold", spread(change(
            f"{STEPS}/*/value", lambda value: [value] if not isinstance(value, list) else "x")), FAILS),
        ("value-unknown-field", "a value with a field that does not exist",
         spread(change(f"{STEPS}/*/value", lambda value: {**value, "nope": 1} if isinstance(value, dict) else value)),
             FAILS),
        ("value-from-empty", "valueFrom without anything", spread(replace(f"{STEPS}/*/valueFrom", {}))),
        ("value-from-both", "variable and template in one valueFrom", both(put(f"{STEPS}/*/valueFrom/template", "x"))),
        ("variable-undeclared", "a patch of a variable that is not declared", spread(replace(VARIABLE, "notDeclared"))),
        ("variable-case", "a variable in another case", spread(change(VARIABLE, str.swapcase))),
        ("variable-sub-path", "a sub-path that its variable does not have",
         spread(change(VARIABLE, lambda name: f"{name}.nope")), FAILS),
        ("variable-empty", "an empty name of a variable", spread(replace(VARIABLE, ""))),
        ("variable-index", "an index behind a variable", spread(change(VARIABLE, lambda name: f"{name}[0]")), FAILS),
        ("variable-builtin-unknown", "builtins that do not exist", _every(VARIABLE, (
            "builtin.cluster.nope", "builtin.nope", "builtin", "builtin.machineDeployment.Version",
                "builtin.cluster"))),
        ("variable-builtin-absent", "a builtin that is not there for what is patched", _every(VARIABLE, (
            "builtin.machineDeployment.version", "builtin.machinePool.version")), FAILS),
        ("variable-wrong-type", "a variable whose type the patched field cannot hold", spread(replace(
            VARIABLE, "builtin.controlPlane.replicas")), FAILS),
        ("template-not-closed", "a template that is not closed", spread(replace(TEMPLATE, "{{ .x "))),
        ("template-unknown-function", "a function that does not exist", spread(replace(TEMPLATE, "{{ .x | toYaml }}"))),
        ("template-no-end", "a template without its end",
         spread(change(TEMPLATE, lambda text: text + "{{ if true }}"))),
        ("template-extra-end", "a template with an end too many",
         spread(change(TEMPLATE, lambda text: text + "{{ end }}"))),
        ("template-undeclared", "a template of a variable that is not declared", spread(replace(
            TEMPLATE, "{{ .notDeclared }}/x")), FAILS),
        ("template-sub-path", "a template with a typo in a sub-path of a variable",
         spread(change(TEMPLATE, lambda text: text + "{{ .builtin.cluster.nam }}")), FAILS),
        ("template-typo", "a template with a typo in the name of a variable", spread(change(
            TEMPLATE, lambda text: text.replace("{{ .", "{{ .x", 1))), FAILS),
        ("template-bad-yaml", "a template that gives no YAML", spread(replace(TEMPLATE, "a: [b\nc: }")), FAILS),
        ("template-empty-result", "a template that gives nothing",
         spread(replace(TEMPLATE, "{{- /* */ -}}")), DOUBTFUL),
        ("template-empty", "an empty template", spread(replace(TEMPLATE, ""))),
        ("template-number", "text that becomes a number", step(
            op="add", path=f"{SPEC}/providerID", valueFrom={"template": "1.30"}), FAILS),
        ("template-octal", "text that becomes another number", step(
            op="add", path=f"{SPEC}/providerID", valueFrom={"template": "0123"}), FAILS),
        ("template-boolean", "text that becomes true", step(
            op="add", path=f"{SPEC}/providerID", valueFrom={"template": "yes"}), FAILS),
        ("template-wrong-shape", "a template whose result the patched field cannot hold",
         spread(replace(TEMPLATE, "a: {b: [c]}")), FAILS),
        ("template-nil-index", "an index of what is not there",
         spread(replace(TEMPLATE, "{{ index .notDeclared 0 }}")), FAILS),
        ("template-fails", "a template that always fails", spread(replace(TEMPLATE, '{{ fail "no" }}')), FAILS),
        ("template-define", "a template that calls another that is not there",
         spread(replace(TEMPLATE, '{{ template "x" . }}')), FAILS),
        ("template-too-long", "a template of 10,241 characters", replace(TEMPLATE, "x" * 10_241)),
        ("external-empty", "an extension without a name", change(PATCHES, lambda found: [
            *found, {"name": "extension", "external": {}}])),
        ("external-undeclared", "an extension, whose settings nobody checks here", change(PATCHES, lambda found: [
            *found, {"name": "extension", "external": {"settings": {"a": "b"}}}]), DOUBTFUL),
        ("external-settings-number", "a number among the settings of an extension", change(PATCHES, lambda found: [
            *found, {"name": "extension", "external": {"settings": {"a": 1}}}])),
    ),
)

