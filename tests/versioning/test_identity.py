"""What a cluster would lose, as pure comparison."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.versioning.addons import addon_files, identities
from cluster_stacks.versioning.identity import AddonIdentity, Loss, losses

CILIUM = AddonIdentity("cilium", "kube-system", "cilium")
names = st.sampled_from(["a", "b", "c"])
addons = st.dictionaries(names, st.tuples(names, names), max_size=3).map(
    lambda found: [AddonIdentity(name, *parts) for name, parts in found.items()]
)


@pytest.mark.parametrize(
    ("after", "now"),
    [
        (CILIUM._replace(namespace="cni"), "same name"),
        (CILIUM._replace(release_name="cni"), "same name"),
        (CILIUM._replace(name="cni"), "same release"),
        (AddonIdentity("cni", "cni", "cni"), None),
        (AddonIdentity("cni", "cni", "cilium"), None),
        (None, None),
    ],
)
def test_what_became_of_it(after: AddonIdentity | None, now: str | None) -> None:
    assert losses([CILIUM], [after] if after else []) == [Loss(CILIUM, after if now else None)]


def test_an_addon_that_takes_over_the_release_of_one_that_goes() -> None:
    other = AddonIdentity("other", "kube-system", "other")
    assert losses([CILIUM, other], [other._replace(release_name="cilium")]) == [
        Loss(CILIUM, None), Loss(other, other._replace(release_name="cilium")),
    ]


@given(addons, addons)
def test_nothing_is_lost_exactly_where_all_are_kept(before: list[AddonIdentity], after: list[AddonIdentity]) -> None:
    found = losses(before, after)
    assert {loss.before for loss in found} == set(before) - set(after)
    assert losses(before, [*after, *before]) == [] or len({a.name for a in (*after, *before)}) < len({*after, *before})
    assert losses([], after) == losses(after, after) == []


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"cluster-addon/a/values.yaml": b"x: 1"}, [("a", "kube-system", "a")]),
        ({"cluster-addon/a/addon.yaml": b"namespace: ns\nreleaseName: r\n"}, [("a", "ns", "r")]),
        ({"cluster-addon/a/addon.yaml": b"dependsOn: [b]\n"}, [("a", "kube-system", "a")]),
        ({"cluster-addon/a/README.md": b"", "cluster-addon/A/x.yaml": b"", "cluster-addon/x.yaml": b""}, []),
        ({"cluster-addon/.hidden/x.yaml": b"", "cluster-class/a/b.yaml": b""}, []),
        ({"cluster-addon/a/addon.yaml": b"namespace: [1]\n"}, []),
        ({"cluster-addon/a/addon.yaml": b"{{"}, []),
        ({"cluster-addon/a/addon.yaml": b"- a\n"}, []),
        (
            {"cluster-addon/Chart.yaml": b"name: x\n", "cluster-addon/charts/x.tgz": b"", "cluster-addon/crds/x": b""},
            [("cluster-addon", "kube-system", "cluster-addon")],
        ),
    ],
)
def test_one_addon_a_folder(files: dict[str, bytes], found: list[tuple[str, str, str]]) -> None:
    assert identities(addon_files(files), lambda data: data) == found
