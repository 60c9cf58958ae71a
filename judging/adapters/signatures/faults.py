"""Why a file is not taken as a signature, in words that say what to do."""

from judging.domain.errors import N_, RuleViolation


class BadSignature(RuleViolation):
    """The file is certainly no signature of the document; the text says what to do."""


DAMAGED = N_(
    "The file “%(name)s” is no electronic signature, or it is damaged. Upload the file .sig or .p7s that the program "
    "of signing made, as it made it."
)
LARGE = N_("The file “%(name)s” is larger than signatures are. Make a detached signature: a file of its own.")
EMPTY = N_("The file “%(name)s” is empty. Sign the document anew and upload what comes out.")
WRONG = N_(
    "“%(name)s” is a signature of another file: it does not fit “%(document)s”. Sign the very file that is uploaded "
    "here, or upload the file that was signed."
)
NO_CERTIFICATE = N_(
    "The signature “%(name)s” does not hold the certificate of whoever signed. Sign anew and let the certificate be "
    "included."
)
