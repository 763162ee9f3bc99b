"""generator.yaml: what is wrong with it is said before anything is delivered, and where."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cluster_stacks.delivery.catalogue import bundled
from cluster_stacks.delivery.generator import Escape, Generator, Scope
from cluster_stacks.delivery.load import load_generator
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.source import SourceFile

Make = Callable[..., Generator]
OUTPUTS = "outputs:\n- {template: t.yaml, path: a.yaml, scope: once}\n"


def test_what_an_output_is_by_itself(make: Make) -> None:
    generator = make(
        "outputs:\n- {template: t, path: a, scope: once}\n- {template: t, path: b, scope: addon}\n"
        "- {template: t, path: c, scope: release, shared: true, escape: goTemplate, when: release.addons}\n",
        {"t": ""},
    )
    assert [(output.scope, output.shared, output.when, output.escape) for output in generator.outputs] == [
        (Scope.ONCE, True, "true", Escape.NONE), (Scope.ADDON, False, "true", Escape.NONE),
        (Scope.RELEASE, True, "release.addons", Escape.GO_TEMPLATE),
    ]


@pytest.mark.parametrize(
    ("definition", "line", "words"),
    [
        ("", 1, "outputs"),
        ("outputs: []\n", 5, "outputs"),
        ("outputs:\n- {template: t.yaml, path: a.yaml, scope: onec}\n", 6, "once"),
        ("outputs:\n- {template: t.yaml, path: a.yaml}\n", 6, "scope"),
        ("outputs:\n- {template: nope.yaml, path: a.yaml, scope: once}\n", 6, "nope.yaml is not in the generator's"),
        ("outputs:\n- {template: t.yaml, path: 'a-<% %>.yaml', scope: once}\n", 6, "path: Expected an expression"),
        ("outputs:\n- {template: t.yaml, path: 'a-<% x.yaml', scope: once}\n", 6, "path: "),
        ("outputs:\n- {template: t.yaml, path: a.yaml, scope: once, when: 'release and'}\n", 6, "when: "),
        (OUTPUTS + "parameters:\n  a: {type: string, description: x}\n", 8, "default"),
        (OUTPUTS + "parameters:\n  a: {default: x, description: x, $ref: 'https://x.org'}\n", 8, "refers to another"),
        (OUTPUTS + "parameters:\n  a: {default: [], description: x, items: {$ref: 'https://x.org'}}\n", 8, "refers to"),
        (OUTPUTS + "parameters:\n  a: {type: nonsense, description: x, default: 1}\n", 8, "parameter a is no schema: "),
        (OUTPUTS + "parameters:\n  a: {type: string, description: x, default: 1}\n", 8, "its own default"),
        (OUTPUTS + "variables: {1a: x}\n", 7, "1a"),
        (OUTPUTS + "extends: nope\n", 7, "extends 'nope', which is no generator of this tool"),
        (OUTPUTS + "output: []\n", 7, "unknown key"),
        (OUTPUTS + "outputs: []\n", 7, "outputs"),
    ],
)
def test_a_fault_is_one_finding_at_its_line(make: Make, definition: str, line: int, words: str) -> None:
    with pytest.raises(Refused) as caught:
        make(definition, {"t.yaml": ""})
    (finding,) = caught.value.findings
    assert finding.path == "generators/own/generator.yaml"
    assert finding.line == line, finding
    assert words in finding.message
    assert finding.rule == ("CS203" if "outputs: []" in definition and OUTPUTS in definition else "CS501")


def test_every_missing_template_is_named(make: Make) -> None:
    with pytest.raises(Refused) as caught:
        make("outputs:\n- {template: a, path: a, scope: once}\n- {template: b, path: b, scope: once}\n")
    assert [finding.line for finding in caught.value.findings] == [6, 7]


def test_the_name_is_that_of_the_folder() -> None:
    file = SourceFile("generators/b/generator.yaml", "100644", b"apiVersion: cluster-stacks.io/v1alpha1\nname: a\n"
                      b"version: 1.0.0\ndescription: x\nextends: flux\n")
    with pytest.raises(Refused, match="name is 'a', but the folder is 'b'") as caught:
        load_generator("b", {"generator.yaml": file}, bundled)
    assert caught.value.findings[0].line == 2


def test_a_folder_without_definition() -> None:
    with pytest.raises(Refused, match=r"needs generator\.yaml in its folder"):
        load_generator("b", {})


def test_extending_replaces_outputs_of_the_same_path_and_adds_the_others(make: Make) -> None:
    flux = bundled("flux")
    assert flux
    own = make(
        "extends: flux\nparameters:\n  timeout: {description: longer, type: string, default: 30m}\n"
        "  team: {description: x, default: ''}\n"
        "outputs:\n- {template: templates/source.yaml, path: source.yaml, scope: once}\n"
        "- {template: more.yaml, path: more.yaml, scope: once}\n",
        {"templates/source.yaml": "a: 1\n", "more.yaml": "b: 1\n"}, name="flux", base=bundled,
    )
    assert len(own.outputs) == len(flux.outputs) + 1
    assert [output.path for output in own.outputs][-2:] == ["source.yaml", "more.yaml"]
    assert own.files["templates/source.yaml"].data == b"a: 1\n"
    assert own.files["templates/class.yaml"] == flux.files["templates/class.yaml"]
    assert (own.variables, own.schemes) == (flux.variables, flux.schemes)
    assert own.fingerprint != flux.fingerprint


def test_the_fingerprint_is_over_names_and_bytes(make: Make) -> None:
    prints = {
        make(OUTPUTS, {"t.yaml": text, name: other}).fingerprint
        for text, name, other in (("a", "b", "c"), ("a", "b", "d"), ("a", "bc", ""), ("a", "c", "c"))
    }
    assert len(prints) == 4
    assert make(OUTPUTS, {"t.yaml": "a"}).fingerprint == make(OUTPUTS, {"t.yaml": "a"}).fingerprint
