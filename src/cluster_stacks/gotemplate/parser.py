"""Tokens → trees, by the grammar of text/template/parse. What Go refuses is refused at the token that it names."""

from __future__ import annotations

from typing import Final

from cluster_stacks.gotemplate.lexer import EOF, LEFT, RIGHT, TEXT, Token
from cluster_stacks.gotemplate.nodes import Action, Branch, Call, Item, Jump, Pipe, Range, Text, is_empty
from cluster_stacks.gotemplate.operands import Operands


class Parser(Operands):
    """One use: `parse()` gives the main tree and fills `defined`."""

    def parse(self) -> list[Item]:
        """The items of the main template. Raises TemplateError at the first token that cannot be."""
        items: list[Item] = []
        while (token := self._tokens[self._index]).kind != EOF:
            if token.kind == LEFT and self._after_spaces(self._index + 1).kind == "define":
                self._definition()
                continue
            item, ends = self._item()
            if ends:
                self.fail(f"unexpected {{{{{ends}}}}}", token)
            items.append(item)
        return items

    # --- blocks

    def _definition(self) -> None:
        self._next()
        self._next()
        name = self._expect("define clause", "string", "raw")
        self._expect("define clause", RIGHT)
        self._body_of_template(self._unquoted(name), name, "define clause")

    def _body_of_template(self, name: str, token: Token, context: str) -> None:
        """A body of its own: it sees no variable from around it."""
        outer = self._variables, self._ranges
        self._variables = ["$"]
        items, _ = self._items(context, allows_else=False)
        self._variables, self._ranges = outer
        present = self.defined.get(name)
        if present is None or is_empty(present):
            self.defined[name] = items
        elif not is_empty(items):
            self.fail(f'template: multiple definition of template "{name}"', token)

    def _items(self, context: str, *, allows_else: bool = True) -> tuple[list[Item], str]:
        """Items up to an `end` or `else`, and which of them it was."""
        self._depth += 1
        if self._depth > self.limits.depth:
            self.fail(f"more than {self.limits.depth} levels of nesting", self._peek(), "limit")
        items: list[Item] = []
        while True:
            token = self._peek()
            if token.kind == EOF:
                self.fail("unexpected EOF", token)
            item, ends = self._item()
            if ends:
                if ends == "else" and not allows_else:
                    self.fail(f"unexpected {{{{else}}}} in {context}", token)
                self._depth -= 1
                return items, ends
            items.append(item)

    def _item(self) -> tuple[Item, str]:
        """Text or an action; for an `end` or `else` (its pipeline still ahead) the name of it."""
        token = self._next()
        if token.kind == TEXT:
            return Text(token.at, token.text), ""
        if token.kind != LEFT:
            self._unexpected(token, "input")
        word = self._peek()
        control = _CONTROLS.get(word.kind)
        if control is not None:
            self._index += 1
            return control(self, word), ""
        if word.kind == "end":
            self._index += 1
            self._expect("end", RIGHT)
            return Text(word.at, ""), "end"
        if word.kind == "else":
            self._index += 1
            if self._peek().kind not in ("if", "with"):
                self._expect("else", RIGHT)
            return Text(word.at, ""), "else"
        return Action(word.at, self._pipeline("command", RIGHT)), ""

    def _branch(self, word: Token) -> Item:
        """`if` and `with`. An `else if` ends with its `if`; variables of each stay visible in those after it."""
        before = len(self._variables)
        branches: list[tuple[Pipe, list[Item]]] = []
        otherwise = None
        while True:
            pipe = self._pipeline(word.kind, RIGHT)
            body, ends = self._items(word.kind)
            branches.append((pipe, body))
            if ends == "end":
                break
            if self._peek().kind == word.kind and self._tokens[self._index - 1].kind != RIGHT:
                self._index += 1
                continue
            otherwise = self._else()
            break
        del self._variables[before:]
        return Branch(branches[0][0].at, word.kind == "with", branches, otherwise)

    def _else(self) -> list[Item]:
        if self._tokens[self._index - 1].kind != RIGHT:  # `else with` of an `if`, and the reverse
            self._unexpected(self._peek(), "input")
        at = self._peek()
        items, ends = self._items("else")
        if ends != "end":
            self.fail("expected end; found {{else}}", at)
        return items

    def _range(self, _: Token) -> Item:
        before = len(self._variables)
        pipe = self._pipeline("range", RIGHT)
        self._ranges += 1
        body, ends = self._items("range")
        self._ranges -= 1
        otherwise = self._else() if ends == "else" else None
        del self._variables[before:]
        return Range(pipe.at, pipe, body, otherwise)

    def _call(self, _: Token) -> Item:
        name = self._expect("template clause", "string", "raw")
        text = self._unquoted(name)
        pipe = None
        if self._peek().kind != RIGHT:
            pipe = self._pipeline("template clause", RIGHT)
        else:
            self._index += 1
        return Call(name.at, text, pipe)

    def _block(self, _: Token) -> Item:
        name = self._expect("block clause", "string", "raw")
        text = self._unquoted(name)
        pipe = self._pipeline("block clause", RIGHT)
        self._body_of_template(text, name, "block clause")
        return Call(name.at, text, pipe)

    def _jump(self, word: Token) -> Item:
        self._expect(f"{{{{{word.kind}}}}}", RIGHT)
        if not self._ranges:
            self.fail(f"{{{{{word.kind}}}}} outside {{{{range}}}}", word)
        return Jump(word.at, word.kind == "break")


_CONTROLS: Final = {
    "block": Parser._block, "break": Parser._jump, "continue": Parser._jump, "if": Parser._branch,
    "range": Parser._range, "template": Parser._call, "with": Parser._branch,
}
