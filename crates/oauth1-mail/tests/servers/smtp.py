"""aiosmtpd with XOAUTH and OAUTH10A: `smtp.py KEY CERTIFICATE`.

Prints two ports: one without TLS, that has STARTTLS, and one with TLS. Prints each message that it gets.
"""

import asyncio
import base64
import json
import os
import ssl
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from aiosmtpd.smtp import MISSING, SMTP, AuthResult

import mechanisms


class Handler:
    async def auth_XOAUTH(self, server, arguments):
        return await self.login("XOAUTH", server, arguments)

    async def auth_OAUTH10A(self, server, arguments):
        return await self.login("OAUTH10A", server, arguments)

    async def login(self, mechanism, server, arguments):
        port = server.transport.get_extra_info("sockname")[1]
        exchange = mechanisms.Exchange(mechanism, "smtp", "localhost", port)
        if len(arguments) > 1:
            mechanisms.say("initial response")
            message = base64.b64decode(arguments[1])
        else:
            message = await server.challenge_auth(b"")
            if message is MISSING:
                return AuthResult(success=False)
        error = exchange.message(message)
        if error is not None:
            reply = await server.challenge_auth(error)
            if reply is not MISSING:
                exchange.reply(reply)
        # A refused login is answered with 535.
        return AuthResult(success=exchange.user is not None, handled=False, auth_data=exchange)

    async def handle_DATA(self, server, session, envelope):
        mail = {"from": envelope.mail_from, "to": envelope.rcpt_tos}
        mail["user"] = session.auth_data.user
        mail["content"] = envelope.content.decode()
        mechanisms.say("mail", json.dumps(mail))
        return "250 OK"


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[1])
    handler = Handler()

    def session(**settings):
        return lambda: SMTP(
            handler, auth_required=True, auth_require_tls=False, enable_SMTPUTF8=True, **settings
        )

    loop = asyncio.get_running_loop()
    plain = await loop.create_server(session(tls_context=context), "127.0.0.1", 0)
    secure = await loop.create_server(session(), "127.0.0.1", 0, ssl=context)
    mechanisms.end_with_parent()
    mechanisms.say(*(server.sockets[0].getsockname()[1] for server in (plain, secure)))
    await asyncio.Event().wait()


asyncio.run(main())
