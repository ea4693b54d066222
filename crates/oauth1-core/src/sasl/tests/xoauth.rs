//! XOAUTH: messages and every way in which one is refused.

use super::*;
use crate::{
    BodyHashRule, Target, Value,
    authorization::HeaderErrorKind as Header,
    sasl::{ClientError, Mechanism, Protocol, XoauthUrl},
    verify::{Policy, Reason as Because},
};

const SERVICE: &str = "https://mail.example.com/mail/b/";

fn server(protocol: Protocol) -> Server<'static> {
    Server::xoauth(Policy::new(), Target::parse(SERVICE).unwrap(), protocol)
}

fn url(user: &str, protocol: Protocol) -> String {
    XoauthUrl::new(SERVICE, user, protocol).to_string()
}

fn valid(user: &str, protocol: Protocol) -> Vec<u8> {
    let url = url(user, protocol);
    message(&Client::xoauth(signer(), &url).unwrap())
}

#[test]
fn a_message_is_sorted_and_its_signature_stands_in_the_middle() {
    let text = String::from_utf8(valid(OWNER, Protocol::Imap)).unwrap();
    let names: Vec<&str> = text
        .rsplit_once(' ')
        .unwrap()
        .1
        .split(',')
        .map(|pair| pair.split_once("=\"").unwrap().0)
        .collect();
    assert_eq!(
        names,
        [
            "oauth_consumer_key",
            "oauth_nonce",
            "oauth_signature",
            "oauth_signature_method",
            "oauth_timestamp",
            "oauth_token"
        ]
    );
    assert!(text.starts_with("GET https://mail.example.com/mail/b/user@example.com/imap/ oauth_"));
    for protocol in [Protocol::Imap, Protocol::Smtp] {
        let message = valid(OWNER, protocol);
        assert_eq!(accepted(&server(protocol), &message).unwrap(), OWNER);
    }
}

#[test]
fn neither_realm_nor_body_hash_is_sent() {
    let url = url(OWNER, Protocol::Imap);
    let signer = signer()
        .with_realm("Example")
        .with_body_hash(BodyHashRule::Always);
    let client = Client::xoauth(signer, &url).unwrap();
    assert_eq!(client.mechanism(), Mechanism::Xoauth);
    assert_eq!(message(&client), valid(OWNER, Protocol::Imap));
}

/// Attack 95.
#[test]
fn a_message_for_another_place_or_user_is_refused() {
    let imap = valid(OWNER, Protocol::Imap);
    let smtp = valid(OWNER, Protocol::Smtp);
    assert_eq!(reason(&server(Protocol::Imap), &smtp), Reason::WrongUrl);
    assert_eq!(reason(&server(Protocol::Smtp), &imap), Reason::WrongUrl);
    let other = valid("other@example.com", Protocol::Imap);
    assert_eq!(
        reason(&server(Protocol::Imap), &other),
        Reason::IdentityDenied
    );
    // Nobody can change the user or the protocol of a message that is signed.
    let invalid = Reason::Request(Because::SignatureInvalid.into());
    let changed = replaced(&other, "other@", "user@");
    assert_eq!(reason(&server(Protocol::Imap), &changed), invalid);
    let changed = replaced(&smtp, "/smtp/", "/imap/");
    assert_eq!(reason(&server(Protocol::Imap), &changed), invalid);
    // Two-legged messages name the user twice: both must be the same.
    for (requestor, expected) in [
        ("user%40example.com", None),
        ("user@example.com", None),
        ("other%40example.com", Some(Reason::WrongUrl)),
        ("", Some(Reason::WrongUrl)),
        (
            "user%40example.com&xoauth_requestor_id=other",
            Some(Reason::WrongUrl),
        ),
    ] {
        let url = format!(
            "{}?xoauth_requestor_id={requestor}",
            url(OWNER, Protocol::Imap)
        );
        let message = message(&Client::xoauth(signer(), &url).unwrap());
        let outcome = accepted(&server(Protocol::Imap), &message);
        assert_eq!(
            outcome.err().map(|refusal| refusal.reason()),
            expected,
            "{url}"
        );
    }
}

