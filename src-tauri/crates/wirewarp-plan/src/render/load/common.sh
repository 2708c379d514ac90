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

# Tells a difference; succeeds if the caller is to put it right.
differs() {
    printf '%s\n' "$*"
    [ -z "$ONLY_TELL" ]
}

# The words behind KIND of each such line. Here and below without processes where the shell can: `check` runs each minute.
wanted() {
    while read -r kind rest; do
        [ "$kind" != "$1" ] || printf '%s\n' "$rest"
    done <<END
$NETWORK
END
}

# Names of the tunnels that are to be.
tunnels() {
    wanted tunnel | while read -r name _; do printf '%s\n' "$name"; done
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
    printf '%s\n' "$1" | {
        while read -r line; do
            [ -z "$line" ] || among "$line" "$2" || exit 0
        done
        exit 1
    }
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

sha256() {
    sum=$(sha256sum)
    printf '%s\n' "${sum%% *}"
}

# Writes standard input to $1 whole or not at all.
write_file() {
    cat >"$1.new" || die "cannot write $1.new"
    mv -f "$1.new" "$1" || die "cannot write $1"
}
