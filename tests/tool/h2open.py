"""h2open.py - an HTTP/2 server that does not end its replies

usage: h2open.py KEY CERT PORTFILE STATUS PART...

Each part of the body is sent half a second after the one before; the stream then
stays open, without a length. libcurl 7.88 sees a stream of nginx so that was reset
behind its reply.
"""
import os
import socket
import ssl
import struct
import sys
import threading
import time

key, cert, portfile, status, *parts = sys.argv[1:]
DATA, HEADERS, SETTINGS = 0, 1, 4


def frame(kind, flags, stream, data=b""):
    return struct.pack(">I", len(data))[1:] + struct.pack(">BBI", kind, flags, stream) + data


def exactly(c, n):
    data = b""
    while len(data) < n:
        got = c.recv(n - len(data))
        if not got:
            raise EOFError
        data += got
    return data


def reply(c, stream):
    c.sendall(frame(HEADERS, 4, stream, b"\x08\x03" + status.encode()))
    for i, part in enumerate(parts):
        time.sleep(0.5 if i > 0 else 0)
        c.sendall(frame(DATA, 0, stream, part.encode()))


def serve(c):
    try:
        c.do_handshake()
        exactly(c, 24)
        c.sendall(frame(SETTINGS, 0, 0))
        while True:
            n, kind, flags, stream = struct.unpack(">IBBI", b"\0" + exactly(c, 9))
            exactly(c, n)
            if kind == SETTINGS and not flags & 1:
                c.sendall(frame(SETTINGS, 1, 0))
            elif kind == DATA and flags & 1:
                reply(c, stream)
    except (EOFError, OSError):
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
context.set_alpn_protocols(["h2"])
server = socket.create_server(("127.0.0.1", 0))
with open(portfile + ".new", "w") as f:
    print(server.getsockname()[1], file=f)
os.rename(portfile + ".new", portfile)
while True:
    client, _ = server.accept()
    client = context.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=serve, args=(client,), daemon=True).start()
