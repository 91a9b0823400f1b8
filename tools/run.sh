#!/usr/bin/env bash
# Renders the backpropagation lesson and opens the studio on it, where there is a screen.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

video=media/backprop.mp4
mkdir -p media # it may have been deleted: it only holds output
.venv/bin/backprop-studio render backprop -o $video -q m --overwrite

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; then
    exec .venv/bin/python -m backprop_studio.gui $video
fi
echo "There is no screen here, so the studio stays closed; the video is in $video."
