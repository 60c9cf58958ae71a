"""Agreements of experts: written and put in force by the secretary, accepted by each expert."""

from judging.services.agreements.agreement_accept import Accepted, NothingAccepted, TextChanged, accept_agreements
from judging.services.agreements.agreement_edit import (
    AgreementChange,
    add_agreement,
    change_agreement,
    force_agreement,
    force_drafts,
    remove_agreement,
    withdraw_agreement,
)
from judging.services.agreements.agreements_put import copy_agreements, put_agreements

__all__ = [
    "Accepted", "AgreementChange", "NothingAccepted", "TextChanged", "accept_agreements", "add_agreement",
    "change_agreement", "copy_agreements", "force_agreement", "force_drafts", "put_agreements", "remove_agreement",
    "withdraw_agreement",
]  # fmt: skip
