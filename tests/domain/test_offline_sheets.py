"""What a workbook of score sheets that came back would do: every place in one state, whatever happened before."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.domain.errors import Fault
from judging.domain.offline.comparing import (
    CHANGED_ON_BOTH,
    CHANGED_ONLINE,
    CLEARED,
    Filled,
    Given,
    Keep,
    Row,
    State,
    changes,
    compare,
)
from judging.domain.offline.places import Part, Place, changed, fingerprint, places_of, written
from judging.domain.offline.ticket import NoTicket, Ticket, TicketSheet, read_ticket, ticket_text
from judging.domain.record import Recommendation
from judging.domain.rubric import ExpertCriterion, Scale
from judging.domain.sheet_rules import Asked, Audience, Confidence, SheetRules
from judging.domain.sheets import Sheet

SCALE = Scale(Decimal(0), Decimal(10), Decimal(1))
RULES = [
    ExpertCriterion("E1", "Первый", Decimal(10), SCALE, may_abstain=True),
    ExpertCriterion("E2", "Второй", Decimal(5), SCALE, group="Группа"),
]
ASKED = SheetRules(Asked.REQUIRED, Asked.OPTIONAL, scope=True, audiences=tuple(Audience), groups=True)
PLACES = places_of(RULES, ASKED)
KEYS = ["old key of the installation", "present key of the installation"]
TEXTS = st.text(max_size=12).map(str.strip)
FAULT = Fault("", "no mark")


def sheets() -> st.SearchStrategy[Sheet]:
    """Every sheet of these criteria, with the texts as they are stored."""
    marks = st.dictionaries(st.sampled_from(["E1", "E2"]), st.sampled_from([Decimal(0), Decimal("7"), Decimal(10)]))
    words = st.dictionaries(
        st.sampled_from(["E1", "E2", "group:Группа"]), st.sampled_from(["слабо", "=1+1", "_x0041_", "да\nнет"])
    )
    made = st.builds(
        Sheet, marks, words, st.none() | st.sampled_from(Recommendation), st.just(frozenset()), words, words,
        st.none() | st.sampled_from(Confidence), st.none() | st.booleans(), st.sampled_from(["", "не станки"]),
    )  # fmt: skip
    return made | made.map(lambda one: replace(one, scores={}, abstained=frozenset({"E1"})))


def came_back(base: Sheet, stored: Sheet, file: dict[Place, str], closed: Fault | None = None) -> Given:
    prints = {place: fingerprint(written(base).get(place, "")) for place in PLACES}
    filled = {place: Filled(f"Заявка 7!{place.part}", file.get(place, "")) for place in PLACES}
    return Given(1, 3, "7", prints, written(stored), filled, closed)


def row(given: Given, place: Place, state: State, why: str | None = None, *, untouched: bool = False) -> Row:
    filled = given.filled[place]
    cause = None if why is None else Fault("", why)
    stored = given.stored.get(place, "")
    return Row(1, "7", place, state, filled.cell, cause, stored, filled.text, untouched=untouched)


@settings(max_examples=40)
@given(sheets(), sheets())
def test_a_sheet_is_its_places(before: Sheet, after: Sheet) -> None:
    assert set(written(before)) <= set(PLACES)
    assert changed(before, {place: written(after).get(place, "") for place in PLACES}) == after
    assert changed(before, {}) == before


@settings(max_examples=40)
@given(sheets(), sheets(), sheets())
def test_every_place_that_is_filled_is_in_the_state_that_its_history_says(
    base: Sheet, stored: Sheet, file: Sheet
) -> None:
    then, now, there = written(base), written(stored), written(file)
    given = came_back(base, stored, there)
    expected = []
    for place in PLACES:
        was, on_site, in_file = (one.get(place, "") for one in (then, now, there))
        if on_site == in_file:
            expected += [row(given, place, State.SAME, untouched=in_file == was)] if in_file else []
        elif in_file == was:
            expected += [row(given, place, State.CHANGED, CHANGED_ONLINE, untouched=True)] if in_file else []
        elif on_site == was:
            expected.append(row(given, place, State.NEW, None if in_file else CLEARED))
        else:
            expected.append(row(given, place, State.CHANGED, CHANGED_ON_BOTH))
    assert compare([given]).rows == tuple(expected)


@settings(max_examples=40)
@given(sheets(), sheets())
def test_an_untouched_file_changes_nothing(base: Sheet, stored: Sheet) -> None:
    found = compare([came_back(base, stored, written(base))])
    assert changes(found.rows, lambda _: Keep.ONLINE) == {}
    assert (found.conflicts, found.invalid) == (False, False)
    assert [one.state for one in compare([came_back(base, base, written(base))]).rows] == [
        State.SAME for _ in written(base)
    ]


@settings(max_examples=40)
@given(sheets(), sheets())
def test_what_was_filled_is_what_is_saved(base: Sheet, file: Sheet) -> None:
    found = compare([came_back(base, base, written(file))])
    wanted = changes(found.rows, lambda _: Keep.ONLINE).get(1, {})
    assert changed(base, wanted) == file
    again = compare([came_back(base, changed(base, wanted), written(file))])
    assert changes(again.rows, lambda _: Keep.ONLINE) == {}


@settings(max_examples=40)
@given(sheets(), sheets(), sheets(), st.sampled_from(Keep))
def test_of_two_versions_the_chosen_one_stays(base: Sheet, stored: Sheet, file: Sheet, keep: Keep) -> None:
    found = compare([came_back(base, stored, written(file))])
    wanted = changes(found.rows, lambda _: keep).get(1, {})
    after = written(changed(stored, wanted))
    for one in found.rows:
        if one.state is State.CHANGED:
            assert after.get(one.place, "") == (one.text if keep is Keep.FILE else one.stored)


@settings(max_examples=40)
@given(sheets(), sheets(), sheets())
def test_a_closed_sheet_takes_nothing(base: Sheet, stored: Sheet, file: Sheet) -> None:
    found = compare([came_back(base, stored, written(file), Fault("", "handed in"))])
    assert changes(found.rows, lambda _: Keep.ONLINE) == {}
    assert {one.state for one in found.rows} <= {State.SAME, State.CHANGED, State.INVALID}
    assert all(one.untouched for one in found.rows if one.state is State.CHANGED)


def test_a_cell_that_cannot_be_taken_is_invalid_whatever_is_stored() -> None:
    place = Place(Part.MARK, "E1")
    given = Given(1, 1, "7", {}, {}, {place: Filled("Заявка 7!E7", "много", FAULT)})
    found = compare([given])
    assert found.rows == (Row(1, "7", place, State.INVALID, "Заявка 7!E7", FAULT, "", "много"),)
    assert (found.invalid, [found.count(state) for state in State]) == (True, [0, 0, 0, 1])


@settings(max_examples=40)
@given(st.text(max_size=9), st.dictionaries(st.sampled_from(PLACES), st.text("0123456789abcdef", max_size=16)))
def test_a_ticket_is_read_as_it_was_written(number: str, base: dict[Place, str]) -> None:
    ticket = Ticket("К-1 «ё»", "e@example.org", "2026-03-15T09:00:00+00:00", (TicketSheet(7, 2, number, base),))
    text = ticket_text(ticket, KEYS)
    assert (text.isascii(), " " in text or "\n" in text) == (True, False)
    assert read_ticket(text, KEYS) == read_ticket(ticket_text(ticket, KEYS[:1]), KEYS) == ticket


@settings(max_examples=40)
@given(st.integers(0, 400), st.sampled_from('0a}" '))
def test_a_ticket_with_another_sign_or_of_another_key_is_none(at: int, sign: str) -> None:
    text = ticket_text(Ticket("C", "e@example.org", "", (TicketSheet(7, 2, "1", {PLACES[0]: "ab"}),)), KEYS)
    other = text[: at % len(text)] + sign + text[at % len(text) + 1 :]
    for wrong in ([other] if other != text else []) + [
        text[1:],
        text[:-1],
        "",
        ticket_text(read_ticket(text, KEYS), ["x"]),
    ]:
        with pytest.raises(NoTicket):
            read_ticket(wrong, KEYS)
