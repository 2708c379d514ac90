# Hosts as network namespaces of one script, run in mount and process namespaces of its own: all of it ends with it.
#
#   player .100 --+                                     +-- lan .30
#                 +-- 203.0.113.0/24 -- router (NAT) -- 192.168.20.0/24 -- home .10 -- wwbr0 -- vm 10.99.2.2
#   vps .10 .11 --+
#
# $1: folder with the rendered generations, as etc-HOST/generations/N.
set -eu
LAB=$1

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# A host is a process that sleeps in its own network and mount namespace, with its own /run and /sys.
host() {
    unshare -n -m --propagation private sh -c '
        mount -t tmpfs tmpfs /run && mount -t sysfs sysfs /sys && ip link set lo up && : >/run/host-is-up &&
            exec sleep 600' &
    eval "pid_$1=$!"
    tries=50
    # Only its own /run has that file: before, what is seen there is the machine that runs the tests.
    until on "$1" test -e /run/host-is-up 2>/dev/null; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "host $1 did not start"
        sleep 0.1
    done
}

# Runs the rest of the words on a host.
on() {
    eval "lab_pid=\$pid_$1"
    shift
    nsenter -t "$lab_pid" -n -m "$@"
}

# A cable from interface $2 of host $1 to interface $4 of host $3.
cable() {
    ip link add cable-a type veth peer name cable-b
    eval "ip link set cable-a netns \$pid_$1"
    eval "ip link set cable-b netns \$pid_$3"
    on "$1" ip link set cable-a name "$2"
    on "$1" ip link set "$2" up
    on "$3" ip link set cable-b name "$4"
    on "$3" ip link set "$4" up
}

bridge_at() {
    on "$1" ip link add name "$2" type bridge
    on "$1" ip link set "$2" up
}

build() {
    for name in hub vps player router home lan vm; do host "$name"; done
    bridge_at hub switch
    for name in vps player router; do
        cable hub "to-$name" "$name" eth0
        on hub ip link set "to-$name" master switch
    done
    bridge_at router switch
    for name in home lan; do
        cable router "to-$name" "$name" eth0
        on router ip link set "to-$name" master switch
    done
    on vps ip address add 203.0.113.10/24 dev eth0
    on vps ip address add 203.0.113.11/24 dev eth0
    on player ip address add 203.0.113.100/24 dev eth0
    on router ip address add 203.0.113.50/24 dev eth0
    on router ip address add 192.168.20.1/24 dev switch
    on router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
    on router nft -f - <<'END'
table ip nat {
	chain out {
		type nat hook postrouting priority srcnat
		oifname "eth0" masquerade
	}
}
END
    on home ip address add 192.168.20.10/24 dev eth0
    on home ip route add default via 192.168.20.1
    on lan ip address add 192.168.20.30/24 dev eth0
}

# A VM on the bridge that `load` made.
attach_vm() {
    cable home vm0 vm eth0
    on home ip link set vm0 master wwbr0
    on vm ip address add 10.99.2.2/24 dev eth0
    on vm ip route add default via 10.99.2.1
}

# load HOST VERB: of the generation in force.
load() {
    on "$1" env "WIREWARP_ETC=$LAB/etc-$1" WIREWARP_RUN=/run/wirewarp WIREWARP_SYSTEMD=no \
        ${SHELL_UNDER_TEST:-sh} "$LAB/etc-$1/current/${WITH:-load}" "$2"
}

# serve HOST PROTOCOL PORT: answers each client with its address, as seen there.
serve() {
    on "$1" python3 "$LAB/echo.py" serve "$2" "$3" &
    tries=50
    until on "$1" python3 "$LAB/echo.py" bound "$2" "$3"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "nothing serves $3/$2 on $1"
        sleep 0.1
    done
}

# seen HOST PROTOCOL ADDRESS PORT [INTERFACE]: the address under which a server there sees HOST, which asks by that
# interface; "none" without an answer.
seen() {
    asks=$1
    shift
    on "$asks" python3 "$LAB/echo.py" ask "$@"
}

expect() {
    [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
    echo "ok: $1"
}
