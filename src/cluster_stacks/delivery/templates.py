"""The templates of generators: the language of stack sources, made safe for YAML by construction.

In the template of a YAML or JSON file `<% value %>` writes a whole value, as JSON, whatever it holds: no fact of a
release can end a text, begin a key or open a comment. Names are put together inside the delimiters:
`name: <% release.name ~ "-x" %>`. In every other file `<% value %>` writes the text itself.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2.environment import Environment
from jinja2.exceptions import TemplateError, TemplateSyntaxError

from cluster_stacks.delivery.escaping import variable
from cluster_stacks.rendering.bounds import plain_text, text_size
from cluster_stacks.rendering.templates import environment
from cluster_stacks.rendering.tree import foreign

# What JSON leaves as it is and YAML does not: control characters, line ends of YAML 1.1, byte order marks, surrogates.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
MISTAKES = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError)
"""What evaluating a template of a stranger may raise."""


def yaml_value(value: Any) -> str:
    """`value` on one line, as JSON that every reader of YAML reads the same. Raises as `plain_text`."""
    import json

    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else plain_text(value)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def place(values: Any, places: Mapping[str, str], facts: Mapping[str, Any], prefix: str = "") -> Any:
    """A copy of `values` in which the value at each path of `places` is the fact that `places` names.

    A path is written as for `helm --set`: keys with dots between them, a dot in a key as `\\.`. `prefix` is a key that
    stands before every path. A mapping on the way is made where there is none.
    """
    result = copy.deepcopy(values) if values else {}
    for path, name in places.items():
        keys = ([prefix] if prefix else []) + [key.replace("\\.", ".") for key in re.split(r"(?<!\\)\.", path)]
        inner = result
        for key in keys[:-1]:
            if not isinstance(inner.get(key), dict):
                inner[key] = {}
            inner = inner[key]
        inner[keys[-1]] = facts[name]
    return result


@cache
def _environment(for_yaml: bool) -> Environment:
    shared = environment()
    own = shared.overlay(finalize=yaml_value if for_yaml else plain_text)
    own.filters = {**shared.filters, "place": place}
    own.globals = {**shared.globals, "variable": variable}
    return own


def syntax_problem(text: str, *, expression: bool = False) -> str:
    """What is wrong with the syntax of a template, or of an expression; empty where nothing is."""
    try:
        tree = _environment(False).parse(f"<% ({text}) %>" if expression else text)
    except TemplateSyntaxError as error:
        return error.message or "syntax error"
    except RecursionError:
        return "too deeply nested"
    return "a template of a generator stands alone: no include, import, extends or block" if any(foreign(tree)) else ""


@cache
def _compiled(text: str, for_yaml: bool) -> Any:
    problem = syntax_problem(text)
    if problem:
        # Parsed once more for the line; a statement that reaches beyond the template has none.
        _environment(for_yaml).parse(text)
        raise TemplateSyntaxError(problem, 1)
    own = _environment(for_yaml)
    code = own.compile(text, name="template", filename="<template>")
    return own.template_class.from_code(own, code, own.make_globals(None), None)


def render(text: str, context: Mapping[str, Any], *, for_yaml: bool) -> str:
    """The output of a template. Raises one of MISTAKES; `line_of` tells where."""
    parts: list[str] = []
    size = 0
    for part in _compiled(text, for_yaml).generate(context):
        size += len(part)
        text_size(size)
        parts.append(part)
    return "".join(parts)


def holds(expression: str, context: Mapping[str, Any]) -> bool:
    """Whether an expression is true. Raises one of MISTAKES."""
    return bool(_expression(expression)(**context))


@cache
def _expression(text: str) -> Any:
    return _environment(False).compile_expression(text, undefined_to_none=False)


def line_of(error: BaseException) -> int:
    """The line of the template that an error came from, 0 where it is not known."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
