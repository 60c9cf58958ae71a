"""``flask contest firmness``: the tables to the letter, the JSON, what is refused; the workbook's last sheet."""

import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from judging.adapters.archive import read_archive
from judging.cli.firmness import report_text
from judging.domain.access import CONSOLE, By
from judging.domain.firmness import Refusal, Scenario, ScenarioKind, from_document, to_document
from judging.models import Application, Contest, FirmnessReport, JournalRecord
from judging.queries import firmness as queries
from judging.queries.firmness import compute_report
from judging.services.rankings import freeze_ranking, prepare_snapshot
from tests import factories, firmness

DATABASES = ("sqlite",)
"""What is printed: the services behind it are tried on both databases."""

GOLDEN = Path(__file__).parents[1] / "data" / "golden-1.json"
TABLES = """\
GOLDEN-1 Конкурс совместных проектов: проверочный пример
For reference only: official places, totals and outcomes do not depend on this. Intervals are of 90 %.
Projects: 3. Experts: 3. Reviews: 56.
Winners: 7. Greatest total: 100. Input {digest}, engine 1.
Some reviews are still missing: everything is as if those that are there were all.

Panels: projects linked by common experts

Panel  Projects  Experts  Reviews  Winners  By projects  By experts  By chance  Strict on strong  Note
-----  --------  -------  -------  -------  -----------  ----------  ---------  ----------------  {line}
    1        16        6       48        5        80.3%        6.8%      12.9%             -0.41
    2         4        2        8        2                                                        {few}

Places inside the panels, and probabilities

Place  Number  Total  Corrected  Error  Panel  Places  Above  Funded  Verdict
-----  ------  -----  ---------  -----  -----  ------  -----  ------  {line}
    2  СП-012  71.17      73.79   1.27      1     1-5   >99%     98%  Surely above the line
    5  СП-015  68.93      69.27   1.27      1     2-8    83%     81%  Grey zone
    6  СП-019  67.75                        2                         {few}

Experts: more generous (above 0) or stricter than the average one, in points

Expert              Name                      Panel  Reviews   Mean  Others  Generosity   From     To  Spread  \
Misfit  Note
------------------  ------------------------  -----  -------  -----  ------  ----------  -----  -----  ------  \
------  {short}
gromov@example.org  Громов Илья Петрович          1       10  60.93   65.10       -3.10  -4.24  -1.96    2.10   -6.20
ershov@example.org  Ершов Павел Николаевич        1        8  64.81   61.16       -0.90  -2.18   0.38    6.40    4.70  \
Scores hardly follow the projects
ilyin@example.org   Ильин Константин Юрьевич      1        4  59.98   62.75                                            \
Not enough data: the expert has fewer than eight reviews that count.

Agreement of the experts

Criterion  Projects  Marks  Alpha  Ordinal  ICC(1)  ICC(1,k)  W  Title
---------  --------  -----  -----  -------  ------  --------  -  {title}
                 20     56   0.71     0.69    0.72      0.89     The weighted total
К4               20     56                                       \
Наличие сбыта (Not enough data: all the scores are the same.)

Where one more review is worth most, in points

Number  Worth  Reviews  Above
------  -----  -------  -----
СП-013   0.20        3    44%
СП-014   0.15        3    25%

Who crosses the line where one thing is changed

Scenario               Become winners  Stop being winners  Note
---------------------  --------------  ------------------  {alone}
Weight of К1 -10%      СП-003          СП-018
Without e@example.org  nobody          СП-018              {kept}
By the trimmed mean    nobody          nobody

Winners in all 3 scenarios: СП-006, СП-012, СП-007, СП-001, СП-015, СП-019
Across the line in some of them (how many): СП-018 (3), СП-003 (3), СП-013 (1)
"""
FEW = "Not enough data: fewer than five projects are linked by common experts."
ALONE = "2 applications marked only by this expert keep their totals"


@pytest.fixture(scope="module")
def golden():
    return read_archive(GOLDEN.read_bytes())


