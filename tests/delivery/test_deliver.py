"""Delivering is a pure function; facts never mean anything to YAML; every fault has one place."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.delivery.catalogue import find_generator
from cluster_stacks.delivery.deliver import deliver
from cluster_stacks.delivery.generator import Generator
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.settings import GeneratorSettings, Settings

Make = Callable[..., Generator]
HOSTILE = [
    'a"b', "a'b", "a\nb: c", "a: b", "a # b", "- a", "{a: b}", "[", "*a", "&a", "!!str a", "%a", "<% 1 %>", "${a}",
    "{{a}}", "1e3", "yes", "null", "~", "", " a ", "a\tb", "a\u2028b", "\x85", "\x7f", "\ufeff", "é\U0001f600",
    "---", "\\", "\\n",
]


def one(scope: str, path: str, **more: str) -> str:
    extra = "".join(f"  {key}: {value}\n" for key, value in more.items())
    return f"outputs:\n- template: t\n  path: {path}\n  scope: {scope}\n{extra}"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_fact_is_data_whatever_it_holds(make: Make, facts: ModuleType, text: str) -> None:
    addon = facts.addon("x", values={"key": text, text: [text]}, namespace=text)
    template = "a: <% addon.namespace %>\nb: <% addon['values'] %>\nc: <% [addon] %>\n"
    generator = make(one("addon", "a.yaml"), {"t": template})
    (file,) = deliver(generator, [facts.release("v1", addon)], Settings())
    value = load(file.data, "a.yaml").value
    assert value["a"] == text
    assert value["b"] == {"key": text, text: [text]}


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_is_data(facts: ModuleType, text: str) -> None:
    from cluster_stacks.delivery.templates import yaml_value

    assert load(f"a: {yaml_value(text)}\n".encode(), "x").value == {"a": text}


def test_the_same_input_gives_the_same_bytes_in_any_order(facts: ModuleType) -> None:
    releases = facts.docker() + facts.openstack()
    for name in ("flux", "argocd"):
        generator = find_generator(name)
        files = deliver(generator, releases, facts.settings())
        assert files == deliver(generator, releases[::-1], facts.settings())
        assert [file.path for file in files] == sorted(file.path for file in files)


def test_files_of_a_release_are_its_own_and_all_others_are_shared(facts: ModuleType) -> None:
    files = deliver(find_generator("flux"), facts.docker() + facts.openstack(), facts.settings())
    owners = {file.path: file.release for file in files}
    assert owners["classes/docker-scs-1-36-v3.yaml"] == "docker-scs-1-36-v3"
    assert owners["addons/docker/scs/1-37/v1/optional/konnectivity/kustomization.yaml"] == "docker-scs-1-37-v1"
    assert {path for path, owner in owners.items() if owner is None} == {
        "README.md", "images/kustomization.yaml", "images/openstack-scs-1-36-v1.yaml", "kustomization.yaml",
        "namespace.yaml", "root.yaml", "source.yaml",
    }


def test_files_that_the_branch_keeps_are_not_made_again(facts: ModuleType) -> None:
    generator, releases = find_generator("flux"), facts.docker()
    every = deliver(generator, releases, facts.settings())
    owned = {file.path for file in every if file.release}
    again = deliver(generator, releases, facts.settings(), kept=owned | {"source.yaml"})
    assert again == [file for file in every if file.release is None]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("once", ["5"]),
        ("stack", ["docker/scs/1-36 2", "docker/scs/1-37 1", "openstack/scs/1-36 2"]),
        ("imageUnit", ["openstack-scs-1-36 v1 releases/openstack/scs/1-36/node-images/v1 2"]),
        ("addonSet", ["docker scs after 3", "docker scs cilium 3", "docker scs konnectivity 3", "docker scs oci 3",
                      "docker scs plain 3", "docker scs umbrella 3", "openstack scs ccm 2"]),
    ],
)
def test_what_a_scope_is_once_for(make: Make, facts: ModuleType, scope: str, expected: list[str]) -> None:
    words = {
        "once": "<% releases | length %>",
        "stack": "<% stack.id %> <% stack.releases | length %>",
        "imageUnit": "<% image_unit.stack.series %> <% image_unit.unit %> <% image_unit.folder %> "
                     "<% image_unit.releases | length %>",
        "addonSet": "<% addon_set.provider %> <% addon_set.stack %> <% addon_set.addon %> "
                    "<% addon_set.members | length %>",
    }[scope]
    name = {"stack": "<% stack.series %>", "addonSet": "<% addon_set.provider ~ addon_set.addon %>"}.get(scope, "a")
    files = deliver(make(one(scope, name), {"t": words}), facts.docker() + facts.openstack(), Settings())
    assert [file.data.decode() for file in files] == expected
    assert all(file.release is None for file in files)


def test_an_output_without_content_is_no_file(make: Make, facts: ModuleType) -> None:
    definition = one("once", "a.yaml") + one("once", "a.md")[9:]
    assert deliver(make(definition, {"t": "#% if false\na\n#% endif\n\n"}), [], Settings()) == []


def test_json_is_written_as_json(make: Make) -> None:
    (file,) = deliver(make(one("once", "a.json"), {"t": "a: <% repository.branch %>\n"}), [], Settings())
    assert file.data == b'{\n  "a": "rendered"\n}\n'


def test_text_is_written_as_it_is(make: Make) -> None:
    (file,) = deliver(make(one("once", "a.txt"), {"t": "<% repository.branch %>: é\n"}), [], Settings())
    assert file.data == "rendered: é\n".encode()


@pytest.mark.parametrize(
    ("template", "more", "rule", "line", "words"),
    [
        ("a: 1\nb: <% relaeses %>\n", {}, "CS505", 2, "'relaeses' is not defined"),
        ("a: 1\n\nb: <% releases[0].nmae %>\n", {}, "CS505", 3, "'nmae'"),
        ("#% if\n", {}, "CS505", 1, "Expected an expression"),
        ("a: 1\n#% include 'x'\n", {}, "CS505", 1, "stands alone"),
        ("a: <% 'x' * 999999999999 %>\n", {}, "CS505", 1, "more than"),
        ("a: <% releases.__class__ %>\n", {}, "CS505", 1, "__class__"),
        ("a: <% 1 / 0 %>\n", {}, "CS505", 1, "division by zero"),
        (b"a: \xff\n", {}, "CS505", 0, "must be UTF-8"),
        ("a: b: c\n", {}, "CS506", 0, "its output a.yaml is no YAML, at line 1 of the output"),
        ("a: 1\na: 2\n", {}, "CS506", 0, "at line 2 of the output"),
        ("a: ${nope}\n", {"escape": "substitution"}, "CS508", 0, "it uses nope"),
    ],
)
def test_a_template_that_fails_is_one_finding(
    make: Make, facts: ModuleType, template: str | bytes, more: dict[str, str], rule: str, line: int, words: str
) -> None:
    with pytest.raises(Refused) as caught:
        deliver(make(one("once", "a.yaml", **more), {"t": template}), facts.docker(), Settings())
    (finding,) = caught.value.findings
    assert (finding.rule, finding.path, finding.line) == (rule, "generators/own/t", line)
    assert words in finding.message
    assert "\n" not in finding.message


@pytest.mark.parametrize(
    ("path", "words"),
    [("../a", "unsafe"), ("/a", "unsafe"), ("a//b", "unsafe"), ("a/./b", "unsafe"), (".git/hooks/a", "unsafe"),
     ("a b", "unsafe"), ("<% releases[0].nope %>", "path: 'nope'"), ("'<% \"a\\n\" %>'", "unsafe"),
     ("'<% \"\" %>'", "unsafe")],
)
def test_a_path_that_is_unsafe(make: Make, facts: ModuleType, path: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        deliver(make(one("once", path), {"t": "x"}), facts.docker(), Settings())
    (finding,) = caught.value.findings
    assert (finding.path, finding.line) == ("generators/own/generator.yaml", 6)
    assert words in finding.message


@pytest.mark.parametrize("path", ["a", "A", "a/b"])
def test_two_files_of_one_path(make: Make, path: str) -> None:
    definition = one("once", "a") + one("once", path)[9:]
    with pytest.raises(Refused, match=f"two files have the path {path}"):
        deliver(make(definition, {"t": "x"}), [], Settings())


def test_stacks_whose_names_run_together_are_found(facts: ModuleType) -> None:
    releases = [facts.release("v1", provider="a-b", stack="c"), facts.release("v1", provider="a", stack="b-c")]
    with pytest.raises(Refused, match="two files have the path classes/a-b-c-1-36-v1"):
        deliver(find_generator("flux"), releases, facts.settings())


def test_a_hostile_addon_name_goes_nowhere(facts: ModuleType) -> None:
    with pytest.raises(Refused, match="unsafe"):
        deliver(find_generator("flux"), [facts.release("v1", facts.addon("../../x"))], facts.settings())


@pytest.mark.parametrize("name", ["flux", "argocd"])
@pytest.mark.parametrize("url", ["", "file:///srv/stacks.git", "git://git.example.org/stacks.git", "/srv/stacks.git"])
def test_a_url_that_the_tool_cannot_read(facts: ModuleType, name: str, url: str) -> None:
    with pytest.raises(Refused, match="set repositoryURL") as caught:
        deliver(find_generator(name), [], facts.settings(url=url))
    assert (caught.value.findings[0].rule, caught.value.findings[0].path) == ("CS504", ".cluster-stacks.yaml")


def test_a_short_ssh_url_is_written_long(facts: ModuleType) -> None:
    files = deliver(find_generator("flux"), [], facts.settings(url="git@git.example.org:group/stacks.git"))
    (source,) = (load(file.data, file.path).value for file in files if file.path == "source.yaml")
    assert source["spec"]["url"] == "ssh://git@git.example.org/group/stacks.git"


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"nope": 1}, "its parameters are namespace, "),
        ({"interval": "soon"}, "mend parameter interval"),
        ({"createNamespace": "yes"}, "mend parameter createNamespace"),
        ({"namespace": "a\nb"}, "mend parameter namespace"),
    ],
)
def test_wrong_parameters(facts: ModuleType, parameters: dict[str, Any], words: str) -> None:
    settings = facts.settings(GeneratorSettings("flux", parameters))
    with pytest.raises(Refused) as caught:
        deliver(find_generator("flux"), [], settings)
    (finding,) = caught.value.findings
    assert (finding.rule, finding.path) == ("CS503", ".cluster-stacks.yaml")
    assert words in finding.message


def test_a_template_without_end_costs_a_message(make: Make) -> None:
    loops = "".join(f"#% for i{depth} in range(100000)\n" for depth in range(4)) + "#% endfor\n" * 4
    with pytest.raises(Refused) as caught:
        deliver(make(one("once", "a.txt"), {"t": loops}), [], Settings(), seconds=0.5)
    (finding,) = caught.value.findings
    assert (finding.rule, finding.path) == ("CS509", "generators/own/t")
    assert "ran out of time (more than 0.5 s) and was stopped" in finding.message
