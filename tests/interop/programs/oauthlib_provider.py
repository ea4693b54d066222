"""A provider made of oauthlib: the three endpoints of RFC 5849 section 2, and resources everywhere else.

The argument is a JSON object with the credentials that are known beforehand: `client`, `client_secret`,
`rsa_client`, `rsa_key` (the public one, in a PEM file), `token` and `token_secret`. It prints its ports
once it listens, over IPv4 and over IPv6, then its name and version, and ends when its standard input does.

| path | what it is |
| --- | --- |
| `/initiate`, `/token` | the endpoints of the first and the third leg |
| `/authorize` | the resource owner says yes at once: a redirect, or the verifier in the body |
| any other | a resource: 200 with `verified` where the request is accepted, or 401 and why not |
"""
import importlib.metadata
import json
import os
import pathlib
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from oauthlib import oauth1
from oauthlib.oauth1 import RequestValidator, SignatureOnlyEndpoint, WebApplicationServer

KNOWN = json.loads(sys.argv[1])
RESOURCE_OWNER = "jane"


class Validator(RequestValidator):
    """What oauthlib asks of an application: who is known, and what was seen."""

    enforce_ssl = False
    allowed_signature_methods = [
        oauth1.SIGNATURE_HMAC_SHA1,
        oauth1.SIGNATURE_HMAC_SHA256,
        oauth1.SIGNATURE_HMAC_SHA512,
        oauth1.SIGNATURE_RSA_SHA1,
        oauth1.SIGNATURE_RSA_SHA256,
        oauth1.SIGNATURE_RSA_SHA512,
        oauth1.SIGNATURE_PLAINTEXT,
    ]
    dummy_client = "nobody"
    dummy_request_token = "nothing"
    dummy_access_token = "nothing"
    realms = ["photos"]

    def __init__(self):
        self.lock = threading.Lock()
        self.secrets = {KNOWN["client"]: KNOWN["client_secret"], KNOWN["rsa_client"]: ""}
        self.rsa_key = pathlib.Path(KNOWN["rsa_key"]).read_text()
        # Token: client, secret.
        self.tokens = {
            (client, KNOWN["token"]): KNOWN["token_secret"] for client in self.secrets
        }
        self.temporary = {}
        self.seen = set()

    # The format of an identifier is the provider's own affair: any does.
    def check_client_key(self, client_key):
        return True

    def check_request_token(self, request_token):
        return True

    def check_access_token(self, request_token):
        return True

    def check_nonce(self, nonce):
        return True

    def check_verifier(self, verifier):
        return True

    def check_realms(self, realms):
        return True

    def validate_client_key(self, client_key, request):
        return client_key in self.secrets

    def get_client_secret(self, client_key, request):
        return self.secrets.get(client_key, "unknown")

    def get_rsa_key(self, client_key, request):
        return self.rsa_key

    def validate_timestamp_and_nonce(
        self, client_key, timestamp, nonce, request, request_token=None, access_token=None
    ):
        key = (client_key, request_token, access_token, timestamp, nonce)
        with self.lock:
            fresh = key not in self.seen
            self.seen.add(key)
        return fresh

    # The first leg.
    def get_default_realms(self, client_key, request):
        return ["photos"]

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri == "oob" or redirect_uri.startswith("http://127.0.0.1")

    def save_request_token(self, token, request):
        with self.lock:
            self.temporary[token["oauth_token"]] = {
                "client": request.client_key,
                "secret": token["oauth_token_secret"],
                "callback": request.redirect_uri,
                "verifier": None,
            }

    # The second leg.
    def verify_request_token(self, token, request):
        return token in self.temporary

    def verify_realms(self, token, realms, request):
        return True

    def get_realms(self, token, request):
        return ["photos"]

    def get_redirect_uri(self, token, request):
        return self.temporary[token]["callback"]

    def save_verifier(self, token, verifier, request):
        self.temporary[token]["verifier"] = verifier["oauth_verifier"]

    # The third leg.
    def validate_request_token(self, client_key, token, request):
        return self.temporary.get(token, {}).get("client") == client_key

    def get_request_token_secret(self, client_key, token, request):
        return self.temporary.get(token, {}).get("secret", "unknown")

    def validate_verifier(self, client_key, token, verifier, request):
        kept = self.temporary.get(token, {}).get("verifier")
        return kept is not None and kept == verifier

    def invalidate_request_token(self, client_key, request_token, request):
        with self.lock:
            self.temporary.pop(request_token, None)

    def save_access_token(self, token, request):
        with self.lock:
            self.tokens[request.client_key, token["oauth_token"]] = token["oauth_token_secret"]

    # Resources.
    def validate_access_token(self, client_key, token, request):
        return (client_key, token) in self.tokens

    def get_access_token_secret(self, client_key, token, request):
        return self.tokens.get((client_key, token), "unknown")

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True


VALIDATOR = Validator()
SERVER = WebApplicationServer(VALIDATOR)
# What has no token: two-legged requests.
SIGNATURE_ONLY = SignatureOnlyEndpoint(VALIDATOR)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def read_body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while length := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(length)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def answer(self, status, headers, body):
        body = (body or "").encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            # Node.js would send its next request on the same connection.
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_any(self):
        # Byte for byte; oauthlib wants text.
        body = self.read_body().decode("latin-1")
        uri = "http://{}{}".format(self.headers["Host"], self.path)
        request = (uri, self.command, body, dict(self.headers))
        path = self.path.partition("?")[0]
        try:
            if path == "/initiate":
                headers, body, status = SERVER.create_request_token_response(*request)
            elif path == "/authorize":
                headers, body, status = SERVER.create_authorization_response(
                    *request, realms=["photos"], credentials={}
                )
            elif path == "/token":
                headers, body, status = SERVER.create_access_token_response(
                    *request, credentials={"user_id": RESOURCE_OWNER}
                )
            else:
                headers, body, status = {}, *self.resource(request)
        except Exception as error:  # A fault of oauthlib's is an answer too: it must not hang.
            headers, body, status = {}, repr(error), 500
        self.answer(status, headers, body)

    def resource(self, request):
        valid, seen = SERVER.validate_protected_resource_request(*request)
        if not valid and seen is not None and not seen.resource_owner_key:
            valid, seen = SIGNATURE_ONLY.validate_request(*request)
        if valid:
            return "verified", 200
        if seen is None:
            return "oauthlib finds no request in it", 401
        return "refused: {}".format(dict(seen.validator_log)), 401

    def log_message(self, *arguments):
        pass


for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
    setattr(Handler, "do_" + method, Handler.handle_any)


class Ipv6Server(ThreadingHTTPServer):
    address_family = socket.AF_INET6


servers = [ThreadingHTTPServer(("127.0.0.1", 0), Handler), Ipv6Server(("::1", 0), Handler)]
for each in servers:
    threading.Thread(target=each.serve_forever, daemon=True).start()
print(*(each.server_address[1] for each in servers))
print("oauthlib", importlib.metadata.version("oauthlib"))
sys.stdin.read()
os._exit(0)
