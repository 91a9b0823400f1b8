#!/usr/bin/env bash
# Sets up everything Backprop Studio needs: system packages, then .venv at the project's root.
#
#   tools/setup.sh        what the program needs
#   tools/setup.sh dev    and what the tests and checks need
#
# A second run finds its stamp and returns at once, without the network. A run that was broken off is
# repaired by the next one. Exit codes: 0 done, 1 our fault, 3 something is missing and could not be
# installed, 5 disk or permission, 130 interrupted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=${1:-run}
case $mode in run | dev) ;; *)
    echo "tools/setup.sh: unknown mode '$mode'; allowed are run and dev" >&2
    exit 2
    ;;
esac
log=${TMPDIR:-/tmp}/backprop-studio-setup.$$.log
unfinished=.venv/.setup-unfinished

say() { printf '%s\n' "$*"; }
fail() { # CODE SENTENCE
    printf 'setup: %s\n' "$2" >&2
    exit "$1"
}
trap 'fail 130 "interrupted; the same command continues"' INT TERM

# --- is there anything to do? ------------------------------------------------------------------------

# The folder belongs to it: the commands in .venv name it, so a .venv does not survive being moved.
fingerprint() { { cat pyproject.toml constraints.txt tools/setup.sh; pwd -P; } | cksum; }
was_moved() { [ -e .venv/pyvenv.cfg ] && ! grep -qF " $(pwd -P)/.venv" .venv/pyvenv.cfg; }
stamp_holds() { [ -f ".venv/.setup-$1" ] && [ "$(cat ".venv/.setup-$1")" = "$(fingerprint)" ]; }
is_set_up() {
    [ ! -e $unfinished ] && { stamp_holds "$mode" || stamp_holds dev; } && .venv/bin/python -c '' 2>/dev/null
}
is_set_up && exit 0

# Two at once would undo each other's work: the second waits, and then finds the first one's stamp.
if command -v flock >/dev/null; then
    exec 9<pyproject.toml
    flock 9
    is_set_up && exit 0
fi

[ -w . ] || fail 5 "the folder $PWD is not writable; make it writable or copy the project elsewhere"
say "Setting up (the first time takes a few minutes and about 2 GB):"
free_kb=$(df -Pk . | awk 'NR == 2 { print $4 }')
if [ "$free_kb" -lt $((4 * 1024 * 1024)) ]; then
    say "  note: only $((free_kb / 1024)) MB are free on this disk; setting up may need up to 4 GB"
fi

# --- what the system has to bring --------------------------------------------------------------------

