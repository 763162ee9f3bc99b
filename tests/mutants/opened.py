"""Differences that are known and still to be mended: data/open.txt, a line each. Nothing new may come to it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mutants.answers import Key

FILE = Path(__file__).resolve().parent / "data" / "open.txt"


def load() -> frozenset[Key]:
    """The mutants that we judge otherwise than a cluster, for now."""
    lines = FILE.read_text(encoding="utf-8").splitlines() if FILE.is_file() else []
    parts = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    return frozenset((operator, base, argument) for operator, base, argument in parts)


def save(keys: Iterable[Key]) -> None:
    """Writes the list anew."""
    FILE.write_text("".join(f"{' | '.join(key)}\n" for key in sorted(keys)), encoding="utf-8")
