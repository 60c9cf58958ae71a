"""A script: has LibreOffice make a PDF of the document on standard input, and writes it to standard output.

Run by :mod:`.making` with the path of the program and ``docx`` or ``xlsx``; nothing else of the product is imported.
The program has a profile of its own that is thrown away, runs no macros, follows no links, and has no network where
the system lets it be taken away.
"""

import ctypes
import os
import resource
import shutil
import signal
import sys
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired
from tempfile import TemporaryDirectory

LONGEST = 100.0
CPU_SECONDS = 90
MEMORY = 2 << 30
LARGEST = 64 << 20
"""Bytes of any file that the program writes."""
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
FILTERS = {
    "docx": "pdf:writer_pdf_Export",
    "xlsx": 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}',
}
"""Of a workbook each sheet becomes one page, for its columns would else be torn apart."""
SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
SETTINGS = {
    "DisableMacrosExecution": "true", "MacroSecurityLevel": "3", "DisableActiveContent": "true",
    "BlockUntrustedRefererLinks": "true",
}  # fmt: skip
LOCALE = "ru-RU"
"""How numbers and dates are written where a document leaves that to the program."""
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""
ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'


def bounded() -> None:
    """Set the bounds of the program before it begins, and take the network away where that is allowed."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK)


def profile(folder: Path) -> str:
    """Write the settings of the program and return the address of its profile."""
    items = [ITEM.format(path=SECURITY, name=name, value=value) for name, value in SETTINGS.items()]
    items.append(ITEM.format(path="/org.openoffice.Setup/L10N", name="ooSetupSystemLocale", value=LOCALE))
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(PROFILE.format(items="\n".join(items)), "utf-8")
    return folder.as_uri()


def convert(office: str, extension: str, folder: Path) -> bytes:
    """Return the PDF of ``folder``/document.extension."""
    command = [
        office, f"-env:UserInstallation={profile(folder / 'profile')}", "--headless", "--nologo", "--norestore",
        "--nolockcheck", "--nodefault", "--convert-to", FILTERS[extension], "--outdir", str(folder / "made"),
        str(folder / f"document.{extension}"),
    ]  # fmt: skip
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": str(folder)}
    with Popen(  # noqa: S603 -- the administrator's program, over a file with a name of our own
        command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, env=environment, cwd=folder, start_new_session=True,
        preexec_fn=bounded,
    ) as process:  # fmt: skip
        try:
            process.wait(timeout=LONGEST)
        except TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return (folder / "made" / "document.pdf").read_bytes()


def main(office: str, extension: str) -> bytes:
    """Return the answer."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / f"document.{extension}").open("wb") as document:
            shutil.copyfileobj(sys.stdin.buffer, document)
        return convert(office, extension, folder)


if __name__ == "__main__":
    sys.stdout.buffer.write(main(sys.argv[1], sys.argv[2]))
