#!/bin/sh
# What an operator may let run every night, beside the running server: the books are checked, copied, and summed up.
#   test/examples/close-of-day.sh DATA BACKUPS
# It ends with a line for the log, or with a complaint and an exit status that is not 0.
set -eu
data=${1:?the data folder of the server}
backups=${2:?the folder of the backups}
day=$(date +%F)

# One field of the JSON that is piped in.
field() {
  node -p "JSON.parse(require('node:fs').readFileSync(0, 'utf8')).$1"
}

# The status is 3 where no server runs: the books can be copied all the same.
status=0
farthing-server status --data "$data" --json > /dev/null || status=$?
if [ "$status" -ne 0 ]; then
  echo "close-of-day: no server runs on $data (status $status)" >&2
fi

# A backup audits the copy, and there is a file only if it is in order.
report=$(farthing-server backup "$backups/$day.backup" --data "$data" --force --json) || {
  echo "close-of-day: no backup was made. $report" >&2
  exit 1
}
farthing-server export --data "$data" --format csv > "$backups/$day.csv"

accounts=$(printf %s "$report" | field accounts)
transfers=$(printf %s "$report" | field transfers)
circulation=$(printf %s "$report" | field circulation)
echo "$day: $accounts accounts, $transfers transfers, $circulation in circulation"
