"""The team's cluster in a contest and its organisations.

What a submitted application rests on does not change any more: the cluster itself and the organisations that take part
stay as they were; organisations may still be added for another application.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.models import Cluster, ClusterMember, Contest, Organisation
from judging.queries import applications
from judging.queries.submissions import names_organisation
from judging.services.applications.section_save import rename_inn
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold, hold_with
from judging.services.trial_guard import refuse_people


class Frozen(RuleViolation):
    """The data belong to an application that has been submitted."""


@dataclass(frozen=True)
class ClusterData:
    """What a team says of its cluster."""

    name: str
    region: str
    industry: str


@dataclass(frozen=True)
class OrganisationData:
    """What a team says of a legal entity; it is a member of the cluster, its managing organisation, or both."""

    inn: str
    ogrn: str
    name: str
    region: str
    member: bool = True
    managing: bool = False


def save_cluster(
    session: Session,
    contest: Contest,
    team_id: int,
    data: ClusterData,
    *,
    version: int | None,
    by: By,
) -> Cluster:
    """Enter the team's cluster, or change it; ``version`` is that of the form, None where there was none yet."""
    refuse_people(hold(session, contest.id), by)
    cluster = applications.cluster_of_team(session, contest.id, team_id)
    if cluster is None:
        cluster = Cluster(contest_id=contest.id, team_id=team_id, code=f"TEAM-{team_id}", version=0)
        session.add(cluster)
        before: ClusterData | None = None
    else:
        check_version(cluster, version or 0)
        before = ClusterData(cluster.name, cluster.region, cluster.industry)
    if before != data:
        _refuse_frozen(session, cluster)
        cluster.name, cluster.region, cluster.industry = data.name, data.region, data.industry
        _note(session, cluster, {"before": vars(before) if before else None, "after": vars(data)}, by)
    return cluster


def add_organisation(session: Session, cluster: Cluster, data: OrganisationData, *, by: By) -> Organisation:
    """Add a legal entity to the team's cluster; raise :class:`Refused` where its ИНН is there already."""
    hold_with(session, cluster)
    _refuse_twice(session, cluster, data, None)
    if data.managing:
        _refuse_frozen(session, cluster)
    organisation = Organisation(
        contest_id=cluster.contest_id,
        team_id=cluster.team_id,
        inn=data.inn,
        ogrn=data.ogrn,
        name=data.name,
        region=data.region,
    )
    session.add(organisation)
    session.flush()
    _place(cluster, organisation, data)
    _note(session, cluster, {"organisation": [None, vars(data)]}, by)
    return organisation


def add_organisations(session: Session, cluster: Cluster, several: Sequence[OrganisationData], *, by: By) -> None:
    """Add several legal entities to the team's cluster, all or none."""
    for data in several:
        add_organisation(session, cluster, data, by=by)


def change_organisation(
    session: Session,
    cluster: Cluster,
    organisation: Organisation,
    data: OrganisationData,
    *,
    version: int,
    by: By,
) -> None:
    """Correct a legal entity of the team's cluster or its place in the cluster."""
    hold_with(session, cluster)
    check_version(cluster, version)
    before = data_of(cluster, organisation)
    if before == data:
        return
    _refuse_twice(session, cluster, data, organisation)
    if before.managing or data.managing or _was_submitted(session, cluster, organisation):
        _refuse_frozen(session, cluster)
    if before.member and not data.member and applications.takes_part(session, organisation.id, submitted=False):
        raise Refused([Fault("member", N_("It takes part in a project: take it out of the project first."))])
    organisation.inn, organisation.ogrn = data.inn, data.ogrn
    if before.inn != data.inn:
        rename_inn(session, cluster, before.inn, data.inn, now=by.now)
    organisation.name, organisation.region = data.name, data.region
    _place(cluster, organisation, data)
    _note(session, cluster, {"organisation": [vars(before), vars(data)]}, by)


def remove_organisation(session: Session, cluster: Cluster, organisation: Organisation, *, by: By) -> None:
    """Take a legal entity out of the cluster; refused while it takes part in a project of the team."""
    hold_with(session, cluster)
    if applications.takes_part(session, organisation.id, submitted=False):
        raise RuleViolation(N_("The organisation takes part in a project: take it out of the project first."))
    before = data_of(cluster, organisation)
    if before.managing or _was_submitted(session, cluster, organisation):
        _refuse_frozen(session, cluster)
    cluster.members = [member for member in cluster.members if member.organisation_id != organisation.id]
    if before.managing:
        cluster.managing_organisation = None
    session.flush()
    session.delete(organisation)
    _note(session, cluster, {"organisation": [vars(before), None]}, by)


