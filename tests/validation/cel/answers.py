"""Questions about CEL rules, and what the API server's own libraries answer.

questions.yaml holds values and rules, answers.json what the program in go/ answered; running this file asks it
again. An answer is `refused` (the rule does not compile), or the estimated cost and whether the value passes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).parent
ANSWERS = HERE / "answers.json"
TOOL = HERE / "go"


class Question(NamedTuple):
    """A rule for the values of a schema, and a value; `root`: the value is a whole object."""

    rule: str
    schema: dict[str, Any]
    value: object
    old: object
    root: bool


def questions() -> Iterator[Question]:
    """All of them, in the order of the file."""
    for group in yaml.safe_load((HERE / "questions.yaml").read_text(encoding="utf-8")):
        for rule in group["rules"]:
            yield Question(rule, group["schema"], group["self"], group.get("old"), group.get("root", False))


def answers_of(asked: Iterable[Question]) -> list[object]:
    """What the API server's libraries answer now; needs Go, and its module cache or the network."""
    lines = [
        json.dumps({
            "rule": each.rule, "schema": each.schema, "self": each.value, "root": each.root,
            **({"old": each.old} if each.old is not None else {}),
        })
        for each in asked
    ]
    text = "\n".join(lines).encode()
    done = subprocess.run(["go", "run", "."], cwd=TOOL, input=text, stdout=subprocess.PIPE, check=True)
    return [_answer(json.loads(line)) for line in done.stdout.splitlines()]


def _answer(said: dict[str, Any]) -> object:
    return "refused" if said.get("error") else [said["cost"], not said["result"]]


if __name__ == "__main__":
    answers = [json.dumps(answer) for answer in answers_of(questions())]
    ANSWERS.write_text("[\n" + ",\n".join(answers) + "\n]\n")
    sys.stdout.write(f"{len(answers)} answers\n")
