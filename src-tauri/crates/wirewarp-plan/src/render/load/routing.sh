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

# Those that only an earlier generation asked for go back to what they were.
return_sysctls() {
    read_lines "$ETC/sysctl.before"
    left=$content
    while read -r key value; do
        [ -n "$key" ] || continue
        case "
$want_sysctl" in
        *"
$key "*) continue ;;
        esac
        differs "sysctl: nothing asks for $key any more" || continue
        sysctl_path "$key"
        [ ! -e "$path" ] || printf '%s\n' "$value" >"$path" || die "cannot set $key back to $value"
        sed -i "/^$key /d" "$ETC/sysctl.before"
    done <<END
$left
END
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

# What the network is, as far as it concerns us, by one process and sed(1): `NAME ADDRESS/PREFIX` of every interface in
# $live_address; routes that are ours, each behind its table, in $live_route; rules that are ours in $live_rule, and those
# of IPv6 in $live_rule6.
read_live() {
    [ -z "$network_known" ] || return 0
    live_address='' live_route='' live_rule='' live_rule6=''
    listed=$(list_network)
    while read -r kind line; do
        case $kind in
        address | route | rule | rule6) append "live_$kind" "$line" ;;
        esac
    done <<END
$(printf '%s\n' "$listed" | live_words)
$(list_rules6)
END
    network_known=yes
}

# The ip(8) of BusyBox has no batches.
list_network() {
    ip -4 -o -batch - 2>/dev/null <<END || { ip -4 -o address show && ip -4 -o route show table all && ip -4 rule show; }
address show
route show table all
rule show
END
}

# Those of IPv6 as `rule6`; not asked for as long as none was ever put there.
list_rules6() {
    [ -e "$RUN/rules6" ] || return 0
    ip -6 rule show 2>/dev/null | live_words | sed 's/^rule /rule6 /'
}

# Routes as ip-route(8) lists them without what the kernel adds to the words: in our tables every one, in the main table
# those over our interfaces that are not the kernel's own. Rules of ours have the preferences 7701 to 7806.
live_words() {
    sed -n '
        s/^[0-9]*: \([^ ]*\) *inet \([0-9./]*\) .*/address \1 \2/p
        / inet /d
        /^[0-9]*:[[:blank:]]*from /{
            s/^\([0-9]*\):[[:blank:]]*/rule \1 /; s/ from all / /; s/ \[unresolved\]//; s/ *$//
            /^rule 7700 /d
            /^rule 77[0-9][0-9] /p
            /^rule 780[0-6] /p
            d
        }
        s/ proto boot//; s/ scope link//; s/ linkdown//; s/ dead//; s/ onlink//; s/ *$//
        / table 7700/d
        / table 77[0-9][0-9]/{
            s/^\(.*\) table \(77[0-9][0-9]\)\(.*\)$/route \2 \1\3/p
            d
        }
        / table /d
        / proto kernel/d
        / dev ww[0-9]/s/^/route main /p
        / dev wwbr[0-9]/s/^/route main /p'
}

load_routes() {
    want=$want_route
    read_live
    if lacking "$want" "$live_route"; then
        add_routes "$want" "$live_route"
        read_live
    fi
    now=$live_route
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

load_ip_rules() {
    read_live
    load_ip_rules_of 4 "$want_rule" "$live_rule"
    # A kernel without IPv6 has nothing to be kept in.
    [ -e /proc/sys/net/ipv6 ] || return 0
    [ -z "$want_rule6" ] || [ -n "$ONLY_TELL" ] || : >"$RUN/rules6"
    load_ip_rules_of 6 "$want_rule6" "$live_rule6"
}

# $1: 4 or 6, $2: what is to be, $3: what is. Some are spared from those behind them, hence the last go first.
load_ip_rules_of() {
    gone=
    while read -r preference rule; do
        [ -n "$preference" ] || continue
        ! among "$preference $rule" "$3" || continue
        differs "rule: $preference: $rule is missing" || continue
        # shellcheck disable=SC2086 # the words of a rule
        ip "-$1" rule add pref "$preference" $rule || die "cannot add the rule $preference: $rule"
    done <<END
$2
END
    while read -r rule; do
        [ -z "$rule" ] || among "$rule" "$2" || gone="$rule
$gone"
    done <<END
$3
END
    while read -r preference rule; do
        [ -n "$preference" ] || continue
        differs "rule: $preference: $rule is there, and nothing asks for it" || continue
        # shellcheck disable=SC2086
        ip "-$1" rule delete pref "$preference" $rule || die "cannot delete the rule $preference: $rule"
    done <<END
$gone
END
}
