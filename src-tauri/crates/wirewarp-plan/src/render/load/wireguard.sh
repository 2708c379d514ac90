# --- WireGuard on a tunnel that is there

# Keys, port and networks, but not the endpoint: WireGuard follows that by itself.
tunnel_right() {
    [ -s "$RUN/$1.synced" ] || return 1
    {
        read -r source || return 1
        read -r public || return 1
    } <"$RUN/$1.synced"
    find_source "$1" "$3"
    [ "$source" = "$found_source" ] || return 1
    read_tunnel "$1"
    [ "$live_key" = "$public" ] || return 1
    [ "$2" = 0 ] || [ "$live_port" = "$2" ] || return 1
    [ "$live_mark" = "$4" ] || return 1
    want=
    while read -r tunnel peer; do
        [ "$tunnel" != "$1" ] || append want "$peer"
    done <<END
$want_allowed
END
    ! lacking "$want" "$live" && ! lacking "$live" "$want"
}

# What tunnel $1 is made from, with its private key $2: the digests of both, in $found_source.
find_source() {
    sum_of "$HERE/$1.conf"
    found_source=$sum
    sum_of "$2"
    found_source=$found_source$sum
}

# What tunnel $1 is: $live_key, $live_port, $live_mark, and `PEER NETWORK` of each network of each peer in $live.
read_tunnel() {
    live='' live_key='' live_port='' live_mark=''
    tab=$(printf '\t')
    words=$IFS
    while IFS=$tab read -r one two three networks _; do
        if [ -z "$live_key" ]; then
            live_key=$two live_port=$three live_mark=$networks
            continue
        fi
        IFS=,
        for network in $networks; do append live "$one $network"; done
    done <<END
$(wg show "$1" dump)
END
    IFS=$words
}

# Only what differs is set. A port, though it is the same, has wireguard-go open its socket anew, and what other peers have
# sent is lost with the old one (seen: 11 of 14,000 packets at 159 times; none without a port).
# $1: interface, $2: port or 0, $3: file of the private key, $4: mark of WireGuard's own packets or `off`.
sync_tunnel() {
    public=$(wg pubkey <"$3") || die "$3 is not a private key"
    heard=$(last_heard "$1")
    read_tunnel "$1"
    [ "$live_key" = "$public" ] || set_tunnel "$1" private-key "$3"
    [ "$2" = 0 ] || [ "$live_port" = "$2" ] || set_tunnel "$1" listen-port "$2"
    [ "$live_mark" = "$4" ] || set_tunnel "$1" fwmark "$4"
    sync_peers "$1" "$live"
    [ -z "$want_lan" ] || printf '%s\n' "$heard" >"$RUN/$1.meet"
    [ ! -e "$RUN/$1.synced" ] || : >"$RUN/moved"
    find_source "$1" "$3"
    printf '%s\n' "$found_source" "$public" | write_file "$RUN/$1.synced"
}

set_tunnel() {
    wg set "$@" </dev/null || die "wg refused what is set of $1"
}

remove_peers() {
    tunnel=$1
    # shellcheck disable=SC2086 # one word for each key
    set -- $2
    for peer in "$@"; do
        shift
        set -- "$@" peer "$peer" remove
    done
    [ $# = 0 ] || set_tunnel "$tunnel" "$@"
}

# Sets the sections of the configuration that are not in force as they stand there, and takes away peers that are not
# among them. $2: what is there, as `read_tunnel` has it; $RUN/$1.set: the configuration that was set last.
sync_peers() {
    [ -e "$RUN/$1.set" ] || : >"$RUN/$1.set"
    printf '%s\n' "$2" | peers_to_set "$RUN/$1.set" "$HERE/$1.conf" >"$RUN/$1.part"
    remove_peers "$1" "$(sed -n 's/^# gone //p' "$RUN/$1.part")"
    ! grep -q '^\[Peer\]' "$RUN/$1.part" || wg addconf "$1" "$RUN/$1.part" </dev/null ||
        die "wg refused the peers of $1"
    rm -f "$RUN/$1.part"
    write_file "$RUN/$1.set" <"$HERE/$1.conf"
}

# Standard input: `PEER NETWORK` of what is there; $1: what was set last; $2: what is wanted. Prints sections, and
# `# gone PEER`.
peers_to_set() {
    awk '
        function section_ends(    i, same) {
            if (key && of == "set") was[text] = 1
            if (key && of == "wanted") {
                wanted[key] = 1
                same = (text in was) && networks[key] == n
                for (i = 1; i <= n; i++) same = same && ((key, network[i]) in there)
                if (!same) printf "%s", text
            }
            key = text = ""
            n = 0
            of = part
        }
        part == "live" {
            if (NF == 0) next
            peers[$1] = 1
            there[$1, $2] = 1
            if ($2 != "(none)") networks[$1]++
            next
        }
        FNR == 1 || /^\[/ { section_ends() }
        /^#/ || /^$/ { next }
        { text = text $0 "\n" }
        $1 == "PublicKey" { key = $3 }
        $1 == "AllowedIPs" {
            sub(/^[^=]*= */, "")
            n = split($0, network, /, */)
        }
        END {
            section_ends()
            for (peer in peers) if (!(peer in wanted)) print "# gone " peer
        }' part=live - part=set "$1" part=wanted "$2"
}

# The VPS does not know this end yet, or answers to the address that it had: a packet tells it, sooner than the keepalive.
greet_servers() {
    meetings='' pings=''
    for path in "$RUN"/ww*.meet; do
        [ ! -e "$path" ] || append meetings "$path"
    done
    [ "$meetings" ] || [ -e "$RUN/moved" ] || return 0
    while read -r _ _ server; do
        [ -n "$server" ] || continue
        # Descriptor 9 is the lock.
        ping -c 1 -W 1 "$server" </dev/null >/dev/null 2>&1 9>&- &
        pings="$pings $!"
    done <<END
$want_lan
END
    for path in $meetings; do
        read -r heard <"$path" || heard=0
        rm -f "$path"
        name=${path##*/}
        # The VPS is changed at this very moment, and somebody waits for both.
        [ ! -e "$ETC/pending" ] || meet_server "${name%.meet}" "$heard"
    done
    rm -f "$RUN/moved"
    # shellcheck disable=SC2086 # one word for each process
    [ -z "$meetings" ] || [ ! -e "$ETC/pending" ] || kill $pings 2>/dev/null || :
    wait
}

# Until the first handshake that is not of $2, at most 6 s. One that the VPS has ignored, since it did not know the key yet,
# is tried again after 5 s (WireGuard's whitepaper, 6.1); by a peer that was just made, at once.
meet_server() {
    for patience in 4 8 16 32 64; do
        until_heard "$1" "$2" "$patience" && return
        remove_peers "$1" "$(wg show "$1" peers)"
        wg addconf "$1" "$HERE/$1.conf" </dev/null || die "wg refused the peers of $1"
    done
    return 0
}

# Whether there is another handshake on the tunnel $1 than that of $2, within $3 times 50 ms.
until_heard() {
    tries=$3
    while :; do
        heard=$(last_heard "$1")
        [ "$heard" = 0 ] || [ "$heard" = "$2" ] || return 0
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.05
    done
}

# Seconds since 1970 of the last handshake, 0 for none; of a tunnel with one peer, as at home.
last_heard() {
    heard=$(wg show "$1" latest-handshakes)
    heard=${heard##*[!0-9]}
    printf '%s\n' "${heard:-0}"
}
