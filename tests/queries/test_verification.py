"""`judging verify` against what somebody with a connection to the database can do: every act below is found by name.

The contests are made by the services alone (tests/histories.py) and by loading an archive; every act is plain SQL,
after which exactly the findings that it names are there. :data:`REPORTED` are the 25 acts of the first attack.
"""

import importlib.util
import json
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from inspect import getsource
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from judging.adapters.archive import read_archive
from judging.adapters.clock_steps import Step
from judging.adapters.signatures import Checked
from judging.domain.access import CONSOLE, By
from judging.domain.agreements import agreement_hash
from judging.domain.canonical import digest, snapshot_hash
from judging.domain.events import Event
from judging.domain.lifecycle import TRANSITIONS, Subject
from judging.domain.milestones import Code
from judging.domain.signatures import Facts, Verdict
from judging.domain.visibility import STRICT
from judging.models import (
    AgreementAcceptance,
    Application,
    Certification,
    ClockStep,
    Cluster,
    Conflict,
    Contest,
    Document,
    DocumentSignature,
    EarlyLook,
    Expert,
    GrantRequest,
    JournalRecord,
    Link,
    RankingSnapshot,
    Review,
    ReviewVersion,
    Seal,
    SignIn,
    SubmissionReturn,
)
from judging.models.base import UtcDateTime
from judging.queries.agreements import value_of
from judging.queries.applications import current_documents
from judging.queries.invariants import INVARIANTS, TRACES
from judging.queries.invariants.checks import Offence
from judging.queries.invariants.replaying import GIVES, SPECIAL
from judging.queries.states import sheet_hash
from judging.services import milestones
from judging.services.accounts import block_account, sign_out, sign_out_everywhere
from judging.services.accounts.tokens import token_hash
from judging.services.agreements import accept_agreements
from judging.services.applications.clusters import remove_organisation
from judging.services.applications.journal_notes import note
from judging.services.applications.nomination_move import NominationMove, move_application
from judging.services.applications.own_edit import open_own_edit
from judging.services.applications.signatures import NewSignature, add_signature
from judging.services.archives import load_contest
from judging.services.assignment.plan_edit import request_plan
from judging.services.assignment.review_replace import ask_again
from judging.services.clock import note_steps
from judging.services.contests.visibility import change_visibility
from judging.services.early_looks import look_early
from judging.services.experts import invite_experts
from judging.services.scoring import SheetDraft, decline_review, put_off
from judging.services.seals import note_accounts, note_state
from tests import factories, histories, nominations
from tests.conftest import filled, taken_back
from tests.factories import MOMENT
from tests.histories import History
from tests.recording import statements, tables_changed, tables_named

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "data" / "golden-1.json"
Finding = tuple[str, str, int]
"""(check, subject, id)."""


@dataclass
class World:
    """A judged contest, one whose results are published, and one that came with an archive."""

    session: Session
    judged: History
    finished: History
    archive: Contest

    def application(self, place: int = 0) -> Application:
        return self._of(Application, self.judged.contest)[place]

    def review(self, status: str = "submitted") -> Review:
        return next(one for one in self._of(Review, self.judged.contest) if one.status == status)

    def archived(self) -> Review:
        return next(one for one in self._of(Review, self.archive) if one.status == "submitted")

    def document(self) -> Document:
        query = select(Document).where(Document.application_id == self.application().id).order_by(Document.id)
        return self.session.scalars(query).all()[0]

    def version(self) -> ReviewVersion:
        return self.session.scalars(select(ReviewVersion).where(ReviewVersion.review_id == self.review().id)).one()

    def snapshot(self) -> RankingSnapshot:
        return self.session.scalars(select(RankingSnapshot)).one()

    def record(self, event: str, subject_id: int | None = None) -> JournalRecord:
        query = select(JournalRecord).where(JournalRecord.event == event).order_by(JournalRecord.id)
        if subject_id is not None:
            query = query.where(JournalRecord.subject_id == subject_id)
        return self.session.scalars(query).all()[0]

    def after(self, record_id: int) -> int:
        """The record that was written next."""
        return self.session.scalars(select(JournalRecord.id).where(JournalRecord.previous_id == record_id)).one()

    def sql(self, statement: str, **params: Any) -> None:
        binds = [bindparam(k, type_=UtcDateTime()) for k, v in params.items() if hasattr(v, "tzinfo")]
        self.session.execute(text(statement).bindparams(*binds), params)

    def _of(self, model: Any, contest: Contest) -> Any:
        return self.session.scalars(select(model).where(model.contest_id == contest.id).order_by(model.id)).all()


@pytest.fixture(scope="module")
def site(database_kind: str) -> Iterator[tuple[Flask, World]]:
    """The application and its world, made once; every test goes on in a session of its own."""
    made = []

    def populate(session: Session) -> None:
        before = MOMENT - timedelta(days=1)
        archive = load_contest(session, read_archive(GOLDEN.read_bytes()), by=By(CONSOLE, before))
        made.append(World(session, histories.judged(session), histories.finished(session), archive))

    with filled(database_kind, populate) as app:
        yield app, made[0]


@pytest.fixture
def world(site: tuple[Flask, World]) -> Iterator[World]:
    app, made = site
    with taken_back(app) as session:
        judged, finished = made.judged.gone_on(session), made.finished.gone_on(session)
        yield World(session, judged, finished, histories.found_again(session, made.archive))


ALL = frozenset(check.code for check in INVARIANTS if not check.warning)


def found(session: Session, codes: Set[str] = ALL) -> dict[Finding, Offence]:
    session.expire_all()
    return {(i.code, o.subject, o.id): o for i in INVARIANTS if i.code in codes for o in i.find(session)}


Plant = Callable[[World], set[Finding]]


def mark_off_the_scale(world: World) -> set[Finding]:
    key = world.review("accepted").id
    world.sql("UPDATE reviews SET scores = :scores WHERE id = :id", id=key, scores='{"E1": "11"}')
    return {("marks-on-scale", "review", key), ("sheet-history", "review", key)}


def sheet_changed(world: World) -> set[Finding]:
    item = world.review()
    scores = json.dumps({**item.scores, "E1": "3"})
    world.sql("UPDATE reviews SET scores = :scores WHERE id = :id", id=item.id, scores=scores)
    return {("sheet-as-handed-in", "review", item.id), ("sheet-history", "review", item.id)}


def snapshot_changed(world: World) -> set[Finding]:
    item = world.snapshot()
    ranking = json.dumps({**item.ranking, "rows": item.ranking["rows"][:1]})
    world.sql("UPDATE ranking_snapshots SET ranking = :ranking WHERE id = :id", id=item.id, ranking=ranking)
    return {("snapshot-hash", "snapshot", item.id), ("snapshot-ranking", "snapshot", item.id)}


def submission_record_deleted(world: World) -> set[Finding]:
    key = world.application().id
    record = world.record("application.submitted", key)
    found = {("journal-whole", "record", world.after(record.id))}
    world.sql("DELETE FROM journal WHERE id = :id", id=record.id)
    return found | {
        ("submission-recorded", "application", key),
        ("journal-counted", "contest", world.judged.contest.id),
    }


def requested_sum(world: World) -> set[Finding]:
    key = world.application().id
    world.sql("UPDATE applications SET requested = requested + 100 WHERE id = :id", id=key)
    return {("answers-projected", "application", key)}


def indicator(world: World) -> set[Finding]:
    item = world.application()
    values = json.dumps({**item.indicators, "jobs": "480"})
    world.sql("UPDATE applications SET indicators = :values WHERE id = :id", id=item.id, values=values)
    return {("answers-projected", "application", item.id)}


def time_of_submission(world: World) -> set[Finding]:
    item = world.application()
    at = item.submitted_at - timedelta(minutes=30)
    world.sql("UPDATE applications SET submitted_at = :at WHERE id = :id", id=item.id, at=at)
    return {("receipt-recomputed", "application", item.id), ("record-witnessed", "application", item.id)}


