# --- sysctls, routes and routing rules

# The file of a sysctl, in $path.
sysctl_path() {
    words=$IFS
    IFS=.
    # shellcheck disable=SC2086 # split at the dots
    set -- $1
    IFS=/
    path="/proc/sys/$*"
    IFS=$words
}

# `FILE:VALUE` of each sysctl that is to be, as far as it is there; all with one process.
live_sysctls() {
    paths=
    while read -r key _; do
        [ -n "$key" ] || continue
        sysctl_path "$key"
        paths="$paths $path"
    done <<END
$want_sysctl
END
    # shellcheck disable=SC2086 # paths without blanks
    grep -s . /dev/null $paths || :
}

load_sysctls() {
    live=$(live_sysctls)
    while read -r key value; do
        [ -n "$key" ] || continue
        sysctl_path "$key"
        ! among "$path:$value" "$live" || continue
        [ -e "$path" ] || continue
        now=$(cat "$path") # not read: it takes one byte at a time, and a sysctl is at its end after the first (seen)
        [ "$now" != "$value" ] || continue
        differs "sysctl: $key is $now, not $value" || continue
        case $key in
        net.ipv4.conf.ww[0-9]*) ;; # goes with its interface
        *) remember_sysctl "$key" "$now" ;;
        esac
        printf '%s\n' "$value" >"$path" || die "cannot set $key to $value"
    done <<END
$want_sysctl
END
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
        sysctl_path "$key"
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

# Routes that are ours, each behind its table, as ip-route(8) lists them without what the kernel adds to the words. In our
# tables that is every one, in the main table those over our interfaces that are not the kernel's own.
live_owned_routes() {
    ip -4 route show table all 2>/dev/null | sed -n '
        s/ proto boot//; s/ scope link//; s/ linkdown//; s/ dead//; s/ onlink//; s/ *$//
        / table 7700/d
        / table 77[0-9][0-9]/{
            s/^\(.*\) table \(77[0-9][0-9]\)\(.*\)$/\2 \1\3/p
            d
        }
        / table /d
        / proto kernel/d
        / dev ww[0-9]/s/^/main /p
        / dev wwbr[0-9]/s/^/main /p'
}

load_routes() {
    want=$want_route
    now=$(live_owned_routes)
    if lacking "$want" "$now"; then
        add_routes "$want" "$now"
        now=$(live_owned_routes)
    fi
    while read -r table route; do
        [ -n "$table" ] || continue
        ! among "$table $route" "$want" || continue
        differs "route: $route is in table $table, and nothing asks for it" || continue
        # shellcheck disable=SC2086 # the words of a route
        ip -4 route delete $route table "$table" || die "cannot delete the route $route of table $table"
    done <<END
$now
END
}

# Before others are taken away: a route that changes is never missing.
add_routes() {
    while read -r table route; do
        [ -n "$table" ] || continue
        ! among "$table $route" "$2" || continue
        differs "route: $route is missing in table $table" || continue
        # shellcheck disable=SC2086
        ip -4 route replace $route table "$table" || die "cannot add the route $route to table $table"
    done <<END
$1
END
}

# Rules of ours: preferences 7701 to 7800.
live_rules() {
    ip -4 rule show | sed -n 's/^\([0-9]*\):[[:blank:]]*/\1 /; s/ from all fwmark/ fwmark/; s/ *$//
        /^7700 /d
        /^77[0-9][0-9] /p
        /^7800 /p'
}

load_ip_rules() {
    want=$want_rule
    now=$(live_rules)
    while read -r preference rule; do
        [ -n "$preference" ] || continue
        ! among "$preference $rule" "$now" || continue
        differs "rule: $preference: $rule is missing" || continue
        # shellcheck disable=SC2086 # the words of a rule
        ip -4 rule add pref "$preference" $rule || die "cannot add the rule $preference: $rule"
    done <<END
$want
END
    while read -r preference rule; do
        [ -n "$preference" ] || continue
        ! among "$preference $rule" "$want" || continue
        differs "rule: $preference: $rule is there, and nothing asks for it" || continue
        # shellcheck disable=SC2086
        ip -4 rule delete pref "$preference" $rule || die "cannot delete the rule $preference: $rule"
    done <<END
$now
END
}
