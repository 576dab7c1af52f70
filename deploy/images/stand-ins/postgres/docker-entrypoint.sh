#!/bin/bash
# What the public image's entrypoint does and compose and Kubernetes count on: a first start makes the cluster with the superuser's password.
set -euo pipefail
password="${POSTGRES_PASSWORD:-}"
[ -n "$password" ] || password="$(cat "${POSTGRES_PASSWORD_FILE:?give POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE}")"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # Moved into place when it is whole: a container killed meanwhile begins anew.
  rm -rf "$PGDATA" "$PGDATA.new"
  mkdir -p "$(dirname "$PGDATA")"
  initdb -D "$PGDATA.new" -U "${POSTGRES_USER:-postgres}" --pwfile=<(echo "$password") --auth-host=scram-sha-256 --auth-local=trust -E UTF8 --locale=C > /dev/null
  echo 'host all all all scram-sha-256' >> "$PGDATA.new/pg_hba.conf"
  mv "$PGDATA.new" "$PGDATA"
fi
[ "${1:-postgres}" != postgres ] || shift || true
exec postgres -D "$PGDATA" -c listen_addresses='*' "$@"
