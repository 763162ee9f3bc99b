"""Types of all parts of an expression, as the API server's checker finds them; what does not fit is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cluster_stacks.model.near import near_names
from cluster_stacks.validation.cel.constants import check_constants, check_conversion
from cluster_stacks.validation.cel.functions import Overload, functions
from cluster_stacks.validation.cel.syntax import (
    Bind,
    Call,
    CompileError,
    Fold,
    ListOf,
    Literal,
    MapOf,
    Name,
    Node,
    Select,
)
from cluster_stacks.validation.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DYN,
    EMPTY,
    INT,
    NAMED,
    NULL,
    RESERVED,
    STRING,
    UINT,
    Type,
    list_of,
    map_of,
    optional_of,
)
from cluster_stacks.validation.cel.unify import alike, fits, general, resolved
from cluster_stacks.validation.cel.values import Uint

_LITERALS: Mapping[type, Type] = {
    bool: BOOL, int: INT, Uint: UINT, float: DOUBLE, str: STRING, bytes: BYTES, type(None): NULL,
}
_TYPES = {
    **NAMED, "list": list_of(DYN), "map": map_of(DYN, DYN), "type": Type("type"), "optional_type": optional_of(DYN),
}
_DEEPEST = 300


class Checker:
    """Checks one expression; `variables` are what it may name. `used` are those that it does."""

    def __init__(self, variables: Mapping[str, Type]) -> None:
        self._scopes: list[dict[str, Type]] = [dict(variables)]
        self._table = functions()
        self._depth = 0
        self._mixed: set[int] = set()
        self.used: set[str] = set()

    def check(self, node: Node) -> Type:
        """Gives a part and all within it their types. Raises CompileError."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise CompileError(f"the expression is nested deeper than {_DEEPEST} levels", node.at)
        match node:
            case Literal():
                node.type = _LITERALS[type(node.value)]
            case Name():
                node.type = self._name(node)
            case Select():
                node.type = self._select(node)
            case Call():
                node.type = self._call(node)
            case ListOf():
                node.type = list_of(self._elements(node.items, node.optional, mixed=id(node) in self._mixed))
            case MapOf():
                keys = self._elements([key for key, _ in node.entries], frozenset())
                node.type = map_of(keys, self._elements([value for _, value in node.entries], node.optional))
            case Fold():
                node.type = self._fold(node)
            case Bind():
                node.type = self._bind(node)
            case _:
                raise AssertionError(node)
        self._depth -= 1
        return node.type

    def _variable(self, name: str) -> Type | None:
        return next((scope[name] for scope in reversed(self._scopes) if name in scope), None)

    def _name(self, node: Name) -> Type:
        found = self._variable(node.name)
        if found is not None:
            self.used.add(node.name)
            return found
        if node.name in _TYPES:
            return Type("type", _TYPES[node.name], name="type")
        known = [*self._scopes[0], *(name for scope in self._scopes[1:] for name in scope)]
        guess = _near(node.name, known)
        hint = f": did you mean {guess}?" if guess else f": there is {', '.join(sorted(set(known)))}"
        raise CompileError(f"undeclared reference to {node.name!r}{hint}", node.at)

    def _select(self, node: Select) -> Type:
        name = dotted(node)
        if name in _TYPES and self._variable(name.partition(".")[0]) is None:
            return Type("type", _TYPES[name], name="type")
        outer = self.check(node.operand)
        inner = outer.params[0] if outer.kind == "optional" else outer
        found = self._field(node, inner)
        if node.test:
            return BOOL
        return optional_of(found) if node.optional or outer.kind == "optional" else found

    def _field(self, node: Select, holder: Type) -> Type:
        name = node.field_name
        if holder.kind in ("dyn", "error", "empty"):
            return DYN
        if holder.kind == "map":
            return holder.params[1]
        if holder.kind != "object":
            raise CompileError(f"type '{holder}' does not support field selection: it has no `{name}`", node.at)
        if name not in holder.fields and f"__{name}__" in holder.fields and name in RESERVED:
            node.field_name = name = f"__{name}__"  # a reserved word may name a field as it is, too
        if name not in holder.fields:
            hint = _near(name, holder.fields)
            raise CompileError(f"undefined field '{name}'{f': did you mean {hint}?' if hint else ''}", node.at)
        return holder.fields[name][1]

    def _call(self, node: Call) -> Type:
        if node.target is not None:
            name = f"{dotted(node.target)}.{node.function}"
            if name in self._table and self._variable(name.partition(".")[0]) is None:
                node.function, node.target = name, None
        if node.function == "format" and node.target is not None:
            self._mixed |= {id(each) for each in _lists(node.args)}
        args = [self.check(arg) for arg in ([node.target] if node.target else []) + node.args]
        check_constants(node)
        if node.function in ("_&&_", "_||_"):
            if not all(fits(BOOL, arg, {}) for arg in args):
                raise self._mismatch(node, args)
            return BOOL
        if node.function == "_?_:_":
            return self._choice(node, args)
        return self._overloaded(node, args)

    def _choice(self, node: Call, args: list[Type]) -> Type:
        bound: dict[str, Type] = {"A": args[1]}
        if not fits(BOOL, args[0], {}) or not fits(Type("param", name="A"), args[2], bound):
            raise self._mismatch(node, args)
        return bound["A"]

    def _overloaded(self, node: Call, args: list[Type]) -> Type:
        if node.function not in self._table:
            guess = _near(node.function, self._table)
            raise CompileError(
                f"undeclared reference to '{node.function}'{f': did you mean {guess}?' if guess else ''}", node.at
            )
        found: list[Overload] = []
        result: Type | None = None
        for overload in self._table[node.function]:
            if overload.member != (node.target is not None) or len(overload.params) != len(args):
                continue
            bound: dict[str, Type] = {}
            if all(fits(want, got, bound) for want, got in zip(overload.params, args, strict=True)):
                found.append(overload)
                given = resolved(overload.result, bound)
                result = given if result is None or str(result) == str(given) else DYN
        if result is None:
            raise self._mismatch(node, args)
        node.overloads = tuple(found)
        check_conversion(node, found)
        return result

    def _mismatch(self, node: Call, args: list[Type]) -> CompileError:
        said = ", ".join(map(str, args))
        return CompileError(f"found no matching overload for '{node.function}' applied to '({said})'", node.at)

    def _elements(self, nodes: list[Node], optional: frozenset[int], *, mixed: bool = False) -> Type:
        """The type that all have in common: lists and maps of mixed types are refused, but for those of format()."""
        common: Type | None = None
        for index, node in enumerate(nodes):
            found = self.check(node)
            if index in optional:
                if found.kind not in ("optional", "dyn"):
                    raise CompileError(f"expected type 'optional_type' but found '{found}'", node.at)
                found = found.params[0] if found.params else DYN
            if common is not None and not alike(common, found):
                if not mixed:
                    raise CompileError(f"expected type '{common}' but found '{found}'", node.at)
                found = DYN
            common = found if common is None else general(common, found)
        return EMPTY if common is None else common

    def _fold(self, node: Fold) -> Type:
        over = self.check(node.over)
        if over.kind not in ("list", "map", "dyn", "error"):
            message = f"expression of type '{over}' cannot be range of a comprehension (must be list, map, or dynamic)"
            raise CompileError(message, node.over.at)
        key = over.params[0] if over.params else DYN
        first, second = (key, over.params[-1]) if over.kind == "map" else (INT if node.second else key, key)
        self._scopes.append({node.first: first, **({node.second: second} if node.second else {})})
        if node.condition is not None:
            self._want_bool(node.condition)
        if node.kind in ("all", "exists", "existsOne", "filter"):
            self._want_bool(node.body)
            body = BOOL
        else:
            body = self.check(node.body)
        self._scopes.pop()
        return self._folded(node, over, first, body)

    def _folded(self, node: Fold, over: Type, first: Type, body: Type) -> Type:
        if node.kind in ("all", "exists", "existsOne"):
            return BOOL
        if node.kind == "sortBy":
            return over
        if node.kind == "filter":
            return list_of(first)
        if node.kind == "transformMap":
            return map_of(first, body)
        if node.kind != "transformMapEntry":
            return list_of(body)
        if body.kind not in ("map", "dyn"):
            raise CompileError(f"transformMapEntry must give a map, not '{body}'", node.body.at)
        return body

    def _want_bool(self, node: Node) -> None:
        found = self.check(node)
        if not fits(BOOL, found, {}):
            raise CompileError(f"expected type 'bool' but found '{found}'", node.at)

    def _bind(self, node: Bind) -> Type:
        operand = self.check(node.operand)
        if operand.kind not in ("optional", "dyn"):
            raise CompileError(f"optMap is for optional values, not for '{operand}'", node.at)
        self._scopes.append({node.name: operand.params[0] if operand.params else DYN})
        body = self.check(node.body)
        self._scopes.pop()
        return optional_of(body) if node.flat else Type("optional", body, name="optional_type")


def _lists(nodes: list[Node]) -> list[Node]:
    """The lists among parts, and those directly in them."""
    found: list[Node] = []
    for node in nodes:
        if isinstance(node, ListOf):
            found += [node, *_lists(node.items)]
    return found


def dotted(node: Node) -> str:
    """`a.b.c` of names alone, else an empty text."""
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Select) and not (node.test or node.optional):
        outer = dotted(node.operand)
        return f"{outer}.{node.field_name}" if outer else ""
    return ""


def _near(name: str, known: Iterable[str]) -> str:
    # A name of a thousand letters is no misspelling, and comparing it would take long.
    words = (each for each in known if not each.startswith(("_", "@", "!")))
    found = near_names(name, words, 1) if len(name) < 64 else []
    return found[0] if found else ""
