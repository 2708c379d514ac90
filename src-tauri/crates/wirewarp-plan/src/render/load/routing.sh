# --- sysctls, routes and routing rules

load_sysctls() {
    wanted sysctl | while read -r key value; do
        path=/proc/sys/$(printf '%s' "$key" | tr . /)
        [ -e "$path" ] || continue
        now=$(cat "$path")
        [ "$now" != "$value" ] || continue
        differs "sysctl: $key is $now, not $value" || continue
        case $key in
        net.ipv4.conf.ww[0-9]*) ;; # goes with its interface
        *) remember_sysctl "$key" "$now" ;;
        esac
        printf '%s\n' "$value" >"$path" || die "cannot set $key to $value"
    done
}

# The value before ours, once.
remember_sysctl() {
    [ -d "$ETC" ] || return 0
    ! grep -qs "^$1 " "$ETC/sysctl.before" || return 0
    printf '%s %s\n' "$1" "$2" >>"$ETC/sysctl.before" || die "cannot write $ETC/sysctl.before"
}

restore_sysctls() {
    [ -e "$ETC/sysctl.before" ] || return 0
    while read -r key value; do
        path=/proc/sys/$(printf '%s' "$key" | tr . /)
        [ -e "$path" ] || continue
        [ "$(cat "$path")" != "$value" ] || continue
        if [ "$key" = net.ipv4.ip_forward ] && other_forwarder; then
            printf 'sysctl: %s stays on, because %s forwards too\n' "$key" "$forwarder"
            continue
        fi
        printf 'sysctl: %s back to %s\n' "$key" "$value"
        printf '%s\n' "$value" >"$path" || die "cannot set $key back to $value"
    done <"$ETC/sysctl.before"
    rm -f "$ETC/sysctl.before"
}

# Whether containers, virtual machines or another tunnel need ip_forward.
other_forwarder() {
    for other in /sys/class/net/docker* /sys/class/net/br-* /sys/class/net/virbr* /sys/class/net/lxcbr* \
        /sys/class/net/lxdbr* /sys/class/net/incusbr* /sys/class/net/podman* /sys/class/net/cni* \
        /sys/class/net/wg* /sys/class/net/tailscale* /sys/class/net/fwbr*; do
        [ -e "$other" ] || continue
        forwarder=${other##*/}
        return 0
    done
    return 1
}

# Routes of one table as ip-route(8) lists them, without what the kernel adds to the words.
live_routes() {
    ip -4 route show table "$1" 2>/dev/null |
        sed 's/ proto boot//; s/ scope link//; s/ linkdown//; s/ dead//; s/ onlink//; s/ *$//'
}

# In our tables every other route goes; in the main one only those over our interfaces that are not the kernel's own.
live_owned_routes() {
    live_routes main | grep -E ' dev ww(br)?[0-9]+( |$)' | grep -v ' proto kernel' | sed 's/^/main /' || :
    ip -4 route show table all 2>/dev/null | sed -n 's/^.* table \(77[0-9][0-9]\).*/\1/p' | sort -u |
        while read -r table; do
            ! in_range "$table" || live_routes "$table" | sed "s/^/$table /"
        done
}

in_range() {
    [ "$1" -ge 7701 ] && [ "$1" -le 7800 ]
}

load_routes() {
    want=$(wanted route)
    now=$(live_owned_routes)
    # Added before others are taken away: a route that changes is never missing.
    printf '%s\n' "$want" | while read -r table route; do
        [ -n "$table" ] || continue
        ! among "$table $route" "$now" || continue
        differs "route: $route is missing in table $table" || continue
        # shellcheck disable=SC2086 # the words of a route
        ip -4 route replace $route table "$table" || die "cannot add the route $route to table $table"
    done
    live_owned_routes | while read -r table route; do
        [ -n "$table" ] || continue
        ! among "$table $route" "$want" || continue
        differs "route: $route is in table $table, and nothing asks for it" || continue
        # shellcheck disable=SC2086
        ip -4 route delete $route table "$table" || die "cannot delete the route $route of table $table"
    done
}

live_rules() {
    ip -4 rule show | sed -n 's/^\([0-9]*\):[[:blank:]]*/\1 /p' | sed 's/ from all fwmark/ fwmark/; s/ *$//' |
        while read -r preference rule; do
            ! in_range "$preference" || printf '%s %s\n' "$preference" "$rule"
        done
}

load_ip_rules() {
    want=$(wanted rule)
    now=$(live_rules)
    printf '%s\n' "$want" | while read -r preference rule; do
        [ -n "$preference" ] || continue
        ! among "$preference $rule" "$now" || continue
        differs "rule: $preference: $rule is missing" || continue
        # shellcheck disable=SC2086 # the words of a rule
        ip -4 rule add pref "$preference" $rule || die "cannot add the rule $preference: $rule"
    done
    printf '%s\n' "$now" | while read -r preference rule; do
        [ -n "$preference" ] || continue
        ! among "$preference $rule" "$want" || continue
        differs "rule: $preference: $rule is there, and nothing asks for it" || continue
        # shellcheck disable=SC2086
        ip -4 rule delete pref "$preference" $rule || die "cannot delete the rule $preference: $rule"
    done
}
