"""How a section's page is shown and how it is saved: the same way for every section."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext

from judging.domain.access import Actor
from judging.domain.completeness import BEGUN, PRIVATE_SHARE, Section, sources_gap, stops
from judging.extensions import db
from judging.models import Application
from judging.queries import applications
from judging.queries.contests import nominations_of
from judging.queries.dossiers import dossier_of, indicator_rule, indicators_in, nomination_of, requirements_of
from judging.queries.sections import FIELDS
from judging.services.applications import draft_edit
from judging.services.applications.application_submit import check_application
from judging.web.access import by_request, current_actor
from judging.web.applications.forms import (
    ConsentsForm,
    FinanceForm,
    NominationForm,
    ParticipantsForm,
    PassportForm,
    SectionForm,
)
from judging.web.applications.indicators import IndicatorsForm, indicators_form
from judging.web.applications.places import finding_line
from judging.web.both_versions import typed_again, version_rows
from judging.web.clock import arrived
from judging.web.editing import Edit, carry_out
from judging.web.forms import new_key
from judging.web.offers import acts_on_application
from judging.web.templating import localized, money


def show_section(application_id: int, section: Section) -> Any:
    """The section's page with what is stored; a submitted application is led to its own page."""
    application = applications.by_id(db.session, application_id)
    if not acts_on_application(application, g.scope).edit or _needless(application, section):
        return redirect(url_for("applications.show", application_id=application_id))
    return render_section(application, section, stored_form(application, section))


def _needless(application: Application, section: Section) -> bool:
    """Whether the contest does not ask for the section at all."""
    return section is Section.NOMINATION and not application.contest.nominations


def save_section(application_id: int, section: Section) -> Any:
    """Save what was typed, or show it again with what is wrong; a stale form gets both versions."""
    application = applications.by_id(db.session, application_id)
    form = typed_form(application, section)
    if form.reshaped(request.form.to_dict()):
        return render_section(application, section, form)
    edit = Edit(
        form,
        show=partial(render_section, application, section, form),
        compare=partial(render_comparison, application_id, section, form),
        partly=partial(_what_is_left, application_id, section, form),
    )
    return carry_out(
        edit,
        lambda: SAVERS[section](application_id, form, current_actor()),
        gettext("The section is saved."),
        _onward(application_id, section),
    )


def _what_is_left(application_id: int, section: Section, form: SectionForm) -> str:
    """The page after what is legible was saved: the rest stands typed beside its messages, over what is stored now."""
    db.session.expire_all()
    application = applications.by_id(db.session, application_id)
    form.version.data = application.version
    form.version.raw_data = [str(application.version)]
    form.fingerprint.data = draft_edit.fingerprint(application, section)
    form.request_key.data = new_key()
    return render_section(application, section, form, kept=True)


def _onward(application_id: int, section: Section) -> str:
    """Back to the section, to the page of checks where the person came from there, or to the list of sections."""
    if request.form.get("stay"):
        return url_for(f"applications.{section.value}", application_id=application_id)
    page = "check" if request.args.get("from") == "check" else "show"
    return url_for(f"applications.{page}", application_id=application_id)


def render_section(application: Application, section: Section, form: SectionForm, *, kept: bool = False) -> str:
    """The section's page: the form, and what the section still lacks once it has been begun.

    ``kept``: all but what is named as wrong has just been saved.
    """
    found = [one for one in check_application(application, arrived()) if one.section is section]
    dossier = dossier_of(application)
    return render_template(
        f"applications/{section.value}.html",
        application=application,
        form=form,
        kept=kept,
        begun=BEGUN[section](dossier),
        hints=nomination_hints(application) if section is Section.NOMINATION else {},
        cap=requirements_of(application.contest, nomination_of(application)).cap,
        gap=sources_gap(dossier),
        share=_computed_share(application),
        lacking=[finding_line(application, one) for one in stops(found)],
        warnings=[finding_line(application, one) for one in found if not one.stop],
    )


def render_comparison(application_id: int, section: Section, mine: SectionForm) -> str:
    """Both versions side by side, and the two ways on."""
    db.session.expire_all()
    application = applications.by_id(db.session, application_id)
    theirs = stored_form(application, section, empty=True)
    return render_template(
        "applications/_conflict.html",
        application=application,
        changed_at=application.updated_at,
        rows=version_rows(mine, theirs),
        address=url_for(f"applications.{section.value}", application_id=application_id),
        fields=typed_again(version=theirs.version.data, fingerprint=theirs.fingerprint.data),
    )


def typed_form(application: Application, section: Section) -> SectionForm:
    """The section's form with what the request brings."""
    return FORMS[section](application)


def stored_form(application: Application, section: Section, *, empty: bool = False) -> SectionForm:
    """The section's form with what is stored. ``empty``: whatever the request brings is not looked at."""
    data = {
        **STORED[section](application),
        "version": application.version,
        "fingerprint": draft_edit.fingerprint(application, section),
    }
    return FORMS[section](application, formdata=None, data=data) if empty else FORMS[section](application, data=data)


