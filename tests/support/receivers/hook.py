"""An HTTP server for tests: says on standard output what it received, a line of JSON for each request.

Usage: hook.py [--key KEY] [--answer 'STATUS|HEADERS|BODY']...
Each --answer is what one request gets, in order, before the others get 204; HEADERS are `name: value`, separated by `;`.
STATUS `slow` takes the request and never answers, `big` answers 200 with 50 MB, `cut` hangs up. With a key it says whether
the request is signed with it. The first line has the port.
"""

import argparse
import hashlib
import hmac
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def say(what):
    print(json.dumps(what), flush=True)


class Taker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers = []
    key = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        told = {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}}
        told["body"] = json.loads(body)
        if self.key:
            signed = self.headers.get("x-wirewarp-timestamp", "").encode() + b"." + body
            right = "sha256=" + hmac.new(self.key.encode(), signed, hashlib.sha256).hexdigest()
            told["signed"] = hmac.compare_digest(right, self.headers.get("x-wirewarp-signature", ""))
        answer = self.answers.pop(0) if self.answers else "204||"
        told["answered"] = answer
        say(told)
        status, headers, text = answer.split("|", 2)
        if status == "slow":
            time.sleep(3600)
        if status == "cut":
            self.close_connection = True
            return
        payload = b"x" * 50_000_000 if status == "big" else text.encode()
        self.send_response(200 if status == "big" else int(status))
        for header in filter(None, headers.split(";")):
            name, value = header.split(":", 1)
            self.send_header(name.strip(), value.strip())
        if status != "204":
            self.send_header("content-length", str(len(payload)))
        self.end_headers()
        try:
            self.wfile.write(payload)
        except OSError:
            pass

    def do_GET(self):
        say({"path": self.path, "answered": "GET"})
        self.send_response(404)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--key")
    parser.add_argument("--answer", action="append", default=[])
    args = parser.parse_args()
    Taker.answers, Taker.key = args.answer, args.key
    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    server.daemon_threads = True
    say({"port": server.server_address[1]})
    server.serve_forever()


main()
