"""Signs with oauthlib and python-oauth2 for as long as it is told: see ../src/foreign.rs."""

import sys
import time
from urllib.parse import parse_qsl

import oauth2
from oauthlib.oauth1 import Client


def oauthlib(credentials, method, url, form):
    client, secret, token, token_secret, nonce, timestamp = credentials
    signer = Client(
        client,
        client_secret=secret,
        resource_owner_key=token,
        resource_owner_secret=token_secret,
        nonce=nonce,
        timestamp=timestamp,
    )
    body = form or None
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}

    def sign():
        return signer.sign(url, http_method=method, body=body, headers=headers)[1]["Authorization"]

    return sign


def python_oauth2(credentials, method, url, form):
    client, secret, token, token_secret, nonce, timestamp = credentials
    consumer = oauth2.Consumer(client, secret)
    token = oauth2.Token(token, token_secret)
    hmac = oauth2.SignatureMethod_HMAC_SHA1()
    parameters = dict(parse_qsl(form))
    parameters["oauth_nonce"] = nonce
    parameters["oauth_timestamp"] = timestamp
    parameters["oauth_token"] = token.key

    def sign():
        request = oauth2.Request(method, url, dict(parameters), is_form_encoded=True)
        request.sign_request(hmac, consumer, token)
        return request.to_header()["Authorization"]

    return sign


def main():
    libraries = {"oauthlib": oauthlib, "python-oauth2": python_oauth2}
    # Bytes that are UTF-8, whatever the locale is.
    lines = (line.decode().rstrip("\n") for line in sys.stdin.buffer)
    credentials = next(lines).split("\t")
    workloads = []
    for line in lines:
        if not line:
            break
        workloads.append(line.split("\t"))
    for line in lines:
        library, workload, milliseconds = line.split("\t")
        sign = libraries[library](credentials, *workloads[int(workload)])
        header = sign()
        count, start = 0, time.process_time_ns()
        until = start + int(milliseconds) * 1_000_000
        now = start
        while now < until:
            for _ in range(8):
                sign()
            count += 8
            now = time.process_time_ns()
        print(f"{(now - start) / count}\t{header}")


main()
