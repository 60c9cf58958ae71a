"""A small certification authority of tests: GOST roots, certificates, lists of revoked ones and signatures, by openssl.

Everything is made once a process, in a second. A machine without the GOST engine fails with what to install.
"""

import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from judging.adapters.signatures import can_verify
from judging.domain.forms.form import ApplicationForm, FieldKind, PaperKind

INSTALL = "These tests verify GOST signatures: install the engine (Debian: apt-get install libengine-gost-openssl)."
BEGIN, END = "20200101000000Z", "20400101000000Z"
PAST = "20210101000000Z"
CONFIG = """
oid_section = numbers
[numbers]
legalINN = 1.2.643.100.4
[req]
distinguished_name = none
[none]
[ca]
default_ca = one
[one]
dir = {folder}
database = {folder}/index.txt
serial = {folder}/serial
crlnumber = {folder}/crlnumber
new_certs_dir = {folder}
certificate = {folder}/ca.crt
private_key = {folder}/ca.key
default_md = {digest}
policy = any
default_crl_days = 3650
copy_extensions = none
unique_subject = no
[any]
commonName = optional
[root]
basicConstraints = critical,CA:TRUE
keyUsage = keyCertSign,cRLSign
subjectKeyIdentifier = hash
[usr]
basicConstraints = CA:FALSE
keyUsage = digitalSignature,nonRepudiation
certificatePolicies = 1.2.643.100.113.1,1.2.643.100.113.2
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


@dataclass(frozen=True)
class Person:
    """Who signs: the key and the certificate."""

    key: Path
    certificate: Path


def openssl(*arguments: str | Path, given: bytes | None = None) -> bytes:
    """Run openssl; say what it complained of where it fails."""
    done = subprocess.run(["openssl", *map(str, arguments)], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


class Authority:
    """A root and what it issues; ``gost`` or RSA."""

    def __init__(self, folder: Path, name: str, *, gost: bool = True) -> None:
        self.folder, self.gost, self.made = folder, gost, 0
        folder.mkdir(parents=True)
        self.engine = ["-engine", "gost"] if gost else []
        self.digest = "md_gost12_256" if gost else "sha256"
        (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder, digest=self.digest))
        for file, text in (("index.txt", ""), ("serial", "1000\n"), ("crlnumber", "01\n")):
            (folder / file).write_text(text)
        self.key(folder / "ca.key")
        config, asked = ["-config", folder / "openssl.cnf"], folder / "ca.csr"
        openssl("req", *config, *self.engine, "-new", "-utf8", "-key", folder / "ca.key", "-subj", f"/CN={name}",
                "-out", asked, "-" + self.digest)  # fmt: skip
        openssl("ca", *config, *self.engine, "-batch", "-selfsign", "-notext", "-utf8", "-preserveDN", "-in", asked,
                "-out", self.root, "-startdate", BEGIN, "-enddate", END, "-extensions", "root")  # fmt: skip

    @property
    def root(self) -> Path:
        """The certificate of the root."""
        return self.folder / "ca.crt"

    def key(self, path: Path) -> None:
        """Make a private key."""
        kind = ["-algorithm", "gost2012_256", "-pkeyopt", "paramset:A"] if self.gost else ["-algorithm", "RSA"]
        openssl("genpkey", *self.engine, *kind, "-out", path)

    def person(self, subject: str, *, begin: str = BEGIN, end: str = END) -> Person:
        """Issue a certificate to a subject such as ``/CN=…/1.2.643.100.4=…``."""
        self.made += 1
        person = Person(self.folder / f"{self.made}.key", self.folder / f"{self.made}.crt")
        self.key(person.key)
        request, config = self.folder / f"{self.made}.csr", ["-config", self.folder / "openssl.cnf"]
        asked = ["-key", person.key, "-subj", subject, "-out", request, "-" + self.digest]
        openssl("req", *config, *self.engine, "-new", "-utf8", *asked)
        terms = ["-startdate", begin, "-enddate", end, "-extensions", "usr", "-notext", "-utf8", "-preserveDN"]
        openssl("ca", *config, *self.engine, "-batch", *terms, "-in", request, "-out", person.certificate)
        return person

    def revoke(self, person: Person) -> Path:
        """Revoke a certificate and publish the list."""
        config = ["-config", self.folder / "openssl.cnf"]
        openssl("ca", *self.engine, "-batch", *config, "-revoke", person.certificate)
        openssl("ca", *self.engine, "-batch", *config, "-gencrl", "-out", self.folder / "list.crl")
        return self.folder / "list.crl"

    def sign(self, person: Person, content: bytes, *options: str) -> bytes:
        """Sign bytes; a detached signature in DER."""
        return openssl("cms", "-sign", *self.engine, "-binary", "-signer", person.certificate, "-inkey", person.key,
                       "-outform", "DER", "-md", self.digest, *options, given=content)  # fmt: skip


def subject(organisation: str, inn: str, ogrn: str, surname: str = "Лисицына", given: str = "Ольга Петровна") -> str:
    """A subject as Russian authorities write it."""
    return (
        f"/CN={organisation}/SN={surname}/GN={given}/title=Генеральный директор/O={organisation}"
        f"/1.2.643.3.131.1.1=770000000008/legalINN={inn}/1.2.643.100.1={ogrn}/1.2.643.100.3=11223344595"
    )


INITIATOR_INN, INITIATOR_OGRN = "7701234567", "1027700132195"


@dataclass(frozen=True)
class Signing:
    """Two GOST authorities and an RSA one, people, and the folder of trusted roots, which knows all but ``foreign``."""

    trusted: Authority
    foreign: Authority
    rsa: Authority
    director: Person
    other: Person
    expired: Person
    revoked: Person
    stranger: Person
    by_rsa: Person
    roots: Path


@cache
def signing() -> Signing:
    """Make everything, once."""
    assert can_verify(), INSTALL
    folder = Path(mkdtemp(prefix="signing-"))
    trusted, foreign = Authority(folder / "a", "УЦ испытаний"), Authority(folder / "b", "Чужой УЦ")
    rsa = Authority(folder / "c", "УЦ RSA", gost=False)
    own = subject("ООО «Литейный дом»", INITIATOR_INN, INITIATOR_OGRN)
    revoked = trusted.person(own)
    roots = folder / "roots"
    roots.mkdir()
    (roots / "list.crl").write_bytes(trusted.revoke(revoked).read_bytes())
    (roots / "gost.crt").write_bytes(trusted.root.read_bytes())
    (roots / "rsa.cer").write_bytes(openssl("x509", "-in", rsa.root, "-outform", "DER"))
    return Signing(
        trusted, foreign, rsa,
        director=trusted.person(own),
        other=trusted.person(subject("АО «Не то»", "7709999990", "1027700999999", "Орлов")),
        expired=trusted.person(own, end=PAST),
        revoked=revoked,
        stranger=foreign.person(own),
        by_rsa=rsa.person(own),
        roots=roots,
    )  # fmt: skip


def signed_pdf(pdf: bytes, authority: Authority, person: Person) -> bytes:
    """A PDF with a signature within: the dictionary stands in an update behind the whole file."""
    room = 8192
    start = len(pdf)
    head = b"\n99999 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange "
    length = start + len(head) + 48 + len(b" /Contents ")
    tail = b" >>\nendobj\n%%EOF\n"
    second = length + room + 2
    stretch = f"[0 {length} {second} {len(tail)}]".ljust(48).encode()
    before = pdf + head + stretch + b" /Contents "
    assert len(before) == length
    signature = authority.sign(person, before + tail).hex().encode()
    return before + b"<" + signature.ljust(room, b"0") + b">" + tail


NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def with_paper(form: ApplicationForm, code: str) -> ApplicationForm:
    """The form with a paper made for a place for files, which has to be signed."""
    sections = (
        replace(
            part,
            fields=tuple(
                replace(one, paper=PaperKind.APPLICATION, signed=True)
                if one.code == code and one.kind is FieldKind.FILE
                else one
                for one in part.fields
            ),
        )
        for part in form.sections
    )
    return replace(form, sections=tuple(sections))
