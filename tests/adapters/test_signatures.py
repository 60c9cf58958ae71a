"""Signatures are read within bounds and verified over the very bytes: GOST, RSA, within a PDF, and what is none."""

import io
import tracemalloc
from base64 import encodebytes
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

import pytest
from asn1crypto import cms, core

from judging.adapters import bounded
from judging.adapters.signatures import BadSignature, Trust, check_detached, check_within_pdf, verifying
from judging.adapters.signatures.envelopes import signatures_within
from judging.adapters.signatures.faults import DAMAGED, EMPTY, LARGE, NO_CERTIFICATE, WRONG
from judging.domain.signatures import Facts, Signer, Verdict
from tests.signing import INITIATOR_INN, INITIATOR_OGRN, NOW, Signing, openssl, signed_pdf, signing

DOCUMENT = b"%PDF-1.7 " + b"content " * 400


def check(signature: bytes, content: bytes = DOCUMENT, roots: bool = True) -> tuple[Verdict, Facts] | str:
    trust = Trust(signing().roots if roots else None)
    try:
        found = check_detached(io.BytesIO(signature), "a.sig", io.BytesIO(content), "a.pdf", trust, NOW)
    except BadSignature as bad:
        return bad.message
    return found.verdict, found.facts


def verdict(signature: bytes, **more: bool) -> Verdict | str:
    found = check(signature, **more)
    return found if isinstance(found, str) else found[0]


def test_a_valid_signature_says_who_signed_and_no_whole_number_of_insurance() -> None:
    s = signing()
    found = check(s.trusted.sign(s.director, DOCUMENT))
    assert not isinstance(found, str)
    signer = found[1].signers[0]
    assert found == (
        Verdict.VALID,
        Facts(
            (
                Signer(
                    "Лисицына Ольга Петровна", "Генеральный директор", "ООО «Литейный дом»", "770000000008",
                    INITIATOR_INN, INITIATOR_OGRN, "95", "УЦ испытаний", signer.serial, "2020-01-01T00:00:00+00:00",
                    "2040-01-01T00:00:00+00:00", signer.signed_at, "1.2.643.7.1.1.1.1", True,
                ),
            ),
            matched=True, trusted=True, revocation=True,
        ),
    )  # fmt: skip
    assert "11223344595" not in str(found[1].stored())


