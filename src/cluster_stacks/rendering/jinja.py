"""One template and its context in, text out: every failure is one finding at the place in the template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import nodes
from jinja2.environment import Template
from jinja2.exceptions import TemplateSyntaxError, UndefinedError

from cluster_stacks.model.errors import Refused
from cluster_stacks.rendering import bounds, rules
from cluster_stacks.rendering.mistakes import line_of, place_of, undefined_message
from cluster_stacks.rendering.templates import COMMENT, LINE_STATEMENT, VARIABLE, environment
from cluster_stacks.rendering.tree import foreign
from cluster_stacks.runtime.limits import OutOfTime, processor_time

SECONDS = 5.0
"""Processor time of one template. An honest one takes milliseconds."""
_DISTINCT = 4096
_LARGE = 64 * 1024
"""Templates that are kept compiled, up to this size: the minors of a stack share most of theirs. About 16 KB each."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a template may read. `absent` says of names that other templates have why this one has them not."""

    values: Mapping[str, object]
    absent: Mapping[str, str] = field(default_factory=dict)


def is_plain(text: str) -> bool:
    """Whether `text` holds nothing of the template language."""
    return VARIABLE[0] not in text and LINE_STATEMENT not in text and COMMENT[0] not in text


def render_text(text: str, path: str, scope: Scope) -> str:
    """The output of the template `text`, which stands at `path`. Raises Refused with one positioned finding."""
    if is_plain(text):
        return text
    template: Template | None = None
    try:
        with processor_time(SECONDS):
            template = compiled(text) if len(text) < _LARGE else compiled.__wrapped__(text)
            return output(template, scope.values)
    except Refused:
        raise
    except (OutOfTime, MemoryError) as error:
        message = f"the template used up {f'{SECONDS:g} s' if isinstance(error, OutOfTime) else 'its memory'}"
        at = place_of(text, line_of(error, template), "")
        raise rules.refused(rules.TEMPLATE_LIMIT, f"{message}: is its loop bounded?", path, at) from None
    except Exception as error:  # whatever a template makes Python raise is the template's fault
        raise _refused(error, template, text, path, scope) from None


def output(template: Template, values: Mapping[str, object]) -> str:
    """What the template writes. Raises whatever it raises, and SecurityError beyond the bound of its size."""
    parts: list[str] = []
    size = 0
    for part in template.root_render_func(template.new_context(dict(values))):
        size += len(part)
        bounds.text_size(size)
        parts.append(part)
    return "".join(parts)


@lru_cache(_DISTINCT)
def compiled(text: str) -> Template:
    """The template, parsed and compiled. Raises TemplateSyntaxError, or whatever Python says of a monstrous one."""
    tree = environment().parse(text)
    for node in foreign(tree):
        kind = type(node).__name__.lower()
        raise TemplateSyntaxError(f"'{kind}' is not available: a template stands alone", node.lineno)
    return compiled_tree(tree)


def compiled_tree(tree: nodes.Template) -> Template:
    """A template from its tree."""
    env = environment()
    return Template.from_code(env, env.compile(tree), dict(env.globals), None)


def _refused(error: Exception, template: Template | None, text: str, path: str, scope: Scope) -> Refused:
    if isinstance(error, TemplateSyntaxError):
        message = (error.message or "the template cannot be parsed").rstrip(".")
        return rules.refused(rules.TEMPLATE_SYNTAX, message, path, place_of(text, error.lineno, message))
    line = line_of(error, template)
    if isinstance(error, UndefinedError):
        message = undefined_message(str(error), scope.values, scope.absent)
        return rules.refused(rules.UNDEFINED, message, path, place_of(text, line, message), key=message)
    if template is None:  # Python's compiler gave up: nested a hundred deep
        message = f"the template is too complex: {_one_line(error)}"
        return rules.refused(rules.TEMPLATE_SYNTAX, message, path)
    message = f"the template fails: {_one_line(error)}"
    return rules.refused(rules.TEMPLATE_FAILED, message, path, place_of(text, line, message))


def _one_line(error: Any) -> str:
    if isinstance(error, RecursionError):
        return "it calls itself without end"
    return " ".join(str(error).split())[:300] or type(error).__name__
