# --- the verbs

lock() {
    command -v flock >/dev/null || return 0
    exec 9>"$RUN/load.lock"
    flock 9
}

# While we waited for the lock somebody may have gone to another generation.
in_force() {
    link=$(readlink "$ETC/current" 2>/dev/null) || link=
    [ "${link##*/}" = "$GENERATION" ]
}

everything() {
    load_sysctls
    return_sysctls
    load_rules
    load_units "$(generation_units)" # a tunnel may need one
    changed=
    load_interfaces
    [ -z "$changed" ] || load_sysctls # those of interfaces that were only now made
    load_links
    load_routes
    load_ip_rules
    open_up
    [ -n "$ONLY_TELL" ] || greet_servers
    start_units
    load_servers
}

nothing() {
    NETWORK=
    read_network
    # First: the timer would put everything back.
    load_units ''
    stop_servers
    load_ip_rules
    load_routes
    load_addresses
    load_interfaces
    remove_rules
    open_up
    rm -f "$RUN/routed"
    restore_sysctls
    forget_units
    rm -f "$RUN/addresses"
}

main() {
    [ -d "$RUN" ] || mkdir -p "$RUN"
    : >"$RUN/booted"
    network_known=''
    read_network
    read_sums
    case $VERB in
    check)
        ONLY_TELL=yes
        everything
        ;;
    rules | all | watch)
        lock
        in_force || {
            [ "$VERB" != all ] || die "generation $GENERATION is not the one in force"
            return 0
        }
        if [ "$VERB" = rules ]; then
            load_rules
            shut_in
        else
            everything
        fi
        ;;
    none)
        lock
        nothing
        ;;
    *) die "say what: rules, all, check, watch or none" ;;
    esac
}

main
