"""The demonstration data: archives that fit, documents that open, numbers that agree, the story that is told."""

import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook
from stdnum.ru import inn, ogrn

from judging.adapters.archive import read_archive
from judging.adapters.preset import read_preset_form
from judging.domain.conflicts import detect, pairs
from judging.domain.forms.form import FieldKind
from judging.domain.ranking import Placing, rank
from judging.domain.record import ContestRecord, Decision, Review, ReviewState
from judging.domain.rubric import ExpertCriterion, comment_needed, is_on_scale

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "judging" / "data"
DEMO = DATA / "demo"
ARCHIVES = ("contest-2025.json", "contest-2026.json", "contest-open.json")
JUDGED = ARCHIVES[:2]
NUMBER = "PP41-2026-{:03d}"
REQUIRED = (
    "application_letter",
    "paper_passport",
    "business_plan",
    "financial_model",
    "paper_schedule",
    "consortium_agreement",
    "membership_proof",
)


def load(name: str):
    return json.loads((DEMO / name).read_text(encoding="utf-8"))


@cache
def record(name: str) -> ContestRecord:
    return read_archive((DEMO / name).read_bytes())


@cache
def finished() -> ContestRecord:
    return record("contest-2026.json")


@cache
def rows() -> dict[str, Placing]:
    return {row.number: row for row in rank(finished()).rows}


def everything() -> dict[str, object]:
    return {application.number: application for name in ARCHIVES for application in record(name).applications}


def reviews_of(number: int) -> list[Review]:
    return [review for review in finished().reviews if review.application == NUMBER.format(number)]


def paths(extension: str) -> list[Path]:
    return sorted(DEMO.glob(f"documents/*/*.{extension}"))


