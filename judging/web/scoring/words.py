"""Sentences of the score sheet's own: the rule of a comment, the time of a saved draft."""

from dataclasses import replace
from datetime import datetime

from flask_babel import gettext, ngettext

from judging.domain.rubric import ExpertCriterion
from judging.web.scoring.blueprint import blueprint
from judging.web.templating import MOSCOW, decimal, moscow_short


@blueprint.app_template_filter()
def comment_rule(criterion: ExpertCriterion) -> str:
    """For which marks the comment is compulsory, and how long it is at least; empty where for none."""
    rule = criterion.comment_required
    if rule is None or (rule.at_most is None and rule.at_least is None):
        return ""
    if rule.shortest:
        words = comment_rule(replace(criterion, comment_required=replace(rule, shortest=0)))
        return ngettext(
            "%(rule)s, %(num)s character or more", "%(rule)s, %(num)s characters or more", rule.shortest, rule=words
        )
    low, high = decimal(rule.at_most), decimal(rule.at_least)
    if rule.at_least is None:
        return gettext("Compulsory for marks of %(low)s and below", low=low)
    if rule.at_most is None:
        return gettext("Compulsory for marks of %(high)s and above", high=high)
    if rule.at_most >= rule.at_least:
        return gettext("Compulsory for every mark")
    return gettext("Compulsory for marks of %(low)s and below, %(high)s and above", low=low, high=high)


def saved_clock(at: datetime) -> str:
    """When a draft was saved today: «14:32». The sentence around it says «МСК»."""
    return at.astimezone(MOSCOW).strftime("%H:%M")


@blueprint.app_template_filter()
def draft_saved(at: datetime, moment: datetime) -> str:
    """That a draft is saved, and when: by the clock, on another day with the date."""
    if at.astimezone(MOSCOW).date() == moment.astimezone(MOSCOW).date():
        return gettext("Draft saved at %(time)s", time=saved_clock(at))
    return gettext("Draft saved on %(time)s", time=moscow_short(at))