def document_row_deleted(world: World) -> set[Finding]:
    item = world.document()
    world.sql("DELETE FROM documents WHERE id = :id", id=item.id)
    return {("receipt-recomputed", "application", item.application_id), ("document-recorded", "document", item.id)}


def initiators_inn(world: World) -> set[Finding]:
    item = world.application()
    world.sql("UPDATE organisations SET inn = '0000000000' WHERE id = :id", id=item.initiator_id)
    return {
        ("answers-projected", "application", item.id), ("receipt-recomputed", "application", item.id),
        ("cluster-recorded", "cluster", item.cluster_id),
    }  # fmt: skip


def archive_marks(world: World) -> set[Finding]:
    item = world.archived()
    code = next(iter(item.scores))
    scores = json.dumps({**item.scores, code: "5" if item.scores[code] != "5" else "4"})
    world.sql("UPDATE reviews SET scores = :scores WHERE id = :id", id=item.id, scores=scores)
    return {("archive-marks", "review", item.id)}


def sheet_and_version_together(world: World) -> set[Finding]:
    item, version = world.review(), world.version()
    scores = {**item.scores, "E1": "3"}
    sheet = {**version.sheet, "scores": scores}
    world.sql("UPDATE reviews SET scores = :scores WHERE id = :id", id=item.id, scores=json.dumps(scores))
    world.sql(
        "UPDATE review_versions SET sheet = :sheet, sha256 = :sha WHERE id = :id", id=version.id,
        sheet=json.dumps(sheet), sha=digest(sheet),
    )  # fmt: skip
    return {("sheet-recorded", "version", version.id), ("sheet-history", "review", item.id)}


def submission_after_the_close(world: World) -> set[Finding]:
    item = world.application()
    at = item.contest.applications_close + timedelta(minutes=5)
    world.sql("UPDATE applications SET submitted_at = :at WHERE id = :id", id=item.id, at=at)
    return {
        ("submitted-in-time", "application", item.id),
        ("receipt-recomputed", "application", item.id),
        ("record-witnessed", "application", item.id),
    }


def review_moved_to_another_application(world: World) -> set[Finding]:
    item = world.review()
    free = next(one for one in world._of(Application, world.finished.contest))
    world.sql("UPDATE reviews SET application_id = :to WHERE id = :id", id=item.id, to=free.id)
    return {("review-owner", "review", item.id), ("belongs-together", "review", item.id)}


def review_moved_to_another_contest(world: World) -> set[Finding]:
    item, version = world.review(), world.version()
    world.sql("UPDATE reviews SET contest_id = :to WHERE id = :id", id=item.id, to=world.finished.contest.id)
    return {
        ("status-recorded", "review", item.id),
        ("belongs-together", "review", item.id),
        ("sheet-recorded", "version", version.id),
    }


def weight(world: World) -> set[Finding]:
    key = world.judged.contest.id
    definition = world.session.scalar(
        text("SELECT definition FROM criteria WHERE contest_id = :id AND code = 'E1'"), {"id": key}
    )
    document = json.loads(definition) if isinstance(definition, str) else definition
    changed = json.dumps({**document, "weight": "9"})
    world.sql("UPDATE criteria SET definition = :to WHERE contest_id = :id AND code = 'E1'", id=key, to=changed)
    return {("settings-recorded", "contest", key)}


def budget(world: World) -> set[Finding]:
    key = world.judged.contest.id
    world.sql("UPDATE contests SET budget = budget * 2 WHERE id = :id", id=key)
    return {("settings-recorded", "contest", key)}


def close_date(world: World) -> set[Finding]:
    item = world.judged.contest
    at = item.applications_close + timedelta(days=1)
    world.sql("UPDATE contests SET applications_close = :at WHERE id = :id", id=item.id, at=at)
    return {("settings-recorded", "contest", item.id)}


def conflict_deleted(world: World) -> set[Finding]:
    key = world.application().id
    world.sql("DELETE FROM conflicts WHERE application_id = :id", id=key)
    return {("conflict-recorded", "application", key)}


def status_without_a_record(world: World) -> set[Finding]:
    key = world.application().id
    world.sql("UPDATE applications SET status = 'rejected' WHERE id = :id", id=key)
    return {("status-recorded", "application", key)}


def grant_without_a_record(world: World) -> set[Finding]:
    key = world.judged.person_of(world.application()).id
    world.sql(
        "INSERT INTO grants (user_id, role, contest_id, granted_at) VALUES (:id, 'chair', :contest, :at)", id=key,
        contest=world.judged.contest.id, at=MOMENT,
    )  # fmt: skip
    return {("grant-recorded", "user", key)}


def one_person_for_two(world: World) -> set[Finding]:
    item = world.snapshot()
    world.sql("UPDATE ranking_snapshots SET approved_by_id = made_by_id WHERE id = :id", id=item.id)
    return {("two-persons", "snapshot", item.id), ("snapshot-witnessed", "snapshot", item.id)}


def one_person_for_two_on_record_too(world: World) -> set[Finding]:
    item = one_person_for_two(world)
    world.sql("UPDATE journal SET actor_id = :id WHERE event = 'ranking.approved'", id=world.finished.secretary.id)
    return {one for one in item if one[0] == "two-persons"}


def ten_records_deleted(world: World) -> set[Finding]:
    """Ten in a row, of saved drafts, which neither a counter nor a status repeats."""
    item = world.review("accepted")
    for mark in range(12):
        world.judged.save(item, mark=mark % 9)
    world.session.flush()
    saves = world.session.scalars(
        select(JournalRecord.id).where(JournalRecord.event == "review.saved").order_by(JournalRecord.id.desc())
    ).all()
    found = {("journal-whole", "record", saves[0])}
    world.sql("DELETE FROM journal WHERE id BETWEEN :first AND :last", first=saves[10], last=saves[1])
    return found


def ten_last_records_deleted(world: World) -> set[Finding]:
    """The last ten of everything: no record after them misses them, but what they did is there."""
    ids = world.session.scalars(select(JournalRecord.id).order_by(JournalRecord.id.desc()).limit(10)).all()
    contest, snapshot = world.finished.contest, world.snapshot()
    reviews = world._of(Review, contest)[-3:]
    versions = world.session.scalars(select(ReviewVersion).where(ReviewVersion.review_id.in_([r.id for r in reviews])))
    found = {("sheet-recorded", "version", one.id) for one in versions}
    for key in ids:
        world.sql("DELETE FROM journal WHERE id = :id", id=key)
    return found | {
        ("snapshot-recorded", "snapshot", snapshot.id),
        ("status-recorded", "contest", contest.id),
        ("journal-counted", "contest", contest.id),
        *(("status-recorded", "review", one.id) for one in reviews),
    }


def actor_forged(world: World) -> set[Finding]:
    key = world.application().id
    world.sql(
        "UPDATE journal SET actor_id = :to, actor_name = 'Соколова Елена' WHERE event = 'application.submitted' "
        "AND subject_id = :id", id=key, to=world.judged.secretary.id,
    )  # fmt: skip
    return {("record-witnessed", "application", key)}


def time_forged(world: World) -> set[Finding]:
    record = world.record("application.admitted", world.application().id)
    world.sql("UPDATE journal SET at = :at WHERE id = :id", id=record.id, at=record.at - timedelta(days=2))
    return {("record-witnessed", "application", world.application().id)}


REPORTED = (
    mark_off_the_scale, sheet_changed, snapshot_changed, submission_record_deleted, requested_sum, indicator,
    time_of_submission, document_row_deleted, initiators_inn, archive_marks, sheet_and_version_together,
    submission_after_the_close, review_moved_to_another_application, review_moved_to_another_contest, weight, budget,
    close_date, conflict_deleted, status_without_a_record, grant_without_a_record, one_person_for_two,
    one_person_for_two_on_record_too, ten_records_deleted, ten_last_records_deleted, actor_forged, time_forged,
)  # fmt: skip
"""With the two of the store's files below: everything that was planted in the first attack, some of it twice."""


# Further acts: what else somebody might change.


