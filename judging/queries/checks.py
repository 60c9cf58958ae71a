"""A whole application looked through: its cluster, and its answers by the form of the contest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from judging.domain.errors import N_
from judging.domain.forms.cluster import cluster_findings
from judging.domain.forms.environment import NOMINATION
from judging.domain.forms.findings import FormFinding, form_findings
from judging.domain.forms.looking import Answers, Look, look
from judging.models import Application
from judging.queries.answers import StoredSection, answers_of, circumstances_of, stored_sections
from judging.queries.certifications import found_of_certification
from judging.queries.dossiers import member_inns
from judging.queries.forms import FormInForce, form_in_force
from judging.queries.signing import found_of_signatures


@dataclass(frozen=True)
class Check:
    """An application as its stored answers are now, with everything that is found: what is built in first."""

    form: FormInForce
    sections: Mapping[str, StoredSection]
    answers: Answers
    seen: Look
    findings: tuple[FormFinding, ...]


def check_application(session: Session, application: Application, now: datetime) -> Check:
    """Look through an application as of ``now``, dates by the contest's own time zone."""
    form = form_in_force(application.contest)
    sections = stored_sections(session, application.id)
    answers = answers_of(application, form.compiled, sections)
    today = now.astimezone(ZoneInfo(application.contest.timezone)).date()
    seen = look(form.compiled, answers, circumstances_of(application, today))
    built_in = (*found_of_nomination(application), *found_of_cluster(application))
    signing = found_of_signatures(session, application, form.form, seen)
    certifying = found_of_certification(application, sections)
    found = (*built_in, *form_findings(form.compiled, seen), *signing, *certifying)
    return Check(form, sections, answers, seen, found)


def found_of_nomination(application: Application) -> Iterator[FormFinding]:
    """Yield what is wrong with the choice of the nomination: that there is none, where the contest has some."""
    if application.contest.nominations and application.nomination_id is None:
        yield FormFinding(NOMINATION, NOMINATION, True, N_("Choose the nomination"))


def found_of_cluster(application: Application) -> tuple[FormFinding, ...]:
    """Return what the cluster of the application lacks."""
    cluster = application.cluster
    managing = cluster.managing_organisation
    return tuple(cluster_findings(cluster.name, managing.inn if managing else None, member_inns(cluster)))
