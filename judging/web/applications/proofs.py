"""What documents prove, in words: electronic signatures, and papers that came back signed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext

from judging.domain.errors import N_
from judging.domain.papers import Compared, Standing
from judging.domain.signatures import Signer, Verdict, Whose, plain_inn
from judging.queries.evidence import Evidence, Proof
from judging.queries.signatures import SignatureLine
from judging.web.templating import moscow_short, translate

VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.VALID: ("success", N_("Signature verified")),
    Verdict.UNVERIFIED: ("warning", N_("Signature read, not verified here")),
    Verdict.UNTRUSTED: ("warning", N_("The certificate's authority is not known here")),
    Verdict.EXPIRED: ("danger", N_("The certificate was not in force")),
    Verdict.REVOKED: ("danger", N_("The certificate is revoked")),
    Verdict.WRONG: ("danger", N_("The signature does not fit the file")),
}
ADVICE: Mapping[Verdict, str] = {
    Verdict.UNVERIFIED: N_("The signature counts as present; the organiser verifies it."),
    Verdict.UNTRUSTED: N_(
        "If the certificate was issued by an accredited authority, nothing is to be done: the organiser looks at it."
    ),
    Verdict.EXPIRED: N_("Sign the document with a certificate that is in force, and upload the new signature."),
    Verdict.REVOKED: N_("Sign the document with another certificate, and upload the new signature."),
    Verdict.WRONG: N_("The file was changed after it was signed. Sign it anew and upload it with its signature."),
}
WHOSE: Mapping[Whose, str] = {
    Whose.PARTICIPANT: N_("Signed for a participant of the project."),
    Whose.PERSON: N_(
        "The certificate names a person and no organisation: the organiser will look for the power of attorney."
    ),
    Whose.OTHER: N_(
        "Signed for another organisation: neither the INN nor the OGRN is that of the initiator or of a participant. "
        "Upload the signature of the right organisation, or correct the initiator in the application."
    ),
    Whose.UNKNOWN: N_("Choose the initiator in the application: the signature will be compared with it."),
}
STANDINGS: Mapping[Standing, tuple[str, str]] = {
    Standing.AGREES: ("success", N_("The paper agrees with the data")),
    Standing.CHANGED: ("warning", N_("The data were changed after the paper was printed")),
    Standing.OTHER: ("warning", N_("This is the paper of another application or another place")),
    Standing.UNSTAMPED: ("warning", N_("This is not the paper that the system made")),
    Standing.UNREAD: ("info", N_("The text cannot be read (a scan): a person will look at it")),
}


def proof_lines(evidence: Evidence, document_id: int) -> dict[str, Any] | None:
    """What one document proves, as the template draws it; None where nothing is asked of it."""
    proof = evidence.of(document_id)
    if not proof.says_something:
        return None
    return {
        "paper": _paper(proof.compared),
        "signatures": [_signature(evidence, line, worth) for line, worth in proof.signatures],
        "asked": proof.asked,
    }


def short_words(proof: Proof) -> Iterator[tuple[str, str]]:
    """The tone and the words of what a document proves, for a point of the formal check."""
    if proof.compared is not None:
        tone, words = STANDINGS[proof.compared.standing]
        yield tone, translate(words)
    for line, _ in proof.signatures:
        tone, words = VERDICTS[line.verdict]
        names = ", ".join(one.organisation or one.name for one in line.facts.signers)
        yield tone, f"{translate(words)}: {names}"
    if proof.asked and not proof.signatures:
        yield "danger", gettext("No electronic signature")


def _paper(compared: Compared | None) -> dict[str, Any] | None:
    if compared is None:
        return None
    tone, words = STANDINGS[compared.standing]
    advice = {
        Standing.CHANGED: gettext("Download the paper anew, sign it and upload it in the place of this one."),
        Standing.OTHER: gettext("Download the paper of this place, sign it and upload it here."),
        Standing.UNSTAMPED: gettext("If the organiser asks for the system's paper, download and sign it."),
    }.get(compared.standing, "")
    changed = gettext("Changed: %(parts)s.", parts=", ".join(compared.changed)) if compared.changed else ""
    return {"tone": tone, "words": translate(words), "advice": " ".join(filter(None, (changed, advice)))}


def _signature(evidence: Evidence, line: SignatureLine, worth: int) -> dict[str, Any]:
    tone, words = VERDICTS[line.verdict]
    foreign = not worth and line.verdict in (Verdict.VALID, Verdict.UNVERIFIED, Verdict.UNTRUSTED)
    return {
        "id": line.id,
        "name": "" if line.within else line.filename,
        "sha256": line.sha256,
        "tone": "danger" if foreign else tone,
        "words": gettext("Signature of another organisation") if foreign else translate(words),
        "signers": [_signer(one) for one in line.facts.signers],
        "notes": list(dict.fromkeys(filter(None, _notes(evidence, line, foreign)))),
        "checked_at": line.checked_at,
    }


def _notes(evidence: Evidence, line: SignatureLine, foreign: bool) -> Iterator[str]:
    """What is to be known or done; of a ``foreign`` one, that it is of another organisation."""
    facts = line.facts
    if foreign:
        yield translate(WHOSE[Whose.OTHER])
        return
    yield translate(ADVICE[line.verdict]) if line.verdict in ADVICE else ""
    if line.verdict is Verdict.UNVERIFIED and facts.matched:
        yield gettext("The signature fits the file; whether the certificate can be trusted is not asked here.")
    if not facts.covers:
        yield gettext("The PDF was changed after it was signed: the signature is of its earlier part.")
    if facts.trusted and facts.revocation is False and line.verdict is Verdict.VALID:
        yield gettext("There was no list of revoked certificates of this authority at hand.")
    for signer in facts.signers:
        whose = evidence.parties.whose(signer)
        yield translate(WHOSE[whose]) if whose in WHOSE else ""
        if not signer.qualified:
            yield gettext("The certificate does not say of itself that it is a qualified one.")
        if not evidence.is_signatory(signer):
            yield gettext("The application names another signatory: %(name)s.", name=evidence.signatory)


def _signer(signer: Signer) -> dict[str, str]:
    """Who signed; of the СНИЛС no more than its end."""
    inn = plain_inn(signer.organisation_inn or signer.inn)
    numbers = [
        gettext("INN %(inn)s", inn=inn) if inn else "",
        gettext("OGRN %(ogrn)s", ogrn=signer.ogrn) if signer.ogrn else "",
        gettext("SNILS ends in %(end)s", end=signer.snils_end) if signer.snils_end else "",
    ]
    return {
        "name": ", ".join(filter(None, (signer.name, signer.post))),
        "organisation": signer.organisation,
        "numbers": ", ".join(filter(None, numbers)),
        "valid": gettext(
            "certificate of %(issuer)s, in force from %(begin)s to %(end)s",
            issuer=signer.issuer, begin=_day(signer.valid_from), end=_day(signer.valid_till),
        ),
        "signed": gettext("signed %(at)s", at=moscow_short(_instant(signer.signed_at))) if signer.signed_at else "",
    }  # fmt: skip


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _day(text: str) -> str:
    return _instant(text).strftime("%d.%m.%Y")
