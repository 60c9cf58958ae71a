"""The consents as a paper to be signed by the person whom they concern."""

from collections.abc import Mapping
from typing import Any

from judging.domain.forms.form import FieldKind
from judging.domain.papers import SIGNATORY, Paper
from judging.exports.papers.source import Block, Source, heading, signed_by, text, to_sign
from judging.exports.papers.wording import said

BLANK = "\u00a0"


def consent_sheet(paper: Paper, source: Source) -> Mapping[str, Any]:
    """Who agrees, to what, and where to sign. What the system does not ask for is left to be filled in by hand."""
    initiator = source.text("initiator")
    post, name = source.signatory
    who = ", ".join(one for one in (name or "________________________________", post) if one)
    opening = text(
        f"Я, {who}, представляю {source.name_of(initiator) or '________________'} ({source.numbers_of(initiator)}), "
        f"участника конкурса «{source.contest}» с проектом «{source.text('title') or '________________'}», и даю "
        "следующие согласия и заверения."
    )
    fields = [field for code in SIGNATORY if (field := source.form.field(code)) is not None]
    rows: list[list[Any]] = [[field.label, lines] for field in fields if (lines := said(field, source))]
    rows += [["Документ, удостоверяющий личность (вид, серия, номер, кем и когда выдан)", [BLANK, BLANK]],
             ["Адрес регистрации", [BLANK, BLANK]]]  # fmt: skip
    blocks: list[Block] = [opening, heading("Сведения о подписавшем"), {"kind": "facts", "rows": rows}]
    asked = [field for field in source.form.fields() if field.kind is FieldKind.CONSENT]
    for number, field in enumerate(asked, start=1):
        blocks += [heading(f"{number}. {field.label}"), *map(text, field.text.splitlines())]
    blocks.append(signed_by((post or "Подписавший", name), sealed=False))
    return to_sign(paper, "СОГЛАСИЯ И ЗАВЕРЕНИЯ", f"участника конкурса «{source.contest}»", blocks)
