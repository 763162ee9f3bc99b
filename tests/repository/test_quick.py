"""The quick reader says what the real one says, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.model.metadata import Component
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.metadata import parse_metadata
from cluster_stacks.repository.quick import quick_metadata
from gitrepo_plugin import metadata

STACK = StackId("docker", "scs", "1-36")
PATH = STACK.metadata_path
version = st.sampled_from(("v1", "v12", "v0", "v01", "v3-alpha.1", "'v2'", "3", "v999999999", "v9999999999", "v1 # x"))
kubernetes = st.sampled_from(("v1.36.1", "v1.36.0", "v1.36.01", "v1.35.1", "1.36.1", "v1.36", "v1.036.1"))
noise = st.sampled_from((b"", b"\n", b"\r\n", b" ", b"#\n", b"\xff", b"\0", b"x: 1\n", b"---\n", b"\t"))


@given(st.tuples(version, kubernetes, version, version), noise, st.integers(0, 200))
def test_it_agrees_with_the_real_reader(texts: tuple[str, str, str, str], extra: bytes, at: int) -> None:
    data = metadata(*texts).encode()
    data = data[:at] + extra + data[at:]
    quick = quick_metadata(data, PATH, STACK)
    if quick is not None:
        real = parse_metadata(data, PATH, STACK)
        assert quick == real
        assert dict(quick.positions) == dict(real.positions)


def test_what_everybody_writes_is_quick() -> None:
    data = metadata("v14", "v1.36.2", "v3", "v1").encode()
    quick = quick_metadata(data, PATH, STACK)
    assert quick == parse_metadata(data, PATH, STACK)
    assert quick is not None
    assert quick.positions[Component.CLUSTER_STACK].line == 3
    assert len(quick.positions) == 4


@pytest.mark.parametrize("text", [metadata("v0"), metadata(kubernetes="v1.35.1"), metadata().replace("\n", "\r\n"), ""])
def test_anything_else_takes_the_real_reader(text: str) -> None:
    assert quick_metadata(text.encode(), PATH, STACK) is None
