"""Bundles: what went in comes out, the same bytes every time, and nothing that is damaged is believed."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.release import ImageUnit, Release
from cluster_stacks.publishing.bundle import Bundled, BundleReader, Header, write_bundle
from cluster_stacks.publishing.shards import Shard
from cluster_stacks.releases.facts import ReleaseFacts

HEADER = Header("1" * 40, Shard(2, 4), "0.1.0")
REMARK = Finding("CS150", Severity.WARNING, "a remark", "providers/x", 3, 4, stack="docker/scs/1-36")


def release(version: str = "v1", *, images: bool = True) -> Release:
    facts = {
        "schemaVersion": 1, "name": f"docker-scs-1-36-{version}",
        "stack": {"id": "docker/scs/1-36", "provider": "docker", "name": "scs", "minor": "1-36"},
        "versions": {"clusterStack": version, "kubernetes": "v1.36.1", "clusterAddon": "v1", "nodeImage": "v1"},
        "sourceDigest": "sha256:" + "0" * 64, "tools": {}, "classes": [], "objects": [], "addons": [], "images": None,
        "clusterVariables": [], "notes": [],
    }
    read = ReleaseFacts.from_json(facts, "release.json")
    files = {"release.json": json.dumps(facts).encode(), "deep/äö " + "x" * 200: b"\0\xff", "empty": b""}
    unit = ImageUnit("v1", "sha256:1", {"image.json": b"{}"}) if images else None
    return Release(read.stack, read.metadata, facts, files, (), unit)


def bundle(*items: Bundled, header: Header = HEADER) -> bytes:
    file = io.BytesIO()
    assert write_bundle(file, header, items) == len(items)
    return file.getvalue()


def read(folder: Path, data: bytes) -> tuple[Header, list[Bundled]]:
    path = folder / "part.tar"
    path.write_bytes(data)
    reader = BundleReader(path)
    return reader.header, list(reader.releases())


def test_what_went_in_comes_out(tmp_path: Path) -> None:
    first, second = Bundled(release(), (REMARK,)), Bundled(release("v2", images=False))
    header, found = read(tmp_path, bundle(first, second))
    assert header == HEADER
    for given_, got in zip((first, second), found, strict=True):
        assert got.remarks == given_.remarks
        assert (got.release.stack, got.release.metadata) == (given_.release.stack, given_.release.metadata)
        assert (got.release.files, got.release.facts) == (given_.release.files, given_.release.facts)
        assert got.release.images == given_.release.images


def test_the_same_releases_give_the_same_bytes() -> None:
    assert bundle(Bundled(release())) == bundle(Bundled(release()))


def test_a_bundle_may_be_empty(tmp_path: Path) -> None:
    assert read(tmp_path, bundle()) == (HEADER, [])


def believed(folder: Path, data: bytes) -> list[object] | None:
    """The files of the releases that are read from a bundle; None where it is refused, by our own rule."""
    try:
        return [dict(item.release.files) for item in read(folder, data)[1]]
    except Refused as refused:
        return None if {finding.rule for finding in refused.findings} == {"CS590"} else [refused]


WHOLE = bundle(Bundled(release(), (REMARK,)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_found_or_means_nothing(tmp_path: Path, at: int, flip: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[at] ^= flip
    assert believed(tmp_path, bytes(damaged)) in ([release().files], [], None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_one_that_is_cut_off_gives_no_half_release(tmp_path: Path, length: int) -> None:
    assert believed(tmp_path, WHOLE[:length]) in ([release().files], [], None)


def _archive(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for info, data in members:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def _link() -> tarfile.TarInfo:
    info = tarfile.TarInfo("bundle.json")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return info


@pytest.mark.parametrize("data", [
    b"", b"no archive" * 200, _archive((tarfile.TarInfo("other"), b"{}")), _archive((_link(), b"")),
    _archive((tarfile.TarInfo("bundle.json"), b"[]")),
    _archive((tarfile.TarInfo("bundle.json"), b'{"schemaVersion": 9}')),
    _archive((tarfile.TarInfo("bundle.json"), b'{"schemaVersion": 1}')),
], ids=["empty", "text", "another file first", "a link", "a list", "a newer form", "no source"])
def test_what_is_no_bundle(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read(tmp_path, data)
    assert [finding.rule for finding in refused.value.findings] == ["CS590"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CannotTell, match="cannot read the bundle"):
        BundleReader(tmp_path / "none.tar")
