"""Tokens → pipelines, commands and operands, by the grammar of text/template/parse."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NoReturn

from cluster_stacks.gotemplate import literals
from cluster_stacks.gotemplate.errors import Limits, TemplateError
from cluster_stacks.gotemplate.lexer import EOF, ERROR, RIGHT, SPACE, Token, tokens
from cluster_stacks.gotemplate.nodes import Command, Dot, Field, Function, Item, Literal, Node, Pipe
from cluster_stacks.gotemplate.places import position

_OPERANDS: Final = frozenset(
    ("bool", "char", "complex", "dot", "field", "identifier", "nil", "number", "raw", "string", "variable", "lparen")
)
_SHOWN: Final = 10  # of a token's text, in a message


class Operands:
    """The tokens of a text, and what actions are made of."""

    def __init__(self, text: str, functions: Collection[str], limits: Limits) -> None:
        self.text = text
        self.functions = functions
        self.limits = limits
        self.defined: dict[str, list[Item]] = {}
        self._tokens = tokens(text)
        self._index = 0
        self._variables = ["$"]
        self._ranges = 0
        self._depth = 0

    def fail(self, message: str, token: Token, phase: str = "parse") -> NoReturn:
        raise TemplateError(message, position(self.text, token.at), "limit" if phase == "limit" else "parse")

    # --- tokens

    def _after_spaces(self, index: int) -> Token:
        while self._tokens[index].kind == SPACE:
            index += 1
        return self._tokens[index]

    def _peek(self) -> Token:
        """The next token that is no space; spaces before it are gone."""
        while self._tokens[self._index].kind == SPACE:
            self._index += 1
        return self._tokens[self._index]

    def _next(self) -> Token:
        token = self._peek()
        self._index += token.kind not in (EOF, ERROR)
        return token

    def _expect(self, context: str, *kinds: str) -> Token:
        token = self._next()
        if token.kind not in kinds:
            self._unexpected(token, context)
        return token

    def _unexpected(self, token: Token, context: str) -> NoReturn:
        if token.kind == ERROR:
            self.fail(token.text, token)
        shown = token.text
        if token.kind == EOF:
            shown = "EOF"
        elif token.kind in ("block", "define", "else", "end", "if", "nil", "range", "template", "with", "dot"):
            shown = f"<{shown}>"
        else:
            shown = f'"{shown}"' if len(shown) <= _SHOWN else f'"{shown[:_SHOWN]}"...'
        self.fail(f"unexpected {shown} in {context}", token)

    # --- pipelines

    def _pipeline(self, context: str, end: str) -> Pipe:
        first = self._peek()
        pipe = Pipe(first.at)
        self._declarations(pipe, context)
        while (token := self._peek()).kind != end:
            if token.kind not in _OPERANDS:
                self._unexpected(token, context)
            pipe.commands.append(self._command())
        pipe.source = self.text[first.at : token.at].strip()
        self._check(pipe, context, token)
        self._index += 1
        return pipe

    def _declarations(self, pipe: Pipe, context: str) -> None:
        """`$x :=`, `$x =`, and in a range `$i, $x :=` and `$i, $x =`."""
        while (token := self._peek()).kind == "variable":
            after = self._after_spaces(self._index + 1)
            if after.kind not in ("assign", "declare") and not (after.kind == "other" and after.text == ","):
                return
            self._index += 1
            self._next()
            pipe.declared.append(token.text)
            self._variables.append(token.text)
            if after.kind != "other":
                pipe.assigns = after.kind == "assign"
                return
            if context != "range" or len(pipe.declared) > 1:
                self.fail(f"too many declarations in {context}", after)
            if self._peek().kind not in ("variable", RIGHT, "rparen"):
                self.fail("range can only initialize variables", self._peek())

    def _check(self, pipe: Pipe, context: str, token: Token) -> None:
        if not pipe.commands:
            self.fail(f"missing value for {context}", token)
        for stage, command in enumerate(pipe.commands[1:], 2):
            if isinstance(command.arguments[0], Literal | Dot):
                message = f"non executable command in pipeline stage {stage}"
                self.fail(message, Token("", command.arguments[0].at, ""))

    def _command(self) -> Command:
        command = Command(self._peek().at, [])
        while True:
            self._peek()
            operand = self._operand()
            if operand is not None:
                command.arguments.append(operand)
            token = self._tokens[self._index]
            if token.kind == SPACE:
                continue
            if token.kind == "pipe":
                self._index += 1
            elif token.kind not in (RIGHT, "rparen"):
                self._unexpected(token, "operand")
            if not command.arguments:
                self.fail("empty command", token)
            return command

    def _operand(self) -> Node | None:
        node = self._term()
        if node is None:
            return None
        names: list[str] = []
        first = self._tokens[self._index]
        while (token := self._tokens[self._index]).kind == "field":
            names.append(token.text[1:])
            self._index += 1
        if not names:
            return node
        if isinstance(node, Literal | Dot):
            self.fail(f'unexpected . after term "{node.source}"', first)
        source = self.text[node.at : token.at].strip()
        if isinstance(node, Field) and node.of is None:
            return Field(first.at, source, node.names + tuple(names), node.variable)
        return Field(first.at, source, tuple(names), of=node)

    def _term(self) -> Node | None:
        token = self._peek()
        reader = _TERMS.get(token.kind)
        if reader is None:
            return None
        self._index += 1
        return reader(self, token)

    def _function(self, token: Token) -> Node:
        if token.text not in self.functions:
            self.fail(f'function "{token.text}" not defined', token)
        return Function(token.at, token.text)

    def _variable(self, token: Token) -> Node:
        if token.text not in self._variables:
            self.fail(f'undefined variable "{token.text}"', token)
        return Field(token.at, token.text, (), token.text)

    def _brackets(self, token: Token) -> Node:
        self._depth += 1
        if self._depth > self.limits.depth:
            self.fail("max expression depth exceeded", token, "limit")
        pipe = self._pipeline("parenthesized pipeline", "rparen")
        self._depth -= 1
        return pipe

    def _number(self, token: Token) -> Node:
        read = literals.character if token.kind == "char" else literals.number
        try:
            return read(token.text, token.at)
        except ValueError as error:
            self.fail(str(error), token)

    def _unquoted(self, token: Token) -> str:
        try:
            return literals.unquote(token.text)
        except ValueError as error:
            self.fail(str(error), token)

    def _string(self, token: Token) -> Node:
        return Literal(token.at, token.text, "string", self._unquoted(token))


_TERMS: Final = {
    "identifier": Operands._function,
    "dot": lambda _, token: Dot(token.at),
    "nil": lambda _, token: Literal(token.at, "nil", "nil", None),
    "variable": Operands._variable,
    "field": lambda _, token: Field(token.at, token.text, (token.text[1:],)),
    "bool": lambda _, token: Literal(token.at, token.text, "bool", token.text == "true"),
    "char": Operands._number, "complex": Operands._number, "number": Operands._number,
    "lparen": Operands._brackets,
    "string": Operands._string, "raw": Operands._string,
}
