"""A guest book: greets with the text of a file, and keeps what guests leave."""

import http.server
import os


class Book(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open("greeting.txt") as greeting:
            self.answer(greeting.read().strip() + ", " + os.environ.get("GREETING_FOR", "nobody") + "\n")

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            with open("notes/book.txt", "ab") as book:
                book.write(text + b"\n")
        except OSError as problem:
            self.answer(f"{problem}\n", 500)
        else:
            self.answer("noted\n", 201)

    def answer(self, text, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())


http.server.HTTPServer(("", int(os.environ.get("PORT", "8080"))), Book).serve_forever()
