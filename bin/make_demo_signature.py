"""Make the signed paper of the demonstration: a power of attorney and its GOST signature by an invented authority.

Run by a developer (needs the GOST engine of OpenSSL): `.venv/bin/python bin/make_demo_signature.py`. Keys are made
anew each time and kept nowhere, so the signature differs from run to run; that is why make_demo.py does not make it.
"""

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "judging" / "data" / "demo" / "signed"
TEMPLATE = Path(__file__).resolve().parent / "demo" / "paper.typ"
INITIATOR, INN, OGRN = "ООО «Прикамские ведущие мосты»", "0000070745", "1000000070740"
SIGNATORY = "Абрамова Вера Константиновна"
PAPER = {
    "title": "Доверенность № 7", "subtitle": "на представление интересов участника конкурса", "author": INITIATOR,
    "footer": f"Доверенность № 7 · {INITIATOR}", "place": "г. Набережные Челны", "date": "16 ноября 2026 г.",
    "blocks": [
        {"kind": "text", "text": f"{INITIATOR} (ИНН {INN}, ОГРН {OGRN}) в лице генерального директора Абрамовой В. К., "
         "действующей на основании Устава, уполномочивает Хайруллину Алсу Маратовну готовить и подавать заявку на "
         "участие в конкурсном отборе совместных проектов участников промышленных кластеров."},
        {"kind": "text", "text": "Доверенность выдана сроком на один год без права передоверия."},
    ],
    "signatures": [["Генеральный директор", "В. К. Абрамова"]],
}  # fmt: skip
SUBJECT = (
    f"/CN={INITIATOR}/SN=Абрамова/GN=Вера Константиновна/title=Генеральный директор/O={INITIATOR}"
    f"/legalINN={INN}/1.2.643.100.1={OGRN}"
)
BEGIN, END = "20260101000000Z", "20460101000000Z"
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
database = {folder}/index
new_certs_dir = {folder}
rand_serial = yes
default_md = md_gost12_256
policy = any
[any]
commonName = optional
[usr]
basicConstraints = CA:FALSE
keyUsage = digitalSignature,nonRepudiation
certificatePolicies = 1.2.643.100.113.1
"""


def openssl(*arguments: object) -> None:
    """Run openssl with the GOST engine."""
    command = ["openssl", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- our own program and files


def main() -> None:
    """Write the paper and its signature."""
    HOME.mkdir(exist_ok=True)
    paper = HOME / "attorney.pdf"
    data = json.dumps(PAPER, ensure_ascii=False)
    paper.write_bytes(typst.compile(str(TEMPLATE), sys_inputs={"data": data}, ignore_system_fonts=True))
    gost = ("-engine", "gost")
    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "cnf").write_text(CONFIG.format(folder=folder))
        (place / "index").touch()
        config = ("-config", place / "cnf")
        for name in ("ca", "own"):
            kind = ("-algorithm", "gost2012_256", "-pkeyopt", "paramset:A")
            openssl("genpkey", *gost, *kind, "-out", place / f"{name}.key")
        openssl("req", *config, *gost, "-x509", "-new", "-utf8", "-days", 7300, "-key", place / "ca.key", "-subj",
                "/CN=Вымышленный удостоверяющий центр", "-out", place / "ca.crt", "-md_gost12_256")  # fmt: skip
        openssl("req", *config, *gost, "-new", "-utf8", "-key", place / "own.key", "-subj", SUBJECT, "-out",
                place / "own.csr", "-md_gost12_256")  # fmt: skip
        openssl("ca", *config, *gost, "-batch", "-notext", "-utf8", "-preserveDN", "-cert", place / "ca.crt",
                "-keyfile", place / "ca.key", "-in", place / "own.csr", "-out", place / "own.crt", "-startdate", BEGIN,
                "-enddate", END, "-extensions", "usr")  # fmt: skip
        openssl("cms", "-sign", *gost, "-binary", "-in", paper, "-signer", place / "own.crt", "-inkey",
                place / "own.key", "-outform", "DER", "-md", "md_gost12_256", "-out", f"{paper}.sig")  # fmt: skip


if __name__ == "__main__":
    main()
