"""What a rule sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.problem import Item


@dataclass(frozen=True, slots=True)
class Context:
    """Objects with what is known of their kinds (None: nothing), and the Cluster API version that is asked for."""

    items: Sequence[Item]
    kinds: Sequence[KindInfo | None]
    capi: str | None = None

    def known(self) -> Iterator[tuple[Item, KindInfo]]:
        """The objects whose kind is known."""
        for item, info in zip(self.items, self.kinds, strict=True):
            if info is not None:
                yield item, info
