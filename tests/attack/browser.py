"""A browser that sends files; it says what came back and holds nothing against the server."""

import html
import re
import secrets
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')
VERSION = re.compile(r'name="version"[^>]*?value="(\d+)"')
LONGEST = 60
TAG = re.compile(r"<[^>]+>")


class Browser:
    """One person's connection."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port = port
        name, _, value = cookie.partition("=")
        self.cookies = {name: value} if name else {}
        self.token = self.version = ""

    def get(self, path: str) -> tuple[int, str]:
        """Open a page; return the status and the page."""
        return self._send("GET", path, b"", {})

    def open(self, path: str) -> str:
        """Open a page and take along what its form hides."""
        _, page = self.get(path)
        self.token, self.version = (found[1] if (found := p.search(page)) else "" for p in (TOKEN, VERSION))
        return page

    def upload(self, path: str, fields: dict[str, str], field: str, filename: str, content: bytes) -> tuple[int, str]:
        """Send a form with a file; return the status and the text of the page."""
        limit = secrets.token_hex(16)
        given = {"csrf_token": self.token, "request_key": secrets.token_hex(16), **fields}
        parts = [
            f'--{limit}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in given.items()
        ]
        head = f'--{limit}\r\nContent-Disposition: form-data; name="{field}"; filename="{filename}"\r\n\r\n'
        body = "".join([*parts, head]).encode() + content + f"\r\n--{limit}--\r\n".encode()
        kind = f"multipart/form-data; boundary={limit}"
        return self._send("POST", path, body, {"Content-Type": kind, "X-CSRFToken": self.token})

    def form(self, path: str, fields: dict[str, str], **headers: str) -> tuple[int, str]:
        """Send a plain form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.token, **headers}
        return self._send("POST", path, urlencode({"csrf_token": self.token, **fields}).encode(), kind)

    def body(self, path: str, content: bytes) -> tuple[int, str]:
        """Send a body that says it is a plain form."""
        return self._send("POST", path, content, {"Content-Type": "application/x-www-form-urlencoded"})

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body or None, {"Cookie": cookies, **headers})
            answer = connection.getresponse()
            for given in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = given.split(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            return 0, str(error)
        finally:
            connection.close()


def text_of(page: str) -> str:
    """The words of a page."""
    return html.unescape(TAG.sub(" ", page))
