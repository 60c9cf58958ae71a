#!/bin/sh
# Every test, on one worker more than there are cores, for some wait (for a browser, a deadline, the disk). Nothing is
# skipped: a missing part fails and says what to install.
set -eu
unset PYTHONDONTWRITEBYTECODE  # every worker, and every server that a test starts, would compile everything anew
bin=${VENV:-.venv}/bin
cores=$("$bin/python" -c "import os; print(len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count())")
exec "$bin/python" -m pytest -q -n "${PYTEST_WORKERS:-$((cores + 1))}" --dist worksteal "$@"
