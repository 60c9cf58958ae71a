"""People who work until the server dies under them: each act is noted before it is sent and when it is acknowledged."""

import re
import secrets
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')
VERSION = re.compile(r'name="version"[^>]*?value="(\d+)"')


@dataclass
class Act:
    """One form: what it is about, and its fields; ``acknowledged`` once the server said that it is done."""

    kind: str
    subject: int
    path: str
    body: bytes
    content_type: str
    about: str = ""
    acknowledged: bool = False


@dataclass
class Browser:
    """One person's connection; cookies are kept as a browser keeps them."""

    port: int
    cookies: dict[str, str]
    token: str = ""
    connection: HTTPConnection | None = field(default=None, repr=False)

    @classmethod
    def of(cls, port: int, cookie: str) -> "Browser":
        name, _, value = cookie.partition("=")
        return cls(port, {name: value})

    def open(self, path: str) -> str:
        """Open a page and take the token of its forms along."""
        page = self._send("GET", path, b"", {})[1]
        found = TOKEN.search(page)
        self.token = found[1] if found else self.token
        return page

    def send(self, act: Act) -> None:
        """Send a form and note that it was acknowledged; another answer than 200 or 303 is a fault."""
        headers = {"Content-Type": act.content_type, "X-CSRFToken": self.token}
        if act.kind == "save":
            headers["X-Requested-With"] = "fetch"
        status, answer = self._send("POST", act.path, act.body, headers)
        act.acknowledged = status in (200, 303)
        if not act.acknowledged:
            raise AssertionError(f"{act.kind} {act.subject}: {status} {answer[:3000]}")

    def close(self) -> None:
        """End the connection."""
        if self.connection is not None:
            self.connection.close()

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        self.connection = self.connection or HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body or None, {"Cookie": cookies, **headers})
        answer = self.connection.getresponse()
        for given in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = given.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read().decode()


def saves(browser: Browser, review_id: int, acts: list[Act], stop: Event) -> None:
    """Type into a sheet; every save says how many came before it."""
    page = browser.open(f"/reviews/{review_id}")
    found = VERSION.search(page)
    assert found, page[:500]
    version = int(found[1])
    while not stop.is_set():
        fields: dict[str, object] = {"version": version, "comment-E1": f"{version}", "csrf_token": browser.token}
        act = form("save", review_id, f"/reviews/{review_id}/draft?tab=t{review_id}", fields, about=str(version))
        acts.append(act)
        browser.send(act)
        version += 1


def uploads(browser: Browser, application_id: int, acts: list[Act], stop: Event) -> None:
    """Put files into a slot; each is like no other. Every file has the same name and replaces the one before."""
    browser.open(f"/applications/{application_id}/documents")
    while not stop.is_set():
        mark = secrets.token_hex(16)
        act = upload(application_id, browser.token, mark)
        acts.append(act)
        browser.send(act)


def submission(browser: Browser, application_id: int, acts: list[Act], stop: Event) -> None:
    """Submit a prepared draft."""
    found = VERSION.search(browser.open(f"/applications/{application_id}/check"))
    assert found
    fields: dict[str, object] = {
        "version": found[1], "csrf_token": browser.token, "request_key": secrets.token_urlsafe(24),
    }  # fmt: skip
    act = form("submission", application_id, f"/applications/{application_id}/submission", fields)
    acts.append(act)
    browser.send(act)


def form(kind: str, subject: int, path: str, fields: dict[str, object], about: str = "") -> Act:
    return Act(kind, subject, path, urlencode(fields).encode(), "application/x-www-form-urlencoded", about)


def upload(application_id: int, token: str, mark: str) -> Act:
    """A small PDF with ``mark`` in it, as a form with one file."""
    paper = f"%PDF-1.7\n%{mark}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    parts = [("csrf_token", "", token), ("request_key", "", mark), ("file", '; filename="Договор.pdf"', paper)]
    body = "".join(
        f'--limit\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'
        for name, more, value in parts
    )
    path = f"/applications/{application_id}/documents/contracts"
    body += "--limit--\r\n"
    return Act("upload", application_id, path, body.encode(), "multipart/form-data; boundary=limit", mark)


DEATH = (OSError, HTTPException)
"""How a person sees the server die."""
