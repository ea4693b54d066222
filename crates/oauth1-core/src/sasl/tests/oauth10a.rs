//! OAUTH10A: messages, what they sign, and every way in which one is refused.

use super::*;
use crate::{
    ProtocolParameters, SignError,
    sasl::{ClientError, Identity, Mechanism},
    verify::{Policy, Reason as Because},
};

/// Computed with Python's hmac from a base string written by hand, with `%3A143`.
const SIGNATURE: &str = "wGLij10Hhr7V28j6pcoAr1plceo%3D";
/// The same of the base string as it is printed, with `:143`.
const PRINTED: &str = "D61U1DREwxvhdPYyix3P5kAOY%2Bs%3D";
/// The same without the port, as for port 80.
const WITHOUT_PORT: &str = "Suc%2BiWsSm%2FUNXEhWxFvz3JIU%2Bl4%3D";
/// `PUT`, the path `/mail`, the query `z=1` and the form `a=b+c`.
const EXPLICIT: &str = "9PVo%2By5%2BhFloqQ4yxiOZWxUIngY%3D";

fn server() -> Server<'static> {
    Server::oauth10a(Policy::new(), &["mail.example.com", "example.com"], 143)
}

fn client() -> Client<'static, HmacSha1> {
    let client = Client::oauth10a(signer().with_realm("Example"), "example.com", 143).unwrap();
    client.with_identity(OWNER)
}

fn valid() -> Vec<u8> {
    message(&client())
}

#[test]
fn the_message_of_rfc_7628_with_a_signature_that_is_one() {
    let expected = format!(
        "n,a=user@example.com,\x01host=example.com\x01port=143\x01auth=OAuth realm=\"Example\", \
         oauth_consumer_key=\"9djdj82h48djs9d2\", oauth_token=\"kkk9d7dh3k39sjv7\", \
         oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"137131201\", \
         oauth_nonce=\"7d8f3e4a\", oauth_signature=\"{SIGNATURE}\"\x01\x01"
    );
    assert_eq!(String::from_utf8(valid()).unwrap(), expected);
    assert_eq!(accepted(&server(), &valid()).unwrap(), OWNER);
    // As the RFC writes it, with nothing behind its commas.
    let compact = expected.replace(", ", ",");
    assert_eq!(accepted(&server(), compact.as_bytes()).unwrap(), OWNER);
    // The host may come in other letters, which the base string has not.
    let shouted = replaced(&valid(), "host=example.com", "host=EXAMPLE.com");
    assert_eq!(accepted(&server(), &shouted).unwrap(), OWNER);
    // Unknown keys are passed over, and nobody need be named.
    let more = replaced(&valid(), "\x01port=", "\x01user=x=y\x01port=");
    assert_eq!(accepted(&server(), &more).unwrap(), OWNER);
    let nobody = replaced(&valid(), "a=user@example.com", "");
    assert_eq!(accepted(&server(), &nobody).unwrap(), "");
}

#[test]
fn port_80_is_not_in_the_base_string() {
    let client = Client::oauth10a(signer(), "example.com", 80).unwrap();
    let message = message(&client);
    assert!(String::from_utf8_lossy(&message).contains(WITHOUT_PORT));
    let server = Server::oauth10a(Policy::new(), &["example.com"], 80);
    assert_eq!(accepted(&server, &message).unwrap(), "");
    let server = server.allow_printed_base_string();
    assert_eq!(accepted(&server, &message).unwrap(), "");
}

#[test]
fn the_printed_base_string_is_taken_by_the_switch_alone() {
    let printed = replaced(&valid(), SIGNATURE, PRINTED);
    let invalid = Reason::Request(Because::SignatureInvalid.into());
    assert_eq!(reason(&server(), &printed), invalid);
    let lenient = server().allow_printed_base_string();
    assert_eq!(accepted(&lenient, &printed).unwrap(), OWNER);
    assert_eq!(accepted(&lenient, &valid()).unwrap(), OWNER);
    let shouted = replaced(&printed, "host=example.com", "host=Example.COM");
    assert_eq!(accepted(&lenient, &shouted).unwrap(), OWNER);
    let wrong = replaced(&valid(), SIGNATURE, WITHOUT_PORT);
    assert_eq!(reason(&lenient, &wrong), invalid);
    for (from, to, because) in [
        (CLIENT, "nobody", Because::ClientUnknown),
        (TOKEN, "nothing", Because::TokenUnknown),
    ] {
        let unknown = replaced(&printed, from, to);
        assert_eq!(reason(&lenient, &unknown), Reason::Request(because.into()));
    }
}

