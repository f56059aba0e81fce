#!/bin/sh
# The benchmark of webgpu-em on this machine: ./bench.sh --out results.json; ./bench.sh --help says the rest.
# Needs a Linux x64 machine with a Vulkan driver; reads and writes nothing outside this folder but the files it is given.
set -eu
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(cd "$here" && pwd -P)

if ! trouble=$("$here/bin/node" --version 2>&1); then
  echo "bench.sh: the Node of this kit, bin/node, does not start here: $trouble" >&2
  echo "  It needs Linux x64 with glibc 2.28 or newer and libstdc++ (Debian and Ubuntu: apt-get install libstdc++6)." >&2
  exit 1
fi
exec "$here/bin/node" "$here/start.mjs" "$@"
