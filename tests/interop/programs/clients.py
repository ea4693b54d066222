"""A client in Python, whose name is the argument: it reads requests, a JSON object a line, sends each
signed, and says what came of it, a line each. The first line that it says is its package and its version.

A request has `method`, `url`, `headers`, `body` (base64, or null), `signature_method`, `transmission`
(`header`, `query` or `form`), `realm`, `client`, `client_secret`, `token`, `token_secret`, `rsa_key`,
`callback`, `verifier` and `extra`, each null where there is none. An answer has `status` and `text`, or
`cannot`: why the package has no way to send such a request, or `error`: how it failed.
"""
import base64
import importlib.metadata
import json
import sys

NAME = sys.argv[1]


class Cannot(Exception):
    """Why a package has no way to send such a request."""


def demand(call, methods, places):
    if call["signature_method"] not in methods:
        raise Cannot("it has no " + call["signature_method"])
    if call["transmission"] not in places:
        raise Cannot("it sends nothing in the " + call["transmission"] + " that it is told to")
    if call["extra"]:
        raise Cannot("it sends no further protocol parameter")
    if call["token"] == "":
        raise Cannot("it sends no empty token")


def requests_oauthlib(call):
    from requests_oauthlib import OAuth1Session

    hashes = ["SHA1", "SHA256", "SHA512"]
    methods = [kind + hash for kind in ("HMAC-", "RSA-") for hash in hashes] + ["PLAINTEXT"]
    places = {"header": "AUTH_HEADER", "query": "QUERY", "form": "BODY"}
    demand(call, methods, places)
    if call["method"] == "GET" and call["transmission"] == "form":
        raise Cannot("it sends no form with a GET")
    session = OAuth1Session(
        call["client"],
        client_secret=call["client_secret"],
        resource_owner_key=call["token"],
        resource_owner_secret=call["token_secret"],
        signature_method=call["signature_method"],
        signature_type=places[call["transmission"]],
        rsa_key=call["rsa_key"],
        callback_uri=call["callback"],
        verifier=call["verifier"],
    )
    session.auth.client.realm = call["realm"]
    return of_requests(session, call)


def authlib(call):
    from authlib.integrations.requests_client import OAuth1Session

    places = {"header": "HEADER", "query": "QUERY", "form": "BODY"}
    demand(call, ["HMAC-SHA1", "RSA-SHA1", "PLAINTEXT"], places)
    session = OAuth1Session(
        call["client"],
        client_secret=call["client_secret"],
        token=call["token"],
        token_secret=call["token_secret"],
        signature_method=call["signature_method"],
        signature_type=places[call["transmission"]],
        rsa_key=call["rsa_key"],
        redirect_uri=call["callback"],
        verifier=call["verifier"],
        realm=call["realm"],
    )
    return of_requests(session, call)


def of_requests(session, call):
    session.trust_env = False
    headers = dict(call["headers"])
    answer = session.request(call["method"], call["url"], data=body_of(call), headers=headers)
    return answer.status_code, answer.text


def python_oauth2(call):
    import oauth2

    methods = {
        "HMAC-SHA1": oauth2.SignatureMethod_HMAC_SHA1,
        "PLAINTEXT": oauth2.SignatureMethod_PLAINTEXT,
    }
    demand(call, methods, ["header", "query", "form"])
    headers = dict(call["headers"])
    type = headers.pop("content-type", None)
    if type:
        # It knows the name of the header in this form alone.
        headers["Content-Type"] = type
    # Where the parameters go it decides itself: a GET's into the query, a form's into the form.
    is_form = call["method"] == "POST" and type in (None, "application/x-www-form-urlencoded")
    place = "form" if is_form else "query" if call["method"] == "GET" else "header"
    if call["transmission"] != place and call["transmission"] != "header":
        raise Cannot("it sends nothing in the " + call["transmission"] + " that it is told to")
    if call["realm"]:
        raise Cannot("its realm is always the origin")
    if call["callback"]:
        raise Cannot("it sends no callback with a resource's request")
    token = oauth2.Token(call["token"], call["token_secret"]) if call["token"] else None
    client = oauth2.Client(oauth2.Consumer(call["client"], call["client_secret"]), token)
    client.set_signature_method(methods[call["signature_method"]]())
    body = body_of(call) or b""
    # As its README has it: text, where it is any.
    body = body.decode() if is_form else body
    response, content = client.request(call["url"], call["method"], body=body, headers=headers)
    return response.status, content.decode()


def body_of(call):
    return None if call["body"] is None else base64.b64decode(call["body"])


CLIENTS = {
    "requests-oauthlib": requests_oauthlib,
    "Authlib": authlib,
    "oauth2": python_oauth2,
}
print(NAME, importlib.metadata.version(NAME))
for line in sys.stdin:
    try:
        status, text = CLIENTS[NAME](json.loads(line))
        said = {"status": status, "text": text}
    except Cannot as why:
        said = {"cannot": str(why)}
    except Exception as error:  # Whatever it is, it is the answer.
        said = {"error": "{}: {}".format(type(error).__name__, error)}
    print(json.dumps(said))
