"""What a rule sees."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.problem import Item

if TYPE_CHECKING:
    from cluster_stacks.model.release import Release
    from cluster_stacks.releases.earlier import Earlier
    from cluster_stacks.validation.store import Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """Objects with what is known of their kinds (None: nothing), and the Cluster API version that is asked for.

    `store` knows further kinds and all schemas; `release` is what the objects are of, where they are of a release, and
    `published` are the earlier ones that clusters move to it from.
    """

    items: Sequence[Item]
    kinds: Sequence[KindInfo | None]
    capi: str | None = None
    store: Store | None = None
    release: Release | None = None
    published: tuple[Earlier, ...] = ()
    _made: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)

    def known(self) -> Iterator[tuple[Item, KindInfo]]:
        """The objects whose kind is known."""
        for item, info in zip(self.items, self.kinds, strict=True):
            if info is not None:
                yield item, info

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for all rules that ask by this key."""
        if key not in self._made:
            self._made[key] = make()
        return cast("T", self._made[key])