def shortened_report():
    """A few rows of every table."""
    plain = firmness.report()
    scenarios = (
        Scenario(ScenarioKind.WEIGHT, "К1", -10, ("СП-003",), ("СП-018",)),
        Scenario(ScenarioKind.WITHOUT_EXPERT, "e@example.org", 0, (), ("СП-018",), 2),
        Scenario(ScenarioKind.AGGREGATE, "trimmed_mean"),
    )
    return replace(
        plain,
        provisional=True,
        projects=(plain.projects[1], plain.projects[4], plain.projects[5]),
        experts=(plain.experts[1], plain.experts[3], plain.experts[5]),
        agreement=(plain.agreement[0], plain.agreement[4]),
        sensitivity=replace(plain.sensitivity, scenarios=scenarios),
        next_reviews=plain.next_reviews[:2],
    )


def test_the_report_as_text_is_a_table_for_each_part(golden):
    fills = {
        "line": "-" * len(FEW),
        "few": FEW,
        "kept": ALONE,
        "short": "-" * 68,
        "title": "-" * 61,
        "alone": "-" * len(ALONE),
    }
    assert report_text(golden, shortened_report()) == TABLES.format(digest="5f" * 32, **fills)


def test_a_report_that_says_nothing_says_why(golden):
    assert report_text(golden, firmness.refused(Refusal.NO_REVIEWS)).splitlines()[1:] == [
        "For reference only: official places, totals and outcomes do not depend on this. Intervals are of 90 %.",
        "Projects: 0. Experts: 0. Reviews: 0.",
        f"Winners: 0. Greatest total: 100. Input {'5f' * 32}, engine 1.",
        "Not enough data: there is no review that counts.",
    ]


def test_verdicts_name_what_is_not_said_and_the_total_that_is_not_smoothed(golden):
    plain = firmness.cautious()
    first, second, *_ = plain.projects
    alone = replace(first, panel=None, corrected=None, corrected_se=None, lo=None, hi=None, p_line=None, p_funded=None)
    single = replace(second, lo=2, hi=2, p_line=0.004, p_funded=0.005)
    everybody = replace(plain.panels[0], no_line=Refusal.ALL_WINNERS, alarm=False)
    unsaid = replace(plain.projects[2], lo=3, hi=4, p_line=None, p_funded=None, grade=None)
    rows = []
    for item, panel in ((alone, plain.panels[0]), (single, plain.panels[0]), (unsaid, everybody)):
        report = replace(plain, projects=(item,), panels=(panel,), sensitivity=None, next_reviews=())
        lines = report_text(golden, report).splitlines()
        row = lines[lines.index("Places inside the panels, and probabilities") + 4]
        rows.append(re.split(r" {2,}", row.strip()))
    assert rows == [
        ["1", "СП-006", "71.67", "Not enough data: there is no review that counts."],
        [
            "2",
            "СП-012",
            "71.17",
            "73.79",
            "1.27",
            "1",
            "2",
            "<1%",
            "<1%",
            "Surely above the line (not smoothed: 72.29)",
        ],
        ["3", "СП-007", "70.80", "73.74", "1.27", "1", "3-4", "There is no line: everybody who may win does."],
    ]  # fmt: skip


def test_long_lists_are_cut_and_text_cannot_drive_the_terminal(golden):
    numbers = tuple(f"{n:03d}" for n in range(13))
    scenario = Scenario(ScenarioKind.WITHOUT_EXPERT, "a\x1b[2J@example.org", 0, numbers, ())
    plain = firmness.report()
    report = replace(plain, sensitivity=replace(plain.sensitivity, scenarios=(scenario,)))
    lines = report_text(golden, report).splitlines()
    assert next(line for line in lines if line.startswith("Without")) == (
        r"Without a\x1b[2J@example.org  000, 001, 002, 003, 004, 005, 006, 007, 008, 009 and 3 more  nobody"
    )


