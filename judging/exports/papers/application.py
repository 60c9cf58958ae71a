"""The application as a paper to be signed."""

from collections.abc import Mapping
from typing import Any

from judging.domain.forms.form import FieldKind
from judging.domain.papers import Paper
from judging.exports.papers.amounts import sum_said
from judging.exports.papers.source import Block, Source, heading, signed_by, text, to_sign
from judging.exports.papers.wording import section_blocks


def application_sheet(paper: Paper, source: Source) -> Mapping[str, Any]:
    """Everything that is answered, section by section, and what is asked for in words."""
    initiator = source.text("initiator")
    asked = source.answers.get("requested")
    sum_words = f" Запрашиваемая субсидия: {sum_said(asked)}." if asked is not None else ""
    opening = text(
        f"{source.name_of(initiator) or '________________'} ({source.numbers_of(initiator)}) направляет заявку на "
        f"участие в конкурсе «{source.contest}» с совместным кластерным проектом "
        f"«{source.text('title') or '________________'}».{sum_words}"
    )
    post, name = source.signatory
    blocks = [opening, *body(source), *assurances(source)]
    blocks += [text("Сведения в заявке полны и достоверны, копии документов соответствуют подлинникам."),
               signed_by((f"{post or 'Руководитель'}\n{source.name_of(initiator)}".strip(), name))]  # fmt: skip
    return to_sign(paper, "ЗАЯВКА", f"на участие в конкурсе «{source.contest}»", blocks, over=["В конкурсную комиссию"])


def body(source: Source) -> list[Block]:
    """The cluster and the sections."""
    cluster, managing = source.cluster, source.cluster["managing_organisation"]
    rows: list[list[Any]] = [["Наименование кластера", cluster["name"]], ["Регион", source.region]]
    rows += [["Отрасль", cluster["industry"]]] if cluster["industry"] else []
    if managing:
        numbers = f"ИНН\u00a0{managing['inn']}, ОГРН\u00a0{managing['ogrn']}"
        rows.append(["Специализированная организация", [managing["name"], numbers]])
    rows += [["Номинация", source.nomination]] if source.nomination else []
    blocks = [heading("Промышленный кластер"), {"kind": "facts", "rows": rows}]
    return [*blocks, *(block for section in source.form.sections for block in section_blocks(section, source))]


def assurances(source: Source) -> list[Block]:
    """The consents that are given, each with the words that were agreed to."""
    given = [
        field
        for field in source.form.fields()
        if field.kind is FieldKind.CONSENT and source.answers.get(field.code) is True
    ]
    words = [text(f"{field.label}. {field.text}") for field in given]
    return [heading("Согласия и заверения"), *words] if words else []
