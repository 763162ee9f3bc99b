"""Secrets that charts make. Passwords and keys are made as a chart is installed, and none of these is published."""

from __future__ import annotations

import base64
import binascii
import dataclasses

from cluster_stacks.model.finding import Related, Severity
from cluster_stacks.operations.chart_places import ChartPlaces
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules import secret


def milder(problem: Problem) -> Problem:
    """What the rules for Secrets say of an object that a chart made: less grave than in a source."""
    severity = Severity.NOTE if problem.rule == secret.SECRET.id else Severity.WARNING
    return dataclasses.replace(problem, severity=severity, fix=None)


def of_secret(problem: Problem, value: object, template: str, places: ChartPlaces) -> tuple[Problem, Related]:
    """A value that stands in the repository is warned of; for what a chart makes there is one note a Secret."""
    item = problem.item
    assert item is not None, "the rule is about objects"
    if given := _given(problem, value, places):
        message = f"{problem.message}, and it stands here"
        return dataclasses.replace(problem, message=message, severity=Severity.WARNING), given
    message = f"Secret {item.name!r} has values that the chart makes or brings: see that each cluster gets its own"
    return dataclasses.replace(problem, message=message, pointer=item.prefix), places.of_template(template)


def _given(problem: Problem, value: object, places: ChartPlaces) -> Related | None:
    """Where the values hold what a Secret does: the chart did not make it."""
    text = str(value)
    if "data" in problem.pointer:
        try:
            text = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, ValueError):
            return None
    return places.of_text(text)
