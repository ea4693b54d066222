"""XOAUTH and OAUTH10A as a server checks them, with oauthlib: for the servers beside this file."""

import json
import os
import sys
import threading
from urllib.parse import unquote

from oauthlib.oauth1 import RequestValidator, ResourceEndpoint

CLIENT, CLIENT_SECRET = "dpf43f3p2l4k3l03", "kd94hf93k423kf44"
TOKEN, TOKEN_SECRET = "nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"
OWNER = "jane@example.com"
SERVICE = "https://mail.example.com/mail/b/"


class Validator(RequestValidator):
    """One client, one token, and the nonces that were used."""

    client_key_length = nonce_length = access_token_length = (1, 200)
    timestamp_lifetime = 300
    allowed_signature_methods = ["HMAC-SHA1"]
    # OAUTH10A signs for http whether or not there is TLS.
    enforce_ssl = False
    dummy_client = dummy_access_token = "dummy"

    def __init__(self):
        super().__init__()
        self.seen = set()
        self.why = None

    def check_client_key(self, client_key):
        return 0 < len(client_key) <= 200

    check_access_token = check_nonce = check_client_key

    def validate_timestamp_and_nonce(
        self, client_key, timestamp, nonce, request, request_token=None, access_token=None
    ):
        key = (client_key, access_token, timestamp, nonce)
        if key in self.seen:
            self.why = "replay"
            return False
        self.seen.add(key)
        return True

    def validate_client_key(self, client_key, request):
        return client_key == CLIENT

    def validate_access_token(self, client_key, token, request):
        return (client_key, token) == (CLIENT, TOKEN)

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def get_client_secret(self, client_key, request):
        return CLIENT_SECRET if client_key == CLIENT else "no secret of anybody"

    def get_access_token_secret(self, client_key, token, request):
        return TOKEN_SECRET if token == TOKEN else "no secret of anybody"


VALIDATOR = Validator()
ENDPOINT = ResourceEndpoint(VALIDATOR)


class Refused(Exception):
    pass


def verify(method, uri, header):
    VALIDATOR.why = None
    valid, request = ENDPOINT.validate_protected_resource_request(
        uri, method, None, {"Authorization": header}
    )
    if not valid:
        checked = request is not None and "signature" in request.validator_log
        raise Refused(VALIDATOR.why or ("signature" if checked else "request"))


def xoauth(message, protocol):
    """Gives the user, or raises Refused."""
    parts = message.decode().split(" ", 2)
    if len(parts) != 3 or parts[0] != "GET":
        raise Refused("malformed")
    uri = parts[1]
    if not uri.startswith(SERVICE) or not uri.split("?")[0].endswith("/%s/" % protocol):
        raise Refused("url")
    verify("GET", uri, "OAuth " + parts[2])
    return authorized(unquote(uri[len(SERVICE) :].split("/")[0]))


def oauth10a(message, host, port):
    """Gives the user, or raises Refused."""
    header, *pairs = message.decode().split("\x01")
    if pairs[-2:] != ["", ""] or not header.startswith("n,") or not header.endswith(","):
        raise Refused("malformed")
    values = dict(pair.split("=", 1) for pair in pairs[:-2])
    if (values.get("host"), values.get("port")) != (host, str(port)):
        raise Refused("place")
    verify("POST", "http://%s:%s/" % (host, port), values["auth"])
    name = header[2:-1]
    user = name[2:].replace("=2C", ",").replace("=3D", "=") if name else OWNER
    return authorized(user)


def authorized(user):
    if user != OWNER:
        raise Refused("user")
    return user


class Exchange:
    """One login: a message, and for OAUTH10A an error and its reply."""

    def __init__(self, mechanism, protocol, host, port):
        self.mechanism, self.protocol, self.host, self.port = mechanism, protocol, host, port
        self.user = None
        self.error = None

    def message(self, message):
        """Gives the error to send, or None."""
        try:
            if self.mechanism == "XOAUTH":
                self.user = xoauth(message, self.protocol)
            else:
                self.user = oauth10a(message, self.host, self.port)
            say("accepted", self.mechanism, self.user)
        except Refused as refused:
            say("refused", self.mechanism, str(refused))
            if self.mechanism == "OAUTH10A":
                status = "invalid_token" if str(refused) != "user" else "insufficient_scope"
                self.error = json.dumps({"status": status}).encode()
        return self.error

    def reply(self, reply):
        say("reply", reply.hex())


def say(*words):
    print(*words, flush=True)


def end_with_parent():
    """The process that started this one holds the other end of standard input."""
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
