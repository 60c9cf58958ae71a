"""The versions of a form: who made each, when and why, and the difference between any two."""

from flask import abort, render_template, request

from judging.domain.access import Permission
from judging.domain.forms.changes import changes_between
from judging.domain.forms.compiling import compile_form
from judging.extensions import db
from judging.queries import contests, scopes
from judging.queries.forms import VersionLine, nomination_codes, version_form, versions_of
from judging.web.access import requires
from judging.web.form_editor.blueprint import blueprint
from judging.web.form_editor.change_words import change_lines


@blueprint.get("/staff/contests/<code>/form/versions")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def versions(code: str) -> str:
    """Every version, the last one first; two that are chosen are compared below."""
    contest = contests.by_code(db.session, code)
    listed = versions_of(db.session, contest.id)
    older, newer = (_chosen(listed, request.args.get(name, "")) for name in ("before", "after"))
    if older is None or newer is None:
        newer = listed[0] if listed else None
        older = listed[1] if len(listed) > 1 else newer
    lines = None
    if older is not None and newer is not None and older != newer:
        before, after = (
            compile_form(version_form(db.session, contest.id, one.number, one.revision), nomination_codes(contest))
            for one in (older, newer)
        )
        lines = change_lines(changes_between(before.form, after.form), before, after)
    return render_template(
        "form_editor/versions.html", contest=contest, versions=listed, older=older, newer=newer, lines=lines,
        name_of=name_of,
    )  # fmt: skip


def name_of(version: VersionLine) -> str:
    """What a version is called: 2, and 2.1 after its words were mended once."""
    return f"{version.number}.{version.revision}" if version.revision else str(version.number)


def _chosen(listed: list[VersionLine], name: str) -> VersionLine | None:
    """The version of a name; None where none is named. A name that no version has is not found."""
    if not name:
        return None
    found = next((one for one in listed if name_of(one) == name), None)
    return found if found is not None else abort(404)
