"""Twisted's IMAP server with XOAUTH and OAUTH10A: `imap.py KEY CERTIFICATE`.

Prints two ports: one without TLS, that has STARTTLS, and one with TLS.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from twisted.cred import checkers, credentials, error, portal
from twisted.internet import defer, protocol, reactor, ssl
from twisted.mail import imap4, interfaces
from zope.interface import implementer

import mechanisms


class IMailLogin(credentials.ICredentials):
    """What the checker looks at."""


@implementer(interfaces.IChallengeResponse, IMailLogin)
class Login:
    def __init__(self, mechanism, port):
        self.exchange = mechanisms.Exchange(mechanism, "imap", "localhost", port)
        self.challenge, self.over, self.begun = b"", False, False

    def getChallenge(self):
        return self.challenge

    def setResponse(self, response):
        if self.begun:
            self.exchange.reply(response)
            self.over = True
            return
        self.begun = True
        self.challenge = self.exchange.message(response)
        self.over = self.challenge is None

    def moreChallenges(self):
        return not self.over


@implementer(checkers.ICredentialsChecker)
class Checker:
    credentialInterfaces = (IMailLogin,)

    def requestAvatarId(self, login):
        if login.exchange.user is None:
            return defer.fail(error.UnauthorizedLogin())
        return defer.succeed(login.exchange.user)


@implementer(interfaces.IMailboxIMAPInfo, interfaces.IMailboxIMAP)
class Mailbox:
    def getFlags(self):
        return [r"\Seen"]

    def getHierarchicalDelimiter(self):
        return "/"

    def getUIDValidity(self):
        return 1

    def getUIDNext(self):
        return 4

    def getMessageCount(self):
        return 3

    def getRecentCount(self):
        return 1

    def getUnseenCount(self):
        return 2

    def isWriteable(self):
        return True

    def addListener(self, listener):
        pass

    def removeListener(self, listener):
        pass


@implementer(portal.IRealm)
class Realm:
    def requestAvatar(self, user, mind, *_):
        account = imap4.MemoryAccount(user)
        for name in ("INBOX", "Sent", "Drafts"):
            account.addMailbox(name, Mailbox())
        return interfaces.IAccountIMAP, account, lambda: None


class Server(imap4.IMAP4Server):
    """With the initial response of RFC 4959 as well, which Twisted's has not."""

    def capabilities(self):
        return {**super().capabilities(), b"SASL-IR": None}

    def arg_line(self, line):
        return line.strip(), b""

    def do_AUTHENTICATE(self, tag, arguments):
        name, _, initial = arguments.partition(b" ")
        if not initial:
            return super().do_AUTHENTICATE(tag, name)
        login = self.challengers[name.upper()]()
        self._IMAP4Server__cbAuthChunk(initial, login, tag)

    unauth_AUTHENTICATE = (do_AUTHENTICATE, arg_line)


class Factory(protocol.Factory):
    def __init__(self, context):
        self.context = context

    def buildProtocol(self, address):
        server = Server(contextFactory=self.context)
        server.factory = self
        server.portal = portal.Portal(Realm(), [Checker()])
        for mechanism in ("XOAUTH", "OAUTH10A"):
            server.challengers[mechanism.encode()] = lambda mechanism=mechanism: Login(
                mechanism, server.transport.getHost().port
            )
        return server


context = ssl.DefaultOpenSSLContextFactory(*sys.argv[1:3])
plain = reactor.listenTCP(0, Factory(context), interface="127.0.0.1")
secure = reactor.listenSSL(0, Factory(None), context, interface="127.0.0.1")
mechanisms.end_with_parent()
mechanisms.say(plain.getHost().port, secure.getHost().port)
reactor.run()