def document_renamed(world: World) -> set[Finding]:
    item = world.document()
    world.sql("UPDATE documents SET filename = 'Другой.pdf', size = 7 WHERE id = :id", id=item.id)
    return {("receipt-recomputed", "application", item.application_id), ("document-recorded", "document", item.id)}


def snapshot_rehashed(world: World) -> set[Finding]:
    item = world.snapshot()
    record = {**item.record, "contest": {**item.record["contest"], "budget": "1.00"}}
    sha = snapshot_hash(record, item.ranking)
    world.sql(
        "UPDATE ranking_snapshots SET record = :record, sha256 = :sha WHERE id = :id", id=item.id,
        record=json.dumps(record), sha=sha,
    )  # fmt: skip
    return {("snapshot-recorded", "snapshot", item.id), ("snapshot-ranking", "snapshot", item.id)}


def approved_by_nobody(world: World) -> set[Finding]:
    item = world.snapshot()
    world.sql("UPDATE ranking_snapshots SET approved_at = NULL, approved_by_id = NULL WHERE id = :id", id=item.id)
    return {
        ("two-persons", "snapshot", item.id),
        ("snapshot-witnessed", "snapshot", item.id),
        ("frozen-has-snapshot", "contest", item.contest_id),
    }


def published_without_approval(world: World) -> set[Finding]:
    key = world.judged.contest.id
    world.sql("UPDATE contests SET status = 'results_published' WHERE id = :id", id=key)
    return {("status-recorded", "contest", key), ("frozen-has-snapshot", "contest", key)}


def reviews_expert_swapped(world: World) -> set[Finding]:
    item = world.review()
    other = world.session.scalars(
        select(Expert.id).where(Expert.contest_id == item.contest_id).order_by(Expert.id.desc())
    ).first()
    world.sql("UPDATE reviews SET expert_id = :to WHERE id = :id", id=item.id, to=other)
    return {("review-owner", "review", item.id)}


def declaration_removed(world: World) -> set[Finding]:
    item = world.review()
    world.sql("UPDATE reviews SET declared_at = NULL WHERE id = :id", id=item.id)
    return {("review-declared", "review", item.id), ("record-witnessed", "review", item.id)}


def address_changed(world: World) -> set[Finding]:
    key = world.judged.secretary.id
    world.sql("UPDATE users SET email = 'mine@example.org' WHERE id = :id", id=key)
    return {("account-recorded", "user", key)}


def account_unblocked(world: World) -> set[Finding]:
    person = world.judged.person_of(world.application())
    block_account(world.session, person, by=world.finished.by())
    world.session.flush()
    world.sql("UPDATE users SET active = :yes WHERE id = :id", id=person.id, yes=True)
    return {("account-recorded", "user", person.id)}


def session_of_a_blocked_account(world: World) -> set[Finding]:
    person = world.judged.person_of(world.application())
    block_account(world.session, person, by=world.finished.by())
    world.session.flush()
    world.sql(
        "INSERT INTO sign_ins (user_id, token_hash, created_at, expires_at, address, browser) "
        "VALUES (:id, 'x', :at, :until, '', '')", id=person.id, at=MOMENT + timedelta(hours=9),
        until=MOMENT + timedelta(days=400),
    )  # fmt: skip
    key = world.session.scalars(select(SignIn.id)).one()
    return {("session-recorded", "session", key)}


def experts_limit(world: World) -> set[Finding]:
    key = world.review().expert_id
    world.sql("UPDATE experts SET max_load = 900 WHERE id = :id", id=key)
    return {("expert-recorded", "expert", key)}


def experts_account(world: World) -> set[Finding]:
    """Somebody makes himself the expert."""
    key, me = world.review().expert_id, world.judged.secretary.id
    world.sql("UPDATE experts SET user_id = :me WHERE id = :id", id=key, me=me)
    return {("expert-recorded", "expert", key)}


def number_changed(world: World) -> set[Finding]:
    item = world.application()
    world.sql("UPDATE applications SET number = 'HISTORY-1-0000' WHERE id = :id", id=item.id)
    return {("number-recorded", "application", item.id), ("receipt-recomputed", "application", item.id)}


def team_moved(world: World) -> set[Finding]:
    item, other = world.application(0), world.application(1)
    world.sql("UPDATE applications SET team_id = :to WHERE id = :id", id=item.id, to=other.team_id)
    return {("belongs-together", "application", item.id)}


def application_moved(world: World) -> set[Finding]:
    """Into another contest, with its number."""
    item, to = world.application(2), world.finished.contest.id
    reviews = [one.id for one in world._of(Review, world.judged.contest) if one.application_id == item.id]
    documents = world.session.scalars(select(Document.id).where(Document.application_id == item.id)).all()
    world.sql("UPDATE applications SET contest_id = :to WHERE id = :id", id=item.id, to=to)
    return {
        ("status-recorded", "application", item.id),
        ("number-recorded", "application", item.id),
        ("number-counter", "contest", to),
        ("belongs-together", "application", item.id),
        ("receipt-recomputed", "application", item.id),
        *(("belongs-together", "review", key) for key in reviews),
        *(("document-recorded", "document", key) for key in documents),
    }


def clusters_region(world: World) -> set[Finding]:
    item = world.application()
    world.sql("UPDATE clusters SET region = '77' WHERE id = :id", id=item.cluster_id)
    return {("receipt-recomputed", "application", item.id), ("cluster-recorded", "cluster", item.cluster_id)}


def criterion_deleted(world: World) -> set[Finding]:
    """One of a formula, so that no mark misses it."""
    key = world.judged.contest.id
    world.sql("DELETE FROM criteria WHERE contest_id = :id AND code = 'C2'", id=key)
    answered = world.session.scalars(select(Application.id).where(Application.contest_id == key)).all()
    return {("settings-recorded", "contest", key), *(("answers-projected", "application", one) for one in answered)}


def record_put_in(world: World) -> set[Finding]:
    """A rejection with a record to explain it, as one would write it."""
    key = world.application().id
    world.sql("UPDATE applications SET status = 'rejected' WHERE id = :id", id=key)
    world.sql(
        "INSERT INTO journal (at, event, actor_name, contest_id, subject_type, subject_id, subject_label, details, "
        "address) VALUES (:at, 'application.rejected', 'Соколова Елена', :contest, 'application', :id, '', '{}', '')",
        id=key, contest=world.judged.contest.id, at=world.finished.now,
    )  # fmt: skip
    record = world.record("application.rejected").id
    return {("journal-linked", "record", record), ("record-witnessed", "application", key)}


def role_taken_away(world: World) -> set[Finding]:
    key = world.judged.chair.id
    world.sql("DELETE FROM grants WHERE user_id = :id", id=key)
    return {("grant-recorded", "user", key)}


def review_deleted(world: World) -> set[Finding]:
    item, version = world.review(), world.version()
    world.sql("DELETE FROM review_versions WHERE id = :id", id=version.id)
    world.sql("DELETE FROM reviews WHERE id = :id", id=item.id)
    return {("status-recorded", "review", item.id)}


def version_deleted(world: World) -> set[Finding]:
    item, version = world.review(), world.version()
    world.sql("DELETE FROM review_versions WHERE id = :id", id=version.id)
    return {("sheet-as-handed-in", "review", item.id), ("sheet-recorded", "review", item.id)}


def review_handed_in_late(world: World) -> set[Finding]:
    item, version = world.review(), world.version()
    at = world.judged.contest.review_close + timedelta(hours=1)
    world.sql("UPDATE review_versions SET made_at = :at WHERE id = :id", id=version.id, at=at)
    return {("review-in-time", "review", item.id), ("sheet-recorded", "version", version.id)}


def conflict_put_in(world: World) -> set[Finding]:
    """To keep a strict expert's marks from counting."""
    item = world.review()
    world.sql(
        "INSERT INTO conflicts (contest_id, expert_id, application_id, kind, reason, created_at) "
        "VALUES (:contest, :expert, :id, 'entered', '', :at)", contest=item.contest_id, expert=item.expert_id,
        id=item.application_id, at=MOMENT,
    )  # fmt: skip
    return {("conflict-recorded", "application", item.application_id)}


