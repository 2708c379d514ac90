# ifupdown of Debian: a file beside those that its own file reads. A card that has its lines there already is led to other
# ones by a mapping (interfaces(5)), for which a script has to be there: it says the word that it is given.

# Not its namesakes, ifupdown2 and ifupdown-ng, which know no mappings.
ifupdown_is_there() {
  have ifquery || return 1
  case $(ifup --version 2>&1) in "ifup version 0."*) ;; *) return 1 ;; esac
}

ifupdown_has() { quietly ifquery "$1"; }

# Whether the card is in its files. One that is not is its own only where nobody else takes it.
ifupdown_takes() { ifupdown_is_there && [ -n "$card" ] && ifupdown_has "$card"; }

ifupdown_reads_ours() {
  grep -Eq '^[[:space:]]*source(-directory)?[[:space:]]+(/etc/network/)?interfaces\.d(/\*)?[[:space:]]*$' /etc/network/interfaces
}

ifupdown_file() { echo "/etc/network/interfaces.d/wirewarp-$key"; }
ifupdown_map() { echo "/etc/network/wirewarp-$key"; }

ifupdown_set() {
  ifupdown_clear_files
  name=$card
  note_mtu /dev/null
  if ifupdown_has "$card"; then
    name=wirewarp-$key
    quietly ifdown --force "$card"
    printf '#!/bin/sh\nread -r word\necho "$word"\n' > "$(ifupdown_map)"
    chmod 755 "$(ifupdown_map)"
  fi
  file=$(ifupdown_file)
  ifupdown_text > "$file.new~" && chmod 644 "$file.new~" && mv "$file.new~" "$file"
  ifupdown_has "$name" && quietly ifup "$card"
}

ifupdown_text() {
  heading
  echo "# card: $card"
  printf 'auto %s\n' "$card"
  if [ "$name" != "$card" ]; then
    printf 'mapping %s\n    script %s\n    map %s\n' "$card" "$(ifupdown_map)" "$name"
  fi
  printf 'iface %s inet static\n    address %s\n    mtu %s\n' "$name" "$address" "$mtu"
  if [ "$route" = default ]; then
    printf '    gateway %s\n    dns-nameservers %s\n' "$gateway" "$servers"
  else
    # shellcheck disable=SC2016 # ifup's own variable
    printf '    up ip route replace default via %s dev $IFACE table %s\n' "$gateway" "$our_table"
    printf '    up ip rule add from %s table %s priority %s\n' "${address%/*}" "$our_table" "$our_table"
    printf '    down ip rule del from %s table %s || true\n' "${address%/*}" "$our_table"
  fi
}

ifupdown_clear() {
  [ -e "$(ifupdown_file)" ] || [ -e "$(ifupdown_map)" ] || return 0
  ifupdown_clear_files
  [ -n "$card" ] && ifupdown_has "$card" || return 0
  # A card that asks for its address is answered when it is on its own network again: nobody waits for that.
  ifup "$card" < /dev/null > /dev/null 2>&1 &
  for _ in 1 2 3 4 5; do
    kill -0 "$!" 2> /dev/null || return 0
    sleep 1
  done
}

ifupdown_clear_files() {
  file=$(ifupdown_file)
  [ -e "$file" ] || { rm -f "$(ifupdown_map)" "$file.new~"; return 0; }
  note_mtu "$file"
  [ -z "$card" ] || quietly ifdown --force "$card"
  rm -f "$file" "$file.new~" "$(ifupdown_map)"
  forget_live "$mtu_before"
}
