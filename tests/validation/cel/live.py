"""Compares expressions made at random with the API server's own libraries: `python tests/validation/cel/live.py 5000`.

Needs Go, and its module cache or the network; so no test of the suite, but of whoever changes the library. Prints what
differs, and ends with 1 then.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from validation.cel.answers import Question, answers_of
from validation.cel.generated import SCHEMA, VALUE, expression
from validation.cel.test_cel import ours


def compare(count: int, seed: int) -> int:
    """How many of that many expressions differ."""
    dice = random.Random(seed)
    made = sorted({expression(dice, depth=dice.choice([1, 2, 2, 3])) for _ in range(count)})
    asked = [Question(rule, SCHEMA, VALUE, None, False) for rule in made if is_certain(rule)]
    wrong = [(each, their, mine) for each, their in zip(asked, answers_of(asked), strict=True)
             if (mine := ours(each)) != their]  # fmt: skip
    for question, their, mine in wrong:
        sys.stdout.write(f"{question.rule}\n  theirs {their}\n  ours   {mine}\n")
    sys.stdout.write(f"{len(asked)} expressions, {len(wrong)} differ\n")
    return len(wrong)


def is_certain(rule: str) -> bool:
    """Whether there is one answer: Go goes over the keys of a map in any order."""
    return "self.k.map" not in rule and "self.k.transform" not in rule


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:]]
    sys.exit(compare(*(numbers + [1000, 1][len(numbers):])) > 0)
