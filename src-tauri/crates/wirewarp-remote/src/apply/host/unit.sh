# The apply itself, in a transient unit of its own: a cut connection does not stop it. $1: the operation's folder, with
#   request (OPERATION BASE GENERATION SECONDS_TO_CONFIRM NEED_KIB)   files/ (the bundle)   sums   modes   flush   guard
# Writes to its log, which the SSH side follows: `step NAME started|ok|failed MS TEXT`, `| output`, `end WORD ...`.

unit_main() {
  begin "$1"
  step lock take_lock && step check check && { [ "$GENERATION" = 0 ] || step space check_space; } &&
    step arm arm && armed=1 && { [ "$GENERATION" = 0 ] || step write write_generation; } &&
    step switch switch_to && step load load_it && step flows forget_flows
  finish $?
}

begin() {
  dir=$1
  echo $$ > "$dir/pid"
  OPERATION='' BASE='' GENERATION='' SECONDS_TO_CONFIRM='' NEED_KIB=''
  # shellcheck source=/dev/null
  . "$dir/request"
  open_log
  armed=
  refusal=
  cause=
}

# The end of the log. A failure after arming goes back at once, by the same claim as the timer's.
finish() {
  if [ "$1" != 0 ] && [ -z "$refusal" ]; then blame_disk; fi
  if [ "$1" = 0 ]; then
    # Nothing runs any more; whoever reads the next line may ask at once.
    echo ended > "$dir/pid"
    tell 'end applied'
  elif [ "$armed" ]; then
    tell 'step rollback started'
    # The timer that is to be stopped must be there.
    wait
    go_back "${cause:-the step $failed_step failed}"
  elif [ "$refusal" ]; then
    release_pending
    tell "end refused $refusal"
  else
    release_pending
    tell "end failed $failed_step"
  fi
}

# Each tool has its own words for a full disk, and some have none.
blame_disk() {
  find_free
  if [ "${free:-16}" -ge 16 ]; then return; fi
  if [ "$armed" ]; then cause='the disk that holds /etc is full'; else refusal="disk ${NEED_KIB:-16} $free"; fi
  # Room for the record of how it ended.
  rm -rf "$ETC"/generations/.new-*
}

# Arming that failed half way has changed nothing yet.
release_pending() {
  if [ "$failed_step" = arm ] && [ "$(line_of "$ETC/pending" 1)" = "$OPERATION" ]; then
    disarm "$OPERATION"
    rm -f "$ETC/pending"
  fi
}

step() {
  failed_step=$1
  tell "step $1 started"
  clock
  began=$ms
  "$2" > "$dir/output" 2>&1 < /dev/null
  status=$?
  clock
  if [ $status = 0 ]; then
    find_remark
    tell "step $1 ok $((ms - began)) $remark"
  else
    tail -n 60 "$dir/output" | sed 's/^/| /'
    tell "step $1 failed $((ms - began))"
  fi
  return $status
}

# The note on the last line of what the step said, if it is one, in $remark.
find_remark() {
  remark=
  while read -r text; do remark=$text; done < "$dir/output"
  case $remark in 'note: '*) ;; *) remark= ;; esac
}

refuse() {
  refusal=$*
  return 1
}

take_lock() {
  lock 5 || refuse busy || return 1
  recover
  if [ -e "$ETC/pending" ]; then
    other=$(line_of "$ETC/pending" 1)
    if is_armed "$other"; then refuse pending "$other" || return 1; fi
    # Its timer died with a restart, or never came to be.
    go_back 'it was interrupted'
  fi
  if ! is_in_force "$BASE"; then
    refuse stale "$BASE" "$found" "$(sed -n 's/.*"inventory" *: *"\([0-9a-f-]*\)".*/\1/p' "$ETC/current/manifest.json" | head -n 1)"
  fi
}