def archives_budget(world: World) -> set[Finding]:
    world.sql("UPDATE contests SET budget = 1 WHERE id = :id", id=world.archive.id)
    return {("settings-recorded", "contest", world.archive.id)}


def archives_application(world: World) -> set[Finding]:
    key = world.archived().application_id
    world.sql("UPDATE applications SET title = 'Другой' WHERE id = :id", id=key)
    return {("archive-applications", "application", key)}


def seal_changed(world: World) -> set[Finding]:
    """Together with the mark that it keeps."""
    archive_marks(world)
    item = world.archived()
    seal = world.session.scalars(select(Seal).where(Seal.contest_id == world.archive.id)).one()
    world.session.refresh(item)
    sealed = seal.document["reviews"][str(item.id)]
    reviews = {**seal.document["reviews"], str(item.id): [*sealed[:3], sheet_hash(item)]}
    world.sql(
        "UPDATE seals SET document = :document WHERE id = :id", id=seal.id,
        document=json.dumps({**seal.document, "reviews": reviews}),
    )  # fmt: skip
    return {("seal-hash", "seal", seal.id)}


def contest_without_beginning(world: World) -> set[Finding]:
    record = world.record("contest.created")
    found = {("journal-whole", "record", world.after(record.id)), ("contest-recorded", "contest", record.contest_id)}
    world.sql("DELETE FROM journal WHERE id = :id", id=record.id)
    return found


def moved_date_without_its_line(world: World) -> set[Finding]:
    world.judged.extend(1)
    world.session.flush()
    key = world.judged.contest.id
    world.sql("DELETE FROM schedule_changes WHERE contest_id = :id AND field = 'review_close'", id=key)
    return {("schedule-recorded", "contest", key)}


def conflicts_author(world: World) -> set[Finding]:
    item = world.session.scalars(select(Conflict).where(Conflict.contest_id == world.judged.contest.id)).one()
    world.sql("UPDATE conflicts SET created_by_id = :to WHERE id = :id", id=item.id, to=world.judged.chair.id)
    return {("conflict-witnessed", "conflict", item.id)}


def sealed_document(world: World) -> set[Finding]:
    """Of data that were noted as they stood, because they are older than their records."""
    item = world.document()
    note_state(world.session, world.judged.contest, by=By(CONSOLE, world.finished.now))
    world.sql("UPDATE documents SET size = 7 WHERE id = :id", id=item.id)
    return {("receipt-recomputed", "application", item.application_id), ("archive-documents", "document", item.id)}


FURTHER = (
    document_renamed, snapshot_rehashed, approved_by_nobody, published_without_approval, reviews_expert_swapped,
    declaration_removed, address_changed, account_unblocked, session_of_a_blocked_account, experts_limit,
    experts_account, number_changed, team_moved, application_moved, clusters_region, criterion_deleted, record_put_in,
    role_taken_away, review_deleted, version_deleted, review_handed_in_late, conflict_put_in, archives_budget,
    archives_application, seal_changed, contest_without_beginning, moved_date_without_its_line, conflicts_author,
    sealed_document,
)  # fmt: skip


# What a second look found: changes that the records, or other rows, say otherwise of.


def review_made_additional(world: World) -> set[Finding]:
    """It moves money: an application that has no additional review any more to wait for is another one."""
    item = world.review()
    world.sql("UPDATE reviews SET additional = :yes WHERE id = :id", id=item.id, yes=True)
    return {("sheet-as-handed-in", "review", item.id), ("review-owner", "review", item.id)}


def open_review_made_additional(world: World) -> set[Finding]:
    item = world.review("accepted")
    world.sql("UPDATE reviews SET additional = :yes WHERE id = :id", id=item.id, yes=True)
    return {("review-owner", "review", item.id)}


def archives_review_made_additional(world: World) -> set[Finding]:
    item = world.archived()
    world.sql("UPDATE reviews SET additional = :to WHERE id = :id", id=item.id, to=not item.additional)
    return {("archive-marks", "review", item.id), ("review-owner", "review", item.id)}


def time_of_the_sheet(world: World) -> set[Finding]:
    item = world.review()
    at = item.submitted_at - timedelta(minutes=3)
    world.sql("UPDATE reviews SET submitted_at = :at WHERE id = :id", id=item.id, at=at)
    return {("sheet-as-handed-in", "review", item.id)}


def plant_link(world: World, purpose: str = "invite", token: str = "planted", **values: Any) -> int:
    """Put a link in, by default an invitation as chair of the judged contest."""
    given: dict[str, Any] = {
        "email": "mine@example.org", "user": None, "contest": world.judged.contest.id,
        "payload": json.dumps({"name": "Я", "inviter": "Я", "role": "chair"}), "at": world.finished.now,
    } | values  # fmt: skip
    world.sql(
        "INSERT INTO links (purpose, token_hash, email, user_id, contest_id, payload, created_at, expires_at) "
        "VALUES (:purpose, :token, :email, :user, :contest, :payload, :at, :until)", purpose=purpose,
        token=token_hash(token), until=world.finished.now + timedelta(days=9), **given,
    )  # fmt: skip
    return world.session.scalars(select(Link.id).order_by(Link.id.desc())).all()[0]


def invitation_put_in(world: World) -> set[Finding]:
    return {("link-recorded", "link", plant_link(world))}


def older_invitation_put_in(world: World) -> set[Finding]:
    """As if it were older than what can be followed."""
    return {("link-recorded", "link", plant_link(world, at=MOMENT - timedelta(days=900)))}


def invitation_put_in_and_accepted(world: World) -> set[Finding]:
    """Through the service, which records that it was."""
    key = plant_link(world)
    world.finished.accept("planted")
    world.session.flush()
    return {("link-recorded", "link", key)}


def invitation_accepted_and_removed(world: World) -> set[Finding]:
    found = invitation_put_in_and_accepted(world)
    world.sql("DELETE FROM links WHERE id = :id", id=next(iter(found))[2])
    return found


def invitation_to_another_role(world: World) -> set[Finding]:
    """An expert's invitation that is open still becomes one as chair."""
    expert = world.judged.expert(joined=False)
    invite_experts(world.session, [expert], by=world.judged.by(), base_url=histories.URL)
    world.session.flush()
    key = world.session.scalars(select(Link.id).order_by(Link.id.desc())).all()[0]
    payload = json.dumps({"name": "Я", "inviter": "Я", "role": "chair"})
    world.sql("UPDATE links SET payload = :payload WHERE id = :id", id=key, payload=payload)
    return {("link-recorded", "link", key)}


def invitation_made_good_again(world: World) -> set[Finding]:
    key = world.session.scalars(select(Link.id).where(Link.used_at.is_not(None)).order_by(Link.id)).all()[0]
    world.sql("UPDATE links SET used_at = NULL WHERE id = :id", id=key)
    return {("link-recorded", "link", key)}


def invitation_prolonged(world: World) -> set[Finding]:
    item = world.session.scalars(select(Link).order_by(Link.id)).all()[0]
    world.sql("UPDATE links SET expires_at = :at WHERE id = :id", id=item.id, at=item.expires_at + timedelta(days=1))
    return {("link-recorded", "link", item.id)}


def link_for_a_password(world: World) -> set[Finding]:
    """Of somebody else, at the very instant at which a real one was sent."""
    person = world.judged.administrator()
    at = world.judged.now
    key = plant_link(world, "reset", email=person.email, user=person.id, contest=None, payload="{}", at=at)
    return {("link-recorded", "link", key)}


def request_put_in(world: World) -> set[Finding]:
    """In the name of another administrator, for oneself to approve."""
    world.sql(
        "INSERT INTO grant_requests (email, name, role, contest_id, asked_by_id, asked_by, asked_at, expires_at) "
        "VALUES ('mine@example.org', 'Я', 'chair', :contest, :by, 'Соколова Елена', :at, :until)",
        contest=world.judged.contest.id, by=world.judged.secretary.id, at=MOMENT, until=MOMENT + timedelta(days=99),
    )  # fmt: skip
    return {("request-recorded", "request", world.session.scalars(select(GrantRequest.id)).one())}


