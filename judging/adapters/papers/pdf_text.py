"""A script: reads a PDF from standard input by PDFium and prints the text of its pages. Run by :mod:`.text`."""

import resource
import sys

import pypdfium2

CPU_SECONDS = 5
MEMORY = 512 << 20
MOST_PAGES, MOST_TEXT = 300, 2 << 20
"""Of a longer file the first pages and the last ones: the foot of any page has the stamp, the last one the rest."""


def main(data: bytes) -> str:
    """Return the text."""
    pdf = pypdfium2.PdfDocument(data)
    count, pages = len(pdf), list(range(len(pdf)))
    chosen = pages if count <= MOST_PAGES else pages[: MOST_PAGES // 2] + pages[-MOST_PAGES // 2 :]
    found, left = [], MOST_TEXT
    for number in chosen:
        text = pdf[number].get_textpage().get_text_bounded()[:left]
        found.append(text)
        left -= len(text)
        if left <= 0:
            break
    return "\n".join(found)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    sys.stdout.buffer.write(main(sys.stdin.buffer.read()).encode("utf-8", "replace"))
