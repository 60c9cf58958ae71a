"""Why a file is not taken, in words that say what to do."""

import filetype

from judging.domain.errors import N_, RuleViolation


class WrongFile(RuleViolation):
    """The file cannot be taken; the text says what to do."""


CUT = N_("The file “%(name)s” is cut off: its end is missing. Save it anew and upload it again.")
DAMAGED = N_("The file “%(name)s” is damaged and does not open. Save it anew.")
EMPTY = N_("The file “%(name)s” is empty. Check it on your computer and upload it again.")
PROTECTED = N_("The file “%(name)s” is protected by a password. Save it without protection.")
MACROS = N_("The file “%(name)s” has macros. Save it without them and upload it again.")
LARGE = N_("The file “%(name)s” unpacks to more than any document does and is not taken. Save it anew.")
MANY_PARTS = N_("The file “%(name)s” has more parts than any document does and is not taken. Save it anew.")
SCRIPT = N_("The file “%(name)s” holds a script (JavaScript). Print it to PDF anew and upload what comes out.")
LAUNCH = N_("The file “%(name)s” starts a program when it is opened. Print it to PDF anew and upload what comes out.")
PROGRAM = N_("The file “%(name)s” has a program attached to it. Remove the attachment and upload the file again.")
INTRICATE = N_("The file “%(name)s” is too intricate to be checked. Print it to PDF anew and upload what comes out.")


def not_the_type(head: bytes, wanted: str) -> WrongFile:
    """Say that the content is of another type than the extension ``wanted``; name it where ``head`` shows it."""
    found = filetype.guess(head) if head else None
    return other_type(found.extension if found else "", wanted)


def other_type(found: str, wanted: str) -> WrongFile:
    """Say that the content is ``found`` (an extension; empty where nobody knows) and not ``wanted``."""
    if found and found != wanted:
        return WrongFile(
            N_("By its content the file “%(name)s” is %(found)s, not %(wanted)s. Save it in the right format."),
            found=found.upper(),
            wanted=wanted.upper(),
        )
    return WrongFile(
        N_("The content of the file “%(name)s” is not %(wanted)s. Save it in the right format."), wanted=wanted.upper()
    )


def old_format(wanted: str) -> WrongFile:
    """Say that an office file is of the formats before 2007."""
    return WrongFile(
        N_("The file “%(name)s” is in an old office format. Save it as %(wanted)s."), wanted=wanted.upper()
    )
