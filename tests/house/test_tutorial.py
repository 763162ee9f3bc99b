"""docs/tutorial.md is run as it stands: commands in order, files and edits, and what it shows of their output."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pages import Block, blocks

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

REFUSED = "# refused"
COMMIT = re.compile(r"\b[0-9a-f]{7,40}\b")


@dataclass(frozen=True)
class Step:
    """One command after `$ `, and the lines that the page shows below it."""

    command: str
    shown: tuple[str, ...]
    line: int


def test_the_tutorial(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    for block in blocks(root / "docs" / "tutorial.md"):
        if block.language == "console":
            for step in steps(block):
                folder = run(step, folder)
        elif block.language == "yaml":
            name = block.lines[0].removeprefix("# ")
            (folder / name).write_text("\n".join(block.lines) + "\n")
        elif block.language == "diff":
            text = "\n".join(block.lines) + "\n"
            subprocess.run(["git", "apply", "-"], cwd=folder, input=text, text=True, check=True)
        else:
            applied = re.findall(r"-f (\S+)", "\n".join(block.lines))
            assert all((folder / name).is_file() for name in applied), applied


def steps(block: Block) -> Iterator[Step]:
    starts = [index for index, line in enumerate(block.lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        yield Step(block.lines[start][2:], block.lines[start + 1:end], block.line + start)


def run(step: Step, folder: Path) -> Path:
    """Runs a command in a folder; gives the folder that it ends in. It must print what is shown, and nothing else."""
    where = folder.parent / ".where"
    script = f"{step.command}\ncode=$?\npwd > {where}\nexit $code"
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    said = f"line {step.line}: {step.command}\n{done.stdout}"
    assert done.returncode == (1 if step.command.endswith(REFUSED) else 0), said
    assert fits(step.shown, done.stdout), f"{said}\nand the page shows\n" + "\n".join(step.shown)
    end = Path(where.read_text().strip())
    where.unlink()
    return end


def fits(shown: tuple[str, ...], output: str) -> bool:
    """Whether an output is what is shown: `…` stands for any lines, and commits have other ids."""
    lines = [".*" if line == "…" else re.escape(COMMIT.sub("COMMIT", line)) for line in shown]
    said = [COMMIT.sub("COMMIT", line.rstrip()) for line in output.splitlines()]
    return re.fullmatch("\n".join(lines), "\n".join(said), re.DOTALL) is not None
