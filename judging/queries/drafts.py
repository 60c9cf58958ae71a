"""Whether a draft holds anything that its team would miss."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from judging.models import Application, ApplicationSection, Document, Extension


def is_empty(session: Session, application: Application) -> bool:
    """Say whether nothing was filled in, uploaded, carried over or granted; a chosen nomination is nothing yet.

    A file that was removed since is something: that it was here is on record.
    """
    if application.previous_id is not None or application.title or application.initiator_id or application.partners:
        return False
    mine = (Document, Extension)
    if any(session.scalar(select(exists().where(one.application_id == application.id))) for one in mine):
        return False
    saved = session.scalars(select(ApplicationSection.answers).filter_by(application_id=application.id)).all()
    return not any(value not in ("", [], False, None) for answers in saved for value in answers.values())