def request_for_another_role(world: World) -> set[Finding]:
    key = world.judged.ask().id
    world.sql("UPDATE grant_requests SET role = 'chair' WHERE id = :id", id=key)
    return {("request-recorded", "request", key)}


def refused_request_reopened(world: World) -> set[Finding]:
    asked = world.judged.ask()
    world.judged.end_request(asked)
    world.session.flush()
    world.sql("UPDATE grant_requests SET outcome = NULL, decided_at = NULL WHERE id = :id", id=asked.id)
    return {("request-recorded", "request", asked.id)}


def approved_request_reopened(world: World) -> set[Finding]:
    asked = world.judged.ask()
    world.judged.approve_role(asked)
    world.sql("UPDATE grant_requests SET outcome = NULL, decided_at = NULL WHERE id = :id", id=asked.id)
    return {("request-recorded", "request", asked.id)}


def person_put_into_a_team(world: World) -> set[Finding]:
    key = world.judged.secretary.id
    world.sql(
        "INSERT INTO team_members (team_id, user_id, joined_at) VALUES (:team, :id, :at)", id=key,
        team=world.application().team_id, at=MOMENT - timedelta(days=900),
    )  # fmt: skip
    return {("team-recorded", "user", key)}


def person_taken_out_of_a_team(world: World) -> set[Finding]:
    key = world.judged.person_of(world.application()).id
    world.sql("DELETE FROM team_members WHERE user_id = :id", id=key)
    return {("team-recorded", "user", key)}


def person_registered_and_taken_out(world: World) -> set[Finding]:
    key = world.judged.register().id
    world.sql("DELETE FROM team_members WHERE user_id = :id", id=key)
    return {("team-recorded", "user", key)}


def member_taken_out_of_a_cluster(world: World) -> set[Finding]:
    key = world.application().cluster_id
    world.sql("DELETE FROM cluster_members WHERE cluster_id = :id AND position = 1", id=key)
    return {("cluster-recorded", "cluster", key)}


def member_put_into_a_cluster(world: World) -> set[Finding]:
    """One that the records know as an organisation of the team, which is in the cluster no more."""
    cluster = world.session.get_one(Cluster, world.application().cluster_id)
    item = world.judged.enter(cluster)
    world.session.flush()
    key = item.id
    remove_organisation(world.session, cluster, item, by=world.judged.by())
    world.session.flush()
    world.sql(
        "INSERT INTO organisations (id, contest_id, team_id, inn, ogrn, name, region) "
        "VALUES (:id, :contest, :team, '7700000000', '', 'ООО', '77')", id=key, contest=cluster.contest_id,
        team=cluster.team_id,
    )  # fmt: skip
    world.sql("INSERT INTO cluster_members VALUES (:cluster, :id, 9)", cluster=cluster.id, id=key)
    return {("cluster-recorded", "cluster", cluster.id)}


def archives_members(world: World) -> set[Finding]:
    key = world.session.scalars(select(Cluster.id).where(Cluster.contest_id == world.archive.id)).all()[0]
    world.sql("DELETE FROM cluster_members WHERE cluster_id = :id", id=key)
    return {("cluster-recorded", "cluster", key)}


def session_revived(world: World) -> set[Finding]:
    """Of somebody who signed out."""
    person = world.judged.secretary
    item = world.judged.sign_in(person)
    sign_out(world.session, item.id, by=world.judged.by(person))
    world.session.flush()
    until = item.expires_at + timedelta(days=300)
    world.sql("UPDATE sign_ins SET revoked_at = NULL, expires_at = :until WHERE id = :id", id=item.id, until=until)
    return {("session-recorded", "session", item.id)}


def session_revived_after_all_were_ended(world: World) -> set[Finding]:
    person = world.judged.secretary
    item = world.judged.sign_in(person)
    sign_out_everywhere(world.session, person, by=world.judged.by(person))
    world.sql("UPDATE sign_ins SET revoked_at = NULL WHERE id = :id", id=item.id)
    return {("session-recorded", "session", item.id)}


def session_prolonged(world: World) -> set[Finding]:
    item = world.judged.sign_in(world.judged.secretary)
    until = item.expires_at + timedelta(days=300)
    world.sql("UPDATE sign_ins SET expires_at = :until WHERE id = :id", id=item.id, until=until)
    return {("session-recorded", "session", item.id)}


def reason_of_a_decision(world: World) -> set[Finding]:
    key = world.application().id
    world.sql("UPDATE applications SET decision_reason = 'Другая' WHERE id = :id", id=key)
    return {("words-recorded", "application", key)}


def clause_of_a_decision(world: World) -> set[Finding]:
    key = world.application().id
    world.sql("UPDATE applications SET decision_clause = NULL WHERE id = :id", id=key)
    return {("words-recorded", "application", key)}


def archives_decision(world: World) -> set[Finding]:
    key = world.archived().application_id
    world.sql("UPDATE applications SET decision_reason = 'Другая' WHERE id = :id", id=key)
    return {("words-recorded", "application", key)}


def words_of_approval(world: World) -> set[Finding]:
    key = world.snapshot().id
    world.sql("UPDATE ranking_snapshots SET approval_words = 'Протокол № 8' WHERE id = :id", id=key)
    return {("snapshot-witnessed", "snapshot", key)}


def reason_of_a_cancellation(world: World) -> set[Finding]:
    key = world.judged.contest.id
    world.sql("UPDATE contests SET cancelled_reason = 'Нет денег' WHERE id = :id", id=key)
    return {("words-recorded", "contest", key)}


def reason_of_a_return(world: World) -> set[Finding]:
    item = world.review()
    world.judged.give_back(item)
    world.session.flush()
    world.sql("UPDATE reviews SET reason = 'Другая' WHERE id = :id", id=item.id)
    return {("words-recorded", "review", item.id)}


def conflicts_kind(world: World) -> set[Finding]:
    item = world.session.scalars(select(Conflict).where(Conflict.contest_id == world.judged.contest.id)).one()
    world.sql("UPDATE conflicts SET kind = 'detected' WHERE id = :id", id=item.id)
    return {("words-recorded", "conflict", item.id)}


def conflicts_reason(world: World) -> set[Finding]:
    item = world.session.scalars(select(Conflict).where(Conflict.contest_id == world.judged.contest.id)).one()
    world.sql("UPDATE conflicts SET reason = 'Другая' WHERE id = :id", id=item.id)
    return {("words-recorded", "conflict", item.id)}


def sealed_conflict(world: World) -> set[Finding]:
    item = world.session.scalars(select(Conflict).where(Conflict.contest_id == world.judged.contest.id)).one()
    note_state(world.session, world.judged.contest, by=By(CONSOLE, world.finished.now))
    world.sql("UPDATE conflicts SET reason = 'Другая' WHERE id = :id", id=item.id)
    return {("words-recorded", "conflict", item.id)}


def counter(world: World) -> set[Finding]:
    """The next numbers would leave a gap, as if applications had been taken out."""
    key = world.judged.contest.id
    world.sql("UPDATE contests SET applications_received = applications_received + 5 WHERE id = :id", id=key)
    return {("number-counted", "contest", key)}


def archives_counter(world: World) -> set[Finding]:
    key = world.archive.id
    world.sql("UPDATE contests SET applications_received = applications_received + 5 WHERE id = :id", id=key)
    return {("number-counted", "contest", key)}


LATER = (
    review_made_additional, open_review_made_additional, archives_review_made_additional, time_of_the_sheet,
    invitation_put_in, older_invitation_put_in, invitation_put_in_and_accepted, invitation_accepted_and_removed,
    invitation_to_another_role, invitation_made_good_again, invitation_prolonged, link_for_a_password, request_put_in,
    request_for_another_role, refused_request_reopened, approved_request_reopened, person_put_into_a_team,
    person_taken_out_of_a_team, person_registered_and_taken_out, member_taken_out_of_a_cluster,
    member_put_into_a_cluster, archives_members, session_revived, session_revived_after_all_were_ended,
    session_prolonged, reason_of_a_decision, clause_of_a_decision, archives_decision, words_of_approval,
    reason_of_a_cancellation, reason_of_a_return, conflicts_kind, conflicts_reason, sealed_conflict, counter,
    archives_counter,
)  # fmt: skip


