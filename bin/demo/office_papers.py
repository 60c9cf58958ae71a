"""The office papers: application letter and business plan (docx), financial model and schedule (xlsx)."""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

import docx
from docx.shared import Mm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from demo.content import comma, millions
from demo.facts import Facts, plain_cluster, roubles, russian_date, summary
from demo.pdf_papers import indicators, participants, sources

STAMP = "2026-09-01T09:00:00Z"
NOTE = "Демонстрационный документ: организации и проект вымышлены"
MONEY = "#,##0.00"
TAX_SHARES = (8, 14, 22, 27, 29)
RISKS = (
    ("Рост цен оборудования", "Фиксация цены в договорах поставки, резерв инициатора", "Финансовый директор"),
    ("Задержка пусконаладки", "Резерв 45 дней в графике, договор с запасным подрядчиком", "Главный инженер"),
    ("Срыв поставок комплектующих", "Месячный запас, второй поставщик", "Начальник снабжения"),
    ("Спрос ниже плана", "Договоры с участниками кластера, выход на смежные рынки", "Коммерческий директор"),
)


def application_letter(one: Facts) -> bytes:
    """Return the letter with which the application comes."""
    project = one.project
    letter = blank()
    paragraph(letter, "В конкурсную комиссию").alignment = 2
    paragraph(letter, f"от {project.initiator.name}").alignment = 2
    letter.add_heading("Заявление на участие в конкурсном отборе", 1)
    paragraph(
        letter,
        f"{project.initiator.name} (ИНН {project.initiator.inn}, ОГРН {project.initiator.ogrn}) просит допустить к "
        f"конкурсному отбору совместный проект «{project.title}», входящий в программу развития кластера: "
        f"{plain_cluster(project)}.",
    )
    paragraph(
        letter,
        f"Стоимость проекта {roubles(project.total)} ₽, запрашиваемая субсидия {roubles(project.requested)} ₽. "
        f"Срок реализации: с {russian_date(one.starts)} по {russian_date(one.ends)}.",
    )
    paragraph(letter, "Участники проекта:")
    for company, role in participants(one):
        letter.add_paragraph(f"{company.name}, ИНН {company.inn} — {role}", style="List Bullet")
    paragraph(
        letter,
        "Сведения и документы заявки достоверны. Затраты, предъявляемые к возмещению, не возмещались из иных мер "
        "поддержки. С условиями конкурса ознакомлены.",
    )
    paragraph(letter, f"Контактное лицо: {one.contact[0]}.")
    paragraph(letter, f"{russian_date(project.submitted.date())}      Руководитель _______________ {one.director}")
    return packed(letter)


def business_plan(one: Facts) -> bytes:
    """Return a business plan of two or three pages."""
    project = one.project
    plan = blank()
    plan.add_heading("Бизнес-план", 0)
    paragraph(plan, f"«{project.title}»")
    paragraph(plan, f"{project.initiator.name}, {project.cluster.place}, {project.submitted.year} год")
    plan.add_heading("1. Резюме", 1)
    paragraph(plan, summary(one))
    plan.add_heading("2. Продукция и производство", 1)
    paragraph(
        plan,
        f"Предмет проекта — выпуск {project.of}. Уровень готовности технологии: {project.readiness}. Производство "
        f"размещается на площадке инициатора. Заготовки и комплектующие поступают от участников проекта, "
        f"доля импортных комплектующих снижается на {comma(project.indicators['import_reduction'])} п.п.",
    )
    plan.add_heading("3. Рынок и сбыт", 1)
    share = comma(project.indicators["cluster_share"])
    paragraph(
        plan,
        f"Участники кластера покупают {share} % выпуска, остальное поставляется предприятиям отрасли "
        f"«{project.cluster.industry}». Цены приняты на уровне действующих предложений без учёта их роста.",
    )
    plan_figures(plan, one)
    return packed(plan)


def plan_figures(plan: docx.document.Document, one: Facts) -> None:
    """Add the sections of the business plan that are tables, and the conclusion."""
    plan.add_heading("4. Финансирование", 1)
    grid(plan, ("Источник", "Сумма, ₽", "Доля, %"), sources(one))
    plan.add_heading("5. Показатели", 1)
    grid(plan, ("Показатель", "Значение"), indicators(one))
    plan.add_heading("6. График", 1)
    rows = [(name, russian_date(a), russian_date(b), roubles(cost)) for name, a, b, cost in one.stages]
    grid(plan, ("Этап", "Начало", "Окончание", "Стоимость, ₽"), rows)
    plan.add_heading("7. Риски", 1)
    grid(plan, ("Риск", "Меры", "Ответственный"), RISKS)
    plan.add_heading("8. Эффективность", 1)
    paragraph(
        plan,
        f"Вложения {millions(one.project.total)} млн ₽ окупаются за "
        f"{comma(one.project.indicators['payback_years'])} года. Налоги всех уровней за пять лет составят "
        f"{millions(one.taxes)} млн ₽. Расчёт приведён в финансовой модели.",
    )


