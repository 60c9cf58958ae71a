"""what was submitted is kept as it was: the receipt of every submission of today becomes a row.

A receipt that the rows no longer give (an application that was withdrawn, and whose organisations were changed after
that) is not made up: of such a one there is no row.
"""

import hashlib
import json
from collections import defaultdict
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CHUNK = 300
INSTANT = sa.DateTime(timezone=True)
PASSPORT = ("title", "goal", "summary", "functional_map_position", "topics", "readiness_level", "starts_on", "ends_on",
            "place", "contact_name", "contact_phone", "contact_email")  # fmt: skip
FINANCE = ("total_cost", "own_funds", "loans", "other_budget", "requested")
CONSENTS = ("consent_truth", "consent_personal_data", "consent_no_double_funding")
TYPES = {
    "topics": sa.JSON, "indicators": sa.JSON, "starts_on": sa.Date, "ends_on": sa.Date, "submitted_at": INSTANT,
    "removed_at": INSTANT, "document": sa.JSON, "at": INSTANT, **dict.fromkeys(CONSENTS, sa.Boolean),
    **dict.fromkeys(FINANCE, sa.BigInteger),
}  # fmt: skip


def _table(name, *columns):
    return sa.table(name, *(sa.column(column, TYPES.get(column)) for column in columns))


APPLICATIONS = _table("applications", "id", "contest_id", "cluster_id", "initiator_id", "number", "submitted_at",
                      "submitted_by_id", "receipt_sha256", "indicators", *PASSPORT, *FINANCE, *CONSENTS)  # fmt: skip
CONTESTS = _table("contests", "id", "code")
CLUSTERS = _table("clusters", "id", "name", "region", "industry", "managing_organisation_id")
ORGANISATIONS = _table("organisations", "id", "inn", "ogrn", "name")
PARTNERS = _table("partners", "application_id", "position", "organisation_id", "role", "contribution")
DOCUMENTS = _table("documents", "id", "application_id", "slot", "filename", "size", "sha256", "removed_at")
SUBMISSIONS = _table("submissions", "application_id", "number", "document", "sha256", "at", "by_id")


def upgrade() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_submissions_numbered")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_submissions_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_submissions_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_submissions_application_id_number")),
    )  # fmt: skip
    bind = op.get_bind()
    contests = dict(bind.execute(sa.select(CONTESTS.c.id, CONTESTS.c.code)).all())
    last = 0
    while rows := bind.execute(_submitted(last)).all():
        last = rows[-1].id
        kept = [one for one in _receipts(bind, rows, contests) if one is not None]
        if kept:
            bind.execute(sa.insert(SUBMISSIONS), kept)


def downgrade() -> None:
    op.drop_table("submissions")


def _submitted(after):
    columns = APPLICATIONS.c
    submitted = columns.receipt_sha256.is_not(None), columns.submitted_at.is_not(None), columns.id > after
    return sa.select(APPLICATIONS).where(*submitted).order_by(columns.id).limit(CHUNK)


def _receipts(bind, rows, contests):
    keys = [row.id for row in rows]
    partners, files = defaultdict(list), defaultdict(list)
    mine = PARTNERS.c.application_id.in_(keys)
    for row in bind.execute(sa.select(PARTNERS).where(mine).order_by(PARTNERS.c.application_id, PARTNERS.c.position)):
        partners[row.application_id].append(row)
    current = DOCUMENTS.c.application_id.in_(keys), DOCUMENTS.c.removed_at.is_(None)
    for row in bind.execute(sa.select(DOCUMENTS).where(*current).order_by(DOCUMENTS.c.id)):
        files[row.application_id].append(row)
    named = sa.select(CLUSTERS).where(CLUSTERS.c.id.in_({row.cluster_id for row in rows}))
    clusters = {row.id: row for row in bind.execute(named)}
    wanted = {row.initiator_id for row in rows} | {one.managing_organisation_id for one in clusters.values()}
    wanted |= {one.organisation_id for listed in partners.values() for one in listed}
    organisations = {
        row.id: {"inn": row.inn, "ogrn": row.ogrn, "name": row.name}
        for row in bind.execute(sa.select(ORGANISATIONS).where(ORGANISATIONS.c.id.in_(wanted - {None})))
    }
    for row in rows:
        cluster = clusters[row.cluster_id]
        document = _receipt(row, contests[row.contest_id], cluster, partners[row.id], files[row.id], organisations)
        yield _row(row, document)


def _receipt(row, contest, cluster, partners, files, organisations):
    """The receipt of an application as the product of that time made it, format application-receipt 1."""
    return {
        "format": "application-receipt",
        "version": 1,
        "number": row.number,
        "submitted_at": _instant(row.submitted_at).isoformat(),
        "contest": contest,
        "cluster": {
            "name": cluster.name, "region": cluster.region, "industry": cluster.industry,
            "managing_organisation": organisations.get(cluster.managing_organisation_id),
        },
        "initiator": organisations.get(row.initiator_id),
        "partners": [
            {**organisations[one.organisation_id], "role": one.role, "contribution": one.contribution}
            for one in partners
        ],
        "data": {
            "passport": _plain(row, PASSPORT), "finance": _plain(row, FINANCE), "consents": _plain(row, CONSENTS),
        },
        "indicators": row.indicators,
        "documents": [
            {"slot": one.slot, "filename": one.filename, "size": one.size, "sha256": one.sha256} for one in files
        ],
    }  # fmt: skip


def _plain(row, names):
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if name in ("starts_on", "ends_on") and value else value
            for name, value in values.items()}  # fmt: skip


def _instant(value):
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _row(row, document):
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    sha256 = hashlib.sha256(canonical).hexdigest()
    if sha256 != row.receipt_sha256:
        return None
    return {"application_id": row.id, "number": 1, "document": document, "sha256": sha256,
            "at": _instant(row.submitted_at), "by_id": row.submitted_by_id}  # fmt: skip