#[test]
fn explicit_values_take_the_place_of_the_assumed_ones() {
    let client = Client::oauth10a(signer(), "example.com", 143).unwrap();
    let client = client
        .with_method("PUT")
        .with_path("/mail")
        .with_query("z=1")
        .with_form("a=b+c");
    let text = String::from_utf8(message(&client)).unwrap();
    assert!(text.contains("\x01mthd=PUT\x01path=/mail\x01post=a=b+c\x01qs=z=1\x01auth="));
    assert!(text.contains(EXPLICIT), "{text}");
    assert_eq!(accepted(&server(), text.as_bytes()).unwrap(), "");
    // None of them can be changed on the way.
    for (from, to) in [
        ("PUT", "GET"),
        ("/mail", "/"),
        ("a=b+c", "a=c"),
        ("z=1", "z=2"),
    ] {
        let changed = replaced(
            text.as_bytes(),
            &format!("={from}\x01"),
            &format!("={to}\x01"),
        );
        let invalid = Reason::Request(Because::SignatureInvalid.into());
        assert_eq!(reason(&server(), &changed), invalid, "{to}");
    }
    // What is assumed may be said.
    let said = replaced(
        &valid(),
        "\x01auth=",
        "\x01mthd=POST\x01path=/\x01post=\x01qs=\x01auth=",
    );
    assert_eq!(accepted(&server(), &said).unwrap(), OWNER);
}

#[test]
fn identities_are_escaped_and_compared_decoded() {
    let client = || Client::oauth10a(signer(), "example.com", 143).unwrap();
    for (identity, wire) in [
        ("a,b=c", "a=2Cb=3Dc"),
        ("=,", "=3D=2C"),
        ("Zoë", "Zoë"),
        ("plain", "plain"),
    ] {
        let text = message(&client().with_identity(identity));
        let expected = format!("n,a={wire},\x01host=");
        assert!(text.starts_with(expected.as_bytes()), "{identity}");
        let server = server();
        let mut slots = Vec::new();
        let now = Timestamp::from_unix_seconds(TIME);
        let received = server.receive(&text, now, &mut slots).unwrap();
        let named: Identity<'_> = received.identity().unwrap();
        assert!(named == *identity && named == *identity.as_bytes());
        let of_wire = [named == *wire, named == *wire.as_bytes()];
        assert_eq!(of_wire, [*wire == *identity; 2]);
        assert_eq!(named.to_string(), identity);
    }
    for bad in ["", "a\0", "a\x01b"] {
        let client = client().with_identity(bad);
        let error = client
            .initial_response(stamp(), &mut Vec::new(), &mut Vec::new())
            .unwrap_err();
        assert_eq!(error, ClientError::Character("the identity"));
    }
}

