"""What a process holds at most, and seconds, for measurements of single calls."""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEGABYTE = 1 << 20


def watched(act: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Return what the act gives, its processor and wall seconds, and the greatest memory of the process meanwhile."""
    before = _forget_peak()
    wall, cpu = time.perf_counter(), time.process_time()
    result = act()
    took = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return result, took | {"peak": _peak() / MEGABYTE, "data": before / MEGABYTE}


def _forget_peak() -> int:
    """Start the peak anew where the system can (Linux); return the bytes held now."""
    try:
        Path("/proc/self/clear_refs").write_text("5", "ascii")
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()
    except OSError:
        return _peak()


def _peak() -> int:
    """Return the greatest memory of this process since it started or forgot, in bytes."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024
    except (OSError, StopIteration):
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
