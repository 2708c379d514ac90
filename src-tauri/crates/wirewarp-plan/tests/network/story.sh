# What a person would see, told once from nothing to nothing.
. "$1/lab.sh"
build
before=$(on vps cat /proc/sys/net/ipv4/ip_forward)

load vps all >/dev/null || fail "load all on the VPS"
load home all >/dev/null || fail "load all at home"
attach_vm
expect "a second load changes nothing on the VPS" "" "$(load vps all)"
expect "a second load changes nothing at home" "" "$(load home all)"
expect "check finds nothing on the VPS" "" "$(load vps check)"
expect "check finds nothing at home" "" "$(load home check)"

serve vm tcp 25565
serve vm udp 25565
serve vm udp 27033
serve vm tcp 22
serve home tcp 80
serve home tcp 22
serve home tcp 81
serve home udp 19002
serve lan tcp 32400
serve player tcp 7000
serve player udp 7000
me=203.0.113.100
open=203.0.113.11

expect "TCP reaches the VM with the player's address" $me "$(seen player tcp $open 25565)"
expect "UDP reaches the VM with the player's address" $me "$(seen player udp $open 25565)"
expect "a range keeps its ports" $me "$(seen player udp $open 27033)"
expect "a port reaches the machine at home itself" $me "$(seen player tcp $open 8080)"
expect "a shifted range answers over UDP from 0.0.0.0" $me "$(seen player udp $open 9002)"
expect "a machine of the LAN answers, and sees the peer" 192.168.20.10 "$(seen player tcp $open 32400)"
expect "the VM leaves with the peer's public IP" $open "$(seen vm tcp $me 7000)"
expect "the VM leaves with it over UDP too" $open "$(seen vm udp $me 7000)"
expect "home itself leaves by its own line" 203.0.113.50 "$(seen home tcp $me 7000)"
expect "the VM may call the public IP" $open "$(seen vm tcp $open 8080)"
expect "the VM may call itself by the public IP" $open "$(seen vm tcp $open 25565)"
expect "the VPS may call its public IP" 203.0.113.10 "$(seen vps tcp $open 25565)"
expect "sshd at home is reached from the VPS" 10.0.0.1 "$(seen vps tcp 10.0.0.3 22)"
expect "no other port at home is" none "$(seen vps tcp 10.0.0.3 81)"
expect "no other port of the VM is reached" none "$(seen vps tcp 10.99.2.2 22)"
expect "the VM does not reach the LAN" none "$(seen vm tcp 192.168.20.30 32400)"
expect "the VM does not reach home's sshd" none "$(seen vm tcp 10.99.2.1 22)"
on vps nft list set inet wirewarp_counters tcp_in | grep -q '203.0.113.11 . 25565 counter packets' || fail "no counter"
on vps nft list set inet wirewarp_counters udp_out | grep -q '203.0.113.11 . 27033 counter packets' || fail "no counter"
on vps nft list set inet wirewarp_counters tcp_new | grep -q "203.0.113.11 . 25565 . $me . [0-9]* counter packets" ||
    fail "no newcomer"

echo "--- counters of an older program are there"
on vps nft delete chain inet wirewarp_counters prerouting
on vps nft delete set inet wirewarp_counters tcp_new
expect "check says so" 1 "$(load vps check | grep -c 'wirewarp_counters is not')"
load vps watch >/dev/null || fail "watch"
expect "what was missing is added" "" "$(load vps check)"
on vps nft list set inet wirewarp_counters tcp_in | grep -q '203.0.113.11 . 25565 counter packets' ||
    fail "the count is lost"
expect "each rule is there once" 6 "$(on vps nft list table inet wirewarp_counters | grep -c ' add @')"

echo "--- others interfere"
on vps nft flush ruleset
on vps ip route del 10.99.2.0/24
on vps ip link set ww0 mtu 1300
on vps ip address del 10.0.0.1/24 dev ww0
on vps ip address add 10.0.0.77/24 dev ww0
on vps wg set ww0 peer "$(on vps wg show ww0 peers | head -n 1)" allowed-ips 192.0.2.1/32
load vps check | sed 's/^/   /'
expect "check names each deviation" 7 "$(load vps check | grep -c -E \
    'table inet wirewarp is|wirewarp_counters|WireGuard|MTU|10.0.0.77|10.0.0.1/24|10.99.2.0/24')"
on home ip rule del pref 7701
on home ip rule add pref 7799 fwmark 0x990000/0xff0000 lookup 7701
on home ip route flush table 7701
on home ip route add 192.0.2.0/24 dev ww0 table 7710
on home nft add rule inet wirewarp input_ww0 accept
load home check | sed 's/^/   /'
load vps watch >/dev/null || fail "watch on the VPS"
load home watch >/dev/null || fail "watch at home"
expect "watch puts the VPS right" "" "$(load vps check)"
expect "watch puts home right" "" "$(load home check)"
expect "and the player is back" $me "$(seen player tcp $open 25565)"
expect "and home too" $me "$(seen player udp $open 9002)"

