"""newch.py - the newest ClickHouse for tests: chdb, its engine as a module of
Python, behind the part of its HTTP interface that rudder-query speaks.

Prints the port and serves on the loopback until it is ended. A result comes
whole, so errors in the middle of one are for the fake server to play.
"""
import re
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

from chdb.session import Session

session = Session("clickhouse")  # in the folder of the test; without a path it would stay in /tmp


def literal(name, value):
    if value.isdigit() and not name.startswith("param_"):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def answer(query, sql):
    """Status, headers and body of one request."""
    try:
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name not in ("database", "readonly"):
                session.query(f"SET {name} = {literal(name, value)}")
        return 200, {}, session.query(sql, "TabSeparated").bytes()
    except RuntimeError as error:
        code = re.search(r"Code: (\d+)\.", str(error))
        return 500, {"X-ClickHouse-Exception-Code": code.group(1)}, str(error).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        sql = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, headers, body = answer(urlsplit(self.path).query, sql)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
