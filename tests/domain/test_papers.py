"""The data of papers, their fingerprints, and how a paper that comes back is told from others."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from judging.domain.forms.form import ApplicationForm, Field, FieldKind, PaperKind, Section
from judging.domain.papers import (
    SIGNATORY,
    Compared,
    Paper,
    Part,
    Reading,
    Stamp,
    Standing,
    compare,
    paper_of,
    stamp_in,
)
from tests.pp41 import pp41

ORGANISATIONS = [
    {"inn": "7701234567", "ogrn": "1027700132195", "name": "ООО «Литейный дом»"},
    {"inn": "7702345678", "ogrn": "1027700132206", "name": "АО «Партнёр»"},
]
CONTENT: dict[str, Any] = {
    "contest": "HERE",
    "cluster": {"name": "Кластер", "region": "16", "industry": "", "managing_organisation": None},
    "organisations": ORGANISATIONS,
    "answers": {
        "title": "Кронштейны", "initiator": "7701234567", "requested": "1500000.00", "place": "Казань",
        "partners": [{"key": "a", "organisation": "7702345678", "role": "supplier"}], "head_name": "Лисицына О. П.",
        "consent_truth": {"given": True, "text_sha256": "0" * 64, "at": "2027-01-01T00:00:00+00:00", "by": "Лисицына"},
    },
    "computed": {"private_share": "62.50"},
    "documents": [{"field": "contracts", "filename": "a.pdf", "size": 3, "sha256": "1" * 64}],
}  # fmt: skip


def paper(kind: PaperKind, **answers: Any) -> Paper:
    return paper_of(kind, 7, pp41().form, {**CONTENT, "answers": {**CONTENT["answers"], **answers}})


def text_of(one: Paper) -> str:
    prints = "; ".join(f"{part.stamp} – {part.title}" for part in one.parts)
    halves = one.sha256[:40], one.sha256[40:]
    return f"Заявка\n{one.code} лист 1 из 2\nSHA-256 {halves[0]}\n{halves[1]}\nОтпечатки: {prints}."


def test_a_paper_is_made_of_its_own_answers_alone_and_never_of_files() -> None:
    agreement = paper(PaperKind.AGREEMENT)
    assert agreement.document == {
        "format": "application-paper", "version": 1, "kind": "agreement", "contest": "HERE",
        "parts": {
            "project": {"title": "Кронштейны", "place": "Казань"},
            "participants": {
                "initiator": "7701234567",
                "partners": [{"key": "a", "organisation": "7702345678", "role": "supplier"}],
                "organisations": {one["inn"]: one for one in ORGANISATIONS},
            },
            "finance": {"requested": "1500000.00"},
            "signatory": {"head_name": "Лисицына О. П."},
        },
    }  # fmt: skip
    assert [part.title for part in agreement.parts] == ["Проект", "Участники", "Финансирование", "Подписавший"]
    assert agreement.code == f"СОГЛАШЕНИЕ-7-{agreement.sha256[:8].upper()}"
    again = paper_of(PaperKind.AGREEMENT, 7, pp41().form, {**CONTENT, "documents": []})
    assert again == agreement


def test_a_consent_that_is_ticked_anew_leaves_the_application_as_it_is() -> None:
    later = {**CONTENT["answers"]["consent_truth"], "at": "2027-02-02T00:00:00+00:00", "by": "Другой"}
    assert paper(PaperKind.APPLICATION, consent_truth=later) == paper(PaperKind.APPLICATION)


def test_what_was_changed_since_is_named_by_the_parts() -> None:
    printed = stamp_in(text_of(paper(PaperKind.APPLICATION)))
    now = paper(PaperKind.APPLICATION, title="Иначе", requested="2.00")
    assert compare(printed, now) == Compared(Standing.CHANGED, ("Паспорт проекта", "Финансирование"))
    assert compare(printed, paper(PaperKind.APPLICATION)) == Compared(Standing.AGREES)


def test_the_paper_of_another_place_or_application_is_told() -> None:
    consent = stamp_in(text_of(paper(PaperKind.CONSENT)))
    assert compare(consent, paper(PaperKind.APPLICATION)) == Compared(Standing.OTHER)
    elsewhere = replace(paper(PaperKind.CONSENT, title="Чужой"), application_id=8)
    assert compare(stamp_in(text_of(elsewhere)), paper(PaperKind.CONSENT)) == Compared(Standing.OTHER)


def test_a_scan_is_left_to_a_person_and_another_text_is_no_paper() -> None:
    now = paper(PaperKind.APPLICATION)
    texts = (None, "", " 12 ", "Договор поставки номер семнадцать от второго февраля, стороны согласились")
    assert [compare(stamp_in(text), now).standing for text in texts] == [
        Standing.UNREAD, Standing.UNREAD, Standing.UNREAD, Standing.UNSTAMPED,
    ]  # fmt: skip
    assert stamp_in("а" * 100) == Stamp(Reading.UNSTAMPED)


def test_without_the_fingerprints_of_the_last_page_it_is_still_told_that_something_changed() -> None:
    printed = paper(PaperKind.APPLICATION)
    stamp = stamp_in(text_of(printed).partition("Отпечатки")[0])
    assert compare(stamp, paper(PaperKind.APPLICATION, title="Иначе")) == Compared(Standing.CHANGED)


@settings(max_examples=40)
@given(st.sampled_from(PaperKind), st.sampled_from(["title", "head_name", "place", "goal"]), st.text(max_size=9))
def test_a_paper_agrees_exactly_while_its_data_are_the_same(kind: PaperKind, code: str, answer: str) -> None:
    printed, now = paper(kind), paper(kind, **{code: answer})
    same = printed.document == now.document
    assert (compare(stamp_in(text_of(printed)), now).standing is Standing.AGREES) == same


def test_a_form_without_the_usual_fields_has_papers_too() -> None:
    plain = ApplicationForm((Section("one", "Один", fields=(Field("title", FieldKind.TEXT, "Название"),)),))
    made = [paper_of(kind, 1, plain, {**CONTENT, "answers": {"title": "Т"}}) for kind in PaperKind]
    assert [[type(part) for part in one.parts] for one in made] == [[Part] * 2, [Part] * 3, [Part] * 4]
    assert [code for code in SIGNATORY if plain.field(code)] == []
