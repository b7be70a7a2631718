"""How the command ends: with its code and all that was said, and without a word of what it leaves to the system."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import atexit, sys
from pathlib import Path
from flows.cli import entry
from flows.record.memory import importing_for_good

def main():
    how = sys.argv[1]
    with importing_for_good():
        import duckdb
    duckdb.connect().close()
    atexit.register(Path(sys.argv[2]).write_text, "called")
    print("said")
    if how == "error":
        raise ValueError("not ours to mend")
    sys.exit({"code": 3, "words": "in words", "well": 0}[how])

entry.main = main
entry.gongbao()
"""


@pytest.mark.parametrize(("how", "code", "words"), [("well", 0, ""), ("code", 3, ""), ("words", 1, "in words\n")])
def test_a_run_ends_with_its_code_and_says_nothing_of_leaks(tmp_path: Path, how: str, code: int, words: str) -> None:
    done = run(how, tmp_path / "mark")
    assert (done.returncode, done.stdout, done.stderr) == (code, "said\n", words)
    assert (tmp_path / "mark").read_text() == "called"


def test_an_error_that_nobody_expected_is_told_as_python_tells_it(tmp_path: Path) -> None:
    done = run("error", tmp_path / "mark")
    assert done.returncode == 1
    assert "ValueError: not ours to mend" in done.stderr
    assert (tmp_path / "mark").read_text() == "called"


def test_a_pipe_that_nobody_reads_is_told(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = run("well", tmp_path / "mark", stdout=pipe)
    assert done.returncode == 120
    assert "BrokenPipeError" in done.stderr


def run(how: str, mark: Path, stdout: object = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SCRIPT, how, str(mark)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, env=environment)  # type: ignore[call-overload]
