# Taking everything of ours away from a host whose only way is the tunnel that goes with it, in a transient unit: nobody can
# confirm that over a new connection, and going back would help nobody. So it is confirmed before it begins, and from then
# on goes one way only: should the power fail, the boot unit goes on. $1: the operation's folder, with
#   request (OPERATION BASE, and MANAGER PACKAGES: what to uninstall as well)   flush   flows.awk   guard
# Its log ends before its work begins, while somebody can still hear it: `end leaving`.

# Seconds from that answer to the end of the way that it takes. A packet that is lost on it is sent again after one.
MOMENT=3

leave_main() {
  MANAGER='' PACKAGES=''
  begin "$1"
  if step lock take_lock && step check check_leaving && step arm arm_leaving; then
    tell 'end leaving'
    sleep "$MOMENT"
    leave
  else
    finish 1
  fi
}

# That what takes everything away is there and whole.
check_leaving() { [ "$BASE" = 0 ] || sh -n "$ETC/generations/$BASE/load"; }

arm_leaving() {
  [ -d "$UNITS/sysinit.target.wants" ] || mkdir -p "$UNITS/sysinit.target.wants" || return 1
  unsynced="$ETC/confirming.new"
  arm_guard && arm_boot &&
    printf '%s\n%s\n0\nleave\n' "$OPERATION" "$BASE" > "$ETC/confirming.new" &&
    sync_all && mv -T "$ETC/confirming.new" "$ETC/confirming" && sync "$ETC" && return
  rm -f "$ETC/confirming.new" "$ETC/confirming"
  return 1
}

# Flows last but one: those of rules that are still there would be made again.
leave() {
  restore 0 "$BASE" && forget_flows
  finish_confirming || return
  exec 8>&- 9>&-
  [ -z "$PACKAGES" ] || remove_packages
}

leave_main "$@"
