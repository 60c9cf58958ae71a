"""Draws every component in every state into a folder: `python bin/gallery.py FOLDER`.

No application, no database: a plain Jinja environment with stand-ins for what the application provides. The pages are
`index.html`, `public.html` and `error-<code>.html`; serve the folder over HTTP, since modules do not load from files.
"""

import shutil
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
    widgets,
)
from wtforms.fields.choices import SelectChoice

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from judging.adapters import translations  # noqa: E402 -- the root must be on the path first
from judging.web import styles  # noqa: E402 -- the same
from judging.web.fragments import with_checked  # noqa: E402 -- the same

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 22, 11, 32, 7, tzinfo=UTC)
ERRORS = (400, 403, 404, 405, 409, 413, 429, 500)


class Participant(Form):
    """A row of the repeatable block."""

    name = StringField("Наименование", [validators.InputRequired()])
    inn = StringField("ИНН", [validators.InputRequired()])


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class Sample(Form):
    """One field of each kind."""

    name = StringField("Наименование проекта", [validators.InputRequired()], description="Как в паспорте проекта")
    inn = StringField("ИНН инициатора", [validators.InputRequired()])
    summary = TextAreaField("Краткое описание", [validators.InputRequired()])
    cluster = SelectField(
        "Кластер", choices=_choices({"": "Выберите", "1": "Кластер станкостроения «Липецкмаш»", "2": "ИНТ"})
    )
    verdict = RadioField(
        "Рекомендация", choices=_choices({"1": "Поддержать", "2": "Поддержать с условиями", "3": "Не поддерживать"})
    )
    consent = RadioField("Есть ли конфликт интересов", choices=_choices({"yes": "Да", "no": "Нет"}))
    topics = SelectMultipleField(
        "Отрасли",
        choices=_choices({"m": "Станкостроение", "c": "Химия", "e": "Электроника"}),
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )
    agree = BooleanField("Согласен с правилами конкурса", [validators.InputRequired()])
    starts_on = DateField("Дата начала", [validators.InputRequired()])
    closes_at = DateTimeLocalField("Окончание приёма", [validators.InputRequired()])
    requested = StringField("Запрашиваемая сумма", [validators.InputRequired()])
    share = StringField("Доля собственных средств, %")
    password = PasswordField("Пароль", [validators.InputRequired()])
    participants = FieldList(FormField(Participant), min_entries=2)


def filled() -> Sample:
    """The form as the server gives it back: some answers, some of them refused."""
    form = Sample(
        MultiDict(
            {
                "name": "Серийный выпуск шпиндельных узлов",
                "inn": "4826012345",
                "summary": "Проект связывает трёх участников кластера.",
                "cluster": "1",
                "verdict": "2",
                "topics": "m",
                "requested": "120 000 000,00",
                "share": "62,5",
                "participants-0-name": "АО «Станкомаш»",
                "participants-0-inn": "4826098765",
                "participants-1-name": "",
                "participants-1-inn": "",
            }
        )
    )
    form.inn.errors = ["Контрольная цифра не сходится: проверьте номер."]
    form.consent.errors = ["Выберите ответ."]
    form.agree.errors = ["Без согласия заявку нельзя подать."]
    form.requested.errors = ["Не больше 150 000 000,00 ₽."]
    return form


class _Actor:
    name = "Марина Сергеевна Котова"
    is_authenticated = True


class _Guest:
    name = ""
    is_authenticated = False


class _Request:
    path = "#"
    args = MultiDict([("q", "узлы"), ("status", "admitted"), ("sort", "-total"), ("page", "2")])


def catalogue() -> NullTranslations:
    """The Russian catalogue."""
    return Translations.load(str(translations.FOLDER), [translations.LANGUAGE])


def url_for(endpoint: str, **values: object) -> str:
    """Addresses that lead nowhere, except those of the static files."""
    return f"static/{values['filename']}" if endpoint == "static" else f"#{endpoint}"


def moscow(value: datetime, pattern: str = "d MMMM y 'г.', HH:mm") -> str:
    """An instant in Moscow time, in Russian."""
    return f"{format_datetime(value.astimezone(MOSCOW), pattern, locale='ru')} МСК"


FILTERS: dict[str, Any] = {
    "moscow": moscow,
    "moscow_short": lambda value: moscow(value, "dd.MM.y, HH:mm"),
    "money": lambda kopecks: f"{format_decimal(Decimal(kopecks) / 100, '#,##0.00', locale='ru')} ₽",
    "decimal": lambda value: str(value).replace(".", ","),
    "numberformat": lambda value: format_decimal(value, locale="ru"),
    "filesize": lambda size: f"{format_decimal(round(Decimal(size) / 2**20, 1), locale='ru')} МБ",
}


def environment(actor: object) -> Environment:
    """Jinja with what the application would provide."""
    loader = FileSystemLoader(ROOT / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"])
    made.install_gettext_translations(catalogue(), newstyle=True)
    made.filters.update(FILTERS, with_checked=with_checked)
    made.globals.update(
        url_for=url_for,
        csrf_token=lambda: "token",
        get_locale=lambda: "ru",
        request=_Request(),
        current_actor=actor,
        of_trial=lambda: False,
        copies_of=lambda: "owner",
        milliseconds_left=lambda deadline: max(0, int((deadline - NOW).total_seconds() * 1000)),
        get_flashed_messages=lambda with_categories: [("success", "Заявка 2026-014 допущена к экспертизе")],
        D=Decimal,
        now=NOW,
        kept=lambda template, **values: Markup(made.get_template(template).render(**values)),  # noqa: S704 -- a rendered template
    )
    return made


def navigation() -> list[dict[str, object]]:
    """A secretary's menu."""
    words = ["Обзор", "Заявки", "Эксперты", "Назначение", "Экспертиза", "Рейтинг"]
    return [
        {"label": word, "href": "#", "current": word == "Заявки", "count": 7 if word == "Заявки" else 0}
        for word in words
    ]


def draw(folder: Path) -> None:
    """Write the pages and the static files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "judging" / "static", folder / "static", dirs_exist_ok=True)
    (folder / "static" / styles.NAME).write_text(styles.sheet(), encoding="utf-8")
    staff = environment(_Actor())
    blank = Sample(prefix="blank-")
    row = blank.participants.unbound_field.bind(form=None, name="participants-__index__", _meta=blank.meta)
    row.process(None)
    page = staff.get_template("components/gallery.html")
    context = {"form": filled(), "blank": blank, "row": row, "navigation": navigation()}
    (folder / "index.html").write_text(page.render(context), encoding="utf-8")
    guest = environment(_Guest())
    guest.globals["get_flashed_messages"] = lambda with_categories: []
    refusal = {"message": "Приём заявок закрыт 31 марта, 18:00 МСК.", "faults": ["Не загружена смета."], "status": 422}
    words = guest.get_template("errors/refusal.html").render(refusal)
    (folder / "refusal.html").write_text(words, encoding="utf-8")
    for code in ERRORS:
        (folder / f"error-{code}.html").write_text(guest.get_template(f"errors/{code}.html").render(), encoding="utf-8")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
