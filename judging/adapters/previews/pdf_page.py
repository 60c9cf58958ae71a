"""A script: reads a PDF from standard input by PDFium and prints how many pages it has, or a picture of one as PNG.

Run by :mod:`.pictures` with ``count`` or the number of a page; nothing else of the product is imported.
"""

import resource
import struct
import sys
import zlib

import pypdfium2

CPU_SECONDS = 5
MEMORY = 512 << 20
WIDTH, TALLEST = 900, 1800
"""Pixels of a picture: as wide as this, unless it would be taller than that."""


def picture(data: bytes, number: int) -> bytes:
    """Return the page as PNG."""
    pdf = pypdfium2.PdfDocument(data)
    if not 1 <= number <= len(pdf):
        raise IndexError(number)
    page = pdf[number - 1]
    width, height = (max(one, 1.0) for one in page.get_size())
    scale = min(WIDTH / width, TALLEST / height)
    drawn = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
    if drawn.n_channels != 3:
        raise ValueError(drawn.n_channels)
    return png(bytes(drawn.buffer), drawn.width, drawn.height, drawn.stride)


def png(pixels: bytes, width: int, height: int, stride: int) -> bytes:
    """Write rows of red, green and blue as PNG."""
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + 3 * width] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


def main(wanted: str) -> bytes:
    """Return the answer."""
    data = sys.stdin.buffer.read()
    if wanted == "count":
        return str(len(pypdfium2.PdfDocument(data))).encode()
    return picture(data, int(wanted))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    sys.stdout.buffer.write(main(sys.argv[1]))
