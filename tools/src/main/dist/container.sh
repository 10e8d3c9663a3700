#!/bin/sh
# What a container of Spirula's image runs: `mon NAME` and `osd ID` make the daemon's store on their first start and become the daemon; any other words are a command of bin/.
# A daemon reads /etc/ceph/ceph.conf and keeps its data in /var/lib/ceph.
set -eu
home=$(dirname "$(dirname "$(readlink -f "$0")")")
case ${1:-} in
  mon | osd)
    kind=$1
    id=${2:?"$1 needs its name: $1 ID"}
    shift 2
    data=/var/lib/ceph/$kind/ceph-$id
    mkdir -p "$data"
    if [ ! -e "$data/made" ]; then # written last: what an interrupted start left is made anew
      rm -rf "${data:?}"/*
      "$home/bin/ceph-$kind" -i "$id" --mkfs "$@"
      : > "$data/made"
    fi
    exec "$home/bin/ceph-$kind" -i "$id" -f "$@"
    ;;
  '')
    echo "spirula: mon NAME, osd ID, or a command: $(cd "$home/bin" && echo *)" >&2
    exit 2
    ;;
  *)
    command=$1
    shift
    [ -x "$home/bin/$command" ] || {
      echo "spirula: no command '$command'; there are: $(cd "$home/bin" && echo *)" >&2
      exit 127
    }
    exec "$home/bin/$command" "$@"
    ;;
esac
