# One poll of a host: what it does now, and what its counters say. Changes nothing, reads no private or preshared key.
# It may come every ten seconds for years: shell built-ins, /proc, and date, df, wg, nft, awk once each.
# Prints a line for each figure between `MARK begin` and `MARK end`; the mark is random, so that nothing can imitate it.

# $1: the mark; $2: `daily`, to be told what costs more as well.
poll() {
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  LC_ALL=C
  export PATH LC_ALL
  set +eu
  printf '%s begin\n' "$1"
  poll_system 2> /dev/null < /dev/null
  poll_network 2> /dev/null
  poll_tunnels 2> /dev/null < /dev/null
  [ "$2" != daily ] || poll_daily 2> /dev/null < /dev/null
  printf '%s end\n' "$1"
}

has() { command -v "$1" > /dev/null 2>&1; }

poll_system() {
  echo "clock $(date +%s)"
  read -r up _ < /proc/uptime && echo "uptime $up"
  read -r boot < /proc/sys/kernel/random/boot_id && echo "boot $boot"
  read -r kernel < /proc/sys/kernel/osrelease && echo "kernel $kernel"
  read -r load _ < /proc/loadavg && echo "load $load"
  read -r _ cpu < /proc/stat && echo "cpu $cpu"
  while read -r name value _; do
    case $name in
    MemTotal:) total=$value ;;
    MemAvailable:)
      echo "memory $total $value"
      break
      ;;
    esac
  done < /proc/meminfo
  # The second line's words (POSIX, df -P), after those of the first.
  # shellcheck disable=SC2046 # words
  set -- $(df -Pk /)
  while [ $# -gt 6 ]; do shift; done
  echo "disk $2 $4"
  if [ -e /run/reboot-required ]; then echo reboot; fi
}

# The interface of the default route, and its line of counters: sixteen of them, received before sent (proc(5)).
poll_network() {
  way=
  while read -r device destination _ _ _ _ _ mask _; do
    if [ "$destination" = 00000000 ] && [ "$mask" = 00000000 ]; then
      way=$device
      break
    fi
  done < /proc/net/route
  [ -n "$way" ] || return 0
  while read -r name rest; do
    # A large first counter stands at the colon without a space.
    case $name in
    "$way":) ;;
    "$way":*) rest="${name#*:} $rest" ;;
    *) continue ;;
    esac
    # shellcheck disable=SC2086 # words
    set -- $rest
    echo "network $way $1 $9"
    break
  done < /proc/net/dev
}

# wg's dump has the private key and the preshared keys in it: they are cut here and never leave the host. Of the
# connections only the count for each forwarded port does.
poll_tunnels() {
  flows=
  [ ! -r /proc/net/nf_conntrack ] || flows=/proc/net/nf_conntrack
  {
    has wg && wg show all dump
    has nft && nft list sets table inet wirewarp_counters
    [ -n "$flows" ] || ! has conntrack || conntrack -L
  } | awk '
    function value(name, from,   at) {
      for (at = from; at <= NF; at++) if (index($at, name "=") == 1) return substr($at, length(name) + 2)
      return ""
    }
    function second(name,   at, seen) {
      for (at = 1; at <= NF; at++) if (index($at, name "=") == 1 && seen++) return substr($at, length(name) + 2)
      return ""
    }
    / src=.* src=/ {
      if (/UNREPLIED/) next
      protocol = / tcp |^tcp / ? "tcp" : (/ udp |^udp / ? "udp" : "")
      if (protocol == "" || (protocol == "tcp" && !/ESTABLISHED/)) next
      key = protocol " " value("dst", 1) " " value("dport", 1)
      if ((key in ports) && second("src") != value("dst", 1)) open[key]++
      next
    }
    # The sets of new connections, beside those of what was carried, may be long and are passed over.
    /^\tset / { way = /_in / ? "in" : "out"; set = sub(/_(in|out)$/, "", $2) ? $2 : ""; next }
    / counter packets / {
      if (set == "") next
      sub(/elements = \{/, ""); gsub(/[,}]/, " ")
      for (at = 1; at + 7 <= NF; at++) {
        if ($(at + 1) != "." || $(at + 3) != "counter") continue
        key = set " " $at " " $(at + 2); ports[key] = 1
        if (way == "in") home[key] = $(at + 7); else out[key] = $(at + 7)
        at += 7
      }
      next
    }
    split($0, word, "\t") == 9 {
      if (word[1] ~ /^ww[0-9]+$/) print "peer", word[1], word[2], word[4], word[6], word[7], word[8]
    }
    END { for (key in ports) print "port", key, home[key] ? home[key] : 0, out[key] ? out[key] : 0, open[key] + 0 }
  ' - $flows
}

# Security updates that wait, from what the host's own lists say: nothing is fetched.
poll_daily() {
  has apt-get || { echo 'updates unknown'; return; }
  apt-get -s -o Debug::NoLocking=true dist-upgrade |
    awk '/^Inst / && /[Ss]ecurity/ { count++ } END { print "updates", count + 0 }'
}
