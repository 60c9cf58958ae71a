"""The sheet «Методика»: in words, what the file holds, how it counts and where it comes from."""

from collections.abc import Iterator
from decimal import Decimal

from judging.domain.record import ContestTerms
from judging.domain.rules import Aggregate, Rules, Tiebreak, tiebreak_of
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


def write_method(book: Book, layout: Layout, exact: Precision) -> None:
    """Write «Методика»."""
    sheet = book.add(layout.sheet(METHOD), COLUMNS)
    rules = layout.export.record.contest.rules
    for row in (
        *_origin(layout.export),
        *_kinds(rules.aggregate),
        *_sorts(layout),
        *_totals(rules, exact),
        *_places(layout.export.record.contest),
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


def _places(terms: ContestTerms) -> Iterator[tuple[str, str]]:
    words = ["больше итог"]
    for text in terms.rules.tie_breakers:
        kind, code = tiebreak_of(text)
        words.append(TIE_WORDS[kind].format(code=code))
    yield "Место", f"По порядку: {'; '.join(words)}. Равные во всём делят место (1, 2, 2, 4)."
    yield "Порог пройден", "Итог не ниже порога, и по каждому критерию с порогом агрегат балла не ниже него."
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
            "Расхождения, завершённость оценки"
            + ("." if layout.live_budget else ", а также исход, сумма и остаток: деньги делятся пропорционально.")
        ),
    )
    yield "Сортировка", BY_KEY if layout.by_key else BY_PLACE
    yield "Проверка", "Лист «Проверка» сравнивает файл с решением системы; после правки он покажет, что изменилось."
    yield "Справочно", "Лист «Справочно» — насколько устойчивы места. Ни одна формула его не читает, и решает не он."


def _number(text: str) -> str:
    return text.replace(".", ",")
