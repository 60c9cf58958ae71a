"""Addresses as they are stored, or a refusal beside the field."""

from judging.adapters.addresses import NO_ADDRESS, normal_address
from judging.domain.errors import N_, Fault, Refused, Unfit


def normal_email(text: str) -> str:
    """Return the address as it is stored; raise :class:`Refused` at ``email`` where no letter could reach it."""
    try:
        return normal_address(text)
    except Unfit as unfit:
        raise Refused([Fault("email", *address_words(unfit))]) from unfit


def address_words(unfit: Unfit) -> tuple[str, dict[str, object]]:
    """Return why an address does not fit as a message beside a field, and its values."""
    if unfit.message == NO_ADDRESS:
        return N_("Enter an e-mail address, for example name@example.org"), {}
    return unfit.message, unfit.params
