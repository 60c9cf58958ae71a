#!/bin/sh
# Every test, on as many workers as there are cores. Nothing is skipped: a missing part fails and says what to install.
set -eu
bin=${VENV:-.venv}/bin
exec "$bin/python" -m pytest -q -n "${PYTEST_WORKERS:-auto}" --dist worksteal "$@"
