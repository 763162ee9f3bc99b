"""Which paths every system that clones the branch can write."""

from __future__ import annotations

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.publishing.paths import folders_of, require_portable


@pytest.mark.parametrize(("paths", "rule"), [
    (["a/b", "a/B"], "CS569"), (["A/b", "a/c"], "CS569"), (["caf\u00e9", "cafe\u0301"], "CS569"), (["ß", "ẞ"], "CS569"),
    (["con"], "CS568"), (["a/AUX.yaml"], "CS568"), (["lpt1.txt/a"], "CS568"), (["a./b"], "CS568"), (["a "], "CS568"),
    (["a:b"], "CS568"), (["a\\b"], "CS568"), (["a?"], "CS568"), (["\udcff"], "CS568"),
    (["x" * 300], "CS568"), (["/".join(["abcde"] * 50)], "CS568"), (["ä" * 130], "CS568"),
])
def test_paths_that_are_not_portable(paths: list[str], rule: str) -> None:
    with pytest.raises(Refused) as caught:
        require_portable(paths, [])
    [finding] = caught.value.findings
    assert finding.rule == rule
    finding.message.encode()


def test_paths_that_are() -> None:
    require_portable(["a/b", "a/c", "console", "com/x", "aux-1/y", "é/ü", "a.b", ".x", "x" * 240], ["a/d", "A2"])
    require_portable([], ["a", "A", "con"])


def test_folders() -> None:
    assert folders_of(["a/b/c", "a/b/d", "e", "f/g"]) == {"a", "a/b", "f"}
