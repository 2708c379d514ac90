# The confirmation of operation $1, over a connection made after the apply. Prints `end confirmed|not_pending ...`.

confirm() {
  if ! lock 20; then
    echo 'end refused busy'
    return 1
  fi
  if [ "$(line_of "$ETC/pending" 1)" = "$1" ] && claim confirming; then
    finish_confirming
    echo 'end confirmed'
    exec 9>&-
    return 0
  fi
  recover
  exec 9>&-
  state_of "$1"
  [ "$word" = confirmed ]
}

# Confirms, and looks at the host with $3 (`probe_sections` or `own_sections`; mark $2) if that succeeded. The check takes longest and
# changes nothing: it runs meanwhile.
confirm_and_look() {
  check_aside "$2" | { confirm "$1" && "$3" "$2"; }
}
