"""OpenSSL asked whether a signature is of a file and its certificate leads to a trusted root, by a process of its own.

GOST signatures need OpenSSL's GOST engine (Debian: ``libengine-gost-openssl``). Where there is no engine, no OpenSSL or
no folder of trusted roots, it is said what could not be asked.
"""

import os
import shutil
from base64 import encodebytes
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from judging.adapters.bounded import AT_ONCE, outcome_of

LONGEST = 20.0
MOST_SAID = 16 << 10
MOST_FILES, LARGEST_FILE = 2000, 64 << 20
"""Of the folder of roots: files, and bytes of one (lists of revoked certificates are long)."""
CERTIFICATES, LISTS = (".crt", ".cer", ".pem"), (".crl",)
_NOT_OF_IT = ("digest failure", "verification failure", "signature failure", "bad signature", "attribute wrong",
              "mismatch", "content verify error", "wrong signature", "data verification")  # fmt: skip


@dataclass(frozen=True)
class Trust:
    """Where the roots of the installation are; None: it has none."""

    folder: Path | None = None


@dataclass(frozen=True)
class Verified:
    """What OpenSSL says; None where it was not asked, or does not know. ``wrong_time``: by the time of the check."""

    matched: bool | None = None
    trusted: bool | None = None
    wrong_time: bool = False
    revoked: bool = False
    lists: bool | None = None


@cache
def engine() -> tuple[str, ...]:
    """Return the options that load the GOST engine; none where it is not installed."""
    program = shutil.which("openssl")
    if program is None:
        return ()
    code, _ = outcome_of([program, "engine", "gost"], environment=_environment(), longest=LONGEST, most=MOST_SAID)
    return ("-engine", "gost") if code == 0 else ()


def can_verify() -> bool:
    """Whether GOST signatures can be verified here."""
    return bool(engine())


def verify(der: bytes, content: Path, trust: Trust, at: datetime) -> Verified:
    """Verify a signature over the bytes of ``content``, its certificate at the instant ``at``."""
    program = shutil.which("openssl")
    if program is None:
        return Verified()
    with AT_ONCE, TemporaryDirectory() as folder:
        signature = Path(folder, "signature.der")
        signature.write_bytes(der)
        asked = [
            program, "cms", "-verify", *engine(), "-binary", "-inform", "DER", "-in", str(signature),
            "-content", str(content), "-out", os.devnull, "-purpose", "any",
        ]  # fmt: skip
        matched = _matches([*asked, "-noverify"])
        roots = _gathered(trust, CERTIFICATES, Path(folder, "roots.pem"), "CERTIFICATE")
        if not matched or roots is None:
            return Verified(matched)
        return _chain(asked, roots, _gathered(trust, LISTS, Path(folder, "lists.pem"), "X509 CRL"), at)


def _matches(command: list[str]) -> bool | None:
    code, complaint = _asked(command)
    if code == 0:
        return True
    if any(words in complaint for words in _NOT_OF_IT):
        return False
    return None


def _chain(command: list[str], roots: Path, lists: Path | None, at: datetime) -> Verified:
    code, complaint = _asked([*command, "-CAfile", str(roots), "-attime", str(int(at.timestamp()))])
    if code != 0:
        wrong_time = "expired" in complaint or "not yet valid" in complaint
        return Verified(True, trusted=wrong_time, wrong_time=wrong_time)
    if lists is None:
        return Verified(True, trusted=True, lists=False)
    both = lists.with_name("both.pem")
    both.write_bytes(roots.read_bytes() + lists.read_bytes())
    code, complaint = _asked([*command, "-CAfile", str(both), "-crl_check", "-no_check_time"])
    return Verified(True, trusted=True, revoked="revoked" in complaint, lists=code == 0 or "revoked" in complaint)


def _asked(command: list[str]) -> tuple[int, str]:
    code, complaint = outcome_of(command, environment=_environment(), longest=LONGEST, most=MOST_SAID)
    return code, complaint.lower()


def _environment() -> dict[str, str]:
    """What OpenSSL is told: where programs are and its own settings, and no language but English."""
    kept = {name: os.environ[name] for name in ("PATH", "OPENSSL_CONF", "OPENSSL_ENGINES") if name in os.environ}
    return {**kept, "LC_ALL": "C"}


def _gathered(trust: Trust, endings: Iterable[str], into: Path, label: str) -> Path | None:
    """Write all files of these endings as PEM, one after another; None where there are none."""
    if trust.folder is None or not trust.folder.is_dir():
        return None
    pieces = [
        _pem(path.read_bytes(), label)
        for path in sorted(trust.folder.iterdir())[:MOST_FILES]
        if path.suffix.lower() in endings and path.is_file() and path.stat().st_size <= LARGEST_FILE
    ]
    into.write_bytes(b"".join(pieces))
    return into if pieces else None


def _pem(data: bytes, label: str) -> bytes:
    if b"-----BEGIN" in data:
        return data.rstrip() + b"\n"
    return f"-----BEGIN {label}-----\n{encodebytes(data).decode()}-----END {label}-----\n".encode()
