"""Names that somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def near_names(name: str, known: Iterable[str], count: int = 1, cutoff: float = 0.6) -> list[str]:
    """The `count` nearest of `known`, the best first; those with the same letters in another order come first.

    `cutoff` is how much must be the same, from 0 to 1.
    """
    import difflib

    letters = sorted(name)
    scored = [
        (sorted(each) == letters, ratio, each)
        for each in dict.fromkeys(known)
        if (ratio := difflib.SequenceMatcher(None, each, name).ratio()) >= cutoff
    ]
    return [each for _, _, each in sorted(scored, key=lambda item: (not item[0], -item[1], item[2]))[:count]]
