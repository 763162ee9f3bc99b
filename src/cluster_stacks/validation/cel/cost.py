"""What an expression costs at worst, in the API server's units.

Source: cel-go's estimate (checker/cost.go) with the costs of Kubernetes' libraries (apiserver, cel/library/cost.go), to
the unit: the API server and Cluster API refuse a rule by this number. Sizes come from the bounds of the schema
(maxItems, maxLength …); what has none may fill a request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cluster_stacks.validation.cel import call_cost
from cluster_stacks.validation.cel.call_cost import MOST, Size, add, times
from cluster_stacks.validation.cel.checker import dotted
from cluster_stacks.validation.cel.functions import Overload
from cluster_stacks.validation.cel.syntax import Bind, Call, Fold, ListOf, Literal, MapOf, Name, Node, Select
from cluster_stacks.validation.cel.types import Type

Path = tuple[str, ...]
_ONE = Size(1, 1)


class _Variable(NamedTuple):
    path: Path
    size: Size | None
    entry: Size | None


class Coster:
    """Estimates one checked expression; `variables` are the types of what it may name."""

    def __init__(self, variables: Mapping[str, Type]) -> None:
        self._variables = variables
        self._root = next(iter(variables.values()))
        self._local: list[tuple[str, _Variable]] = []
        self._paths: dict[int, Path] = {}
        self._sizes: dict[int, Size] = {}
        self._entries: dict[int, Size] = {}

    def cost(self, node: Node) -> int:
        """The cost of a part with all within it."""
        match node:
            case Name():
                local = self._find(node.name)
                self._paths[id(node)] = local.path if local else (node.name,)
                return 1
            case Select():
                return self._select(node)
            case Call():
                return self._call(node)
            case ListOf():
                total = add(10, *map(self.cost, node.items))
                self._entries[id(node)] = _union([self.size(item) for item in node.items]) or Size(0, 0)
                return total
            case MapOf():
                total = add(30, *(self.cost(part) for entry in node.entries for part in entry))
                self._entries[id(node)] = _union([self.size(value) for _, value in node.entries]) or Size(0, 0)
                return total
            case Fold():
                return self._fold(node)
            case Bind():
                return self._bind(node)
        return 0

    def size(self, node: Node) -> Size:
        """How large a value can be."""
        found = self._size(node)
        return Size(0, MOST) if found is None else found

    def element(self, node: Node) -> tuple[Type, Size] | None:
        """The type of a list's elements, and their size as far as the schema says it."""
        if not node.type.params:
            return None
        path = self._path(node)
        found = self._estimated((*path, "@items")) if path else None
        return node.type.params[0], Size(0, MOST) if found is None else found

    def _find(self, name: str) -> _Variable | None:
        return next((found for known, found in reversed(self._local) if known == name), None)

    def _path(self, node: Node) -> Path:
        if isinstance(node, Name) and (local := self._find(node.name)):
            return local.path
        return self._paths.get(id(node), ())

    def _size(self, node: Node) -> Size | None:
        if id(node) in self._sizes:
            return self._sizes[id(node)]
        if isinstance(node, Literal):
            length = len(node.value) if isinstance(node.value, (str, bytes)) else 1
            return Size(length, length)
        if isinstance(node, (ListOf, MapOf)):
            length = len(node.items if isinstance(node, ListOf) else node.entries)
            return Size(length, length)
        found = self._estimated(self._path(node))
        if found is not None:
            return found
        if node.type.is_scalar:
            return _ONE
        local = self._find(node.name) if isinstance(node, Name) else None
        return local.size if local else None

    def _estimated(self, path: Path) -> Size | None:
        """The size that the schema gives what stands at a path."""
        if not path:
            return None
        kind = self._variables.get(path[0], self._root)
        for part in path[1:]:
            if part in ("@items", "@values"):
                if kind.kind not in ("list", "map"):
                    return None
                kind = kind.params[-1]
            elif part == "@keys" and kind.kind == "map":
                kind = kind.params[0]
            elif part in kind.fields:
                kind = kind.fields[part][1]
            else:
                return None
        return Size(0, kind.most)

    def _entry(self, node: Node) -> Size | None:
        if id(node) in self._entries:
            return self._entries[id(node)]
        local = self._find(node.name) if isinstance(node, Name) else None
        return local.entry if local else None

    def _select(self, node: Select) -> int:
        if node.type.kind == "type" and not hasattr(node.operand, "type"):
            self._paths[id(node)] = (dotted(node),)
            return 1  # the name of a type: google.protobuf.Timestamp
        total = self.cost(node.operand)
        if node.test:
            return total
        if node.optional:
            return add(total, 1)
        self._paths[id(node)] = (*self._path(node.operand), node.field_name)
        return add(total, 1) if node.operand.type.kind in ("map", "object") else total

    def _call(self, node: Call) -> int:
        name = node.function
        total = self.cost(node.target) if node.target is not None else 0
        args = [self.cost(arg) for arg in node.args]
        if name in ("_&&_", "_||_"):
            return add(*args)
        if name == "dyn":
            self._sizes[id(node)] = self.size(node.args[0])
            return add(1, *args)
        if name == "_?_:_":
            self._sizes[id(node)] = _wider(self.size(node.args[1]), self.size(node.args[2]))
            mine, other = self._entry(node.args[1]), self._entry(node.args[2])
            if mine is not None and other is not None:
                self._entries[id(node)] = _wider(mine, other)
            return add(args[0], max(args[1], args[2]))
        costs = [self._overload(node, each) for each in node.overloads if isinstance(each, Overload)]
        return add(total, max(costs, default=0), *args)

    def _overload(self, node: Call, overload: Overload) -> int:
        estimate = call_cost.estimate(self, node, overload)
        size = estimate.size
        if node.function == "_[_]":
            holder = node.args[0]
            size = self._entry(holder)
            self._paths[id(node)] = (*self._path(holder), "@items" if overload.params[0].kind == "list" else "@values")
        if node.function == "_+_" and overload.params[0].kind == "list":
            mine, other = self._entry(node.args[0]), self._entry(node.args[1])
            if mine is not None and other is not None:
                self._entries[id(node)] = _wider(mine, other)
        if size is not None:
            before = self._sizes.get(id(node))
            self._sizes[id(node)] = size if before is None else _wider(before, size)
        return estimate.cost

    def _fold(self, node: Fold) -> int:
        total = self.cost(node.over)
        over, entry = node.over, self._entry(node.over)
        is_list = over.type.kind == "list" or (entry is not None and over.type.kind != "map")
        path = self._path(over)
        value = _Variable((*path, "@items" if is_list else "@values"), entry, None)
        if node.second:
            key = _Variable((*path, "@indices" if is_list else "@keys"), None, None)
            variables = [(node.first, key), (node.second, value)]
        else:
            variables = [(node.first, value if is_list else _Variable((*path, "@keys"), None, None))]
        self._local += variables
        body = self.cost(node.body)
        condition = self.cost(node.condition) if node.condition is not None else None
        # A filter keeps the elements that there were, the others make new ones.
        element = self._variable_size(variables[0][1], node) if node.kind == "filter" else self.size(node.body)
        del self._local[-len(variables):]
        count = self.size(over)
        once = _per_element(node.kind, body, condition)
        self._after(node, count, element)
        fixed = {"all": 1, "exists": 1, "existsOne": 2, "transformMap": 31, "transformMapEntry": 31}.get(node.kind, 11)
        cost = add(total, fixed, times(count.most, once))
        if node.kind == "sortBy":  # a variable for the list, and the sorting of it by the keys
            cost = add(cost, 23, times(2, times(count.most, count.most)))
        return cost

    def _variable_size(self, variable: _Variable, node: Fold) -> Size:
        found = self._estimated(variable.path)
        if found is None and node.over.type.params and node.over.type.params[0].is_scalar:
            return _ONE
        return found or variable.size or Size(0, MOST)

    def _after(self, node: Fold, count: Size, element: Size) -> None:
        if node.kind in ("all", "exists", "existsOne"):
            self._sizes[id(node)] = _ONE
            return
        self._sizes[id(node)] = count
        if not node.kind.startswith("transformMap"):
            self._entries[id(node)] = Size(0, element.most)

    def _bind(self, node: Bind) -> int:
        operand = self.cost(node.operand)
        self._local.append((node.name, _Variable(self._path(node.operand), None, None)))
        body = self.cost(node.body)
        self._local.pop()
        # target.hasValue() ? optional.of(bind(target.value(), body)) : optional.none()
        return add(operand, 1, 10, operand, 1, body, 0 if node.flat else 1)


def _per_element(kind: str, body: int, condition: int | None) -> int:
    """The cost of one round of the loop that a macro stands for: its condition and its step."""
    if kind == "all":
        return add(body, 3)
    if kind == "exists":
        return add(body, 4)
    if kind == "existsOne":
        return add(body, 2)
    if kind == "filter":
        return add(body, 13)
    step = add(body, {"transformMap": 3, "transformMapEntry": 2}.get(kind, 12))
    return step if condition is None else add(condition, step)


def _wider(a: Size, b: Size) -> Size:
    return Size(min(a.least, b.least), max(a.most, b.most))


def _union(sizes: list[Size]) -> Size | None:
    if not sizes:
        return None
    return Size(min(size.least for size in sizes), max(size.most for size in sizes))