# LOOK FOR               APT                  DNF                   PACMAN               BREW
# pycairo and manimpango come as source on Linux; the libraries are what Qt's window, its two screen
# plugins (X11, Wayland) and its video player are linked with and do not carry along. "-": not needed.
needs() {
    cat <<'TABLE'
cmd:cc                   gcc                  gcc                   gcc                  gcc
cmd:pkg-config           pkg-config           pkgconf               pkgconf              pkgconf
pc:cairo                 libcairo2-dev        cairo-devel           cairo                cairo
pc:pangocairo            libpango1.0-dev      pango-devel           pango                pango
py:venv                  python3-venv         python3               python               python
py:header                python3-dev          python3-devel         python               python
lib:libEGL.so.1          libegl1              libglvnd-egl          libglvnd             -
lib:libGL.so.1           libgl1               libglvnd-glx          libglvnd             -
lib:libdrm.so.2          libdrm2              libdrm                libdrm               -
lib:libdbus-1.so.3       libdbus-1-3          dbus-libs             dbus                 -
lib:libgssapi_krb5.so.2  libgssapi-krb5-2     krb5-libs             krb5                 -
lib:libwayland-client.so.0 libwayland-client0 libwayland-client     wayland              -
lib:libwayland-cursor.so.0 libwayland-cursor0 libwayland-cursor     wayland              -
lib:libwayland-egl.so.1  libwayland-egl1      libwayland-egl        wayland              -
lib:libX11-xcb.so.1      libx11-xcb1          libX11-xcb            libx11               -
lib:libXext.so.6         libxext6             libXext               libxext              -
lib:libXrandr.so.2       libxrandr2           libXrandr             libxrandr            -
lib:libportaudio.so.2    libportaudio2        portaudio             portaudio             -
lib:libxkbcommon.so.0    libxkbcommon0        libxkbcommon          libxkbcommon         -
lib:libxkbcommon-x11.so.0 libxkbcommon-x11-0  libxkbcommon-x11      libxkbcommon-x11     -
lib:libxcb-cursor.so.0   libxcb-cursor0       xcb-util-cursor       xcb-util-cursor      -
lib:libxcb-icccm.so.4    libxcb-icccm4        xcb-util-wm           xcb-util-wm          -
lib:libxcb-image.so.0    libxcb-image0        xcb-util-image        xcb-util-image       -
lib:libxcb-keysyms.so.1  libxcb-keysyms1      xcb-util-keysyms      xcb-util-keysyms     -
lib:libxcb-render-util.so.0 libxcb-render-util0 xcb-util-renderutil xcb-util-renderutil  -
lib:libxcb-util.so.1     libxcb-util1         xcb-util              xcb-util             -
lib:libxcb-glx.so.0      libxcb-glx0          libxcb                libxcb               -
lib:libxcb-randr.so.0    libxcb-randr0        libxcb                libxcb               -
lib:libxcb-render.so.0   libxcb-render0       libxcb                libxcb               -
lib:libxcb-shape.so.0    libxcb-shape0        libxcb                libxcb               -
lib:libxcb-shm.so.0      libxcb-shm0          libxcb                libxcb               -
lib:libxcb-sync.so.1     libxcb-sync1         libxcb                libxcb               -
lib:libxcb-xfixes.so.0   libxcb-xfixes0       libxcb                libxcb               -
lib:libxcb-xkb.so.1      libxcb-xkb1          libxcb                libxcb               -
TABLE
}

find_python() { # 3.11 first: it is what constraints.txt was proven with
    local candidate
    for candidate in ${PYTHON:-} python3.11 python3 python3.12 python3.13 python3.14; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# What the loader can find, asked once. Not the package list: a library may come from anywhere.
libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)

