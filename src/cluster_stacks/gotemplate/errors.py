"""What goes wrong with a template, and the limits on what one may cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cluster_stacks.model.source import Position

Phase = Literal["parse", "execute", "limit"]


class TemplateError(Exception):
    """A template that Go would refuse (phase `parse`), fail to execute (`execute`), or that costs too much (`limit`).

    `position` is the line and column in the template's text, both from 1, the column in characters.
    """

    def __init__(self, message: str, position: Position, phase: Phase) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.phase = phase

    @property
    def line(self) -> int:
        return self.position.line

    @property
    def column(self) -> int:
        return self.position.column or 1

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.message}"


class CallError(Exception):
    """What a function answers instead of a value; the evaluator adds the place."""


class CostError(Exception):
    """A limit is reached; the evaluator adds the place."""


class NotKnownError(Exception):
    """A function needs what is not known; the caller makes its result unknown."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one template may cost. Go has hardly any: a class that comes near these would hang its controller.

    `text` and `output` are characters, `depth` the nesting of blocks, brackets and calls of templates, `steps` the
    commands that one run executes, `work` the characters and (ten each) items that its functions read and make, `size`
    the items of a list that one function makes, `paths` the different runs that unknown values may lead to.
    """

    text: int = 200_000
    depth: int = 60
    steps: int = 20_000
    output: int = 4_000_000
    work: int = 10_000_000
    size: int = 100_000
    paths: int = 128


DEFAULT = Limits()
