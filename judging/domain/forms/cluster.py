"""The section that every form has built in: the team's cluster and its organisations."""

from collections.abc import Collection, Iterator

from judging.domain.errors import N_
from judging.domain.forms.environment import CLUSTER
from judging.domain.forms.findings import FormFinding

CLUSTER_LABEL = N_("Cluster and organisations")
LEAST_PARTICIPANTS = 2
"""Of a joint project, its initiator among them (ПП РФ N 41)."""


def cluster_findings(name: str, managing: str | None, members: Collection[str]) -> Iterator[FormFinding]:
    """Yield what the cluster lacks: ``managing`` is the ИНН of its managing organisation, ``members`` are theirs."""
    if not name:
        yield FormFinding(CLUSTER, "name", True, N_("Enter the name of the cluster"))
    if managing is None:
        yield FormFinding(CLUSTER, "managing", True, N_("Add the managing organisation of the cluster"))
    if len(members) < LEAST_PARTICIPANTS:
        words = N_("Add the members of the cluster: no fewer than %(least)s take part in the project")
        yield FormFinding(CLUSTER, "members", True, words, {"least": LEAST_PARTICIPANTS})
