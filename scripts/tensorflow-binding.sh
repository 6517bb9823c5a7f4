#!/usr/bin/env bash
# Proves the backend `tensorflow` without a GPU: builds the binding of @tensorflow/tfjs-node from its own npm sources
# against the C library in PyPI's `tensorflow-cpu` wheel, and runs the suites that run on each backend, on it. The
# binding with CUDA (@tensorflow/tfjs-node-gpu) has the same sources and answers to the same name.
#
#   scripts/tensorflow-binding.sh [FOLDER]        (about 800 MB, kept for the next time in FOLDER or the user's cache)
#
# It needs g++, make, python3 with pip, unzip and the registries of npm and PyPI. A machine on which the binding cannot
# be built is no error: that is said, and nothing is proved. A test that fails is one.
set -uo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/femtospike/tensorflow}
# The newest library that tfjs-node 4.22 (made for 2.9) was built and tested with here.
tensorflow=2.15.1
binding=node_modules/@tensorflow/tfjs-node

skip() {
  echo "TensorFlow: the backend 'tensorflow' is not proved: $1" >&2
  exit 0
}

get_library() {
  [ -e library/tensorflow/libtensorflow_cc.so.2 ] && return
  timeout 300 pip download --quiet --no-deps --dest wheel --only-binary=:all: --python-version 3.11 \
    --platform manylinux_2_17_x86_64 "tensorflow-cpu==$tensorflow" || return
  unzip -q -o wheel/tensorflow_cpu-*.whl 'tensorflow/libtensorflow*' 'tensorflow/include/tensorflow/c/*' \
    'tensorflow/include/tsl/*' 'tensorflow/include/tensorflow/core/platform/*' -d library &&
    rm -r wheel
}

get_sources() {
  [ -d "$binding" ] && return
  echo '{ "private": true }' > package.json
  timeout 300 npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs-node@4.22.0
}

build() {
  [ -e "$binding/lib/napi-v8/tfjs_binding.node" ] && return
  mkdir -p "$binding/deps/lib"
  ln -sfn "$folder/library/tensorflow/include" "$binding/deps/include"
  for part in cc framework; do
    ln -sf "$folder/library/tensorflow/libtensorflow_$part.so.2" "$binding/deps/lib/"
  done
  ln -sf libtensorflow_cc.so.2 "$binding/deps/lib/libtensorflow.so"
  ln -sf libtensorflow_framework.so.2 "$binding/deps/lib/libtensorflow_framework.so"
  # Node's headers are taken from beside Node itself where they are, else node-gyp gets them.
  node_root=$(node -p 'require("node:path").resolve(process.execPath, "../..")')
  if [ -e "$node_root/include/node/node_api.h" ]; then export npm_config_nodedir=$node_root; fi
  (cd "$binding" && timeout 600 npx node-pre-gyp configure build --build-from-source > "$folder/build.log" 2>&1)
}

for tool in g++ make python3 pip unzip; do
  command -v "$tool" > /dev/null || skip "no $tool"
done
mkdir -p "$folder" && cd "$folder" || skip "no folder $folder"
folder=$PWD
get_library || skip "no library from PyPI"
get_sources || skip "no sources from npm"
build || skip "the binding cannot be built: $folder/build.log"

# The binding must share femtospike's tfjs-core: a backend registers itself with the copy that it finds.
for package in tfjs-core tfjs-layers tfjs-data tfjs-backend-cpu; do
  rm -rf "node_modules/@tensorflow/$package"
  ln -s "$here/node_modules/@tensorflow/$package" "node_modules/@tensorflow/$package"
done
echo "TensorFlow: binding in $folder; the suites that run on each backend, on 'tensorflow':"
cd "$here"
[ -d dist/kernels ] || npm run --silent build
FEMTOSPIKE_TFJS_NODE="$folder/$binding" npx vitest run -t 'on tensorflow' test/engine/tensor test/baseline
