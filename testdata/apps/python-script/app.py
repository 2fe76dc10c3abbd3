import json
import pathlib
from http.server import BaseHTTPRequestHandler, HTTPServer

WORDS = json.loads((pathlib.Path(__file__).parent / "words.json").read_text())


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        word = WORDS.get(self.path.strip("/"))
        self.send_response(200 if word else 404)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write((word or "unknown").encode())


HTTPServer(("", 8000), Handler).serve_forever()
