#!/usr/bin/env bash
# Lint, types, imports, generated pages, then the tests on SQLite and on PostgreSQL, and in Chromium.
# What a fresh machine lacks is installed from Debian when we are root; otherwise it is skipped, loudly, and counted.
set -uo pipefail
cd "$(dirname "$0")/.."
export PYTHONDONTWRITEBYTECODE=1
failed=0 skipped=()

lacks() { ! command -v "$1" >/dev/null 2>&1; }
wanted=()
lacks unzip && wanted+=(unzip)
lacks openssl && wanted+=(openssl)
lacks chromium && wanted+=(chromium)
lacks java && wanted+=(default-jre-headless)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted+=(postgresql)
if [ ${#wanted[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ] && ! lacks apt-get; then
        echo "== installing ${wanted[*]} from Debian"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}"; } >var-apt.log 2>&1 ||
            { tail -n 5 var-apt.log; skipped+=("could not install: ${wanted[*]}"); }
        rm -f var-apt.log
    else
        skipped+=("not root, and not installed: ${wanted[*]}")
    fi
fi

step() { # step NAME COMMAND...
    local name=$1 begun=$SECONDS; shift
    echo "== $name"
    if "$@"; then echo "-- $name: passed in $((SECONDS - begun)) s"; else echo "-- $name: FAILED"; failed=1; fi
}

step "lint" make --no-print-directory lint
step "types" make --no-print-directory types
step "imports" make --no-print-directory imports
step "reference pages" .venv/bin/python tools/reference.py --check
step "tests on SQLite" .venv/bin/pytest -q -n 2 --dist loadgroup "$@"

PG=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -n "$PG" ]; then
    data=$(mktemp -d) port=$((20000 + RANDOM % 20000))
    as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
    stop_postgres() { as "$PG/pg_ctl" -D "$data/db" -m immediate -s stop; rm -rf "$data"; }
    trap stop_postgres EXIT
    [ "$(id -u)" = 0 ] && chown postgres "$data"
    if as "$PG/initdb" -D "$data/db" -U comity -A trust --no-sync >/dev/null &&
        as "$PG/pg_ctl" -D "$data/db" -w -s -o "-p $port -k $data -c listen_addresses=127.0.0.1 -c fsync=off" -l "$data/log" start
    then
        export COMITY_TEST_DATABASE_URL="postgresql://comity@127.0.0.1:$port/postgres"
        step "tests of the node on PostgreSQL" .venv/bin/pytest -q -n 2 --dist loadgroup tests/node
    else
        echo "-- PostgreSQL is installed and does not start: FAILED"; cat "$data/log" 2>/dev/null; failed=1
    fi
else
    skipped+=("PostgreSQL is not here: the node was tested on SQLite only")
fi

for line in ${skipped[@]+"${skipped[@]}"}; do echo "!! SKIPPED: $line"; done
[ "$failed" = 0 ] && echo "All steps passed, ${#skipped[@]} skipped." || echo "A step failed."
exit $failed
