"""An application in words, section by section: for the page of checks and for reading what was submitted."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import format_date, gettext
from markupsafe import Markup, escape

from judging.domain.completeness import PRIVATE_SHARE, SECTION_LABELS, Finding, Section, sections_of
from judging.domain.regions import REGIONS
from judging.models import Application, Organisation
from judging.queries.applications import current_documents
from judging.queries.nominations import title_words
from judging.web.applications.forms import READINESS, role_choices
from judging.web.applications.places import field_url
from judging.web.applications.saving import contest_indicators
from judging.web.templating import decimal, filesize, localized, money, translate

Row = tuple[str, str, Any]
"""The name that findings use, the label, the value (None or "" where it is not filled in)."""


def summary(application: Application, found: tuple[Finding, ...] = (), *, change: bool = False) -> list[dict[str, Any]]:
    """Every section with its rows as the summary list wants them.

    ``change``: each row carries a link to where it is filled in, which leads back to the page of checks. ``found``
    names what is asked for: only that is marked as missing.
    """
    wanted = {(one.section, one.name) for one in found if one.stop}
    return [
        {
            "section": section,
            "title": translate(SECTION_LABELS[section]),
            "rows": [
                _row(application, section, row, wanted, change)
                for row in ROWS[section](application)
                if change or section is not Section.DOCUMENTS or row[2]
            ],
        }
        for section in sections_of(nominations=bool(application.contest.nominations))
    ]


def _row(
    application: Application, section: Section, row: Row, wanted: set[tuple[Section, str]], change: bool
) -> dict[str, Any]:
    name, label, value = row
    shown: dict[str, Any] = {"label": label, "value": value if value not in (None, "") else "—"}
    if value in (None, "") and (section, name) in wanted:
        shown["missing"] = True
    if change:
        shown["href"] = field_url(application, section, name, back=True)
    return shown


def _nomination(application: Application) -> Iterator[Row]:
    chosen = application.nomination
    title = localized(title_words(chosen), "title") if chosen else None
    yield "nomination", gettext("Nomination"), title


def _cluster(application: Application) -> Iterator[Row]:
    cluster = application.cluster
    managing = cluster.managing_organisation
    yield "name", gettext("Name of the cluster"), cluster.name
    yield "region", gettext("Region"), REGIONS.get(cluster.region, cluster.region)
    yield "industry", gettext("Industry"), cluster.industry
    yield "managing", gettext("Managing organisation"), _organisation(managing) if managing else None


def _passport(application: Application) -> Iterator[Row]:
    level = application.readiness_level
    yield "title", gettext("Title of the project"), application.title
    yield "goal", gettext("Project goal"), _lines(application.goal)
    yield "summary", gettext("Project summary"), _lines(application.summary)
    yield (
        "functional_map_position",
        gettext("Position in the functional map"),
        _lines(application.functional_map_position),
    )
    yield "topics", gettext("OKVED2 codes"), ", ".join(application.topics)
    yield "readiness_level", gettext("Readiness level (TRL)"), str(READINESS[level - 1]) if level else None
    yield "starts_on", gettext("Start of the project"), _date(application.starts_on)
    yield "ends_on", gettext("End of the project"), _date(application.ends_on)
    yield "place", gettext("Project site"), application.place
    yield "contact_name", gettext("Contact person"), application.contact_name
    yield "contact_phone", gettext("Telephone"), application.contact_phone
    yield "contact_email", gettext("E-mail"), application.contact_email


def _participants(application: Application) -> Iterator[Row]:
    initiator, roles = application.initiator, dict(role_choices(application))
    yield "initiator", gettext("Initiator of the project"), _organisation(initiator) if initiator else None
    for partner in application.partners:
        role = roles.get(partner.role, partner.role) or gettext("Partner")
        words = _organisation(partner.organisation)
        yield "partners", role, words + _small(partner.contribution)
    if not application.partners:
        yield "partners", gettext("Partners"), None


def _finance(application: Application) -> Iterator[Row]:
    yield "total_cost", gettext("Total cost of the project"), money(application.total_cost)
    yield "own_funds", gettext("Own funds of the participants"), money(application.own_funds)
    yield "loans", gettext("Borrowed funds"), money(application.loans)
    yield "other_budget", gettext("Other budget funds"), money(application.other_budget)
    yield "requested", gettext("Requested subsidy"), money(application.requested)


def _indicators(application: Application) -> Iterator[Row]:
    for rule, words in contest_indicators(application):
        text = application.indicators.get(rule.code)
        label = f"{words['title']}, {words['unit']}" if words["unit"] else words["title"]
        if rule.code == PRIVATE_SHARE:
            label = gettext("%(label)s (computed)", label=label)
        yield rule.code, label, decimal(text)


def _documents(application: Application) -> Iterator[Row]:
    for slot in application.contest.document_slots:
        files = [
            Markup('<a href="{}">{}</a> <span class="nowrap">{}</span>').format(
                url_for("applications.document", document_id=file.id), file.filename, filesize(file.size)
            )
            for file in current_documents(application, slot["code"])
        ]
        yield slot["code"], localized(slot, "title"), Markup("<br>").join(files)


def _consents(application: Application) -> Iterator[Row]:
    given = gettext("Assurance given")
    yield "consent_truth", gettext("The data are complete and true"), given if application.consent_truth else None
    yield (
        "consent_personal_data",
        gettext("Processing of personal data"),
        (given if application.consent_personal_data else None),
    )
    yield (
        "consent_no_double_funding",
        gettext("The costs are not reimbursed by another measure"),
        (given if application.consent_no_double_funding else None),
    )


ROWS: dict[Section, Callable[[Application], Iterator[Row]]] = {
    Section.NOMINATION: _nomination,
    Section.CLUSTER: _cluster,
    Section.PASSPORT: _passport,
    Section.PARTICIPANTS: _participants,
    Section.FINANCE: _finance,
    Section.INDICATORS: _indicators,
    Section.DOCUMENTS: _documents,
    Section.CONSENTS: _consents,
}


def _organisation(organisation: Organisation) -> Markup:
    numbers = gettext("INN %(inn)s, OGRN %(ogrn)s", inn=organisation.inn, ogrn=organisation.ogrn)
    return escape(organisation.name) + _small(numbers)


def _small(text: str) -> Markup:
    return Markup("<br><small>{}</small>").format(text) if text else Markup("")


def _lines(text: str) -> Markup:
    """Text with its line breaks."""
    return Markup("<br>").join(text.splitlines())


def _date(value: date | None) -> str:
    return format_date(value, "long") if value else ""
