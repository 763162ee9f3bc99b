"""Names of the input in messages: short, quoted, and never raw; and the known name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 60


def shown(text: object) -> str:
    """A name or value for a message: in quotes, control characters escaped, long ones cut."""
    if isinstance(text, str):
        quoted = repr(text[:_LONGEST])
        return quoted if len(text) <= _LONGEST else f"{quoted[:-1]}...{quoted[-1]}"
    if text is None or isinstance(text, bool):
        return {True: "true", False: "false", None: "null"}[text]
    return str(text)[:_LONGEST]


def meant(name: str, known: Iterable[str]) -> str | None:
    """The one of the known names that `name` is probably a slip of, or None."""
    from difflib import get_close_matches

    names = {_folded(each): each for each in known}
    if len(name) > _LONGEST:
        return None
    close = get_close_matches(_folded(name), names, n=1, cutoff=0.75)
    return names[close[0]] if close else None


def _folded(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
