"""Files of electronic signatures: read within bounds, and verified by OpenSSL where the installation can."""

from judging.adapters.signatures.checking import Checked, check_detached, check_within_pdf
from judging.adapters.signatures.faults import BadSignature
from judging.adapters.signatures.verifying import Trust, can_verify

__all__ = ["BadSignature", "Checked", "Trust", "can_verify", "check_detached", "check_within_pdf"]
