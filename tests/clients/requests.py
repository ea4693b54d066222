"""Sends the requests that it reads, as JSON lines, with requests-oauthlib; says the answers, a line each."""

import json
import sys

from requests_oauthlib import OAuth1Session

for line in sys.stdin:
    call = json.loads(line)
    with OAuth1Session(
        call["client"],
        client_secret=call["client_secret"],
        resource_owner_key=call["token"],
        resource_owner_secret=call["token_secret"],
        signature_method=call["signature_method"],
        signature_type=call["transmission"].upper() if call["transmission"] != "header" else "AUTH_HEADER",
        rsa_key=call["rsa_key"] or None,
    ) as session:
        session.trust_env = False
        body = call["body"].encode() if call["body"] is not None else None
        headers = {"Content-Type": call["content_type"]} if call["content_type"] else {}
        try:
            answer = session.request(call["method"], call["url"], data=body, headers=headers)
            print(json.dumps([answer.status_code, answer.headers.get("www-authenticate", ""), answer.text]), flush=True)
        except ValueError as error:
            print(json.dumps([0, "", str(error)]), flush=True)
