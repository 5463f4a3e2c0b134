#!/bin/sh
# A throw-away NATS server for the tests, on loopback: `tools/nats.sh start` prints its URL, for CHAPPE_TEST_BUS;
# `tools/nats.sh stop` ends it. CHAPPE_NATS_NAME tells several of them apart.
set -eu

dir=${CHAPPE_NATS_DIR:-/tmp/${CHAPPE_NATS_NAME:-chappe-nats}}

find_server() {
  for server in "$(command -v nats-server || true)" /usr/sbin/nats-server; do
    if [ -x "$server" ]; then echo "$server"; return; fi
  done
}

running() {
  [ -f "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null
}

start() {
  server=$(find_server)
  if [ -z "$server" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nats-server; } >&2
    server=$(find_server)
  fi
  if [ -z "$server" ]; then echo 'nats: not found; install nats-server' >&2; exit 1; fi
  if running; then cat "$dir/url"; return; fi
  rm -rf "$dir"
  mkdir -p "$dir"
  "$server" -a 127.0.0.1 -p -1 --ports_file_dir "$dir" -P "$dir/pid" -l "$dir/log" >/dev/null 2>&1 &
  tries=0
  until ls "$dir"/*.ports >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ]; then echo 'nats: does not start' >&2; cat "$dir/log" >&2; exit 1; fi
    sleep 0.1
  done
  sed -n 's/.*\(nats:\/\/127\.0\.0\.1:[0-9]*\).*/\1/p' "$dir"/*.ports | head -n 1 >"$dir/url"
  cat "$dir/url"
}

stop() {
  if running; then kill "$(cat "$dir/pid")"; fi
  rm -rf "$dir"
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  *) echo 'usage: tools/nats.sh start|stop' >&2; exit 2 ;;
esac