def conflict_lifted_by_hand(world: World) -> set[Finding]:
    """Of a pair that the system would otherwise find again."""
    item = world.review()
    world.sql(
        "INSERT INTO lifted_conflicts (contest_id, expert_id, application_id, reason, lifted_at)"
        " VALUES (:contest, :expert, :application, 'employer_initiator:0000001004', :at)",
        contest=item.contest_id, expert=item.expert_id, application=item.application_id, at=MOMENT,
    )  # fmt: skip
    return {("lifting-recorded", "application", item.application_id)}


def lifting_deleted(world: World) -> set[Finding]:
    item = world.session.scalars(select(Conflict).where(Conflict.contest_id == world.judged.contest.id)).one()
    application = item.application_id
    world.judged.lift(item)
    world.sql("DELETE FROM lifted_conflicts")
    return {("lifting-recorded", "application", application)}


def liftings_reason(world: World) -> set[Finding]:
    item = world.session.scalars(select(Conflict).where(Conflict.contest_id == world.judged.contest.id)).one()
    application = item.application_id
    world.judged.lift(item)
    world.sql("UPDATE lifted_conflicts SET reason = 'other:другое'")
    return {("lifting-recorded", "application", application)}


def review_set_aside_by_hand(world: World) -> set[Finding]:
    """It would not count, and nobody would be told."""
    key = world.review().id
    world.sql("UPDATE reviews SET set_aside_at = :at, set_aside_reason = 'x' WHERE id = :id", id=key, at=MOMENT)
    return {("aside-recorded", "review", key)}


def tab_of_a_sheet(world: World) -> set[Finding]:
    """The press of a button on that page would not be held against what others saved."""
    key = world.review("accepted").id
    world.sql("UPDATE reviews SET tab = 'x', tab_from = 1, tab_to = version WHERE id = :id", id=key)
    return {("tab-recorded", "review", key)}


def turn_of_a_sheet(world: World) -> set[Finding]:
    """The expert would be led to it last of all."""
    key = world.review("accepted").id
    world.sql("UPDATE reviews SET later_at = created_at WHERE id = :id", id=key)
    return {("turn-recorded", "review", key)}


def plan_passed_for_current(world: World) -> set[Finding]:
    contest = world.judged.contest
    plan = request_plan(world.session, contest, by=By(CONSOLE, world.judged.now))
    world.session.flush()
    world.judged.save(world.review("accepted"), mark=9)
    world.sql("UPDATE assignment_plans SET revision = revision + 1 WHERE id = :id", id=plan.id)
    return {("plan-revised", "plan", plan.id)}


STEP = Step(MOMENT + timedelta(days=1), MOMENT)
"""The clock set back over every submission of the world."""


def clock_set_by_hand(world: World) -> set[Finding]:
    note_steps(world.session, [STEP])
    world.sql("INSERT INTO clock_steps (before, after) VALUES (:after, :before)", before=STEP.before, after=STEP.after)
    key = world.session.scalars(select(func.max(ClockStep.id))).one()
    return {("clock-recorded", "clock", key)}


def clock_set_and_forgotten(world: World) -> set[Finding]:
    note_steps(world.session, [STEP])
    world.session.flush()
    record = world.record("clock.set").id
    world.sql("DELETE FROM clock_steps")
    return {("clock-recorded", "record", record)}


def mark_of_the_clock(world: World) -> set[Finding]:
    """Who submits now would stand before those who submitted earlier."""
    note_steps(world.session, [STEP])
    world.session.flush()
    world.sql("DELETE FROM clock_marks WHERE contest_id = :id", id=world.judged.contest.id)
    return {("clock-recorded", "clock", world.session.scalars(select(ClockStep.id)).one())}


def time_of_a_cluster(world: World) -> set[Finding]:
    key = world.application().cluster_id
    world.sql("UPDATE clusters SET changed_at = :at WHERE id = :id", id=key, at=MOMENT - timedelta(days=9))
    return {("record-witnessed", "cluster", key)}


def nomination_of_a_moved_application(world: World) -> set[Finding]:
    """Staff moved it on record; somebody moved it back without one."""
    contest = load_contest(world.session, nominations.record(code="NOMINATED-1"), by=By(CONSOLE, MOMENT))
    world.session.flush()
    series, pilot = contest.nominations
    item = next(one for one in world.session.scalars(select(Application).where(Application.nomination_id == series.id)))
    move_application(
        world.session, item.id, NominationMove(pilot.id, "Ошибка заявителя", item.version), by=By(CONSOLE, MOMENT)
    )
    world.session.flush()
    key = item.id
    world.sql("UPDATE applications SET nomination_id = :home WHERE id = :id", id=key, home=series.id)
    return {("nomination-recorded", "application", key)}


def decision_of_no_panel(world: World) -> set[Finding]:
    key = world.application().id
    world.sql("UPDATE applications SET panel_verdict = 'pass', panel_reason = 'r' WHERE id = :id", id=key)
    return {("panel-recorded", "application", key)}


def invitation_declined_by_hand(world: World) -> set[Finding]:
    key = world.review().expert_id
    world.sql("UPDATE experts SET declined_at = invited_at, declined_reason = 'other: r' WHERE id = :id", id=key)
    return {("refusal-recorded", "expert", key)}


def extension_by_hand(world: World) -> set[Finding]:
    review = world.review("accepted")
    until = world.judged.contest.review_close + timedelta(days=9)
    item = factories.extension(world.session, review.expert, until, granted_at=world.judged.now)
    return {("extension-recorded", "extension", item.id)}


def extension_made_longer(world: World) -> set[Finding]:
    contest, expert = world.judged.contest, world.review("accepted").expert
    wanted = milestones.ExtensionRequest(contest.review_close + timedelta(days=1), "Болезнь")
    item = milestones.extend_expert(world.session, expert.id, wanted, by=By(CONSOLE, world.judged.now))
    world.sql("UPDATE extensions SET until = :until WHERE id = :id", id=item.id, until=wanted.until + timedelta(days=9))
    return {("extension-recorded", "extension", item.id)}


def extension_of_anothers_expert(world: World) -> set[Finding]:
    expert = world.session.scalars(select(Expert).where(Expert.contest_id == world.finished.contest.id)).first()
    contest, until = world.judged.contest, world.finished.contest.review_close + timedelta(days=9)
    item = factories.extension(world.session, expert, until, contest_id=contest.id, granted_at=world.judged.now)
    return {("extension-recorded", "extension", item.id), ("belongs-together", "extension", item.id)}


def milestone_by_hand(world: World) -> set[Finding]:
    factories.milestone(world.session, world.judged.contest, "meeting")
    return {("milestone-recorded", "contest", world.judged.contest.id)}


def milestone_that_came(world: World) -> set[Finding]:
    contest, by = world.judged.contest, By(CONSOLE, world.judged.now)
    plan = milestones.MilestonePlan(Code.MEETING, world.judged.now + timedelta(days=9), "Приказ", contest.version)
    milestones.set_milestone(world.session, contest.id, plan, by=by)
    world.session.flush()
    assert found(world.session, {"milestone-recorded"}) == {}
    world.sql("UPDATE milestones SET came_at = :at", at=world.judged.now)
    return {("milestone-recorded", "contest", contest.id)}


def acceptance_by_hand(world: World) -> set[Finding]:
    agreement = factories.agreement(world.session, world.judged.contest)
    factories.acceptance(world.session, world.review("accepted").expert, agreement)
    key = world.session.scalars(select(AgreementAcceptance.id)).one()
    note_state(world.session, world.judged.contest, by=By(CONSOLE, world.judged.now))
    return {("acceptance-recorded", "acceptance", key)}


