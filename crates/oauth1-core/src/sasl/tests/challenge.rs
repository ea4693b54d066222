//! The error of OAUTH10A, written and read.

use super::*;
use crate::sasl::ErrorChallenge;

#[test]
fn what_is_written_is_read() {
    let server = Server::oauth10a(crate::verify::Policy::new(), &["example.com"], 143);
    let refusal = accepted(&server, b"").unwrap_err();
    for scope in [
        "example_scope",
        "a \"b\" \\ c",
        "\u{1}\n\u{1f}",
        "Zoë 💌",
        "",
    ] {
        let mut out = Vec::new();
        let url = "https://example.com/.well-known/openid-configuration";
        let _ = refusal.answer(Some(scope), Some(url), &mut out);
        let error = ErrorChallenge::parse(&out).unwrap();
        assert!(error.status() == *"invalid_request");
        assert_eq!(error.scope().unwrap().to_string(), scope);
        assert_eq!(error.openid_configuration().unwrap().to_string(), url);
    }
}

#[test]
fn the_error_of_rfc_7628_is_read_however_it_is_spaced_and_escaped() {
    let printed = "{\"status\":\"invalid_token\",\"scope\":\"example_scope\",\
        \"openid-configuration\":\"https://example.com/.well-known/openid-configuration\"}";
    let spaced = "\t{ \"other\" : [1, {\"status\": \"no\"}, \"]\"], \"status\"\n:\r \
        \"invalid\\u005ftoken\" , \"n\":null, \"x\":-1.5e+3,\"sco\\u0070e\":\"example\\u005Fscope\"} ";
    for text in [printed, spaced] {
        let error = ErrorChallenge::parse(text.as_bytes()).expect(text);
        assert!(error.status() == *"invalid_token", "{error:?}");
        assert!(error.scope().unwrap() == *"example_scope");
    }
}

#[test]
fn escapes_are_decoded() {
    for (raw, decoded) in [
        (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r"\u00e9\uD83d\uDC8C", "é💌"),
        (r"\uD83Dx\uDC8C", "\u{fffd}x\u{fffd}"),
        (r"\uD83D\u0041", "\u{fffd}A"),
    ] {
        let text = format!("{{\"status\":\"{raw}\"}}");
        let error = ErrorChallenge::parse(text.as_bytes()).expect(raw);
        assert_eq!(error.status().to_string(), decoded);
    }
    // It moves no cursor where it is shown for a log.
    let error = ErrorChallenge::parse(br#"{"status":"\u001b[2J"}"#).unwrap();
    assert_eq!(format!("{:?}", error.status()), r#""\u{1b}[2J""#);
}

#[test]
fn what_is_no_error_is_none() {
    // An interpreter takes minutes for more.
    let depth = if cfg!(miri) { 1_000 } else { 100_000 };
    let deep = "[".repeat(depth);
    let table = [
        "",
        "{}",
        "[]",
        "\"status\"",
        "{\"status\":1}",
        "{\"status\":\"a\"",
        "{\"status\":\"a\"}}",
        "{\"status\":\"a\"} x",
        "{\"status\":\"a\",}",
        "{\"status\":\"a\" \"scope\":\"b\"}",
        "{\"status\":\"a\",\"status\":\"b\"}",
        "{\"status\":\"a\",\"scope\":null}",
        "{\"status\":\"a\\\"}",
        "{\"status\":\"\\u12\"}",
        "{\"status\":\"\\u+123\"}",
        "{\"status\":\"\\x\"}",
        "{\"status\":\"a\nb\"}",
        "{\"scope\":\"a\"}",
        "{\"x\":,\"status\":\"a\"}",
        "{\"x\":},\"status\":\"a\"}",
        "{\"x\":,1,\"status\":\"a\"}",
        "{\"x\"::1,\"status\":\"a\"}",
    ];
    for text in table {
        assert!(ErrorChallenge::parse(text.as_bytes()).is_none(), "{text}");
    }
    let deep = format!("{{\"x\":{deep}");
    assert!(ErrorChallenge::parse(deep.as_bytes()).is_none());
    assert!(ErrorChallenge::parse(b"{\"status\":\"\xFF\"}").is_none());
}

#[test]
fn a_client_replies_and_it_is_over() {
    let (mut slots, mut out) = (Vec::new(), Vec::new());
    for (client, reply) in [
        (
            Client::oauth10a(signer(), "example.com", 143).unwrap(),
            &b"\x01"[..],
        ),
        (
            Client::xoauth(signer(), "https://example.com/").unwrap(),
            b"",
        ),
    ] {
        for challenge in [&br#"{"status":"invalid_token"}"#[..], b"", b"\xFF\x1b[2J"] {
            let sent = client
                .initial_response(stamp(), &mut slots, &mut out)
                .unwrap();
            let mut written = Vec::new();
            let refused = sent.challenge(challenge, &mut written);
            assert_eq!((&written[..], refused.challenge()), (reply, challenge));
            assert_eq!(refused.mechanism(), client.mechanism());
            assert!(!refused.to_string().contains('\u{1b}'));
        }
    }
}
