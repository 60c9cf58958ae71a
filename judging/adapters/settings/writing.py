"""Settings as their file has them: keys in one order, and what says nothing left out where that is the same."""

import json
from dataclasses import asdict, replace
from typing import Any
from zoneinfo import ZoneInfo

from judging.adapters.archive import criterion_object, nomination_object, rules_object, sheet_object
from judging.adapters.forms import form_object
from judging.adapters.milestones import milestone_object
from judging.adapters.settings.schema import FORMAT, VERSION
from judging.adapters.strict_json.notation import instant_text, roubles_text
from judging.domain.agreements import agreement_document
from judging.domain.certification import Certification
from judging.domain.discussion import DiscussionRules
from judging.domain.distribution import DistributionRules
from judging.domain.guidance import Guidance
from judging.domain.public_page import page_document
from judging.domain.record import PlannedMilestone
from judging.domain.settings.values import ContestSettings, Terms, Texts, WordedCriterion
from judging.domain.visibility import visibility_document

Json = dict[str, Any]


def dump_settings(settings: ContestSettings) -> bytes:
    """Return the file: indented UTF-8 JSON with a line end after the last brace."""
    return json.dumps(settings_object(settings), ensure_ascii=False, indent=1).encode() + b"\n"


def settings_object(settings: ContestSettings) -> Json:
    """Return the settings as plain lists, dicts and texts."""
    zone = ZoneInfo(settings.terms.timezone)
    milestones = [milestone_object(PlannedMilestone(code, plan), zone) for code, plan in settings.milestones.items()]
    agreements = [_said(agreement_document(one)) for one in settings.agreements]
    public, visibility = page_document(settings.public), visibility_document(settings.visibility)
    nominations = [nomination_object(one) for one in settings.nominations]
    sheet = sheet_object(settings.sheet)
    return {
        "format": FORMAT,
        "version": VERSION,
        "terms": _terms(settings.terms),
        "criteria": [criterion_settings(one) for one in settings.criteria],
        **({"nominations": nominations} if nominations else {}),
        "rules": rules_object(settings.rules),
        **({"sheet": sheet} if sheet else {}),
        "form": form_object(settings.form),
        "assignment": _assignment(settings.assignment),
        **({"milestones": milestones} if milestones else {}),
        **({"agreements": agreements} if agreements else {}),
        **({"public": public} if public else {}),
        **({"visibility": visibility} if visibility else {}),
        **_discussion(settings.discussion),
    }


def _discussion(rules: DiscussionRules) -> Json:
    """The rules of the discussion where they are not those that every contest begins with."""
    said = {"circle": rules.circle.value, "edit_minutes": rules.edit_minutes}
    return {} if replace(rules, version=0) == DiscussionRules() else {"discussion": said}


def _terms(terms: Terms) -> Json:
    zone = ZoneInfo(terms.timezone)
    return {
        "title": terms.title,
        "summary": terms.summary,
        "label": terms.label,
        "label_en": terms.label_en,
        "timezone": terms.timezone,
        "applications_open": instant_text(terms.applications_open, zone),
        "applications_close": instant_text(terms.applications_close, zone),
        "review_close": instant_text(terms.review_close, zone),
        "budget": None if terms.budget is None else roubles_text(terms.budget),
        **({} if terms.certification is Certification.NONE else {"certification": terms.certification.value}),
    }


def criterion_settings(item: WordedCriterion) -> Json:
    """Return a criterion with its words as the file has it."""
    written: Json = dict(criterion_object(item.criterion))
    if item.title_en:
        written["title_en"] = item.title_en
    guidance = _said(item.guidance)
    if any(guidance.values()):
        written["guidance"] = guidance
    if item.descriptors:
        written["descriptors"] = [_said(level) for level in item.descriptors]
    return written


def _said(texts: Texts | Guidance) -> Json:
    """Texts without an English one that says nothing."""
    return {name: text for name, text in texts.items() if text or not name.endswith("_en")}


def _assignment(rules: DistributionRules) -> Json:
    words = {"goal": rules.goal.value, "queue": rules.queue.value, "additional": rules.additional.value}
    given = asdict(rules) | words
    return {name: value for name, value in given.items() if name != "version"}