/// Attack 94, and the rest of what is no message.
#[test]
fn what_is_no_message_is_refused() {
    let end = Reason::Malformed("it does not end with ^A^A");
    let header = Reason::Malformed("the GS2 header");
    let character = Reason::Malformed("a value with a character that none has");
    let key = Reason::Malformed("a key that is no word");
    let pair = Reason::Malformed("a pair without \"=\"");
    let url = Reason::Malformed("host, path or qs is no part of a URL");
    let port = Reason::Malformed("the port is none");
    let change = |from: &str, to: &str| replaced(&valid(), from, to);
    let long = format!("\x01x={}\x01host=", "y".repeat(12 * 1024));
    let fits = format!("\x01x={}\x01host=", "y".repeat(11 * 1024));
    let table = [
        (Vec::new(), header),
        (b"\x01".to_vec(), Reason::UnexpectedReply),
        (valid()[..valid().len() - 1].to_vec(), end),
        (valid()[..valid().len() - 2].to_vec(), end),
        ([&valid()[..], b"\x01"].concat(), pair),
        ([&valid()[..], b"x"].concat(), pair),
        (change("n,a=", "y,a="), Reason::ChannelBinding),
        (change("n,a=", "p=tls-unique,a="), Reason::ChannelBinding),
        (change("n,a=", "F,n,a="), header),
        (change("n,a=", "N,a="), header),
        (change("n,a=", "n,b="), header),
        (change("a=user@example.com", "a="), header),
        (change("a=user@example.com", "a=user=40"), header),
        (change("a=user@example.com", "a=user="), header),
        (change("a=user@example.com", "a=us\0er"), header),
        (change("com,\x01host", "com\x01host"), header),
        (change("\x01host=example.com", ""), Reason::Missing("host")),
        (change("\x01port=143", ""), Reason::Missing("port")),
        (
            change("\x01port=143", "\x01port=143\x01port=143"),
            Reason::Duplicate("port"),
        ),
        (
            change("\x01host=", "\x01host=a\x01host="),
            Reason::Duplicate("host"),
        ),
        (
            change("\x01auth=", "\x01auth=a\x01auth="),
            Reason::Duplicate("auth"),
        ),
        (
            change("\x01auth=", "\x01qs=\x01qs=\x01auth="),
            Reason::Duplicate("qs"),
        ),
        (change("\x01auth=", "\x01other="), Reason::Missing("auth")),
        (change("port=143", "port=0"), port),
        (change("port=143", "port=+143"), port),
        (change("port=143", "port=65679"), port),
        (change("port=143", "port="), port),
        (change("port=143", "port=993"), Reason::WrongPort),
        (
            change("host=example.com", "host=evil.example"),
            Reason::WrongHost,
        ),
        (change("host=example.com", "host="), Reason::WrongHost),
        (change("\x01port=", "\x01x\x01port="), pair),
        (change("\x01port=", "\x01=x\x01port="), key),
        (change("\x01port=", "\x01x1=x\x01port="), key),
        (change("\x01port=", "\x01x=\u{e9}\x01port="), character),
        (change("\x01port=", "\x01x=\0\x01port="), character),
        (change("\x01auth=", "\x01path=mail\x01auth="), url),
        (change("\x01auth=", "\x01path=/a?b\x01auth="), url),
        (change("\x01auth=", "\x01path=/a#b\x01auth="), url),
        (change("\x01auth=", "\x01qs=a b\x01auth="), url),
        (change("\x01auth=", "\x01qs=a#b\x01auth="), url),
        (change("\x01host=", &long), Reason::TooLong),
        (
            change("auth=OAuth ", "auth=Bearer "),
            Reason::Request(Because::Absent.into()),
        ),
        (
            change("oauth_nonce=", "oauth_nonce=\"1\", oauth_nonce="),
            Reason::Request(Because::DuplicateParameter("oauth_nonce").into()),
        ),
        (
            change("\x01auth=", "\x01qs=oauth_token=x\x01auth="),
            Reason::Request(Because::DuplicateParameter("oauth_token").into()),
        ),
        (
            change("HMAC-SHA1", "HMAC-SHA256"),
            Reason::Request(Because::UnsupportedSignatureMethod.into()),
        ),
        (
            change("HMAC-SHA1", "PLAINTEXT"),
            Reason::Request(Because::UnsupportedSignatureMethod.into()),
        ),
        (
            change("user@example.com", "other@example.com"),
            Reason::IdentityDenied,
        ),
    ];
    for (at, (message, expected)) in table.iter().enumerate() {
        let refusal = accepted(&server(), message).unwrap_err();
        assert_eq!(refusal.reason(), *expected, "case {at}");
        let mut out = Vec::new();
        assert!(matches!(
            refusal.answer(None, None, &mut out),
            Answer::Challenge(_)
        ));
    }
    assert_eq!(table.len(), 47);
    let fits = change("\x01host=", &fits);
    assert_eq!(accepted(&server(), &fits).unwrap(), OWNER);
}

