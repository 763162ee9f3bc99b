"""The template language of stack sources: Jinja2 with delimiters that leave YAML, Go templates and shell alone.

`<% value %>` writes a value, a line that begins with `#%` is a statement, `<%% … %%>` is a statement inside a line,
`<# … #>` is a comment. Names must exist, data is plain and cannot be changed, and nothing reaches Python beneath it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Environment
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, missing

from cluster_stacks.rendering import bounds
from cluster_stacks.rendering.filters import all_filters

VARIABLE = ("<%", "%>")
STATEMENT = ("<%%", "%%>")
COMMENT = ("<#", "#>")
LINE_STATEMENT = "#%"

METHODS: dict[type, frozenset[str]] = {
    str: frozenset({
        "capitalize", "count", "endswith", "find", "index", "isalnum", "isalpha", "isdecimal", "isdigit", "islower",
        "isupper", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rpartition",
        "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper",
    }),
    dict: frozenset({"get", "items", "keys", "values"}),
    list: frozenset({"count", "index"}),
    tuple: frozenset({"count", "index"}),
    bool: frozenset(),
    int: frozenset(),
    float: frozenset(),
}
"""The methods of plain data. `format`, `center`, `join` and the like are left out: each can grow text without bound."""


class Missing(StrictUndefined):
    """What an undefined name or key evaluates to: any use of it raises, with the names that would have been right."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name, owner = self._undefined_name, self._undefined_obj
        if owner is missing:
            return f"'{name}' is not defined"
        if isinstance(owner, dict):
            return f"'{name}' is not defined here{_instead(str(name), list(map(str, owner)))}"
        if isinstance(owner, list | tuple) and isinstance(name, int):
            return f"the list has {len(owner)} items, there is no item {name}"
        return f"a {type(owner).__name__} has no '{name}'"


def _instead(name: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    if near:
        return f": did you mean '{near[0]}'?"
    return f": there is {', '.join(known[:8])}{' …' if len(known) > 8 else ''}" if known else ": there is nothing"


class _Generator(CodeGenerator):
    """Sends `~` through the environment, as the sandbox does with the other operators, and computes nothing itself."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        # A constant expression would be computed while compiling, by Python's rules: `~ true` would write True.
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 — Jinja2's name
        self.write("environment.concatenate((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Jinja2's immutable sandbox with a fixed list of filters, methods and globals, and with counted steps."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})
    code_generator_class = _Generator

    def __init__(self) -> None:
        super().__init__(
            variable_start_string=VARIABLE[0], variable_end_string=VARIABLE[1],
            block_start_string=STATEMENT[0], block_end_string=STATEMENT[1],
            comment_start_string=COMMENT[0], comment_end_string=COMMENT[1],
            line_statement_prefix=LINE_STATEMENT,
            keep_trailing_newline=True, optimized=False, undefined=Missing, finalize=bounds.plain_text, cache_size=0,
        )
        self.globals = {"range": bounds.bounded_range, "dict": dict, "namespace": Namespace}
        self.filters = cast(dict[str, Any], all_filters())
        self.binop_table.update(
            {"+": bounds.add, "*": bounds.multiply, "**": bounds.power, "%": bounds.modulo}
        )

    @staticmethod
    def concatenate(parts: tuple[Any, ...]) -> str:
        """`a ~ b`, called by compiled templates."""
        return bounds.concatenate(parts)

    def getattr(self, obj: Any, attribute: str) -> Any | Undefined:
        """`obj.attribute`: of a mapping its key first, so that `vars.items` is the user's value and not a method."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Plain data has the methods that METHODS lists and nothing else."""
        allowed = METHODS.get(type(obj))
        return super().is_safe_attribute(obj, attr, value) if allowed is None else attr in allowed

    def wrap_str_format(self, value: Any) -> None:
        """Lets `str.format` fall through to is_safe_attribute, which refuses it: its widths have no bound."""

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """As Jinja2's, in our words."""
        message = f"'{attribute}' of a {type(obj).__name__} is not for templates"
        return self.undefined(message, name=attribute, obj=obj, exc=SecurityError)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Calls what a template calls; `text.replace` is counted like the filter."""
        if getattr(obj, "__name__", "") == "replace" and isinstance(getattr(obj, "__self__", None), str):
            return bounds.replace(obj.__self__, *args, **kwargs)
        return super().call(context, obj, *args, **kwargs)


@cache
def environment() -> Environment:
    """The one environment of this process."""
    return TemplateEnvironment()
