# NetworkManager: a connection of our own, preferred to any other that would fit the card.

nm_runs() { have nmcli && [ "$(nmcli -t -f RUNNING general status 2> /dev/null)" = running ]; }

# Whether it looks after the card; a card that is not there yet would be its own.
nm_takes() {
  nm_runs || return 1
  [ -n "$card" ] || return 0
  case $(nmcli -g GENERAL.STATE device show "$card" 2> /dev/null) in
  '' | '10 '*) return 1 ;; # unmanaged
  esac
}

# What ours is called; the MTU before is in its name, since a connection has no room for remarks.
nm_ours() { nmcli -t -f NAME connection show 2> /dev/null | grep -x "WireWarp $key, MTU before [0-9]*"; }

nm_set() {
  nm_clear
  mtu_before=$(cat "/sys/class/net/$card/mtu")
  ours="WireWarp $key, MTU before $mtu_before"
  set -- connection add type ethernet con-name "$ours" ifname '*' \
    802-3-ethernet.mac-address "$mac" 802-3-ethernet.mtu "$mtu" \
    connection.autoconnect yes connection.autoconnect-priority 900 \
    ipv4.method manual ipv4.addresses "$address" ipv6.method link-local
  if [ "$route" = default ]; then
    set -- "$@" ipv4.gateway "$gateway" ipv4.dns "$servers"
  else
    set -- "$@" ipv4.routes "0.0.0.0/0 $gateway table=$our_table" \
      ipv4.routing-rules "priority $our_table from ${address%/*} table $our_table"
  fi
  quietly nmcli "$@" && quietly nmcli --wait 30 connection up id "$ours" ifname "$card"
}

# The connection that the card had before comes up by itself.
nm_clear() {
  nm_runs && ours=$(nm_ours) || return 0
  quietly nmcli --wait 30 connection delete id "$ours"
  forget_live "${ours##* }"
}
