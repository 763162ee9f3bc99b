"""What a template reads of its data, as far as its text tells: no data is needed, and no run."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.gotemplate.nodes import Action, Branch, Call, Dot, Field, Function, Item, Literal, Node, Pipe, Range
from cluster_stacks.gotemplate.pipelines import Program

EACH = "[]"
"""In a path: any item of a list or any value of a map."""
Path = tuple[str, ...]
Read = tuple[Path, str, int]
_MOST = 100  # different data that one template may be called with


def fields(program: Program) -> Iterator[Read]:
    """(path, text, offset) of each field that is read, rooted at the data: also through `$`, variables, `with`,
    `range` and calls of templates, and `index` and `get` with constant keys. The path () is all data at once, as
    `toJson .` reads it. What cannot be resolved is left out.
    """
    reader = _Reader(program)
    yield from reader.items(program.items, (), {"$": ()})


class _Reader:
    def __init__(self, program: Program) -> None:
        self.program = program
        self._called: set[tuple[str, Path | None]] = set()

    def items(self, items: list[Item], dot: Path | None, scope: dict[str, Path | None]) -> Iterator[Read]:
        for item in items:
            if isinstance(item, Action):
                yield from self._pipe(item.pipe, dot, scope)
            elif isinstance(item, Branch):
                yield from self._branch(item, dot, dict(scope))
            elif isinstance(item, Range):
                yield from self._range(item, dot, dict(scope))
            elif isinstance(item, Call):
                yield from self._call(item, dot, scope)

    def _branch(self, item: Branch, dot: Path | None, scope: dict[str, Path | None]) -> Iterator[Read]:
        for pipe, body in item.branches:
            yield from self._pipe(pipe, dot, scope)
            inner = self._path(pipe, dot, scope) if item.is_with else dot
            yield from self.items(body, inner, dict(scope))
        yield from self.items(item.otherwise or [], dot, dict(scope))

    def _range(self, item: Range, dot: Path | None, scope: dict[str, Path | None]) -> Iterator[Read]:
        yield from self._pipe(item.pipe, dot, scope)
        path = self._path(item.pipe, dot, scope)
        each = (*path, EACH) if path is not None else None
        inner = dict(scope)
        for name in item.pipe.declared:
            inner[name] = None
        if item.pipe.declared:
            inner[item.pipe.declared[-1]] = each
        yield from self.items(item.body, each, inner)
        yield from self.items(item.otherwise or [], dot, dict(scope))

    def _call(self, item: Call, dot: Path | None, scope: dict[str, Path | None]) -> Iterator[Read]:
        path: Path | None = None
        if item.pipe is not None:
            yield from self._pipe(item.pipe, dot, scope)
            path = self._path(item.pipe, dot, scope)
        body = self.program.defined.get(item.name)
        if body is not None and (item.name, path) not in self._called and len(self._called) < _MOST:
            self._called.add((item.name, path))
            yield from self.items(body, path, {"$": path})

    def _pipe(self, pipe: Pipe, dot: Path | None, scope: dict[str, Path | None]) -> Iterator[Read]:
        for command in pipe.commands:
            inner = self._indexed(command.arguments, dot, scope)
            if inner is not None:
                yield inner, self.program.text[command.at : command.arguments[-1].at].strip(), command.at
            for node in command.arguments:
                yield from self._node(node, dot, scope)
        path = self._path(pipe, dot, scope)
        for name in pipe.declared:
            scope[name] = None if pipe.assigns and scope.get(name) != path else path

    def _node(self, node: Node, dot: Path | None, scope: dict[str, Path | None]) -> Iterator[Read]:
        if isinstance(node, Pipe):
            yield from self._pipe(node, dot, scope)
        elif isinstance(node, Field):
            if node.of is not None:
                yield from self._node(node.of, dot, scope)
            path = self._of_node(node, dot, scope)
            if path is not None and (node.names or path == ()):
                yield path, node.source, node.at
        elif isinstance(node, Dot) and dot == ():
            yield (), ".", node.at

    def _path(self, pipe: Pipe, dot: Path | None, scope: dict[str, Path | None]) -> Path | None:
        """The path whose value a pipeline gives, where it is one."""
        if len(pipe.commands) != 1:
            return None
        arguments = pipe.commands[0].arguments
        return self._of_node(arguments[0], dot, scope) if len(arguments) == 1 else self._indexed(arguments, dot, scope)

    def _of_node(self, node: Node, dot: Path | None, scope: dict[str, Path | None]) -> Path | None:
        if isinstance(node, Pipe):
            return self._path(node, dot, scope)
        if isinstance(node, Field):
            start = scope.get(node.variable) if node.variable else dot
            if node.of is not None:
                start = self._of_node(node.of, dot, scope)
            return None if start is None else start + node.names
        return None if isinstance(node, Literal | Function) else dot

    def _indexed(self, arguments: list[Node], dot: Path | None, scope: dict[str, Path | None]) -> Path | None:
        """The path of `index .a "b" 0` and `get .a "b"`."""
        first = arguments[0]
        if not isinstance(first, Function) or first.source not in ("index", "get") or len(arguments) < 3:
            return None
        path = self._of_node(arguments[1], dot, scope)
        for key in arguments[2:]:
            if path is None or not isinstance(key, Literal) or key.kind not in ("string", "number"):
                return None
            path = (*path, key.value if isinstance(key.value, str) else EACH)
        return path