def copy_cluster(session: Session, contest: Contest, team_id: int, *, by: By) -> Cluster:
    """Begin from the team's cluster of its latest earlier contest; refused where one is there already or none was."""
    earlier = applications.earlier_cluster(session, contest.id, team_id)
    if earlier is None:
        raise RuleViolation(N_("The team has no cluster in an earlier contest."))
    if applications.cluster_of_team(session, contest.id, team_id) is not None:
        raise RuleViolation(N_("The cluster has already been entered in this contest."))
    return _copied(session, contest, earlier, team_id, by)


def bring_cluster(session: Session, contest: Contest, earlier: Cluster, *, by: By) -> Cluster:
    """Return the team's cluster in the contest with every organisation that the earlier one has.

    It is begun from the earlier one; where it is there already, the organisations that it lacks are added as members.
    """
    team_id = earlier.team_id
    if team_id is None:
        raise RuleViolation(N_("The application belongs to no team."))
    cluster = applications.cluster_of_team(session, contest.id, team_id)
    if cluster is None:
        return _copied(session, contest, earlier, team_id, by)
    known = {organisation.inn for organisation in organisations_of(cluster)}
    for organisation in organisations_of(earlier):
        if organisation.inn not in known:
            data = replace(data_of(earlier, organisation), member=True, managing=False)
            add_organisation(session, cluster, data, by=by)
    return cluster


def _copied(session: Session, contest: Contest, earlier: Cluster, team_id: int, by: By) -> Cluster:
    data = ClusterData(earlier.name, earlier.region, earlier.industry)
    cluster = save_cluster(session, contest, team_id, data, version=None, by=by)
    for organisation in organisations_of(earlier):
        add_organisation(session, cluster, data_of(earlier, organisation), by=by)
    return cluster


def organisations_of(cluster: Cluster) -> list[Organisation]:
    """The cluster's organisations: the managing one first, then the members in their order."""
    members = [member.organisation for member in cluster.members]
    managing = cluster.managing_organisation
    return members if managing is None else [managing, *(one for one in members if one is not managing)]


def data_of(cluster: Cluster, organisation: Organisation) -> OrganisationData:
    """A stored legal entity and its place in the cluster."""
    return OrganisationData(
        inn=organisation.inn,
        ogrn=organisation.ogrn,
        name=organisation.name,
        region=organisation.region,
        member=any(member.organisation_id == organisation.id for member in cluster.members),
        managing=cluster.managing_organisation_id == organisation.id,
    )


def _place(cluster: Cluster, organisation: Organisation, data: OrganisationData) -> None:
    """Make the organisation a member, the managing organisation, both or neither, as ``data`` says."""
    there = [member for member in cluster.members if member.organisation_id == organisation.id]
    if data.member and not there:
        last = max((member.position for member in cluster.members), default=-1)
        cluster.members.append(ClusterMember(organisation=organisation, position=last + 1))
    if not data.member:
        for member in there:
            cluster.members.remove(member)
    if data.managing:
        cluster.managing_organisation = organisation
    elif cluster.managing_organisation_id == organisation.id:
        cluster.managing_organisation = None


def _refuse_twice(session: Session, cluster: Cluster, data: OrganisationData, itself: Organisation | None) -> None:
    if not data.member and not data.managing:
        raise Refused([Fault("member", N_("Say what the organisation is in the cluster."))])
    team_id = cluster.team_id or 0
    known = applications.organisation_by_inn(session, cluster.contest_id, team_id, data.inn)
    if known is not None and known is not itself:
        raise Refused([Fault("inn", N_("This INN is there already: %(name)s"), {"name": known.name})])


def _was_submitted(session: Session, cluster: Cluster, organisation: Organisation) -> bool:
    """Whether what was submitted names the organisation, as one that takes part or anywhere in its answers."""
    part = applications.takes_part(session, organisation.id, submitted=True)
    return part or names_organisation(session, cluster.id, organisation.inn)


def _refuse_frozen(session: Session, cluster: Cluster) -> None:
    if cluster.id is not None and applications.has_submitted(session, cluster.id):
        raise Frozen(N_("An application of this cluster has been submitted: these data do not change any more."))


def _note(session: Session, cluster: Cluster, details: dict[str, object], by: By) -> None:
    cluster.version += 1
    cluster.changed_at = by.now
    record(
        session,
        Event.CLUSTER_CHANGED,
        by=by,
        subject=cluster,
        label=cluster.name,
        contest_id=cluster.contest_id,
        details=details,
    )
