# Gives one network card of a virtual machine its address, from within: run by the machine's agent as root. Put together of
# these pieces, which are constant; what differs comes as arguments (main.sh). One configuration of our own is written, for
# whatever looks after the machine's network, and none of anybody else's is changed. POSIX sh, for dash and busybox.
#
# It says one line: the manager that takes it (`NetworkManager`, `networkd`, `ifupdown`), or `no` and why, with the status 3.

# Answers to what came in by the new card leave by it; everything else keeps its way.
our_table=7699

refuse() {
  echo "no $1"
  exit 3
}

have() { command -v "$1" > /dev/null 2>&1; }

# Without a word from anything that is run: what is said is for the program at the other end.
quietly() { "$@" < /dev/null > /dev/null 2>&1; }

# The card with the hardware address. VLANs, bridges and bonds on it have the same one, and it among what they are made of.
find_card() {
  card=
  for found in /sys/class/net/*; do
    [ "$(cat "$found/address" 2> /dev/null)" = "$mac" ] || continue
    is_made_of_others "$found" || card=${found##*/}
  done
  [ -n "$card" ]
}

is_made_of_others() {
  for part in "$1"/lower_*; do
    [ -e "$part" ] && return 0
  done
  return 1
}

# A new card takes a moment until the machine has it.
wait_for_card() {
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    find_card && return 0
    sleep 1
  done
  return 1
}

has_address() { ip -4 -o address show dev "$card" 2> /dev/null | grep -qF "inet $address "; }

wait_for_address() {
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    has_address && return 0
    sleep 1
  done
  return 1
}

is_active() { have systemctl && quietly systemctl is-active --quiet "$1"; }

# What is written on top of a file of ours. How large packets were before is given back with the rest.
heading() {
  echo "# WireWarp: the address of this card on the network of its tunnel. Detaching the guest takes this file away."
  echo "# MTU before: $mtu_before"
}

note_mtu() {
  mtu_before=$(sed -n 's/^# MTU before: \([0-9]*\)$/\1/p' "$1" 2> /dev/null)
  [ -n "$mtu_before" ] || mtu_before=$(cat "/sys/class/net/$card/mtu")
}

# What the kernel may keep of ours when the configuration is gone.
forget_live() {
  [ -n "$card" ] || return 0
  quietly ip address del "$address" dev "$card"
  quietly ip route flush table "$our_table"
  quietly ip rule del from "${address%/*}" table "$our_table"
  [ -z "$1" ] || quietly ip link set "$card" mtu "$1"
  return 0
}
