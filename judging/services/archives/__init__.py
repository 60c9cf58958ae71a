"""A contest out of an archive into the database."""

from judging.services.archives.archive_load import ContestExists, ContestSigned, TrialCode, load_contest

__all__ = ["ContestExists", "ContestSigned", "TrialCode", "load_contest"]
