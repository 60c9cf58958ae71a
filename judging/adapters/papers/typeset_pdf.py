"""A script: reads a paper as JSON from standard input and writes it as PDF. Run by :mod:`.setting`."""

import resource
import sys
from pathlib import Path

import typst

CPU_SECONDS = 30
MEMORY = 1 << 30
TEMPLATE = Path(__file__).with_name("paper.typ")

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    data = sys.stdin.buffer.read().decode()
    made = typst.compile(str(TEMPLATE), format="pdf", sys_inputs={"data": data}, ignore_system_fonts=True)
    sys.stdout.buffer.write(made)
