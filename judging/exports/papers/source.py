"""What a paper is written from: the form, the typed answers, and the names of the organisations in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from judging.domain.forms.form import ApplicationForm
from judging.domain.forms.notation import answers_read
from judging.domain.forms.receipts import receipt_answers
from judging.domain.papers import Paper
from judging.domain.regions import REGIONS

Block = dict[str, Any]
AUTHOR = "Система проведения конкурсов совместных кластерных проектов"


@dataclass(frozen=True)
class Source:
    """``organisations`` by ИНН, each with its name and ОГРН; ``computed`` are texts; ``cluster`` is a receipt's."""

    contest: str
    form: ApplicationForm
    answers: Mapping[str, Any]
    computed: Mapping[str, str]
    organisations: Mapping[str, Mapping[str, str]]
    cluster: Mapping[str, Any]
    nomination: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, contest: str, form: ApplicationForm, document: Mapping[str, Any], *, submitted: bool) -> "Source":
        """The source from what a receipt holds, or (not ``submitted``) would hold of a draft."""
        answers = receipt_answers(form, document) if submitted else answers_read([*form.fields()], document["answers"])
        named = [*document.get("organisations", ()), *document.get("partners", ()), document.get("initiator") or {}]
        return cls(
            contest, form, answers, document.get("computed", {}),
            {one["inn"]: one for one in named if one}, document["cluster"],
            document.get("nomination", {}).get("title", ""), document,
        )  # fmt: skip

    def text(self, code: str) -> str:
        """A short answer as it stands; empty where there is none."""
        answer = self.answers.get(code)
        return answer if isinstance(answer, str) else ""

    def name_of(self, inn: str) -> str:
        """What an organisation is called; its ИНН where nobody knows."""
        known = self.organisations.get(inn)
        return known["name"] if known else f"ИНН {inn}" if inn else ""

    def numbers_of(self, inn: str) -> str:
        """The numbers of an organisation."""
        known = self.organisations.get(inn)
        return f"ИНН\u00a0{inn}, ОГРН\u00a0{known['ogrn']}" if known and known.get("ogrn") else f"ИНН\u00a0{inn}"

    @property
    def region(self) -> str:
        """The region of the cluster by name."""
        return REGIONS.get(self.cluster["region"], self.cluster["region"])

    @property
    def signatory(self) -> tuple[str, str]:
        """The post and the name of whoever signs for the initiator, as far as the form asks for them."""
        return self.text("head_post"), self.text("head_name") or self.text("contact_name")


def frame(title: str, subtitle: str, blocks: list[Block], *, code: str, sha256: str, **more: Any) -> Mapping[str, Any]:
    """A whole paper."""
    plain: dict[str, Any] = {"over": [], "place": "", "date": "", "author": AUTHOR}
    return plain | {"title": title, "subtitle": subtitle, "blocks": blocks, "code": code, "sha256": sha256} | more


def to_sign(paper: Paper, title: str, subtitle: str, blocks: list[Block], **more: Any) -> Mapping[str, Any]:
    """A paper to be signed: behind it the fingerprints of its parts."""
    return frame(title, subtitle, [*blocks, prints(paper)], code=paper.code, sha256=paper.sha256, **more)


def prints(paper: Paper) -> Block:
    """The fingerprints of the parts, by which it is told what was changed since the paper was made."""
    parts = "; ".join(f"{one.stamp} – {one.title}" for one in paper.parts)
    words = "Контрольные отпечатки сведений, из которых сформирован документ (служат для сверки с заявкой в системе): "
    return {"kind": "small", "text": [f"{words}{parts}."]}


def heading(text: str) -> Block:
    """A heading."""
    return {"kind": "heading", "text": text}


def text(*lines: str, indent: bool = True) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": list(lines), "indent": indent}


def signed_by(*rows: tuple[str, str], sealed: bool = True) -> Block:
    """Who signs, and whether with a seal."""
    return {"kind": "signatures", "rows": [list(row) for row in rows], "sealed": sealed}
