"""The condition of this installation, as the pages about it and the administrator's navigation show it."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from judging.extensions import db
from judging.models.database_file import file_of, in_place
from judging.models.engine import reading
from judging.services.condition import Condition, Places, condition_of
from judging.web.clock import now


def condition() -> Condition:
    """Look at database, disk and worker."""
    with reading():
        return condition_of(
            db.sessionmaker,
            places(),
            in_place=in_place(db.engine),
            log_waits=current_app.extensions["downloads"].waiting > 0,
            now=now(),
        )


def places() -> Places:
    """Where this installation writes."""
    config = current_app.config["JUDGING"]
    folders = [config.instance_dir]
    database, store = file_of(config.database_url), urlsplit(config.storage_url)
    if database is not None:
        folders.append(database.parent)
    if store.scheme == "file":
        folders.append(Path(store.path))
    return Places(config.instance_dir, folders, config.min_free_mb << 20)
