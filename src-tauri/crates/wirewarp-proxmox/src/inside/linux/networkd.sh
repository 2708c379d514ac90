# systemd-networkd, also where netplan writes its files: of all files that fit a card the first by name counts, alone.

networkd_takes() { is_active systemd-networkd; }

networkd_file() { echo "/etc/systemd/network/00-wirewarp-$key.network"; }

networkd_set() {
  file=$(networkd_file)
  mkdir -p "${file%/*}"
  note_mtu "$file"
  networkd_text > "$file.new" && chmod 644 "$file.new" && mv "$file.new" "$file" && networkd_again
}

networkd_text() {
  heading
  printf '[Match]\nMACAddress=%s\nType=ether\n' "$mac"
  printf '[Link]\nMTUBytes=%s\n' "$mtu"
  printf '[Network]\nAddress=%s\n' "$address"
  if [ "$route" = default ]; then
    for server in $servers; do printf 'DNS=%s\n' "$server"; done
    printf '[Route]\nGateway=%s\n' "$gateway"
  else
    printf '[Route]\nGateway=%s\nTable=%s\n' "$gateway" "$our_table"
    printf '[RoutingPolicyRule]\nFrom=%s\nTable=%s\nPriority=%s\n' "${address%/*}" "$our_table" "$our_table"
  fi
}

networkd_clear() {
  file=$(networkd_file)
  rm -f "$file.new"
  [ -e "$file" ] || return 0
  note_mtu "$file"
  rm -f "$file"
  forget_live "$mtu_before"
  networkd_again
}

# Before systemd 244 it reads its files when it starts, and leaves what is configured as it is then.
networkd_again() {
  is_active systemd-networkd || return 0
  quietly networkctl reload || quietly systemctl restart systemd-networkd
  [ -z "$card" ] || quietly networkctl reconfigure "$card" || true
}
