"""What really happens is among what was foreseen, for templates at random and data that is partly unknown."""

from __future__ import annotations

import copy
import random
import re
from typing import Any

import pytest

from cluster_stacks.gotemplate.engine import Outcome, parse
from cluster_stacks.gotemplate.errors import TemplateError
from cluster_stacks.gotemplate.unknown import Unknown
from gotemplate.generator import DATA, Generator

# What is unknown, and values that it may have.
UNKNOWN: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "s": ({"kind": "string"}, ("", "hello", "v1.2.3", "a b")),
    "t": ({"kind": "string", "values": ("v1.30.2", "v1.31.0")}, ("v1.30.2", "v1.31.0")),
    "i": ({"kind": "number"}, (0.0, 3.0, 2.5, -1.0)),
    "yes": ({"kind": "bool"}, (True, False)),
    "n": ({"kind": "string", "absent": True}, ("12", "", ...)),
    "l": ({"kind": "list", "items": Unknown("string")}, ([], ["a"], ["a", ""])),
    "d": (
        {"kind": "map", "fields": {"k": Unknown("string"), "n": Unknown("number", absent=True)}, "least": 1},
        ({"k": "v"}, {"k": "", "n": 1.0}),
    ),
    "big": ({"kind": "any"}, (1.0, "x", True)),
}


def foresees(run: Outcome, output: str | None) -> bool:
    """Whether a run may be the one that gave this output (None: an error)."""
    if output is None or run.error is not None:
        return output is None and run.error is not None
    pattern = "".join(".*" if isinstance(piece, Unknown) else re.escape(piece) for piece in run.pieces)
    return re.fullmatch(pattern, output, re.DOTALL) is not None


@pytest.mark.parametrize("seed", range(8))
def test_every_outcome_is_foreseen(seed: int) -> None:
    chosen = random.Random(seed)
    generator = Generator(1000 + seed)
    for _ in range(200):
        text = generator.template()
        keys = chosen.sample(sorted(UNKNOWN), 3)
        data = copy.deepcopy(DATA)
        data.update({key: Unknown(name=f".{key}", **UNKNOWN[key][0]) for key in keys})
        try:
            outcomes = parse(text).explore(data)
        except TemplateError:
            continue
        if not outcomes.complete or "any" in {UNKNOWN[key][0]["kind"] for key in keys}:
            continue
        known = copy.deepcopy(DATA)
        for key in keys:
            value = chosen.choice(UNKNOWN[key][1])
            known.pop(key)
            known |= {} if value is ... else {key: value}
        try:
            output = parse(text).render(known)
        except TemplateError as error:
            if error.phase == "limit":
                continue
            output = None
        vague = any(isinstance(piece, Unknown) for run in outcomes.runs for piece in run.pieces)
        if output is None and (vague or any(run.given for run in outcomes.runs)):
            continue  # what a function refuses of an unknown value is not foreseen
        assert any(foresees(run, output) for run in outcomes.runs), (text, {k: known.get(k) for k in keys}, outcomes)
