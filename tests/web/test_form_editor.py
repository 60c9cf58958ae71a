"""The secretary's editor of forms: every part by its page, refusals beside their controls, moves, versions, files."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import select

import judging.data
from judging.adapters.forms import form_object, read_form
from judging.domain.access import CONSOLE, By
from judging.domain.forms.form import ApplicationForm, FieldKind
from judging.domain.forms.pieces import find, piece_of
from judging.models import Contest, JournalRecord, User
from judging.queries import contests
from judging.queries.forms import form_of, versions_of
from judging.services.forms.form_store import FormChange, change_form, publish_form
from judging.web.form_editor.field_forms import FORMS
from judging.web.form_editor.sentence_forms import NAMES, OF_ROWS, SENTENCES
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.forms import document, sample
from tests.pp41 import pp41

DATABASES = ("sqlite",)
"""The services have tests of their own on every database, and tests of junk open every page on each."""

SignIn = Callable[[int], FlaskClient]
PP41 = (Path(judging.data.__path__[0]) / "form-pp41.json").read_bytes()
PLACE = "/staff/contests/DRAFT/form"


@pytest.fixture(autouse=True)
def moment() -> Any:
    with time_machine.travel(MOMENT, tick=False):
        yield


def put(store: Store, form: ApplicationForm, status: str = "draft", opens: int = 1, closes: int = 20) -> None:
    """A contest DRAFT that has this form; acceptance opens and closes so many days from now."""
    with store() as session:
        contest = factories.contest(session, code="DRAFT", status="draft", published_at=None)
        change_form(session, contest.id, FormChange(form, contest.version), by=By(CONSOLE, MOMENT))
        contest.applications_open, contest.applications_close = (MOMENT + timedelta(days=n) for n in (opens, closes))
        contest.status = status
        if status != "draft":
            publish_form(session, contest, by=By(CONSOLE, MOMENT))


@pytest.fixture
def draft(store: Store) -> str:
    put(store, sample().form)
    return PLACE


def stored(store: Store) -> ApplicationForm:
    with store() as session:
        return form_of(contests.by_code(session, "DRAFT"))


def contest_of(store: Store) -> Contest:
    with store() as session:
        contest = contests.by_code(session, "DRAFT")
        session.expunge_all()
        return contest


def parsed(page: str) -> Any:
    return etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))


def typed(page: str) -> dict[str, Any]:
    """What the page's form would send unchanged."""
    found: dict[str, Any] = {}
    form = parsed(page).xpath("//form[contains(@class, 'sheet')]")[0]
    for control in form.xpath(".//*[self::input or self::select or self::textarea][not(ancestor::template)]"):
        name, kind = control.get("name"), control.get("type")
        if control.tag == "select":
            chosen = control.xpath(".//option[@selected]") or control.xpath(".//option")
            found[name] = chosen[0].get("value") if chosen else ""
        elif control.tag == "textarea":
            found[name] = (control.text or "").removeprefix("\n").removeprefix("\r\n")
        elif kind in ("checkbox", "radio"):
            if control.get("checked") is not None:
                found[name] = control.get("value") if kind == "radio" else [*found.get(name, []), control.get("value")]
        elif kind != "file":
            found[name] = control.get("value") or ""
    return found


def send(client: FlaskClient, path: str, **changed: Any) -> Any:
    """The page's form as it is, with some of its controls changed."""
    data = typed(client.get(path).text)
    return client.post(path, data={name: value for name, value in (data | changed).items() if value is not None})


def errors(page: str) -> list[str]:
    """What the error summary of a page says."""
    tree = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))
    return [
        " ".join(one.xpath("string()").split()) for one in tree.xpath("//*[contains(@class, 'error-summary__list')]/li")
    ]


def test_there_is_a_form_for_every_kind_and_a_name_for_every_sentence() -> None:
    assert set(FORMS) == set(FieldKind)
    assert set(NAMES) == set(SENTENCES)
    assert set(OF_ROWS) <= set(SENTENCES)


OWN: dict[FieldKind, dict[str, Any]] = {
    FieldKind.CHOICE: {"options-0-label": "Первый"},
    FieldKind.CHOICES: {"options-0-label": "Первый"},
    FieldKind.FILE: {"extensions": ["pdf"]},
    FieldKind.CONSENT: {"text": "Новое поле: согласны."},
    FieldKind.TABLE: {"columns-0-label": "Столбец", "columns-0-kind": "text", "look": "rows"},
    FieldKind.COMPUTED: {"formula": "total_cost + own_funds"},
}
"""What a field of a kind cannot be without."""


