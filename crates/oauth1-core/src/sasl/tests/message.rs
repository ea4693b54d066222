//! Messages at the limit of their length, an empty form, and a key that does not serve the method.

use super::*;
use crate::{
    BaseString, BodyHashRule, ProtocolParameters, Target, Value, Verdict, VerifyingKey,
    sasl::Protocol,
    verify::{Policy, Reason as Because},
};

fn server() -> Server<'static> {
    Server::oauth10a(Policy::new(), &["example.com"], 143)
}

fn client() -> Client<'static, HmacSha1> {
    Client::oauth10a(signer(), "example.com", 143).unwrap()
}

/// 12,288 bytes are too many (RFC 4954 section 4).
#[test]
fn a_message_is_read_up_to_its_limit() {
    let message = message(&client());
    let url = Target::parse("https://mail.example.com/mail/b/").unwrap();
    let xoauth = Server::xoauth(Policy::new(), url, Protocol::Imap);
    for (length, fits) in [
        (12_286, true),
        (12_287, true),
        (12_288, false),
        (12_289, false),
    ] {
        let more = length - message.len() - "x=\x01".len();
        let more = format!("\x01x={}\x01port=", "y".repeat(more));
        let message = replaced(&message, "\x01port=", &more);
        assert_eq!(message.len(), length);
        let refusal = accepted(&server(), &message).err();
        let expected = (!fits).then_some(Reason::TooLong);
        assert_eq!(refusal.map(|refusal| refusal.reason()), expected);

        let unread = reason(&xoauth, &[b'x'].repeat(length));
        assert_eq!(unread != Reason::TooLong, fits, "{length} {unread:?}");
    }
}

/// RFC 7628 section 3.1.1 assumes an empty one: whoever says so has said nothing, and has no form that
/// the hash of a body would contradict.
#[test]
fn an_empty_post_is_none() {
    let signer = signer().with_body_hash(BodyHashRule::Always);
    let mut header = Vec::new();
    let request = client().request().unwrap();
    let none = ProtocolParameters::NONE;
    signer
        .sign(&request, &none, stamp(), &mut Vec::new(), &mut header)
        .unwrap();
    let header = String::from_utf8(header).unwrap();
    assert!(header.contains("oauth_body_hash="), "{header}");
    for post in ["", "post=\x01"] {
        let message = format!("n,,\x01host=example.com\x01port=143\x01{post}auth={header}\x01\x01");
        assert_eq!(accepted(&server(), message.as_bytes()), Ok(String::new()));
    }
}

/// One that would take every signature, were it asked.
struct Unasked;

impl VerifyingKey for Unasked {
    fn serves(&self, _: &str) -> bool {
        false
    }

    fn verify(&self, _: &str, _: &BaseString<'_>, _: Value<'_>) -> Verdict {
        Verdict::Valid
    }
}

#[test]
fn a_key_is_not_asked_for_a_method_that_it_does_not_serve() {
    let message = message(&client());
    let now = Timestamp::from_unix_seconds(TIME);
    for server in [server(), server().allow_printed_base_string()] {
        let mut slots = Vec::new();
        let received = server.receive(&message, now, &mut slots).unwrap();
        let authentic = received.authenticate(Lookup::Found(&Unasked), &StandIn::new());
        let invalid = Reason::Request(Because::SignatureInvalid.into());
        assert_eq!(authentic.unwrap_err().reason(), invalid);
    }
}
