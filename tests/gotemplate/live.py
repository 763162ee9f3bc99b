"""Real Go, asked: tools/gotemplate executes templates as Cluster API does.

`PYTHONPATH=tests python -m gotemplate.live` writes answers.jsonl anew: generated templates and what Go makes of them.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cluster_stacks.gotemplate.engine import NONE, parse
from cluster_stacks.gotemplate.errors import TemplateError
from gotemplate.generator import DATA, Generator, calls

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = Path(__file__).with_name("answers.jsonl")
NAMING = {
    "cluster": {"name": "c1"}, "random": "x7k2p", "machineDeployment": {"topologyName": "md-0"},
    "machinePool": {"topologyName": "mp-0"},
}
_LONGEST = 250  # of a line: the file is committed
_PROGRAM = ROOT / ".tools" / "bin" / "gotemplate"


def ask(templates: Iterable[str], *, naming: bool = False) -> list[Any]:
    """What Go answers: the output as bytes, or the phase of the error as text."""
    subprocess.run([sys.executable, str(ROOT / "tools" / "build"), "gotemplate"], check=True)
    more = {"data": NAMING, "functions": "none", "missingkey": "error"} if naming else {"data": DATA}
    lines = "".join(json.dumps({"template": template, **more}) + "\n" for template in templates)
    done = subprocess.run([_PROGRAM], input=lines, capture_output=True, text=True, check=True)
    return [_answer(json.loads(line)) for line in done.stdout.splitlines()]


def _answer(line: dict[str, str]) -> Any:
    if "phase" in line:
        return line["phase"]
    output = base64.b64decode(line["bytes"]) if "bytes" in line else line["output"].encode()
    return _plain(output)


def _plain(output: bytes) -> bytes:
    """Go 1.27 writes a byte that is no UTF-8 into JSON as a replacement character, Go before that as its escape."""
    return output.replace(b"\\ufffd", "\ufffd".encode())


def ours(template: str, *, naming: bool = False) -> Any:
    """What we answer, in the same form."""
    try:
        if naming:
            text = parse(template, functions=NONE).render(NAMING, missing="error")
        else:
            text = parse(template).render(DATA)
    except TemplateError as error:
        return error.phase
    return _plain(text.encode("utf-8", "surrogateescape"))


def names(seed: int, count: int) -> Iterator[str]:
    """Naming templates."""
    generator = Generator(seed)
    fields = (".cluster.name", ".random", ".machineDeployment.topologyName", ".cluster.nmae", ".machinePool", ".x.y")
    for _ in range(count):
        parts = generator.random.choices((
            "-", "a", "{{ %s }}", "{{ %s }}", "{{ slice %s 0 3 }}", "{{ %s | len }}", "{{ if %s }}y{{ end }}",
            "{{ trunc 3 %s }}", '{{ printf "%%s" %s }}',
        ), k=3)
        yield "".join(part % generator.random.choice(fields) if "%" in part else part for part in parts)


def main() -> None:
    generator = Generator(7)
    cases = list(dict.fromkeys([*calls(7, 14), *(generator.template() for _ in range(2200))]))
    named = list(dict.fromkeys(names(7, 300)))
    with ANSWERS.open("w", encoding="utf-8", newline="\n") as file:
        for templates, naming in ((cases, False), (named, True)):
            for template, answer in zip(templates, ask(templates, naming=naming), strict=True):
                text = answer if isinstance(answer, str) else answer.decode("utf-8", "surrogateescape")
                row = [template, "!" + text if isinstance(answer, str) else "=" + text, *([1] if naming else [])]
                line = json.dumps(row, ensure_ascii=not text.isascii(), separators=(",", ":"))
                file.write(f"{line}\n" if len(line) <= _LONGEST else "")


if __name__ == "__main__":
    main()
