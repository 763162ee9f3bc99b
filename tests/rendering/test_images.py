"""images.yaml and its lock: which images a release can name, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering.images import instructions_digest
from cluster_stacks.rendering.layout import image_files

Make = Callable[..., StackSource]
Render = Callable[[StackSource], Release]
Refuse = Callable[[StackSource], tuple[Finding, ...]]
Place = Callable[[tuple[Finding, ...]], tuple[str, str, int, int]]
SHA = f"sha256:{1:064x}"
BUILD = {"instructions": "ubuntu/", "output": "qcow2", "arguments": {"KUBERNETES": "v1.36.1"}}
BUILT = """\
  - name: built
    method: build
    instructions: ubuntu/
    output: qcow2
    arguments: {KUBERNETES: <% kubernetes.version %>}
"""


def images(entries: str) -> str:
    return "apiVersion: cluster-stacks.io/v1alpha1\nimages:\n" + entries


def stack(make: Make, entries: str, files: Mapping[str, object] | None = None, **more: str) -> StackSource:
    return make({
        "node-images/images.yaml": images(entries), "node-images/ubuntu/build.sh": "#!/bin/sh\n", **(files or {}),
    }, **more)


def lock(digest: str, name: str = "built") -> str:
    entry = f"reference: https://example.org/built.qcow2\n    checksum: {SHA}\n    instructionsDigest: {digest}"
    return f"images:\n  {name}:\n    {entry}\n"


def items(release: Release) -> list[dict[str, str]]:
    return release.facts["images"]["items"]  # type: ignore[index,no-any-return]


def test_an_image_by_oci_digest_needs_no_other_checksum(make: Make, render: Render) -> None:
    entry = f"  - {{name: kind, method: url, url: 'kindest/node:<% kubernetes.version %>@{SHA}'}}\n"
    (item,) = items(render(stack(make, entry)))
    assert (item["url"], item["checksum"], item["format"]) == (f"kindest/node:v1.36.1@{SHA}", SHA, "")


def test_a_build_without_a_result_is_in_no_release(make: Make, render: Render, refuse: Refuse) -> None:
    release = render(stack(make, BUILT))
    assert items(release) == []
    assert release.notes == ("node image built: not built yet",)
    (finding,) = refuse(stack(make, BUILT, {"cluster-class/x.yaml": "url: <% images.built.url %>\n"}))
    assert finding.rule == "CS300"
    assert "it has no result in images.lock.yaml yet" in finding.message


def test_a_locked_build_is_in_the_release(make: Make, render: Render) -> None:
    source = stack(make, BUILT)
    digest = instructions_digest(image_files(source.files), BUILD)
    (item,) = items(render(stack(make, BUILT, {"node-images/images.lock.yaml": lock(digest)})))
    assert (item["method"], item["url"], item["checksum"], item["format"]) == (
        "build", "https://example.org/built.qcow2", SHA, "qcow2",
    )


@pytest.mark.parametrize(
    "change",
    [{"node-images/ubuntu/build.sh": "#!/bin/sh\n# changed\n"}, {"node-images/ubuntu/more": ""},
     {"node-images/ubuntu/build.sh": ("100755", "#!/bin/sh\n")}],
)
def test_other_instructions_make_a_lock_stale(make: Make, refuse: Refuse, place: Place, change: dict[str, str]) -> None:
    digest = instructions_digest(image_files(stack(make, BUILT).files), BUILD)
    changed = stack(make, BUILT, {"node-images/images.lock.yaml": lock(digest), **change})
    findings = refuse(changed)
    assert place(findings) == ("CS321", "node-images/images.lock.yaml", 5, 25)
    assert instructions_digest(image_files(changed.files), BUILD) in findings[0].message


def test_another_kubernetes_patch_makes_a_lock_stale(make: Make, refuse: Refuse) -> None:
    digest = instructions_digest(image_files(stack(make, BUILT).files), BUILD)
    files = {"node-images/images.lock.yaml": lock(digest)}
    (finding,) = refuse(stack(make, BUILT, files, kubernetes="v1.36.2"))
    assert finding.rule == "CS321"


@pytest.mark.parametrize(
    ("entries", "place_", "words"),
    [
        ("  - {name: a, method: url, url: 'https://x/y'}\n", (3, 33), "has no checksum"),
        ("  - {name: a, method: artifact, url: 'https://x/y'}\n", (3, 38), "has no checksum"),
        ("  - {name: a, method: url, url: 'x/y:tag'}\n", (3, 33), "has no checksum"),
        (f"  - {{name: a, method: url, url: 'x/y@{SHA}', checksum: 'sha256:{2:064x}'}}\n", (3, 122), "another"),
        (f"  - {{name: a, method: url, url: u, checksum: '{SHA}'}}\n" * 2, (4, 12), "is here twice"),
        ("  - {name: a, method: build, instructions: nothing/, output: oci}\n", (3, 44), "has no files"),
        ("  - {name: A_b, method: url, url: u}\n", (3, 12), "A_b"),
        ("  - {name: a, method: magic}\n", (3, 23), "magic"),
        ("  - {name: a, method: url}\n", (3, 5), "url"),
        ("  - {name: a, method: build}\n", (3, 5), "instructions"),
        ("  - {name: a, method: url, url: u, checksum: md5:1}\n", (3, 46), "checksum"),
        ("  - {name: a, method: build, instructions: ../up/, output: oci}\n", (3, 44), "instructions"),
        ("  - {name: a, method: url, urll: u}\n", (3, 28), "url"),
        ("  - {name: a, method: url, url: <% no %>}\n", (3, 36), "'no'"),
        ("  - {name: a, method: url, url: <% images.a.url %>}\n", (3, 36), "images.yaml is what"),
    ],
)
def test_what_is_wrong_with_an_image(
    make: Make, refuse: Refuse, entries: str, place_: tuple[int, int], words: str
) -> None:
    finding = refuse(stack(make, entries))[0]
    assert finding.rule in ("CS320", "CS300")
    assert finding.path.endswith("node-images/images.yaml")
    assert words in finding.message
    assert (finding.line, finding.column) == place_


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (lock(SHA, "typo"), "CS321"), ("images: {built: {}}\n", "CS321"), ("images: [", "CS202"), ("", "CS321"),
        ("images: {built: {reference: x, checksum: y, instructionsDigest: z}}", "CS321"),
    ],
)
def test_what_is_wrong_with_a_lock(make: Make, refuse: Refuse, text: str, rule: str) -> None:
    findings = refuse(stack(make, BUILT, {"node-images/images.lock.yaml": text}))
    assert {finding.rule for finding in findings} == {rule}


def test_a_layer_without_images_yaml(make: Make, refuse: Refuse) -> None:
    (finding,) = refuse(make({"node-images/build.sh": "x"}))
    assert finding.rule == "CS320"


def test_the_other_name_of_the_folder(make: Make, render: Render) -> None:
    source = make({"node-image/images.yaml": images(f"  - {{name: a, method: artifact, url: u, checksum: '{SHA}'}}\n")})
    assert [item["name"] for item in items(render(source))] == ["a"]


def test_objects_of_images_carry_the_version(make: Make, refuse: Refuse) -> None:
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: fixed\n"
    (finding,) = refuse(stack(make, BUILT, {"node-images/templates/x.yaml": template}))
    assert (finding.rule, finding.line, finding.column) == ("CS309", 4, 9)
