"""The discussion of one application: read, written, changed by its authors, noted as read."""

from functools import partial
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.discussion import AUDIENCE_LABELS, MessageAudience
from judging.extensions import db
from judging.models import DiscussionMessage
from judging.queries import applications, scopes
from judging.services import discussions as services
from judging.web.access import by_request, public_url, requires
from judging.web.discussions.blueprint import blueprint
from judging.web.discussions.forms import MessageForm, ReadForm, RemovalForm, TextForm
from judging.web.discussions.reading import Reader
from judging.web.editing import Edit, carry_out
from judging.web.forms import new_key
from judging.web.once import once
from judging.web.storage_trouble import from_script


@blueprint.get("/applications/<int:application_id>/discussion")
@requires(Permission.SEE_DISCUSSION, scopes.discussion_scope)
def show(application_id: int) -> str:
    """What has been said about the application to this reader, and the form to say more."""
    return _page(_reader(application_id))


@blueprint.post("/applications/<int:application_id>/discussion")
@requires(Permission.DISCUSS, scopes.discussion_scope)
@once
def write(application_id: int) -> Any:
    """Write a message."""
    reader = _reader(application_id)
    form = MessageForm(reader.writes)

    def act() -> DiscussionMessage:
        audience = MessageAudience(form.audience.data)
        message = services.NewMessage(reader.kept(form.text.data or "", audience), audience, form.reply_to_id.data)
        return services.write_message(
            db.session, application_id, message, reader.author, by=by_request(), base_url=public_url()
        )

    return carry_out(
        Edit(form, show=partial(_page, reader, form)),
        act,
        gettext("The message is written."),
        lambda made: url_for("discussions.show", application_id=application_id, _anchor=f"message-{made.id}"),
    )


@blueprint.get("/discussion/messages/<int:message_id>")
@requires(Permission.DISCUSS, scopes.message_scope)
def edit(message_id: int) -> str:
    """One's own message, to be changed."""
    message, reader = _own(message_id)
    row = next(one for one in reader.rows if one.id == message_id)
    form = TextForm(formdata=None, data={"text": reader.typed(row), "version": message.version})
    return _edit_page(reader, message, form)


@blueprint.post("/discussion/messages/<int:message_id>")
@requires(Permission.DISCUSS, scopes.message_scope)
@once
def change(message_id: int) -> Any:
    """Change one's own message."""
    message, reader = _own(message_id)
    form = TextForm()

    def act() -> DiscussionMessage:
        text = reader.kept(form.text.data or "", MessageAudience(message.audience))
        return services.edit_message(
            db.session, message, text, version=_stated(form), by=by_request(), base_url=public_url()
        )

    return carry_out(
        Edit(form, show=partial(_edit_page, reader, message, form)),
        act,
        gettext("The message is changed; the text before is kept."),
        url_for("discussions.show", application_id=message.application_id, _anchor=f"message-{message_id}"),
    )


@blueprint.post("/discussion/messages/<int:message_id>/removal")
@requires(Permission.DISCUSS, scopes.message_scope)
@once
def remove(message_id: int) -> Any:
    """Take one's own message back."""
    message, reader = _own(message_id)
    form = RemovalForm()
    return carry_out(
        Edit(form, show=partial(_page, reader)),
        lambda: services.remove_message(db.session, message, version=_stated(form), by=by_request()),
        gettext("The message is taken back."),
        url_for("discussions.show", application_id=message.application_id),
    )


@blueprint.post("/applications/<int:application_id>/discussion/read")
@requires(Permission.SEE_DISCUSSION, scopes.discussion_scope)
@once
def read(application_id: int) -> Any:
    """Note that the messages on the page were read."""
    reader, form = _reader(application_id), ReadForm()
    if form.validate():
        among = [row.id for row in reader.rows]
        services.mark_read(db.session, reader.application, form.last_id.data or 0, among=among, by=by_request())
        db.session.commit()
    if from_script():
        return Response(status=204)
    return redirect(url_for("discussions.show", application_id=application_id), code=303)


def _reader(application_id: int) -> Reader:
    return Reader(applications.by_id(db.session, application_id))


def _own(message_id: int) -> tuple[DiscussionMessage, Reader]:
    """A message of one's own that one reads; any other is not there."""
    message = db.session.get_one(DiscussionMessage, message_id)
    reader = _reader(message.application_id)
    mine = message.author_id is not None and message.author_id == reader.actor.user_id
    if not mine or MessageAudience(message.audience) not in reader.reads:
        abort(404)
    return message, reader


def _stated(form: TextForm | RemovalForm) -> int:
    return -1 if form.version.data is None else int(form.version.data)


def _page(reader: Reader, form: MessageForm | None = None) -> str:
    reader = _reader(reader.application.id) if form is not None else reader
    threads = reader.threads()
    everything = [one for head in threads for one in (head, *head.answers)]
    return render_template(
        "discussions/show.html",
        reader=reader,
        application=reader.application,
        contest=reader.application.contest,
        threads=threads,
        unread=sum(one.unread for one in everything),
        last_id=max((one.row.id for one in everything), default=0),
        form=form or MessageForm(reader.writes, formdata=None),
        refused=form,
        audiences=AUDIENCE_LABELS,
        new_key=new_key,
    )


def _edit_page(reader: Reader, message: DiscussionMessage, form: TextForm) -> str:
    return render_template(
        "discussions/edit.html",
        reader=reader,
        application=reader.application,
        contest=reader.application.contest,
        message=message,
        form=form,
        audience=AUDIENCE_LABELS[MessageAudience(message.audience)],
    )
