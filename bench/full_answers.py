"""The large contest with the whole form of ПП 41 answered by every application, as it would have been submitted."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from judging.adapters.forms import form_object
from judging.adapters.preset import read_preset_form
from judging.domain.canonical import digest
from judging.domain.forms.columns import computed_texts, figure_texts
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.form import FieldKind
from judging.domain.forms.looking import look
from judging.domain.forms.notation import answers_json, answers_read, text_hash
from judging.domain.record import Application, Cluster, ContestRecord, FormVersion, Organisation, Submission
from judging.models import Application as Row
from judging.services.demo.full_answers import full_answers, subject_of
from judging.services.demo.product_words import PRODUCTS
from judging.services.demo.trade_words import TRADES

GOAL, SUMMARY = 25, 120
"""Words of the goal and of the summary; those of the demonstration are as long."""
FIGURES = ("private_share", "jobs", "import_reduction", "payback_years", "cluster_share", "tax_ratio")
ROLES = ("supplier", "buyer", "developer")


def answered_contest(record: ContestRecord, words: tuple[str, ...], seed: int = 1) -> ContestRecord:
    """Return the contest with a form, and every application with the submission that its columns follow from."""
    draw = random.Random(seed)  # noqa: S311 -- made-up data, nothing secret
    compiled = compile_form(read_preset_form())
    opened = record.contest.applications_open - timedelta(days=14)
    form = FormVersion(1, 0, opened, opened, "", form_object(compiled.form))
    maker = _Maker(record, compiled, digest(form.document), words, draw)
    return replace(
        record,
        contest=replace(record.contest, forms=(form,)),
        applications=tuple(maker.applications()),
    )


class _Maker:
    def __init__(
        self, record: ContestRecord, compiled: CompiledForm, sha256: str, words: tuple[str, ...], draw: random.Random
    ) -> None:
        self._record, self._compiled, self._sha256 = record, compiled, sha256
        self._words, self._draw = words, draw
        self._organisations = {item.inn: item for item in record.organisations}
        self._clusters = {item.code: item for item in record.clusters}

    def applications(self) -> Iterator[Application]:
        for item in self._record.applications:
            roles = tuple(replace(one, role=role) for one, role in zip(item.partners, ROLES, strict=True))
            topics = tuple(self._draw.sample(sorted(PRODUCTS), 2))
            yield self._answered(replace(item, partners=roles, topics=topics))

    def _answered(self, item: Application) -> Application:
        compiled, stored = self._compiled, self._stored(item)
        fields = list(compiled.form.fields())
        answers = answers_read(fields, stored)
        at = item.submitted_at.astimezone(UTC)
        members = frozenset(self._clusters[item.cluster].members)
        files = {field.code: ("0" * 64,) for field in fields if field.kind is FieldKind.FILE}
        seen = look(compiled, answers | files, Circumstances(at.date(), cluster=members))
        shown = [field for field in fields if field.code in seen.shown]
        records = {field.code: stored[field.code] for field in shown if field.kind is FieldKind.CONSENT}
        figures = figure_texts(compiled, FIGURES, seen)
        document = {
            "format": "application-receipt",
            "version": 2,
            "number": item.number,
            "submitted_at": at.isoformat(),
            "contest": self._record.contest.code,
            "form": {"number": 1, "revision": 0, "sha256": self._sha256},
            "cluster": self._cluster(self._clusters[item.cluster]),
            "organisations": [self._named(inn) for inn in sorted({item.initiator, *(p.inn for p in item.partners)})],
            "answers": answers_json(shown, answers | records),
            "computed": computed_texts(compiled, seen),
            "documents": [
                {"field": code, "filename": f"{code}.pdf", "size": 1_200_345, "sha256": digest({code: item.number})}
                for code in files
                if code in seen.shown
            ],
        }
        submission = Submission(digest(document), document)
        indicators = {code: Decimal(text) for code, text in figures.items()}
        return replace(item, indicators=indicators, submissions=(submission,))

    def _stored(self, item: Application) -> dict[str, Any]:
        """The answers of all sections, drawn as those of the demonstration are."""
        at = item.submitted_at
        subject = subject_of(cast(Row, self._row(item)), item.number, day=at.date())
        consents = {
            field.code: {"given": True, "text_sha256": text_hash(field), "at": at.isoformat(), "by": "Иванова А. П."}
            for field in self._compiled.form.fields()
            if field.kind is FieldKind.CONSENT
        }
        sections = full_answers(subject)
        return {code: answer for section in sections.values() for code, answer in section.items()} | consents

    def _row(self, item: Application) -> SimpleNamespace:
        """The application with what its answers are drawn from."""
        own = (item.total_cost - item.requested) * self._draw.randint(40, 70) // 100
        partners = [
            SimpleNamespace(organisation=self._organisations[one.inn], role=one.role) for one in item.partners
        ]  # fmt: skip
        return SimpleNamespace(
            initiator=self._organisations[item.initiator], partners=partners, topics=item.topics, title=item.title,
            cluster=SimpleNamespace(industry=self._draw.choice(sorted(TRADES))),
            indicators={code: format(value, "f") for code, value in item.indicators.items()},
            goal=self._text(GOAL), summary=self._text(SUMMARY), functional_map_position="Позиция 4.2, литьё",
            readiness_level=self._draw.randint(4, 8), starts_on=date(2026, 9, 1), ends_on=date(2030, 8, 31),
            place=f"г. Набережные Челны, площадка {item.number}", contact_name="Иванова Анна Петровна",
            contact_phone="+7 912 345-67-89", contact_email=f"contact{item.number}@example.org",
            total_cost=item.total_cost, requested=item.requested, own_funds=own,
            loans=item.total_cost - item.requested - own, other_budget=0,
        )  # fmt: skip

    def _text(self, words: int) -> str:
        return " ".join(self._draw.choices(self._words, k=words)).capitalize() + "."

    def _cluster(self, cluster: Cluster) -> Mapping[str, Any]:
        managing = self._named(cluster.managing_organisation)
        return {"name": cluster.name, "region": cluster.region, "industry": cluster.industry,
                "managing_organisation": managing}  # fmt: skip

    def _named(self, inn: str) -> Mapping[str, str]:
        found: Organisation = self._organisations[inn]
        return {"inn": found.inn, "ogrn": found.ogrn, "name": found.name}
