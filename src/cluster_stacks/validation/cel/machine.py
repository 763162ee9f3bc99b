"""A checked expression → a function of Python that evaluates it.

Values of variables stand in a frame, a list: `self`, `oldSelf` (or what else the expression is about), what is left of
the budget, and then the variables of macros. An error is an exception; `&&`, `||`, `all` and `exists` let it pass
where their result does not hang on it, as CEL has it.
"""

from __future__ import annotations

from collections.abc import Mapping

from cluster_stacks.validation.cel.checker import dotted
from cluster_stacks.validation.cel.folds import fold
from cluster_stacks.validation.cel.frame import BUDGET, Frame, Run
from cluster_stacks.validation.cel.functions import Overload
from cluster_stacks.validation.cel.runs import (
    MISSING,
    all_of,
    choice,
    direct,
    dispatch,
    finder,
    inner_convert,
    optional_field,
    otherwise,
)
from cluster_stacks.validation.cel.syntax import (
    Bind,
    Call,
    EvaluationError,
    Fold,
    ListOf,
    Literal,
    MapOf,
    Name,
    Node,
    Select,
)
from cluster_stacks.validation.cel.values import NONE, Optional, TypeValue, no_overload

_CONCRETE = frozenset((
    "bool", "int", "uint", "double", "string", "bytes", "list", "map", "object", "timestamp", "duration", "opaque",
    "optional",
))

class Machine:
    """Makes the functions; `variables` are the names of the frame's first values."""

    def __init__(self, variables: tuple[str, ...]) -> None:
        self._slots: dict[str, int] = {name: index + (index >= BUDGET) for index, name in enumerate(variables)}
        self.size = max(len(variables), BUDGET) + 1

    def make(self, node: Node) -> Run:
        """The function of a part: a frame in, the value out."""
        run = self._raw(node)
        convert = getattr(node.type, "convert", None)
        if convert is None or not self._is_data(node):
            return run
        return lambda frame: convert(run(frame))

    def _is_data(self, node: Node) -> bool:
        """Whether a part is read from the object as it stands there, not yet as its type has it."""
        if isinstance(node, Name):
            return self._slots.get(node.name, BUDGET) < BUDGET
        if isinstance(node, Select):
            return not node.test and not node.optional and self._is_data(node.operand)
        if isinstance(node, Call):
            return node.function == "_[_]" and self._is_data(node.args[0])
        return False

    def _raw(self, node: Node) -> Run:
        match node:
            case Literal():
                value = node.value
                return lambda _: value
            case Name():
                return self._name(node)
            case Select():
                return self._select(node)
            case Call():
                return self._call(node)
            case ListOf():
                return self._list(node)
            case MapOf():
                return self._map(node)
            case Fold():
                return self._fold(node)
            case Bind():
                return self._bind(node)
        raise AssertionError(node)

    def _name(self, node: Name) -> Run:
        if node.name in self._slots:
            slot = self._slots[node.name]
            return lambda frame: frame[slot]
        value = TypeValue(node.type.params[0].name)
        return lambda _: value

    def _select(self, node: Select) -> Run:
        if node.type.kind == "type" and dotted(node).partition(".")[0] not in self._slots:
            value = TypeValue(node.type.params[0].name)
            return lambda _: value
        operand = self._raw(node.operand) if self._is_data(node.operand) else self.make(node.operand)
        holder = node.operand.type
        inner = holder.params[0] if holder.kind == "optional" else holder
        typed = inner.kind == "object"
        key = inner.fields[node.field_name][0] if typed else node.field_name
        find = finder(key, typed=typed)
        if node.test:
            return lambda frame: find(operand(frame)) is not MISSING
        if node.optional or holder.kind == "optional":
            return optional_field(operand, find, inner_convert(node.type))

        def read(frame: Frame) -> object:
            found = find(operand(frame))
            if found is MISSING:
                raise EvaluationError(f"no such key: {key}")
            return found

        return read

    def _call(self, node: Call) -> Run:
        name = node.function
        if name == "_[_]" and self._is_data(node.args[0]):
            runs = [self._raw(node.args[0]), self.make(node.args[1])]
        else:
            runs = [self.make(arg) for arg in ([node.target] if node.target else []) + node.args]
        if name == "_&&_":
            return all_of(runs, False)
        if name == "_||_":
            return all_of(runs, True)
        if name == "_?_:_":
            return choice(*runs)
        if name in ("or", "orValue") and node.target is not None:
            return otherwise(*runs, whole=name == "or")
        types = [arg.type for arg in ([node.target] if node.target else []) + node.args]
        overloads = [each for each in node.overloads if isinstance(each, Overload)]
        if len(overloads) == 1 and all(kind.kind in _CONCRETE for kind in types):
            return direct(overloads[0].run, runs)
        return dispatch(name, overloads, runs)

    def _list(self, node: ListOf) -> Run:
        runs, optional = [self.make(item) for item in node.items], node.optional
        if not optional:
            return lambda frame: [run(frame) for run in runs]

        def make(frame: Frame) -> object:
            values = [(index in optional, run(frame)) for index, run in enumerate(runs)]
            return [value.value if maybe else value for maybe, value in values if not (maybe and value is NONE)]  # type: ignore[attr-defined]

        return make

    def _map(self, node: MapOf) -> Run:
        entries = [
            (self.make(key), self.make(value), index in node.optional)
            for index, (key, value) in enumerate(node.entries)
        ]

        def make(frame: Frame) -> object:
            found: dict[object, object] = {}
            for key, run, optional in entries:
                name, value = key(frame), run(frame)
                if isinstance(name, (list, Mapping, float)):
                    raise EvaluationError("unsupported key type")
                if optional:
                    if value is NONE:
                        continue
                    value = value.value  # type: ignore[attr-defined]  # the checker knows
                if name in found:
                    raise EvaluationError(f"Failed with repeated key: {name!s:.60}")
                found[name] = value
            return found

        return make

    def _fold(self, node: Fold) -> Run:
        over = self.make(node.over)
        names = (node.first, node.second) if node.second else (node.first,)
        slots = [self._push(name) for name in names]
        condition = self.make(node.condition) if node.condition is not None else None
        body = self.make(node.body)
        for name, (_, before) in zip(reversed(names), reversed(slots), strict=True):
            self._pop(name, before)
        return fold(node.kind, over, [slot for slot, _ in slots], condition, body)

    def _bind(self, node: Bind) -> Run:
        operand = self.make(node.operand)
        slot, before = self._push(node.name)
        body = self.make(node.body)
        self._pop(node.name, before)
        flat = node.flat

        def run(frame: Frame) -> object:
            found = operand(frame)
            if not isinstance(found, Optional):
                raise no_overload("optMap", found)
            if found is NONE:
                return NONE
            frame[slot] = found.value
            return body(frame) if flat else Optional(body(frame))

        return run

    def _push(self, name: str) -> tuple[int, int | None]:
        before = self._slots.get(name)
        self._slots[name] = slot = self.size
        self.size += 1
        return slot, before

    def _pop(self, name: str, before: int | None) -> None:
        if before is None:
            del self._slots[name]
        else:
            self._slots[name] = before
