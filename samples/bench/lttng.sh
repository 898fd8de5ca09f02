#!/usr/bin/env bash
# Runs a program under a tracing session of its own; prints what it prints, and the bytes of the trace behind it.
set -euo pipefail
home=$(mktemp -d)
export LTTNG_HOME=$home LTTNG_UST_ALLOW_BLOCKING=1
trap 'lttng --no-sessiond destroy trapline-bench >/dev/null 2>&1 || true; [ -n "${daemon:-}" ] && kill "$daemon" 2>/dev/null || true; rm -rf "$home"' EXIT
lttng-sessiond --no-kernel >/dev/null 2>&1 &
daemon=$!
for _ in $(seq 50); do lttng list >/dev/null 2>&1 && break; sleep 0.1; done
{
    lttng create trapline-bench --output "$home/trace"
    lttng enable-channel --userspace --subbuf-size 1M --num-subbuf 8 --blocking-timeout inf events
    lttng enable-event --userspace --channel events trapline:event
    lttng start
} >/dev/null
said=$("$@")
lttng stop >/dev/null
echo "$said $(find "$home/trace" -type f -name 'events_*' -printf '%s\n' | awk '{ sum += $1 } END { print sum }')"
