"""Addresses as they are stored: checked for form, casefolded."""

from email_validator import EmailNotValidError, validate_email

from judging.domain.errors import N_, Fault, Refused


def normal_email(text: str) -> str:
    """Return the address as it is stored; raise :class:`Refused` at ``email`` where it cannot be one."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Refused([Fault("email", N_("Enter an e-mail address, for example name@example.org"))]) from error
    return found.normalized.casefold()
