#!/bin/sh
# bench/stores.sh [PLACE]: what a durable event costs in SQLite, and in a PostgreSQL server of its own, both on the disk that PLACE is
# on, build/ unless told otherwise. In /dev/shm, where syncing costs nothing, it is what the stores themselves cost.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d "${1:-$PWD/build}/bench-stores-XXXXXX")
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
mkfifo "$folder/orders"
SM2_POSTGRES_PLACE=$folder tests/postgres/server <"$folder/orders" >"$folder/server" &
exec 3>"$folder/orders"
until [ -s "$folder/server" ]; do sleep 0.1; done
read -r port place <"$folder/server"
build/release/bench/stores 20 "$folder/sm2.db" "postgresql://sm2@/sm2?host=$place&port=$port" \
  "postgresql://sm2:secret@127.0.0.1:$port/sm2?sslmode=disable"
exec 3>&-
wait
