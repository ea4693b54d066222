"""A provider made of Authlib's integration with Flask: the three endpoints of RFC 5849 section 2, and
resources everywhere else.

The argument, what is printed and the paths are those of `oauthlib_provider.py`.
"""
import importlib.metadata
import json
import logging
import os
import pathlib
import sys
import threading

# Authlib wants TLS unless it is told that this is a test.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "true"

from authlib.integrations.flask_oauth1 import AuthorizationServer, ResourceProtector, create_exists_nonce_func
from authlib.integrations.flask_oauth1.cache import register_nonce_hooks, register_temporary_credential_hooks
from flask import Flask
from werkzeug.serving import make_server

KNOWN = json.loads(sys.argv[1])
RSA_KEY = pathlib.Path(KNOWN["rsa_key"]).read_text()
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Client:
    """What Authlib asks a client."""

    def get_default_redirect_uri(self):
        return "http://127.0.0.1:9/default"

    def get_client_secret(self):
        return KNOWN["client_secret"]

    def get_rsa_public_key(self):
        return RSA_KEY


class Token:
    """What Authlib asks token credentials."""

    def __init__(self, token, secret):
        self.token, self.secret = token, secret

    def get_oauth_token(self):
        return self.token

    def get_oauth_token_secret(self):
        return self.secret


class ResourceOwner:
    def get_user_id(self):
        return "jane"


class Cache(dict):
    """What was seen and given out, as the caches that Authlib wants remember it."""

    def has(self, key):
        return key in self

    def set(self, key, value, timeout=None):
        self[key] = value

    def delete(self, key):
        self.pop(key, None)


def query_client(client):
    return Client() if client in (KNOWN["client"], KNOWN["rsa_client"]) else None


def query_token(client, token):
    return TOKENS.get(token)


def create_token_credential(token, temporary):
    TOKENS[token["oauth_token"]] = Token(token["oauth_token"], token["oauth_token_secret"])
    return TOKENS[token["oauth_token"]]


TOKENS = {KNOWN["token"]: Token(KNOWN["token"], KNOWN["token_secret"])}
CACHE = Cache()

app = Flask(__name__)
app.config["OAUTH1_SUPPORTED_SIGNATURE_METHODS"] = ["HMAC-SHA1", "RSA-SHA1", "PLAINTEXT"]
app.url_map.merge_slashes = False
# A fault is answered with 500, and need not be told.
app.logger.setLevel(logging.CRITICAL)
logging.getLogger("werkzeug").setLevel(logging.CRITICAL)

server = AuthorizationServer(app, query_client=query_client)
register_nonce_hooks(server, CACHE)
register_temporary_credential_hooks(server, CACHE)
server.register_hook("create_token_credential", create_token_credential)
protect = ResourceProtector(app, query_client, query_token, create_exists_nonce_func(CACHE))


@app.route("/initiate", methods=["GET", "POST"])
def initiate():
    return server.create_temporary_credentials_response()


@app.route("/authorize")
def authorize():
    # The resource owner says yes at once.
    return server.create_authorization_response(grant_user=ResourceOwner())


@app.route("/token", methods=["GET", "POST"])
def token():
    return server.create_token_response()


@app.route("/", defaults={"path": ""}, methods=METHODS, provide_automatic_options=False)
@app.route("/<path:path>", methods=METHODS, provide_automatic_options=False)
@protect()
def resource(path):
    return "verified"


servers = [make_server(host, 0, app, threaded=True) for host in ("127.0.0.1", "::1")]
for each in servers:
    threading.Thread(target=each.serve_forever, daemon=True).start()
print(*(each.port for each in servers))
print("Authlib", importlib.metadata.version("Authlib"))
sys.stdin.read()
os._exit(0)
