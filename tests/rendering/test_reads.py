"""Which values of the context templates read."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cluster_stacks.rendering.reads import template_reads

CLASS = "cluster-class/class.yaml"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("<% vars.a['b'].c %>", {"vars.a.b.c"}),
        ("<% vars[kubernetes.minor] %>", {"vars", "kubernetes.minor"}),
        ("<% vars['a.b'] %>", {"vars"}),
        ("#% for x in vars.list\n<% x.kubernetes %>\n#% endfor", {"vars.list"}),
        ("#% set k = kubernetes\n<% k.version %>", {"kubernetes"}),
        ("#% if 'x' in vars.on and not versions.cluster_addon\n#% endif", {"vars.on", "versions.cluster_addon"}),
        ("<# kubernetes.version #><% 1 %>", set()),
        ("kubernetes.version <% 'vars.x' %>", set()),
        ("<% release_name | upper %>", {"release_name"}),
        ("<% (vars.a or vars.b).c %>", {"vars.a", "vars.b"}),
        ("<% vars.get('x') %><% kubernetes.version.replace('v', '') %>", {"vars", "kubernetes.version"}),
        ("<% images['ubuntu-2404'].name %>", {"images.ubuntu-2404.name"}),
        ("<% f(vars.q, z=vars.r)[stack.name] | replace(vars.s, '') %>", {"vars.q", "vars.r", "vars.s", "stack.name"}),
        ("{{ .kubernetes }} plain", set()),
        ("<% vars.", set()),
        ("<% " + "(" * 100000, set()),
    ],
)
def test_names(text: str, names: set[str]) -> None:
    assert template_reads(CLASS, text.encode()) == names


@pytest.mark.parametrize(
    ("path", "is_read"),
    [
        ("sample-cluster.yaml", True), ("clusteraddon.yaml", True), ("cluster-addon/cilium/values.yaml", True),
        ("cluster-addon/cilium/templates/x.yaml", True), ("node-images/images.yaml", True),
        ("node-images/templates/image.yaml", True), ("cluster-class/kustomization.yml", True),
        ("cluster-addon/cilium/addon.yaml", False), ("cluster-addon/cilium/overwrite.yaml", False),
        ("cluster-addon/cilium/README.md", False), ("node-images/images.lock.yaml", False),
        ("node-images/ubuntu/values.yaml", False), ("metadata.yaml", False), ("cluster-class/script.sh", False),
    ],
)
def test_only_templates_read(path: str, is_read: bool) -> None:
    assert template_reads(path, b"<% kubernetes.version %>") == ({"kubernetes.version"} if is_read else set())


def test_the_name_of_an_image_holds_the_kubernetes_version() -> None:
    path = "node-images/templates/image.yaml"
    assert template_reads(path, b"<% images.u.name %>") == {"images.u.name", "kubernetes.version"}
    assert template_reads(path, b"<% images.u.url %>") == {"images.u.url"}
    assert "kubernetes.version" in template_reads(path, b"#% for i in images.values()\n#% endfor")


def test_bytes_that_are_no_text_read_nothing() -> None:
    assert template_reads(CLASS, b"\xff\xfe<% kubernetes.version %>") == frozenset()


def test_a_file_without_templates_costs_no_import() -> None:
    script = (
        "import sys\nfrom cluster_stacks.rendering.reads import template_reads\n"
        f"template_reads({CLASS!r}, b'a: <% foo %>')\nassert 'jinja2' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
