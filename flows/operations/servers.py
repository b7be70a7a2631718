"""Prefect's server: the temporary one of a run, and what a killed run left of it."""

import atexit
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from flows.operations.troubles import MistakenError
from flows.settings import Settings

#: In the environment of the server that a run starts: `<pid>:<when that process was started>`.
MARK = "GONGBAO_SERVER_OF"

#: A server starts in 11 to 16 seconds; a machine with other work took many times that.
_SERVER_START_SECONDS = 600


@contextmanager
def own_server(settings: Settings) -> Iterator[str | None]:
    """A temporary server of this run, its database in the home, unless Prefect is configured for another: its API,
    which `until_it_answers` waits for, or None. Orphans of killed runs are ended first.

    Prefect starts a temporary server itself where it has none, but imports all of the server into the run for it, three
    seconds of processor; ours is the same application (flows.prefect_server).
    """
    end_orphans(settings)
    os.environ.setdefault("PREFECT_HOME", str(settings.home / "prefect"))
    from prefect.context import refresh_global_settings_context
    from prefect.settings import get_current_settings

    prefect = get_current_settings()
    if prefect.api.url or not prefect.server.ephemeral.enabled:
        yield None
        return
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        api = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        server = subprocess.Popen(  # noqa: S603 - our own words only
            [sys.executable, "-m", "flows.prefect_server", str(listening.fileno())],
            env={**os.environ, MARK: mark_of(os.getpid())},
            pass_fds=[listening.fileno()],
        )
    # Logs and events are sent until the very end of this process, as Prefect has it; the server goes after them.
    atexit.register(_end, server)
    ours = {"PREFECT_API_URL": api, "PREFECT_UI_URL": ""}  # it has no pages to point to
    os.environ.update(ours)
    refresh_global_settings_context()
    try:
        yield api
    finally:
        for name in ours:
            del os.environ[name]


def until_it_answers(api: str) -> None:
    """Wait until the server at `api` (…/api) answers. Raises MistakenError where it does not come up."""
    import httpx

    try:
        httpx.get(f"{api.rstrip('/')}/health", timeout=_SERVER_START_SECONDS, trust_env=False).raise_for_status()
    except httpx.HTTPError as error:
        raise MistakenError(
            f"Prefect's server at {api} does not answer ({error}); `gongbao server` says why, and"
            " `gongbao run --plain` does without"
        ) from error


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def mark_of(pid: int) -> str:
    """A process by its id and start, so that a number used again is not taken for it."""
    import psutil

    return f"{pid}:{psutil.Process(pid).create_time():.2f}"


def orphans(settings: Settings) -> list[int]:
    """Temporary servers of this home whose run is gone.

    Only a process that carries our mark, has this home's PREFECT_HOME and whose marked run no longer lives is one: a
    server that a person started has no mark, that of a living run has its run.
    """
    import psutil

    ours = str(settings.home / "prefect")
    found = []
    for process in psutil.process_iter(["pid"]):
        try:
            environment = process.environ()
        except (psutil.Error, OSError):  # gone meanwhile, or of another account
            continue
        mark = environment.get(MARK, "")
        if mark and environment.get("PREFECT_HOME") == ours and process.pid != os.getpid() and not _lives(mark):
            found.append(process.pid)
    return found


def end_orphans(settings: Settings) -> list[int]:
    """End the temporary servers that killed runs left. Returns their process ids."""
    import psutil

    ended = []
    for pid in orphans(settings):
        try:
            process = psutil.Process(pid)
            process.terminate()
            try:
                process.wait(5)
            except psutil.TimeoutExpired:
                process.kill()
            ended.append(pid)
        except psutil.NoSuchProcess:
            continue
    return ended


def _lives(mark: str) -> bool:
    import psutil

    pid = mark.partition(":")[0]
    try:
        return pid.isdecimal() and mark_of(int(pid)) == mark
    except psutil.NoSuchProcess:
        return False


@contextmanager
def running_server(settings: Settings, port: int = 4200) -> Iterator[str]:
    """The API of the server that is configured, or of one on this machine that is started for the time of the block.

    Raises MistakenError where it does not answer.
    """
    if configured := os.environ.get("PREFECT_API_URL"):
        if not answers(configured):
            raise MistakenError(f"PREFECT_API_URL is {configured} and nothing answers there; start it, or unset it")
        yield configured
        return
    api = f"http://127.0.0.1:{port}/api"
    os.environ.setdefault("PREFECT_HOME", str(settings.home / "prefect"))
    end_orphans(settings)
    started = None
    if not answers(api):
        ours = {**os.environ, MARK: mark_of(os.getpid())}
        started = subprocess.Popen(server_command(port), env=ours)  # noqa: S603 - our own words only
    try:
        deadline = time.monotonic() + _SERVER_START_SECONDS
        while not answers(api):
            if time.monotonic() > deadline or (started and started.poll() is not None):
                raise MistakenError(f"no Prefect server came up at {api}; `gongbao server` says why")
            time.sleep(0.5)
        os.environ["PREFECT_API_URL"] = api
        yield api
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        if started is not None:
            started.terminate()
            started.wait(20)


def serve_forever(settings: Settings, port: int) -> int:
    """Prefect's server in the foreground, its database in the home. Returns its exit code."""
    environment = {**os.environ}
    environment.setdefault("PREFECT_HOME", str(settings.home / "prefect"))
    done = subprocess.run(server_command(port), env=environment, check=False)  # noqa: S603 - our own words only
    return done.returncode


def server_command(port: int) -> list[str]:
    """The command that starts Prefect's server on this machine."""
    return [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]


def answers(api: str) -> bool:
    """Is there a Prefect server at `api` (…/api)?"""
    import httpx

    try:
        return httpx.get(f"{api.rstrip('/')}/health", timeout=3, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
