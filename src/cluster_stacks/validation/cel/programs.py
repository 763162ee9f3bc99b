"""Compiles a rule for a schema, and evaluates it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cluster_stacks.validation.cel.checker import Checker
from cluster_stacks.validation.cel.cost import Coster
from cluster_stacks.validation.cel.declared import Schema, declared
from cluster_stacks.validation.cel.frame import BUDGET, STEPS, Run, begin
from cluster_stacks.validation.cel.machine import Machine
from cluster_stacks.validation.cel.parser import parse
from cluster_stacks.validation.cel.syntax import CelError, CompileError, EvaluationError, Unevaluated
from cluster_stacks.validation.cel.types import BOOL, STRING, Type, optional_of
from cluster_stacks.validation.cel.values import NONE, Optional

NO_TYPE = CelError("a rule cannot stand here: the schema says nothing of its type that an expression could see")


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled expression.

    `cost` is what it costs at worst, in the API server's units; `used` are the variables that it reads.
    """

    text: str
    cost: int
    used: frozenset[str]
    optional_old_self: bool = False
    _run: Run = field(repr=False, default=lambda _: None)
    _size: int = 3

    @property
    def uses_old_self(self) -> bool:
        """Whether it compares with what was there before: such a rule is skipped for what is new."""
        return "oldSelf" in self.used

    def run(self, *values: object, spent: list[int] | None = None) -> object:
        """The value for the variables, in their order; `spent` gets the steps that it took. Raises EvaluationError."""
        frame: list[object] = [None] * self._size
        for index, value in enumerate(values):
            frame[index + (index >= BUDGET)] = value
        frame[BUDGET] = STEPS
        begin()
        try:
            return self._run(frame)
        except RecursionError as error:
            raise Unevaluated("it is nested too deeply") from error
        except (TypeError, AttributeError, ValueError, KeyError, OverflowError, ArithmeticError) as error:
            # A value of another type than its schema says: the schema's own finding says so.
            raise EvaluationError(f"a value is of another type than its schema says ({error!s:.80})") from error
        finally:
            left = frame[BUDGET]
            if spent is not None and isinstance(left, int):
                spent.append(STEPS - left)


def compile_rule(
    rule: str, schema: Schema, *, root: bool = False, optional_old_self: bool = False, message: bool = False
) -> Program | CelError:
    """A rule (`message`: a messageExpression) of a schema, compiled; or why it does not compile.

    `schema` is of the values that the rule is for; `root`: of a whole object.
    """
    self_type = declared(schema, root=root)
    if self_type is None:
        return NO_TYPE
    return compile_for(rule, self_type, optional_old_self=optional_old_self, message=message)


def compile_for(
    rule: str, self_type: Type, *, optional_old_self: bool = False, message: bool = False
) -> Program | CelError:
    """The same for a type that `declared` gave."""
    old = optional_of(self_type) if optional_old_self else self_type
    program = compile_expression(rule, {"self": self_type, "oldSelf": old}, STRING if message else BOOL)
    if isinstance(program, CelError) or not optional_old_self:
        return program
    return Program(program.text, program.cost, program.used, True, program._run, program._size)


def compile_expression(text: str, variables: Mapping[str, Type], wanted: Type) -> Program | CelError:
    """An expression over variables, whose value must be of the type `wanted`; or why it does not compile."""
    try:
        node = parse(text)
        checker = Checker(variables)
        found = checker.check(node)
        if found.kind != wanted.kind and wanted.kind != "dyn":
            raise CompileError(f"the expression must evaluate to a {wanted}, not to '{found}'")
        machine = Machine(tuple(variables))
        run = machine.make(node)
        cost = Coster(variables).cost(node)
    except CompileError as error:
        return error.located(text)
    except RecursionError:
        return CelError("the expression is nested too deeply")
    return Program(text, cost, frozenset(checker.used), False, run, machine.size)


def evaluate(program: Program, self_value: object, old: object = None, spent: list[int] | None = None) -> object:
    """The value of a rule for `self`, and for `oldSelf` where there is one. Raises EvaluationError."""
    if program.optional_old_self:
        old = NONE if old is None else Optional(old)
    return program.run(self_value, old, spent=spent)
