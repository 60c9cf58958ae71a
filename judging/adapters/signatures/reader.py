"""A script: reads a signature (CMS, DER) from standard input and prints who signed, as JSON.

Run by :mod:`.reading` with nothing else of the product imported. It bounds itself before it looks at the file, and
whatever goes beyond the bounds, or is no such signature, ends it without a word.
"""

import hashlib
import json
import resource
import sys
from typing import Any

from asn1crypto import cms, core, x509

CPU_SECONDS = 2
MEMORY = 192 << 20
MOST_SIGNERS, MOST_CERTIFICATES, LONGEST = 10, 50, 300
NUMBERS = {
    "1.2.643.3.131.1.1": "inn",
    "1.2.643.100.4": "organisation_inn",
    "1.2.643.100.1": "ogrn",
    "1.2.643.100.5": "ogrn",
    "1.2.643.100.3": "snils",
}
"""What a Russian certificate says of its owner by numbers: ИНН, ИНН of a legal person, ОГРН, ОГРНИП, СНИЛС."""
QUALIFIED = "1.2.643.100.113."
"""Policies of qualified certificates: the classes КС1 to КА1."""


def main() -> dict[str, Any]:
    """Return what is known of the signature."""
    message = cms.ContentInfo.load(sys.stdin.buffer.read())
    if message["content_type"].native != "signed_data":
        raise ValueError("no signature")
    data = message["content"]
    bag = [] if isinstance(data["certificates"], core.Void) else list(data["certificates"])[:MOST_CERTIFICATES]
    certificates = [one.chosen for one in bag if one.name == "certificate"]
    signers = [signer(one, certificates) for one in list(data["signer_infos"])[:MOST_SIGNERS]]
    if not signers:
        raise ValueError("nobody signed")
    inner = data["encap_content_info"]["content"]
    attached = None if isinstance(inner, core.Void) or inner.native is None else bytes(inner.native)
    return {
        "signers": signers,
        "attached": None if attached is None else hashlib.sha256(attached).hexdigest(),
        "certificates": len(certificates),
    }


def signer(info: Any, certificates: list[x509.Certificate]) -> dict[str, Any]:
    """Who signed, by the certificate that the signature names; empty where it is not within."""
    found = next((one for one in certificates if is_of(info["sid"], one)), None)
    known = {} if found is None else certificate(found)
    algorithm = info["signature_algorithm"]["algorithm"].dotted
    return known | {"signed_at": signing_time(info), "algorithm": text(algorithm)}


def is_of(sid: Any, one: x509.Certificate) -> bool:
    """Whether a certificate is the one that a signer is named by."""
    if sid.name == "subject_key_identifier":
        return bool(one.key_identifier == sid.chosen.native)
    wanted = sid.chosen
    return bool(one.serial_number == wanted["serial_number"].native and one.issuer.dump() == wanted["issuer"].dump())


def signing_time(info: Any) -> str:
    """When it was signed, as the signature itself states; empty where it does not."""
    if isinstance(info["signed_attrs"], core.Void):
        return ""
    for attribute in info["signed_attrs"]:
        if attribute["type"].native == "signing_time":
            return str(attribute["values"][0].native.isoformat())
    return ""


def certificate(one: x509.Certificate) -> dict[str, Any]:
    """What a certificate says of its owner."""
    names: dict[str, str] = {}
    for part in one.subject.chosen:
        for pair in part:
            oid = pair["type"].dotted
            names.setdefault(NUMBERS.get(oid, pair["type"].native), text(value_of(pair)))
    given = " ".join(names[key] for key in ("surname", "given_name") if names.get(key))
    return {
        "name": given or names.get("common_name", ""),
        "post": names.get("title", ""),
        "organisation": names.get("organization_name", ""),
        "inn": names.get("inn", ""),
        "organisation_inn": names.get("organisation_inn", ""),
        "ogrn": names.get("ogrn", ""),
        "snils_end": names.get("snils", "")[-2:],
        "issuer": issuer(one),
        "serial": format(one.serial_number, "x")[:80],
        "valid_from": one["tbs_certificate"]["validity"]["not_before"].native.isoformat(),
        "valid_till": one["tbs_certificate"]["validity"]["not_after"].native.isoformat(),
        "qualified": is_qualified(one),
    }


def value_of(pair: Any) -> str:
    """A part of a name; of a kind that the library does not know, its text as it is."""
    value = pair["value"]
    if isinstance(value, core.Any):
        value = value.parse()
    return str(getattr(value, "native", ""))


def issuer(one: x509.Certificate) -> str:
    """Who issued the certificate."""
    for part in one.issuer.chosen:
        for pair in part:
            if pair["type"].native == "common_name":
                return text(value_of(pair))
    return ""


def is_qualified(one: x509.Certificate) -> bool:
    """Whether the certificate claims to be a qualified one, by its policies."""
    policies = one.certificate_policies_value
    return policies is not None and any(
        policy["policy_identifier"].dotted.startswith(QUALIFIED) for policy in list(policies)[:50]
    )


def text(value: object) -> str:
    """A text that can be shown: of one line and not long."""
    return "".join(letter if letter.isprintable() else " " for letter in str(value or ""))[:LONGEST].strip()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    sys.stdout.write(json.dumps(main()))
