# --- before networking: the machine's own traffic stays in until the tunnel is there

# systemd-networkd deletes others' routing rules when it starts (seen), hence not by these, but by a table that is there
# until `load all` has put them up. By then it would be in the way: it knows no routes.
shut_in() {
    case $home_mark in
    '' | off) return 0 ;;
    esac
    [ ! -e "$RUN/routed" ] || return 0
    nft -f - <<END || die "nft refused what keeps the machine's own traffic in"
table inet wirewarp_shut
delete table inet wirewarp_shut
table inet wirewarp_shut {
    chain bar {
        oifname { "lo"$(quoted "$tunnels" "$want_bridge") } accept
        meta mark and 0xff0000 == $home_mark accept
        $(barred)
    }
    chain output { type filter hook output priority filter; policy accept; jump bar; }
    chain forward { type filter hook forward priority filter; policy accept; jump bar; }
}
END
    : >"$RUN/shut"
}

# `, "NAME"` of each line of each word.
quoted() {
    printf '%s\n' "$@" | sed -n 's/..*/, "&"/p' | tr -d '\n'
}

# What is not let out, of the rules: with everything all but what is spared, else what is listed.
barred() {
    case "
$want_rule" in
    *"
7805 "*)
        echo "ip daddr { $(rules_to 'goto') } accept; ip6 daddr { fc00::/7, fe80::/10, ff00::/8 } accept; drop"
        ;;
    *) echo "ip daddr { $(rules_to 'lookup') } drop" ;;
    esac
}

# Destinations of the rules for a machine's own traffic that end so, with commas.
rules_to() {
    printf '%s\n' "$want_rule" | sed -n "s/^780[0-9] to \([0-9./]*\) $1 .*/\1/p" | paste -s -d , -
}

# Once the rules are there.
open_up() {
    [ -z "$ONLY_TELL" ] || return 0
    : >"$RUN/routed"
    [ -e "$RUN/shut" ] || return 0
    nft delete table inet wirewarp_shut 2>/dev/null || :
    rm -f "$RUN/shut"
}