def identifier(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def roubles(kopecks: int) -> Decimal:
    return Decimal(kopecks) / 100


@pytest.mark.parametrize("name", ARCHIVES)
def test_identifiers_have_valid_check_digits_and_belong_to_nobody(name):
    for organisation in record(name).organisations:
        assert inn.is_valid(organisation.inn)
        assert ogrn.is_valid(organisation.ogrn)
        assert organisation.inn.startswith("0000")


@pytest.mark.parametrize("name", ARCHIVES)
def test_participants_are_members_of_the_cluster(name):
    one = record(name)
    members = {cluster.code: set(cluster.members) for cluster in one.clusters}
    outside = [
        application.number
        for application in one.applications
        if not {application.initiator, *(partner.inn for partner in application.partners)}
        <= members[application.cluster]
    ]
    assert outside == []


@pytest.mark.parametrize("name", ARCHIVES)
def test_every_cluster_is_marked_as_demonstration(name):
    assert all(cluster.name.endswith(" (демонстрационные данные)") for cluster in record(name).clusters)


@pytest.mark.parametrize("name", ARCHIVES)
def test_applications_came_within_the_window_and_ask_for_no_more_than_half(name):
    one = record(name)
    terms = one.contest
    for application in one.applications:
        assert terms.applications_open <= application.submitted_at < terms.applications_close
        assert application.requested * 2 <= application.total_cost
        assert application.requested <= terms.rules.cap_per_application


def test_the_story_has_25_applications_15_experts_and_one_of_each_decision():
    one = finished()
    decisions = Counter(application.status for application in one.applications)
    assert decisions == {Decision.ADMITTED: 23, Decision.REJECTED: 1, Decision.WITHDRAWN: 1}
    assert len(one.experts) == 15


def test_most_applications_came_on_the_last_day():
    last = finished().contest.applications_close.date()
    assert sum(application.submitted_at.date() == last for application in finished().applications) == 17


def test_nothing_is_missing_and_every_outcome_but_incomplete_is_there():
    assert {row.needs for row in rows().values()} == {None}
    assert Counter(row.outcome for row in rows().values()) == {"winner": 9, "reserve": 7, "below_threshold": 7}


def test_the_last_winner_gets_what_is_left_of_the_budget():
    winners = [row for row in rows().values() if row.outcome == "winner"]
    wanted = {application.number: application.requested for application in finished().applications}
    assert [row.number for row in winners if row.amount < wanted[row.number]] == [NUMBER.format(4)]
    assert sum(row.amount for row in winners) == finished().contest.budget


def test_a_tie_on_the_total_is_resolved_by_the_first_criterion():
    upper, lower = rows()[NUMBER.format(20)], rows()[NUMBER.format(19)]
    assert (upper.total, upper.place, upper.tied) == (lower.total, 4, False)
    assert (lower.place, lower.tied) == (5, False)
    assert upper.criteria["C1"] > lower.criteria["C1"]


def test_two_applications_share_a_place():
    shared = {row.number: row.place for row in rows().values() if row.tied}
    assert shared == {NUMBER.format(23): 10, NUMBER.format(24): 10}


def test_divergences_have_their_additional_reviews():
    diverged = {row.number for row in rows().values() if row.diverged}
    additional = {review.application for review in finished().reviews if review.additional}
    assert diverged == additional == {NUMBER.format(4), NUMBER.format(7)}


def test_a_recused_expert_was_replaced():
    states = Counter(review.state for review in reviews_of(21))
    assert states == {ReviewState.SUBMITTED: 3, ReviewState.RECUSED: 1}


def test_a_conflict_found_after_submission_takes_the_review_out():
    barred = pairs(finished().conflicts)
    late = [review.expert for review in finished().reviews if review.submitted_at and
            (review.expert, review.application) in barred]  # fmt: skip
    assert late == ["m.ignatyuk@example.org"]
    assert len(reviews_of(9)) == 4
    assert len(rows()[NUMBER.format(9)].counted) == 3
    assert late[0] not in rows()[NUMBER.format(9)].counted


def test_a_total_above_the_threshold_fails_on_a_floor():
    row = rows()[NUMBER.format(17)]
    assert row.total > finished().contest.rules.pass_total
    assert not row.passed


@pytest.mark.parametrize(("name", "number"), [("contest-2025.json", 3), ("contest-2026.json", 9)])
def test_conflicts_by_employer_are_all_listed(name, number):
    one = record(name)
    assert set(detect(one.applications, one.clusters, one.experts)) <= set(one.conflicts)
    assert len(one.conflicts) == number


@pytest.mark.parametrize("name", JUDGED)
def test_nobody_judges_beyond_the_agreed_load(name):
    one = record(name)
    loads = Counter(review.expert for review in one.reviews if review.state is ReviewState.SUBMITTED)
    assert [expert.email for expert in one.experts if loads[expert.email] > expert.max_load] == []


@pytest.mark.parametrize("name", JUDGED)
def test_reviews_are_on_the_scale_on_time_and_commented_where_they_must_be(name):
    one = record(name)
    expert = {item.code: item for item in one.contest.criteria if isinstance(item, ExpertCriterion)}
    for review in one.reviews:
        if review.state is not ReviewState.SUBMITTED:
            continue
        assert set(review.scores) == set(expert)
        assert one.contest.applications_close < review.submitted_at < one.contest.review_close
        for code, mark in review.scores.items():
            assert is_on_scale(expert[code].scale, mark)
            assert code in review.comments or not comment_needed(expert[code], mark)


@pytest.mark.parametrize("name", JUDGED)
def test_comments_do_not_repeat_themselves(name):
    texts = Counter(text for review in record(name).reviews for text in review.comments.values())
    assert max(texts.values()) <= 3
    assert len(texts) > 0.95 * texts.total()
    assert [text for text in texts if "{" in text or "  " in text] == []


def test_the_longest_names_are_long_and_fit():
    assert 250 < max(len(application.title) for application in finished().applications) <= 300
    assert max(len(organisation.name) for organisation in finished().organisations) > 200


def test_the_open_contest_has_two_admitted_applications_and_no_reviews():
    one = record("contest-open.json")
    assert [application.status for application in one.applications] == [Decision.ADMITTED] * 2
    assert one.reviews == ()
    assert (one.contest.applications_close - one.contest.applications_open).days == 30


def test_every_application_has_a_passport_whose_money_adds_up():
    passports, applications = load("passports.json"), everything()
    assert set(passports) == set(applications)
    for number, passport in passports.items():
        application = applications[number]
        own, loans, other = (Decimal(passport[key]) for key in ("own_funds", "loans", "other_budget"))
        total = roubles(application.total_cost)
        assert own + loans + other + roubles(application.requested) == total
        assert (own + loans) * 100 / total == application.indicators["private_share"]


def test_passports_fit_the_form():
    for passport in load("passports.json").values():
        assert passport["starts_on"] < passport["ends_on"]
        assert 1 <= passport["readiness_level"] <= 9
        assert 0 < len(passport["goal"]) <= 1000
        assert 0 < len(passport["summary"]) <= 3000
        assert re.fullmatch(r"\+7 \(495\) 000-\d\d-\d\d", passport["contact_phone"])


def test_the_index_names_exactly_the_stored_documents():
    index = load("documents.json")
    listed = sorted(line["path"] for lines in index.values() for line in lines)
    assert listed == sorted(path.relative_to(DEMO).as_posix() for path in DEMO.glob("documents/*/*"))
    assert set(index) == set(everything()) - {item.number for item in record("contest-2025.json").applications}
    assert Counter(len(lines) for lines in index.values()) == {1: 19, len(REQUIRED): 8}


def test_documents_fit_the_slots_of_the_full_form():
    slots = {field.code: field for field in read_preset_form().fields() if field.kind is FieldKind.FILE}
    assert tuple(code for code, slot in slots.items() if slot.required is True) == REQUIRED
    for lines in load("documents.json").values():
        for line in lines:
            extension = Path(line["path"]).suffix[1:]
            assert extension in slots[line["slot"]].extensions
            assert line["filename"].endswith(f".{extension}")


def test_documents_are_small():
    sizes = [path.stat().st_size for path in DEMO.glob("documents/*/*")]
    assert max(sizes) < 60_000
    assert sum(sizes) < 3_000_000


@pytest.mark.parametrize("path", paths("pdf"), ids=identifier)
def test_a_pdf_is_whole(path):
    data = path.read_bytes()
    assert data.startswith(b"%PDF-1.")
    assert data.endswith(b"%%EOF")
    table = data[int(re.findall(rb"startxref\s+(\d+)", data)[-1]) :]
    offsets = [int(offset) for offset in re.findall(rb"(\d{10}) \d{5} n", table)]
    objects = [data[offset:].split(b" ", 1)[0] for offset in offsets]
    assert table.startswith(b"xref")
    assert objects == [str(place).encode() for place in range(1, len(offsets) + 1)]
    assert any(b"/Type/Page/" in data[offset : offset + 2000] for offset in offsets)


@pytest.mark.parametrize("path", paths("docx"), ids=identifier)
def test_a_docx_opens_and_names_the_project(path):
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    assert everything()[path.parent.name].title in text


@pytest.mark.parametrize("path", paths("xlsx"), ids=identifier)
def test_a_workbook_opens_and_agrees_with_the_application(path):
    application, book = everything()[path.parent.name], load_workbook(path)
    if path.stem == "schedule":
        costs = [row[4].value for row in book["График"].iter_rows(min_row=2, max_row=6)]
        assert round(sum(map(Decimal, map(str, costs))), 2) == roubles(application.total_cost)
        return
    inputs, sources = book["Исходные данные"], book["Источники"]
    assert inputs["B2"].value == application.title
    assert Decimal(str(inputs["B5"].value)) == roubles(application.total_cost)
    assert Decimal(str(inputs["B6"].value)) == application.indicators["payback_years"]
    assert Decimal(str(sources["B4"].value)) == roubles(application.requested)
    assert sum(Decimal(str(sources[f"B{row}"].value)) for row in (2, 3, 4)) == roubles(application.total_cost)


def content_of(path: Path) -> object:
    """The bytes; of an office file what is packed in it, since packing differs between builds of zlib."""
    if path.suffix not in (".docx", ".xlsx"):
        return path.read_bytes()
    with zipfile.ZipFile(path) as package:
        return [(entry.filename, entry.date_time, package.read(entry)) for entry in package.infolist()]


def test_the_generator_gives_what_is_stored(tmp_path):
    subprocess.run([sys.executable, str(ROOT / "bin" / "make_demo.py"), str(tmp_path)], check=True, cwd=ROOT)
    made = {path.relative_to(tmp_path): content_of(path) for path in tmp_path.rglob("*") if path.is_file()}
    stored = {path.relative_to(DEMO): content_of(path) for path in DEMO.rglob("*") if path.is_file()}
    del stored[Path("README.md")]
    by_hand = {path for path in stored if path.parts[0] == "signed"}  # make_demo_signature.py makes its keys anew
    stored = {path: content for path, content in stored.items() if path not in by_hand}
    assert [path.name for path in sorted(by_hand)] == ["attorney.pdf", "attorney.pdf.sig"]
    assert sorted(made) == sorted(stored)
    assert [str(path) for path in made if made[path] != stored[path]] == []
