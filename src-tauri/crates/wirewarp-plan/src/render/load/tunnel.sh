# --- tunnels and bridges

load_interfaces() {
    names=$(
        wanted tunnel | cut -d ' ' -f 1
        wanted bridge
    )
    own_interfaces | while read -r name; do
        among "$name" "$names" || remove_interface "$name"
    done
    wanted tunnel | while read -r name port; do
        load_tunnel "$name" "$port"
    done
    wanted bridge | while read -r name; do
        interface_there "$name" || ! differs "$name: the bridge is not there" ||
            ip link add name "$name" type bridge || die "cannot make the bridge $name"
    done
}

remove_interface() {
    differs "$1: is there, and nothing asks for it" || return 0
    if systemd_there; then
        systemctl stop "wirewarp-wg@$1.service" </dev/null >/dev/null 2>&1 || :
    fi
    rm -f "$RUN/$1.synced"
    ! interface_there "$1" || ip link delete "$1" || die "cannot delete the interface $1"
}

load_tunnel() {
    [ -s "$ETC/$1.key" ] || {
        ! differs "$1: its private key $ETC/$1.key is not there" || die "$1 has no private key; apply again, which makes one"
        return 0
    }
    if ! interface_there "$1"; then
        differs "$1: the tunnel interface is not there" || return 0
        make_tunnel "$1"
    fi
    tunnel_right "$1" "$2" || ! differs "$1: WireGuard is not set as in this generation" || sync_tunnel "$1"
}

make_tunnel() {
    rm -f "$RUN/$1.synced"
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

# Keys, port and networks, but not the endpoint: WireGuard follows that by itself.
tunnel_right() {
    [ "$(cat "$RUN/$1.synced" 2>/dev/null)" = "$(sha256 <"$HERE/$1.conf")" ] || return 1
    [ "$2" = 0 ] || [ "$(wg show "$1" listen-port)" = "$2" ] || return 1
    [ "$(wg show "$1" public-key)" = "$(wg pubkey <"$ETC/$1.key")" ] || return 1
    want=$(wanted allowed | sed -n "s/^$1 //p" | sort)
    [ "$want" = "$(wg show "$1" allowed-ips | awk '{ for (i = 2; i <= NF; i++) print $1, $i }' | sort)" ]
}

# The key is joined with the configuration here alone, in memory: without it syncconf would wipe the key (seen).
sync_tunnel() {
    {
        printf '[Interface]\nPrivateKey = '
        cat "$ETC/$1.key"
        echo
        cat "$HERE/$1.conf"
    } >"$RUN/$1.joined"
    wg syncconf "$1" "$RUN/$1.joined" </dev/null || {
        rm -f "$RUN/$1.joined"
        die "wg refused the configuration of $1"
    }
    rm -f "$RUN/$1.joined"
    sha256 <"$HERE/$1.conf" | write_file "$RUN/$1.synced"
}

# MTU, addresses, up.
load_links() {
    wanted mtu | while read -r name mtu; do
        interface_there "$name" || continue
        now=$(cat "/sys/class/net/$name/mtu")
        [ "$now" = "$mtu" ] || ! differs "$name: MTU is $now, not $mtu" ||
            ip link set "$name" mtu "$mtu" || die "cannot set the MTU of $name"
    done
    load_addresses
    {
        wanted tunnel | cut -d ' ' -f 1
        wanted bridge
    } | while read -r name; do
        interface_there "$name" || continue
        # A tunnel's operstate is "unknown": the flag IFF_UP (1) tells.
        [ $(($(cat "/sys/class/net/$name/flags") & 1)) = 1 ] || ! differs "$name: is down" ||
            ip link set "$name" up || die "cannot set $name up"
    done
}

addresses_of() {
    ip -4 -o address show dev "$1" 2>/dev/null | sed -n 's/^.* inet \([0-9./]*\) .*/\1/p'
}

load_addresses() {
    want=$(wanted address)
    # On interfaces of ours every other address goes; on others only those that we put there.
    {
        own_interfaces | while read -r name; do
            addresses_of "$name" | sed "s|^|$name |"
        done
        cat "$RUN/addresses" 2>/dev/null || :
    } | sort -u | while read -r name address; do
        ! among "$name $address" "$want" || continue
        among "$address" "$(addresses_of "$name")" || continue
        ! differs "$name: has address $address, and nothing asks for it" ||
            ip -4 address delete "$address" dev "$name" || die "cannot take $address off $name"
    done
    printf '%s\n' "$want" | while read -r name address; do
        [ -n "$name" ] || continue
        if ! interface_there "$name"; then
            differs "$name: the interface is not there" || continue
            die "the interface $name is not there; its gateway address $address has no place"
        fi
        ! among "$address" "$(addresses_of "$name")" || continue
        ! differs "$name: does not have address $address" ||
            ip -4 address add "$address" dev "$name" || die "cannot put $address on $name"
    done
    [ -n "$ONLY_TELL" ] || printf '%s\n' "$want" | write_file "$RUN/addresses"
}
