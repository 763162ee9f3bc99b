"""Names in messages are short and never raw; slips find the name that was meant."""

from __future__ import annotations

import pytest

from cluster_stacks.documents.words import meant, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "'a'"), ("a\x1b", "'a\\x1b'"), ("x" * 99, f"'{'x' * 60}...'"), (True, "true"), (None, "null"), (1.5, "1.5")],
)
def test_values_are_shown_short_and_escaped(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("clusterstack", "clusterStack"), ("cluster-stack", "clusterStack"), ("nodeImages", "nodeImage"), ("x", None),
     ("y" * 1000, None)],
)
def test_the_name_that_was_meant(name: str, wanted: str | None) -> None:
    assert meant(name, ["clusterStack", "nodeImage", "kubernetes"]) == wanted
