#![cfg(all(feature = "hmac-sha1", feature = "alloc"))]

extern crate alloc;

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{Answer, Authorized, Client, Decision, Reason, Refusal, Server};
use crate::{
    ClientCredentials, HmacSha1, Nonce, SharedSecrets, Signer, Stamp, StandIn, Timestamp,
    TokenCredentials,
    verify::{Lookup, NonceStatus},
};

mod challenge;
mod message;
mod oauth10a;
mod xoauth;

const CLIENT: &str = "9djdj82h48djs9d2";
const CLIENT_SECRET: &str = "j49sk3j29djd";
const TOKEN: &str = "kkk9d7dh3k39sjv7";
const TOKEN_SECRET: &str = "dh893hdasih9";
const OWNER: &str = "user@example.com";
const TIME: u64 = 137_131_201;

fn signer() -> Signer<'static, HmacSha1> {
    let client = ClientCredentials::new(CLIENT, CLIENT_SECRET);
    let token = TokenCredentials::new(TOKEN, TOKEN_SECRET);
    Signer::for_token(&client, &token)
}

fn stamp() -> Stamp<'static> {
    Stamp::new(Timestamp::from_unix_seconds(TIME), Nonce::new("7d8f3e4a"))
}

fn message(client: &Client<'_, HmacSha1>) -> Vec<u8> {
    let (mut slots, mut out) = (Vec::new(), Vec::new());
    client
        .initial_response(stamp(), &mut slots, &mut out)
        .unwrap();
    out
}

/// What a server answers that knows the token above as that of [`OWNER`].
fn login(
    server: &Server<'_>,
    message: &[u8],
    now: u64,
    status: NonceStatus,
) -> Result<String, Refusal> {
    let mut slots = Vec::new();
    let received = server.receive(message, Timestamp::from_unix_seconds(now), &mut slots)?;
    let secrets = SharedSecrets::new(CLIENT_SECRET, TOKEN_SECRET);
    let lookup = match (received.client(), received.token()) {
        (client, Some(token)) if client == CLIENT && token == TOKEN => Lookup::Found(&secrets),
        (client, _) if client == CLIENT => Lookup::TokenUnknown,
        _ => Lookup::ClientUnknown,
    };
    let authentic = received.authenticate(lookup, &StandIn::new())?;
    assert!(authentic.replay_key().unwrap().nonce() == "7d8f3e4a");
    let verified = authentic.accept(status)?;
    let may = verified
        .identity()
        .is_none_or(|identity| identity == *OWNER);
    let decision = if may {
        Decision::Granted
    } else {
        Decision::Denied
    };
    let authorized: Authorized<'_> = verified.authorize(decision)?;
    let identity = authorized.identity();
    Ok(identity.map_or(String::new(), |identity| identity.to_string()))
}

fn accepted(server: &Server<'_>, message: &[u8]) -> Result<String, Refusal> {
    login(server, message, TIME, NonceStatus::Fresh)
}

fn reason(server: &Server<'_>, message: &[u8]) -> Reason {
    accepted(server, message).unwrap_err().reason()
}

/// `text` with each occurrence of `from` replaced, of which there is one.
fn replaced(text: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = core::str::from_utf8(text).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    text.replace(from, to).into_bytes()
}

#[test]
fn nothing_shows_a_secret() {
    let client = Client::oauth10a(signer(), "example.com", 143).unwrap();
    let (mut slots, mut out) = (Vec::new(), Vec::new());
    let sent = client.initial_response(stamp(), &mut slots, &mut out);
    let shown = format!("{client:?} {:?}", sent.unwrap());
    assert!(shown.contains("example.com") && !shown.contains(CLIENT_SECRET));
    assert!(!shown.contains(TOKEN_SECRET), "{shown}");
}

#[test]
fn every_refusal_has_a_status_of_its_peer_and_a_text_for_the_log() {
    let rejection = crate::verify::Rejection::new;
    use crate::verify::Reason as Because;
    let table = [
        (Reason::Malformed("x"), "invalid_request"),
        (Reason::TooLong, "invalid_request"),
        (Reason::ChannelBinding, "invalid_request"),
        (Reason::UnexpectedReply, "invalid_request"),
        (Reason::Missing("host"), "invalid_request"),
        (Reason::Duplicate("auth"), "invalid_request"),
        (Reason::WrongHost, "invalid_request"),
        (Reason::WrongPort, "invalid_request"),
        (Reason::WrongUrl, "invalid_request"),
        (Reason::IdentityDenied, "insufficient_scope"),
        (Reason::Unavailable, "temporarily_unavailable"),
        (
            Reason::Request(rejection(Because::NonceReplayed)),
            "invalid_token",
        ),
        (
            Reason::Request(rejection(Because::ClientUnknown)),
            "invalid_token",
        ),
        (
            Reason::Request(rejection(Because::TokenUnknown)),
            "invalid_token",
        ),
        (
            Reason::Request(rejection(Because::SignatureInvalid)),
            "invalid_token",
        ),
        (
            Reason::Request(rejection(Because::MixedLocations)),
            "invalid_request",
        ),
    ];
    let mut texts = Vec::new();
    for (reason, status) in table {
        for mechanism in [super::Mechanism::Xoauth, super::Mechanism::Oauth10a] {
            let refusal = Refusal::new(mechanism, reason);
            assert_eq!(refusal.status(), status, "{reason:?}");
            let text = refusal.to_string();
            assert!(text.starts_with(mechanism.name()), "{text}");
            texts.push(text);
            let mut out = Vec::new();
            match refusal.answer(None, None, &mut out) {
                // XOAUTH has no error of its own: the protocol says no.
                Answer::Fail(failed) => {
                    assert_eq!((mechanism, &out[..]), (super::Mechanism::Xoauth, &b""[..]));
                    assert_eq!(failed.refusal(), refusal);
                }
                Answer::Challenge(awaiting) => {
                    assert_eq!(out, format!("{{\"status\":\"{status}\"}}").into_bytes());
                    assert!(awaiting.reply(b"\x01").replied_as_expected());
                    for other in [&b""[..], b"*", b"\x01\x01", b"n,,\x01\x01"] {
                        let failed = awaiting.reply(other);
                        assert!(!failed.replied_as_expected());
                        assert_eq!(failed.refusal(), refusal);
                    }
                }
            }
        }
    }
    let count = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!((texts.len(), count), (32, 32));
}

