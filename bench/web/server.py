"""The server that the bench asks over HTTP: the product's own, which also says how many statements an answer took.

python -m bench.web.server PORT [--bare]
"""

import sys
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event

from bench.web.bare import bare_app
from config import Config
from judging import exports
from judging.adapters.serving.buffering import serve
from judging.adapters.serving.memory import settle
from judging.app import create_app

QUERIES = "X-Queries"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_statements: ContextVar[list[str] | None] = ContextVar("statements", default=None)


def main() -> None:
    """Serve on the loopback until ended. Files of large contests are written within their request."""
    exports.LARGE = sys.maxsize
    app = bare_app() if "--bare" in sys.argv else create_app(Config.from_environment())
    event.listen(Engine, "before_cursor_execute", _note)
    app.wsgi_app = _telling(app.wsgi_app)  # type: ignore[method-assign]  # its place
    settle()
    serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8, max_body=app.config["MAX_CONTENT_LENGTH"] or 2**26)


def _note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    held = _statements.get()
    if held is not None:
        held.append(statement)


def _telling(inner: Any) -> Wsgi:
    def outer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        done: list[str] = []
        _statements.set(done)

        def telling(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start(status, [*headers, (QUERIES, str(sum(not one.startswith("BEGIN") for one in done)))], *rest)

        answer: Iterable[bytes] = inner(environ, telling)
        return answer

    return outer


if __name__ == "__main__":
    main()
