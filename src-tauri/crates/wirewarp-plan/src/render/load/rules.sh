# --- packet rules

# The digest of the live table without what changes by itself, in $live; fails if there is none. An empty list has one
# that none of our tables has.
live_table() {
    if [ -z "$want_lan" ]; then
        live=$(nft -s list table inet wirewarp 2>/dev/null | sha256sum)
    else
        live=$(nft -s list table inet wirewarp 2>/dev/null | sed '/^\tmap lan_address {$/,/^\t}$/d' | sha256sum)
    fi
    live=${live%% *}
    [ "$live" != e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 ]
}

# What the table is made from, and what the kernel made of it. The second is known once it is loaded.
rules_right() {
    [ -s "$RUN/table.sha256" ] || return 1
    {
        read -r source || return 1
        read -r loaded || return 1
    } <"$RUN/table.sha256"
    sum_of "$HERE/rules.nft"
    [ "$source" = "$sum" ] && live_table && [ "$loaded" = "$live" ]
}

# This machine's address on the way to $1, empty while there is no way.
lan_address() {
    ip -4 route get "$1" 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p' | head -n 1
}

lan_elements() {
    while read -r tunnel towards _; do
        [ -n "$tunnel" ] || continue
        address=$(lan_address "$towards")
        [ -z "$address" ] || printf '%s : %s\n' "$tunnel" "$address"
    done <<END
$want_lan
END
}

live_lan_elements() {
    nft list map inet wirewarp lan_address 2>/dev/null | grep -oE '[0-9.]+ : [0-9.]+' | sort || :
}

add_lan_elements() {
    printf '%s\n' "$1" | while read -r element; do
        [ -z "$element" ] || printf 'add element inet wirewarp lan_address { %s }\n' "$element"
    done
}

# Somebody may flush every table at this very moment: recorded as right, the absence of ours would stay (seen).
load_table() {
    { cat "$HERE/rules.nft"; add_lan_elements "$1"; } >"$RUN/rules.nft"
    tries=5
    while :; do
        nft -f "$RUN/rules.nft" || die "nft refused the rules of generation $GENERATION"
        ! live_table || break
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || die "somebody else takes table inet wirewarp away again and again"
    done
    rm -f "$RUN/rules.nft"
    sum_of "$HERE/rules.nft"
    printf '%s\n' "$sum" "$live" | write_file "$RUN/table.sha256"
}

load_rules() {
    lan=
    [ -z "$want_lan" ] || lan=$(lan_elements | sort)
    if ! rules_right; then
        if differs "packet rules: table inet wirewarp is not this generation's"; then
            load_table "$lan"
        fi
    elif [ -n "$lan" ] && [ "$lan" != "$(live_lan_elements)" ]; then
        if differs "packet rules: this machine's address on the LAN is now $(printf '%s' "$lan" | tr '\n' ',')"; then
            {
                echo 'flush map inet wirewarp lan_address'
                add_lan_elements "$lan"
            } >"$RUN/lan.nft"
            nft -f "$RUN/lan.nft" || die "nft refused this machine's address on the LAN"
            rm -f "$RUN/lan.nft"
            # wireguard-go goes on sending from the address that is gone until it is given the endpoint again (seen).
            rm -f "$RUN"/ww*.synced "$RUN"/ww*.set
            : >"$RUN/moved"
        fi
    fi
    load_counters
}

# As the kernel lists them, without what they have counted.
live_counters() {
    nft -s -t list table inet wirewarp_counters 2>/dev/null
}

counters_right() {
    same "$HERE/counters.nft" "$RUN/counters.nft" && live=$(live_counters) && read_lines "$RUN/counters.live" &&
        [ "$live" = "$content" ]
}

# The file adds what is missing, so that counting goes on over a change. A set of the same name and another shape is in
# its way; then counting begins anew.
load_counters() {
    [ -e "$HERE/counters.nft" ] || return 0
    ! counters_right || return 0
    if differs "packet rules: table inet wirewarp_counters is not this generation's"; then
        nft -f "$HERE/counters.nft" 2>/dev/null ||
            { echo 'delete table inet wirewarp_counters'; cat "$HERE/counters.nft"; } | nft -f - ||
            die "nft refused the counters"
        live_counters | write_file "$RUN/counters.live"
        write_file "$RUN/counters.nft" <"$HERE/counters.nft"
    fi
}

remove_rules() {
    for table in wirewarp wirewarp_counters; do
        nft list table inet "$table" >/dev/null 2>&1 || continue
        if differs "packet rules: table inet $table is there"; then
            nft delete table inet "$table" || die "cannot delete table inet $table"
        fi
    done
    rm -f "$RUN/table.sha256" "$RUN/counters.nft" "$RUN/counters.live"
}
