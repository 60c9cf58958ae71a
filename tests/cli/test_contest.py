"""``flask contest load | dump | ranking | milestones``: what they store, print and refuse."""

import json
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask_babel import force_locale, gettext
from openpyxl import load_workbook
from sqlalchemy import select

from judging.adapters.archive import read_archive
from judging.domain.access import CONSOLE, By
from judging.models import Application, Contest, JournalRecord
from judging.queries.records import contest_record_with_drafts
from judging.services.rankings import freeze_ranking, prepare_snapshot
from tests import factories

DATA = Path(__file__).parents[1] / "data"
GOLDEN, RANKING = DATA / "golden-1.json", DATA / "golden-1.ranking.json"


def faulty(tmp_path, *changes):
    text = GOLDEN.read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = tmp_path / "faulty.json"
    path.write_text(text, "utf-8")
    return path


def outcome(result):
    return result.exit_code, result.stdout, result.stderr


def codes(store):
    with store() as session:
        return session.scalars(select(Contest.code)).all()


def test_load_stores_the_whole_contest(run, store):
    assert outcome(run("load", GOLDEN)) == (0, "Loaded GOLDEN-1: 5 applications, 3 experts, 11 reviews.\n", "")
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        assert contest_record_with_drafts(session, contest.id) == read_archive(GOLDEN.read_bytes())


def test_load_reads_standard_input(run, store):
    result = run("load", "-", input=GOLDEN.read_bytes())
    assert result.exit_code == 0
    assert codes(store) == ["GOLDEN-1"]


def test_load_names_every_fault_and_stores_nothing(run, store, tmp_path):
    path = faulty(
        tmp_path,
        ('"requested": "60000000.00"', '"requested": "60 млн"'),
        ('"E4": "9"', '"E4": "12"'),
        ('"max_load": 10', '"max_load": 10, "phone": null'),
    )
    assert outcome(run("load", path)) == (
        2,
        "",
        "applications[3].requested: not a decimal\n"
        "experts[0].phone: unknown key\n"
        "experts[1].phone: unknown key\n"
        "experts[2].phone: unknown key\n"
        "reviews[5].scores.E4: The mark 12 is not on the scale from 0 to 10 with the step 1\n"
        "reviews[6].scores.E4: The mark 12 is not on the scale from 0 to 10 with the step 1\n",
    )
    assert codes(store) == []


def test_a_fault_cannot_drive_the_terminal(run, tmp_path):
    path = faulty(tmp_path, ('"cluster": "KMK"', r'"cluster": "\u001b[2J\nK"'))
    assert run("load", path).stderr.splitlines()[0] == "applications[0].cluster: unknown cluster [2J K"


def test_a_file_that_is_not_there_is_refused(run, tmp_path):
    result = run("load", tmp_path / "none.json")
    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr


def test_a_code_that_exists_is_refused_with_the_way_out(run, loaded):
    assert outcome(run("load", GOLDEN)) == (
        2,
        "",
        "There is a contest with the code GOLDEN-1 already. Give --replace to put the archive in its place.\n",
    )


def test_load_replaces_when_asked(run, loaded, store, tmp_path):
    path = faulty(tmp_path, ("проверочный пример", "второй вариант"))
    assert run("load", "--replace", path).exit_code == 0
    with store() as session:
        assert session.scalars(select(Contest.title)).all() == ["Конкурс совместных проектов: второй вариант"]
        assert session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)).all() == [
            "contest.loaded",
            "contest.replaced",
        ]


@pytest.mark.parametrize("status", ["approved", "results_published"])
def test_a_contest_with_a_signed_ranking_is_not_replaced(run, loaded, store, status):
    with store() as session:
        session.scalars(select(Contest)).one().status = status
    assert outcome(run("load", "--replace", GOLDEN)) == (
        2,
        "",
        "The ranking of the contest GOLDEN-1 is approved: the contest cannot be replaced.\n",
    )


