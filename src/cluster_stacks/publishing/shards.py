"""Which job of several renders which stacks: by the name of the stack alone, so that no other stack moves one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.stack import StackId

MOST = 256
"""More jobs than GitHub gives to one matrix."""

_SHARD = re.compile(r"([1-9][0-9]{0,2})/([1-9][0-9]{0,2})")


class Shard(NamedTuple):
    """The `number`th of `of` parts, from 1; as text `2/4`."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, stack: StackId) -> bool:
        """Whether that stack is one of this part."""
        return shard_of(stack, self.of) == self.number

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Reads `2/4`. Raises CannotTell."""
        match = _SHARD.fullmatch(text)
        shard = cls(int(match[1]), int(match[2])) if match else None
        if shard is None or not shard.number <= shard.of <= MOST:
            raise CannotTell(f"{text!r} is no shard: write its number and how many there are, as 2/4 (at most {MOST})")
        return shard


def shard_of(stack: StackId, count: int) -> int:
    """The number of the shard that renders a stack, from 1."""
    return int.from_bytes(hashlib.sha256(str(stack).encode()).digest()[:8]) % count + 1


def split(stacks: Iterable[StackId], count: int) -> dict[Shard, tuple[StackId, ...]]:
    """The shards that have something to do, in order, with their stacks in the order given."""
    found: dict[int, list[StackId]] = {}
    for stack in stacks:
        found.setdefault(shard_of(stack, count), []).append(stack)
    return {Shard(number, count): tuple(found[number]) for number in sorted(found)}
