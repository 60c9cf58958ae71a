"""A signature checked against its document: who signed, whether it is of these bytes, what its certificate is worth."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from judging.adapters.signatures.envelopes import read_signature, signatures_within
from judging.adapters.signatures.faults import DAMAGED, NO_CERTIFICATE, WRONG, BadSignature
from judging.adapters.signatures.reading import Said, read_signers
from judging.adapters.signatures.verifying import Trust, Verified, can_verify, verify
from judging.domain.signatures import Facts, Verdict

CHUNK = 1 << 20
GOST = "1.2.643."
"""How the numbers of Russian algorithms begin."""


@dataclass(frozen=True)
class Checked:
    """A signature that was looked at: its bytes as DER, what is known of it, and the verdict at the instant given."""

    der: bytes
    facts: Facts
    verdict: Verdict


def check_detached(file: BinaryIO, name: str, document: BinaryIO, title: str, trust: Trust, at: datetime) -> Checked:
    """Check a file that is a signature of ``document``, which is called ``title``.

    Raises :class:`BadSignature` for what is certainly no signature of it. Slow; to be called outside any transaction.
    """
    der = read_signature(file, name)
    said = read_signers(der)
    if said is None:
        raise BadSignature(DAMAGED, name=name)
    if not said.certified:
        raise BadSignature(NO_CERTIFICATE, name=name)
    with _copy(document, ((0, None),)) as (path, digest):
        if said.attached is not None and said.attached != digest:
            raise BadSignature(WRONG, name=name, document=title)
        checked = judged(der, said, _proved(der, said, path, trust, at), at)
    if checked.verdict is Verdict.WRONG:
        raise BadSignature(WRONG, name=name, document=title)
    return checked


def check_within_pdf(document: BinaryIO, trust: Trust, at: datetime) -> list[Checked]:
    """Check every signature that a PDF holds; what is no signature at all is passed over."""
    found = []
    for one in list(signatures_within(document)):
        said = read_signers(one.der)
        if said is None or not said.certified:
            continue
        with _copy(document, (one.first, one.second)) as (path, _):
            found.append(judged(one.der, said, _proved(one.der, said, path, trust, at), at, covers=one.whole))
    return found


def _proved(der: bytes, said: Said, path: Path, trust: Trust, at: datetime) -> Verified:
    """Ask OpenSSL; not about GOST where it does not know GOST, for then it takes every signature for a wrong one."""
    gost = any(signer.algorithm.startswith(GOST) for signer in said.signers)
    return Verified() if gost and not can_verify() else verify(der, path, trust, at)


def judged(der: bytes, said: Said, proved: Verified, at: datetime, *, covers: bool = True) -> Checked:
    """Put together what the signature says and what was proved: the worst of it is the verdict."""
    facts = Facts(said.signers, proved.matched, proved.trusted, proved.lists, covers)
    in_force = all(signer.valid_at(at.astimezone(UTC)) for signer in said.signers)
    outcomes = (
        (proved.matched is False, Verdict.WRONG),
        (proved.revoked, Verdict.REVOKED),
        (not in_force or proved.wrong_time, Verdict.EXPIRED),
        (proved.matched is None or proved.trusted is None, Verdict.UNVERIFIED),
        (not proved.trusted, Verdict.UNTRUSTED),
    )
    return Checked(der, facts, next((verdict for holds, verdict in outcomes if holds), Verdict.VALID))


@contextmanager
def _copy(document: BinaryIO, stretches: tuple[tuple[int, int | None], ...]) -> Iterator[tuple[Path, str]]:
    """Give the stretches of a document as a file of their own, with their SHA-256."""
    digest = sha256()
    with NamedTemporaryFile() as copy:
        for begin, length in stretches:
            document.seek(begin)
            left = length
            while piece := document.read(CHUNK if left is None else min(CHUNK, left)):
                copy.write(piece)
                digest.update(piece)
                left = None if left is None else left - len(piece)
        copy.flush()
        yield Path(copy.name), digest.hexdigest()