def test_the_command_computes_the_report_here_and_now_and_stores_nothing(run, loaded, store, golden):
    with store() as session:
        before = session.scalar(select(func.count(JournalRecord.id)))
    report = compute_report(golden)
    text, document = run("firmness", "GOLDEN-1"), run("firmness", "GOLDEN-1", "--format", "json")
    assert [(item.exit_code, item.stderr) for item in (text, document)] == [(0, "")] * 2
    assert (text.stdout, json.loads(document.stdout)) == (report_text(golden, report), to_document(report))
    assert (from_document(json.loads(document.stdout)), document.stdout[-2:]) == (report, "}\n")
    with store() as session:
        after = session.scalar(select(func.count(JournalRecord.id)))
        assert (after - before, session.scalar(select(func.count(FirmnessReport.id)))) == (0, 0)


def test_the_size_of_the_contest_does_not_matter(run, loaded, monkeypatch):
    monkeypatch.setattr(queries.ready, "WAITED_FOR_ROWS", 0)
    assert run("firmness", "GOLDEN-1").stdout.splitlines()[2] == "Projects: 5. Experts: 3. Reviews: 11."


def test_the_report_goes_to_a_file(run, loaded, golden, tmp_path):
    path = tmp_path / "firmness.json"
    result = run("firmness", "GOLDEN-1", "--format", "json", "--output", path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(path.read_text("utf-8")) == to_document(compute_report(golden))


def test_a_code_that_is_unknown_is_refused_and_no_file_is_left(run, tmp_path):
    result = run("firmness", "НЕТ-1", "--output", tmp_path / "firmness.txt")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "There is no contest with the code НЕТ-1.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_contest_without_applications_says_so(run, store):
    with store() as session:
        code = factories.contest(session).code
    result = run("firmness", code)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "Not enough data: no application is admitted.")


def sheet(content: bytes) -> dict[tuple[str, str], str]:
    """«Вывод» of the first rows of «Справочно» by subject and figure."""
    rows = load_workbook(BytesIO(content), read_only=True)["Справочно"].iter_rows(min_row=2, values_only=True)
    return {(row[1], row[2]): row[12] for row in rows if row[0] in ("О листе", "Проекты")}


def test_the_workbook_from_the_command_line_tells_the_firmness_of_its_own_record(run, loaded, store, golden):
    report = compute_report(golden)
    live = sheet(run("ranking", "GOLDEN-1", "--format", "xlsx").stdout_bytes)
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        computed = prepare_snapshot(session, contest.id)
        freeze_ranking(session, contest, computed, version=contest.version, by=By(CONSOLE, factories.MOMENT))
        session.scalars(select(Application).where(Application.number == "001")).one().status = "withdrawn"
    frozen = sheet(run("ranking", "GOLDEN-1", "--format", "xlsx").stdout_bytes)
    assert frozen == live
    assert live["весь лист", "SHA-256 исходных данных"] == report.digest
    numbers = [subject for subject, _ in live if subject not in ("весь лист", "Панель 1")]
    assert numbers == ["001", "005", "002", "003", "004"]


def test_the_workbook_of_a_large_contest_waits_for_the_worker_and_says_so(run, loaded, store, golden, monkeypatch):
    monkeypatch.setattr(queries.ready, "WAITED_FOR_ROWS", 0)
    wanting = sheet(run("ranking", "GOLDEN-1", "--format", "xlsx").stdout_bytes)
    report = compute_report(golden)
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        session.add(
            FirmnessReport(
                contest_id=contest.id, status="ready", digest=report.digest, document=to_document(report),
                requested_by="x", requested_at=factories.MOMENT, finished_at=factories.MOMENT,
            )
        )  # fmt: skip
    told = sheet(run("ranking", "GOLDEN-1", "--format", "xlsx").stdout_bytes)
    assert list(wanting) == [("весь лист", "Назначение"), ("весь лист", "Состояние")]
    assert told["весь лист", "SHA-256 исходных данных"] == report.digest
