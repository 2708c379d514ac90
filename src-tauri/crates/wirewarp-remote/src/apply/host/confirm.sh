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