@pytest.mark.parametrize("kind", list(FieldKind))
def test_a_field_of_every_kind_is_made_opened_checked_shown_and_saved_unchanged(
    secretary: FlaskClient, draft: str, store: Store, kind: FieldKind
) -> None:
    asked = {"label": "Новое поле", "code": "anew"} | OWN.get(kind, {})
    assert send(secretary, f"{draft}/sections/finance/fields/new/{kind.value}", **asked).status_code == 303
    made = find(stored(store), piece_of("field:anew"))
    assert (made.kind, made.label) == (kind, "Новое поле")
    assert send(secretary, f"{draft}/fields/anew", hint="Подсказка").status_code == 303
    form = stored(store)
    assert find(form, piece_of("field:anew")) == replace(made, hint="Подсказка")
    assert send(secretary, f"{draft}/fields/anew").status_code == 303
    check = {"formula": "filled(total_cost)", "message": "Заполните", "at": "anew"}
    assert send(secretary, f"{draft}/checks/new/formula", **check).status_code == 303
    name = stored(store).checks[-1].code
    assert send(secretary, f"{draft}/checks/{name}").status_code == 303
    for sentence in SENTENCES:
        assert secretary.get(f"{draft}/checks/new/{sentence}").status_code == 200
    page = secretary.get(f"{draft}/preview/finance")
    assert (page.status_code, "Новое поле" in page.text) == (200, True)
    assert (len(stored(store).checks), replace(stored(store), checks=form.checks)) == (len(form.checks) + 1, form)


def test_a_text_counts_words_and_holds_a_number_of_a_register(secretary: FlaskClient, draft: str, store: Store) -> None:
    asked = {"label": "О проекте", "code": "about", "counts": "words", "most": "300", "advised": "200"}
    assert send(secretary, f"{draft}/sections/finance/fields/new/text", **asked).status_code == 303
    assert send(secretary, f"{draft}/fields/stages/columns/name", format="ogrn").status_code == 303
    column = {"label": "ИНН подрядчика", "code": "contractor", "format": "inn"}
    assert send(secretary, f"{draft}/fields/stages/columns/new/text", **column).status_code == 303
    about, ogrn, inn = (
        find(stored(store), piece_of(one)) for one in ("field:about", "column:stages:name", "column:stages:contractor")
    )
    assert (about.counts, about.most, about.advised) == ("words", 300, 200)
    assert (ogrn.format, inn.format) == ("ogrn", "inn")
    page = " ".join(parsed(secretary.get(draft).text).xpath("string(//main)").split())
    assert "до 300 слов" in page
    shown = secretary.get(f"{draft}/preview/finance").text
    assert 'data-count="words" data-count-limit="300"' in shown
    long = send(secretary, f"{draft}/fields/about", most="2501")
    assert (long.status_code, errors(long.text)) == (422, ["Не длиннее: не больше 2500"])
    table = secretary.get(f"{draft}/preview/project").text
    assert table.count('inputmode="numeric" aria-labelledby="stages-contractor-head') > 0


def test_every_part_saved_unchanged_changes_nothing(secretary: FlaskClient, store: Store) -> None:
    form = read_form(PP41)
    put(store, form)
    version = contest_of(store).version
    fields = {(one.kind, one.format, bool(one.shown_when), str(one.required)): one.code for one in form.fields()}
    columns = {
        (one.kind, one.total): f"{table.code}/columns/{one.code}" for table in form.fields() for one in table.columns
    }
    pages = [f"sections/{form.sections[1].code}", *(f"fields/{one}" for one in (*fields.values(), *columns.values()))]
    pages += [f"fields/{one.code}/checks/{check.code}" for one in form.fields() for check in one.row_checks]
    pages += [f"checks/{check.code}" for check in form.checks]
    pages += [f"points/{place + 1}" for place in range(len(form.checklist))]
    for page in pages:
        answer = send(secretary, f"{PLACE}/{page}")
        assert (answer.status_code, errors(answer.text)) == (303, []), page
    assert form_object(stored(store)) == form_object(form)
    assert contest_of(store).version == version


