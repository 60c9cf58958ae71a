"""What of a cluster does not change any more, because an application that was submitted rests on it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.lifecycle import ApplicationStatus
from judging.models import Application, Cluster, Partner
from judging.queries.applications import has_submitted
from judging.queries.submissions import submitted_inns


def locked_organisations(session: Session, cluster: Cluster) -> frozenset[int] | None:
    """Return the ids of the organisations that stand as they were submitted; None while the cluster itself can change.

    They are the managing one, and those that what was submitted names.
    """
    if not has_submitted(session, cluster.id):
        return None
    counting = (
        Application.cluster_id == cluster.id,
        Application.number.is_not(None),
        Application.status != ApplicationStatus.WITHDRAWN,
    )
    leading = select(Application.initiator_id).where(*counting, Application.initiator_id.is_not(None))
    taking = select(Partner.organisation_id).join(Application, Application.id == Partner.application_id)
    found = {*session.scalars(leading), *session.scalars(taking.where(*counting))}
    named = submitted_inns(session, cluster.id)
    managing = [cluster.managing_organisation] if cluster.managing_organisation else []
    everybody = [*managing, *(member.organisation for member in cluster.members)]
    found |= {one.id for one in everybody if one.inn in named} | {one.id for one in managing}
    return frozenset(one for one in found if one is not None)
