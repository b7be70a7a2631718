"""Prefect's temporary server of a run, a process of its own: `python -m flows.prefect_server DESCRIPTOR`.

DESCRIPTOR is a socket that listens already, inherited from the run: nobody else can take the port, and who asks before
the server is up waits for its answer. Prefect would start the same application itself, but imports the whole server
into the run to do it (`flows.operations.servers.own_server`).
"""

import sys

from flows.record.memory import importing_for_good


def serve(descriptor: int) -> None:
    """Answer on the socket until the process is ended."""
    with importing_for_good():
        import uvicorn
        from prefect.server.api.server import create_app

        application = create_app(ephemeral=True, final=True)
    uvicorn.run(application, fd=descriptor, log_level="error", lifespan="on")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
