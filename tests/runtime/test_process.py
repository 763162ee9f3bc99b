"""Processes: no shell, an end to every one of them."""

from __future__ import annotations

import signal
import sys
import time

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.runtime.process import ProcessFailed, background, run


def test_arguments_are_not_words_for_a_shell() -> None:
    script = "import sys; sys.stdout.write(sys.argv[1])"
    assert run([sys.executable, "-c", script, "$(id) `id` ;"]).stdout == b"$(id) `id` ;"


def test_standard_input_and_both_streams() -> None:
    script = "import sys; print(sys.stdin.read()); print('e', file=sys.stderr); sys.exit(3)"
    done = run([sys.executable, "-c", script], stdin=b"in", ok=(3,))
    assert (done.code, done.stdout, done.stderr) == (3, b"in\n", b"e\n")


def test_an_unexpected_code_is_told_with_the_command_and_what_it_said() -> None:
    with pytest.raises(ProcessFailed, match="ended with 7: why") as caught:
        run([sys.executable, "-c", "import sys; print('why', file=sys.stderr); sys.exit(7)"])
    assert caught.value.code == 7


def test_a_missing_program_is_no_traceback() -> None:
    with pytest.raises(CannotTell, match="cannot run no-such-program"):
        run(["no-such-program"])


def test_a_timeout_ends_the_process_and_its_children() -> None:
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    start = time.monotonic()
    with pytest.raises(ProcessFailed, match="ran out of time"):
        run([sys.executable, "-c", script], timeout=0.5)
    assert time.monotonic() - start < 30


def test_what_works_in_the_background_ends_with_the_block() -> None:
    with background([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        assert process.poll() is None
    assert process.returncode == -signal.SIGKILL
    with background(["sh", "-c", "exit 3"]) as process:
        assert process.wait() == 3
