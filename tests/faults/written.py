"""What the people of :mod:`tests.faults.typing` write into: a section of an application, or a score sheet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.extensions import db
from judging.models import Application, Review, ReviewVersion, User
from judging.queries.answers import answers_of
from judging.queries.forms import compiled_form_of
from judging.services import scoring
from tests import factories
from tests.pp41 import draft, pp41, with_form

T = TypeVar("T")


@dataclass
class Section:
    """A section of a draft under the whole form of ПП 41; another device writes into it at the same time."""

    app: Flask
    key: int
    fields: ClassVar = ("#goal", "#summary")
    beside: ClassVar = "#place"
    merges: ClassVar = True

    @classmethod
    def made(cls, app: Flask, session: Session) -> "Section":
        """A draft in a contest that takes applications."""
        now = datetime.now(UTC)
        dates = {"applications_open": now - timedelta(days=9), "applications_close": now + timedelta(days=1)}
        contest = factories.contest(session, **dates, review_close=now + timedelta(days=9))
        with_form(session, contest, pp41())
        return cls(app, draft(session, contest).id)

    @property
    def path(self) -> str:
        return f"/applications/{self.key}/sections/project"

    def person(self) -> User:
        team = db.session.get_one(Application, self.key).team
        assert team is not None
        return team.members[0].user

    def add(self, page: Page, word: str) -> None:
        """Write a word where something has to be made for it: in a new row of a table."""
        page.locator("#stages [data-rows-add]").click()
        page.keyboard.type(word)

    def stored(self) -> str:
        """All words that the server has."""

        def words() -> str:
            application = db.session.get_one(Application, self.key)
            kept: dict[str, Any] = dict(answers_of(application, compiled_form_of(application.contest)))
            rows = " ".join(str(row.get("name") or "") for row in kept.get("stages") or ())
            return " ".join([*(str(kept.get(name) or "") for name in ("goal", "summary", "place")), rows])

        return read(self.app, words)


@dataclass
class Sheet:
    """The score sheet of an expert, all marks given; it has one author, so devices take turns."""

    app: Flask
    key: int
    fields: ClassVar = ("#comment-E1", "#comment-E2")
    beside: ClassVar = "#comment-E3"
    merges: ClassVar = False

    @classmethod
    def made(cls, app: Flask, session: Session) -> "Sheet":
        """A draft of a review in a contest that takes reviews."""
        now = datetime.now(UTC)
        dates = {"applications_open": now - timedelta(days=9), "applications_close": now - timedelta(days=1)}
        contest = factories.contest(session, **dates, review_close=now + timedelta(days=9))
        application = factories.application(session, contest)
        review = factories.review(session, factories.expert(session, contest), application, "accepted")
        marks = {f"E{n}": Decimal(7) for n in range(1, 7)}
        scoring.save_draft(session, review, scoring.SheetDraft(marks, {}, "support", 1), by=By(CONSOLE, now))
        return cls(app, review.id)

    @property
    def path(self) -> str:
        return f"/reviews/{self.key}"

    def person(self) -> User:
        user = db.session.get_one(Review, self.key).expert.user
        assert user is not None
        return user

    def add(self, page: Page, word: str) -> None:
        """Write a word beside a mark that is changed with it."""
        page.locator("#comment-E4").focus()
        page.keyboard.press("Control+End")
        page.keyboard.type(f" {word}")
        page.locator("#mark-E4-4").click()

    def stored(self) -> str:
        """All words that the server has: in the draft, and once it is submitted in the version that is kept."""

        def words() -> str:
            review = db.session.get_one(Review, self.key)
            if review.status != "submitted":
                return " ".join(review.comments.values())
            last = select(ReviewVersion).where(ReviewVersion.review_id == self.key).order_by(ReviewVersion.id.desc())
            kept = db.session.scalars(last).first()
            assert kept is not None
            assert kept.sheet["comments"] == review.comments
            return " ".join(kept.sheet["comments"].values())

        return read(self.app, words)

    def submissions(self) -> tuple[str, int]:
        """Its status, and how often it was submitted."""

        def state() -> tuple[str, int]:
            of_it = select(func.count()).where(ReviewVersion.review_id == self.key)
            return db.session.get_one(Review, self.key).status, db.session.scalar(of_it) or 0

        return read(self.app, state)

    def return_it(self) -> None:
        """Have the secretary give it back, so that the work goes on."""

        def act() -> None:
            review = db.session.get_one(Review, self.key)
            by = By(CONSOLE, datetime.now(UTC))
            scoring.return_review(db.session, review, reason="Ещё раз", version=review.version, by=by)
            db.session.commit()

        read(self.app, act)


def read(app: Flask, act: Callable[[], T]) -> T:
    """Do something at the database, and let go of it."""
    with app.app_context():
        try:
            return act()
        finally:
            db.session.rollback()
            db.engine.dispose()
