"""A draft of the demonstration: half filled, with faults to look at in sums, dates and rows."""

from datetime import timedelta

from judging.domain.forms.notation import roubles
from judging.services.demo.full_answers import Sections, Subject, section_answers

BEGUN = ("applicant", "participants", "project", "finance")
"""The sections that were saved."""


def half_answers(of: Subject) -> Sections:
    """Return the answers of the sections that were begun.

    The address is missing; a product has no code and a stage no cost yet, and the last stage ends after the project;
    the own funds of the last year are not entered, and the subsidy is above half of the costs named so far.
    """
    answers = section_answers(of, BEGUN)
    del answers["applicant"]["initiator_address"]
    del answers["participants"]["partners"][0]["agreement"]
    products, stages = answers["project"]["products"], answers["project"]["stages"]
    del products[-1]["okpd2"]
    del stages[2]["cost"]
    stages[-1]["till"] = (of.ends + timedelta(days=40)).isoformat()
    answers["finance"]["sources"][-1]["own"] = roubles(0)
    del answers["finance"]["costs"][3:]
    return answers