#[test]
fn mechanisms_have_names() {
    use super::Mechanism;
    for mechanism in [Mechanism::Xoauth, Mechanism::Oauth10a] {
        assert_eq!(Mechanism::of_name(mechanism.name()), Some(mechanism));
    }
    assert_eq!(Mechanism::of_name("oauth10a"), Some(Mechanism::Oauth10a));
    assert_eq!(Mechanism::of_name("XOAUTH2"), None);
}

#[test]
fn a_login_tells_who_logs_in_and_with_what() {
    let client = Client::oauth10a(signer(), "example.com", 143).unwrap();
    let (mut slots, mut out) = (Vec::new(), Vec::new());
    let client = client.with_identity(OWNER);
    let sent = client
        .initial_response(stamp(), &mut slots, &mut out)
        .unwrap();
    assert_eq!(sent.stamp().nonce(), "7d8f3e4a");
    assert_eq!(sent.stamp().timestamp().unix_seconds(), TIME);

    let server = Server::oauth10a(crate::verify::Policy::new(), &["example.com"], 143);
    let mut slots = Vec::new();
    let now = Timestamp::from_unix_seconds(TIME);
    let received = server.receive(&out, now, &mut slots).unwrap();
    assert!(received.request().client() == CLIENT);
    let secrets = SharedSecrets::new(CLIENT_SECRET, TOKEN_SECRET);
    let authentic = received
        .authenticate(Lookup::Found(&secrets), &StandIn::new())
        .unwrap();
    let verified = authentic.accept(NonceStatus::Fresh).unwrap();
    assert!(verified.client() == CLIENT && verified.token().unwrap() == TOKEN);
    let identity = verified.identity().unwrap();
    assert_eq!(format!("{identity:?}"), "Identity(\"user@example.com\")");
    let authorized = verified.authorize(Decision::Granted).unwrap();
    assert!(authorized.client() == CLIENT && authorized.token().unwrap() == TOKEN);
    let timestamp = authorized.request().timestamp();
    assert_eq!(timestamp.map(Timestamp::unix_seconds), Some(TIME));
}

#[test]
fn a_refused_login_says_what_the_server_said() {
    use super::Mechanism;
    for (mechanism, challenge, text) in [
        (
            Mechanism::Oauth10a,
            &b"{\"status\":\"invalid_token\"}"[..],
            "the server refuses the login by OAUTH10A: \"invalid_token\"",
        ),
        (
            Mechanism::Xoauth,
            b"no\r\n",
            "the server refuses the login by XOAUTH: \"no\\r\\n\"",
        ),
    ] {
        let client = match mechanism {
            Mechanism::Oauth10a => Client::oauth10a(signer(), "example.com", 143),
            Mechanism::Xoauth => {
                Client::xoauth(signer(), "https://mail.example.com/mail/b/a@b/imap/")
            }
        };
        let (mut slots, mut out) = (Vec::new(), Vec::new());
        let client = client.unwrap();
        let sent = client
            .initial_response(stamp(), &mut slots, &mut out)
            .unwrap();
        let refused = sent.challenge(challenge, &mut out);
        assert_eq!(refused.challenge(), challenge);
        assert_eq!(refused.to_string(), text);
        assert_eq!(format!("{refused:?}"), format!("Refused({text})"));
    }
}

#[test]
fn a_refusal_and_what_comes_of_it_name_the_mechanism() {
    for mechanism in [super::Mechanism::Xoauth, super::Mechanism::Oauth10a] {
        let refusal = Refusal::new(mechanism, Reason::WrongHost);
        assert_eq!(refusal.mechanism(), mechanism);
        let failed = match refusal.answer(None, None, &mut Vec::new()) {
            Answer::Fail(failed) => failed,
            Answer::Challenge(awaiting) => awaiting.reply(b"\x01"),
        };
        assert_eq!(failed.to_string(), refusal.to_string());
    }
}

#[test]
fn each_error_of_a_client_says_what_is_to_be_mended() {
    use super::ClientError;
    let uri = crate::Target::parse("mail.example.com").unwrap_err();
    for (error, text) in [
        (
            ClientError::Url(uri),
            format!("the URL of the login: {uri}"),
        ),
        (
            ClientError::Host(uri),
            format!("the host of the login: {uri}"),
        ),
        (
            ClientError::SignatureMethod,
            "XOAUTH and OAUTH10A sign with HMAC-SHA1 alone".into(),
        ),
        (
            ClientError::Character("the identity"),
            "the identity is empty or has a character that no message has".into(),
        ),
        (
            ClientError::from(crate::SignError::TooManyParameters),
            crate::SignError::TooManyParameters.to_string(),
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
}
