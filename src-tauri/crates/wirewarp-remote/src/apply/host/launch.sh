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
  case $1 in */*) mkdir -p "$dir/${1%/*}" ;; esac
  head -c "$2" > "$dir/$1"
}

# The same, of base64.
put64() { base64 -d | put "$@"; }

# An empty folder for operation $1, on tmpfs; those of finished operations go. It is there with the process that fills it,
# so that another program, which does the same now, leaves it.
open_folder() {
  dir=$RUN/op-$1
  pending=$(cat "$ETC/pending" "$ETC/reverting" "$ETC/confirming" 2> /dev/null | head -n 1)
  for old in "$RUN"/op-*; do
    if [ "$old" != "$RUN/op-$pending" ] && ! is_running "$old"; then rm -rf "$old"; fi
  done
  mkdir -p "$RUN/new-$1/files/units" && echo $$ > "$RUN/new-$1/pid" && mv -T "$RUN/new-$1" "$dir"
}

# Called fifty times a second: without a process.
is_running() {
  [ -s "$1/pid" ] && read -r unit < "$1/pid" && [ -d "/proc/$unit" ]
}

# $1: the unit's name.
launch() {
  : > "$dir/log"
  if [ "$DIRECT" ]; then
    setsid sh "$dir/run" "$dir" > /dev/null 2>&1 < /dev/null &
  elif ! systemd-run --quiet --collect --unit="$1" --property=TimeoutStopSec=5 /bin/sh "$dir/run" "$dir" \
    > "$dir/output" 2>&1 < /dev/null; then
    sed 's/^/| /' "$dir/output"
    echo 'end failed start'
    # There is no log to follow.
    exit 1
  fi
}

# Prints the log until its `end` line, at most $1 seconds.
follow() {
  clock
  until=$((ms + $1 * 1000)) part='' gone=''
  exec 3< "$dir/log"
  while :; do
    while IFS= read -r line <&3; do
      printf '%s\n' "$part$line"
      case $part$line in 'end '*) return 0 ;; esac
      part=
    done
    part=$part$line
    if [ "$gone" ]; then break; fi
    clock
    if [ "$ms" -gt "$until" ] || has_died; then gone=1; fi
    sleep 0.02
  done
  echo 'end lost'
}

# Ended without a word, with no timer that would say how it went on.
has_died() {
  [ -e "$dir/pid" ] && ! is_running "$dir" && ! grep -qs "^${dir##*/op-}\$" "$ETC/pending" "$ETC/reverting"
}
