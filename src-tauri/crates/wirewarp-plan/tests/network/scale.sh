# How long a look at a VPS with many forwards takes.
. "$1/lab.sh"
host vps
now() {
    date +%s%N
}
start=$(now)
load vps all >/dev/null || fail "load all"
loaded=$(now)
expect "check finds nothing" "" "$(load vps check)"
checked=$(now)
load vps all >/dev/null
again=$(now)
echo "load all: $(((loaded - start) / 1000000)) ms, check: $(((checked - loaded) / 1000000)) ms, load all again: $(((again - checked) / 1000000)) ms"
echo "THE END"
