"""The page of the catalogue: whole in itself, whatever the texts hold."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pytest_regressions.file_regression import FileRegressionFixture

from browser import browser
from cluster_stacks.reporting.catalogue import (
    Catalogue,
    EndedRelease,
    OfferedRelease,
    OfferedStack,
    Snippet,
    page,
)
from cluster_stacks.reporting.difference import DiffLine


def release(name: str = "docker-scs-1-36-v2", addon: str = "cilium 1.2.3", **more: object) -> OfferedRelease:
    values: dict[str, object] = {
        "minor": "1.36", "version": "v2", "kubernetes": "v1.36.1", "images": ("docker-scs-v1.36.1-ubuntu-v1",),
        "facts": (("Class", name), ("Folder", "releases/docker/scs/1-36/v2")), "before": "docker-scs-1-36-v1",
        "changes": (DiffLine("~", "clusterStack: v1 → v2"), DiffLine("+", "variable x", 1), DiffLine("!", "refused")),
        "snippets": (Snippet("Flux", "kind: Kustomization\nspec: {a: '<b> & \"c\"'}\n"),), **more,
    }
    return OfferedRelease(name, addons=(addon,), **values)  # type: ignore[arg-type]  # they are those of the class


CATALOGUE = Catalogue(
    (OfferedStack("docker/scs", (release(), release("docker-scs-1-36-v1", before="", changes=())), (
        EndedRelease("1.35", "v1", "yanked", "since 2026-01-02: it loses its network"),
        EndedRelease("1.34", "v9", "retired"),
    )), OfferedStack("openstack/scs", ())),
    (("Branch", "rendered of https://git.example/stacks.git"),),
)


def tree(text: str) -> etree._Element:
    return etree.fromstring(text.removeprefix("<!DOCTYPE html>").encode())


def test_the_page(file_regression: FileRegressionFixture) -> None:
    text = page(CATALOGUE)
    head, _, rest = text.partition("<style>")
    file_regression.check(head + rest.partition("</style>")[2].partition("<script>")[0], extension=".html")


def test_its_script_is_the_only_one_that_its_policy_lets_run() -> None:
    root = tree(page(CATALOGUE))
    (script,) = root.iter("script")
    digest = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
    (policy,) = root.xpath("//meta[@http-equiv]/@content")
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_nothing_is_loaded_from_elsewhere() -> None:
    text = page(CATALOGUE)
    assert not re.findall(r"""(?:src|@import|url\()\s*=?\s*["']?(?:https?:)?//""", text)
    links = {link.get("href") for link in tree(text).iter("a")}
    assert {link for link in links if not link.startswith("#")} == {"https://github.com/cluster-stacks/cluster-stacks"}


def test_every_link_and_label_has_its_place() -> None:
    root = tree(page(CATALOGUE))
    ids = [part.get("id") for part in root.iter() if part.get("id")]
    assert len(ids) == len(set(ids))
    targets = {link.get("href")[1:] for link in root.iter("a") if link.get("href").startswith("#")}
    assert targets <= set(ids)
    assert {part.get("aria-labelledby") for part in root.iter() if part.get("aria-labelledby")} <= set(ids)
    assert all(part.get("aria-label") for part in root.xpath("//*[@role='region']"))


def test_an_empty_branch() -> None:
    assert "Cluster stacks: 0 live releases" in page(Catalogue(()))


def test_what_is_too_much_is_counted() -> None:
    lines = tuple(DiffLine("+", f"line {number}") for number in range(1000))
    text = page(Catalogue((OfferedStack("docker/scs", (release(changes=lines),)),)))
    assert "… and 800 lines more" in text
    assert "line 200" not in text


MARKUP = ["<script>alert(1)</script>", '"><img src=x onerror=y>', "]]>", "<!--", "&#0;", "\u202e", "\0"]
HOSTILE = st.one_of(st.text(), st.sampled_from(MARKUP))


def around(text: str) -> etree._Element:
    """The page of a catalogue that says `text` wherever a text can stand."""
    item = release(addon=text, facts=((text, text),), changes=(DiffLine("+", text),), snippets=(Snippet(text, text),))
    stack = OfferedStack("docker/scs", (item,), (EndedRelease("1.1", "v1", "yanked", text),))
    return tree(page(Catalogue((stack,), ((text, text),))))


@given(text=HOSTILE)
def test_no_text_becomes_markup(text: str) -> None:
    found, plain = around(text), around("x")
    assert [part.tag for part in found.iter()] == [part.tag for part in plain.iter()]
    assert [part.keys() for part in found.iter()] == [part.keys() for part in plain.iter()]


# --- in a browser


@pytest.mark.slow
def test_in_a_browser(tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text(page(CATALOGUE), encoding="utf-8")
    with browser(tmp_path / "profile") as shown:
        shown.open(file, "#docker-scs-1-36-v2")
        assert shown.run("document.documentElement.className") == "scripted"
        assert shown.run("document.getElementById('docker-scs-1-36-v2').open") is True
        for width in (360, 390, 768, 1280):
            shown.size(width)
            assert shown.run("document.documentElement.scrollWidth") <= width
        colours = []
        for dark in (False, True):
            shown.size(1280, dark=dark)
            colours.append(shown.run("getComputedStyle(document.body).backgroundColor"))
        assert colours == ["rgb(255, 255, 255)", "rgb(13, 17, 23)"]
        type_ = ("(text) => { const input = document.querySelector('#filter input'); input.value = text;"
                 " input.dispatchEvent(new Event('input')); }")
        shown.run(f"({type_})('v1 1.36')")
        visible = "[...document.querySelectorAll('details')].filter((d) => d.checkVisibility()).map((d) => d.id)"
        assert shown.run(visible) == ["docker-scs-1-36-v2", "docker-scs-1-36-v1"]
        shown.run(f"({type_})('docker-scs-1-36-v1')")
        assert shown.run(visible) == ["docker-scs-1-36-v1"]
        assert shown.run("document.getElementById('said').textContent") == "1 of 2 releases"
        shown.run(f"({type_})('')")
        copied = shown.run(
            "(async () => { let text; navigator.clipboard.writeText = async (t) => { text = t; };"
            " document.querySelector('.copy').click(); await new Promise((r) => setTimeout(r, 50)); return text; })()"
        )
        assert copied == "kind: Kustomization\nspec: {a: '<b> & \"c\"'}"
        assert shown.run("document.querySelector('.copy').textContent") == "Copied"
        assert shown.errors == []
