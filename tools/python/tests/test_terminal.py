"""What a person sees at a terminal, tried through a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

MODEL = """\
objects:
  - {kind: NeuronGroup, name: G, N: 2000, model: "v : 1", run_regularly: {code: "v = sin(rand())", dt: 0.1 ms}}
run: 1000 s
"""
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, words: list[str], folder: Path, width: int = 100, environment: Mapping[str, str] | None = None) -> None:
        self.text = ""
        self.pid, self.file = pty.fork()
        if self.pid == 0:  # pragma: no cover
            os.chdir(folder)
            os.execve(words[0], words, {**os.environ, "TERM": "xterm-256color", **(environment or {})})
        self.resize(width)

    def resize(self, width: int) -> None:
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))

    def read(self, seconds: float = 20, until: str | None = None) -> str:
        """What came, until a text was in it, the program ended or the time was over."""
        begin, end = len(self.text), time.monotonic() + seconds
        while time.monotonic() < end and (until is None or until not in self.text[begin:]):
            if select.select([self.file], [], [], 0.1)[0]:
                try:
                    data = os.read(self.file, 65536)
                except OSError:
                    break
                if not data:
                    break
                self.text += data.decode()
        return self.text[begin:]

    def wait(self) -> int:
        self.read(60)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "long.yaml"
    path.write_text(MODEL)
    return path


def test_control_c_leaves_a_clean_line_and_the_command_that_goes_on(program: Path, model: Path) -> None:
    terminal = Terminal([str(program), "run", "long.yaml", "--kernels", "interpreted"], model.parent)
    terminal.read(60, until="real time")
    os.write(terminal.file, b"\x03")
    rest = terminal.read(60, until="go on with: ")
    assert terminal.wait() == 75
    # The line of the progress, and the ^C that the terminal shows, are gone before the message.
    last = terminal.text[: terminal.text.rindex("long.engram: stopped")]
    assert last.endswith("\r\x1b[K"), repr(last[-40:])
    assert rest
    assert terminal.text.rstrip().endswith(f"go on with: {program} run long.yaml --kernels interpreted")


def test_a_terminal_that_becomes_narrower_keeps_one_line(program: Path, model: Path) -> None:
    terminal = Terminal([str(program), "run", "long.yaml", "--kernels", "interpreted"], model.parent, width=100)
    terminal.read(60, until="real time")
    terminal.resize(40)
    terminal.read(10, until="\x1b[1A")
    after = terminal.read(1)
    os.kill(terminal.pid, signal.SIGINT)
    terminal.wait()
    # The line of 100 columns lies in several rows now: all of them are taken back.
    assert "\x1b[K\x1b[1A\x1b[2K" in terminal.text
    for line in re.split(r"\r", after):
        shown = ESCAPE.sub("", line)
        if shown.startswith("["):
            assert len(shown) < 40


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_a_real_terminal_shows_one_line_after_its_width_has_changed(program: Path, model: Path) -> None:
    socket = f"engram-{os.getpid()}"

    def tmux(*words: str) -> str:
        return subprocess.run(["tmux", "-L", socket, *words], capture_output=True, text=True, check=True).stdout

    command = f"cd {model.parent} && echo before && {program} run long.yaml --kernels interpreted; sleep 60"
    tmux("-f", "/dev/null", "new-session", "-d", "-x", "110", "-y", "20", command)
    try:

        def wait_for(text: str) -> str:
            for _ in range(300):
                shown = tmux("capture-pane", "-p", "-S", "-50")
                if text in shown:
                    return shown
                time.sleep(0.1)
            raise AssertionError(shown)

        wait_for("real time")
        for width in ("60", "100", "90"):
            tmux("resize-window", "-x", width)
            time.sleep(0.5)
        shown = wait_for("of 1000 s")
        assert "before" in shown
        assert sum("█" in line or "·" in line for line in shown.splitlines()) == 1, shown
        tmux("send-keys", "C-c")
        assert "^C" not in wait_for("go on with")
    finally:
        tmux("kill-server")


def test_colours_are_for_terminals_that_want_them(program: Path, tmp_path: Path) -> None:
    words = [str(program), "doctor"]
    for environment, coloured in [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)]:
        terminal = Terminal(words, tmp_path, environment=environment)
        terminal.wait()
        assert ("\x1b[" in terminal.text) == coloured, environment
    assert "\x1b" not in subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path).stdout
    terminal = Terminal([str(program), "run", "missing.yaml"], tmp_path)
    assert terminal.wait() == 1
    assert "\x1b[1;31merror:\x1b[0m " in terminal.text