def test_dump_writes_the_archive_that_was_loaded(run, loaded):
    result = run("dump", "GOLDEN-1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes == GOLDEN.read_bytes()


def test_the_worked_example_gives_its_ranking_to_the_letter(run, loaded):
    result = run("ranking", "GOLDEN-1", "--format", "json")
    assert (result.exit_code, result.stdout_bytes) == (0, RANKING.read_bytes())


def test_the_ranking_goes_to_a_file(run, loaded, tmp_path):
    path = tmp_path / "ranking.json"
    assert outcome(run("ranking", "GOLDEN-1", "--format", "json", "--output", path)) == (0, "", "")
    assert json.loads(path.read_text("utf-8")) == json.loads(RANKING.read_text("utf-8"))


def test_the_ranking_as_text_is_a_table(run, loaded):
    assert run("ranking", "GOLDEN-1").stdout == (
        "GOLDEN-1 Конкурс совместных проектов: проверочный пример\n"
        "\n"
        "Place  Number  Total  Computed  Expert  Outcome                  Amount  Project\n"
        "-----  ------  -----  --------  ------  ---------------  --------------  "
        "--------------------------------------\n"
        "    1  001     69.00     32.20   36.80  winner           120 000 000.00  "
        "Демонстрационный совместный проект 001\n"
        "    2  005     69.00     32.20   36.80  winner            80 000 000.00  "
        "Демонстрационный совместный проект 005\n"
        "    3  002     66.60     33.47   33.13  reserve                    0.00  "
        "Демонстрационный совместный проект 002\n"
        "    4  003     59.43     26.73   32.70  below threshold            0.00  "
        "Демонстрационный совместный проект 003\n"
        "    5  004     40.43     20.33   20.10  below threshold            0.00  "
        "Демонстрационный совместный проект 004\n"
        "\n"
        "Ranked: 5. Winners: 2. Granted: 200 000 000.00 (of 300 000 000.00).\n"
    )


def test_shared_places_long_titles_and_open_questions_are_shown(run, tmp_path):
    path = faulty(
        tmp_path,
        ('"submitted_at"\n   ]', '"requested"\n   ]'),
        ('"requested": "80000000.00"', '"requested": "120000000.00"'),
        ("Демонстрационный совместный проект 004", "Очень " * 20 + r"\u001b[2J"),
        ('"budget": "300000000.00"', '"budget": null'),
        ('"additional": true', '"additional": false'),
        ('"experts_per_application": 2', '"experts_per_application": 3'),
    )
    assert run("load", path).exit_code == 0
    lines = run("ranking", "GOLDEN-1").stdout.splitlines()
    assert [line.split()[0] for line in lines[4:9]] == ["1=", "1=", "3", "4", "5"]
    assert "incomplete (additional review)" in lines[6]
    assert "incomplete (reviews)" in lines[4]
    assert lines[8].endswith("Очень " * 9 + "Очень…")
    assert lines[-1] == "Ranked: 5. Winners: 0. Granted: 0.00 (no limit)."


def test_the_ranking_as_a_workbook_is_one(run, loaded):
    content = run("ranking", "GOLDEN-1", "--format", "xlsx").stdout_bytes
    assert "xl/workbook.xml" in zipfile.ZipFile(BytesIO(content)).namelist()


def test_a_frozen_ranking_is_written_as_it_was_frozen(run, loaded, store):
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        computed = prepare_snapshot(session, contest.id)
        freeze_ranking(session, contest, computed, version=contest.version, by=By(CONSOLE, factories.MOMENT))
    with store() as session:
        session.scalars(select(Application).where(Application.number == "001")).one().status = "withdrawn"
    result = run("ranking", "GOLDEN-1", "--format", "json")
    assert (result.exit_code, result.stdout_bytes) == (0, RANKING.read_bytes())


def test_the_workbook_names_status_and_reasons_in_russian(app, run, loaded, store):
    with store() as session:
        item = session.scalars(select(Application).where(Application.number == "004")).one()
        item.status, item.decision_reason, item.decision_clause = "rejected", "Нет паспорта проекта", "3.2"
        item.decided_at = factories.MOMENT
    content = run("ranking", "GOLDEN-1", "--format", "xlsx").stdout_bytes
    sheet = load_workbook(BytesIO(content), read_only=True)["Не допущены"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    with app.app_context(), force_locale("ru"):
        rejected = gettext("Rejected")
    assert rejected != "Rejected"
    assert [str(cell) for cell in rows[1][:5]] == [
        "004", "Демонстрационный совместный проект 004", rejected, "Нет паспорта проекта", "3.2",
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["dump", "ranking"])
def test_a_code_that_is_unknown_is_refused(run, command):
    assert outcome(run(command, "НЕТ-1")) == (2, "", "There is no contest with the code НЕТ-1.\n")


def test_no_file_is_left_where_there_is_no_ranking(run, tmp_path):
    assert run("ranking", "NONE", "--output", tmp_path / "ranking.txt").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_contest_without_applications_has_an_empty_ranking(run, store):
    with store() as session:
        code = factories.contest(session).code
    assert json.loads(run("ranking", code, "--format", "json").stdout) == {"contest": code, "rows": []}
    assert run("ranking", code).stdout.splitlines()[-1] == ("Ranked: 0. Winners: 0. Granted: 0.00 (of 300 000 000.00).")


def test_milestones_are_a_table_and_json(run, store):
    with store() as session:
        contest = factories.contest(session, code="PP41", applications_close=datetime(2025, 10, 30, 15, tzinfo=UTC),
                                    applications_open=datetime(2025, 9, 1, 6, tzinfo=UTC),
                                    review_close=datetime(2027, 12, 30, 9, tzinfo=UTC))  # fmt: skip
        factories.milestone(session, contest, "corrections", after="applications_close", days=3, unit="working")
        factories.milestone(session, contest, "meeting", after="review_close", days=5, unit="working")
        came = datetime(2025, 9, 3, 7, tzinfo=UTC)
        factories.milestone(session, contest, "briefing", at=came, came_at=came)
    assert outcome(run("milestones", "PP41")) == (
        0,
        "PP41\n\n"
        "Milestone           Moscow time          Counted                                  State\n"
        "------------------  -------------------  ---------------------------------------  ------------\n"
        "applications_open   2025-09-01 09:00:00  date of the contest\n"
        "briefing            2025-09-03 10:00:00  given                                    came by hand\n"
        "applications_close  2025-10-30 18:00:00  date of the contest\n"
        "corrections         2025-11-06 00:00:00  3 working days after applications_close\n"
        "review_close        2027-12-30 12:00:00  date of the contest\n"
        "meeting             2028-01-15 00:00:00  5 working days after review_close        provisional\n",
        "",
    )
    document = json.loads(run("milestones", "PP41", "--format", "json").stdout)
    assert document["contest"] == "PP41"
    assert {one["code"]: one for one in document["milestones"]}["corrections"] == {
        "code": "corrections", "at": "2025-11-05T21:00:00+00:00", "provisional": False, "by_hand": False,
        "counted": {"after": "applications_close", "days": 3, "unit": "working"},
    }  # fmt: skip
    assert [one["code"] for one in document["milestones"] if one["provisional"]] == ["meeting"]
    assert outcome(run("milestones", "NONE")) == (2, "", "There is no contest with the code NONE.\n")