CASES: dict[str, tuple[Callable[[Signing], bytes], Verdict | str]] = {
    "in base64": (lambda s: encodebytes(s.trusted.sign(s.director, DOCUMENT)), Verdict.VALID),
    "in PEM": (lambda s: b"-----BEGIN CMS-----\n" + encodebytes(s.trusted.sign(s.director, DOCUMENT))
               + b"-----END CMS-----\n", Verdict.VALID),
    "with the document within": (lambda s: s.trusted.sign(s.director, DOCUMENT, "-nodetach"), Verdict.VALID),
    "with another document within": (lambda s: s.trusted.sign(s.director, b"x", "-nodetach"), WRONG),
    "of another file": (lambda s: s.trusted.sign(s.director, b"another"), WRONG),
    "of another organisation": (lambda s: s.trusted.sign(s.other, DOCUMENT), Verdict.VALID),
    "by a certificate that is over": (lambda s: s.trusted.sign(s.expired, DOCUMENT), Verdict.EXPIRED),
    "by a revoked certificate": (lambda s: s.trusted.sign(s.revoked, DOCUMENT), Verdict.REVOKED),
    "by a foreign authority": (lambda s: s.foreign.sign(s.stranger, DOCUMENT), Verdict.UNTRUSTED),
    "RSA": (lambda s: s.rsa.sign(s.by_rsa, DOCUMENT), Verdict.VALID),
    "RSA of another file": (lambda s: s.rsa.sign(s.by_rsa, b"another"), WRONG),
    "without the certificate": (lambda s: s.trusted.sign(s.director, DOCUMENT, "-nocerts"), NO_CERTIFICATE),
    "cut": (lambda s: s.trusted.sign(s.director, DOCUMENT)[:-30], DAMAGED),
    "empty": (lambda _: b"", EMPTY),
    "a PDF": (lambda _: DOCUMENT, DAMAGED),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_of_a_signature(name: str) -> None:
    made, expected = CASES[name]
    assert verdict(made(signing())) == expected


def test_without_roots_it_is_proved_that_the_signature_fits_and_nothing_more() -> None:
    s = signing()
    found = check(s.trusted.sign(s.director, DOCUMENT), roots=False)
    assert not isinstance(found, str)
    assert (found[0], found[1].matched, found[1].trusted) == (Verdict.UNVERIFIED, True, None)
    assert verdict(s.trusted.sign(s.director, b"another"), roots=False) == WRONG


def test_without_the_engine_a_gost_signature_is_read_and_not_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    s = signing()
    signatures = [s.trusted.sign(s.director, one) for one in (DOCUMENT, b"another")]
    rsa = s.rsa.sign(s.by_rsa, DOCUMENT)
    monkeypatch.setattr(verifying, "engine", tuple)
    assert [verdict(one) for one in (*signatures, rsa)] == [Verdict.UNVERIFIED, Verdict.UNVERIFIED, Verdict.VALID]
    monkeypatch.setattr(verifying.shutil, "which", lambda _name: None)
    assert verdict(rsa) is Verdict.UNVERIFIED


def test_a_signature_within_a_pdf_is_of_its_bytes() -> None:
    s = signing()
    signed = signed_pdf(b"%PDF-1.7 page\n%%EOF\n", s.trusted, s.director)
    found = [
        [(one.verdict, one.facts.covers) for one in check_within_pdf(io.BytesIO(pdf), Trust(s.roots), NOW)]
        for pdf in (signed, signed.replace(b"page", b"rage"), signed + b"1 0 obj\n%%EOF", b"%PDF-1.7 none", b"")
    ]
    assert found == [[(Verdict.VALID, True)], [(Verdict.WRONG, True)], [(Verdict.VALID, False)], [], []]


def nested(depth: int) -> bytes:
    """Sequences within sequences, each with its length."""
    inner = b""
    for _ in range(depth):
        inner = b"\x30\x84" + len(inner).to_bytes(4, "big") + inner
    return inner


HOSTILE = {
    "deep": nested(20_000),
    "endless": b"\x30\x80" * 100_000,
    "a length of gigabytes": b"\x30\x84\x7f\xff\xff\xff" + b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
    "lengths of lengths": b"\x30\xfe" + b"\xff" * 200,
    "noise": bytes(range(256)) * 4000,
    "base64 of noise": encodebytes(bytes(range(255, -1, -1)) * 2000),
    "an armour that does not end": b"-----BEGIN CMS-----" + b"A" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_made_to_harm_is_refused_at_once(name: str) -> None:
    begun = monotonic()
    assert verdict(HOSTILE[name]) == DAMAGED
    assert monotonic() - begun < 8


def test_what_is_larger_than_signatures_are_is_not_read() -> None:
    assert verdict(b"\x30" * (3 << 20)) == LARGE


def test_byte_ranges_beyond_the_file_are_passed_over() -> None:
    ranges = ((0, 9, 5, 9), (1, 20, 40, 2), (0, 30, 9_999_999_999, 1), (0, 20, 22, 0), (0, 0, 0, 0))
    for one in ranges:
        text = b"%%PDF-1.7 /ByteRange [%d %d %d %d] /Contents <30>" % one
        assert check_within_pdf(io.BytesIO(text * 50), Trust(), NOW) == []


def test_a_signature_that_says_it_was_made_when_calendars_end_is_none() -> None:
    """A page would tell that instant by the clocks of Moscow, where it is in no year that they know."""
    s, document = signing(), b"%PDF-1.7 page"
    message = cms.ContentInfo.load(s.rsa.sign(s.by_rsa, document))
    signer = message["content"]["signer_infos"][0]
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native == "signing_time":
            last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
            attribute["values"] = [cms.Time({"generalized_time": core.GeneralizedTime(last)})]
    signed = signer["signed_attrs"].untag().dump(force=True)
    signer["signature"] = openssl("dgst", "-sha256", "-sign", s.by_rsa.key, given=signed)
    with pytest.raises(BadSignature, match="no electronic signature"):
        check_detached(io.BytesIO(message.dump(force=True)), "a.sig", io.BytesIO(document), "a", Trust(s.roots), NOW)


def test_of_a_file_that_is_all_byte_ranges_only_the_last_are_kept() -> None:
    text = io.BytesIO(b"%PDF-1.7 " + b"/ByteRange[0 1 2 3]" * 200_000)
    tracemalloc.start()
    assert list(signatures_within(text)) == []
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 << 20


def test_a_program_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    assert bounded.outcome_of(["sleep", "9"], environment={}, longest=0.1, most=9) == (-1, "")
    assert bounded.run(["sleep", "9"], bounded.DEVNULL, most=9, longest=0.1) is None
    assert bounded.run(["echo", "more than nine letters"], bounded.DEVNULL, most=9, longest=5) is None
