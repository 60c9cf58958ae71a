"""The sheet «Методика»: in words, what the file holds, how it counts and where it comes from."""

from collections.abc import Iterator
from decimal import Decimal

from judging.domain.record import ContestTerms
from judging.domain.rubric import AnswerStyle, expert_criteria
from judging.domain.rules import Aggregate, AgreedScore, Rules, Tiebreak, tiebreak_of
from judging.domain.trials import FILE_MARK, is_trial_code
from judging.exports.facts import NOTHING, STATUS_WORDS, RankingExport, moscow
from judging.exports.workbook.book import Book, Column
from judging.exports.workbook.data import BUDGET_WORDS
from judging.exports.workbook.divergences import ACTIONS
from judging.exports.workbook.formulas import Precision
from judging.exports.workbook.layout import METHOD, Layout

COLUMNS = (Column("Раздел", "wrapped", 28), Column("Содержание", "wrapped", 60))
AGGREGATE_WORDS = {
    Aggregate.MEAN: "среднее арифметическое баллов учтённых экспертиз",
    Aggregate.MEDIAN: "медиана баллов учтённых экспертиз",
    Aggregate.TRIMMED_MEAN: "среднее баллов учтённых экспертиз; при пяти и более — без наименьшего и наибольшего",
}
TIE_WORDS = {
    Tiebreak.CRITERION: "больше округлённых баллов по критерию {code}",
    Tiebreak.REQUESTED: "меньше запрошенная сумма",
    Tiebreak.SUBMITTED_AT: "раньше подана",
}
BY_KEY = (
    "Формулы находят данные по регистрационному номеру и коду критерия: листы «Оценки экспертов» и «Показатели» можно "
    "сортировать, «Рейтинг» — тоже, если среди правил для равных итогов нет критерия. Листы "
    "«По критериям», «Критерии», «Шкалы», «Бюджет», «Проверка» сортировать не следует."
)
BY_PLACE = (
    "Конкурс большой, и формулы ссылаются прямо на строки данных: листы можно фильтровать, но не следует сортировать."
)


ABSTENTION = (
    "Если эксперт не может оценить критерий, его экспертиза не участвует в агрегате по этому критерию. Итог такой "
    "экспертизы, по которому судят о расхождении, — баллы по оценённым критериям, делённые на сумму их весов и "
    "умноженные на сумму весов всех экспертных критериев."
)
TO_PANEL = (
    "Где ниже порога решает комиссия (листы «Критерии» и «Бюджет»), а порог отклонения не нарушен, стоит её решение из "
    "столбца «Решение комиссии»; пока его нет — «комиссия», и оценка не завершена."
)
AGREED_WORDS = {
    AgreedScore.BESIDE: "Стоит отдельными строками рядом с экспертизами и на итог не влияет.",
    AgreedScore.COUNTS: "Где она есть, её баллы учитываются вместо экспертиз; строки помечены у адреса эксперта.",
}


def write_method(book: Book, layout: Layout, exact: Precision) -> None:
    """Write «Методика»."""
    sheet = book.add(layout.sheet(METHOD), COLUMNS)
    rules = layout.export.record.contest.rules
    for row in (
        *_origin(layout.export),
        *_kinds(rules.aggregate),
        *_sorts(layout),
        *_sheets(layout),
        *_totals(rules, exact),
        *_places(layout.export.record.contest, to_panel=layout.to_panel),
        *_usage(layout),
    ):
        sheet.append(row)


def _origin(export: RankingExport) -> Iterator[tuple[str, str]]:
    terms = export.record.contest
    if is_trial_code(terms.code):
        yield "Проба", FILE_MARK
    yield "Конкурс", f"{terms.code}. {terms.title}"
    if export.nomination is not None:
        yield "Номинация", f"{export.nomination.code}. {export.nomination.title}"
    yield "Состояние конкурса", STATUS_WORDS.get(export.contest_status, export.contest_status) or NOTHING
    number, digest = export.snapshot_number, export.snapshot_sha256
    yield "Снимок рейтинга", "текущее состояние, снимок не сделан" if number is None else f"№ {number}"
    yield "SHA-256 снимка", digest or NOTHING
    yield "Отбор на экране", export.filter or "без отбора: все заявки"
    yield "Выгружено (МСК)", f"{moscow(export.made_at):%d.%m.%Y %H:%M:%S}"
    yield "Кто выгрузил", export.made_by
    maximum = sum(item.weight for item in terms.criteria)
    yield "Критериев", f"{len(terms.criteria)}; наибольший возможный итог {_number(f'{maximum:f}')}"


def _kinds(aggregate: Aggregate) -> Iterator[tuple[str, str]]:
    yield (
        "Экспертный критерий",
        (
            f"Агрегат — {AGGREGATE_WORDS[aggregate]}. Баллы = вес × (агрегат − минимум) / (максимум − минимум). "
            "Пропущенный балл — не ноль: он не участвует. Нет учтённых баллов — 0."
        ),
    )
    yield (
        "Линейный критерий",
        ("Баллы = вес × (значение − ноль при) / (полный балл при − ноль при), не меньше нуля и не больше веса."),
    )
    yield (
        "Относительный критерий",
        (
            "Больше — лучше: вес × значение / лучшее значение. Меньше — лучше: вес × лучшее значение / значение. "
            "Лучшее значение берётся по допущенным заявкам, если не зафиксировано конкурсной документацией."
        ),
    )
    yield "Критерий по шкале", "Баллы = вес × балл последней ступени, чьё «От» не больше значения, / 10."
    yield "Нет значения показателя", "0 баллов."


