"""Pages of a large form of applications: 60 fields and 7 tables of 40 rows, beside what they may cost.

``python -m bench.questionnaire [--rounds 40]`` prints the processor's milliseconds of one section's page,
of looking through the whole application, of the answer to the page's script, and of a save, each with its share of the
budget.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import session

from config import Config
from judging.app import create_app
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.form import FieldKind
from judging.domain.forms.notation import answers_read
from judging.extensions import db
from judging.models import Application, ApplicationSection
from judging.services.applications.section_save import save_section
from judging.web.applications.at_hand import at_hand, checked
from judging.web.applications.sections import looked_at, render_section, stored_form, typed_form
from judging.web.applications.summaries import summary
from judging.web.questionnaire.pages import look_answer
from tests import factories, sharing
from tests.databases import migrated
from tests.forms import document, field, read
from tests.pp41 import BY, draft, with_form

PAGE, CHECK, SAVE = 25.0, 10.0, 15.0
"""Milliseconds that a section's page, the check of the whole and a save of a section may take."""
ROWS = 40


def large() -> CompiledForm:
    """60 fields and 7 tables with 7 columns each, in 7 sections, with a check a section."""
    raw = document()
    for number in range(7):
        texts = [field(f"t{number}_{n}", "text", f"Вопрос {n}", hint="Подсказка", most=500, lines=3) for n in range(4)]
        sums = [field(f"m{number}_{n}", "money", f"Сумма {n}", half=True, group="Суммы") for n in range(3)]
        columns = [
            field("name", "text", "Название", most=300), field("unit", "text", "Единица", most=40),
            field("from", "date", "С"), field("till", "date", "По"), field("volume", "number", "Объём", total=True),
            field("price", "money", "Цена", total=True), field("cost", "money", "Стоимость", total=True),
        ]  # fmt: skip
        rule = {"code": "order", "at": "till", "rule": "row.from <= row.till", "message": "Позже начала"}
        table = field(
            f"rows{number}", "table", "Таблица", look="grid", columns=columns, rows=[0, 100], row_checks=[rule]
        )
        raw["sections"].append({"code": f"s{number}", "title": "Раздел", "fields": [*texts, *sums, table]})
        raw["checks"].append({"code": f"c{number}", "at": f"m{number}_0", "message": "Не сходится",
                              "rule": f"sum(rows{number}.cost) == m{number}_0 + m{number}_1"})  # fmt: skip
    return compile_form(read(raw))


def answers(number: int) -> dict[str, Any]:
    """Answers to one of its sections."""
    row = {"name": "Закупка и монтаж оборудования", "unit": "штука", "from": date(2027, 1, 1), "till": date(2027, 6, 1),
           "volume": Decimal("12.5"), "price": 1_250_000_50, "cost": 15_625_006_25}  # fmt: skip
    texts = {f"t{number}_{n}": "Слова и ещё слова. " * 10 for n in range(4)}
    return {**texts, **{f"m{number}_{n}": 10_000_00 for n in range(3)}, f"rows{number}": (row,) * ROWS}


def cost(act: Callable[[], object], rounds: int) -> float:
    """The middle of the processor's milliseconds of one round."""
    act()
    found = []
    for _ in range(rounds):
        begin = time.process_time()
        act()
        found.append((time.process_time() - begin) * 1000)
    return statistics.median(found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    folder = Path(tempfile.mkdtemp())
    sharing.folder = folder
    url = f"sqlite:///{shutil.copyfile(migrated(), folder / 'bench.sqlite3')}"
    app = create_app(Config(secret_key="b" * 40, database_url=url, instance_dir=folder, storage_url="memory:///"))
    compiled, moment = large(), datetime.now(UTC)
    with app.test_request_context("/", method="POST"):
        session["locale"] = "ru"
        later = moment + timedelta(days=9)
        contest = factories.contest(db.session, applications_close=later, review_close=later + timedelta(days=9))
        with_form(db.session, contest, compiled)
        application = draft(db.session, contest)
        key = application.id
        fill(key)
        db.session.commit()
        print_costs(db.session.get_one(Application, key), moment, rounds)
    shutil.rmtree(folder)


def fill(key: int) -> None:
    """Answer every section."""
    for number in range(7):
        save_section(db.session, key, f"s{number}", answers(number), seen=0, by=BY)


def save_again(key: int, compiled: CompiledForm) -> None:
    """Save the section's answers over themselves with one of them changed, to the end of the transaction."""
    row = db.session.get_one(ApplicationSection, (key, "s3"))
    section = next(one for one in compiled.form.sections if one.code == "s3")
    kept = answers_read(section.fields, row.answers)
    text = next(one.code for one in section.fields if one.kind is FieldKind.TEXT)
    save_section(db.session, key, "s3", {**kept, text: f"Ответ {row.version}"}, seen=row.version, by=BY)
    db.session.commit()


def print_costs(application: Application, moment: datetime, rounds: int) -> None:
    """What the pages cost, and their shares of what they may."""
    hand = at_hand(application, moment)
    part = hand.part("s3")
    form = stored_form(hand, part)
    for label, budget, act in (
        ("a section's page", PAGE, lambda: render_section(hand, stored_form(hand, part))),
        ("the answer to its script", PAGE, lambda: look_answer(looked_at(hand, typed_form(hand, part)))),
        ("reading the answers", PAGE, lambda: at_hand(application, moment)),
        ("looking through the whole", CHECK, lambda: checked(hand)),
        ("the whole in words", PAGE, lambda: summary(hand)),
    ):
        found = cost(act, rounds)
        print(f"{label:28} {found:7.1f} ms   {found / budget:5.2f} of {budget:.0f} ms")
    key, compiled = application.id, large()
    found = cost(lambda: save_again(key, compiled), rounds)
    print(f"{'a save of a section':28} {found:7.1f} ms   {found / SAVE:5.2f} of {SAVE:.0f} ms")
    print(f"fields in the form {sum(1 for _ in form.answers())} of the section, {ROWS} rows of 7 columns")


if __name__ == "__main__":
    main()
