#!/usr/bin/env bash
# Renders mark.svg into the pictures that the bundles ask for.
# Needs rsvg-convert (librsvg2-bin) or ImageMagick, and ui/node_modules for the
# Windows and macOS containers.
set -euo pipefail
cd "$(dirname "$0")"

render() { # size file
  if command -v rsvg-convert >/dev/null; then
    rsvg-convert -w "$1" -h "$1" -o "$2" mark.svg
  else
    convert -background none -density 384 mark.svg -resize "${1}x${1}" -depth 8 "PNG32:$2"
  fi
}

render 32 32x32.png
render 128 128x128.png
render 256 128x128@2x.png
render 512 512x512.png
render 1024 1024x1024.png

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd ../ui && npx tauri icon --output "$work" ../icons/1024x1024.png >/dev/null)
cp "$work/icon.ico" "$work/icon.icns" .
rm 1024x1024.png
