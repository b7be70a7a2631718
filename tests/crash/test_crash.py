"""Twenty kills, faults and a schedule, with the real tools; `make crash` kills more, and does what else can go wrong.

The schedule takes a minute to come round, so it is set going first and looked at last.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.flow

PROJECT = Path(__file__).resolve().parents[2]
GONGBAO = Path(sys.executable).with_name("gongbao")


@pytest.fixture(scope="module", autouse=True)
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """`gongbao serve` for a source with a schedule of every minute. Gives Prefect's API and the home."""
    home = tmp_path_factory.mktemp("served")
    (home / "reports").mkdir()
    (home / "sources.csv").write_text(
        f"id,kind,location,schedule\nq,folder,{home}/reports/*,* * * * *\n", encoding="utf-8"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    log = home / "serve.log"
    with log.open("wb") as output:
        serving = subprocess.Popen(
            [GONGBAO, "serve", "--port", str(port)],
            env={**environment, "GONGBAO_HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield f"http://127.0.0.1:{port}/api", home
        finally:
            serving.terminate()
            serving.wait(60)


@pytest.mark.timeout(1800)
def test_twenty_kills_and_a_dozen_faults(tmp_path: Path) -> None:
    command = ["-m", "tests.crash.harness", "--kills", "20", "--seed", "7", "--jobs", "2", "--quick-faults"]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr[-6000:]
    assert done.returncode == 0, said
    assert "20 kills" in said
    assert "0 torn, 0 lost, same content and pages" in said
    assert said.count("✓ ") + said.count(": not tried, ") == 12


@pytest.mark.timeout(1800)
def test_a_scheduled_run_appears_and_completes(served: tuple[str, Path]) -> None:
    """Broken pins drop scheduled runs in silence, while manual ones work (docs/decisions/0002-pins.md)."""
    api, home = served
    deadline = time.monotonic() + 540
    runs: list[dict[str, Any]] = []
    while time.monotonic() < deadline:
        try:
            answer = httpx.post(f"{api}/flow_runs/filter", json={"sort": "EXPECTED_START_TIME_ASC"}, trust_env=False)
            runs = answer.json() if answer.status_code == httpx.codes.OK else []
        except httpx.HTTPError:
            runs = []
        if any(run["auto_scheduled"] and run["state_type"] == "COMPLETED" for run in runs):
            break
        time.sleep(1)
    else:
        told = [(run["name"], run["auto_scheduled"], run["state_type"]) for run in runs]
        pytest.fail(f"{told}\n{(home / 'serve.log').read_text(encoding='utf-8')[-4000:]}")
    assert (home / "register.sqlite").exists()  # it did ask the source
