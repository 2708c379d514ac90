# Reads, for each lane on standard input of `main`, what the peer knows of it: connections that came by the tunnel,
# whether the target answers, whether the port does. Sends a probe to each target and changes nothing. `main before`
# reads only what the tunnels have received so far.
# A lane is a line "ID PROTOCOL INSIDE PORT MARK TARGET ENDPOINT PAYLOAD": MARK is the tunnel's number in its connection
# mark, TARGET an address or "self", ENDPOINT the VPS (the route there tells "self"), PAYLOAD hexadecimal.

flows_awk='
    lanes && $1 == "--" { lanes = 0; next }
    lanes { k = $2 " " $3 " " $4 " " $5; id[k] = id[k] " " $1; next }
    {
        proto = src = dst = sport = dport = mark = ""
        for (i = 1; i <= NF; i++) {
            if (proto == "" && ($i == "tcp" || $i == "udp")) proto = $i
            else if (src == "" && $i ~ /^src=/) src = substr($i, 5)
            else if (dst == "" && $i ~ /^dst=/) dst = substr($i, 5)
            else if (sport == "" && $i ~ /^sport=/) sport = substr($i, 7)
            else if (dport == "" && $i ~ /^dport=/) dport = substr($i, 7)
            else if ($i ~ /^mark=/) mark = int(substr($i, 6) / 65536) % 256
        }
        k = proto " " dst " " dport " " mark
        if (!(k in id)) next
        count = split(id[k], all, " "); replied = (/\[UNREPLIED\]/ ? "no" : "yes")
        for (i = 1; i <= count; i++) print "flow", all[i], src, sport, replied
    }
    BEGIN { lanes = 1 }'

# All probes at once, at most 200 together; perl and these modules are in perl-base, which every Debian has.
probe_perl='
    use strict; use Socket; use Errno qw(EINPROGRESS ECONNREFUSED EHOSTUNREACH ENETUNREACH); use Fcntl;
    my %word = (ECONNREFUSED, "refused", EHOSTUNREACH, "unreachable", ENETUNREACH, "unreachable");
    sub told { my ($lane, $word) = @_; print "probe $lane->{id} $word\n"; close $lane->{socket} if $lane->{socket}; }
    sub start {
        my ($lane) = @_; my $udp = $lane->{proto} eq "udp";
        socket($lane->{socket}, PF_INET, $udp ? SOCK_DGRAM : SOCK_STREAM, $udp ? 17 : 6) or return 0;
        fcntl($lane->{socket}, F_SETFL, O_NONBLOCK);
        my $to = sockaddr_in($lane->{port}, inet_aton($lane->{target}));
        if (!connect($lane->{socket}, $to) && $! != EINPROGRESS) { told($lane, $word{$!+0} || "failed"); return 0; }
        if ($udp && !defined send($lane->{socket}, pack("H*", $lane->{payload}), 0)) { told($lane, $word{$!+0} || "failed"); return 0; }
        return 1;
    }
    sub ready {
        my ($lane) = @_; my $error = unpack("i", getsockopt($lane->{socket}, SOL_SOCKET, SO_ERROR));
        return told($lane, $word{$error} || "failed") if $error;
        return told($lane, "open") if $lane->{proto} eq "tcp" || defined recv($lane->{socket}, my $answer, 2048, 0);
        told($lane, $word{$!+0} || "failed");
    }
    my @lanes;
    while (<STDIN>) { my %l; @l{qw(id proto port target payload)} = (split)[0, 1, 3, 5, 7]; push @lanes, \%l; }
    while (my @batch = splice @lanes, 0, 200) {
        my %open = map { fileno($_->{socket}) => $_ } grep { start($_) } @batch;
        my $left = 2.5; # Two SYNs, the second after 1 s. UDP that is answered is answered sooner: 1.5 s.
        while (%open && $left > 0 && ($left > 1 || grep { $_->{proto} eq "tcp" } values %open)) {
            my ($r, $w) = ("", "");
            for my $n (keys %open) { $open{$n}{proto} eq "udp" ? (vec($r, $n, 1) = 1) : (vec($w, $n, 1) = 1); }
            my ($count, $rest) = select($r, $w, undef, 0.1); $left -= 0.1 - $rest;
            for my $n (keys %open) { if (vec($r, $n, 1) || vec($w, $n, 1)) { ready($open{$n}); delete $open{$n}; } }
        }
        told($_, "silent") for values %open;
    }'

