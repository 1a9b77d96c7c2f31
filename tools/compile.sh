#!/bin/sh
# Compile what is installed, and our own code: compile.sh UV [OPTION OF UV SYNC]...
set -eu
uv=$1; shift
[ .venv/.compiled -nt uv.lock ] || "$uv" sync --locked --inexact --quiet --compile-bytecode "$@"
touch .venv/.compiled
.venv/bin/python -m compileall -q src/comity lawbase/comity_lawbase
