# Reads, for each lane on standard input of `main`, the live rule, the packets counted, and who came and got through.
# Pings the peers through the tunnel, with small packets and as large ones as it is said to carry. Changes nothing.
# A lane is a line "ID ADDRESS PROTOCOL PORT INSIDE TUNNEL MTU": where the rule is to lead, the peer's tunnel address, and
# the tunnel's MTU.

rules_awk='
    lanes && $1 == "--" { lanes = 0; next }
    lanes { id[n] = $1; addr[n] = $2; proto[n] = $3; port[n] = $4; gsub(/\./, "_", addr[n]); n++; next }
    $1 == "map" || $1 == "chain" || $1 == "set" { kind = $1; name = $2; inside = 0 }
    kind == "chain" && name ~ /^ip_/ && $1 == "dnat" && $2 == "ip" && $3 == "to" && NF == 4 { whole[name] = $4 }
    kind == "map" && name ~ /^ip_/ && /elements = [{]/ { sub(/.*elements = [{]/, ""); inside = 1 }
    kind == "map" && inside {
        if (/}/) { sub(/}.*/, ""); ends = 1 } else ends = 0
        count = split($0, pieces, ",")
        for (i = 1; i <= count; i++) element(pieces[i])
        if (ends) inside = 0
    }
    function element(text,   words, keys, to) {
        if (split(text, words, " ") < 3 || words[2] != ":") return
        if (split(words[1], keys, "-") == 1) keys[2] = keys[1]
        to = words[3] " " (words[4] == "." ? words[5] : "-")
        for (k = 0; k < n; k++)
            if ((name == "ip_" addr[k] "_" proto[k] || name == "ip_" addr[k] "_" proto[k] "_range") &&
                port[k] >= keys[1] + 0 && port[k] <= keys[2] + 0) rule[k] = to
    }
    BEGIN { lanes = 1; n = 0 }
    END {
        for (k = 0; k < n; k++) {
            chain = "ip_" addr[k]
            if (k in rule) print "rule", id[k], rule[k]
            else if (chain in whole) print "rule", id[k], whole[chain], "-"
        }
    }'

# A set that is full takes no newcomers, and then says nothing of them.
counters_awk='
    lanes && $1 == "--" { lanes = 0; next }
    lanes { wanted[$3 " " $2 " " $4] = $1; next }
    $1 == "set" { told(); split($2, part, "_"); proto = part[1]; way = part[2]; found = 0; size = 0 }
    $1 == "size" { size = $2 }
    / counter packets / {
        sub(/.*[{]/, ""); count = split($0, pieces, ",")
        for (i = 1; i <= count; i++) {
            if (split(pieces[i], words, " ") < 6 || words[2] != ".") continue
            found++; key = proto " " words[1] " " words[3]
            if (!(key in wanted)) continue
            if (words[4] == "counter") print "count", wanted[key], way, words[6]
            else if (words[6] == "." && words[8] == "counter") print "new", wanted[key], words[5], words[7], words[10]
        }
    }
    function told() { if (proto != "") print (size && found >= size ? "full" : "set"), proto, way; proto = "" }
    BEGIN { lanes = 1 }
    END { told() }'

# Flows that were sent on to where the lane leads. One that a filter dropped is not there: the kernel confirms an entry
# behind the filters.
flows_awk='
    lanes && $1 == "--" { lanes = 0; next }
    lanes { k = $3 " " $2 " " $4; id[k] = $1; inside[k] = $5; next }
    {
        proto = src = dst = sport = dport = to = ""
        for (i = 1; i <= NF; i++) {
            if (proto == "" && ($i == "tcp" || $i == "udp")) proto = $i
            else if ($i ~ /^src=/) { if (src == "") src = substr($i, 5); else if (to == "") to = substr($i, 5) }
            else if (dst == "" && $i ~ /^dst=/) dst = substr($i, 5)
            else if (sport == "" && $i ~ /^sport=/) sport = substr($i, 7)
            else if (dport == "" && $i ~ /^dport=/) dport = substr($i, 7)
        }
        k = proto " " dst " " dport
        if (k in id && to == inside[k]) print "flow", id[k], src, sport, (/\[UNREPLIED\]/ ? "no" : "yes")
    }
    BEGIN { lanes = 1 }'

flows() {
    if command -v conntrack >/dev/null; then conntrack -L -f ipv4 2>/dev/null </dev/null; else cat /proc/net/nf_conntrack; fi
}

# The address from which this login came. sudo hides it from us, but not from root in the processes that we come from.
client() {
    pid=$$
    while [ "${pid:-0}" -gt 1 ]; do
        from=$(tr '\0' '\n' <"/proc/$pid/environ" | sed -n 's/^SSH_CONNECTION=\([0-9.]*\) .*/\1/p')
        if [ -n "$from" ]; then
            echo "client $from"
            return
        fi
        pid=$(sed 's/.*) [A-Za-z] \([0-9]*\) .*/\1/' "/proc/$pid/stat")
    done
}

tunnel() {
    if ping -c 3 -i 0.3 -W 1 "$1" >/dev/null 2>&1 </dev/null; then echo "tunnel $1 yes"; else echo "tunnel $1 no"; fi
}

# Not to be cut into pieces, which busybox's ping cannot ask for. 20 bytes of the MTU are IP's, 8 ICMP's.
large() {
    case $(ping -V 2>&1 </dev/null) in *iputils*) ;; *) return ;; esac
    if ping -c 3 -i 0.3 -W 1 -M 'do' -s $(($2 - 28)) "$1" >/dev/null 2>&1 </dev/null; then
        echo "large $1 yes"
    else
        echo "large $1 no"
    fi
}

tunnels() {
    command -v ping >/dev/null || return 0
    awk '{ print $6, $7 }' | sort -u | {
        while read -r address mtu; do
            tunnel "$address" &
            large "$address" "$mtu" &
        done
        wait
    }
}

main() {
    export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" LC_ALL=C
    lanes=$(cat)
    echo "wirewarp-proof vps 1"
    if rules=$(nft list table inet wirewarp 2>/dev/null </dev/null); then
        echo "table rules"
        printf '%s\n--\n%s\n' "$lanes" "$rules" | awk "$rules_awk"
    elif command -v nft >/dev/null && nft list tables >/dev/null 2>&1 </dev/null; then
        echo "table none"
    fi
    client 2>/dev/null
    if counters=$(nft list table inet wirewarp_counters 2>/dev/null </dev/null); then
        printf '%s\n--\n%s\n' "$lanes" "$counters" | awk "$counters_awk"
    fi
    if table=$(flows 2>/dev/null); then
        echo "flows read"
        printf '%s\n--\n%s\n' "$lanes" "$table" | awk "$flows_awk"
    fi
    [ "$1" = before ] || printf '%s\n' "$lanes" | tunnels
    echo "end"
}