def test_the_form_is_shown_part_by_part(secretary: FlaskClient, draft: str) -> None:
    page = " ".join(parsed(secretary.get(draft).text).xpath("string(//main)").split())
    for words in (
        "Показано, если: «Есть иная поддержка?» — «да»",
        "Обязательно, если: «Стоимость» больше 100 000 000 ₽",
        "Верно, что: «Собственные средства» + «Иные средства» + «Субсидия» в сумме равно «Стоимость»",
        "Верно, что: «Собственные средства» — не меньше 50 % от «Стоимость»",
        "Формула: round(share(own_funds, total_cost), 2)",
        "К5. Предел субсидии",
        "Столбцы: Этап, До, Стоимость",
        "не больше 100 000 000 ₽",
    ):
        assert words in page.replace("\u00a0", " "), words
    assert secretary.get(f"{draft}/fields/no").status_code == 404


def test_a_form_with_a_condition_a_table_a_check_and_a_file_needed_above_a_sum_is_built(
    secretary: FlaskClient, draft: str, store: Store
) -> None:
    """No code is typed, no rule written: everything is chosen."""
    assert send(secretary, f"{draft}/sections/new", title="Площадка", title_en="Site").status_code == 303
    asked = {"label": "Есть площадка?", "required-mode": "yes"}
    assert send(secretary, f"{draft}/sections/ploschadka/fields/new/yes", **asked).status_code == 303
    area = {
        "label": "Площадь", "unit": "м²", "least": "1", "decimals": "0", "required-mode": "yes", "shown-mode": "and",
        "shown-rows-0-subject": "est_ploschadka", "shown-rows-0-sign": "yes",
    }  # fmt: skip
    assert send(secretary, f"{draft}/sections/ploschadka/fields/new/number", **area).status_code == 303
    table = {
        "label": "Затраты", "columns-0-label": "Статья", "columns-0-kind": "text", "columns-0-needed": "y",
        "columns-1-label": "Сумма", "columns-1-kind": "money", "columns-1-needed": "y", "look": "grid",
    }  # fmt: skip
    answer = send(secretary, f"{draft}/sections/ploschadka/fields/new/table", **table)
    assert (answer.status_code, answer.location) == (303, f"{draft}/fields/zatraty")
    check = {
        "parts-0-part": "zatraty.summa", "sign": "==", "right": "total_cost", "at": "zatraty",
        "message": "Затраты не сходятся со стоимостью на {total_cost - sum(zatraty.summa)}",
    }  # fmt: skip
    assert send(secretary, f"{draft}/checks/new/sum", **check).status_code == 303
    file = {
        "label": "Экспертиза", "extensions": ["pdf", "docx"], "size": "50", "required-mode": "or",
        "required-rows-0-subject": "total_cost", "required-rows-0-sign": ">", "required-rows-0-value": "100 000 000",
        "required-rows-1-subject": "est_ploschadka", "required-rows-1-sign": "no",
    }  # fmt: skip
    assert send(secretary, f"{draft}/sections/papers/fields/new/file", **file).status_code == 303
    form = stored(store)
    assert form_object(form)["sections"][4] == {
        "code": "ploschadka", "title": "Площадка", "title_en": "Site",
        "fields": [
            {"code": "est_ploschadka", "kind": "yes", "label": "Есть площадка?", "required": True},
            {"code": "ploschad", "kind": "number", "label": "Площадь", "required": True, "min": "1", "decimals": 0,
             "unit": "м²", "shown_when": "est_ploschadka"},
            {"code": "zatraty", "kind": "table", "label": "Затраты", "look": "grid", "columns": [
                {"code": "statya", "kind": "text", "label": "Статья", "required": True},
                {"code": "summa", "kind": "money", "label": "Сумма", "required": True}]},
        ],
    }  # fmt: skip
    assert form_object(form)["sections"][2]["fields"][-1] == {
        "code": "ekspertiza", "kind": "file", "label": "Экспертиза", "extensions": ["pdf", "docx"],
        "max_bytes": 50 << 20, "required": "total_cost > 100 000 000 ₽ or not est_ploschadka",
    }  # fmt: skip
    assert form_object(form)["checks"][-1] == {
        "code": "sum", "at": "zatraty", "rule": "sum(zatraty.summa) == total_cost",
        "message": "Затраты не сходятся со стоимостью на {total_cost - sum(zatraty.summa)}",
    }  # fmt: skip
    assert events(store)[-6:] == ["contest.form_changed"] * 6


