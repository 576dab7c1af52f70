#!/bin/sh
# The public image takes options alone as options of nats-server.
case "${1:-}" in -* | '') set -- nats-server "$@" ;; esac
exec "$@"
