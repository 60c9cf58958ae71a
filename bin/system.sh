#!/bin/sh
# Install what the tests need from the system: a browser, an office, fonts, the GOST engine of OpenSSL, and on Linux
# strace. As root on Debian it is done here; elsewhere a missing part is named, with what to install. PostgreSQL comes
# with the Python packages.
set -eu

have_browser() {
    for name in "${CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Chromium.app/Contents/MacOS/Chromium" \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

have_office() {
    for name in "${SOFFICE:-}" soffice libreoffice "/Applications/LibreOffice.app/Contents/MacOS/soffice"; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

have_strace() { # only Linux has it
    [ "$(uname)" != Linux ] || command -v strace >/dev/null 2>&1
}

have_gost() { # the engine that GOST signatures are verified by
    openssl engine gost >/dev/null 2>&1
}

wanted=""
have_browser || wanted="$wanted chromium-headless-shell"
have_office || wanted="$wanted libreoffice-calc-nogui"
have_strace || wanted="$wanted strace"
have_gost || wanted="$wanted openssl libengine-gost-openssl"
[ -z "$wanted" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of package names
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
        $wanted fonts-dejavu-core >/dev/null
fi

missing=""
have_browser || missing="$missing Chromium (Debian: apt-get install chromium-headless-shell; macOS: brew install --cask chromium);"
have_office || missing="$missing LibreOffice Calc (Debian: apt-get install libreoffice-calc-nogui; macOS: brew install --cask libreoffice);"
have_strace || missing="$missing strace (Debian: apt-get install strace);"
have_gost || missing="$missing OpenSSL with the GOST engine (Debian: apt-get install libengine-gost-openssl; macOS: build gost-engine for the OpenSSL of brew);"
if [ -n "$missing" ]; then
    echo "The tests need:$missing then run make test again." >&2
    exit 1
fi
