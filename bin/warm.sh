#!/bin/sh
# Compile the assignment engine once, while the linters run: else every worker of the tests does it by itself.
set -eu
bin=${VENV:-.venv}/bin
exec "$bin/python" -c "from judging.engines.assignment.warming import warm_up; warm_up()"
