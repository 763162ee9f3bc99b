"""What a real cluster said of each mutant: committed, so that our verdicts can be compared with it anywhere.

A file an area: operator → reason ("" where it was accepted) → argument → the bases, so that equal answers stand once.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from mutants.mutant import Base

FILE = Path(__file__).resolve().parent / "data" / "answers.json"
UNCHANGED = "unchanged"
"""In place of an operator's name: the answers to the bases as they are."""
EVERY = "*"
"""In place of a base: all bases that have such a mutant got the same answer."""
Key = tuple[str, str, str]
WIDTH = 80
_PLACE = re.compile(r"\b(?:spec|metadata|status)(?:\.[\w/<>-]+|\[[^\]]*\])+")
_LEADS = (
    r'^admission webhook "[^"]*" denied the request: ',
    r'^[\w.-]+ "[^"]*" is invalid: ',
    r'^[\w.-]+ in version "[^"]*" cannot be handled as an? \w+: ',
    r"^strict decoding error: ",
)


def normal(reason: str, base: Base) -> str:
    """A refusal without what is not the same each time, and no longer than tells it from others."""
    for lead in _LEADS:
        reason = re.sub(lead, "", reason)
    reason = _PLACE.sub("…", reason)  # the argument says where
    reason = reason.replace(base.prefix, "STACK").replace("\n", " ")
    reason = re.sub(r"v1\.3\d\.\d+", "VERSION", reason)
    return reason if len(reason) <= WIDTH else reason[: WIDTH - 1] + "…"


def load() -> dict[Key, str]:
    """By operator, base and argument: the reason, or "" where it was accepted."""
    found: dict[Key, str] = {}
    for operator, reasons in json.loads(FILE.read_bytes()).items():
        for reason, subjects in reasons.items():
            for subject, places in subjects.items():
                for place, bases in places.items():
                    for base in bases.split():
                        found[operator, base, f"{subject} {place}".strip()] = reason
    return found


def of(answers: Mapping[Key, str], key: Key) -> str | None:
    """The answer to a mutant; None where the cluster was not asked."""
    operator, _, argument = key
    return answers.get(key, answers.get((operator, EVERY, argument)))


def save(answers: Mapping[Key, str]) -> None:
    """Writes the answers, sorted: operator, reason, object and place one within the other, a line for each reason."""
    reasons_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (operator, _, argument), reason in answers.items():
        reasons_of[operator, argument].add(reason)
    tree: dict[str, dict[str, dict[str, dict[str, str]]]] = {}
    for (operator, base, argument), reason in sorted(answers.items()):
        subject, _, place = argument.partition(" ")
        bases = tree.setdefault(operator, {}).setdefault(reason, {}).setdefault(subject, {})
        alike = len(reasons_of[operator, argument]) == 1
        bases[place] = EVERY if alike else f"{bases.get(place, '')} {base}".strip()
    lines = []
    for operator, reasons in tree.items():
        inner = [f"  {_text(reason)}: {_text(subjects)}" for reason, subjects in sorted(reasons.items())]
        lines.append(f" {_text(operator)}: {{\n" + ",\n".join(inner) + "}")
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