def contest_indicators(application: Application) -> list[tuple[Any, dict[str, str]]]:
    """The contest's indicators: each rule with its title, unit and hint in the page's language."""
    return [
        (indicator_rule(one), {name: localized(one, name) for name in ("title", "unit", "hint")})
        for one in indicators_in(application.contest, nomination_of(application))
    ]


def nomination_hints(application: Application) -> dict[str, str]:
    """What is told of each nomination beside its title: the greatest sum that can be asked for, and its budget."""
    hints = {}
    contest = application.contest
    for row, nomination in zip(contest.nominations, nominations_of(contest), strict=True):
        parts = []
        if nomination.cap is not None:
            parts.append(gettext("no more than %(sum)s per application", sum=money(nomination.cap)))
        if nomination.budget is not None:
            parts.append(gettext("budget %(sum)s", sum=money(nomination.budget)))
        hints[str(row.id)] = ", ".join(parts)
    return hints


def _computed_share(application: Application) -> dict[str, str | None] | None:
    """The indicator that is computed, where the contest asks for it."""
    for rule, words in contest_indicators(application):
        if rule.code == PRIVATE_SHARE:
            return {**words, "value": application.indicators.get(PRIVATE_SHARE)}
    return None


def _indicators_form(application: Application, **kwargs: Any) -> IndicatorsForm:
    return indicators_form(contest_indicators(application))(**kwargs)


FORMS: Mapping[Section, Callable[..., SectionForm]] = {
    Section.NOMINATION: lambda application, **kwargs: NominationForm(application, **kwargs),
    Section.PASSPORT: lambda application, **kwargs: PassportForm(**kwargs),
    Section.FINANCE: lambda application, **kwargs: FinanceForm(**kwargs),
    Section.CONSENTS: lambda application, **kwargs: ConsentsForm(**kwargs),
    Section.PARTICIPANTS: lambda application, **kwargs: ParticipantsForm(application, **kwargs),
    Section.INDICATORS: _indicators_form,
}


def _stored_fields(section: Section) -> Callable[[Application], dict[str, Any]]:
    return lambda application: {name: getattr(application, name) for name in FIELDS[section]}


def _stored_participants(application: Application) -> dict[str, Any]:
    return {
        "initiator": application.initiator_id,
        "partners": [
            {"organisation": one.organisation_id, "role": one.role, "contribution": one.contribution}
            for one in application.partners
        ]
        or [{}],
    }


STORED: Mapping[Section, Callable[[Application], dict[str, Any]]] = {
    Section.NOMINATION: lambda application: {"nomination": application.nomination_id},
    Section.PASSPORT: _stored_fields(Section.PASSPORT),
    Section.FINANCE: _stored_fields(Section.FINANCE),
    Section.CONSENTS: _stored_fields(Section.CONSENTS),
    Section.PARTICIPANTS: _stored_participants,
    Section.INDICATORS: lambda application: {
        f"value-{code}": Decimal(text) for code, text in application.indicators.items()
    },
}


def _save_fields(section: Section) -> Callable[[int, Any, Actor], object]:
    def save(application_id: int, form: Any, actor: Actor) -> object:
        application = applications.by_id(db.session, application_id)
        values = form.values()
        values |= {name: getattr(application, name) for name in values if form[name].errors}
        return draft_edit.save_fields(
            db.session, application_id, section, values, seen=form.seen(), by=by_request(actor=actor)
        )

    return save


def _save_nomination(application_id: int, form: Any, actor: Actor) -> object:
    chosen = form.nomination.data
    if form.nomination.errors:
        chosen = applications.by_id(db.session, application_id).nomination_id
    return draft_edit.save_nomination(db.session, application_id, chosen, seen=form.seen(), by=by_request(actor=actor))


def _save_participants(application_id: int, form: Any, actor: Actor) -> object:
    application = applications.by_id(db.session, application_id)
    members = {member.organisation_id for member in application.cluster.members}
    stored = [
        draft_edit.PartnerData(one.organisation_id, one.role, one.contribution)
        for one in application.partners
        if one.organisation_id in members
    ]
    return draft_edit.save_participants(
        db.session,
        application_id,
        application.initiator_id if form.initiator.errors else form.initiator.data,
        form.partner_values(stored),
        seen=form.seen(),
        by=by_request(actor=actor),
    )


def _save_indicators(application_id: int, form: Any, actor: Actor) -> object:
    stored = applications.by_id(db.session, application_id).indicators
    texts = form.texts() | {code: stored[code] for code in form.illegible() if code in stored}
    return draft_edit.save_indicators(db.session, application_id, texts, seen=form.seen(), by=by_request(actor=actor))


SAVERS: Mapping[Section, Callable[[int, Any, Actor], object]] = {
    Section.NOMINATION: _save_nomination,
    Section.PASSPORT: _save_fields(Section.PASSPORT),
    Section.FINANCE: _save_fields(Section.FINANCE),
    Section.CONSENTS: _save_fields(Section.CONSENTS),
    Section.PARTICIPANTS: _save_participants,
    Section.INDICATORS: _save_indicators,
}
