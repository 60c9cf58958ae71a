"""Addresses as they are stored, or a refusal beside the field."""

from judging.adapters.addresses import NO_ADDRESS, normal_address
from judging.domain.errors import N_, Fault, Refused, Unfit


def normal_email(text: str) -> str:
    """Return the address as it is stored; raise :class:`Refused` at ``email`` where no letter could reach it."""
    try:
        return normal_address(text)
    except Unfit as unfit:
        raise Refused([Fault("email", *_said(unfit))]) from unfit


def _said(unfit: Unfit) -> tuple[str, dict[str, object]]:
    if unfit.message == NO_ADDRESS:
        return N_("Enter an e-mail address, for example name@example.org"), {}
    return unfit.message, unfit.params