def _sorts(layout: Layout) -> Iterator[tuple[str, str]]:
    """What criteria are beside their kinds: in groups, outside the total."""
    if layout.groups:
        words = "; ".join(
            f"{group.title} ({', '.join(group.codes)}), вес {_number(f'{group.weight:f}')}" for group in layout.groups
        )
        yield "Группы критериев", f"{words}. Баллы группы — сумма баллов её критериев; на итог группы не влияют."
    if layout.outside:
        codes = ", ".join(item.code for item in layout.outside)
        yield (
            "Вне итога",
            (
                f"{codes}. Вес 0: балл виден и ничего не решает. На листе «По критериям» стоит агрегат в баллах шкалы, "
                "у расчётного — доля полного балла из 10."
            ),
        )


def _sheets(layout: Layout) -> Iterator[tuple[str, str]]:
    """What experts may do on a sheet beside giving marks, and what follows."""
    experts = expert_criteria(layout.criteria)
    able = ", ".join(item.code for item in experts if item.may_abstain)
    if able:
        yield "Не могу оценить", f"{able}. {ABSTENTION}"
    optional = ", ".join(item.code for item in experts if not item.required)
    if optional:
        yield "Необязательные критерии", f"{optional}. Если балла нет ни в одной учтённой экспертизе — 0 баллов."
    if any(item.answers is not AnswerStyle.MARKS for item in experts):
        yield "Проверки", "Ответ «да» — 1, «нет» — 0; светофор: красный — 0, жёлтый — 1, зелёный — 2."
    reviews = layout.export.record.reviews
    if layout.export.record.contest.sheet.scope or any(item.in_scope is False for item in reviews):
        yield "Не по профилю", "Экспертиза, в которой эксперт счёл проект не соответствующим профилю, не учитывается."
    if any(item.set_aside is not None for item in reviews):
        yield "Исключённые экспертизы", "Экспертиза, исключённая организатором, не учитывается; причина — рядом с ней."


def _totals(rules: Rules, exact: Precision) -> Iterator[tuple[str, str]]:
    yield (
        "Итог",
        (
            f"Сумма неокруглённых баллов, округлённая один раз, половина вверх, до {rules.rounding} зн. после запятой. "
            "На листе «По критериям» баллы стоят без округления и показаны с тем же числом знаков."
        ),
    )
    yield (
        "Двоичная арифметика",
        (
            f"Перед округлением прибавляется {_number(f'{Decimal(exact.nudge):f}')}, "
            "чтобы точная половина не ушла вниз из-за двоичной "
            "записи чисел. Время подачи сравнивается с точностью до 0,1 мс."
        ),
    )
    yield (
        "Какие экспертизы учтены",
        (
            "Решает система, столбец «Учтена». При расхождении и дополнительной экспертизе: "
            f"{ACTIONS[rules.additional_review].lower()}."
        ),
    )
    if rules.agreed_score is not AgreedScore.NONE:
        yield "Согласованная оценка", AGREED_WORDS[rules.agreed_score]


def _places(terms: ContestTerms, *, to_panel: bool) -> Iterator[tuple[str, str]]:
    words = ["больше итог"]
    for text in terms.rules.tie_breakers:
        kind, code = tiebreak_of(text)
        words.append(TIE_WORDS[kind].format(code=code))
    yield "Место", f"По порядку: {'; '.join(words)}. Равные во всём делят место (1, 2, 2, 4)."
    passed = "Итог не ниже порога, и по каждому критерию с порогом агрегат балла не ниже него."
    yield "Порог пройден", f"{passed} {TO_PANEL}" if to_panel else passed
    yield (
        "Деньги",
        (
            f"{BUDGET_WORDS[terms.rules.budget_mode].capitalize()}; среди прошедших порог, чья оценка завершена. "
            "Делящие место идут по номеру."
        ),
    )


def _usage(layout: Layout) -> Iterator[tuple[str, str]]:
    yield (
        "Что можно править",
        (
            "Баллы и «Учтена» на листе «Оценки экспертов», значения на листе «Показатели», веса и "
            "пороги на листе «Критерии», лимит, порог "
            "итога, предел и число победителей на листе «Бюджет». Места, итоги и исходы пересчитаются."
        ),
    )
    yield (
        "Что не пересчитывается",
        (
            f"Расхождения, какие экспертизы учтены, завершённость оценки{' (кроме решения комиссии)' * layout.to_panel}"
            + ("." if layout.live_budget else ", а также исход, сумма и остаток: деньги делятся пропорционально.")
        ),
    )
    yield "Сортировка", BY_KEY if layout.by_key else BY_PLACE
    yield "Проверка", "Лист «Проверка» сравнивает файл с решением системы; после правки он покажет, что изменилось."
    yield "Справочно", "Лист «Справочно» — насколько устойчивы места. Ни одна формула его не читает, и решает не он."


def _number(text: str) -> str:
    return text.replace(".", ",")