def financial_model(one: Facts) -> bytes:
    """Return the model: inputs, sources of money, cash flow; totals are formulas."""
    project = one.project
    book = Workbook()
    inputs = book.active
    inputs.title = "Исходные данные"
    rows = [
        ("Проект", project.title),
        ("Инициатор", project.initiator.name),
        ("ИНН", project.initiator.inn),
        ("Стоимость проекта, ₽", amount(project.total)),
        ("Срок окупаемости, лет", float(project.indicators["payback_years"])),
        ("Годовой чистый поток, ₽", "=ROUND(B5/B6,2)"),
        ("Налоги за 5 лет, ₽", amount(one.taxes)),
        ("Рабочие места, ед.", int(project.indicators["jobs"])),
    ]
    sheet(inputs, ("Показатель", "Значение"), rows, (32, 60))
    money_sheet = book.create_sheet("Источники")
    funds = [
        ("Собственные средства", amount(one.own)),
        ("Заёмные средства", amount(one.loans)),
        ("Запрашиваемая субсидия", amount(project.requested)),
        ("Всего", "=SUM(B2:B4)"),
        ("Доля внебюджетных средств, %", "=ROUND((B2+B3)/B5*100,2)"),
    ]
    sheet(money_sheet, ("Источник", "Сумма, ₽"), funds, (36, 22))
    flow_sheet(book, one)
    return repacked(saved(book))


def flow_sheet(book: Workbook, one: Facts) -> None:
    """Add the cash flow: a year of investment, ten of return, taxes by year."""
    taxes = [one.taxes * share // 100 for share in TAX_SHARES]
    taxes[-1] += one.taxes - sum(taxes)
    rows = [(0, "=-'Исходные данные'!B5", 0, "=B2")]
    for year in range(1, 11):
        tax = amount(taxes[year - 1]) if year <= len(taxes) else amount(taxes[-1])
        rows.append((year, "='Исходные данные'!B7", tax, f"=D{year + 1}+B{year + 2}"))
    page = book.create_sheet("Денежный поток")
    sheet(page, ("Год от начала", "Чистый поток, ₽", "Налоги, ₽", "Накопленный поток, ₽"), rows, (16, 22, 20, 24))


def schedule(one: Facts) -> bytes:
    """Return the schedule: stages with dates, costs and a total."""
    book = Workbook()
    page = book.active
    page.title = "График"
    rows = [
        (place, name, begins, ends, amount(cost), one.project.initiator.name if place != 2 else equipper(one))
        for place, (name, begins, ends, cost) in enumerate(one.stages, 1)
    ]
    rows.append(("", "Всего", one.starts, one.ends, f"=SUM(E2:E{len(rows) + 1})", ""))
    heads = ("N", "Этап", "Начало", "Окончание", "Стоимость, ₽", "Ответственный")
    sheet(page, heads, rows, (6, 48, 14, 14, 20, 44))
    return repacked(saved(book))


def equipper(one: Facts) -> str:
    """Return who makes the equipment ready: the partner that supplies or manufactures, or the initiator."""
    names = [company.name for company, role in one.project.partners if role in ("supplier", "manufacturer")]
    return names[0] if names else one.project.initiator.name


def amount(kopecks: int) -> Decimal:
    """Return roubles for a cell."""
    return Decimal(kopecks) / 100


def sheet(page: Worksheet, heads: tuple, rows: list[tuple], widths: tuple[int, ...]) -> None:
    """Fill a worksheet: a bold head, borders, formats, ready to print."""
    page.append(heads)
    for row in rows:
        page.append(row)
    thin = Side(style="thin", color="999999")
    for cells in page.iter_rows():
        for cell in cells:
            cell.border = Border(thin, thin, thin, thin)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = number_format(cell.value)
    for cell in page[1]:
        cell.font, cell.fill = Font(name="Calibri", size=11, bold=True), PatternFill("solid", fgColor="E8EDF2")
    for place, row in enumerate(rows, 2):
        lines = max(lines_of(value, width) for value, width in zip(row, widths, strict=True))
        page.row_dimensions[place].height = 15 * lines + 1
    for place, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = "A2"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToHeight = 0
    page.oddFooter.center.text = NOTE


def lines_of(value: object, width: int) -> int:
    """Estimate how many lines a text takes in a column; a formula takes one."""
    return -(-len(value) // width) if isinstance(value, str) and value and not value.startswith("=") else 1


def number_format(value: object) -> str:
    """Choose how a cell shows its value."""
    if isinstance(value, date):
        return "DD.MM.YYYY"
    return MONEY if isinstance(value, Decimal) or str(value).startswith("=") else "General"


def blank() -> docx.document.Document:
    """Return an empty A4 document with the note in its header."""
    document = docx.Document()
    part = document.sections[0]
    part.page_width, part.page_height = Mm(210), Mm(297)
    part.left_margin, part.right_margin, part.top_margin, part.bottom_margin = Mm(25), Mm(15), Mm(20), Mm(20)
    part.header.paragraphs[0].text = NOTE
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Times New Roman", Pt(12)
    document.core_properties.author = "Демонстрация"
    return document


def paragraph(document: docx.document.Document, words: str) -> docx.text.paragraph.Paragraph:
    """Add a paragraph."""
    return document.add_paragraph(words)


def grid(document: docx.document.Document, heads: tuple, rows: list[tuple] | tuple[tuple, ...]) -> None:
    """Add a table with a bold head."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.add_paragraph()


def packed(document: docx.document.Document) -> bytes:
    """Return the document's bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    return repacked(buffer.getvalue())


def saved(book: Workbook) -> bytes:
    """Return the workbook's bytes."""
    buffer = io.BytesIO()
    book.properties.creator = "Демонстрация"
    book.save(buffer)
    return buffer.getvalue()


def repacked(data: bytes) -> bytes:
    """Take the clock out of an office file: fixed times of its entries and of its properties."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda item: (item != "[Content_Types].xml", item)):
            body = source.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>" + STAMP.encode(), body)
            entry = zipfile.ZipInfo(name, datetime.fromisoformat(STAMP).timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            target.writestr(entry, body)
    return result.getvalue()
