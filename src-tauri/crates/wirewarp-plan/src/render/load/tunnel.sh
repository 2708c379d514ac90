# --- tunnels and bridges

load_interfaces() {
    while read -r name; do
        [ -z "$name" ] || among "$name" "$tunnels" || among "$name" "$want_bridge" || remove_interface "$name"
    done <<END
$(own_interfaces)
END
    while read -r name port key mark; do
        [ -z "$name" ] || load_tunnel "$name" "$port" "$ETC/$key.key" "$mark"
    done <<END
$want_tunnel
END
    while read -r name; do
        [ -z "$name" ] || interface_there "$name" || ! differs "$name: the bridge is not there" ||
            ip link add name "$name" type bridge || die "cannot make the bridge $name"
    done <<END
$want_bridge
END
}

remove_interface() {
    differs "$1: is there, and nothing asks for it" || return 0
    if systemd_there; then
        systemctl stop "wirewarp-wg@$1.service" </dev/null >/dev/null 2>&1 || :
    fi
    rm -f "$RUN/$1.synced" "$RUN/$1.set"
    ! interface_there "$1" || ip link delete "$1" || die "cannot delete the interface $1"
}

# $1: interface, $2: port or 0, $3: file of the private key, $4: mark of WireGuard's own packets or `off`.
load_tunnel() {
    [ -s "$3" ] || {
        ! differs "$1: its private key $3 is not there" || die "$1 has no private key; apply again, which makes one"
        return 0
    }
    if ! interface_there "$1"; then
        differs "$1: the tunnel interface is not there" || return 0
        make_tunnel "$1"
    fi
    tunnel_right "$@" || ! differs "$1: WireGuard is not set as in this generation" || sync_tunnel "$@"
}

make_tunnel() {
    rm -f "$RUN/$1.synced" "$RUN/$1.set"
    ip link add name "$1" type wireguard 2>/dev/null && return 0
    command -v wireguard-go >/dev/null || die "this kernel has no WireGuard, and wireguard-go is not installed"
    [ -c /dev/net/tun ] || die "this kernel has no WireGuard, and /dev/net/tun is missing; allow TUN for this machine"
    if systemd_there; then
        systemctl restart "wirewarp-wg@$1.service" </dev/null || die "wirewarp-wg@$1.service did not start"
    else
        # Descriptor 9 is the lock: a daemon must not hold it.
        wireguard-go "$1" </dev/null >/dev/null 2>&1 9>&- || die "wireguard-go did not start"
    fi
    wait_for_tunnel "$1"
}

# At most 5 s.
wait_for_tunnel() {
    tries=50
    until wg show "$1" listen-port >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || die "$1 did not come up within 5 s"
        sleep 0.1
    done
}

# MTU, addresses, up.
load_links() {
    while read -r name mtu; do
        if [ -z "$name" ] || ! interface_there "$name"; then continue; fi
        read -r now <"/sys/class/net/$name/mtu"
        [ "$now" = "$mtu" ] || ! differs "$name: MTU is $now, not $mtu" ||
            ip link set "$name" mtu "$mtu" || die "cannot set the MTU of $name"
    done <<END
$want_mtu
END
    load_addresses
    while read -r name; do
        if [ -z "$name" ] || ! interface_there "$name"; then continue; fi
        # A tunnel's operstate is "unknown": the flag IFF_UP (1) tells.
        read -r flags <"/sys/class/net/$name/flags"
        [ $((flags & 1)) = 1 ] || ! differs "$name: is down" ||
            ip link set "$name" up || die "cannot set $name up"
    done <<END
$tunnels
$want_bridge
END
}

# On interfaces of ours every other address goes; on others only those that we put there.
load_addresses() {
    want=$want_address
    read_live
    now=$live_address
    own=$(own_interfaces)
    read_lines "$RUN/addresses"
    ours=$content
    while read -r name address; do
        ! among "$name $address" "$want" || continue
        among "$name" "$own" || among "$name $address" "$ours" || continue
        [ -n "$name" ] || continue
        ! differs "$name: has address $address, and nothing asks for it" ||
            ip -4 address delete "$address" dev "$name" || die "cannot take $address off $name"
    done <<END
$now
END
    while read -r name address; do
        [ -n "$name" ] || continue
        if ! interface_there "$name"; then
            differs "$name: the interface is not there" || continue
            die "the interface $name is not there; its gateway address $address has no place"
        fi
        ! among "$name $address" "$now" || continue
        ! differs "$name: does not have address $address" ||
            ip -4 address add "$address" dev "$name" || die "cannot put $address on $name"
    done <<END
$want
END
    [ -n "$ONLY_TELL" ] || [ "$ours" = "$want" ] || printf '%s\n' "$want" | write_file "$RUN/addresses"
}
