"""The outbox as the administrator sees it; with no mail server this is where letters are read."""

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import DESK, Permission
from judging.domain.jobs import JobKind, key_of
from judging.domain.letters import MAX_ATTEMPTS, LetterState, letter_state
from judging.extensions import db
from judging.models import Letter
from judging.queries import accounts as queries
from judging.queries.jobs import progress_of_job
from judging.services import letters as service
from judging.web.access import by_request, requires
from judging.web.accounts.blueprint import blueprint
from judging.web.clock import now
from judging.web.listing import member_of, page_of, search_of


@blueprint.get("/letters")
@requires(Permission.READ_LETTERS, DESK)
def letters() -> str:
    """Every letter, newest first."""
    wanted = queries.LetterFilter(
        text=search_of(request.args), state=member_of(request.args, "state", LetterState), page=page_of(request.args)
    )
    page = queries.letters_page(db.session, wanted)
    return render_template("accounts/letters.html", page=page, wanted=wanted, delivered=_is_delivered())


@blueprint.get("/letters/<int:letter_id>")
@requires(Permission.READ_LETTERS, DESK)
def letter(letter_id: int) -> str:
    """One letter. Its one-time links are its reader's alone; the console shows them where no mail server delivers."""
    item = db.get_or_abort(Letter, letter_id)
    body = service.without_secrets(item.body)
    state = letter_state(item.sent_at, item.attempts, item.last_error)
    return render_template(
        "accounts/letter.html", letter=item, body=body, state=state, hidden=body != item.body,
        delivered=_is_delivered(), most=MAX_ATTEMPTS,
        run_at=progress_of_job(db.session, key_of(JobKind.LETTERS, letter_id)).run_at,
    )  # fmt: skip


@blueprint.post("/letters/<int:letter_id>/retry")
@requires(Permission.READ_LETTERS, DESK)
def retry_letter(letter_id: int) -> Response:
    """Try again at once to send a letter that was not taken."""
    if db.session.get(Letter, letter_id) is None:
        abort(404)
    service.retry_letter(db.session, letter_id, by=by_request(now()))
    db.session.commit()
    flash(gettext("The letter will be sent again within a minute."), "success")
    return redirect(url_for("accounts.letter", letter_id=letter_id), code=303)


def _is_delivered() -> bool:
    """Whether a mail server is set up."""
    return bool(current_app.config["JUDGING"].mail_url)