#[test]
fn what_is_no_message_is_refused() {
    let valid = valid(OWNER, Protocol::Imap);
    let change = |from: &str, to: &str| replaced(&valid, from, to);
    let start = Reason::Malformed("it does not start with GET");
    let behind = Reason::Malformed("nothing stands behind the URL");
    let no_url = Reason::Malformed("the URL is none");
    let table = [
        (Vec::new(), start),
        (b"\x01".to_vec(), start),
        (change("GET ", "POST "), start),
        (change("GET ", "get "), start),
        (b"GET https://mail.example.com/".to_vec(), behind),
        (change("https://", ""), no_url),
        (change("GET ", "GET  "), no_url),
        (change("https://mail", "https://m\u{0}il"), no_url),
        (change("https://mail", "http://mail"), Reason::WrongUrl),
        (change("mail.example", "evil.example"), Reason::WrongUrl),
        (change(".com/mail", ".com:444/mail"), Reason::WrongUrl),
        (change("/mail/b/", "/mail/c/"), Reason::WrongUrl),
        (change("user@example.com/", "/"), Reason::WrongUrl),
        (change("/imap/", "/imap"), Reason::WrongUrl),
        (change("/imap/", "/IMAP/"), Reason::WrongUrl),
        (change("/imap/", "/imap//"), Reason::WrongUrl),
        (change("/imap/", "/x/imap/"), Reason::WrongUrl),
        (change("user@", "user%4@"), Reason::WrongUrl),
        (
            change("/imap/ ", "/imap/ OAuth "),
            Reason::Request(malformed(Header::NoValue)),
        ),
        (
            [&valid[..], b"\n"].concat(),
            Reason::Request(malformed(Header::Separator)),
        ),
        (
            change("HMAC-SHA1", "PLAINTEXT"),
            Reason::Request(Because::UnsupportedSignatureMethod.into()),
        ),
        (
            change("/imap/", "/imap/?oauth_callback=x"),
            Reason::Request(Because::MixedLocations.into()),
        ),
        (
            change("/imap/", &format!("/imap/?{}", "y".repeat(12 * 1024))),
            Reason::TooLong,
        ),
    ];
    for (at, (message, expected)) in table.iter().enumerate() {
        let refusal = accepted(&server(Protocol::Imap), message).unwrap_err();
        match (refusal.reason(), expected) {
            // Where in the header does not matter here.
            (Reason::Request(given), Reason::Request(expected)) => {
                assert_eq!(given.code(), expected.code(), "case {at}");
            }
            (given, expected) => assert_eq!(given, *expected, "case {at}"),
        }
    }
    assert_eq!(table.len(), 23);
    for end in 0..valid.len() {
        assert!(accepted(&server(Protocol::Imap), &valid[..end]).is_err());
    }
}

fn malformed(kind: Header) -> crate::verify::Rejection {
    let header: &[u8] = match kind {
        Header::NoValue => b"OAuth a b",
        _ => b"OAuth a=\"b\" c",
    };
    let header = crate::authorization::AuthorizationHeader::parse(header).unwrap();
    let error = header.parameters().find_map(Result::err).unwrap();
    assert_eq!(error.kind(), kind);
    Because::MalformedHeader(error).into()
}

#[test]
fn users_are_encoded_where_a_path_has_to_and_compared_decoded() {
    for (user, segment) in [
        ("jane@example.com", "jane@example.com"),
        ("jane+x@example.com", "jane+x@example.com"),
        ("a/b?c#d %", "a%2Fb%3Fc%23d%20%25"),
        ("Zoë", "Zo%C3%AB"),
    ] {
        let url = url(user, Protocol::Imap);
        assert_eq!(url, format!("{SERVICE}{segment}/imap/"));
        let two_legged = XoauthUrl::new(SERVICE, user, Protocol::Imap).two_legged();
        let two_legged = two_legged.to_string();
        let (start, requestor) = two_legged.split_once("?xoauth_requestor_id=").unwrap();
        assert_eq!(start, url);
        assert!(Value::percent(requestor.as_bytes()) == *user, "{requestor}");
        for url in [url, two_legged] {
            let text = message(&Client::xoauth(signer(), &url).unwrap());
            let server = server(Protocol::Imap);
            let mut slots = Vec::new();
            let now = Timestamp::from_unix_seconds(TIME);
            let received = server.receive(&text, now, &mut slots).unwrap();
            assert!(received.identity().unwrap() == *user, "{url}");
        }
    }
}

#[test]
fn a_url_that_is_none_is_refused() {
    for url in [
        "",
        "mail.example.com",
        "https://",
        "https://mail.example.com/a b",
    ] {
        let error = Client::xoauth(signer(), url).map(|_| ()).unwrap_err();
        assert!(matches!(error, ClientError::Url(_)), "{url}");
    }
}