def acceptance_deleted(world: World) -> set[Finding]:
    agreement = factories.agreement(world.session, world.judged.contest)
    expert = world.review("accepted").expert
    sha256 = agreement_hash(value_of(agreement, agreement.code))
    accept_agreements(world.session, expert, {agreement.code: sha256}, by=By(CONSOLE, world.judged.now))
    world.session.flush()
    assert found(world.session, {"acceptance-recorded"}) == {}
    world.sql("DELETE FROM agreement_acceptances")
    note_state(world.session, world.judged.contest, by=By(CONSOLE, world.judged.now))
    return {("acceptance-recorded", "expert", expert.id)}


def role_in_a_team(world: World) -> set[Finding]:
    person = world.judged.register()
    team = person.memberships[0].team_id
    world.sql("UPDATE team_members SET role = 'head' WHERE user_id = :id", id=person.id)
    return {("team-role-recorded", "user", person.id), ("team-led", "team", team)}


def opened(world: World) -> tuple[Application, SubmissionReturn]:
    """An application that its team has opened for changes."""
    item = world.judged.submit(world.judged.draft())
    person = world.judged.person_of(item)
    world.session.flush()
    row = open_own_edit(world.session, item.id, version=item.version, by=world.judged.by(person))
    world.session.flush()
    assert found(world.session, {"return-recorded"}) == {}
    return item, row


def changes_passed_for_a_return(world: World) -> set[Finding]:
    _, row = opened(world)
    world.sql("UPDATE submission_returns SET kind = 'staff' WHERE id = :id", id=row.id)
    return {("return-recorded", "return", row.id)}


def changes_ended_by_hand(world: World) -> set[Finding]:
    _, row = opened(world)
    world.sql("UPDATE submission_returns SET closed_at = at, outcome = 'expired' WHERE id = :id", id=row.id)
    return {("return-recorded", "return", row.id)}


def changes_forgotten(world: World) -> set[Finding]:
    item, row = opened(world)
    world.sql("DELETE FROM submission_returns WHERE id = :id", id=row.id)
    return {("return-recorded", "application", item.id)}


def certified_by_hand(world: World) -> set[Finding]:
    key = world.application().id
    at = world.judged.later()
    world.session.add(
        Certification(
            application_id=key, fingerprint="0" * 64, asked_at=at, decided_at=at, outcome="certified",
            decided_by_id=world.judged.secretary.id,
        )
    )  # fmt: skip
    world.session.flush()
    return {("certification-recorded", "certification", world.session.scalars(select(Certification.id)).one())}


def decided_by_hand(world: World) -> set[Finding]:
    item, at = world.application(), world.judged.later()
    row = Certification(application_id=item.id, fingerprint="0" * 64, asked_at=at)
    world.session.add(row)
    world.session.flush()
    note(world.session, item, Event.CERTIFICATION_ASKED, by=By(CONSOLE, at), state={"certification": row.id})
    world.session.flush()
    assert found(world.session, {"certification-recorded"}) == {}
    world.sql("UPDATE certifications SET outcome = 'certified', decided_at = :at WHERE id = :id", id=row.id, at=at)
    return {("certification-recorded", "certification", row.id)}


def signed(world: World) -> tuple[Application, DocumentSignature]:
    """A draft with a signature beside a document of it."""
    item = world.judged.draft()
    document = current_documents(item)[0]
    checked = Checked(b"0\x00", Facts(()), Verdict.UNVERIFIED)
    new = NewSignature("файл.sig", 2, sha256(checked.der).hexdigest(), checked)
    by = world.judged.by(world.judged.person_of(item))
    row = add_signature(world.session, item.id, document.id, new, by=by)
    world.session.flush()
    assert found(world.session, {"signature-recorded"}) == {}
    return item, row


def verdict_of_a_signature(world: World) -> set[Finding]:
    _, row = signed(world)
    world.sql("UPDATE document_signatures SET verdict = 'valid' WHERE id = :id", id=row.id)
    return {("signature-recorded", "signature", row.id)}


def bytes_of_a_signature(world: World) -> set[Finding]:
    _, row = signed(world)
    world.sql("UPDATE document_signatures SET content = :content WHERE id = :id", id=row.id, content=b"0\x01")
    return {("signature-recorded", "signature", row.id)}


def signature_put_in(world: World) -> set[Finding]:
    _, row = signed(world)
    there = {name: getattr(row, name) for name in ("document_id", "filename", "size", "facts", "verdict")}
    at = world.judged.later()
    world.session.add(
        DocumentSignature(**there, content=b"01", sha256=sha256(b"01").hexdigest(), checked_at=at, uploaded_at=at)
    )
    world.session.flush()
    return {("signature-recorded", "signature", world.session.scalars(select(func.max(DocumentSignature.id))).one())}


def looked_at(world: World) -> EarlyLook:
    """A look at the marks of an application before their time, on record."""
    contest = world.judged.contest
    world.judged.later()
    change_visibility(world.session, contest.id, STRICT, version=contest.version, by=world.judged.by())
    look = look_early(world.session, contest, world.application(), reason="Жалоба", by=world.judged.by())
    world.session.flush()
    assert found(world.session, {"look-recorded"}) == {}
    return look


def reason_of_a_look(world: World) -> set[Finding]:
    look = looked_at(world)
    world.sql("UPDATE early_looks SET reason = 'другая' WHERE id = :id", id=look.id)
    return {("look-recorded", "look", look.id)}


def look_forgotten(world: World) -> set[Finding]:
    look = looked_at(world)
    world.sql("DELETE FROM early_looks WHERE id = :id", id=look.id)
    return {("look-recorded", "look", look.id)}


def look_without_a_record(world: World) -> set[Finding]:
    at = world.judged.later()
    look = EarlyLook(
        contest_id=world.judged.contest.id, user_id=world.judged.secretary.id, reason="тихо", opened_at=at,
        until=at + timedelta(hours=1),
    )  # fmt: skip
    world.session.add(look)
    world.session.flush()
    return {("look-recorded", "look", look.id)}


def marks_shown_by_hand(world: World) -> set[Finding]:
    world.sql("UPDATE contests SET visibility = :v WHERE id = :id", v='{"experts": "own"}', id=world.judged.contest.id)
    return {("settings-recorded", "contest", world.judged.contest.id)}


OF_TEAMS = (
    reason_of_a_look, look_forgotten, look_without_a_record, marks_shown_by_hand,
    role_in_a_team, changes_passed_for_a_return, changes_ended_by_hand, changes_forgotten, certified_by_hand,
    decided_by_hand, verdict_of_a_signature, bytes_of_a_signature, signature_put_in,
)  # fmt: skip
"""Acts on what teams do with their applications beside filling them in."""


OWN = (
    conflict_lifted_by_hand, lifting_deleted, liftings_reason, review_set_aside_by_hand, tab_of_a_sheet,
    turn_of_a_sheet, plan_passed_for_current, clock_set_by_hand, clock_set_and_forgotten, mark_of_the_clock,
    time_of_a_cluster, extension_by_hand,
    extension_made_longer, extension_of_anothers_expert, milestone_by_hand, milestone_that_came,
    nomination_of_a_moved_application, invitation_declined_by_hand, decision_of_no_panel, acceptance_by_hand,
    acceptance_deleted,
)  # fmt: skip
"""Acts on the facts that rules ask instead of the journal."""


ACTS = (*REPORTED, *FURTHER, *LATER, *OWN, *OF_TEAMS)


@pytest.fixture(scope="module")
def read(site: tuple[Flask, World]) -> dict[str, frozenset[str]]:
    """By check, the tables that it asks for in the untouched world, where it finds nothing."""
    tables = {}
    for code in ALL:
        with taken_back(site[0]) as session, statements() as asked:
            assert found(session, {code}) == {}
        tables[code] = tables_named(asked)
    return tables


def test_nothing_is_found_where_nothing_was_done(world: World, read: dict[str, frozenset[str]]) -> None:
    assert found(world.session) == {}
    assert {code for code, tables in read.items() if not tables} == set()


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_every_act_is_found_by_name(world: World, act: Plant, read: dict[str, frozenset[str]]) -> None:
    """On SQLite every check looks that reads anything of what the act changed: for the others nothing has happened.

    PostgreSQL is asked by those that must find it: that their statements find the same there is what it can add, and
    the statements of all checks have been run on the untouched world.
    """
    with statements() as asked:
        expected = act(world)
        world.session.flush()
    changed, looking = tables_changed(asked), {code for code, _, _ in expected}
    assert {code for code in looking if not read[code] & changed} == set()
    if world.session.get_bind().dialect.name == "sqlite":
        looking = {code for code in ALL if read[code] & changed}
    assert set(found(world.session, looking)) == expected


