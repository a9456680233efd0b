#!/bin/sh
# Nanoseconds per element of every function and instruction set of CEngramMath. Usage: tools/benchmarks/maths.sh [compiler]
# Compiles the sources as SwiftPM's release configuration does (-O2, no flags that widen anything).
set -e
here=$(cd "$(dirname "$0")" && pwd)
sources="$here/../../Sources/CEngramMath"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"${1:-clang}" -std=gnu11 -O2 -I "$sources/include" -o "$out/maths" "$here/maths.c" "$sources"/*.c -lm -lpthread
"$out/maths"