echo "--- every table is flushed between the loading of ours and the look at it"
mkdir "$LAB/once"
cat >"$LAB/once/nft" <<'END'
#!/bin/sh
# The first time, the table is gone before it is listed.
[ "$1" != -s ] || [ -e "$0.done" ] || { : >"$0.done"; /usr/sbin/nft flush ruleset; }
exec /usr/sbin/nft "$@"
END
chmod 755 "$LAB/once/nft"
on vps nft flush ruleset
sed "s|^export LC_ALL=C PATH=\"|&$LAB/once:|" "$LAB/etc-vps/current/load" >"$LAB/load-flushed"
grep -q "$LAB/once" "$LAB/load-flushed" || fail "the path is not set where it was"
mv "$LAB/load-flushed" "$LAB/etc-vps/current/load-flushed"
WITH=load-flushed
load vps watch >/dev/null || fail "watch"
WITH=
rm "$LAB/etc-vps/current/load-flushed"
[ -e "$LAB/once/nft.done" ] || fail "nothing was flushed"
expect "the player is back" $me "$(seen player tcp $open 25565)"
expect "check finds nothing on the VPS" "" "$(load vps check)"

echo "--- home has its tunnel anew while the VPS does not know its key yet"
key=$(on home wg show ww0 public-key)
on vps wg set ww0 peer "$key" remove
on home wg set ww0 peer "$(on home wg show ww0 peers)" remove
on home sh -c 'rm -f /run/wirewarp/ww0.*'
: >"$LAB/etc-home/pending" # somebody waits
began=$(date +%s)
load home all >/dev/null &
meeting=$!
sleep 1
load vps watch >/dev/null || fail "watch"
wait "$meeting" || fail "load all at home"
rm "$LAB/etc-home/pending"
[ $(($(date +%s) - began)) -lt 5 ] || fail "they did not meet before WireGuard tries again by itself"
expect "the player is back at once" $me "$(seen player udp $open 25565)"

echo "--- only what differs is set"
socket() { on vps ss -Huane 'sport = :51820' | sort | md5sum; }
other=$(wg genkey | wg pubkey)
before_all=$(socket)
on vps wg set ww0 peer "$other" allowed-ips 10.0.0.99/32
load vps watch >/dev/null || fail "watch"
expect "a peer that nobody asks for is gone" "" "$(on vps wg show ww0 peers | grep -F "$other" || :)"
expect "WireGuard listens on the socket that it had" "$before_all" "$(socket)"

echo "--- the address on the LAN changes"
on home ip address add 192.168.20.77/24 dev eth0
on home ip address del 192.168.20.10/24 dev eth0 # the second address of the subnet goes with the first
on home ip address replace 192.168.20.77/24 dev eth0
on home ip route replace default via 192.168.20.1
load home watch >/dev/null
expect "the machine itself is reached again" $me "$(seen player udp $open 9002)"
expect "check finds nothing at home" "" "$(load home check)"

echo "--- tunnel down: nothing leaks"
on vps ip link set ww0 down
expect "the VM does not leave by the home line" none "$(seen vm tcp $me 7000)"
on home ip link set ww0 down
expect "not either while its own end is down" none "$(seen vm tcp $me 7000)"
load vps watch >/dev/null
load home watch >/dev/null
expect "and back" $open "$(seen vm tcp $me 7000)"

echo "--- a next generation with less in it"
ln -sfn generations/2 "$LAB/etc-vps/current"
ln -sfn generations/2 "$LAB/etc-home/current"
load vps all >/dev/null
load home all >/dev/null
expect "a removed forward is closed" none "$(seen player tcp $open 32400)"
expect "the others stay" $me "$(seen player udp $open 25565)"
expect "check finds nothing" "" "$(load vps check; load home check)"

echo "--- nothing of ours"
load vps none >/dev/null || fail "none on the VPS"
load home none >/dev/null || fail "none at home"
for name in vps home; do
    expect "no tables on $name" "" "$(on $name nft list tables | grep wirewarp || :)"
    expect "no interfaces on $name" "" "$(on $name ip -o link show | grep -o ' ww[a-z]*[0-9]' || :)"
    expect "no rules on $name" "" "$(on $name ip rule show | grep -E '^77' || :)"
    expect "no routes on $name" "" "$(on $name ip route show table all | grep -E ' ww|table 77' || :)"
    expect "no sysctl.before on $name" no "$([ -e "$LAB/etc-$name/sysctl.before" ] && echo yes || echo no)"
done
expect "ip_forward is back" "$before" "$(on vps cat /proc/sys/net/ipv4/ip_forward)"
expect "the player gets nothing" none "$(seen player tcp $open 25565)"
echo "THE END"
