# How large packets may be on the way to an address, IP header included: pings that must not be cut into pieces, of which
# the answer is as large. `measure_path ADDRESS` prints `echo ADDRESS SIZE yes|no` for each size that it tried, and nothing
# where ping(8) is not the one of iputils: busybox's cannot forbid to cut. Two rounds of a second at most, the second only
# where the first found the way narrow. Nothing is changed. POSIX sh.

# Larger ones are of no use to a tunnel of 1420, which takes 60 bytes of its way itself.
path_most=1480
# Larger than this is what the way may be too narrow for; an answer to it tells that the address answers at all.
path_small=84
# GRE 1476; mobile and other networks' own tunnels in steps; 1454 PPPoE in Japan; 1280 every way of IPv6 has.
path_sizes='1476 1460 1454 1450 1440 1430 1420 1410 1400 1380 1360 1340 1320 1300 1280'

measure_path() {
  case $(ping -V 2>&1 < /dev/null) in *iputils*) ;; *) return 0 ;; esac
  path_top=$(path_top "$1")
  path_first=$(echo_all "$1" "$path_small" "$path_top")
  printf '%s\n' "$path_first"
  case $path_first in
  *" $path_top yes"*) return 0 ;;
  *yes*) ;;
  *) return 0 ;; # it answers to nothing
  esac
  # shellcheck disable=SC2046,SC2086 # lists of words
  echo_all "$1" $(at_most "$path_top" $path_sizes "$path_top" $(path_told "$1"))
}

# All sizes at once. In a shell of its own, which waits for nobody else's children.
echo_all() (
  path_to=$1
  shift
  for path_size in "$@"; do echo_one "$path_to" "$path_size" & done
  wait
)

# Three tries within a second, as long as none is answered. 20 bytes of the size are IP's, 8 ICMP's.
echo_one() {
  if ping -n -q -M 'do' -c 1 -i 0.4 -w 1 -s $(($2 - 28)) "$1" < /dev/null > /dev/null 2>&1; then
    echo "echo $1 $2 yes"
  else
    echo "echo $1 $2 no"
  fi
}

# What the interface that leads to the address carries, `path_most` at most.
path_top() {
  path_dev=$(ip -4 route get "$1" 2> /dev/null < /dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
  path_mtu=$(ip -o link show dev "$path_dev" 2> /dev/null < /dev/null | sed -n 's/.* mtu \([0-9][0-9]*\) .*/\1/p')
  if [ "${path_mtu:-$path_most}" -lt "$path_most" ]; then echo "$path_mtu"; else echo "$path_most"; fi
}

# What a router on the way has told, if one has: the kernel keeps it for ten minutes.
path_told() { ip -4 route get "$1" 2> /dev/null < /dev/null | sed -n 's/.* mtu \(lock \)\{0,1\}\([0-9][0-9]*\).*/\2/p'; }

# The sizes behind $1 that are not larger than it, each once.
at_most() {
  path_limit=$1
  shift
  for path_size in "$@"; do
    [ "$path_size" -gt "$path_limit" ] || echo "$path_size"
  done | sort -nu
}
