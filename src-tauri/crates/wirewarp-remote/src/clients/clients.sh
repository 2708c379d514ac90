# Who is connected through the forwards of a public address of a VPS, and keeping somebody out. POSIX sh.
# Lines stand between `MARK begin` and `MARK end`; the mark is random, so that nothing can imitate it.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
set -u

TABLE='inet wirewarp_counters'

# The table of connections: the file has ages (delta-time), the tool has not, and not every kernel has the file.
flows() {
  if [ -r /proc/net/nf_conntrack ]; then
    cat /proc/net/nf_conntrack
  else
    conntrack -L -f ipv4 2> /dev/null
  fi
}

# Connections that are open to address $1 and ports $2 (`tcp:1-2,udp:3-3`, or `all`), of client $3 or of all: `flow PROTOCOL CLIENT
# PORT PUBLIC-PORT TO-HOME FROM-HOME AGE`, `-` for what is not counted; then `more N` for those beyond $4.
open_flows() {
  flows | awk -v address="$1" -v ports="$2" -v client="$3" -v most="$4" '
    function value(name, which,   at, seen) {
      for (at = 1; at <= NF; at++)
        if (index($at, name "=") == 1 && ++seen == which) return substr($at, length(name) + 2)
      return "-"
    }
    BEGIN {
      count = split(ports == "all" ? "" : ports, part, ",")
      for (at = 1; at <= count; at++) {
        split(part[at], word, "[:-]"); kind[at] = word[1]; first[at] = word[2] + 0; last[at] = word[3] + 0
      }
    }
    / src=.* src=/ {
      if (/UNREPLIED/ || value("dst", 1) != address || value("src", 2) == address) next
      protocol = / tcp |^tcp / ? "tcp" : (/ udp |^udp / ? "udp" : "")
      if (protocol == "" || (protocol == "tcp" && !/ESTABLISHED/)) next
      if (client != "" && value("src", 1) != client) next
      port = value("dport", 1) + 0
      ours = ports == "all"
      for (at = 1; at <= count && !ours; at++) ours = kind[at] == protocol && port >= first[at] && port <= last[at]
      if (!ours) next
      if (++found > most) next
      print "flow", protocol, value("src", 1), value("sport", 1), port, value("bytes", 1), value("bytes", 2), value("delta-time", 1)
    }
    END { if (found > most) print "more", found - most }
  '
}

# `blocked CLIENT SECONDS-LEFT` for each whom address $1 lets in no more.
blocked() {
  nft list set "$TABLE" blocked 2> /dev/null | awk -v address="$1" '
    {
      gsub(/elements = \{|[{},]/, " ")
      for (at = 1; at + 6 <= NF; at++) if ($(at + 1) == "." && $(at + 5) == "expires" && $at == address) print "blocked", $(at + 2), $(at + 6)
    }
  '
}

list() {
  echo "$1 begin"
  open_flows "$2" "$3" '' "$4"
  blocked "$2"
  echo "$1 end"
}

# Ends what client $4 has open to address $2 and ports $3: both sides are told with their next packet (TCP), or hear nothing for a
# minute (UDP). Prints how many.
end() {
  open_flows "$2" "$3" "$4" 65536 | awk -v table="$TABLE" -v address="$2" '
    $1 == "flow" {
      printf "add element %s %s_ended { %s . %s . %s . %s timeout 1m }\n", table, $2, $3, $4, address, $5
      count++
    }
    END { print "# " count + 0 }
  ' > "$list" || return 1
  nft -f "$list" || return 1
  echo "$1 begin"
  echo "ended $(sed -n 's/^# //p' "$list")"
  echo "$1 end"
}

# Lets client $4 in no more at address $2 for $5 seconds, whatever it was before, and ends what it has open.
block() {
  nft delete element "$TABLE" blocked "{ $2 . $4 }" 2> /dev/null
  nft add element "$TABLE" blocked "{ $2 . $4 timeout ${5}s }" || return 1
  end "$1" "$2" all "$4"
}

# Lets client $4 in again at address $2.
unblock() {
  nft delete element "$TABLE" blocked "{ $2 . $4 }" 2> /dev/null
  echo "$1 begin"
  echo "$1 end"
}

main() {
  list=$(mktemp) || exit 1
  trap 'rm -f "$list"' EXIT
  if ! nft list set "$TABLE" blocked > /dev/null 2>&1; then
    echo 'wirewarp: nothing is set up here' >&2
    exit 3
  fi
  verb=$1
  shift
  "$verb" "$@"
}
