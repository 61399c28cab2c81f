"""What each zone's instance runs behind the sample load balancer: server.py STATUS ROLE REGION ZONE PORT."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        told = {"region": REGION, "zone": ZONE, "role": ROLE, "method": self.command, "path": self.path}
        body = json.dumps(told).encode()
        self.send_response(int(STATUS))
        self.send_header("content-type", "application/json")
        self.send_header("cache-control", "no-store")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = answer  # noqa: N815 - the names that http.server looks for


if __name__ == "__main__":
    STATUS, ROLE, REGION, ZONE, PORT = sys.argv[1:]
    ThreadingHTTPServer(("", int(PORT)), Handler).serve_forever()
