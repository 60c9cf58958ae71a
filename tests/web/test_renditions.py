"""The PDF of an office document: asked for by who reads the document, made beside the requests, kept by its hash."""

import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from judging.adapters.invented_files import invented_file
from judging.adapters.renditions import NoRendition, pdf_of
from judging.domain.jobs import JobKind
from judging.domain.renditions import EXTENSIONS
from judging.jobs import Means
from judging.models import Contest
from tests import factories
from tests.conftest import Store
from tests.exports.office import MISSING
from tests.working import work_next

DATABASES = ("sqlite",)
SignIn = Callable[[int], FlaskClient]
XLSX = next(media for media, extension in EXTENSIONS.items() if extension == "xlsx")
WRITES = 'while [ "$1" != --outdir ]; do shift; done\nmkdir -p "$2"; printf "%%PDF-1.7 made" > "$2/document.pdf"\n'


def in_place_of_office(folder: Path, does: str) -> Path:
    """A program in place of LibreOffice."""
    path = folder / "office"
    path.write_text(f"#!/bin/sh\n{does}", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def reader(app: Flask, store: Store, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """An expert with one review of an application with one workbook, number 1."""
    config = replace(app.config["JUDGING"], office=in_place_of_office(tmp_path, WRITES))
    monkeypatch.setitem(app.config, "JUDGING", config)
    with store() as session:
        contest = factories.contest(session)
        application, expert = factories.application(session, contest), factories.expert(session, contest)
        stored = app.extensions["storage"].put(BytesIO(invented_file("xlsx", tmp_path.name)))
        file = {"filename": "Модель.xlsx", "media_type": XLSX, "storage_key": stored.key, "sha256": stored.sha256}
        factories.document(session, application, slot="financial_model", **file)
        factories.review(session, expert, application, "accepted")
        person = expert.user_id
    assert person is not None
    return sign_in(person)


def work(app: Flask, **means: Path) -> bool:
    with app.app_context():
        known = {"office": app.config["JUDGING"].office} | means
        return work_next(JobKind.RENDITIONS, means=Means(storage=app.extensions["storage"], **known))


def state(reader: FlaskClient) -> str:
    return str(reader.get("/documents/1/rendition/state").json["state"])


def test_a_pdf_is_asked_for_made_once_and_read_under_the_documents_own_access(
    app: Flask, store: Store, reader: FlaskClient, sign_in: SignIn
) -> None:
    assert 'data-rendition="/documents/1/rendition"' in reader.get("/reviews/1").text
    assert (state(reader), reader.get("/documents/1/rendition").status_code) == ("absent", 422)
    assert [reader.post("/documents/1/rendition").json for _ in range(2)] == [{"state": "waiting"}] * 2
    assert (state(reader), work(app), work(app), state(reader)) == ("waiting", True, False, "ready")
    answer = reader.get("/documents/1/rendition")
    assert (answer.data, answer.mimetype) == (b"%PDF-1.7 made", "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with store() as session:
        other = factories.expert(session, session.get_one(Contest, 1)).user_id
    assert other is not None
    stranger = sign_in(other)
    assert [stranger.open(path, method=method).status_code for path, method in (
        ("/documents/1/rendition", "GET"), ("/documents/1/rendition/state", "GET"), ("/documents/1/rendition", "POST"),
    )] == [404, 404, 404]  # fmt: skip


def test_what_cannot_be_made_is_said_and_may_be_tried_again(app: Flask, reader: FlaskClient, tmp_path: Path) -> None:
    reader.post("/documents/1/rendition")
    bad = tmp_path / "bad"
    bad.mkdir()
    assert work(app, office=in_place_of_office(bad, "exit 1\n"))
    assert state(reader) == "failed"
    reader.post("/documents/1/rendition")
    assert (work(app), state(reader)) == (True, "ready")


def test_without_the_program_documents_are_downloaded(
    app: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "JUDGING", replace(app.config["JUDGING"], office=None))
    assert "data-rendition" not in reader.get("/reviews/1").text
    assert reader.post("/documents/1/rendition").status_code == 422


NOTHING = WRITES.replace("%%PDF-1.7 made", "")


@pytest.mark.parametrize("does", ["printf nothing", NOTHING])
def test_what_is_no_pdf_is_none(tmp_path: Path, does: str) -> None:
    with pytest.raises(NoRendition):
        pdf_of(in_place_of_office(tmp_path, does), BytesIO(b"x"), "docx")


@pytest.mark.office
def test_libreoffice_makes_a_pdf_of_a_workbook() -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program, MISSING
    assert pdf_of(Path(program), BytesIO(invented_file("xlsx", "Модель")), "xlsx").startswith(b"%PDF-")
