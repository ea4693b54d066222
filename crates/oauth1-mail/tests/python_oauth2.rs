//! XOAUTH as python-oauth2 1.9.0.post1 makes it, asked live.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::process::Command;

use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, SharedSecrets, Signer, Stamp, StandIn, Target, Timestamp,
    TokenCredentials,
    sasl::{Client, Protocol, Server},
    verify::{Lookup, NonceStatus, Policy},
};
use oauth1_foreign::python;

const TIME: u64 = 1_260_933_683;

/// Prints its string for the inputs; the first argument says whether with the body hash that it adds,
/// which no request without a body should have, or as if the request were a form.
const SCRIPT: &str = "
import sys, oauth2
body_hash, url, client, secret, token, token_secret, nonce, time = sys.argv[1:]
oauth2.Request.make_timestamp = classmethod(lambda _: time)
oauth2.Request.make_nonce = classmethod(lambda _: nonce)
if body_hash == 'without':
    oauth2.Request.is_form_encoded = property(lambda _: True, lambda _, value: None)
token = oauth2.Token(token, token_secret) if token else None
print(oauth2.build_xoauth_string(url, oauth2.Consumer(client, secret), token), end='')
";

struct Case {
    url: &'static str,
    client: &'static str,
    secret: &'static str,
    token: Option<(&'static str, &'static str)>,
    nonce: &'static str,
}

const CASES: [Case; 5] = [
    Case {
        url: "https://mail.google.com/mail/b/someuser@example.com/imap/",
        client: "anonymous",
        secret: "anonymous",
        token: Some(("1/Fh3hHzNtZ8GHTqJ3zFz_KkIaVQ", "ts")),
        nonce: "6142152420612394214",
    },
    Case {
        url: "https://mail.google.com/mail/b/someuser@example.com/smtp/",
        client: "a client/with=signs&",
        secret: "s%cret &",
        token: Some(("t+o k~en", "=")),
        nonce: "n",
    },
    Case {
        url: "https://mail.google.com/mail/b/u@example.com/imap/?xoauth_requestor_id=u%40example.com",
        client: "foo.com",
        secret: "sd9fhidfskfj",
        token: None,
        nonce: "6142152420612394214",
    },
    Case {
        url: "https://mail.google.com/mail/b/u@example.com/imap/",
        client: "Zoë",
        secret: "ключ",
        token: Some(("☃", "é")),
        nonce: "ü",
    },
    Case {
        url: "https://mail.google.com:443/mail/b/u@example.com/imap/",
        client: "c",
        secret: "",
        token: Some(("t", "")),
        nonce: "1",
    },
];

impl Case {
    fn theirs(&self, body_hash: &str) -> String {
        let (token, token_secret) = self.token.unwrap_or_default();
        let mut command: Command = python().unwrap().command();
        command.args(["-c", SCRIPT, body_hash, self.url, self.client, self.secret]);
        command.args([token, token_secret, self.nonce, &TIME.to_string()]);
        let output = command.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn ours(&self) -> String {
        let client = ClientCredentials::new(self.client, self.secret);
        let signer = match self.token {
            Some((token, secret)) => {
                Signer::<HmacSha1>::for_token(&client, &TokenCredentials::new(token, secret))
            }
            None => Signer::for_client(&client),
        };
        let client = Client::xoauth(signer.with_version(), self.url).unwrap();
        let stamp = Stamp::new(Timestamp::from_unix_seconds(TIME), Nonce::new(self.nonce));
        let (mut slots, mut out) = (Vec::new(), Vec::new());
        client
            .initial_response(stamp, &mut slots, &mut out)
            .unwrap();
        String::from_utf8(out).unwrap()
    }
}

#[test]
fn without_its_body_hash_every_byte_is_the_same() {
    for case in &CASES {
        assert_eq!(case.ours(), case.theirs("without"));
    }
}

#[test]
fn a_server_takes_it_as_it_is_for_the_hash_is_that_of_no_body() {
    let case = &CASES[0];
    let theirs = case.theirs("with");
    assert!(theirs.contains(" oauth_body_hash=\"2jmj7l5rSw0yVb%2FvlWAYkK%2FYBwk%3D\","));
    let service = Target::parse("https://mail.google.com/mail/b/").unwrap();
    let server = Server::xoauth(Policy::new(), service, Protocol::Imap);
    let now = Timestamp::from_unix_seconds(TIME);
    let mut slots = Vec::new();
    let received = server.receive(theirs.as_bytes(), now, &mut slots).unwrap();
    let (_, token_secret) = case.token.unwrap();
    let secrets = SharedSecrets::new(case.secret, token_secret);
    let authentic = received.authenticate(Lookup::Found(&secrets), &StandIn::new());
    let verified = authentic.unwrap().accept(NonceStatus::Fresh).unwrap();
    assert!(verified.identity().unwrap() == *"someuser@example.com");
}