SENTENCE_CASES = [
    ("compare", {"left": "ends_on", "sign": ">", "right": "", "value": "31.12.2027"}, 'ends_on > date("2027-12-31")'),
    ("compare", {"left": "requested", "sign": "<=", "right": "cap"}, "requested <= cap"),
    ("share", {"parts-0-part": "requested", "sign": "<=", "percent": "50", "whole-0-part": "stages.cost"},
     "share(requested, sum(stages.cost)) <= 50"),
    ("within", {"subject": "jobs", "low_value": "1", "high_value": "99,5"}, "within(jobs, 1, 99.5)"),
    ("once", {"column": "partners.organisation"}, "distinct(partners.organisation)"),
    ("rows", {"table": "stages", "sign": ">=", "number": "2"}, "count(stages) >= 2"),
    ("months", {"first": "opens", "last": "ends_on", "sign": "<=", "number": "60"}, "months(opens, ends_on) <= 60"),
    ("conditions", {"holds-mode": "or", "holds-rows-0-subject": "title", "holds-rows-0-sign": "filled",
                    "holds-rows-1-subject": "jobs", "holds-rows-1-sign": "in", "holds-rows-1-value": "1; 2"},
     "filled(title) or jobs in (1, 2)"),
    ("compare", {"left": "jobs", "sign": ">=", "value": "10", "only_when-mode": "and",
                 "only_when-rows-0-subject": "has_support", "only_when-rows-0-sign": "yes"},
     "not (has_support) or jobs >= 10"),
    ("formula", {"formula": "jobs * 2 > 5"}, "jobs * 2 > 5"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "chosen", "rule"), SENTENCE_CASES, ids=range(len(SENTENCE_CASES)))
def test_every_sentence_writes_its_rule_and_is_shown_again(
    secretary: FlaskClient, draft: str, store: Store, sentence: str, chosen: dict[str, str], rule: str
) -> None:
    words = {"at": "jobs", "message": "Не сходится", "level": "warning"}
    assert send(secretary, f"{draft}/checks/new/{sentence}", **chosen, **words).status_code == 303
    check = stored(store).checks[-1]
    assert (check.rule, check.level.value) == (rule, "warning")
    again = typed(secretary.get(f"{draft}/checks/{check.code}").text)
    assert {name: again[name] for name in chosen} == chosen


def test_a_formula_at_fault_is_marked_at_its_character(secretary: FlaskClient, draft: str, store: Store) -> None:
    refused = send(secretary, f"{draft}/fields/private_share", formula="round(share(own_funds, ends_on), 2)")
    assert refused.status_code == 422
    marked = parsed(refused.text).xpath("//*[contains(@class, 'formula__fault')]/code")[0]
    assert (marked.text, marked.xpath("string(mark)"), marked[0].tail) == (
        "round(",
        "s",
        "hare(own_funds, ends_on), 2)",
    )
    assert errors(refused.text) == ["Формула: share принимает: два числа или две суммы денег (знак 7)"]
    late = send(secretary, f"{draft}/fields/jobs", **{"shown-mode": "formula", "shown-formula": "requested > 5 ₽"})
    assert (late.status_code, "(знак 1)" in errors(late.text)[0], typed(late.text)["shown-formula"]) == (
        422, True, "requested > 5 ₽",
    )  # fmt: skip
    figure = send(secretary, f"{draft}/checks/plan", message="Этапы: {sum(stages.price)}")
    assert (figure.status_code, "(знак 13)" in errors(figure.text)[0]) == (422, True)
    assert stored(store) == sample().form


WRONG = [
    ("shown-rows-0-sign", ">", "Больше и меньше бывают только числа, суммы и даты"),
    ("shown-rows-0-subject", "nowhere", "Выберите поле"),
    ("shown-rows-0-subject", "requested", "Выберите поле"),
    ("shown-rows-0-sign", "rows>=", "Строки есть только у таблицы"),
    ("shown-rows-0-sign", "==", "С этим полем значений не сравнить"),
]


@pytest.mark.parametrize(("control", "value", "words"), WRONG, ids=range(len(WRONG)))
def test_a_row_that_makes_no_sense_is_told_beside_its_control(
    secretary: FlaskClient, draft: str, store: Store, control: str, value: str, words: str
) -> None:
    refused = send(secretary, f"{draft}/fields/other_budget", label="Другие", **{control: value})
    assert (refused.status_code, words in errors(refused.text)[0]) == (422, True)
    assert parsed(refused.text).xpath(f"//*[@id='{control}-error']")
    assert typed(refused.text)["label"] == "Другие"
    assert stored(store) == sample().form


