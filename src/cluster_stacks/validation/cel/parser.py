"""Tokens → the tree of an expression, with CEL's macros and those of Kubernetes' libraries."""

from __future__ import annotations

from cluster_stacks.validation.cel.lexer import Token, tokens
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
from cluster_stacks.validation.cel.types import RESERVED
from cluster_stacks.validation.cel.values import INT_MAX, Uint

DEEPEST = 100
"""Expressions within one another (parentheses, arguments, lists). The API server takes 250; nobody writes 100."""
LONGEST = 250
"""Operators, selections and calls in one chain."""

_BINARY = {
    "<": 1, "<=": 1, ">": 1, ">=": 1, "==": 1, "!=": 1, "in": 1, "+": 2, "-": 2, "*": 3, "/": 3, "%": 3,
}
_NAMES = {"in": "@in"}
_ONE = {"all": 2, "exists": 2, "exists_one": 2, "map": 2, "filter": 2}
_TWO = {"all": 3, "exists": 3, "existsOne": 3, "transformList": 3, "transformMap": 3, "transformMapEntry": 3}


def parse(text: str) -> Node:
    """The tree of an expression. Raises CompileError."""
    parser = _Parser(tokens(text))
    node = parser.expression()
    parser.expect("end")
    return node


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens, self._place, self._depth = found, 0, 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self, kind: str) -> Token | None:
        token = self._tokens[self._place]
        if token.kind != kind:
            return None
        self._place += kind != "end"
        return token

    def expect(self, kind: str) -> Token:
        """The next token, which must be of that kind."""
        token = self._take(kind)
        if token is None:
            found = self._next
            said = "the expression ends" if found.kind == "end" else f"{_said(found)} stands"
            wanted = "its end" if kind == "end" else "a name" if kind == "name" else repr(kind)
            raise CompileError(f"syntax error: {said} where {wanted} is expected", found.at)
        return token

    def expression(self) -> Node:
        """`a ? b : c`, and all that binds closer."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise CompileError(f"the expression is nested deeper than {DEEPEST} levels", self._next.at)
        node = self._logical("||")
        if mark := self._take("?"):
            yes = self._logical("||")
            self.expect(":")
            node = Call(mark.at, "_?_:_", [node, yes, self.expression()])
        self._depth -= 1
        return node

    def _logical(self, operator: str) -> Node:
        node = self._logical("&&") if operator == "||" else self._binary(1)
        args = [node]
        first = self._next
        while self._take(operator):
            args.append(self._logical("&&") if operator == "||" else self._binary(1))
        return node if len(args) == 1 else Call(first.at, f"_{operator}_", args)

    def _binary(self, least: int) -> Node:
        node = self._unary()
        length = 0
        while (strength := _BINARY.get(self._next.kind, 0)) >= least:
            token = self._tokens[self._place]
            self._place += 1
            length = self._longer(length, token)
            node = Call(token.at, _NAMES.get(token.kind, f"_{token.kind}_"), [node, self._binary(strength + 1)])
        return node

    @staticmethod
    def _longer(length: int, token: Token) -> int:
        if length >= LONGEST:
            raise CompileError(f"the expression has more than {LONGEST} operators in a chain", token.at)
        return length + 1

    def _unary(self) -> Node:
        signs: list[Token] = []
        while self._next.kind in ("!", "-") and (not signs or signs[-1].kind == self._next.kind):
            signs.append(self._next)
            self._place += 1
            self._longer(len(signs), signs[-1])
        if len(signs) == 1 and signs[0].kind == "-" and self._is_number():
            literal = self._tokens[self._place]
            assert isinstance(literal.value, (int, float))
            self._tokens[self._place] = Token("literal", signs.pop().at, -literal.value)
        node = self._member()
        # An even number of them says nothing: the parser of the API server drops them.
        if signs and len(signs) % 2:
            node = Call(signs[0].at, "!_" if signs[0].kind == "!" else "-_", [node])
        return node

    def _is_number(self) -> bool:
        value = self._next.value
        return self._next.kind == "literal" and type(value) in (int, float)

    def _member(self) -> Node:
        node = self._primary()
        length = 0
        while True:
            token = self._next
            if self._take("."):
                node = self._field(node)
            elif self._take("["):
                optional = self._take("?")
                index = self.expression()
                self.expect("]")
                node = Call(token.at, "_[?_]" if optional else "_[_]", [node, index])
            elif token.kind == "{" and isinstance(node, (Name, Select)):
                raise CompileError("an object cannot be made in an expression: there are no message types", token.at)
            else:
                return node
            length = self._longer(length, token)

    def _field(self, node: Node) -> Node:
        optional = self._take("?")
        name = self.expect("name")
        word = str(name.value)
        if optional is None and self._take("("):
            args, _ = self._arguments(")")
            return _macro(name.at, word, node, args) or Call(name.at, word, args, node)
        return Select(name.at, node, word, optional=optional is not None)

    def _arguments(self, closing: str) -> tuple[list[Node], frozenset[int]]:
        """The expressions up to the closing bracket, and the places of those with a question mark before them."""
        found: list[Node] = []
        optional: set[int] = set()
        while not self._take(closing):
            if found:
                self.expect(",")
                if closing == "]" and self._take(closing):
                    break
            if closing == "]" and self._take("?"):
                optional.add(len(found))
            found.append(self.expression())
        return found, frozenset(optional)

    def _primary(self) -> Node:
        token = self._next
        self._place += token.kind != "end"
        if token.kind == "literal":
            if type(token.value) is int and token.value > INT_MAX:
                raise CompileError("invalid int literal: it does not fit into 64 bits", token.at)
            return Literal(token.at, token.value)
        if token.kind == "(":
            node = self.expression()
            self.expect(")")
            return node
        if token.kind == "[":
            return ListOf(token.at, *self._arguments("]"))
        if token.kind == "{":
            return self._map(token)
        if token.kind == ".":
            token = self.expect("name")
        if token.kind == "name":
            return self._name(token)
        said = "the expression ends" if token.kind == "end" else f"{_said(token)} stands"
        raise CompileError(f"syntax error: {said} where a value is expected", token.at)

    def _name(self, token: Token) -> Node:
        word = str(token.value)
        if word in RESERVED:
            raise CompileError(f"{word!r} is a reserved word of CEL", token.at)
        if not self._take("("):
            return Name(token.at, word)
        args, _ = self._arguments(")")
        if word == "has":
            if len(args) != 1 or not isinstance(args[0], Select) or args[0].optional:
                raise CompileError("has() takes the selection of a field: has(self.name)", token.at)
            return Select(args[0].at, args[0].operand, args[0].field_name, test=True)
        return Call(token.at, word, args)

    def _map(self, opening: Token) -> Node:
        entries: list[tuple[Node, Node]] = []
        optional: set[int] = set()
        while not self._take("}"):
            if entries:
                self.expect(",")
                if self._take("}"):
                    break
            if self._take("?"):
                optional.add(len(entries))
            key = self.expression()
            self.expect(":")
            entries.append((key, self.expression()))
        return MapOf(opening.at, entries, frozenset(optional))


def _macro(at: int, name: str, target: Node, args: list[Node]) -> Node | None:
    """The macro that a call on a target is, None where it is a function."""
    count = len(args)
    if name in ("optMap", "optFlatMap") and count == 2:
        return Bind(at, target, _variable(args[0]), args[1], name == "optFlatMap")
    if name == "sortBy" and count == 2:
        return Fold(at, name, target, _variable(args[0]), "", None, args[1])
    if _ONE.get(name) == count or (name == "map" and count == 3):
        kind = "existsOne" if name == "exists_one" else name
        return Fold(at, kind, target, _variable(args[0]), "", args[1] if count == 3 else None, args[-1])
    if _TWO.get(name) == count or (name.startswith("transform") and name in _TWO and count == 4):
        condition = args[2] if count == 4 else None
        return Fold(at, name, target, _variable(args[0]), _variable(args[1]), condition, args[-1])
    return None


def _variable(node: Node) -> str:
    if not isinstance(node, Name) or node.name == "__result__":
        raise CompileError("the first argument of a macro must be a plain name", node.at)
    return node.name


def _said(token: Token) -> str:
    if token.kind == "name":
        return repr(token.value)
    if token.kind == "literal":
        return repr(token.value) if not isinstance(token.value, Uint) else f"{int(token.value)}u"
    return repr(token.kind)
