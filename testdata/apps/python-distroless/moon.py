"""Tells how old the moon is on a day: GET /YYYY-MM-DD."""
import argparse
import datetime
import http.server
import json

KNOWN = datetime.date(2000, 1, 6)  # a new moon
MONTH = 29.530588


def age(day):
    return round((day - KNOWN).days % MONTH, 1)


class Moon(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            day = datetime.date.fromisoformat(self.path[1:])
        except ValueError:
            self.answer(400, {"error": "no day"})
            return
        self.answer(200, {"age": age(day)})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8000)
    http.server.HTTPServer(("", options.parse_args().port), Moon).serve_forever()
