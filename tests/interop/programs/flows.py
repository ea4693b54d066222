"""The three legs by a client in Python, whose name is the argument: a line with the endpoints leads to one
with the URL at which the resource owner is asked, and a line with what came of that to the answer of the
resource. The first line that it says is its package and its version.
"""
import importlib.metadata
import json
import sys

NAME = sys.argv[1]


def requests_oauthlib(told):
    from requests_oauthlib import OAuth1Session

    places = {"header": "AUTH_HEADER", "query": "QUERY", "form": "BODY"}
    return OAuth1Session(
        told["client"],
        client_secret=told["client_secret"],
        signature_method=told["signature_method"],
        signature_type=places[told["transmission"]],
        rsa_key=told["rsa_key"],
        callback_uri=told["callback"],
    )


def authlib(told):
    from authlib.integrations.requests_client import OAuth1Session

    if told["signature_method"] not in ("HMAC-SHA1", "RSA-SHA1"):
        return None
    places = {"header": "HEADER", "query": "QUERY", "form": "BODY"}
    return OAuth1Session(
        told["client"],
        client_secret=told["client_secret"],
        signature_method=told["signature_method"],
        signature_type=places[told["transmission"]],
        rsa_key=told["rsa_key"],
        redirect_uri=told["callback"],
    )


def authorization_url(session, url):
    make = session.authorization_url if NAME == "requests-oauthlib" else session.create_authorization_url
    return make(url)


def finish(session, told, back):
    verifier = back["verifier"]
    if back["callback"]:
        session.parse_authorization_response(back["callback"])
        session.fetch_access_token(told["token"])
    else:
        session.fetch_access_token(told["token"], verifier=verifier)
    if told["transmission"] == "form":
        return session.post(told["resource"], data={"size": "original"})
    return session.get(told["resource"])


def say(**said):
    print(json.dumps(said))


CLIENTS = {"requests-oauthlib": requests_oauthlib, "Authlib": authlib}
print(NAME, importlib.metadata.version(NAME))
for line in sys.stdin:
    told = json.loads(line)
    try:
        session = CLIENTS[NAME](told)
        if session is None:
            say(cannot="it has no " + told["signature_method"])
            continue
        session.trust_env = False
        session.fetch_request_token(told["initiate"])
        say(authorize=authorization_url(session, told["authorize"]))
        answer = finish(session, told, json.loads(sys.stdin.readline()))
        say(status=answer.status_code, text=answer.text)
    except Exception as error:  # Whatever it is, it is the answer.
        say(error="{}: {}".format(type(error).__name__, error))
