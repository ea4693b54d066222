"""The three legs by requests-oauthlib, with an owner's browser that knows nothing of OAuth."""

import html.parser
import sys

import requests
from requests_oauthlib import OAuth1Session
from requests_oauthlib.oauth1_session import TokenRequestDenied

origin, identifier, secret, callback, place = sys.argv[1:6]


class Form(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.pairs, self.method = [], None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.method = attributes["method"]
        elif tag == "input":
            self.pairs.append((attributes["name"], attributes["value"]))


def decide(url, decision):
    """What an owner does: open the page, press a button."""
    browser = requests.Session()
    browser.headers["Cookie"] = "session=jane-6Hq8gKkTLWVxAYcxvEjd4w"
    page = browser.get(url)
    page.raise_for_status()
    form = Form()
    form.feed(page.text)
    assert form.method == "post", form.method
    return browser.post(
        url.split("?")[0],
        data=form.pairs + [("decision", decision)],
        headers={"Sec-Fetch-Site": "same-origin"},
        allow_redirects=False,
    )


def session(**more):
    return OAuth1Session(identifier, client_secret=secret, signature_type=place, **more)


client = session(callback_uri=callback)
temporary = client.fetch_request_token(origin + "/oauth/initiate")
assert temporary["oauth_callback_confirmed"] == "true", temporary
redirect = decide(client.authorization_url(origin + "/oauth/authorize"), "approve")
assert redirect.status_code == 303, redirect.text
client.parse_authorization_response(redirect.headers["Location"])
token = client.fetch_access_token(origin + "/oauth/token")
assert token["screen_name"] == "jane", token

# It puts parameters into the body of a form alone.
resource = origin + "/photos"
photos = client.post(resource, data={"a": "b c"}) if place == "BODY" else client.get(resource)
assert photos.status_code == 200 and photos.text == "jane: read write", photos.text

# The same temporary credentials do not serve a second time.
again = session(
    resource_owner_key=temporary["oauth_token"],
    resource_owner_secret=temporary["oauth_token_secret"],
    verifier="guess",
)
try:
    again.fetch_access_token(origin + "/oauth/token")
    sys.exit("a second token")
except TokenRequestDenied as denied:
    assert denied.status_code == 401, denied.status_code

# Denied: the client is told so on its callback.
client = session(callback_uri=callback)
client.fetch_request_token(origin + "/oauth/initiate")
redirect = decide(client.authorization_url(origin + "/oauth/authorize"), "deny")
assert "oauth_problem=user_refused" in redirect.headers["Location"]

print("completed")
