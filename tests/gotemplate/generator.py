"""Templates made at random, by the grammar of text/template and with data that fits more often than not.

`Generator` makes whole templates, `calls` a few of each function with arguments of the types that it takes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from cluster_stacks.gotemplate.functions import FAMILIES, lookup

DATA: dict[str, Any] = {
    "s": "hello", "t": "v1.30.2",
    "u": "Größe & <b>\"x\"</b>", "e": "", "m": "two words\nand 2 lines", "n": "12",
    "i": 3.0, "f": 2.5, "z": 0.0, "big": 21000000.0, "neg": -7.0, "yes": True, "no": False, "nil": None,
    "l": ["a", "b", "c"], "li": [1.0, 2.0, 3.0], "le": [], "lm": [{"name": "x", "n": 1.0}, {"name": "y"}],
    "d": {"k": "v", "x": {"y": "deep"}, "n": 1.0}, "de": {}, "mixed": [1.0, "a", None, True, [], {"q": 1.0}],
    "builtin": {"cluster": {"name": "c1", "topology": {"version": "v1.31.0"}}, "controlPlane": {"replicas": 3.0}},
}
SCALARS = ("s", "t", "u", "e", "m", "n", "i", "f", "z", "big", "neg", "yes", "no", "nil", "missing")
LISTS = ("l", "li", "le", "lm", "mixed")
MAPS = ("d", "de", "builtin")
PATHS = (
    "builtin.cluster.name", "d.x.y", "d.missing", "builtin.cluster.topology.version", "missing.a.b", "nil.x", "s.x",
)
CONSTANTS = ('"a"', '"a b"', '""', "`raw`", "0", "1", "2", "-3", "3.5", "1e3", "true", "false", "nil", "'x'", "0x10",
             '"%s-%v"', '"%d"', '"%05.2f|%q"', '"k"', '"name"', '"1.2.3"', '">=1.30.0"', '"l[a-z]+"', '","', '"42"')
# Left out: answers that differ each time, that take long, or that hang on the clock or on the order of a map.
SKIPPED = {
    *FAMILIES["secrets"].split(), "shuffle", "randInt", "keys", "values", "urlParse", "urlJoin", "call", "hello",
}
NAMES = sorted({name for names in FAMILIES.values() for name in names.split()} - SKIPPED)
COMMON = ("eq", "ne", "lt", "gt", "and", "or", "not", "printf", "print", "quote", "default", "len", "index", "trunc",
          "add", "int", "toJson", "list", "dict", "until", "join", "ternary", "empty", "replace", "semverCompare")


class Generator:
    """Templates from one seed; the same seed, the same templates."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.variables: list[str] = []
        self.ranges = 0

    def template(self) -> str:
        self.variables, self.ranges = ["$"], 0
        text = self.items(3)
        if self.random.random() < 0.08:
            text = '{{ define "x" }}[{{ . }}]{{ end }}' + text + '{{ template "x" .s }}'
        if self.random.random() < 0.06:
            text = self.broken(text)
        return text

    def broken(self, text: str) -> str:
        """The same with a character taken away, doubled or exchanged."""
        at = self.random.randrange(len(text) + 1)
        return self.random.choice((
            text[:at] + text[at + 1 :], text[:at] + text[at : at + 1] * 2 + text[at + 1 :],
            text[:at] + self.random.choice("{}.$|()\"'`-:= ,x1%/*") + text[at + 1 :],
        ))

    def items(self, depth: int) -> str:
        return "".join(self.item(depth) for _ in range(self.random.choice((1, 1, 2, 3))))

    def item(self, depth: int) -> str:
        pick = self.random.random()
        if pick < 0.2:
            return self.random.choice(("text ", "\n  ", "a: ", "- x\n", "}", "{ ", "é"))
        if pick < 0.65 or depth == 0:
            return self.action(self.pipe(2))
        if pick < 0.7:
            name = f"${self.random.choice('abc')}"
            known = name in self.variables
            text = self.action(f"{name} {'=' if known and self.random.random() < 0.5 else ':='} {self.pipe(2)}")
            self.variables.append(name)
            return text
        if pick < 0.72:
            return self.random.choice(("{{/* note */}}", "{{- /* a */ -}}", "{{ break }}", "{{- continue }}"))
        return self.block(depth - 1)

    def block(self, depth: int) -> str:
        kind = self.random.choice(("if", "if", "if", "with", "range", "range"))
        before = list(self.variables)
        pipe = self.pipe(1)
        if kind == "range":
            count = f"until {self.random.randrange(4)}"
            pipe = self.random.choice((self.container(), self.container(), self.pipe(1), count))
            if self.random.random() < 0.4:
                names = self.random.choice((["$i", "$v"], ["$v"]))
                pipe = f"{', '.join(names)} := {pipe}"
                self.variables += names
        elif self.random.random() < 0.2:
            pipe = f"$w := {pipe}"
            self.variables.append("$w")
        text = self.action(f"{kind} {pipe}") + self.items(depth)
        if kind == "if" and self.random.random() < 0.25:
            text += self.action(f"else if {self.pipe(1)}") + self.items(depth)
        if self.random.random() < 0.35:
            text += self.action("else") + self.items(depth)
        self.variables = before
        return text + self.action("end")

    def action(self, inside: str) -> str:
        left = self.random.choice(("{{", "{{ ", "{{ ", "{{- "))
        return left + inside + self.random.choice(("}}", " }}", " }}", " -}}"))

    def pipe(self, depth: int) -> str:
        text = self.command(depth)
        while self.random.random() < 0.2:
            text += f" | {self.function(depth, piped=True)}"
        return text

    def command(self, depth: int) -> str:
        return self.operand(depth) if self.random.random() < 0.45 else self.function(depth)

    def function(self, depth: int, *, piped: bool = False) -> str:
        name = self.random.choice(COMMON if self.random.random() < 0.6 else NAMES)
        count = self.random.choice((0, 1, 1, 2, 2, 3)) - piped
        return " ".join((name, *(self.operand(depth - 1) for _ in range(count))))

    def operand(self, depth: int) -> str:
        pick = self.random.random()
        if pick < 0.35:
            return f".{self.random.choice(SCALARS)}"
        if pick < 0.45:
            return self.container()
        if pick < 0.55:
            return f".{self.random.choice(PATHS)}"
        if pick < 0.6:
            return self.random.choice(self.variables) + self.random.choice(("", "", ".s", ".d.k"))
        if pick < 0.64:
            return "."
        if pick < 0.85 or depth <= 0:
            return self.random.choice(CONSTANTS)
        return f"({self.pipe(depth - 1)})" + (".name" if self.random.random() < 0.07 else "")

    def container(self) -> str:
        return f".{self.random.choice(LISTS + MAPS)}"


