"""What a team can know of its application before it submits it."""

from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.queries.applications import by_id
from judging.queries.checklists import hints_of
from judging.queries.kits import alike_of_team, computed_points, files_twice, points_before_submission
from judging.services.applications.application_submit import submit_application
from judging.services.applications.section_save import save_section
from tests import factories
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

AT = By(CONSOLE, MOMENT)
GOAL = "Создать на базе участников кластера выпуск шпиндельных узлов для станков с ЧПУ"


def test_the_points_are_those_that_the_officer_sees_after_submission(session: Session) -> None:
    draft = whole_draft(session, factories.contest(session))
    before = points_before_submission(session, draft, MOMENT)
    submit_application(session, draft.id, version=1, by=AT)
    session.flush()
    assert before == hints_of(session, by_id(session, draft.id))


def test_computed_points_follow_from_the_figures_alone(session: Session) -> None:
    found = {one.code: (one.value, one.points, one.full) for one in computed_points(whole_draft(session))}
    assert found == {
        "C1": (Decimal("66.67"), Decimal("5.56"), Decimal(10)),
        "C2": (Decimal(48), None, Decimal(8)),  # against the best of all, which nobody knows yet
        "C3": (Decimal(45), Decimal("7.50"), Decimal(10)),
        "C4": (Decimal("4.5"), Decimal("5.50"), Decimal(7)),
        "C5": (Decimal(55), Decimal("5.60"), Decimal(7)),
        "C6": (Decimal("2.4"), Decimal("6.40"), Decimal(8)),
    }


def test_a_file_in_two_places_is_named_once_with_both(session: Session) -> None:
    draft = factories.application(session, factories.contest(session), status="draft")
    files = [
        factories.document(session, draft, slot=slot, sha256=sha256 * 64)
        for slot, sha256 in (("application_letter", "a"), ("charter", "a"), ("charter", "b"), ("charter", "b"))
    ]
    session.expire(draft, ["documents"])
    assert files_twice(draft) == [tuple(files[:2])]


def test_another_application_of_the_team_with_the_same_texts_is_named_with_its_share(session: Session) -> None:
    contest = factories.contest(session, title="Конкурс")
    mine = whole_draft(session, contest)
    twin, other = (
        factories.application(session, contest, mine.cluster, status="draft", title=title)
        for title in ("Двойник", "Другой проект")
    )
    stranger = whole_draft(session, contest)
    for draft, goal in (
        (mine, GOAL),
        (twin, GOAL),
        (other, "Наладить литьё чугуна для мощных насосов"),
        (stranger, GOAL),
    ):
        save_section(session, draft.id, "passport", {"goal": goal, "place": ""}, seen=0, by=AT)
    session.flush()
    (found,) = alike_of_team(session, mine)
    assert (found.id, found.title, found.number, found.contest_title) == (twin.id, "Двойник", None, "Конкурс")
    assert Fraction(1, 2) <= found.share <= 1