is_there() { # one LOOK FOR of the table
    local name=${1#*:} search_path=${PKG_CONFIG_PATH:-} folder
    case $1 in
    cmd:*) command -v "$name" >/dev/null ;;
    lib:*) [[ $libraries == *"$name "* ]] ;;
    py:venv) [ -n "$python" ] && "$python" -c 'import ensurepip, venv' 2>/dev/null ;;
    py:header) [ -n "$python" ] && "$python" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' 2>/dev/null ;;
    pc:*)
        for folder in ${search_path//:/ } /usr/lib/pkgconfig /usr/lib64/pkgconfig \
            /usr/lib/*/pkgconfig /usr/share/pkgconfig /usr/local/lib/pkgconfig \
            /opt/homebrew/lib/pkgconfig; do
            [ -e "$folder/$name.pc" ] && return
        done
        return 1
        ;;
    esac
}

missing() { # COLUMN: the packages of that column whose part is not there
    local part apt dnf pacman brew package
    # shellcheck disable=SC2034 # the columns are read by name
    needs | while read -r part apt dnf pacman brew; do
        package=${!1}
        if [ "$package" != - ] && ! is_there "$part"; then echo "$package"; fi
    done | sort -u | tr '\n' ' ' | sed 's/ $//'
}

advise() { # MANAGER: the command that installs exactly what is missing
    local command packages
    packages=$(missing "$1")
    [ -n "$packages" ] || return 0
    case $1 in
    apt) command="apt-get install" ;;
    dnf) command="dnf install" ;;
    pacman) command="pacman -S --needed" ;;
    brew) command="brew install" ;;
    esac
    [ "$1" = brew ] || [ "$(id -u)" = 0 ] || command="sudo $command"
    printf 'setup: system packages are missing; install them with: %s %s\n' "$command" "$packages" >&2
}

install_with_apt() {
    local sudo="" packages package renamed
    if [ "$(id -u)" != 0 ]; then
        sudo=sudo
        [ -t 0 ] || sudo="sudo -n" # without a terminal nobody can type a password
        if ! command -v sudo >/dev/null || ! $sudo true 2>/dev/null; then
            advise apt
            exit 3
        fi
    fi
    packages=$(missing apt)
    say "  system packages: $packages"
    # An unreachable third-party source must not stop us: what counts is whether the install works.
    $sudo apt-get update -qq >"$log" 2>&1 || true
    # Newer releases renamed some libraries when their clocks went to 64 bits.
    renamed=""
    for package in $packages; do
        if ! apt-cache show "$package" 2>/dev/null | grep -q '^Package:' \
            && apt-cache show "${package}t64" 2>/dev/null | grep -q '^Package:'; then
            package=${package}t64
        fi
        renamed="$renamed $package"
    done
    # shellcheck disable=SC2086 # a list of words
    if ! $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
        install -y -qq --no-install-recommends $renamed >>"$log" 2>&1; then
        grep -q 'No space left' "$log" && fail 5 "the disk is full; free about 4 GB and run again"
        advise apt
        fail 3 "apt could not install these packages; its own words are in $log"
    fi
}

python=$(find_python || true)
if [ "$(uname)" = Darwin ]; then column=brew; else column=apt; fi
if [ -n "$(missing $column)" ]; then
    if [ $column = apt ] && command -v apt-get >/dev/null; then
        install_with_apt
        python=$(find_python || true)
    else
        managers=""
        for manager in brew dnf pacman; do
            if command -v $manager >/dev/null && [ -n "$(missing $manager)" ]; then managers=$manager; fi
        done
        for manager in ${managers:-brew dnf pacman}; do advise "$manager"; done
        exit 3
    fi
fi
[ -n "$python" ] || fail 3 "Python 3.11 or newer is missing; install it, or name it: PYTHON=/path/to/python make run"

# --- .venv -------------------------------------------------------------------------------------------

# A .venv that was being changed when the machine or the user stopped us may hold half a package.
if [ -e $unfinished ] || was_moved || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    ! was_moved || say "  the project was moved; starting .venv afresh"
    [ ! -e $unfinished ] || say "  the last setup did not finish; starting .venv afresh"
    rm -rf .venv
    mkdir .venv
    touch $unfinished
    say "  Python environment in .venv ($("$python" -V))"
    "$python" -m venv .venv >"$log" 2>&1 \
        || fail 1 "$python could not create .venv; its own words are in $log"
fi
touch $unfinished
rm -f .venv/.setup-run .venv/.setup-dev

# The versions hold for what builds pycairo and manimpango too (pip has two names for this).
export PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt

pip_install() { # WHAT ARGUMENTS...
    say "  $1"
    shift
    if ! .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
        --constraint constraints.txt "$@" >"$log" 2>&1; then
        grep -q 'No space left' "$log" && fail 5 "the disk is full; free about 4 GB and run again"
        grep -q 'Permission denied' "$log" && fail 5 "a file may not be written; pip's own words are in $log"
        grep -qE 'No matching distribution|ConnectionError|ReadTimeout|name resolution' "$log" \
            && fail 3 "a package could not be fetched; check the network and run again (pip's own words are in $log)"
        fail 1 "pip could not install the packages; its own words are in $log"
    fi
}

# What PyPI has for Linux brings several gigabytes of libraries for graphics cards; torch's own index
# has a build without. Where that index cannot be reached, pip takes what it finds. What torch needs
# comes with the project.
pip_install "torch, which computes the numbers" --no-deps \
    --extra-index-url https://download.pytorch.org/whl/cpu torch
if [ "$mode" = dev ]; then
    pip_install "Manim, Qt and the project itself, with the tools for tests and checks" --editable '.[dev]'
else
    pip_install "Manim, Qt and the project itself" --editable .
fi

# The first listing reads every scene and keeps what it read, so that the window opens at once.
say "  catalogue of scenes"
.venv/bin/backprop-studio scenes >"$log" 2>&1 \
    || fail 1 "everything is installed, but the scenes could not be listed: $(tail -n 1 "$log")"

fingerprint >".venv/.setup-$mode"
rm -f $unfinished "$log"
say "Ready."
