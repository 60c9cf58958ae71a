"""Titles and ids for the numbers, e-mails and codes that a report names things by."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """Titles and ids of applications by number, names and ids of experts by e-mail, titles of criteria by code."""

    titles: Mapping[str, str]
    applications: Mapping[str, int]
    experts: Mapping[str, str]
    expert_ids: Mapping[str, int]
    criteria: Mapping[str, str]

    def title(self, number: str) -> str:
        """The title of an application; empty where it is not ranked any more."""
        return self.titles.get(number, "")

    def expert(self, email: str) -> str:
        """The name of an expert, the e-mail where it is not known."""
        return self.experts.get(email, email)
