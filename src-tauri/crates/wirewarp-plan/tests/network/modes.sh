# The machine's own traffic: replies (generation 1), everything (2), what is for the player's machine (3).
. "$1/lab.sh"
build
on home sh -c 'echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter; echo 1 >/proc/sys/net/ipv4/conf/eth0/rp_filter'
on home ip -6 address add 2001:db8:1::10/64 dev eth0 nodad
on home ip -6 route add default via 2001:db8:1::1
on router nft -f - <<'END'
table ip inward {
	chain in {
		type nat hook prerouting priority dstnat
		iifname "eth0" tcp dport 8022 dnat to 192.168.20.10:22
		iifname "eth0" udp dport 9002 dnat to 192.168.20.10:19002
	}
}
END

go() {
    ln -sfn "generations/$1" "$LAB/etc-home/current"
    load home all >/dev/null || fail "load generation $1"
    expect "check finds nothing in generation $1" "" "$(load home check)"
    expect "a second load of generation $1 changes nothing" "" "$(load home all)"
}

me=203.0.113.100
home_line=203.0.113.50
public=203.0.113.11
ln -sfn generations/1 "$LAB/etc-home/current"
load vps all >/dev/null || fail "load all on the VPS"
load home all >/dev/null || fail "load all at home"
attach_vm
serve player tcp 7000
serve player udp 7000
serve player udp 53
serve vps tcp 9000
serve router tcp 7001
serve home tcp 22
serve home udp 19002
serve lan tcp 32400
serve vm tcp 25565
on lan ip route add 203.0.113.0/24 via 192.168.20.10
on vps ip route add 192.0.2.0/24 dev eth0 # an address of nobody

# What holds in every mode.
stays() {
    expect "the LAN reaches the machine" 192.168.20.30 "$(seen lan tcp 192.168.20.10 22)"
    expect "the machine reaches the LAN" 192.168.20.10 "$(seen home tcp 192.168.20.30 32400)"
    expect "who came by the home line is answered by it" $me "$(seen player tcp $home_line 8022)"
    expect "over UDP from 0.0.0.0 as well" $me "$(seen player udp $home_line 9002)"
    expect "who came by the tunnel is answered by it" $me "$(seen player udp $public 9002)"
    expect "and a VM too" $me "$(seen player tcp $public 25565)"
    expect "a VM leaves by the tunnel" $public "$(seen vm tcp $me 7000)"
    expect "the VPS is reached without the tunnel" $home_line "$(seen home tcp 203.0.113.10 9000)"
}

echo "--- replies"
stays
expect "its own leaves by the home line" $home_line "$(seen home tcp $me 7000)"

echo "--- everything"
go 2
stays
for protocol in tcp udp; do
    expect "its own leaves by the tunnel over $protocol" $public "$(seen home $protocol $me 7000)"
done
expect "a server of names that belongs to an interface too" $public "$(seen home udp $me 53 eth0)"
expect "and who has it as a gateway" $public "$(seen lan tcp $me 7000)"
on home ip -6 route get 2001:db8:2::1 >/dev/null 2>&1 && fail "IPv6 leaks"
on home ip -6 route get 2001:db8:1::20 >/dev/null || fail "IPv6 of the LAN is cut"
on home ip route get 192.168.77.1 | grep -q 'via 192.168.20.1' || fail "a private network behind the router is cut"
on home ip route get 239.255.255.250 | grep -q 'dev eth0' || fail "multicast leaves the home"
expect "the mark of WireGuard" 0xa90000 "$(on home wg show ww0 fwmark)"

echo "--- others interfere"
on home ip rule del pref 7805
on home ip -6 rule del pref 7805
on home wg set ww0 fwmark off
expect "check names each deviation" 3 "$(load home check | grep -c -E '7805|WireGuard is not')"
load home watch >/dev/null || fail "watch"
expect "watch puts it right" "" "$(load home check)"
stays

echo "--- the tunnel is down: nothing leaks"
on vps ip link set ww0 down
expect "while the VPS is gone" none "$(seen home tcp $me 7000)"
on home ip link set ww0 down
expect "while its own end is down" none "$(seen home tcp $me 7000)"
on home ip link delete ww0 || :
expect "while it is not there" none "$(seen home udp $me 7000)"
expect "a server of names neither" none "$(seen home udp $me 53 eth0)"
expect "the LAN still reaches the machine" 192.168.20.30 "$(seen lan tcp 192.168.20.10 22)"
expect "and the machine the VPS" $home_line "$(seen home tcp 203.0.113.10 9000)"
load vps watch >/dev/null
load home watch >/dev/null
expect "and back" $public "$(seen home tcp $me 7000)"

echo "--- before networking, after a reboot"
on home sh -c 'nft delete table inet wirewarp; for v in 4 6; do for p in 7801 7801 7803 7805 7806; do ip -$v rule del pref $p; done; done; ip route flush table 7701' 2>/dev/null
expect "it would leak" $home_line "$(seen home tcp $me 7000)"
on home rm /run/wirewarp/routed
load home rules >/dev/null || fail "load rules"
expect "it does not" none "$(seen home tcp $me 7000)"
on home ip -6 route get 2001:db8:2::1 >/dev/null || fail "the rules are there already"
expect "while the LAN reaches the machine" 192.168.20.30 "$(seen lan tcp 192.168.20.10 22)"
load home all >/dev/null || fail "load all"
expect "nothing shuts it in" "" "$(on home nft list tables | grep shut || :)"
expect "and is back" $public "$(seen home tcp $me 7000)"

echo "--- listed"
go 3
stays
expect "what is listed leaves by the tunnel" $public "$(seen home tcp $me 7000)"
expect "what is not does not" "192.168.20.10" "$(seen home tcp $home_line 7001)"
on home ip -6 route get 2001:db8:2::1 >/dev/null || fail "IPv6 is cut"
on vps ip link set ww0 down
expect "it does not leak either" none "$(seen home tcp $me 7000)"
load vps watch >/dev/null

echo "--- replies again"
go 1
stays
expect "its own leaves by the home line" $home_line "$(seen home tcp $me 7000)"
expect "no mark" off "$(on home wg show ww0 fwmark)"
expect "rp_filter is back" 0 "$(on home cat /proc/sys/net/ipv4/conf/all/rp_filter)"
expect "no rules" "" "$(on home ip rule show | grep '^78'; on home ip -6 rule show | grep '^7' || :)"

echo "--- nothing of ours"
go 2
load home none >/dev/null || fail "none at home"
expect "no rules" "" "$(on home ip rule show | grep '^7'; on home ip -6 rule show | grep '^7' || :)"
expect "rp_filter is back" 0 "$(on home cat /proc/sys/net/ipv4/conf/all/rp_filter)"
expect "its own leaves by the home line" $home_line "$(seen home tcp $me 7000)"
echo "THE END"
