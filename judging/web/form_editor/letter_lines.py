"""What a letter about a change of a form says: the lines of the difference, as plain text in every language."""

from flask_babel import force_locale, gettext
from markupsafe import Markup

from judging.domain.forms.change_places import for_applicants
from judging.domain.forms.changes import changes_between
from judging.domain.forms.compiling import CompiledForm
from judging.services.forms.change_letters import Telling
from judging.web.access import public_url
from judging.web.form_editor.change_words import ChangeLine, Said, change_lines
from judging.web.locale import LANGUAGES


def telling_of(before: CompiledForm, after: CompiledForm) -> Telling:
    """What the letters say of this change."""
    changes = for_applicants(changes_between(before.form, after.form))
    lines: dict[str, list[str]] = {}
    for locale in LANGUAGES:
        with force_locale(locale):
            lines[locale] = [_line(one) for one in change_lines(changes, before, after)]
    return Telling(public_url(), lines)


def _line(one: ChangeLine) -> str:
    """«Finance» → «Own funds», no more than: 5 ₽ → 10 ₽."""
    before, after = _plain(one.before), _plain(one.after)
    what = f"{one.place}, {one.what}"
    if not before and not after:
        return what
    nothing = gettext("nothing")
    return f"{what}: {after or before}" if one.whole else f"{what}: {before or nothing} → {after or nothing}"


def _plain(said: Said) -> str:
    """A value without the marks that it has on a page, in one line."""
    return Markup.escape(said).striptags()