def test_rows_come_and_go_without_scripts(secretary: FlaskClient, draft: str, store: Store) -> None:
    page = send(secretary, f"{draft}/fields/other_budget", add="shown-rows", label="Другие")
    assert (page.status_code, "shown-rows-1-subject" in typed(page.text)) == (200, True)
    data = typed(page.text) | {"shown-rows-1-subject": "total_cost", "shown-rows-1-sign": "filled"}
    page = secretary.post(f"{draft}/fields/other_budget", data=data | {"remove": "shown-rows:0"})
    left = {name: value for name, value in typed(page.text).items() if name.startswith("shown-rows")}
    assert [value for name, value in left.items() if name.endswith("subject")] == ["total_cost"]
    assert secretary.post(f"{draft}/fields/other_budget", data=typed(page.text)).status_code == 303
    assert find(stored(store), piece_of("field:other_budget")).shown_when == "filled(total_cost)"


def press(client: FlaskClient, store: Store, act: str = "position", **given: str) -> Any:
    return client.post(f"{PLACE}/{act}", data={"version": str(contest_of(store).version), **given})


def test_parts_move_and_the_focus_follows(secretary: FlaskClient, draft: str, store: Store) -> None:
    answer = press(secretary, store, up="field:requested")
    assert (answer.status_code, answer.location) == (303, f"{draft}#field-requested-up")
    assert "«Субсидия»: теперь 4-е из 6." in secretary.get(draft).text
    assert press(secretary, store, piece="field:requested", place="1").location == f"{draft}#field-requested"
    assert [one.code for one in stored(store).sections[1].fields][:2] == ["requested", "total_cost"]
    assert press(secretary, store, down="column:stages:name").location == f"{draft}/fields/stages#column-name-down"
    assert press(secretary, store, piece="field:jobs", place="1", section="papers").status_code == 303
    assert [one.code for one in stored(store).sections[2].fields] == ["jobs", "passport", "estimate"]
    for wrong in ({"piece": "field:jobs", "place": "х"}, {"piece": "field:no", "place": "1"}, {"up": "x"}, {}):
        assert press(secretary, store, **wrong).status_code == 422


def test_a_field_passes_none_that_it_refers_to(secretary: FlaskClient, draft: str, store: Store) -> None:
    refused = press(secretary, store, up="field:other_budget")
    assert (refused.status_code, errors(refused.text)) == (
        422,
        ["«Иные средства» не может стоять выше «Есть иная поддержка?»: условие или формула ссылается на это поле"],
    )
    kept = press(secretary, store, "removal", piece="field:has_support")
    assert errors(kept.text) == ["На это ссылаются другие части формы: «Иные средства»"]
    assert press(secretary, store, "removal", piece="field:title").status_code == 422
    assert stored(store) == sample().form
    assert press(secretary, store, "removal", piece="check:private").location == draft
    assert len(stored(store).checks) == 2


def test_a_stale_page_gets_both_versions_and_may_go_on(secretary: FlaskClient, draft: str, store: Store) -> None:
    old = typed(secretary.get(f"{draft}/fields/title").text)
    send(secretary, f"{draft}/fields/title", label="Первое")
    page = secretary.post(f"{draft}/fields/title", data=old | {"label": "Второе"})
    assert (page.status_code, "Второе" in page.text, "Первое" in page.text) == (409, True, True)
    form = parsed(page.text).xpath("//form[contains(@class, 'post-button')]")[0]
    again = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    assert secretary.post(form.get("action"), data=again).status_code == 303
    assert find(stored(store), piece_of("field:title")).label == "Второе"
    stale = secretary.post(f"{draft}/position", data={"version": "1", "up": "field:jobs"})
    assert stale.status_code == 409


