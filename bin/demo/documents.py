"""Which application brings which papers, and under which file names."""

from collections.abc import Callable
from pathlib import Path

from demo import office_papers, pdf_papers
from demo.facts import Facts

# The initiators whose applications come with the whole set of required papers; the others bring the passport alone.
WITH_ALL = ("kam-most", "psk-apparat", "vrn-klapan", "tom-radio", "brg-rolik", "met-tormoz", "les-smola", "chm-katal")

PAPERS: dict[str, tuple[str, Callable[[Facts], bytes], tuple[str, ...]]] = {
    "application_letter": (
        "docx",
        office_papers.application_letter,
        ("Заявление", "Заявление на участие в конкурсе", "01_Заявление_подписано", "Заявление (скан с исх. номером)"),
    ),
    "passport": (
        "pdf",
        pdf_papers.passport,
        ("Паспорт проекта", "Паспорт_проекта_финал", "Паспорт проекта (для подачи)", "passport_2026_v3", "02 Паспорт"),
    ),
    "business_plan": (
        "docx",
        office_papers.business_plan,
        ("Бизнес-план", "Бизнес-план 2027-2031", "БП_исправлено_после_совещания", "03_Бизнес-план"),
    ),
    "financial_model": (
        "xlsx",
        office_papers.financial_model,
        ("Финансовая модель", "Финмодель_v7", "Модель проекта (расчёт)", "04_Финансовая модель"),
    ),
    "schedule": (
        "xlsx",
        office_papers.schedule,
        ("Календарный график", "График работ", "План-график", "05_График"),
    ),
    "consortium_agreement": (
        "pdf",
        pdf_papers.agreement,
        ("Соглашение участников", "Соглашение_консорциум_подписано", "Соглашение о совместной реализации проекта"),
    ),
    "membership_proof": (
        "pdf",
        pdf_papers.membership,
        ("Справка о членстве в кластере", "Справка управляющей организации", "Членство"),
    ),
}


SLOTS = {"passport": "paper_passport", "schedule": "paper_schedule"}
"""What the full form calls the place of a paper, where it is not called like the paper."""


def write_documents(folder: Path, projects: list[Facts]) -> dict[str, list[dict[str, str]]]:
    """Write every paper under ``folder``/documents; return the index {number: [{slot, path, filename}]}."""
    return {one.project.number: [write_paper(folder, one, slot) for slot in slots(one)] for one in projects}


def slots(one: Facts) -> tuple[str, ...]:
    """Name the slots that the application fills."""
    return tuple(PAPERS) if one.project.initiator.key in WITH_ALL else ("passport",)


def write_paper(folder: Path, one: Facts, slot: str) -> dict[str, str]:
    """Write one paper and return its line of the index; ``path`` is relative to ``folder``."""
    extension, make, names = PAPERS[slot]
    path = Path("documents", one.project.number, f"{slot}.{extension}")
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(make(one))
    return {
        "slot": SLOTS.get(slot, slot),
        "path": path.as_posix(),
        "filename": f"{names[one.serial % len(names)]}.{extension}",
    }
