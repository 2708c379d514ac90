# --- DHCP servers of VM networks

# Last of all: what else is to be in force does not wait for them. $RUN/NAME.dhcp is what the server NAME was started with.
load_servers() {
    systemd_there || return 0
    for path in "$RUN"/ww*.dhcp; do
        name=${path##*/}
        name=${name%.dhcp}
        [ ! -e "$path" ] || wants_server "$name" || ! differs "$name: a DHCP server is there, and nothing asks for it" ||
            stop_server "$name"
    done
    while read -r name interface; do
        [ -z "$name" ] || load_server "$name" "$interface"
    done <<END
$want_dhcp
END
}

wants_server() {
    case "
$want_dhcp" in
    *"
$1 "*) return 0 ;;
    *) return 1 ;;
    esac
}

# It is bound to its interface by number, and deaf on another of the same name: a bridge that was made anew.
load_server() {
    number=0
    ! interface_there "$2" || read -r number <"/sys/class/net/$2/ifindex"
    sum_of "$HERE/$1.dhcp"
    source="$sum $number"
    read_lines "$RUN/$1.dhcp"
    if [ "$content" = "$source" ]; then
        ! server_runs "$1" || return 0
        differs "$1: the DHCP server on $2 does not run" || return 0
    else
        differs "$1: the DHCP server on $2 is not this generation's" || return 0
    fi
    # Descriptor 9 is the lock.
    systemctl restart "wirewarp-dhcp@$1.service" </dev/null 9>&- || {
        journalctl -u "wirewarp-dhcp@$1.service" -n 5 -o cat --no-pager </dev/null >&2 2>/dev/null || :
        die "wirewarp-dhcp@$1.service did not start: $1 has no DHCP server on $2"
    }
    printf '%s\n' "$source" | write_file "$RUN/$1.dhcp"
}

server_runs() {
    [ "$(systemctl is-active "wirewarp-dhcp@$1.service" </dev/null 2>/dev/null)" = active ]
}

stop_server() {
    systemctl stop "wirewarp-dhcp@$1.service" </dev/null >/dev/null 2>&1 || die "cannot stop wirewarp-dhcp@$1.service"
    rm -f "$RUN/$1.dhcp"
}

# All of them, whoever started them.
stop_servers() {
    systemd_there || return 0
    systemctl stop 'wirewarp-dhcp@*.service' </dev/null >/dev/null 2>&1 || :
    rm -f "$RUN"/ww*.dhcp
}