check() {
  if [ "$GENERATION" = 0 ]; then return 0; fi
  (cd "$dir/files" && sha256sum -c --quiet ../sums) || return 1
  sh -n "$dir/files/load" || return 1
  for rules in rules.nft counters.nft; do
    if [ -e "$dir/files/$rules" ] && ! is_loaded "$rules"; then nft -c -f "$dir/files/$rules" || return 1; fi
  done
}

# Counters seldom change, and `load` keeps a copy of those that nft has taken.
is_loaded() { [ "$1" = counters.nft ] && cmp -s "$dir/files/$1" "$RUN/$1"; }

check_space() {
  [ -d "$ETC/generations" ] || mkdir -p "$ETC/generations" || return 1
  find_free
  if [ "${free:-0}" -lt "$NEED_KIB" ]; then refuse disk "$NEED_KIB" "${free:-0}"; fi
}

# KiB that are free, in $free: the second line's fourth word (POSIX, df -P).
find_free() {
  # shellcheck disable=SC2046 # words
  set -- $(df -Pk "$ETC")
  while [ $# -gt 6 ]; do shift; done
  free=${4:-}
}

# What is synced first is in force by itself: a guard without `pending` does nothing.
arm() {
  [ -d "$UNITS/sysinit.target.wants" ] || mkdir -p "$UNITS/sysinit.target.wants" || return 1
  unsynced="$ETC/pending.new"
  chmod_folder && arm_guard && arm_boot &&
    printf '%s\n%s\n%s\n' "$OPERATION" "$BASE" "$GENERATION" > "$ETC/pending.new" &&
    sync_all && mv -T "$ETC/pending.new" "$ETC/pending" && sync "$ETC" || return 1
  # systemd takes its time; meanwhile the generation is written, which changes nothing yet.
  start_timer &
  starting=$!
}

# Made by a preparation, or by the first apply.
chmod_folder() { [ "$BASE" != 0 ] || chmod 700 "$ETC"; }

sync_all() {
  # shellcheck disable=SC2086 # paths of ours, without blanks
  sync $unsynced
}

# Most applies find it as it should be.
arm_guard() {
  cmp -s "$dir/guard" "$ETC/guard" || {
    cp "$dir/guard" "$ETC/guard.new" && chmod 700 "$ETC/guard.new" &&
      put_in_place "$ETC/guard.new" "$ETC/guard"
  }
}

# A transient timer dies with a restart. This unit is there from the first apply, also before the first generation has
# units of its own, until nothing of ours is in force. Its name is none of a generation's units, which `load` tidies.
arm_boot() {
  boot_unit > "$dir/ww-guard.service" || return 1
  if same_text "$dir/ww-guard.service" "$UNITS/ww-guard.service" &&
    [ -e "$UNITS/sysinit.target.wants/ww-guard.service" ]; then return 0; fi
  cp "$dir/ww-guard.service" "$UNITS/ww-guard.service" && chmod 644 "$UNITS/ww-guard.service" &&
    ln -sfn ../ww-guard.service "$UNITS/sysinit.target.wants/ww-guard.service" || return 1
  unsynced="$unsynced $UNITS/ww-guard.service $UNITS/sysinit.target.wants $UNITS"
}

boot_unit() {
  printf '%s\n' '[Unit]' \
    'Description=WireWarp: bring the last confirmed state back after an apply that was cut short' \
    'DefaultDependencies=no' 'After=local-fs.target systemd-remount-fs.service' 'Wants=network-pre.target' \
    'Before=network-pre.target wirewarp-early.service shutdown.target' 'Conflicts=shutdown.target' \
    "ConditionPathExists=$ETC/guard" '' '[Service]' 'Type=oneshot' "ExecStart=/bin/sh $ETC/guard boot"
}

# Whether two short files are the same; without a process.
same_text() {
  [ -e "$2" ] || return 1
  {
    while read -r one <&6; do
      read -r other <&7 && [ "$one" = "$other" ] || return 1
    done
    ! read -r other <&7
  } 6< "$1" 7< "$2"
}

start_timer() {
  if [ "$DIRECT" ]; then
    # shellcheck disable=SC2016 # expanded by the inner shell
    WIREWARP_TIMER=1 setsid sh -c 'sleep "$1"; exec sh "$2/guard" rollback "$3"' - "$SECONDS_TO_CONFIRM" "$ETC" \
      "$OPERATION" > /dev/null 2>&1 < /dev/null 8>&- 9>&- &
    echo $! > "$dir/timer"
  else
    systemd-run --quiet --collect --unit="wirewarp-rollback-$OPERATION" --on-active="$SECONDS_TO_CONFIRM" \
      --timer-property=AccuracySec=100ms \
      /bin/sh "$ETC/guard" rollback "$OPERATION" 8>&- 9>&-
  fi
}

# Whole or not at all: made aside, synced, moved.
write_generation() {
  new=$ETC/generations/.new-$OPERATION
  whole=$ETC/generations/$GENERATION
  { [ ! -e "$new" ] || rm -rf "$new"; } && cp -R "$dir/files" "$new" &&
    (cd "$new" && while read -r mode paths; do change_mode "$mode" "$paths" || exit 1; done < "$dir/modes") &&
    sync_folder "$new" && { [ ! -e "$whole" ] || rm -rf "$whole"; } &&
    mv -T "$new" "$whole" && sync "$ETC/generations"
}

sync_folder() {
  unsynced=$1
  for path in "$1"/* "$1"/units/*; do
    if [ -e "$path" ]; then unsynced="$unsynced $path"; fi
  done
  sync_all
}

# Gives the files $2 the mode $1.
change_mode() {
  # shellcheck disable=SC2086 # plain names, checked before they were sent
  chmod "$1" $2
}

switch_to() { wait "$starting" && point_at "$GENERATION"; }

load_it() {
  if [ "$GENERATION" != 0 ]; then
    load "$GENERATION" all
  elif [ "$BASE" != 0 ]; then
    load "$BASE" none
  fi
}

# Connections that still have the translation of before. One pass over the table, then one call per address and port,
# so that ten thousand flows to one port cost one call.
forget_flows() {
  if [ ! -s "$dir/flush" ]; then return 0; fi
  if ! command -v conntrack > /dev/null; then
    echo 'note: conntrack is not installed; connections begun before keep their old way'
    return 0
  fi
  flows=$dir/flush
  if ! few_ports; then
    flows=$dir/flows
    conntrack -L 2> /dev/null | awk -f "$dir/flows.awk" "$dir/flush" - | sort -u > "$flows"
  fi
  count=0
  while read -r protocol address port _; do
    if forget_port; then count=$((count + 1)); fi
  done < "$flows"
  if [ "$count" -gt 0 ]; then forget_answers; fi
  echo "note: $count ports with older connections"
}

# Whether asking for each port costs less than a look at all connections.
few_ports() {
  count=0
  while read -r _ _ first last; do
    count=$((count + 1))
    if [ "$first" != "$last" ] || [ "$count" -gt 4 ]; then return 1; fi
  done < "$dir/flush"
}

# An answer that was on its way begins the connection anew from the other side, as if the machine at home had opened it:
# forgotten too, until none was under way.
forget_answers() {
  tries=20 again=yes
  while [ "$again" ] && [ "$tries" -gt 0 ]; do
    sleep 0.05
    again='' tries=$((tries - 1))
    while read -r protocol address port _; do
      [ "$protocol" = any ] ||
        { conntrack -D -p "$protocol" --reply-dst "$address" --reply-port-dst "$port" > /dev/null 2>&1 < /dev/null &&
          again=yes; }
    done < "$flows"
  done
}

# conntrack(8) fails where there is nothing to forget.
forget_port() {
  if [ "$protocol" = any ]; then
    conntrack -D --orig-dst "$address"
  else
    conntrack -D -p "$protocol" --orig-dst "$address" --orig-port-dst "$port"
  fi > /dev/null 2>&1 < /dev/null
}

unit_main "$@"
