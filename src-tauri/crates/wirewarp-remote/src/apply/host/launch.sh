# Front of a script that comes over SSH: stores what it carries, starts the program `run` in a unit of its own and
# follows its log. A connection cut here stops nothing there.

# Stores files as plain lines in the operation's folder, by one process. Standard input: before each file a line
# `COUNT PATH`, then its COUNT lines.
put_lines() {
  awk -v dir="$dir" 'left == 0 { if (path) close(path); left = $1; path = dir "/" substr($0, length($1) + 2)
      printf "" > path; next }
    { print > path; left-- }'
}

# Stores standard input's first $2 bytes as $1 in the operation's folder.
put() {
  case $1 in */*) [ -d "$dir/${1%/*}" ] || mkdir -p "$dir/${1%/*}" ;; esac
  head -c "$2" > "$dir/$1"
}

# The same, of base64.
put64() { base64 -d | put "$@"; }

# An empty folder for operation $1, on tmpfs; those of finished operations go. It is there with the process that fills it,
# so that another program, which does the same now, leaves it.
open_folder() {
  dir=$RUN/op-$1
  find_unsettled
  for old in "$RUN"/op-*; do
    if [ -e "$old" ] && [ "$old" != "$RUN/op-$unsettled" ] && ! is_running "$old"; then rm -rf "$old"; fi
  done
  mkdir -p "$RUN/new-$1/files/units" && echo $$ > "$RUN/new-$1/pid" && mv -T "$RUN/new-$1" "$dir"
}

# A file without a number is one that the unit writes at this moment.
is_running() {
  [ -e "$1/pid" ] || return 1
  read -r unit < "$1/pid" && [ "$unit" ] || return 0
  [ -d "/proc/$unit" ]
}

# $1: the unit's name. Descriptor 4 is where its ticks come; 5 keeps that open until it has begun.
launch() {
  : > "$dir/log"
  mkfifo "$dir/.tick" && exec 5<> "$dir/.tick" 4< "$dir/.tick"
  if [ "$DIRECT" ]; then
    setsid sh "$dir/run" "$dir" > /dev/null 2>&1 < /dev/null 4<&- 5>&- &
  elif ! systemd-run --quiet --collect --unit="$1" --property=TimeoutStopSec=5 /bin/sh "$dir/run" "$dir" \
    > "$dir/output" 2>&1 < /dev/null; then
    sed 's/^/| /' "$dir/output"
    echo 'end failed start'
    # There is no log to follow.
    exit 1
  fi
}

# Prints the log until its `end` line. While the unit lives it is woken by ticks; then, for at most $1 seconds, it waits
# for the last word of the rollback that an apply which was cut short has.
follow() {
  part=
  exec 3< "$dir/log"
  while read -r _ <&4; do
    exec 5>&-
    if has_ended; then return 0; fi
  done
  clock
  until=$((ms + $1 * 1000))
  while ! has_ended; do
    clock
    if [ "$ms" -gt "$until" ] || ! is_unsettled; then
      sleep 0.2
      has_ended || echo 'end lost'
      return 0
    fi
    sleep 0.1
  done
}

# Prints what is new in the log; succeeds once that is its end.
has_ended() {
  while IFS= read -r line <&3; do
    printf '%s\n' "$part$line"
    case $part$line in 'end '*) return 0 ;; esac
    part=
  done
  part=$part$line
  return 1
}

# Whether something is still to happen to this operation.
is_unsettled() {
  is_running "$dir" || grep -qs "^${dir##*/op-}\$" "$ETC/pending" "$ETC/reverting"
}