#[test]
fn what_is_not_new_or_not_signed_so_is_refused() {
    let server = server();
    let because = |outcome: Result<String, Refusal>| outcome.unwrap_err().reason();
    let replay = login(&server, &valid(), TIME, NonceStatus::Replayed);
    assert_eq!(
        because(replay),
        Reason::Request(Because::NonceReplayed.into())
    );
    let absent = login(&server, &valid(), TIME, NonceStatus::Absent);
    assert_eq!(
        because(absent),
        Reason::Request(Because::NonceReplayed.into())
    );
    for now in [TIME - 301, TIME + 301] {
        let stale = login(&server, &valid(), now, NonceStatus::Fresh);
        let refusal = stale.unwrap_err();
        assert_eq!(refusal.status(), "invalid_token");
        let Reason::Request(rejection) = refusal.reason() else {
            panic!("{refusal}")
        };
        assert!(matches!(rejection.reason(), Because::TimestampRefused(..)));
    }
    let wrong = replaced(&valid(), SIGNATURE, WITHOUT_PORT);
    assert_eq!(
        reason(&server, &wrong),
        Reason::Request(Because::SignatureInvalid.into())
    );
    // A store that is away lets nobody in.
    let message = valid();
    let mut slots = Vec::new();
    let now = Timestamp::from_unix_seconds(TIME);
    let received = server.receive(&message, now, &mut slots).unwrap();
    let secrets = SharedSecrets::new(CLIENT_SECRET, TOKEN_SECRET);
    let authentic = received.authenticate(Lookup::Found(&secrets), &StandIn::new());
    assert_eq!(
        authentic.unwrap().unavailable().reason(),
        Reason::Unavailable
    );
}

#[test]
fn every_prefix_and_every_damaged_byte_is_refused_without_a_panic() {
    let valid = valid();
    for end in 0..valid.len() {
        assert!(accepted(&server(), &valid[..end]).is_err());
    }
    let mut accepted_still = 0;
    for at in 0..valid.len() {
        for byte in [0, 1, b' ', b',', b'=', b'"', b'%', 0xFF] {
            let mut damaged = valid.clone();
            damaged[at] = byte;
            if damaged != valid && accepted(&server(), &damaged).is_ok() {
                accepted_still += 1;
                // Only the realm and the space between two parameters are neither signed nor structure.
                let before = String::from_utf8_lossy(&valid[..at]).into_owned();
                let in_realm = before.contains("realm=\"") && !before.contains("oauth_");
                assert!(in_realm || valid[at] == b' ', "{before}");
            }
        }
    }
    assert!(accepted_still > 0);
}

#[test]
fn a_client_that_cannot_log_in_is_told_why() {
    let new = |host, port| Client::oauth10a(signer(), host, port).map(|_| ());
    for (host, port) in [
        ("", 143),
        ("a b", 143),
        ("a/b", 143),
        ("::1", 143),
        ("example.com", 0),
    ] {
        assert!(
            matches!(new(host, port), Err(ClientError::Host(_))),
            "{host}"
        );
    }
    assert!(new("[::1]", 143).is_ok());
    let realm = Client::oauth10a(signer().with_realm("Zoë"), "example.com", 143);
    assert_eq!(realm.unwrap_err(), ClientError::Character("the realm"));
    let respond = |client: Client<'_, HmacSha1>| {
        let mut slots = Vec::new();
        let sent = client.initial_response(stamp(), &mut slots, &mut Vec::new());
        sent.map(|_| ()).unwrap_err()
    };
    let client = || Client::oauth10a(signer(), "example.com", 143).unwrap();
    assert!(matches!(
        respond(client().with_path("x")),
        ClientError::Url(_)
    ));
    assert!(matches!(
        respond(client().with_query("a b")),
        ClientError::Url(_)
    ));
    assert_eq!(
        respond(client().with_form("\x01")),
        ClientError::Character("post")
    );
    assert_eq!(
        respond(client().with_method("P\x01T")),
        ClientError::Character("mthd")
    );
    let signed = client().with_query("oauth_signature=x");
    assert_eq!(
        respond(signed),
        ClientError::Sign(SignError::DuplicateParameter)
    );
    #[cfg(feature = "hmac-sha256")]
    {
        let client = ClientCredentials::new(CLIENT, CLIENT_SECRET);
        let signer = Signer::<crate::HmacSha256>::for_client(&client);
        let error = Client::oauth10a(signer, "example.com", 143).unwrap_err();
        assert_eq!(error, ClientError::SignatureMethod);
    }
}

#[test]
fn what_a_client_signs_can_be_looked_at() {
    let client = client();
    assert_eq!(client.mechanism(), Mechanism::Oauth10a);
    let request = client.request().unwrap();
    let mut slots = Vec::new();
    let none = ProtocolParameters::NONE;
    let draft = client.signer().draft(&request, &none, stamp(), &mut slots);
    let base_string = draft.unwrap().base_string().to_string();
    assert!(base_string.starts_with("POST&http%3A%2F%2Fexample.com%3A143%2F&oauth_consumer_key"));
}
