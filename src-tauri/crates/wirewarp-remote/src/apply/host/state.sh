# How far operation $1 is: prints `end WORD TEXT` and leaves the word in `word`.

state_of() {
  word=unknown text=
  if [ "$(line_of "$ETC/pending" 1)" = "$1" ]; then
    word=pending text="$(line_of "$ETC/pending" 2) $(line_of "$ETC/pending" 3)"
    if ! is_armed "$1"; then word=unguarded; fi
    if [ -e "$RUN/op-$1/pid" ] && [ -d "/proc/$(cat "$RUN/op-$1/pid")" ]; then word=running; fi
  elif [ "$(line_of "$ETC/reverting" 1)" = "$1" ]; then
    word=reverting
  elif [ "$(line_of "$ETC/confirming" 1)" = "$1" ]; then
    word=confirmed
  elif outcome=$(grep "^$1 " "$ETC/outcomes" 2> /dev/null); then
    outcome=$(printf '%s\n' "$outcome" | tail -n 1)
    outcome=${outcome#* }
    word=${outcome%% *} text=${outcome#* }
  elif [ -e "$RUN/op-$1/pid" ] && [ -d "/proc/$(cat "$RUN/op-$1/pid")" ]; then
    word=running
  elif [ ! -e "$ETC" ]; then
    word=nothing
  fi
  echo "end $word $text"
}
