from http.server import BaseHTTPRequestHandler, HTTPServer

from itsdangerous import Signer

signer = Signer("not a secret")


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with open("signed.log", "a") as log:
            log.write(text + "\n")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(signer.sign(text))


HTTPServer(("0.0.0.0", 5000), Handler).serve_forever()
