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
