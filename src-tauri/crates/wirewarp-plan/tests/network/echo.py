"""Says under which address a client is seen. `serve|bound|ask PROTOCOL ...`; see lab.sh."""

import socket
import struct
import sys

KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def serve(protocol, port):
    server = socket.socket(socket.AF_INET, KINDS[protocol])
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("0.0.0.0", port))
    if protocol == "tcp":
        server.listen(64)
    while True:
        if protocol == "tcp":
            client, address = server.accept()
            client.recv(100)
            client.sendall(address[0].encode())
            client.close()
        else:
            _, address = server.recvfrom(100)
            server.sendto(address[0].encode(), address)


def bound(protocol, port):
    with open(f"/proc/net/{protocol}", encoding="ascii") as table:
        return any(line.split()[1].endswith(f":{port:04X}") for line in list(table)[1:])


def ask(protocol, address, port, interface=None):
    client = socket.socket(socket.AF_INET, KINDS[protocol])
    client.settimeout(1.5)
    if interface:
        # As systemd-resolved asks: IP_UNICAST_IF is 50, its value in network order.
        client.setsockopt(socket.IPPROTO_IP, 50, struct.pack("!I", socket.if_nametoindex(interface)))
    try:
        client.connect((address, port))
        client.send(b"who am I")
        return client.recv(100).decode()
    except OSError:
        return "none"


if sys.argv[1] == "serve":
    serve(sys.argv[2], int(sys.argv[3]))
elif sys.argv[1] == "bound":
    sys.exit(not bound(sys.argv[2], int(sys.argv[3])))
else:
    print(ask(sys.argv[2], sys.argv[3], int(sys.argv[4]), *sys.argv[5:]))
