# One look at a host. Changes nothing, reads no private or preshared key. Prints sections: `MARK begin NAME`, raw text,
# `MARK end NAME STATUS`; the mark is random, so that nothing on the host can imitate it.
# Few processes: each costs 1 to 5 ms, and a person waits for the whole.

# $1: the mark, then the names of the sections; without any, all. `check` is always the last. It takes as long as all the
# rest, so both run at once; its answer waits in the pipe.
probe() { check_aside "$1" | probe_sections "$@"; }

# The section `check`, to be piped into what prints the others.
check_aside() {
  probe_check 2> /dev/null < /dev/null
  printf '\n%s end check %s\n' "$1" $?
}

# What an apply can have changed.
own_sections() { probe_sections "$1" wireguard sysctls ours manifest digests; }

probe_sections() {
  mark=$1
  shift
  ETC=${WIREWARP_ETC:-/etc/wirewarp}
  UNITS=${WIREWARP_UNITS:-/etc/systemd/system}
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  LC_ALL=C
  export PATH LC_ALL
  # A missing tool must not stop the probe, nor a shell that somebody runs with -eu.
  set +eu
  [ $# -gt 0 ] ||
    set -- base os tools addresses routes listeners units containers firewalls wireguard sysctls ours manifest digests
  for name; do
    printf '%s begin %s\n' "$mark" "$name"
    "probe_$name" 2> /dev/null < /dev/null
    # A last line without a line feed must not swallow the mark.
    printf '\n%s end %s %s\n' "$mark" "$name" $?
  done
  printf '%s begin check\n' "$mark"
  pass_on
}

# cat(1), as long as the lines are few.
pass_on() {
  while IFS= read -r line || [ "$line" ]; do printf '%s\n' "$line"; done
}

has() { command -v "$1" > /dev/null 2>&1; }

# The first line of what a command says, also of its complaints, in $line.
first_line() {
  line=$("$@" 2>&1)
  line=${line%%
*}
}

probe_base() {
  read -r hostname < /proc/sys/kernel/hostname && echo "hostname $hostname"
  read -r machine < /etc/machine-id && echo "machine $machine"
  echo "uname $(uname -s -r -m)"
  echo "clock $(date +%s)"
  read -r up _ < /proc/uptime && echo "uptime ${up%%.*}"
  free_space
  container=$(container_kind)
  echo "container $container"
  echo "init $(init_kind)"
  echo "manager $(package_manager)"
  if kernel_has_wireguard; then echo 'wireguard yes'; fi
  # Opened, not only looked at: in a container the device may be there and forbidden.
  if (: <> /dev/net/tun); then echo 'tun yes'; fi
  echo "ssh $SSH_CONNECTION"
}

# The second line's fourth word (POSIX, df -P), after those of the first.
free_space() {
  # shellcheck disable=SC2046 # words
  set -- $(df -Pk /etc)
  while [ $# -gt 6 ]; do shift; done
  echo "free $4"
}

# systemd notes there in what it runs (the container interface of systemd.io).
container_kind() {
  if [ -e /run/systemd/container ]; then
    pass_on < /run/systemd/container
  elif [ -d /run/systemd/system ]; then
    echo none
  elif [ -e /.dockerenv ]; then
    echo docker
  elif [ -e /run/.containerenv ]; then
    echo podman
  else
    tr '\0' '\n' < /proc/1/environ | sed -n 's/^container=//p'
  fi
}

init_kind() {
  if [ -d /run/systemd/system ]; then
    echo systemd
  elif [ -d /run/openrc ] || [ -x /sbin/openrc-run ]; then
    echo openrc
  else
    echo other
  fi
}

package_manager() {
  for manager in apt-get dnf yum apk pacman zypper; do
    if has "$manager"; then
      echo "${manager%-get}"
      return
    fi
  done
}

# Without loading anything. A container cannot load modules, so that there only what the host has loaded counts.
kernel_has_wireguard() {
  [ -e /sys/module/wireguard ] && return 0
  case $container in none | '') ;; *) return 1 ;; esac
  modules=/lib/modules/$(uname -r)
  grep -qs '/wireguard\.ko' "$modules/modules.builtin" "$modules/modules.dep"
}

probe_os() {
  if [ -e /etc/os-release ]; then pass_on < /etc/os-release; else pass_on < /usr/lib/os-release; fi
}

# The versions that something depends on, or that a person asks for.
probe_tools() {
  for tool in nft wg wireguard-go conntrack ip ss ping dnsmasq iptables docker ufw firewall-cmd systemd-run flock curl; do
    has "$tool" || continue
    line=
    case $tool in nft | wg) first_line "$tool" --version ;; esac
    echo "$tool $line"
  done
}