def test_a_task_put_off_refused_and_given_again_leaves_no_offence(world: World) -> None:
    review, judged = world.review("accepted"), world.judged
    by, contest_id = judged.by(review.expert.user), review.contest_id
    sheet = SheetDraft(scores={}, comments={}, recommendation=None, version=review.version, pressed=True)
    acts: tuple[Callable[[Review, Contest], object], ...] = (
        lambda own, _: put_off(world.session, own, sheet, by=by),
        lambda own, _: decline_review(
            world.session, own, reason="overloaded", words="Отпуск", by=by, refusals_url="https://x"
        ),
        lambda own, contest: ask_again(
            world.session, contest, own, version=own.version, by=judged.by(), tasks_url="https://x"
        ),
    )
    for act in acts:
        act(world.session.get_one(Review, review.id), world.session.get_one(Contest, contest_id))
        world.session.flush()
        assert found(world.session) == {}


def test_every_check_of_traces_is_planted() -> None:
    """Whoever adds a check adds an act above that it finds; what only warns is tested below."""
    acts = "".join(map(getsource, ACTS))
    named = {trace.code for trace in TRACES if f'"{trace.code}"' in acts}
    assert named | {"journal-in-order", "submissions-in-order", "role-two-persons"} == {trace.code for trace in TRACES}


def test_a_difference_is_told_in_words(world: World) -> None:
    key = world.application().id
    requested_sum(world)
    offence = found(world.session)["answers-projected", "application", key]
    assert str(offence) == (
        f"application {key}: HISTORY-1-0001: requested is 12000000100, by the records it is 12000000000"
    )


def test_receipts_of_before_there_were_forms_are_verified_as_they_were(world: World) -> None:
    histories.with_first_receipts(world.session)
    assert found(world.session) == {}
    key = world.application().id
    requested_sum(world)
    offence = found(world.session)["receipt-recomputed", "application", key]
    assert str(offence) == (
        f"application {key}: HISTORY-1-0001: finance.requested is 12000000100, by the records it is 12000000000"
    )


def test_a_clock_that_was_set_back_is_a_warning(world: World) -> None:
    """The second contest of this world was made earlier than the first one ended."""
    check = next(trace for trace in TRACES if trace.code == "journal-in-order")
    record = world.session.scalars(
        select(JournalRecord).where(JournalRecord.event == "state.noted").order_by(JournalRecord.id.desc())
    )
    assert (check.warning, len([*check.find(world.session)]), record.first() is not None) == (True, 1, True)


SINCE = {"until", "ended", "link", "request", "team", "additional", "user"}
"""What the states of older records do not say."""
SEALED_SINCE = {
    "applications_received", "cancelled_reason", "decisions", "clusters", "members", "links", "requests", "sessions",
}  # fmt: skip
"""What older seals do not have; of reviews they have no more than four things, of conflicts the pair alone."""


def test_what_older_records_do_not_say_is_not_held_against_anybody(world: World) -> None:
    """Sessions, links, requests, teams and seals of an installation from before verification looked at them."""
    history, session = world.judged, world.session
    person = history.register()
    sign_out(session, history.sign_in(person).id, by=history.by(person))
    history.sign_in(history.administrator())
    history.end_request(history.ask())
    history.approve_role(history.ask())
    history.give_back(world.archived())
    note_state(session, world.finished.contest, by=By(CONSOLE, world.finished.now))
    note_accounts(session, by=By(CONSOLE, history.later()))
    history.register()
    session.flush()
    for seal in session.scalars(select(Seal)).all():
        _make_older(session, seal)
    for entry in session.scalars(select(JournalRecord)).all():
        entry.state = {key: value for key, value in (entry.state or {}).items() if key not in SINCE} or None
    session.flush()
    assert found(session) == {}


def _make_older(session: Session, seal: Seal) -> None:
    document = {key: value for key, value in seal.document.items() if key not in SEALED_SINCE}
    if "reviews" in document:
        document["reviews"] = {key: row[:4] for key, row in document["reviews"].items()}
        document["conflicts"] = [pair[:2] for pair in document["conflicts"]]
    before, seal.document, seal.sha256 = seal.sha256, document, digest(document)
    for entry in session.scalars(select(JournalRecord)).all():
        if (entry.state or {}).get("seal") == before:
            entry.state = {**(entry.state or {}), "seal": seal.sha256}
    session.flush()


def test_every_event_is_known_to_the_replay_or_gives_no_status() -> None:
    """Whoever adds an event says here, or in the replay, what it does to statuses."""
    assert {*GIVES, *SPECIAL} | STATUSLESS == {event.value for event in Event}
    assert ({*GIVES} | {*SPECIAL}) & STATUSLESS == set()


def test_every_status_that_is_stored_is_led_to() -> None:
    led = {(kind, status) for kind, status in GIVES.values()}
    led |= {("review", "assigned"), ("plan", "queued"), ("plan", "applied")}
    stored = {
        (KINDS[subject], str(row.target))
        for subject in KINDS for row in TRANSITIONS if row.subject is subject and row.target is not None
    }  # fmt: skip
    assert stored - led == set()


def test_the_page_of_checks_is_current() -> None:
    spec = importlib.util.spec_from_file_location("verification_docs", ROOT / "bin" / "verification_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "verification.md").read_text("utf-8") == module.document()


KINDS = {
    Subject.CONTEST: "contest", Subject.APPLICATION: "application", Subject.REVIEW: "review", Subject.PLAN: "plan",
    Subject.FIRMNESS: "report",
}  # fmt: skip
STATUSLESS = {
    "account.blocked", "account.changed", "account.confirmed", "account.registered", "account.unblocked",
    "agreement.accepted", "contest.agreements_changed",
    "application.changed", "application.checked", "application.moved", "application.panel_decided",
    "application.reopened", "application.return_ended", "application.returned", "contest.public_page_changed",
    "contest.template_changed",
    "assignment.reminded", "assignment.reminders_scheduled", "assignment.rules_changed", "review.changes_confirmed",
    "assignment.additional_not_found",
    "agreed_score.lead_named", "agreed_score.returned", "agreed_score.saved", "agreed_score.submitted",
    "discussion.message_edited", "discussion.message_removed", "discussion.message_written",
    "discussion.rules_changed",
    "clock.set", "cluster.changed",
    "conflict.lifted",
    "contest.stage_carried",
    "contest.changed", "contest.form_changed", "contest.loaded", "contest.milestone_changed",
    "contest.nominations_changed", "contest.replaced", "contest.rubric_changed", "contest.schedule_changed",
    "extension.granted", "extension.revoked", "workdays.changed",
    "document.added", "document.downloaded", "document.removed", "documents.swept", "signature.added",
    "signature.checked", "signature.removed", "expert.added", "expert.changed",
    "expert.removed", "export.made", "invitation.accepted", "invitation.declined", "invitation.sent",
    "job.retried", "password.changed",
    "password.reset_asked", "plan.ticked", "review.counted_again", "review.put_off", "review.saved", "review.set_aside",
    "role.asked", "role.asking_ended", "role.granted",
    "role.revoked", "session.refused", "session.signed_in", "session.signed_out",
    "session.signed_out_by_administrator", "session.signed_out_everywhere", "state.noted", "team.member_added",
    "team.created", "team.invited", "team.invitation_revoked", "team.member_removed", "team.lead_changed",
    "team.request_ended", "application.role_given", "application.section_assigned", "application.section_marked",
    "application.certification_asked", "application.certified", "application.certification_returned",
    "trial.rehearsed", "trial.wiped", "contest.visibility_changed", "marks.looked_at",
}  # fmt: skip
"""Events after which every status is what it was before."""
