# Reads, for each lane on standard input of `main`, the live rule and the packets counted. Changes nothing.
# A lane is a line "ID ADDRESS PROTOCOL PORT". Needs nft and awk alone.

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

counters_awk='
    lanes && $1 == "--" { lanes = 0; next }
    lanes { wanted[$3 " " $2 " " $4] = $1; next }
    $1 == "set" { split($2, part, "_"); proto = part[1]; way = part[2]; print "set", proto, way }
    / counter packets / {
        sub(/.*[{]/, ""); count = split($0, pieces, ",")
        for (i = 1; i <= count; i++) {
            if (split(pieces[i], words, " ") < 6 || words[2] != "." || words[4] != "counter") continue
            key = proto " " words[1] " " words[3]
            if (key in wanted) print "count", wanted[key], way, words[6]
        }
    }
    BEGIN { lanes = 1 }'

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
    if counters=$(nft list table inet wirewarp_counters 2>/dev/null </dev/null); then
        printf '%s\n--\n%s\n' "$lanes" "$counters" | awk "$counters_awk"
    fi
    echo "end"
}
