#!/bin/sh
# Make the virtual environment and install one locked set of requirements into it.
# usage: bin/bootstrap.sh requirements.txt   (PYTHON and VENV may name others)
set -eu
requirements=$1
venv=${VENV:-.venv}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "judging needs Python 3.11 or newer; none was found. Set PYTHON=/path/to/python3." >&2
    exit 1
}

make_venv() {
    python=$(find_python)
    if "$python" -m venv "$venv" 2>/dev/null; then return; fi
    rm -rf "$venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq python3-venv >/dev/null
        "$python" -m venv "$venv"
    else
        echo "Python cannot make a virtual environment: install the package python3-venv and run make again." >&2
        exit 1
    fi
}

[ -x "$venv/bin/python" ] || make_venv
if "$venv/bin/python" -m pip install -q --disable-pip-version-check "uv==0.13.9" 2>/dev/null; then
    "$venv/bin/uv" pip install -q --python "$venv/bin/python" --require-hashes --compile-bytecode -r "$requirements"
else
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$requirements"
fi
