"""Which job renders which stack: always one, and the same one whatever else there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.stack import StackId
from cluster_stacks.publishing.shards import Shard, shard_of, split

NAMES = st.from_regex(r"[a-z]{1,4}", fullmatch=True)
STACKS = st.sets(st.builds(StackId, st.just("docker"), NAMES, st.sampled_from(["1-35", "1-36"])))


@given(STACKS, st.integers(1, 9))
def test_every_stack_is_in_one_shard(stacks: set[StackId], count: int) -> None:
    shards = split(sorted(stacks), count)
    assert sorted(stack for held in shards.values() for stack in held) == sorted(stacks)
    assert all(held and all(map(shard.holds, held)) for shard, held in shards.items())
    assert list(shards) == sorted(shards)


@given(STACKS, STACKS, st.integers(1, 9))
def test_no_stack_moves_another(some: set[StackId], more: set[StackId], count: int) -> None:
    def where(stacks: set[StackId]) -> dict[StackId, Shard]:
        return {stack: shard for shard, held in split(stacks, count).items() for stack in held}

    before, after = where(some), where(some | more)
    assert before.items() <= after.items()


def test_the_assignment_is_a_contract() -> None:
    """Jobs of other versions of this tool, and of other runs, must agree."""
    stacks = [StackId("docker", "scs", "1-36"), StackId("openstack", "scs", "1-36"), StackId("docker", "scs", "1-37")]
    assert [shard_of(stack, 4) for stack in stacks] == [3, 2, 1]


@pytest.mark.parametrize("text", ["0/4", "5/4", "1/257", "1", "a/b", "01/4", "1/4\n", "-1/4", ""])
def test_what_is_no_shard(text: str) -> None:
    with pytest.raises(CannotTell, match="is no shard"):
        Shard.parse(text)


def test_a_shard_reads_its_own_text() -> None:
    assert Shard.parse(str(Shard(2, 4))) == Shard(2, 4)
