"""An application behind a real address on this machine, and how it is stopped."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class Silent(WSGIRequestHandler):
    """Says nothing about requests."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


def stop(app: Flask) -> None:
    """Leaves nothing open: no connection, and no bundle of the shelf."""
    app.extensions["engine"].dispose()
    app.extensions["shelf"].close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address under which it answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