def test_words_of_a_published_form_change_with_a_reason_and_its_consents_do_not(
    secretary: FlaskClient, store: Store
) -> None:
    """Acceptance has begun: a typo becomes a revision, one letter of a consent is refused, a limit is raised."""
    put(store, sample().form, status="published", opens=-1)
    asked = send(secretary, f"{PLACE}/fields/title", label="Название")
    assert (asked.status_code, "Вид изменения: только слова" in asked.text) == (200, True)
    data = hidden(asked.text) | {"confirmed": "1"}
    empty = secretary.post(f"{PLACE}/fields/title", data=data)
    assert (empty.status_code, errors(empty.text)) == (422, ["Укажите причину."])
    back = secretary.post(f"{PLACE}/fields/title", data=hidden(asked.text) | {"back": "1"})
    assert (back.status_code, typed(back.text)["label"]) == (200, "Название")
    assert secretary.post(f"{PLACE}/fields/title", data=data | {"reason": "Опечатка"}).status_code == 303
    refused = send(secretary, f"{PLACE}/fields/truth", text="Данные достоверны")
    assert (refused.status_code, "Сейчас такое изменение не разрешено" in refused.text) == (422, True)
    assert "Приём заявок начался" in refused.text
    forced = hidden(refused.text) | {"confirmed": "1", "reason": "Очень нужно"}
    assert secretary.post(f"{PLACE}/fields/truth", data=forced).status_code == 422
    raised = send(secretary, f"{PLACE}/fields/requested", greatest="200 000 000")
    assert "Вид изменения: требования мягче" in raised.text
    done = secretary.post(
        f"{PLACE}/fields/requested", data=hidden(raised.text) | {"confirmed": "1", "reason": "Письмо"}
    )
    assert done.status_code == 303
    with store() as session:
        listed = versions_of(session, contests.by_code(session, "DRAFT").id)
        assert [(one.number, one.revision, one.note) for one in listed] == [
            (2, 0, "Письмо"), (1, 1, "Опечатка"), (1, 0, ""),
        ]  # fmt: skip
    page = parsed(secretary.get(f"{PLACE}/versions?before=1&after=2").text)
    rows = [[" ".join(cell.xpath("string()").replace("\u00a0", " ").split()) for cell in row]
            for row in page.xpath("//table[@id='changes']/tbody/tr")]  # fmt: skip
    assert rows == [
        ["«Проект» → «Наименование»", "слова", "Наименование", "Название", "только слова"],
        ["«Финансирование» → «Субсидия»", "не больше", "100 000 000 ₽", "200 000 000 ₽", "требования мягче"],
    ]
    assert secretary.get(f"{PLACE}/versions?before=7&after=1").status_code == 404
    journal = " ".join(parsed(secretary.get("/staff/contests/DRAFT/journal").text).xpath("string(//main)").split())
    for words in ("Редакция формы", "1.1", "Вид изменения", "требования мягче", "finance.requested.greatest", "Письмо"):
        assert words in journal, words


def shut(tag: str) -> bool:
    """Whether a control is hidden or disabled, by itself or with its group of choices."""
    return 'type="hidden"' in tag or " disabled" in tag or 'type="radio"' in tag


