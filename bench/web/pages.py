"""Every page and download as text in a folder, at a fixed instant, so that two versions of the product can be compared.

The pages are those of the demonstration and of a contest of 300 applications, as everybody reaches them by links, in
both languages; of each route a few addresses. What differs from run to run (tokens) is masked.
"""

import io
import re
import shutil
import tempfile
import zipfile
from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.exceptions import HTTPException

from bench.web.contests import CACHE, CHAIR, JUDGE, SECRETARY, contest_file
from bench.web.scenarios import TOKEN
from config import Config
from judging.app import create_app
from judging.cli.database import alembic_config
from judging.exports import CATALOGUE
from judging.extensions import db
from judging.models import Contest, SignIn, User
from judging.services.demo import demo_accounts, load_demo
from judging.web import clock
from tests.faults.site import cookie

MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
A_ROUTE = 8
"""Addresses of one route that each person opens."""
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
MASKS = (
    re.compile(r'(?<=name="csrf_token" )[^>]*'), re.compile(r'(?<=name="request_key" )[^>]*'),
    re.compile(r"(?<=csrf-token\" content=\")[^\"]*"), re.compile(r'(?<=[?&]tab=)[\w-]+'),
    re.compile(r'(?<=value=")[\w-]{32}(?=")'), re.compile(r"ImY[\w.-]{40,}"),
    re.compile(r"(?<=/static/)[0-9a-f]{12}"),
)  # fmt: skip


class _Fixed(datetime):
    """The clock stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one, whatever the class
        return MOMENT

    @classmethod
    def fromtimestamp(cls, _stamp: float, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # the same
        return MOMENT


def save_pages(folder: Path) -> int:
    """Write every page; return how many there are."""
    clock.datetime = _Fixed  # type: ignore[misc]  # the one place of the web floor that reads the clock
    written = 0
    with tempfile.TemporaryDirectory(prefix="judging-pages-") as own:
        for name, file in (("demonstration", _demonstration), ("contest", _contest)):
            database = Path(own) / f"{name}.sqlite3"
            file(database)
            command.upgrade(alembic_config(f"sqlite:///{database}"), "head")
            app = _app(Path(own) / name, database)
            for label, session in _people(app).items():
                for path, text in _reached(app, session, downloads="SECRETARY" in label.upper()):
                    _write(folder / name / label, path, text)
                    written += 1
    return written


def _contest(database: Path) -> None:
    contest_file(300, database)


def _demonstration(database: Path) -> None:
    kept = CACHE / "demonstration.sqlite3"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        command.upgrade(alembic_config(f"sqlite:///{kept}"), "head")
        app = _app(CACHE / "demonstration", kept)
        with app.app_context():
            load_demo(db.session, app.extensions["storage"], now=MOMENT)
            db.session.commit()
            db.session.close()
            db.engine.dispose()
    shutil.copyfile(kept, database)


def _app(folder: Path, database: Path) -> Flask:
    environment = {"INSTANCE_DIR": str(folder), "SECRET_KEY": "f" * 40, "DATABASE_URL": f"sqlite:///{database}"}
    return create_app(Config.from_environment(environment))


def _people(app: Flask) -> dict[str, dict[str, str]]:
    """What the session of each person holds, by a name for the folder; nobody, and English where it is said."""
    with app.app_context():
        numbers = {"secretary": SECRETARY, "chair": CHAIR, "judge": JUDGE}
        if db.session.scalar(select(User.id).where(User.email == "secretary@example.org")):
            numbers = {
                f"{account.role}-{account.email.split('@')[0]}": db.session.scalars(
                    select(User.id).where(User.email == account.email)
                ).one()
                for account in demo_accounts()
            }
        cookies = {
            label: cookie(db.session, app, db.session.get_one(User, number)) for label, number in numbers.items()
        }
        always = {"created_at": MOMENT, "seen_at": MOMENT, "expires_at": datetime(2099, 1, 1, tzinfo=UTC)}
        db.session.execute(update(SignIn).values(**always))
        db.session.commit()
    signer = app.session_interface.get_signing_serializer(app)
    sessions = {label: signer.loads(value.partition("=")[2]) for label, value in cookies.items()}
    translated = [label for label in sessions if "secretary" in label or "expert" in label]
    english = {f"{label}-en": sessions[label] | {"locale": "en"} for label in translated}
    return {**sessions, **english, "visitor": {}}


def _reached(app: Flask, session: dict[str, str], *, downloads: bool) -> Iterator[tuple[str, str]]:
    client, seen, opened = app.test_client(), set(), Counter[str]()
    with client.session_transaction() as held:
        held.update(session)
    ahead = deque(["/", "/reviews", "/account"])
    while ahead:
        path = ahead.popleft()
        endpoint = _endpoint(app, path)
        if path in seen or endpoint is None or endpoint in {"static", "applications.document"}:
            continue
        seen.add(path)
        opened[endpoint] += 1
        if opened[endpoint] > A_ROUTE:
            continue
        answer = client.get(path)
        text = answer.get_data(as_text=True)
        yield path, f"{answer.status_code} {answer.headers.get('Location', '')}\n{_masked(text)}"
        if answer.mimetype == "text/html":
            ahead.extend(_local(path, unescape(link)) for link in LINK.findall(text))
    if downloads:
        yield from _downloads(app, client)


def _local(path: str, link: str) -> str:
    split = urlsplit(link)
    if split.scheme or split.netloc:
        return ""
    return f"{split.path or urlsplit(path).path}{'?' + split.query if split.query else ''}"


def _endpoint(app: Flask, path: str) -> str | None:
    try:
        adapter = app.url_map.bind("localhost")
        return str(adapter.match(unquote(urlsplit(path).path), "GET")[0]) if path else None
    except HTTPException:
        return None


def _downloads(app: Flask, client: FlaskClient) -> Iterator[tuple[str, str]]:
    with app.app_context():
        codes = db.session.scalars(select(Contest.code).order_by(Contest.id)).all()
    for code in codes:
        token = TOKEN.search(client.get(f"/staff/contests/{code}/ranking/check").get_data(as_text=True))
        for key in CATALOGUE if token else ():
            path = f"/staff/contests/{code}/ranking/downloads/{key}"
            answer = client.post(path, data={"csrf_token": token[1] if token else ""})
            for part, text in _parts(answer.get_data()):
                yield f"{path}/{part}", text


def _parts(content: bytes) -> Iterator[tuple[str, str]]:
    """A workbook's parts, or the file as it is."""
    if not content.startswith(b"PK"):
        yield "file", content.decode("utf-8", "replace")
        return
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        for name in whole.namelist():
            yield name, whole.read(name).decode("utf-8", "replace")


def _masked(text: str) -> str:
    for mask in MASKS:
        text = mask.sub("…", text)
    return text


def _write(folder: Path, path: str, text: str) -> None:
    name = re.sub(r"[^\w.-]+", "_", unquote(path)).strip("_") or "home"
    if len(name) > 120:
        name = f"{name[:100]}-{sha256(path.encode()).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
