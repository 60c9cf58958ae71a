"""keys for searching and sorting.

What a search looks through is written anew in the one form of the domain (collation), as of this migration: the
functions below are its copy, since migrations import nothing from the application.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
NEW = {
    "users": ("sort_name",),
    "experts": ("sort_name",),
    "clusters": ("sort_name",),
    "organisations": ("sort_name",),
    "applications": ("sort_number",),
}
QUOTES, DASHES = "\"'`´«»„“”‟‹›‘’‚‛ʼ′″", "‐‑‒–—―−"
SIGNS = str.maketrans({**dict.fromkeys(QUOTES), **dict.fromkeys(DASHES, "-"), "№": " "})
PIECE = 500


def upgrade() -> None:
    for table, columns in NEW.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(sa.Column(column, KEY, nullable=False, server_default=""))
    with op.batch_alter_table("applications") as batch:
        batch.alter_column("sort_title", existing_type=sa.String(300), type_=KEY, nullable=False, server_default="")
    _fill("users", ("name", "email"), lambda row: {
        "search_text": search_key(f"{row.name} {row.email}"), "sort_name": sort_key(row.name)
    })  # fmt: skip
    _fill("experts", ("name", "search_text"), lambda row: {
        "search_text": search_key(row.search_text), "sort_name": sort_key(row.name)
    })  # fmt: skip
    for table in ("clusters", "organisations"):
        _fill(table, ("name",), lambda row: {"sort_name": sort_key(row.name)})
    _fill("applications", ("title", "number", "search_text"), lambda row: {
        "search_text": search_key(row.search_text), "sort_title": sort_key(row.title),
        "sort_number": sort_key(row.number or ""),
    })  # fmt: skip


def downgrade() -> None:
    with op.batch_alter_table("applications") as batch:
        batch.alter_column("sort_title", existing_type=KEY, type_=sa.String(300), nullable=False, server_default=None)
    for table, columns in NEW.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)


def _fill(name, read, keys) -> None:
    """Write the keys of every row, some hundred rows at a time."""
    columns = {"id", *read, "search_text", "sort_name", "sort_title", "sort_number"}
    table = sa.table(name, *map(sa.column, sorted(columns)))
    bind, last = op.get_bind(), 0
    while True:
        query = sa.select(*(table.c[one] for one in ("id", *read))).where(table.c.id > last).order_by(table.c.id)
        rows = bind.execute(query.limit(PIECE)).all()
        if not rows:
            return
        for row in rows:
            bind.execute(sa.update(table).where(table.c.id == row.id).values(keys(row)))
        last = rows[-1].id


def search_key(text):
    return folded(text).replace("ё", "е")


def sort_key(text):
    whole = folded(text)
    key = re.sub("[0-9]+", by_value, whole.replace("ё", "е"))
    exact = re.sub("[0-9]+", lambda found: by_value(found) + "0" * zeros(found[0]), whole)
    return key if exact == key else f"{key}\x1f{exact}"


def by_value(found):
    digits = found[0].lstrip("0")
    return f"{min(len(digits), 99):02d}{digits}"


def zeros(digits):
    return len(digits) - len(digits.lstrip("0"))


def folded(text):
    composed = unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS).casefold()
    composed = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFC", composed))
    return " ".join((composed if composed.isprintable() else "".join(map(seen, composed))).split())


def seen(sign):
    kind = unicodedata.category(sign)
    return "" if kind == "Cf" else " " if kind[0] in "ZC" else sign