# Where there is no perl: bash knows /dev/tcp and /dev/udp. Eight at a time.
probe_bash='
    probe() {
        local said
        if [ "$2" = tcp ]; then
            said=$(LC_ALL=C timeout 2 bash -c "exec 3<>/dev/tcp/$6/$4" 2>&1)
        else
            said=$(LC_ALL=C timeout 2 bash -c "exec 3<>/dev/udp/$6/$4 && printf \"$(sed "s/../\\\\x&/g" <<<"$8")\" >&3 && read -r -n 1 -u 3" 2>&1)
        fi
        case "$?:$said" in
            0:*) echo "probe $1 open" ;;
            *refused*) echo "probe $1 refused" ;;
            *[Uu]nreachable*|*"No route"*) echo "probe $1 unreachable" ;;
            124:*|143:*) echo "probe $1 silent" ;;
            *) echo "probe $1 failed" ;;
        esac
    }
    count=0
    while read -r id proto inside port mark target endpoint payload; do
        probe "$id" "$proto" "$inside" "$port" "$mark" "$target" "$endpoint" "$payload" </dev/null &
        count=$((count + 1)); [ $((count % 8)) -ne 0 ] || wait
    done
    wait'

# "self" becomes the address with which this machine goes to the VPS: where its programs are reached on the LAN.
with_self() {
    while read -r id proto inside port mark target endpoint payload; do
        if [ "$target" = self ]; then
            [ "$endpoint" = "$known" ] || own=$(own_address "$endpoint")
            known=$endpoint target=$own
        fi
        [ -z "$target" ] || echo "$id $proto $inside $port $mark $target $endpoint $payload"
    done
}

own_address() {
    ip -4 route get "$1" 2>/dev/null </dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p' | head -n 1
}

flows() {
    if command -v conntrack >/dev/null; then conntrack -L -f ipv4 2>/dev/null </dev/null; else cat /proc/net/nf_conntrack; fi
}

listeners() {
    for proto in tcp udp; do
        if [ $proto = tcp ]; then option=-Hlntp; else option=-Hlnup; fi
        ss $option 2>/dev/null </dev/null | awk -v proto=$proto '
            { split($0, quoted, "\""); print "listen", proto, $4, quoted[2] }'
    done
}

# By ping, or by ARP if it drops pings. A neighbour in another state was heard of some time ago, which says nothing.
alive() {
    if ping -c 1 -W 1 "$1" >/dev/null 2>&1 </dev/null; then
        echo "alive $1 yes"
        return
    fi
    case "$(ip -4 neigh show to "$1" 2>/dev/null </dev/null)" in
        *REACHABLE*) echo "alive $1 yes" ;;
        *FAILED*|*INCOMPLETE*) echo "alive $1 no" ;;
    esac
}

# Packets that came out of each tunnel so far, whoever sent them.
received() {
    for path in /sys/class/net/ww[0-9]*; do
        [ ! -r "$path/statistics/rx_packets" ] || echo "received ${path#/sys/class/net/ww} $(cat "$path/statistics/rx_packets")"
    done
}

main() {
    export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" LC_ALL=C
    lanes=$(cat) known='' own=''
    echo "wirewarp-proof home 1"
    received
    if [ "$1" = before ]; then
        echo "end"
        return
    fi
    # Before the probes, which are connections too.
    if table=$(flows 2>/dev/null); then
        echo "flows read"
        printf '%s\n--\n%s\n' "$lanes" "$table" | awk "$flows_awk"
    fi
    ready=$(printf '%s\n' "$lanes" | with_self)
    if perl -MSocket -e 1 2>/dev/null </dev/null; then
        printf '%s\n' "$ready" | grep . | perl -e "$probe_perl"
    elif command -v bash >/dev/null && command -v timeout >/dev/null; then
        printf '%s\n' "$ready" | grep . | bash -c "$probe_bash"
    fi
    case "$lanes" in *" self "*) echo "listeners read"; listeners ;; esac
    printf '%s\n' "$lanes" | awk '$6 != "self" { print $6 }' | sort -u | {
        count=0
        while read -r target; do
            alive "$target" &
            count=$((count + 1))
            [ $((count % 32)) -ne 0 ] || wait
        done
        wait
    }
    echo "end"
}
