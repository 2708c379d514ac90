# What the apply unit, the guard and the confirmation share. POSIX sh. Put before each of them by the program.
#
# State below $ETC, and who may change it (always under the lock):
#   pending      line 1 operation, 2 generation before (0: nothing), 3 generation to be: applied, not confirmed
#   confirming   was pending, claimed by a confirmation   } a claim is one rename, so that exactly one of both happens;
#   reverting    was pending, claimed by a rollback       } whoever finds a claim half done finishes it
#                (line 4 of `confirming`: `leave`, everything has still to be taken away; see leave.sh)
#   outcomes     one line per operation: OPERATION confirmed|rolled_back|rollback_failed GENERATION WHY
# What is renamed is fsynced before, and its folder after: after a power cut there is the old file or the new one.
set -u
umask 077
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
ETC=${WIREWARP_ETC:-/etc/wirewarp}
RUN=${WIREWARP_RUN:-/run/wirewarp}
UNITS=${WIREWARP_UNITS:-/etc/systemd/system}
# Set by tests alone: run directly what would be a transient unit.
DIRECT=${WIREWARP_NO_SYSTEMD:-}

# Milliseconds since boot, in the variable `ms`; no process needed.
clock() {
  read -r ms _ < /proc/uptime
  ms=$((${ms%.*} * 1000 + 1${ms#*.}0 - 1000))
}

# Line $2 of the file $1; nothing if there is none.
line_of() {
  [ -e "$1" ] || return 0
  number=0
  while IFS= read -r text || [ "$text" ]; do
    number=$((number + 1))
    if [ "$number" = "$2" ]; then
      printf '%s\n' "$text"
      break
    fi
  done 2>/dev/null < "$1"
}

# The operation that is not settled yet, in $unsettled; empty if there is none.
find_unsettled() {
  unsettled=
  for state in pending reverting confirming; do
    if [ -e "$ETC/$state" ] && read -r unsettled < "$ETC/$state"; then break; fi
  done
}

# Everything that changes state holds this lock. $1: seconds to wait. Children get no copy of it (see `load`).
lock() {
  { [ -d "$RUN" ] || mkdir -p "$RUN"; } && exec 9> "$RUN/apply.lock" && flock -w "$1" 9
}

# In a unit: what it says goes into the log from here on. `.tick` wakes who follows it, and is at its end when the unit is;
# it is opened for reading too, so that nobody need be there.
open_log() { exec >> "$dir/log" 2>&1 8<> "$dir/.tick"; }

# Writes a line to the log, and says that there is one.
tell() {
  printf '%s\n' "$*"
  echo >&8
}

# Whether generation $1 is the one in force; 0: none. Without a process when it is.
is_in_force() {
  if [ "$1" != 0 ] && [ "$ETC/current" -ef "$ETC/generations/$1" ]; then return 0; fi
  found=$(current_generation)
  [ "$found" = "$1" ]
}

# The generation that the symlink names; 0 for none.
current_generation() {
  generation=$(readlink "$ETC/current" 2>/dev/null) || generation=0
  generation=${generation##*/}
  case $generation in '' | *[!0-9]*) generation=0 ;; esac
  echo "$generation"
}

# Points the symlink at generation $1, or takes it away for 0.
point_at() {
  if [ "$1" = 0 ]; then
    rm -f "$ETC/current"
  else
    ln -sfn "generations/$1" "$ETC/current.new" && mv -T "$ETC/current.new" "$ETC/current"
  fi && sync "$ETC"
}

# Runs verb $2 of generation $1's own `load`. A load that hangs is ended by whoever stops the unit.
load() { sh "$ETC/generations/$1/load" "$2" </dev/null 8>&- 9>&-; }

# Moves the file $1, complete, to $2 so that a power cut leaves the one or the other.
put_in_place() { sync "$1" && mv -T "$1" "$2" && sync "${2%/*}"; }

# Until the folder is synced a power cut can undo it: then `pending` is there again, and the host goes back.
claim() { mv -T "$ETC/pending" "$ETC/$1" 2>/dev/null; }

# Settles the claim $1: its operation ended as the other words say. One sync for both changes of the folder, which reach the
# disk in their order.
settle() {
  state=$1
  shift
  last_outcomes "$*" > "$ETC/outcomes.new" && sync "$ETC/outcomes.new" &&
    mv -T "$ETC/outcomes.new" "$ETC/outcomes"
  rm -f "$ETC/$state"
  sync "$ETC"
}

# The last 19 outcomes, and $1.
last_outcomes() {
  latest=$1
  set --
  if [ -e "$ETC/outcomes" ]; then
    while read -r text; do set -- "$@" "$text"; done < "$ETC/outcomes"
  fi
  while [ $# -gt 19 ]; do shift; done
  printf '%s\n' "$@" "$latest"
}

# Ends the timer of operation $1; takes the boot unit of `arm` away when nothing of ours is in force.
disarm() {
  [ -L "$ETC/current" ] || rm -f "$UNITS/sysinit.target.wants/ww-guard.service" "$UNITS/ww-guard.service"
  if [ "$DIRECT" ]; then
    timer=$(cat "$RUN/op-$1/timer" 2>/dev/null) && [ "$timer" != "${GUARD_TIMER:-}" ] &&
      kill -s KILL -- "-$timer" 2>/dev/null
  else
    # Not waited for: without `pending` it does nothing, should it still fire.
    systemctl stop --no-block "wirewarp-rollback-$1.timer" 2>/dev/null
  fi
  return 0
}

# Whether something will still roll operation $1 back by itself.
is_armed() {
  if [ "$DIRECT" ]; then
    timer=$(cat "$RUN/op-$1/timer" 2>/dev/null) && kill -0 "$timer" 2>/dev/null
  else
    systemctl is-active --quiet "wirewarp-rollback-$1.timer" "wirewarp-rollback-$1.service"
  fi
}

# Claims `pending` for a rollback and does it. $1: why.
go_back() { claim reverting && finish_reverting "$1"; }

# Needs no network and nothing of the generation that failed, except that "nothing before" means its `load none`.
# The claim is removed last, also when the old generation does not load: it is the one in force, and its own timer repairs.
finish_reverting() {
  operation=$(line_of "$ETC/reverting" 1) previous=$(line_of "$ETC/reverting" 2) new=$(line_of "$ETC/reverting" 3)
  result=rolled_back
  mkdir -p "$RUN/op-$operation"
  restore "${previous:-0}" "${new:-0}" > "$RUN/op-$operation/rollback-output" 2>&1 || result=rollback_failed
  disarm "$operation"
  settle reverting "$operation" "$result" "${previous:-0}" "$1"
  { sed 's/^/| /' "$RUN/op-$operation/rollback-output" | tail -n 40; echo "end $result $1"; } \
    >> "$RUN/op-$operation/log"
  [ "$result" = rolled_back ]
}

restore() {
  if [ "$1" != 0 ]; then
    point_at "$1" && load "$1" all
  else
    point_at 0 && if [ -e "$ETC/generations/$2/load" ]; then load "$2" none; fi
  fi
}

finish_confirming() {
  operation=$(line_of "$ETC/confirming" 1) previous=$(line_of "$ETC/confirming" 2) new=$(line_of "$ETC/confirming" 3)
  if [ "$new" = 0 ]; then
    if is_leaving; then restore 0 "$previous" || return 1; fi
    sync "$ETC"
    disarm "$operation"
    remove_everything
    return
  fi
  disarm "$operation"
  prune "$new" "$previous"
  settle confirming "$operation" confirmed "$new"
}

is_leaving() { [ "$(line_of "$ETC/confirming" 4)" = leave ]; }

# In one rename, so that no power cut leaves half of it in force. Folders of other operations stay: one may be the very
# apply that finishes this confirmation.
remove_everything() {
  rm -rf "$ETC.removed"
  mv -T "$ETC" "$ETC.removed" && sync "${ETC%/*}"
  rm -rf "$ETC.removed" "$RUN/op-$operation"
  for path in "$RUN"/*; do
    case $path in "$RUN"/op-*) ;; *) rm -f "$path" ;; esac
  done
  rmdir "$RUN" 2>/dev/null
  # systemd still knows the boot unit that this removal itself had.
  [ "$DIRECT" ] || systemctl daemon-reload </dev/null >/dev/null 2>&1
  return 0
}

# Keeps the ten highest generations, and those two.
prune() {
  for folder in "$ETC"/generations/*; do
    if [ "${folder##*/}" != "$1" ] && [ "${folder##*/}" != "$2" ] && has_ten_above "${folder##*/}"; then
      rm -rf "$folder"
    fi
  done
  for folder in "$ETC"/generations/.new-*; do
    if [ -e "$folder" ]; then rm -rf "$folder"; fi
  done
}

# Whether $1 is a number, and ten generations have a higher one.
has_ten_above() {
  above=0
  case $1 in *[!0-9]*) return 1 ;; esac
  for other in "$ETC"/generations/*; do
    case ${other##*/} in *[!0-9]*) continue ;; esac
    if [ "${other##*/}" -gt "$1" ]; then above=$((above + 1)); fi
  done
  [ "$above" -ge 10 ]
}

# Finishes claims that were cut short.
recover() {
  if [ -e "$ETC/reverting" ]; then finish_reverting 'it was interrupted'; fi
  if [ -e "$ETC/confirming" ]; then finish_confirming; fi
}
