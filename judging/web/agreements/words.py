"""The text of an agreement on a page: escaped, with its light marks."""

from typing import Any

from markupsafe import Markup

from judging.web.agreements.blueprint import blueprint
from judging.web.questionnaire.light import rendered
from judging.web.templating import localized


@blueprint.app_template_filter()
def agreement_text(thing: Any) -> Markup:
    """The text of an agreement or of one of its versions in the page's language; Russian where there is no other."""
    return rendered(localized(thing, "text"))
