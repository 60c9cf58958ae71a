"""The forms by which a team takes over what it did in other contests."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from judging.queries.earlier_work import EarlierApplication, KnownOrganisation
from judging.web.applications.forms import NEEDED
from judging.web.forms import Form, TickList


class EarlierApplicationForm(Form):
    """Which of the team's earlier applications a draft begins with."""

    application = RadioField(
        _l("Which application is to be the base?"),
        coerce=int,
        validators=[InputRequired(_l("Choose the application that is to be the base."))],
    )

    def __init__(self, found: Sequence[EarlierApplication], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application.choices = [(one.id, one.title) for one in found]


class EarlierOrganisationsForm(Form):
    """Which organisations of other contests become members of the cluster."""

    organisations = TickList(_l("Which of them are in the cluster now?"), validators=[NEEDED])

    def __init__(self, found: Sequence[KnownOrganisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = "{name}, " + gettext("INN") + " {inn}"
        self.organisations.choices = [(str(one.id), words.format(name=one.name, inn=one.inn)) for one in found]