_ANY = (
    ".s", ".t", ".i", ".f", ".z", ".big", ".neg", ".yes", ".no", ".nil", ".missing", ".l", ".li", ".le", ".lm", ".d",
    ".de", ".mixed", ".u", '"x"', "3", "2.5", "nil", "(until 3)", '(splitList "," "a,b")', '(split "," "a,b")',
    "(list)",
    '(list 1 nil "a")', '(dict "a" 1)', "(add 1 2)", '"12.7"', '"010"', "1e30", "(index .s 0)", "(int64 5)", '""',
    "(concat)", "(chunk 2 .l)",
)
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "any": _ANY, "value": _ANY,
    "string": (
        '"a"', '"a b c"', '""', ".s", ".t", ".u", ".m", ".n", '"[a-z]+"', '"(l+)(o)?"', '","', '"1.2.3"', '"^1.2"',
        '"k"', '"v1.30.2"', ".nil", ".missing", ".i", '"0x1F"', '"-5"', '"007"', '"1e3"', '"/a/../b//c.txt"',
        '"HTTPServer2xx_foo bar"', '"eyJhIjoxfQ=="', '`{"a":[1,2.5,"x<"]}`', '"~1.30 || >=2.0.0-0"',
    ),
    "int": (
        "0", "1", "2", "3", "5", "10", "-1", "-3", "(int .i)", ".i", "(len .s)", "(add 1 1)", "'a'", "2.0", ".missing",
    ),
    "float": ("0.5", "1", ".f", ".i", '"x"'),
    "bool": ("true", "false", ".yes", ".no", ".nil", '"true"', "(eq 1 1)"),
    "map": (
        ".d", ".de", ".builtin", ".missing", ".nil", '(dict "a" 1 "b" (dict "c" nil))',
        '(dict "k" "" "n" 0 "x" (list 1))', ".s", '(split "," "a,b")', ".l",
    ),
}


def calls(seed: int, count: int) -> Iterator[str]:
    """`count` calls of each function; some with an argument too few or of another type."""
    chosen = random.Random(seed)
    for name in NAMES:
        signature = lookup(name, sprig=True)[0] if name not in ("and", "or") else None
        for _ in range(count):
            types = list(signature.parameters) if signature else ["any"]
            rest = signature.rest if signature else "any"
            types += [rest] * chosen.choice((0, 1, 1, 2, 3)) if rest else []
            if chosen.random() < 0.03:
                types = types[:-1]
            # A map that holds itself ends Go's process.
            given = [chosen.choice(ARGUMENTS[kind if name != "set" or kind != "any" else "bool"]) for kind in types]
            call = " ".join((name, *given))
            if given and chosen.random() < 0.2:
                call = f"{given[-1]} | {' '.join((name, *given[:-1]))}"
            shape = chosen.choice(("{{ %s }}", '{{ $x := %s }}{{ $x }}|{{ printf "%%T %%v" $x $x }}|{{ toJson $x }}'))
            yield shape % call
