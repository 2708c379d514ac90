# The guard (/etc/wirewarp/guard): brings the last confirmed state back, by itself. Called by the rollback timer, at boot before
# networking, and on request. Constant text; each apply writes it anew.
#   guard rollback OPERATION [WHY]   unless it is confirmed
#   guard boot                       after a restart in the middle: old state, then its rules (early: no network, no D-Bus)
#   guard settle                     later in that boot: what `boot` could not do so early

guard_main() {
  case ${1:-} in
  rollback) guard_rollback "$2" "${3:-nobody confirmed it in time}" ;;
  boot) guard_boot ;;
  settle) guard_settle ;;
  *)
    echo 'usage: guard rollback OPERATION [WHY] | boot | settle' >&2
    return 64
    ;;
  esac
}

guard_rollback() {
  [ "${WIREWARP_TIMER:-}" ] && GUARD_TIMER=$(cat "$RUN/op-$1/timer" 2>/dev/null)
  stop_apply "$1"
  # The unit that held the lock is gone. A rollback that waits for ever would be none.
  lock 30 || echo 'the lock was not free for 30 s; going back without it' >&2
  recover
  if [ "$(line_of "$ETC/pending" 1)" = "$1" ]; then go_back "$2"; fi
}

# A load that still runs would undo what is restored.
stop_apply() {
  if [ "$DIRECT" ]; then
    unit=$(cat "$RUN/op-$1/pid" 2>/dev/null) && kill -s KILL -- "-$unit" 2>/dev/null
  else
    systemctl stop "wirewarp-apply-$1.service" 2>/dev/null
  fi
  return 0
}

# Also called when the early unit starts for another reason than a boot, e.g. by the very apply that installs it: the
# operation's folder on tmpfs tells, it does not outlive the boot. (A boot id would be the host's in some containers.)
guard_boot() {
  find_unsettled
  if [ -z "$unsettled" ] || [ -e "$RUN/op-$unsettled" ]; then return 0; fi
  lock 5
  if [ -e "$ETC/pending" ]; then claim reverting; fi
  if [ -e "$ETC/reverting" ]; then point_at "$(line_of "$ETC/reverting" 2)"; fi
  # What is taken away in any case does not come up once more.
  if is_leaving; then point_at 0; fi
  settle_later
  if [ -e "$ETC/current/load" ]; then load "$(current_generation)" rules; fi
}

settle_later() {
  if [ "$DIRECT" ]; then return; fi
  systemd-run --quiet --collect --no-block --unit=wirewarp-settle --property=After=multi-user.target \
    /bin/sh "$ETC/guard" settle 9>&-
}

guard_settle() {
  lock 30
  # `boot` turned what was pending into a claim; a pending of now belongs to a new apply.
  if [ -e "$ETC/reverting" ]; then finish_reverting 'the host restarted before anybody confirmed it'; fi
  if [ -e "$ETC/confirming" ]; then finish_confirming; fi
}

guard_main "$@"
