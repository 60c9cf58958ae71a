#!/bin/sh
# What every worker of the tests would do by itself, done once while the linters run: compile the assignment engine, and
# the modules of product and tests. What cannot be collected is told by the tests.
set -eu
bin=${VENV:-.venv}/bin
unset PYTHONDONTWRITEBYTECODE
"$bin/python" -m pytest --collect-only -qq >/dev/null 2>&1 || true
exec "$bin/python" -c "from judging.engines.assignment.warming import warm_up; warm_up()"
