# --- systemd

# Units of ours that are installed, by name.
installed_units() {
    for path in "$UNITS"/wirewarp*.service "$UNITS"/wirewarp*.timer; do
        [ ! -f "$path" ] || printf '%s\n' "${path##*/}"
    done
}

generation_units() {
    for path in "$HERE"/units/*; do
        [ ! -f "$path" ] || printf '%s\n' "${path##*/}"
    done
}

# Makes the installed units those in $1.
load_units() {
    systemd_there || return 0
    want=$1
    while read -r unit; do
        [ -z "$unit" ] || among "$unit" "$want" ||
            ! differs "unit: $unit is installed, and nothing asks for it" || remove_unit "$unit"
    done <<END
$(installed_units)
END
    different=
    for unit in $want; do
        same "$HERE/units/$unit" "$UNITS/$unit" || append different "$unit"
    done
    [ -z "$different" ] || install_units "$different"
}

install_units() {
    differs "unit: $(printf '%s\n' "$1" | tr '\n' ' ')not as in this generation" || return 0
    printf '%s\n' "$1" | while read -r unit; do
        write_file "$UNITS/$unit" <"$HERE/units/$unit"
        chmod 644 "$UNITS/$unit"
    done
    systemctl daemon-reload </dev/null || die "systemctl daemon-reload failed"
    # shellcheck disable=SC2086 # one word for each unit
    systemctl enable $want_start </dev/null >/dev/null 2>&1 || die "cannot enable the units"
}

# Active units are restarted along with those that they are part of. Never waited for: they run this script.
start_units() {
    systemd_there || return 0
    # shellcheck disable=SC2086 # one word for each unit
    states=$(systemctl is-active $want_start </dev/null 2>/dev/null) || :
    for unit in $want_start; do
        read -r state || state=unknown
        case $state in
        active | activating | reloading) continue ;;
        esac
        ! queued "$unit" || continue
        ! differs "unit: $unit is $state" || systemctl start --no-block "$unit" </dev/null || die "cannot start $unit"
    done <<END
$states
END
}

# Whether systemd is about to start or stop it: its state alone does not tell.
queued() {
    job=$(systemctl show --property=Job --value "$1" </dev/null 2>/dev/null)
    [ "${job:-0}" != 0 ]
}

# A unit that is just starting may be what runs this: it is not stopped. A transient unit of a running apply is not
# among these, because it lives below /run.
remove_unit() {
    case $1 in
    *@.service) ;;
    *) [ "$(systemctl is-active "$1" </dev/null 2>/dev/null)" = activating ] ||
        systemctl stop "$1" </dev/null >/dev/null 2>&1 || : ;;
    esac
    systemctl disable "$1" </dev/null >/dev/null 2>&1 || :
    rm -f "$UNITS/$1" || die "cannot remove $UNITS/$1"
}

# After the files are gone.
forget_units() {
    systemd_there || return 0
    systemctl daemon-reload </dev/null || die "systemctl daemon-reload failed"
    systemctl reset-failed 'wirewarp*' </dev/null >/dev/null 2>&1 || :
}
