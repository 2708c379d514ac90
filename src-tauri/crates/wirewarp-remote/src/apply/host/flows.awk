# First file: what to forget, `tcp|udp|any ADDRESS FIRST LAST`. Second: `conntrack -L`. Prints `PROTOCOL ADDRESS PORT`
# once per original destination that is meant. The first dst= and dport= of an entry are the original direction's.
FNR == NR { n++; protocol[n] = $1; address[n] = $2; first[n] = $3; last[n] = $4; next }
{
  dst = ""; port = -1
  for (i = 2; i <= NF; i++) {
    if (dst == "" && $i ~ /^dst=/) dst = substr($i, 5)
    if (port < 0 && $i ~ /^dport=/) { port = substr($i, 7) + 0; break }
  }
  for (i = 1; i <= n; i++) {
    if (address[i] != dst) continue
    if (protocol[i] == "any") print "any", dst, 0
    else if (protocol[i] == $1 && port >= first[i] && port <= last[i]) print $1, dst, port
  }
}
