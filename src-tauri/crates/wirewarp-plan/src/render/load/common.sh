# The rest is the same on every host. POSIX sh: dash, and ash of busybox.
set -eu
umask 077
export LC_ALL=C PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}"

ETC=${WIREWARP_ETC:-/etc/wirewarp}
RUN=${WIREWARP_RUN:-/run/wirewarp}
UNITS=${WIREWARP_UNITS:-/etc/systemd/system}
case $0 in
*/*) HERE=${0%/*} ;;
*) HERE=. ;;
esac
HERE=$(cd "$HERE" && pwd -P)
VERB=${1:-}
# Whether a difference is only told.
ONLY_TELL=

die() {
    printf 'wirewarp load: %s\n' "$*" >&2
    exit 1
}

# Tells a difference; succeeds if the caller is to put it right. What was read of the network before is old then.
differs() {
    printf '%s\n' "$*"
    if [ "$ONLY_TELL" ]; then return 1; fi
    changed=yes network_known=
}

# What is to be, the words behind each KIND of line in $want_KIND, and the names of the tunnels in $tunnels. Here and
# below loops read from here-documents, not from pipes, each end of which would be a process: a person waits for the
# whole, and `check` runs each minute.
read_network() {
    want_tunnel='' want_bridge='' want_mtu='' want_address='' want_allowed='' want_route='' want_rule='' want_rule6=''
    want_sysctl='' want_lan='' want_dhcp='' want_start='' tunnels='' home_mark=''
    while read -r kind rest; do
        case $kind in
        tunnel)
            append want_tunnel "$rest"
            append tunnels "${rest%% *}"
            home_mark=${rest##* }
            ;;
        bridge | mtu | address | allowed | route | rule | rule6 | sysctl | lan | dhcp | start) append "want_$kind" "$rest" ;;
        esac
    done <<END
$NETWORK
END
}

# Puts the line $2 behind the variable of the name $1, which is one of ours.
append() {
    eval "$1=\${$1:+\$$1
}\$2"
}

# Whether the line is among the lines of $2.
among() {
    case "
$2
" in
    *"
$1
"*) return 0 ;;
    *) return 1 ;;
    esac
}

# Whether a line of $1 is not among those of $2.
lacking() {
    while read -r line; do
        [ -z "$line" ] || among "$line" "$2" || return 0
    done <<END
$1
END
    return 1
}

# Interfaces of ours that are there: ww0, wwbr0 ...
own_interfaces() {
    for path in /sys/class/net/ww[0-9]* /sys/class/net/wwbr[0-9]*; do
        name=${path##*/}
        rest=${name#ww}
        case ${rest#br} in
        *[!0-9]* | '') ;;
        *) [ ! -e "$path" ] || printf '%s\n' "$name" ;;
        esac
    done
}

interface_there() {
    [ -e "/sys/class/net/$1" ]
}

systemd_there() {
    [ "${WIREWARP_SYSTEMD:-}" != no ] && [ -d /run/systemd/system ]
}

# Digests of everything that is compared, by one process: `DIGEST  PATH` lines in $sums.
read_sums() {
    sums=$(sha256sum "$HERE"/* "$HERE"/units/* "$UNITS"/wirewarp* "$ETC"/*.key "$RUN/counters.nft" 2>/dev/null) || :
}

# The digest of the file $1 in $sum; empty if it is not there.
sum_of() {
    before="
$sums
"
    before=${before%%"  $1
"*}
    sum=${before##*
}
}

# Whether the two files are there and the same.
same() {
    sum_of "$1"
    one=$sum
    sum_of "$2"
    [ "$one" ] && [ "$one" = "$sum" ]
}

# The lines of a short file in $content; without a process, nothing if it is not there.
read_lines() {
    content=
    [ -e "$1" ] || return 0
    while IFS= read -r line; do append content "$line"; done <"$1"
}

# Writes standard input to $1 whole or not at all.
write_file() {
    cat >"$1.new" || die "cannot write $1.new"
    mv -f "$1.new" "$1" || die "cannot write $1"
}
