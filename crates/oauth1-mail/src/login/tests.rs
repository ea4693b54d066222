use oauth1_core::{ClientCredentials, HmacSha1, Nonce, Signer, Timestamp};

use super::*;

fn client(xoauth: bool) -> Client<'static, HmacSha1> {
    let credentials = ClientCredentials::new("client", "a secret of the client");
    let signer = Signer::for_client(&credentials);
    if xoauth {
        Client::xoauth(
            signer,
            "https://mail.example.com/mail/b/jane@example.com/imap/",
        )
        .unwrap()
    } else {
        Client::oauth10a(signer, "imap.example.com", 143).unwrap()
    }
}

fn login(xoauth: bool) -> Login {
    let time = Timestamp::from_unix_seconds(137_131_202);
    Login::with_stamp(&client(xoauth), Stamp::new(time, Nonce::new("chapoH"))).unwrap()
}

#[test]
fn the_message_is_sent_once_and_a_second_challenge_is_a_refusal() {
    for (xoauth, reply) in [(true, &b""[..]), (false, b"\x01")] {
        let login = login(xoauth);
        assert!(login.respond(b"anything").len() > 100);
        assert_eq!(login.refusal(), None);
        assert_eq!(login.respond(b"{\"status\":\"invalid_token\"}"), reply);
        let refusal = login.refusal().unwrap();
        assert!(
            refusal.to_string().ends_with("\"invalid_token\""),
            "{refusal}"
        );
        // Whoever asks on gets nothing, and what was said first is kept.
        assert_eq!(login.respond(b"more"), b"");
        assert_eq!(login.refusal(), Some(refusal));
    }
}

#[test]
fn an_initial_response_counts_as_sent() {
    let (one, other) = (login(false), login(false));
    let command = one.with_initial_response();
    let (mechanism, message) = command.split_once(' ').unwrap();
    assert_eq!(mechanism, one.mechanism());
    assert_eq!(STANDARD.decode(message).unwrap(), other.respond(b""));
    assert_eq!(one.respond(b""), b"\x01");
}

#[test]
fn no_more_than_4_kib_of_a_refusal_are_kept_and_none_of_it_moves_a_cursor() {
    let login = login(false);
    login.respond(b"");
    login.respond(&b"\x1b[2J".repeat(5000));
    let refusal = login.refusal().unwrap();
    assert_eq!(refusal.challenge().len(), 4096);
    assert!(!format!("{refusal} {refusal:?} {login:?}").contains('\x1b'));
}

#[test]
fn debug_shows_neither_secret_nor_message() {
    let login = login(true);
    let shown = format!("{login:?} {:?}", client(true));
    assert!(
        !shown.contains("a secret") && !shown.contains("oauth_signature"),
        "{shown}"
    );
}

#[test]
fn two_logins_of_one_client_differ() {
    let client = client(false);
    let message = || Login::now(&client).unwrap().respond(b"");
    assert_ne!(message(), message());
}
