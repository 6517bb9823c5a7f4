#!/usr/bin/env bash
# Gets SwiftShader (a Vulkan GPU in software) and a Vulkan loader out of Debian's package chromium-common, so that the
# tests can run GPU code on a machine without a GPU. Needs no root and installs nothing: three files in a cache.
# What a machine cannot do is said and is no error: the tests that need it are then skipped, visibly.
set -uo pipefail
cache="${XDG_CACHE_HOME:-$HOME/.cache}/femtospike/swiftshader"
files=(libvk_swiftshader.so libvulkan.so.1 vk_swiftshader_icd.json)

skip() {
  echo "SwiftShader: not there, GPU code will not be run: $1"
  exit 0
}

for folder in /usr/lib/chromium "$cache"; do
  if [ -r "$folder/libvk_swiftshader.so" ] && [ -r "$folder/libvulkan.so.1" ]; then
    echo "SwiftShader: $folder"
    exit 0
  fi
done
command -v apt-get > /dev/null || skip 'no apt-get, and no chromium of Debian'
command -v dpkg > /dev/null || skip 'no dpkg'
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
download() { timeout 120 apt-get -qq download chromium-common > log 2>&1; }
# The second try is for a machine whose lists of packages are missing or old; that needs root.
download || { timeout 120 apt-get -qq update > log 2>&1 && download; } || skip "$(tail -n 1 log)"
dpkg -x chromium-common_*.deb unpacked || skip 'the package cannot be unpacked'
mkdir -p "$cache"
for file in "${files[@]}"; do
  cp "unpacked/usr/lib/chromium/$file" "$cache/" || skip "the package has no $file"
done
echo "SwiftShader: $cache"
