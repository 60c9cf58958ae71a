"""Addresses that no mail server takes, named to the staff wherever letters are sent so that the cards are corrected."""

from collections.abc import Collection

from flask_babel import ngettext


def unreached_words(emails: Collection[str]) -> str:
    """Say to whom no letter went and what helps."""
    return str(
        ngettext(
            "No letter reaches this address, correct the card: %(emails)s",
            "No letter reaches these addresses, correct the cards: %(emails)s",
            len(emails),
            emails=", ".join(emails),
        )
    )