def test_nothing_changes_once_the_ranking_is_made_up(secretary: FlaskClient, store: Store) -> None:
    put(store, sample().form, status="ranking_frozen", opens=-9, closes=-5)
    assert secretary.get(PLACE).status_code == 200
    assert "/form/position" not in secretary.get(PLACE).text
    page = secretary.get(f"{PLACE}/fields/title").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "Рейтинг составлен: форма заявки больше не меняется." in main
    assert [tag for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", main) if not shut(tag)] == []
    assert "Сохранить" not in main


def test_a_file_is_refused_with_every_fault_and_nothing_is_stored(
    secretary: FlaskClient, draft: str, store: Store
) -> None:
    raw = document()
    raw["sections"][1]["fields"][3]["shown_when"] = "requested > 5 ₽"
    raw["checks"][0]["rule"] = "own_funds + ends_on == total_cost"
    raw["sections"][0]["fields"][1]["code"] = "title"
    refused = upload(secretary, raw)
    assert (refused.status_code, [one.partition(":")[0] for one in errors(refused.text)]) == (
        422,
        ["sections[0].fields[1].code", "sections", "sections[1].fields[3].shown_when", "checks[0].rule"],
    )
    assert [words for words in errors(refused.text) if "(знак 1)" in words or "(знак 11)" in words] == (
        errors(refused.text)[2:]
    )
    raw["sections"][0]["fields"][2]["kind"] = "colour"
    refused = upload(secretary, raw)
    assert [one.partition(":")[0] for one in errors(refused.text)] == ["sections[0].fields[2].kind"]
    for junk in (b"", b"{", b"[]", b"\xff", b"[" * 100_000):
        answer = secretary.post(f"{draft}/import", data={"file": (io.BytesIO(junk), "form.json")})
        assert (answer.status_code, len(errors(answer.text)) > 0) == (422, True)
    assert secretary.post(f"{draft}/import").status_code == 422
    assert (stored(store), contest_of(store).version) == (sample().form, contest_of(store).version)
    assert events(store) == ["contest.form_changed"]


def test_a_file_replaces_the_form_once_its_difference_was_seen(
    secretary: FlaskClient, draft: str, store: Store
) -> None:
    downloaded = secretary.get(f"{draft}/file")
    assert downloaded.headers["Content-Disposition"] == 'attachment; filename="form-DRAFT.json"'
    raw = json.loads(downloaded.data)
    assert raw == form_object(sample().form)
    raw["sections"][0]["fields"][0]["label"] = "Название"
    seen = upload(secretary, raw)
    assert (seen.status_code, stored(store)) == (200, sample().form)
    assert "«Проект» → «Наименование»" in seen.text
    data = hidden(seen.text)
    assert secretary.post(f"{draft}/replacement", data=data, content_type="multipart/form-data").status_code == 303
    assert form_object(stored(store)) == raw
    assert secretary.post(f"{draft}/replacement", data=data | {"request_key": "x"}).status_code == 409
    broken = {**hidden(upload(secretary, raw).text), "document": "{}"}
    assert secretary.post(f"{draft}/replacement", data=broken).status_code == 422


def test_without_english_words_the_russian_ones_are_shown(secretary: FlaskClient, draft: str, store: Store) -> None:
    with store() as session:
        person = session.scalars(select(User)).one()
        person.locale = "en"
    page = secretary.get(draft).text
    assert "Наименование" in page
    assert "Application form" in page


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    form = parsed(page).xpath("//main//form[.//input[@name='version']]")[0]
    return {one.get("name"): one.get("value") or "" for one in form.xpath(".//input[@type='hidden']")}


def upload(client: FlaskClient, raw: dict[str, Any]) -> Any:
    file = io.BytesIO(json.dumps(raw, ensure_ascii=False).encode())
    return client.post(f"{PLACE}/import", data={"file": (file, "form.json")})


def events(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


def test_every_section_has_its_preview_and_leads_to_those_that_its_figures_are_made_of(
    secretary: FlaskClient, store: Store
) -> None:
    put(store, pp41().form)
    pages = {one.code: secretary.get(f"{PLACE}/preview/{one.code}") for one in pp41().form.sections}
    assert {code: page.status_code for code, page in pages.items()} == dict.fromkeys(pages, 200)
    assert f'<a href="{PLACE}/preview/finance">' in pages["indicators"].text


def test_the_preview_shows_what_is_found_and_stores_nothing(secretary: FlaskClient, draft: str, store: Store) -> None:
    assert f"{draft}/preview/project" in secretary.get(draft).text
    before = hidden_of(secretary.get(f"{draft}/preview/finance").text)
    money = {"total_cost": "100", "own_funds": "40", "has_support": "yes", "other_budget": "10", "requested": "40"}
    checked = secretary.post(f"{draft}/preview/finance", data=before | money | {"check": "1"})
    assert checked.status_code == 200
    notes = " ".join(parsed(checked.text).xpath("string(//main)").replace("\u00a0", " ").split())
    for words in ("Не сходится на 10 ₽", "Доля 40 % меньше 50 %"):
        assert words in notes, words
    assert 'value="40"' in checked.text
    moved_on = secretary.post(f"{draft}/preview/finance", data=hidden_of(checked.text) | money | {"go": "papers"})
    assert "Смета" in moved_on.text
    assert json.loads(hidden_of(moved_on.text)["kept"]) == {
        "total_cost": "100.00", "own_funds": "40.00", "has_support": True, "other_budget": "10.00",
        "requested": "40.00",
    }  # fmt: skip
    looked = secretary.post(f"{draft}/preview/finance/look", data=before | money | {"has_support": "no"})
    assert "other_budget" not in looked.get_json()["shown"]
    consents = secretary.get(f"{draft}/preview/consents").text
    given = secretary.post(f"{draft}/preview/consents", data=hidden_of(consents) | {"truth": "1", "check": "1"})
    assert "Замечаний к разделу нет." in given.text
    added_row = secretary.post(f"{draft}/preview/project", data=hidden_of(consents) | {"add": "stages"})
    assert added_row.status_code == 200
    for kept in ("[", "{}", '{"total_cost": [1], "stages": 5}', "[" * 50_000,
                 '{"total_cost": "1e9999"}', '{"total_cost": "1e-99999"}', '{"title": "\\ud800"}', '{"\\udfff": 1}',
                 '{"total_cost": "sNaN"}', '{"total_cost": ' + "1" * 10_000 + "}",
                 json.dumps({"stages": [{}] * 20_000})):  # fmt: skip
        assert secretary.post(f"{draft}/preview/finance", data={"kept": kept}).status_code == 200
    assert secretary.get(f"{draft}/preview/nowhere").status_code == 404
    assert (events(store), stored(store)) == (["contest.form_changed"], sample().form)


def hidden_of(page: str) -> dict[str, str]:
    """The hidden fields of the page of a preview."""
    form = parsed(page).xpath("//form[@data-questionnaire]")[0]
    return {one.get("name"): one.get("value") or "" for one in form.xpath(".//input[@type='hidden']")}


def test_a_form_that_asks_by_nomination_is_edited_and_its_versions_compared(
    secretary: FlaskClient, store: Store
) -> None:
    with store() as session:
        contest = factories.contest(session, code="DRAFT", status="draft", published_at=None)
        factories.nomination(session, contest)
        form = sample().form
        last = replace(form.sections[-1], nominations=("series",))
        form = replace(form, sections=(*form.sections[:-1], last))
        change_form(session, contest.id, FormChange(form, contest.version), by=By(CONSOLE, MOMENT))
        session.flush()
        contest.status = "published"
        publish_form(session, contest, by=By(CONSOLE, MOMENT))
        session.flush()
        worded = replace(form, sections=(*form.sections[:-1], replace(last, title="Иначе")))
        change_form(session, contest.id, FormChange(worded, contest.version, "Опечатка"), by=By(CONSOLE, MOMENT))
        session.flush()
        contest.status = "draft"
    assert secretary.get(f"{PLACE}/versions").status_code == 200
    assert "Иначе" in secretary.get(f"{PLACE}/versions").text
    saved = send(secretary, f"{PLACE}/sections/{last.code}", title="Ещё иначе")
    assert saved.status_code == 303
    assert stored(store).sections[-1] == replace(last, title="Ещё иначе")


def test_a_section_and_a_field_are_asked_in_the_nominations_that_are_ticked(
    secretary: FlaskClient, draft: str, store: Store
) -> None:
    assert 'name="nominations"' not in secretary.get(f"{draft}/fields/title").text
    with store() as session:
        contest = contests.by_code(session, "DRAFT")
        factories.nomination(session, contest)
        factories.nomination(session, contest, code="pilot", title="Пилот")
    section = stored(store).sections[0]
    pages = (f"{draft}/sections/{section.code}", f"{draft}/fields/title")
    for page in pages:
        for ticked in (["pilot"], ["series", "pilot"], None, ["pilot"]):
            assert send(secretary, page, nominations=ticked).status_code == 303
        unknown = send(secretary, page, nominations=["nowhere"])
        assert (unknown.status_code, bool(errors(unknown.text))) == (422, True)
        assert send(secretary, page).status_code == 303
    asked = replace(section, nominations=("pilot",))
    fields = tuple(replace(one, nominations=("pilot",)) if one.code == "title" else one for one in asked.fields)
    assert stored(store).sections[0] == replace(asked, fields=fields)
    assert 'name="nominations"' not in secretary.get(f"{draft}/fields/stages/columns/till").text


def test_the_preview_shows_the_form_in_the_nomination_that_is_chosen(secretary: FlaskClient, store: Store) -> None:
    with store() as session:
        contest = factories.contest(session, code="DRAFT", status="draft", published_at=None)
        factories.nomination(session, contest)
        factories.nomination(session, contest, code="pilot", title="Пилот")
        form = sample().form
        last = replace(form.sections[-1], nominations=("pilot",))
        form = replace(form, sections=(*form.sections[:-1], last))
        change_form(session, contest.id, FormChange(form, contest.version), by=By(CONSOLE, MOMENT))
    path, absent = f"{PLACE}/preview/{last.code}", "В этой номинации раздел не заполняется."
    page = secretary.get(path).text
    chosen = "//select[@name='nomination']/option[@selected]/@value"
    assert (parsed(page).xpath(chosen), absent in page) == (["series"], True)
    there = hidden_of(page) | {"go": last.code, "nomination": "pilot"}
    shown = secretary.post(path, data=there).text
    assert (parsed(shown).xpath(chosen), absent in shown) == (["pilot"], False)
    names = [
        secretary.post(f"{path}/look", data=there | {"nomination": code}).get_json()["shown"]
        for code in ("series", "pilot", "nowhere")
    ]
    assert names == [[], [field.code for field in last.fields], []]
