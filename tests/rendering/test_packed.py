"""Packed charts: what is read of an archive, and what is not believed."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from chart_files import about, packed, up
from cluster_stacks.rendering.chart_tree import read_tree
from cluster_stacks.rendering.packed import BadArchive, unpack


def tar(*members: tuple[str, bytes, str]) -> bytes:
    """An archive as no tool packs one: path, type of tar, and what a link leads to."""
    output = io.BytesIO()
    with gzip.GzipFile(fileobj=output, mode="wb") as zipped, tarfile.open(fileobj=zipped, mode="w") as archive:
        for name, kind, target in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            archive.addfile(member)
    return output.getvalue()


HOSTILE: dict[str, tuple[bytes, str]] = {
    "no archive": (b"<html>", "no packed chart"),
    "cut off": (packed(up())[:200], "ends in the middle"),
    "a link": (tar(("up/Chart.yaml", b"0", ""), ("up/values.yaml", b"2", "/etc/passwd")), "link"),
    "a device": (tar(("up/Chart.yaml", b"0", ""), ("up/values.yaml", b"3", "")), "device"),
    "outside": (tar(("up/Chart.yaml", b"0", ""), ("up/../../a", b"0", "")), "leads out of it"),
    "absolute": (tar(("/up/Chart.yaml", b"0", "")), "leads out of it"),
    "no chart": (packed({"a": ""}), "Chart.yaml"),
    "zeros": (packed({"Chart.yaml": about("up"), "a": bytes(70 << 20)}), "more than 64 MiB"),
    "files": (packed({"Chart.yaml": about("up"), **{f"t/{n}": "" for n in range(10_000)}}), "10,000 files"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_packed_chart(what: str) -> None:
    data, words = HOSTILE[what]
    with pytest.raises(BadArchive, match=words):
        unpack(data)


def test_files_of_a_packed_chart() -> None:
    files = up()
    assert unpack(packed(files)) == {name: text.encode() for name, text in files.items()}
    twice = gzip.compress(gzip.decompress(packed(files))[:1024]) + gzip.compress(gzip.decompress(packed(files))[1024:])
    assert unpack(twice).keys() == files.keys()


def test_charts_in_charts_in_charts() -> None:
    chart = packed({"Chart.yaml": about("up")})
    for _ in range(10):
        chart = packed({"Chart.yaml": about("up"), "charts/up-1.2.3.tgz": chart})
    with pytest.raises(BadArchive, match="more than 8 deep"):
        read_tree(dict(unpack(chart)))
    many = {f"charts/c{number}/Chart.yaml": about(f"c{number}").encode() for number in range(201)}
    with pytest.raises(BadArchive, match="more than 200 charts"):
        read_tree({"Chart.yaml": about("up").encode(), **many})


def test_a_tree_knows_names_aliases_and_versions() -> None:
    dependencies = (
        "dependencies:\n- {name: in, version: 1.0.0, alias: one}\n- {name: in, version: 2.0.0, alias: two}\n"
        "- {name: missing, version: 1.0.0}\n"
    )
    root = read_tree({
        "Chart.yaml": (about("up") + dependencies).encode(), "values.yaml": b"a: {b: 1}\n",
        "charts/in-1.0.0.tgz": packed({"Chart.yaml": about("in", "1.0.0"), "values.yaml": "# none\n"}, "in"),
        "charts/in-2.0.0.tgz": packed({"Chart.yaml": about("in", "2.0.0"), "values.yaml": "a: 1\na: 2\n"}, "in"),
        "charts/free/Chart.yaml": about("free").encode(), "charts/_hidden/Chart.yaml": about("hidden").encode(),
    })
    assert [(node.key, node.label, node.entry, node.values) for node in root.everything()] == [
        ("up", "up 1.2.3", None, {"a": {"b": 1}}), ("one", "in 1.0.0", 0, {}), ("two", "in 2.0.0", 1, None),
        ("free", "free 1.2.3", None, {}),
    ]
    assert root.children[1].known_values() is None, "Helm takes keys twice, and which it means cannot be told"


def test_a_library_reads_the_values_of_the_chart_that_calls_it() -> None:
    library = {
        "charts/lib/Chart.yaml": about("lib", "1.0.0", "type: library").encode(),
        "charts/lib/templates/_a.tpl": b"{{ .Values.fromLibrary }}", "charts/lib/values.yaml": b"ofLibrary: 1\n",
    }
    root = read_tree({"Chart.yaml": about("up").encode(), **library})
    known = root.known_values()
    assert known is not None
    assert {"fromLibrary", "ofLibrary", "lib", "global"} <= known
