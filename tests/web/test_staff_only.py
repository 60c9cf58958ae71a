"""What the form keeps for the staff is in no answer that an expert gets: pages are the same to the byte without it.

An application under the form of ПП 41, most of which is marked, each fixed field among it. What the expert may not
read is then written anew wherever it is stored; nothing that the expert can ask for tells the two apart.
"""

import io
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from judging.domain.forms.form import FieldKind
from judging.domain.forms.readers import compile_given
from judging.models import Application, Document, Submission
from judging.services.applications.receipts import keep_submission, receipt_data
from judging.services.forms.form_store import publish_form
from tests import factories
from tests.conftest import Store
from tests.forms import read
from tests.pp41 import BY, document, draft, fill, with_form

DATABASES = ("sqlite",)
SignIn = Callable[[int], FlaskClient]
COLUMNS: dict[str, Any] = {
    "goal": "Тайная цель", "summary": "Тайное", "functional_map_position": "Тайная позиция", "place": "Тайное место",
    "readiness_level": 3, "starts_on": date(2031, 1, 1), "ends_on": date(2039, 1, 1), "total_cost": 777_00,
    "requested": 666_00, "own_funds": 555_00, "loans": 444_00, "topics": ["01.11"], "contact_name": "Тайный",
    "contact_phone": "+7 000", "contact_email": "secret@example.org",
}  # fmt: skip
"""What stands in the columns of an application, and what is written there instead."""
OTHERS = ("initiator_address", "costs", "sources", "npv", "irr", "buyers", "private_share", "jobs")
"""Further fields that are marked."""
OF_PARTNERS = ("role", "contribution", "contribution_money")


@dataclass(frozen=True)
class World:
    """The ids of an application, its files, its experts (one has declared), and a secretary."""

    application: int
    kept: int
    told: int
    expert: int
    undeclared: int
    secretary: int
    team: int
    reviews: tuple[int, int]
    code: str


def marked(raw: dict[str, Any]) -> dict[str, Any]:
    """The form with these fields marked, every second one as personal; its first file is for the staff."""
    files = [one for section in raw["sections"] for one in section["fields"] if one["kind"] == "file"]
    files[0]["seen_by"] = "staff"
    for section in raw["sections"]:
        for number, field in enumerate(section["fields"]):
            mark = {"personal": True} if number % 2 else {"seen_by": "staff"}
            if field["code"] in (*COLUMNS, *OTHERS):
                field |= mark
            for column in field.get("columns", ()):
                if field["code"] == "partners" and column["code"] in OF_PARTNERS:
                    column |= mark
    return raw


def slots() -> list[str]:
    """The codes of the fields of files."""
    return [field.code for field in read(document()).fields() if field.kind is FieldKind.FILE]


@pytest.fixture
def world(store: Store) -> World:
    """The application, submitted and under review."""
    with store() as session:
        contest = factories.contest(session)
        with_form(session, contest, compile_given(read(marked(document()))))
        application = draft(session, contest)
        fill(session, application)
        application.number, application.status, application.submitted_at = "001", "admitted", BY.now
        kept, told = (
            factories.document(session, application, slot=slot, filename=name)
            for slot, name in zip(slots(), ("Закрытое.pdf", "Открытое.pdf"), strict=False)
        )
        session.flush()
        session.refresh(application)
        receipt = receipt_data(application)
        keep_submission(session, application.id, receipt, sha256="0" * 64, at=BY.now, by_id=None)
        experts = [factories.expert(session, contest) for _ in range(2)]
        reviews = [
            factories.review(session, expert, application, status).id
            for expert, status in zip(experts, ("accepted", "assigned"), strict=True)
        ]
        people = [expert.user_id or 0 for expert in experts]
        assert application.team is not None
        return World(
            application.id, kept.id, told.id, *people, factories.user(session, "secretary", contest).id,
            application.team.members[0].user_id, (reviews[0], reviews[1]), contest.code,
        )  # fmt: skip


def rewrite(store: Store, world: World) -> None:
    """Write all that is for the staff anew: columns, partners, the submission, the file."""
    with store() as session:
        application = session.get_one(Application, world.application)
        for name, value in COLUMNS.items():
            setattr(application, name, value)
        for partner in application.partners:
            partner.role, partner.contribution = "buyer", "Тайный вклад"
        figures = application.indicators
        application.indicators = figures | {code: "987654321" for code in figures if code in OTHERS}
        kept = session.query(Submission).one()
        receipt = deepcopy(kept.document)
        for row in receipt["answers"]["partners"]:
            row |= {"contribution": "Тайный вклад", "contribution_money": "1.00", "role": "buyer"}
        receipt["answers"] |= {"goal": "Тайная цель", "place": "Тайное место", "initiator_address": "Тайный адрес"}
        receipt["answers"] |= {"own_funds": "555.00", "loans": "444.00", "total_cost": "777.00", "requested": "666.00"}
        receipt["answers"] |= {"starts_on": "2031-01-01", "ends_on": "2039-01-01", "npv": "1.00", "irr": "1"}
        receipt["answers"] |= {
            "jobs": "5",
            "readiness_level": "t3",
            "topics": ["01.11"],
            "costs": [],
            "sources": [],
            "buyers": [],
        }
        receipt["documents"][0] |= {"filename": "Тайный.pdf", "sha256": "f" * 64}
        kept.document = receipt
        session.execute(
            update(Document).where(Document.id == world.kept).values(filename="Тайный.pdf", size=5, sha256="f" * 64)
        )


