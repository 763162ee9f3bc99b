"""Which value a place in a text belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.documents.places import scalar_at, scalars

TEXT = """\
# größe 1
a: {b: [x, 'y z']}   # 2
&k c: |
  text 3
  more
? *k
: d
---
- 4
- e: "5"
"""


@pytest.mark.parametrize(
    ("what", "pointer"),
    [
        ("größe", None), ("x", ("a", "b", 0)), ("y z", ("a", "b", 1)), ("# 2", None), ("text 3", ("c",)),
        ("more", ("c",)), ("4", (0,)), ("5", (1, "e")), ("e:", (1, "e")), ("b:", ("a", "b")),
    ],
)
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_the_scalar_at_a_place(what: str, pointer: tuple[str | int, ...] | None, bom: bytes) -> None:
    data = bom + TEXT.encode()
    found = scalar_at(data, data.index(what.encode()))
    assert (found.pointer if found else None) == pointer


@pytest.mark.parametrize("data", [b"a: [", b"\xff\xfe\xfa", b"a: b: c\n"])
def test_what_is_no_yaml_has_no_scalars(data: bytes) -> None:
    assert scalars(data) is None
    assert scalar_at(data, 0) is None


def test_an_empty_text() -> None:
    assert scalars(b"") == ()
    assert scalar_at(b"", 0) is None


plain = st.recursive(
    st.text("ab \n:#-ü", max_size=5), lambda inner: st.lists(inner) | st.dictionaries(st.text("kl", min_size=1), inner)
)


@given(plain)
def test_every_scalar_is_found_at_its_start(value: object) -> None:
    from cluster_stacks.documents.emit import emit

    data = emit(value).encode()
    text = data.decode()
    for scalar in scalars(data) or ():
        if scalar.end > scalar.start:
            assert scalar_at(data, len(text[: scalar.start].encode())) == scalar
