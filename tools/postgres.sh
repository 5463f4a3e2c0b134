#!/bin/sh
# A throw-away Postgres for the tests, on loopback: `tools/postgres.sh start` prints its URL, for CHAPPE_TEST_POSTGRES;
# `tools/postgres.sh stop` ends it and removes its data; `restart` kills it and starts it on its data again. It forgets its
# data when the machine crashes (no fsync): for tests only.
set -eu

# In memory where there is enough of it: a test's database is made ten times as fast there.
place() {
  if [ -w /dev/shm ] && [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -gt 2000000 ]; then echo /dev/shm; else echo /tmp; fi
}

# CHAPPE_POSTGRES_NAME tells several of them apart.
dir=${CHAPPE_POSTGRES_DIR:-$(place)/${CHAPPE_POSTGRES_NAME:-chappe-postgres}}

find_bin() {
  for bin in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin; do
    if [ -x "$bin/initdb" ]; then echo "$bin"; return; fi
  done
  if command -v initdb >/dev/null; then dirname "$(command -v initdb)"; fi
}

# Postgres refuses to run as root.
as_owner() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

run_on() {
  as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-h 127.0.0.1 -p $1 -k $dir \
    -c fsync=off -c full_page_writes=off -c max_wal_size=256MB -c max_connections=300 -c shared_buffers=64MB" start >/dev/null
}

restart() {
  bin=$(find_bin)
  as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null
  run_on "$(sed -n 's/.*:\([0-9]*\)\/.*/\1/p' "$dir/url")"
}

start() {
  bin=$(find_bin)
  if [ -z "$bin" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql; } >&2
    bin=$(find_bin)
  fi
  if [ -z "$bin" ]; then echo 'postgres: not found; install postgresql' >&2; exit 1; fi
  if [ -f "$dir/url" ] && as_owner "$bin/pg_ctl" -D "$dir/data" status >/dev/null; then cat "$dir/url"; return; fi
  rm -rf "$dir"
  mkdir -p "$dir"
  if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; fi
  as_owner "$bin/initdb" -D "$dir/data" -U chappe -A trust -E UTF8 --locale=C --no-sync >/dev/null
  port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
  run_on "$port"
  echo "postgres://chappe@127.0.0.1:$port/postgres" >"$dir/url"
  cat "$dir/url"
}

stop() {
  bin=$(find_bin)
  if [ -f "$dir/data/postmaster.pid" ]; then as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null; fi
  rm -rf "$dir"
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  restart) restart ;;
  *) echo 'usage: tools/postgres.sh start|stop|restart' >&2; exit 2 ;;
esac
