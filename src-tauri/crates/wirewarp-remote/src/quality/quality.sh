# How well tunnels carry: ten pings through each, and the largest packet that comes through whole. Behind path.sh. POSIX sh.

# `quality ADDRESS...`: of each `ping ADDRESS SENT RECEIVED MEAN MOST` (round trips in microseconds, `-` where none came back), and
# what `measure_path` prints. All at once, four seconds at most.
quality() {
  for address in "$@"; do
    pings "$address" &
    measure_path "$address" &
  done
  wait
}

# The summary of iputils and that of busybox.
pings() {
  ping -n -q -c 10 -i 0.2 -W 1 "$1" 2> /dev/null < /dev/null | awk -v address="$1" '
    / transmitted/ { sent = $1 + 0; received = $4 + 0 }
    / min\/avg\/max/ {
      split($0, half, " = "); split(half[2], part, "/")
      mean = sprintf("%d", part[2] * 1000); most = sprintf("%d", part[3] * 1000)
    }
    END { print "ping", address, sent + 0, received + 0, mean == "" ? "-" : mean, most == "" ? "-" : most }
  '
}
