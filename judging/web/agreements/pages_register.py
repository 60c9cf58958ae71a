"""The register of acceptances as a file: who accepted which version, under which hash, when and from where."""

from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.exports.agreements import acceptances_csv
from judging.extensions import db
from judging.queries import agreements as queries
from judging.queries import contests, scopes
from judging.web.access import requires
from judging.web.agreements.blueprint import blueprint
from judging.web.downloads import begun, file_answer, note_export
from judging.web.phases import prepares


@blueprint.post("/staff/contests/<code>/experts/agreements/acceptances")
@requires(Permission.SEE_EXPERTS, scopes.contest_scope)
@prepares
def acceptances(code: str) -> Response:
    """The register; that it was taken is on record."""
    contest = contests.by_code(db.session, code)
    rows = list(queries.register(db.session, contest.id))
    parts = begun(acceptances_csv(rows))
    note_export(code, "agreements-csv", {"count": len(rows)})
    return file_answer(parts, "text/csv; charset=utf-8", f"{code}-agreements.csv")
