"""An application in words, section by section: for the page of checks and for reading what was submitted."""

from collections.abc import Collection, Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup, escape

from judging.domain.forms.cluster import CLUSTER_LABEL
from judging.domain.forms.compiling import CompiledSection
from judging.domain.forms.environment import CLUSTER, NOMINATION
from judging.domain.forms.form import FieldKind
from judging.domain.regions import REGIONS
from judging.models import Application, Organisation
from judging.queries.nominations import title_words
from judging.web.applications.at_hand import AtHand, Checked
from judging.web.applications.places import field_url, section_url
from judging.web.questionnaire.finding_words import Place, place_of
from judging.web.questionnaire.phrases import shown
from judging.web.questionnaire.words import SummaryRow, small, summary_rows
from judging.web.templating import filesize, localized, translate


def summary(
    hand: AtHand,
    found: Checked | None = None,
    *,
    change: bool = False,
    files: bool = True,
    opened: Collection[str] | None = None,
    kept: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Every section with its rows as the summary list wants them.

    ``found`` names what is asked for: only that is marked as missing. ``change``: each row carries a link to where it
    is filled in, which leads back to the page of checks; ``opened``: only of these sections. ``files``: whether the
    documents are among the rows. ``kept``: what its readers may not see.
    """
    seen = found.seen if found else hand.look(hand.answers)
    wanted = {one.path for one in found.cluster if one.stop} if found else set()
    first = [*_nomination(hand.application, found, change and opened is None)]
    first.append(
        {
            "section": CLUSTER,
            "title": translate(CLUSTER_LABEL),
            "rows": list(_cluster_rows(hand.application, wanted, change and opened is None, members=found is not None)),
        }
    )
    missing = {place_of(one.path).code for one in found.form if one.stop} if found else set()
    others = [
        {
            "section": part.section.code,
            "title": shown(part.section, "title"),
            "rows": [
                _line(hand, part, row, missing, change and (opened is None or part.section.code in opened))
                for row in summary_rows(part, hand.answers, seen, hand.around, kept=kept)
                if row.kind is not FieldKind.FILE or (files and (change or row.said))
            ],
        }
        for part in hand.compiled.sections
        if part.section.code in seen.sections
    ]
    return [section for section in [*first, *others] if section["rows"]]


def _line(hand: AtHand, part: CompiledSection, row: SummaryRow, missing: set[str], change: bool) -> dict[str, Any]:
    value = _files(hand, row.code) if row.kind is FieldKind.FILE else row.said
    line: dict[str, Any] = {"label": _label(row), "value": value or "—"}
    if row.is_table:
        line["table"] = row.said
    if not value and row.code in missing:
        line["missing"] = True
    if change and row.kind is not FieldKind.COMPUTED:
        line["href"] = field_url(hand.application, hand.compiled, part.section.code, Place(row.code), back=True)
    return line


def _label(row: SummaryRow) -> Any:
    return gettext("%(label)s (computed)", label=row.label) if row.kind is FieldKind.COMPUTED else row.label


def _files(hand: AtHand, slot: str) -> Markup:
    kept = (
        Markup('<a href="{}">{}</a> <span class="nowrap">{}</span>').format(
            url_for("applications.document", document_id=file.id), file.filename, filesize(file.size)
        )
        for file in hand.files
        if file.slot == slot
    )
    unkept = (
        Markup('{} <span class="nowrap">{}</span>').format(file.filename, filesize(file.size))
        + small(gettext("The file itself is not kept in this installation: the application came with an archive."))
        + small(f"SHA-256 {file.sha256}")
        for file in hand.unkept
        if file.slot == slot
    )
    return Markup("<br>").join((*kept, *unkept))


def _nomination(application: Application, found: Checked | None, change: bool) -> Iterator[dict[str, Any]]:
    """The choice of the nomination, where the contest has some."""
    if not application.contest.nominations:
        return
    chosen = application.nomination
    said = localized(title_words(chosen), "title") if chosen else "—"
    line: dict[str, Any] = {"label": gettext("Nomination"), "value": said}
    if found and found.nomination:
        line["missing"] = True
    if change:
        line["href"] = section_url(application, NOMINATION, back=True)
    yield {"section": NOMINATION, "title": gettext("Nomination"), "rows": [line]}


def _cluster_rows(
    application: Application, wanted: set[str], change: bool, *, members: bool
) -> Iterator[dict[str, Any]]:
    """The cluster; its ``members`` before the submission alone, for later ones are not of what was submitted."""
    cluster = application.cluster
    managing = cluster.managing_organisation
    for name, label, value in (
        ("name", gettext("Name of the cluster"), cluster.name),
        ("region", gettext("Region"), REGIONS.get(cluster.region, cluster.region)),
        ("industry", gettext("Industry"), cluster.industry),
        ("managing", gettext("Managing organisation"), _organisation(managing) if managing else None),
        *([("members", gettext("Members of the cluster"), _members(application))] if members else []),
    ):
        line: dict[str, Any] = {"label": label, "value": value or "—"}
        if not value and name in wanted:
            line["missing"] = True
        if change:
            line["href"] = f"{section_url(application, CLUSTER, back=True)}#{name}"
        yield line


def _members(application: Application) -> Markup:
    return Markup("<br>").join(_organisation(member.organisation) for member in application.cluster.members)


def _organisation(organisation: Organisation) -> Markup:
    numbers = gettext("INN %(inn)s, OGRN %(ogrn)s", inn=organisation.inn, ogrn=organisation.ogrn)
    return escape(organisation.name) + small(numbers)
