"""The label under which those who may not know an expert's name know the expert."""

from flask_babel import gettext


def expert_words(number: int | None) -> str:
    """«Expert 2»; of one who has no task on the application any more, without a number."""
    return gettext("Expert %(number)s", number=number) if number else gettext("An expert")