# The ip(8) of BusyBox knows no JSON; a host with only that one counts as having none.
ip_json() {
  ip -j "$@" && return
  status=$?
  case $(ip -V 2>&1) in *iproute2*) return $status ;; *) return 127 ;; esac
}

probe_addresses() { ip_json -d addr; }

probe_routes() { ip_json -4 route show table all; }

probe_listeners() {
  has ss || return 127
  listening=$(ss -Hlntup) && printf '%s\n' "$listening"
}

# Asking systemd costs more than looking whether there is anything to ask for.
probe_units() {
  [ -d /run/systemd/system ] || return 127
  units=
  # What it listens on for others, one of which may be sshd.
  case $listening in *'("systemd",'*) units='ssh.socket sshd.socket' ;; esac
  for unit in firewalld.service docker.service ufw.service; do
    for folder in /etc /run /usr/lib /lib; do
      if [ -e "$folder/systemd/system/$unit" ]; then
        units="$units $unit"
        break
      fi
    done
  done
  # shellcheck disable=SC2086 # words
  [ -z "$units" ] || systemctl show --property=Id,ActiveState,Listen $units
}

# Published ports; with a time limit, as a sick daemon answers never.
probe_containers() {
  has docker && [ -S /var/run/docker.sock ] || return 127
  timeout 2 docker ps --format '{{.Names}}|{{.Ports}}'
}

# Of each base chain of others at an input or forward hook: policy and last rule. Sets can be huge, hence -t.
probe_firewalls() {
  if [ -e /etc/ufw/ufw.conf ] && grep -qs '^ENABLED=yes' /etc/ufw/ufw.conf; then echo 'ufw enabled'; fi
  if has nft; then
    nft -t list ruleset | awk '
      /^table / { family = $2; name = $3; ours = family == "inet" && (name == "wirewarp" || name == "wirewarp_counters"); next }
      ours { next }
      /^\tchain / { chain = $2; hook = ""; last = ""; if (chain == "DOCKER-USER") print "docker-user", family; next }
      /^\t\ttype filter hook (input|forward) / { hook = $4; policy = /policy drop/ ? "drop" : "accept"; next }
      /^\t}/ { if (hook != "") { print "chain", family, name, chain, hook, policy, last }; hook = ""; next }
      /^\t\t/ { last = $0; sub(/^[ \t]+/, "", last) }
    '
  fi
  if [ -s /proc/net/ip_tables_names ] && has iptables-legacy; then
    for chain in INPUT FORWARD; do
      iptables-legacy -w 1 -S "$chain" | awk -v chain="$chain" '
        $1 == "-P" { policy = tolower($3) }
        $1 == "-A" { last = $0 }
        END { if (policy != "") print "chain", "ip", "iptables-legacy", chain, tolower(chain), policy, last }'
    done
  fi
}

# The dump has the private key and the preshared keys in it: they are cut here and never leave the host.
probe_wireguard() {
  has wg || return 127
  wg show all dump | awk -F '\t' '
    NF == 5 { print "interface", $1, $3, $4; next }
    NF == 9 { print "peer", $1, $2, $4, $5, $6, $7, $8; next }
    { print NF, "fields" }'
}

# grep and not `read`: these files give their number only to a reader that takes it in one piece.
probe_sysctls() {
  cd /proc/sys/net && grep -s . /dev/null ipv4/ip_forward ipv4/conf/all/rp_filter ipv4/conf/default/rp_filter \
    ipv4/conf/all/src_valid_mark netfilter/nf_conntrack_max netfilter/nf_conntrack_count ipv4/conf/ww*/rp_filter
}

probe_ours() {
  [ -d "$ETC" ] || return 0
  echo present
  folder=$(cd "$ETC/current" && pwd -P) || folder=$(readlink "$ETC/current")
  echo "current $folder"
  for folder in "$ETC"/generations/*; do echo "generation ${folder##*/}"; done
  for claim in pending confirming reverting; do
    if [ -e "$ETC/$claim" ]; then echo "$claim $(tr '\n' ' ' < "$ETC/$claim")"; fi
  done
  while read -r package; do echo "package $package"; done < "$ETC/packages"
}

# Without the desired state, which is one line and can be megabytes.
probe_manifest() { sed '/^  "desired": /d' "$ETC/current/manifest.json"; }

probe_digests() {
  if cd "$ETC/current"; then sha256sum ./* ./units/* "$UNITS"/wirewarp*; else sha256sum "$UNITS"/wirewarp*; fi
  cd /
}

probe_check() {
  load=${WIREWARP_ETC:-/etc/wirewarp}/current/load
  [ -e "$load" ] || return 0
  # Half a second at most; more than that on a machine that is busy.
  timeout 20 sh "$load" check
}
