#!/usr/bin/env bash
# Proves the backend `tensorflow` without a GPU: builds the binding of @tensorflow/tfjs-node from its own npm sources
# against the C library in PyPI's `tensorflow-cpu` wheel, in an empty folder, and runs the tests of the tensor layers on
# it. The binding with CUDA (@tensorflow/tfjs-node-gpu) has the same sources and answers to the same name.
#
#   scripts/tensorflow-binding.sh FOLDER        (about 800 MB and four minutes; g++, make, python3 with pip, unzip)
#
# Only the registries of npm and PyPI are used. The headers of Node are looked for beside Node itself.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 FOLDER (empty, or that of an earlier run)" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
cd "$1"
folder=$PWD
# The newest library that tfjs-node 4.22 (made for 2.9) was built and tested with here.
tensorflow=2.15.1
node_root=$(node -p 'require("node:path").resolve(process.execPath, "../..")')
if [ -e "$node_root/include/node/node_api.h" ]; then export npm_config_nodedir=$node_root; fi

if [ ! -e library/tensorflow/libtensorflow_cc.so.2 ]; then
  pip download --quiet --no-deps --dest wheel --only-binary=:all: --python-version 3.11 \
    --platform manylinux_2_17_x86_64 "tensorflow-cpu==$tensorflow"
  unzip -q -o wheel/tensorflow_cpu-*.whl 'tensorflow/libtensorflow*' 'tensorflow/include/tensorflow/c/*' \
    'tensorflow/include/tsl/*' 'tensorflow/include/tensorflow/core/platform/*' -d library
fi
[ -e package.json ] || npm init --yes >/dev/null
[ -d node_modules/@tensorflow/tfjs-node ] ||
  npm install --ignore-scripts --no-audit --no-fund @tensorflow/tfjs-node@4.22.0

binding=node_modules/@tensorflow/tfjs-node
mkdir -p "$binding/deps/lib"
ln -sfn "$folder/library/tensorflow/include" "$binding/deps/include"
for part in cc framework; do
  ln -sf "$folder/library/tensorflow/libtensorflow_$part.so.2" "$binding/deps/lib/"
done
ln -sf libtensorflow_cc.so.2 "$binding/deps/lib/libtensorflow.so"
ln -sf libtensorflow_framework.so.2 "$binding/deps/lib/libtensorflow_framework.so"
if [ ! -e "$binding/lib/napi-v8/tfjs_binding.node" ]; then
  (cd "$binding" && npx node-pre-gyp configure build --build-from-source)
fi

# The binding must share femtospike's tfjs-core: a backend registers itself with the copy that it finds.
for package in tfjs-core tfjs-layers tfjs-data tfjs-backend-cpu; do
  rm -rf "node_modules/@tensorflow/$package"
  ln -s "$here/node_modules/@tensorflow/$package" "node_modules/@tensorflow/$package"
done
echo "binding built; running the suites that run on each backend, on 'tensorflow'" >&2
cd "$here"
[ -d dist/kernels ] || npm run --silent build
FEMTOSPIKE_TFJS_NODE="$folder/$binding" npx vitest run -t 'on tensorflow' test/engine/tensor test/baseline
