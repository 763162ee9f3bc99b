"""What a pipeline gives: variables, fields, methods and functions, with the rules of text/template's exec."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, NoReturn

from cluster_stacks.gotemplate import calls
from cluster_stacks.gotemplate.errors import CallError, CostError, TemplateError
from cluster_stacks.gotemplate.functions import Signature, lookup
from cluster_stacks.gotemplate.nodes import Command, Dot, Field, Function, Item, Literal, Node, Pipe
from cluster_stacks.gotemplate.places import position
from cluster_stacks.gotemplate.sizes import weight
from cluster_stacks.gotemplate.unknown import Partial, Unknown
from cluster_stacks.gotemplate.values import INVALID, Opaque, type_name
from cluster_stacks.gotemplate.world import World, type_of

_MISSING: Final = object()  # no piped value: INVALID is one


class Program(NamedTuple):
    """A parsed template as the evaluator needs it."""

    text: str
    items: list[Item]
    defined: dict[str, list[Item]]
    sprig: bool


class Trace:
    """What one run left: pieces of output, and the offsets of what it found missing or printed as `<no value>`."""

    __slots__ = ("missing", "no_values", "pieces")

    def __init__(self) -> None:
        self.pieces: list[str | Unknown] = []
        self.missing: list[tuple[int, str]] = []
        self.no_values: list[tuple[int, str]] = []


class Pipelines:
    """The values of pipelines, commands, fields and functions, in one run of a program."""

    def __init__(self, program: Program, world: World, *, missing_is_error: bool) -> None:
        self.program = program
        self.world = world
        self.trace = Trace()
        self._missing_is_error = missing_is_error
        self._variables: list[tuple[str, Any]] = []
        self._depth = 0
        self.steps = 0
        self._written = 0
        self.work = 0

    def fail(self, at: int, message: str) -> NoReturn:
        raise TemplateError(message, position(self.program.text, at), "execute")

    def _step(self, at: int) -> None:
        self.steps += 1
        if self.steps > self.world.limits.steps:
            self._stop(at, f"more than {self.world.limits.steps} steps")

    def _stop(self, at: int, message: str) -> NoReturn:
        raise TemplateError(message, position(self.program.text, at), "limit")

    # --- variables

    def _set(self, at: int, name: str, value: Any) -> None:
        for index in range(len(self._variables) - 1, -1, -1):
            if self._variables[index][0] == name:
                self._variables[index] = (name, value)
                return
        self.fail(at, f"undefined variable: {name}")

    def _get(self, at: int, name: str) -> Any:
        for known, value in reversed(self._variables):
            if known == name:
                return value
        return self.fail(at, f"undefined variable: {name}")

    # --- pipelines

    def _pipeline(self, dot: Any, pipe: Pipe) -> Any:
        value: Any = _MISSING
        for command in pipe.commands:
            value = self._command(dot, command, value)
            if value is None:
                value = INVALID
        for name in pipe.declared:
            if pipe.assigns:
                self._set(pipe.at, name, value)
            else:
                self._variables.append((name, value))
        return value

    def _command(self, dot: Any, command: Command, final: Any) -> Any:
        first = command.arguments[0]
        self._step(first.at)
        if isinstance(first, Function):
            return self._function(dot, first, command.at, command.arguments[1:], final)
        has_arguments = len(command.arguments) > 1 or final is not _MISSING
        if isinstance(first, Field):
            return self._field(dot, first, command.arguments[1:], final)
        if has_arguments:
            self.fail(first.at, f"can't give argument to non-function {first.source}")
        if isinstance(first, Pipe):
            return self._pipeline(dot, first)
        if isinstance(first, Dot):
            return dot
        if first.kind == "nil":
            self.fail(first.at, "nil is not a command")
        return self._literal(first, "any")

    def _literal(self, node: Literal, parameter: str) -> Any:
        try:
            return calls.constant(node, parameter)
        except CallError as error:
            return self.fail(node.at, str(error))

    def _argument(self, dot: Any, node: Node, parameter: str) -> Any:
        if isinstance(node, Literal):
            return self._literal(node, parameter)
        value = self._operand(dot, node)
        try:
            return calls.passed(value, parameter)
        except CallError as error:
            return self.fail(node.at, str(error))

    def _operand(self, dot: Any, node: Node) -> Any:
        if isinstance(node, Dot):
            return dot
        if isinstance(node, Field):
            return self._field(dot, node, [], _MISSING)
        if isinstance(node, Pipe):
            return self._pipeline(dot, node)
        if isinstance(node, Function):
            return self._function(dot, node, node.at, [], _MISSING)
        return self._literal(node, "any")

    # --- fields

    def _field(self, dot: Any, node: Field, arguments: list[Node], final: Any) -> Any:
        if node.of is not None:
            if isinstance(node.of, Literal) and node.of.kind == "nil":
                self.fail(node.at, f"indirection through explicit nil in {node.source}")
            receiver = self._operand(dot, node.of)
            receiver = INVALID if receiver is None and isinstance(node.of, Pipe) else receiver
        elif node.variable:
            receiver = self._get(node.at, node.variable)
        else:
            receiver = dot
        has_arguments = bool(arguments) or final is not _MISSING
        if not node.names and has_arguments:
            self.fail(node.at, f"can't give argument to non-function {node.source}")
        last = len(node.names) - 1
        for index, name in enumerate(node.names):
            receiver = self._name(dot, node, name, receiver, (arguments, final) if index == last else ([], _MISSING))
        return receiver

    def _name(self, dot: Any, node: Field, name: str, receiver: Any, call: tuple[list[Node], Any]) -> Any:
        if isinstance(receiver, Unknown):
            receiver = self.world.concrete(receiver)
        if receiver is INVALID:
            if self._missing_is_error:
                self.fail(node.at, f'nil data; no entry for key "{name}"')
            return INVALID
        if receiver is None:
            self.fail(node.at, f"nil pointer evaluating interface {{}}.{name}")
        if isinstance(receiver, Opaque):
            return self._method(dot, node, name, receiver, call)
        if isinstance(receiver, dict) or (isinstance(receiver, Unknown) and receiver.kind in ("map", "any")):
            if call[0] or call[1] is not _MISSING:
                self.fail(node.at, f"{name} is not a method but has arguments")
            return self._key(node, name, receiver)
        unknown = isinstance(receiver, Unknown | Partial)
        of = type_of(receiver) if unknown else type_name(receiver)
        return self.fail(node.at, f"can't evaluate field {name} in type {of}")

    def _key(self, node: Field, name: str, receiver: Any) -> Any:
        if isinstance(receiver, Unknown):
            value = self.world.member(receiver, name)
        else:
            value = receiver.get(name, INVALID)
            if isinstance(value, Unknown):
                if not value.name:
                    value.name = node.source
                value = self.world.known(value) if self.world.is_present(value) else INVALID
        if value is INVALID:
            if self._missing_is_error:
                self.fail(node.at, f'map has no entry for key "{name}"')
            self.trace.missing.append((node.at, node.source))
        return value

    def _method(self, dot: Any, node: Field, name: str, receiver: Opaque, call: tuple[list[Node], Any]) -> Any:
        method = receiver.METHODS.get(name)
        if method is None:
            self.fail(node.at, f"can't evaluate field {name} in type {receiver.TYPE}")
        signature = Signature(method[0], None, method[1])
        return self._invoke(dot, name, signature, lambda *given: receiver.call(name, list(given)), node.at, *call)

    # --- functions

    def _function(self, dot: Any, node: Function, at: int, arguments: list[Node], final: Any) -> Any:
        name = node.source
        if name in ("and", "or"):
            return self._short(dot, node, arguments, final)
        signature, body, _ = lookup(name, sprig=self.program.sprig)
        return self._invoke(dot, name, signature, body, at, arguments, final)

    def _invoke(self, dot: Any, name: str, signature: Any, body: Any, at: int, nodes: list[Node], final: Any) -> Any:
        count = len(nodes) + (final is not _MISSING)
        parameters, rest = signature.parameters, signature.rest
        fixed = len(parameters)
        try:
            calls.check_count(name, signature, count, len(nodes))
        except CallError as error:
            self.fail(at, str(error))
        given = [
            self._argument(dot, node, parameters[index] if index < fixed else rest) for index, node in enumerate(nodes)
        ]
        try:
            if final is not _MISSING:
                given.append(calls.passed(final, parameters[count - 1] if count <= fixed else rest))
        except CallError as error:
            self.fail(at, str(error))
        try:
            self.work += sum(map(weight, given))
            result = calls.called(self.world, name, signature, body, given)
            self.work += len(result) if isinstance(result, str) else 10
            if self.work > self.world.limits.work:
                raise CostError("the template does too much work")
            return result
        except CallError as error:
            return self.fail(at, f"error calling {name}: {error}")
        except CostError as error:
            return self._stop(at, f"{name}: {error}")
        except RecursionError:
            return self._stop(at, f"{name}: a value is nested too deeply, or holds itself")

    def _short(self, dot: Any, node: Function, arguments: list[Node], final: Any) -> Any:
        """`and` and `or`, which stop at the first argument that decides."""
        if not arguments and final is _MISSING:
            self.fail(node.at, f"wrong number of args for {node.source}: want at least 1 got 0")
        value: Any = INVALID
        for argument in arguments:
            value = self._argument(dot, argument, "value")
            if self.world.truth(value) == (node.source == "or"):
                return self.world.known(value)
        return self.world.known(value if final is _MISSING else final)
