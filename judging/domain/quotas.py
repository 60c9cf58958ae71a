"""How much may be uploaded: by a team and in a contest altogether, and by one person within an hour."""

from collections.abc import Sequence
from dataclasses import dataclass

from judging.domain.errors import N_, RuleViolation

MB = 1 << 20
TOO_OFTEN = N_(
    "The file “%(name)s” is not taken: within one hour a person may upload no more than %(files)s files and "
    "%(limit)s MB. Go on in an hour; what is uploaded already is kept."
)
TEAM_FULL = N_(
    "The file “%(name)s” (%(size)s MB) does not fit: your team holds %(used)s of %(limit)s MB in this contest, "
    "with its replaced and removed files, which are cleared after %(days)s days. Make the file smaller, for example "
    "by scanning at 150–200 dpi, or ask the secretary of the contest."
)
CONTEST_FULL = N_(
    "The file “%(name)s” (%(size)s MB) does not fit: the files of this contest take %(used)s of %(limit)s MB. Tell the "
    "secretary of the contest; the rest of the application can be filled in and saved meanwhile."
)


@dataclass(frozen=True)
class UploadRules:
    """The rules of an installation. Sizes in bytes; ``keep_days``: after how long replaced files are cleared.

    ``reserve`` is what must stay free on the disk, so that saving and submitting go on when files no longer do.
    """

    team_bytes: int
    contest_bytes: int
    hourly_files: int
    hourly_bytes: int
    keep_days: int
    reserve: int


@dataclass(frozen=True)
class Usage:
    """What is stored, replaced files too: of a team in a contest, in the contest; and the last hour of one person."""

    team: int
    contest: int
    hour_files: int
    hour_bytes: int

    def with_file(self, size: int) -> "Usage":
        """The usage once a file of ``size`` bytes is added."""
        return Usage(self.team + size, self.contest + size, self.hour_files + 1, self.hour_bytes + size)

    def with_arriving(self, *, team: int, contest: int, own: Sequence[int]) -> "Usage":
        """The usage with the bytes that uploads under way will take: of the team, in the contest, of the person."""
        files, sent = self.hour_files + len(own), self.hour_bytes + sum(own)
        return Usage(self.team + team, self.contest + contest, files, sent)


class OverQuota(RuleViolation):
    """The file does not fit into what may be uploaded."""


def require_room(usage: Usage, rules: UploadRules, *, name: str, size: int) -> None:
    """Raise :class:`OverQuota` where one more file, ``name`` of ``size`` bytes, is more than the rules allow."""
    then = usage.with_file(size)
    facts: dict[str, object] = {"name": name, "size": megabytes(size)}
    if then.hour_files > rules.hourly_files or then.hour_bytes > rules.hourly_bytes:
        raise OverQuota(TOO_OFTEN, files=rules.hourly_files, limit=megabytes(rules.hourly_bytes), **facts)
    if then.team > rules.team_bytes:
        facts |= {"used": megabytes(usage.team), "limit": megabytes(rules.team_bytes)}
        raise OverQuota(TEAM_FULL, days=rules.keep_days, **facts)
    if then.contest > rules.contest_bytes:
        facts |= {"used": megabytes(usage.contest), "limit": megabytes(rules.contest_bytes)}
        raise OverQuota(CONTEST_FULL, **facts)


def megabytes(size: int) -> str:
    """Bytes as megabytes: whole ones, below ten with a decimal comma, never a nought for something."""
    if size == 0 or size >= 10 * MB:
        return str(size // MB)
    whole, tenths = divmod(max(size * 10 // MB, 1), 10)
    return f"{whole},{tenths}" if tenths else str(whole)