TOKENS = re.compile(r'(?<=value=")[\w.-]{12,}(?=")|tab=[\w-]{12}')
"""Random keys of a page: of its forms, and of the tab."""


def asked(client: FlaskClient, world: World) -> dict[str, tuple[int, str]]:
    """All that an expert can ask for about the application, without random keys."""
    reviews = [
        f"/reviews/{key}{more}" for key in world.reviews for more in ("", "/declaration", "/recusal", "/summary")
    ]
    paths = [f"/applications/{world.application}", "/reviews", f"/documents/{world.kept}", *reviews]
    paths += [f"/applications/{world.application}/documents.zip"]
    paths += [f"/applications/{world.application}/{more}" for more in ("receipt", "receipts", "check", "goal")]
    return {
        path: (given.status_code, TOKENS.sub("", given.data.decode(errors="backslashreplace")))
        for path in paths
        if (given := client.get(path))
    }


def test_no_page_of_an_expert_hangs_on_what_is_for_the_staff(
    app: Flask, store: Store, sign_in: SignIn, world: World
) -> None:
    readers = [sign_in(world.expert), sign_in(world.undeclared)]
    before = [asked(client, world) for client in readers]
    staff = sign_in(world.secretary)
    page = f"/staff/contests/{world.code}/applications/{world.application}"
    known = staff.get(page).text
    rewrite(store, world)
    after = [asked(client, world) for client in readers]
    pairs = zip(before, after, strict=True)
    assert [[path for path in old if old[path] != new[path]] for old, new in pairs] == [[], []]
    assert [before[0][path][0] for path in list(before[0])[:4]] == [200, 200, 404, 200]
    assert [one for one in ("Тайн", "secret@", "987") if any(one in text for _, text in after[0].values())] == []
    assert ("Тайн" in staff.get(page).text, "Тайн" in known) == (True, False)


def test_the_rest_is_read_as_before(sign_in: SignIn, world: World) -> None:
    client = sign_in(world.expert)
    sheet, whole = (
        client.get(path).text for path in (f"/reviews/{world.reviews[0]}", f"/applications/{world.application}")
    )
    for text in (sheet, whole):
        assert ("Открытое.pdf" in text, "Закрытое.pdf" in text) == (True, False)
        assert "Задержка поставки" in text
        assert "Константинопольский" not in text
    assert (f"/documents/{world.told}" in sheet, f"/documents/{world.kept}" in sheet) == (True, False)
    assert (f"/documents/{world.told}" in whole, f"/documents/{world.kept}" in whole) == (True, False)
    for person in (world.team, world.secretary):
        text = sign_in(person).get(f"/applications/{world.application}").text
        assert ("Константинопольский" in text, f"/documents/{world.kept}" in text) == (True, True)


def test_a_later_form_neither_opens_nor_closes_what_was_submitted(store: Store, sign_in: SignIn, world: World) -> None:
    """The marks are taken off again: what counts is the form that the application answered."""
    client = sign_in(world.expert)
    before = asked(client, world)
    with store() as session:
        contest = session.get_one(Application, world.application).contest
        with_form(session, contest, compile_given(read(marked(document()))))
        session.flush()
        publish_form(session, contest, by=BY)
        with_form(session, contest, compile_given(read(document())))
    assert asked(client, world) == before


def names_in_zip(client: FlaskClient, world: World) -> list[str]:
    with ZipFile(io.BytesIO(client.get(f"/applications/{world.application}/documents.zip").data)) as book:
        return book.namelist()


def test_an_expert_gets_all_documents_but_those_for_the_staff(sign_in: SignIn, world: World) -> None:
    assert [name.rpartition("/")[2] for name in names_in_zip(sign_in(world.expert), world)] == [
        "Опись.txt", "Открытое.pdf.txt",
    ]  # fmt: skip
    for person in (world.team, world.secretary):
        assert [name.rpartition("/")[2] for name in names_in_zip(sign_in(person), world)] == [
            "Опись.txt", "Закрытое.pdf.txt", "Открытое.pdf.txt",
        ]  # fmt: skip
    assert sign_in(world.undeclared).get(f"/applications/{world.application}/documents.zip").status_code != 200
