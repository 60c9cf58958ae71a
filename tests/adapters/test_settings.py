"""Files of settings: what was written is read as it was, whatever it holds; of any other file every fault is told."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.adapters.settings import LARGEST, dump_settings, read_settings
from judging.domain.agreements import Agreement
from judging.domain.certification import Certification
from judging.domain.discussion import Circle, DiscussionRules
from judging.domain.distribution import AdditionalCall, DistributionRules, Goal
from judging.domain.errors import Refused
from judging.domain.guidance import guidance_of
from judging.domain.milestones import COLUMNS, After, Code
from judging.domain.public_page import AnsweredQuestion, CheckQuestion, PublicPage
from judging.domain.rubric import ExpertCriterion
from judging.domain.settings.values import ContestSettings, Terms, WordedCriterion
from judging.domain.workdays import MOST_DAYS, Unit
from tests.forms import sample
from tests.richer import a_sheet
from tests.strategies import Draw, a_nomination, rubrics, rules, texts

OPENS = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
ENGLISH = st.none() | texts()


@st.composite
def worded(draw: Draw[Any], criterion: Any) -> WordedCriterion:
    """A criterion with words; the levels of a scale are one for all its marks, or none."""
    guidance = {"text": draw(texts())} | ({"text_en": english} if (english := draw(ENGLISH)) else {})
    codes = st.lists(st.sampled_from(("finance", "demand", "business_plan")), max_size=3, unique=True)
    guidance = guidance_of(
        guidance["text"],
        guidance.get("text_en", ""),
        sections=draw(codes),
        slots=draw(codes),
        page=draw(st.none() | st.integers(1, 9999)),
    )
    guidance = {name: said for name, said in guidance.items() if said}
    levels: tuple[dict[str, str], ...] = ()
    if isinstance(criterion, ExpertCriterion) and draw(st.booleans()):
        ends = {"from": str(criterion.scale.minimum), "to": str(criterion.scale.maximum)}
        levels = ({**ends, "text": draw(texts())} | ({"text_en": english} if (english := draw(ENGLISH)) else {}),)
    return WordedCriterion(criterion, draw(ENGLISH) or "", draw(st.sampled_from(({}, guidance))), levels)


@st.composite
def plans(draw: Draw[Any]) -> dict[Code, Any]:
    """Milestones at instants, and some that are counted from a date of the contest or from one of those."""
    codes = draw(st.lists(st.sampled_from([code for code in Code if code not in COLUMNS]), max_size=4, unique=True))
    found: dict[Code, Any] = {}
    for place, code in enumerate(codes):
        base = draw(st.sampled_from([*COLUMNS, *codes[:place]]))
        after = After(base, draw(st.integers(1, MOST_DAYS)), draw(st.sampled_from(Unit)))
        found[code] = draw(st.sampled_from((after, OPENS + timedelta(days=draw(st.integers(1, 900))))))
    return {code: found[code] for code in Code if code in found}


@st.composite
def public_pages(draw: Draw[Any]) -> PublicPage:
    """Texts of a public page, or none."""
    if draw(st.booleans()):
        return PublicPage()
    asked = CheckQuestion(draw(texts()), "at_most", draw(texts()), draw(ENGLISH) or "", "", "50", draw(texts()))
    day = draw(st.dates()).isoformat()
    answered = tuple(AnsweredQuestion(draw(texts()), draw(texts()), day) for _ in range(draw(st.integers(0, 2))))
    plain = CheckQuestion(draw(texts()), draw(st.sampled_from(("yes", "no"))), draw(texts()))
    return PublicPage((asked, plain)[: draw(st.integers(0, 2))], answered, draw(texts()), draw(texts()), draw(texts()))


@st.composite
def contest_settings(draw: Draw[Any]) -> ContestSettings:
    criteria = draw(rubrics())
    group = draw(st.sampled_from(({}, {"group": "Уровень"}, {"group": "Уровень", "group_en": "Level"})))
    minutes = sorted(draw(st.lists(st.integers(1, 600_000), min_size=2, max_size=2, unique=True)))
    close, review = (OPENS + timedelta(minutes=one, microseconds=draw(st.integers(0, 1))) for one in minutes)
    ruled = replace(draw(rules(criteria)), experts_per_application=3)
    form = sample().form
    title = draw(texts())
    first = form.sections[0]
    nominations = tuple(draw(a_nomination(code, criteria)) for code in ("N1", "N2", "N3")[: draw(st.integers(0, 3))])
    codes = tuple(one.code for one in nominations[:1])
    form = replace(form, sections=(replace(first, title=title, nominations=codes), *form.sections[1:]))
    return ContestSettings(
        Terms(
            draw(texts()), OPENS, close, review, draw(st.none() | st.integers(0, 10**12)), draw(texts()), draw(texts()),
            draw(ENGLISH) or "", draw(st.sampled_from(("Europe/Moscow", "Asia/Vladivostok"))),
            draw(st.sampled_from(Certification)),
        ),
        tuple(draw(worded(replace(one, **group))) for one in criteria),
        ruled,
        form,
        DistributionRules(
            draw(st.sampled_from(Goal)), draw(st.booleans()), draw(st.integers(0, 3)), draw(st.booleans()),
            draw(st.integers(0, 3)), draw(st.integers(0, 1000)), draw(st.integers(0, 2**31 - 1)),
            additional=draw(st.sampled_from(AdditionalCall)),
        ),
        draw(plans()),
        nominations,
        tuple(
            Agreement(code, draw(texts()), draw(texts()), draw(ENGLISH) or "", draw(ENGLISH) or "")
            for code in ("A1", "A2")[: draw(st.integers(0, 2))]
        ),
        draw(public_pages()),
        a_sheet(draw(st.randoms(use_true_random=False))),
        discussion=DiscussionRules(draw(st.sampled_from(Circle)), draw(st.integers(0, 1440))),
    )  # fmt: skip


@settings(max_examples=40)
@given(contest_settings())
def test_what_was_written_is_read_as_it_was(known: ContestSettings) -> None:
    data = dump_settings(known)
    assert read_settings(data) == known
    assert dump_settings(read_settings(data)) == data


@settings(max_examples=5)
@given(contest_settings())
def test_a_contest_that_asks_for_no_certification_does_not_say_so_and_another_word_is_refused(
    known: ContestSettings,
) -> None:
    document = json.loads(dump_settings(known))
    asked = known.terms.certification is Certification.REQUIRED
    assert document["terms"].get("certification") == ("required" if asked else None)
    document["terms"]["certification"] = "twice"
    assert [one for one in faults(json.dumps(document).encode()) if "certification" in one] != []


def faults(data: bytes) -> list[str]:
    with pytest.raises(Refused) as refusal:
        read_settings(data)
    return [str(fault) for fault in refusal.value.faults]


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    assert faults(b" " * (LARGEST + 1)) == ["larger than 2 MB"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", ["not JSON: line 1, column 1"]),
        (b"[]", ["the top level is not an object"]),
        (b"\xff", ["not UTF-8 text: byte 0"]),
        (b"{}", [f"{name}: missing" for name in ("format", "version", "terms", "criteria", "rules", "form",
                                                 "assignment")]),
        (b'{"terms": []}', [
            "format: missing", "version: missing", "terms: not an object", "criteria: missing", "rules: missing",
            "form: missing", "assignment: missing"]),
        (b'{"format": "contest-settings", "version": 2, "terms": {}, "criteria": [1], "rules": {}, "form": {}, '
         b'"assignment": {}, "nominations": []}', None),
    ],
)  # fmt: skip
def test_what_is_no_such_file(data: bytes, told: list[str] | None) -> None:
    found = faults(data)
    assert (
        sorted(found) == sorted(told)
        if told is not None
        else found[0] == ("version: only version 1 of the format can be read")
    )


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(("terms", "criteria", "rules", "form", "assignment", "code", "text", "sections", "title")),
        inner, max_size=5),
    max_leaves=12,
))  # fmt: skip
def test_no_file_whatsoever_is_more_than_refused(document: Any) -> None:
    with pytest.raises(Refused):
        read_settings(
            json.dumps({"terms": document, "criteria": document, "rules": document, "form": document}).encode()
        )
