#!/bin/sh
# Linters, types and contracts: everything that finds faults without running the product.
set -eu
bin=${VENV:-.venv}/bin
"$bin/ruff" check --quiet .
"$bin/ruff" format --quiet --check .
"$bin/mypy"
"$bin/lint-imports" --no-logo >/dev/null || { "$bin/lint-imports"; exit 1; }
"$bin/djlint" --quiet --lint templates
"$bin/oxlint" --deny-warnings judging/static/js >/dev/null || { "$bin/oxlint" judging/static/js; exit 1; }
"$bin/python" bin/messages.py --check
