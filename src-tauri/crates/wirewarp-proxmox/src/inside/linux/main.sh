# ACTION MAC ADDRESS/LENGTH GATEWAY ROUTE MTU [RESOLVER...]; ROUTE is `default` or `answers`. The last line runs it, so that a
# script that came in part does nothing.

main() {
  action=$1 mac=$2 address=$3 gateway=$4 route=$5 mtu=$6
  shift 6
  servers=$*
  key=$(printf '%s' "$mac" | tr -d ':')
  PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
  [ "$(uname -s)" = Linux ] && have ip || refuse system
  [ "$(id -u)" = 0 ] || refuse root
  case $action in
  look) look ;;
  set) set_address ;;
  clear) clear_address ;;
  *) refuse action ;;
  esac
}

# Says who takes it. Changes nothing.
look() {
  find_card || true
  is_free
  choose
  echo "$manager"
}

set_address() {
  wait_for_card || refuse card
  is_free
  choose
  case $manager in
  NetworkManager) nm_set ;;
  networkd) networkd_set ;;
  ifupdown) ifupdown_set ;;
  esac && wait_for_address || {
    clear_all
    refuse taken
  }
  echo "$manager"
}

# Whoever took it, also if somebody else looks after the network by now.
clear_address() {
  find_card || true
  clear_all
  echo clear
}

clear_all() {
  nm_clear
  networkd_clear
  ifupdown_clear
}

# A card in a bridge or bond of the machine carries no address itself.
is_free() { [ -z "$card" ] || [ ! -e "/sys/class/net/$card/master" ] || refuse joined; }

choose() {
  if nm_takes; then
    manager=NetworkManager
  elif ifupdown_takes; then
    manager=ifupdown
  elif networkd_takes; then
    manager=networkd
  elif ifupdown_is_there; then
    manager=ifupdown
  else
    refuse manager
  fi
  case $manager in
  ifupdown) ifupdown_reads_ours || refuse interfaces ;;
  esac
  [ -w /etc ] || refuse read-only
}

main "$@"
