extern crate alloc;

use alloc::format;
#[cfg(feature = "alloc")]
use alloc::string::{String, ToString};
use core::fmt::Debug;

use super::*;

/// Encoding leaves it as it is, so that it is found wherever it is shown.
const HUSH: &str = "hush-hush";

fn assert_hidden(value: &dyn Debug, name: &str) {
    let text = format!("{value:?} {value:#?}");
    assert!(text.contains(name), "{text}");
    assert!(!text.contains("hush"), "{text}");
    let bytes = format!("{:?}", HUSH.as_bytes());
    assert!(!text.contains(bytes.trim_matches(['[', ']'])), "{text}");
}

fn client() -> ClientCredentials<'static> {
    ClientCredentials::new("the client", HUSH)
}

#[test]
fn credentials_show_their_identifier_and_no_secret() {
    assert_hidden(&Secret::from(HUSH), "Secret(..)");
    assert_hidden(&client(), "the client");
    assert_hidden(&TemporaryCredentials::new("for now", HUSH), "for now");
    assert_hidden(&TokenCredentials::new("for ever", HUSH), "for ever");
    assert_hidden(&crate::SharedSecrets::new(HUSH, HUSH), "SharedSecrets");
    assert_hidden(&crate::SharedSecrets::of_client(HUSH), "SharedSecrets");
    assert_hidden(
        &crate::verify::Lookup::Found(&crate::SharedSecrets::new(HUSH, HUSH)),
        "Found(..)",
    );
}

#[cfg(feature = "alloc")]
#[test]
fn owned_credentials_show_no_secret_either() {
    assert_hidden(&Secret::from(HUSH.to_string()), "Secret(..)");
    assert_hidden(&client().into_owned(), "the client");
    assert_hidden(
        &TemporaryCredentials::new("for now", HUSH).into_owned(),
        "for now",
    );
    assert_hidden(
        &TokenCredentials::new("for ever", HUSH.to_string()),
        "for ever",
    );
}

#[cfg(feature = "hmac-sha1")]
#[test]
fn whoever_signs_shows_no_secret() {
    use crate::{
        HmacSha1, Nonce, ProtocolParameters, RequestView, Signer, SigningKey, SlotArray, Stamp,
        Target, Timestamp, sink::SliceSink,
    };
    let key = HmacSha1::new(&HUSH.into(), &HUSH.into());
    assert_hidden(&key, "HmacSha1(..)");
    assert_hidden(&key.start(), "HmacSha1State(..)");
    let signer = Signer::<HmacSha1>::for_token(&client(), &TokenCredentials::new("token", HUSH));
    assert_hidden(&signer, "the client");
    let stamp = || Stamp::new(Timestamp::from_unix_seconds(1), Nonce::new("abc"));
    let (mut slots, parameters) = (SlotArray::<1>::new(), ProtocolParameters::NONE);
    let request = RequestView::new("GET", Target::parse("http://a/").unwrap());
    let draft = signer
        .draft(&request, &parameters, stamp(), &mut slots)
        .unwrap();
    assert_hidden(&draft, "Draft");
    let mut memory = [0; 512];
    let buffer = SliceSink::new(&mut memory);
    let prepared = signer.prepare(&request, &parameters, &mut SlotArray::<1>::new(), buffer);
    assert_hidden(&prepared.unwrap(), "Prepared(HMAC-SHA1, ..)");
}

#[cfg(all(feature = "hmac-sha256", feature = "hmac-sha512"))]
#[test]
fn keys_of_the_other_hashes_show_no_secret() {
    use crate::SigningKey;
    let key = crate::HmacSha256::new(&HUSH.into(), &HUSH.into());
    assert_hidden(&key, "HmacSha256(..)");
    assert_hidden(&key.start(), "HmacSha256State(..)");
    let key = crate::HmacSha512::new(&HUSH.into(), &HUSH.into());
    assert_hidden(&key, "HmacSha512(..)");
    assert_hidden(&key.start(), "HmacSha512State(..)");
}

#[cfg(all(feature = "plaintext", feature = "alloc"))]
#[test]
fn plaintext_shows_its_secrets_to_the_server_alone() {
    use crate::{
        Nonce, Plaintext, ProtocolParameters, RequestView, Signer, SigningKey, SlotArray, Stamp,
        Target, Timestamp,
    };
    let key = Plaintext::new(HUSH.into(), HUSH.into());
    assert_hidden(&key, "Plaintext");
    assert_hidden(&key.start(), "PlaintextState");
    let signer = Signer::<Plaintext<'_>>::for_client(&client());
    assert_hidden(&signer, "the client");
    let request = RequestView::new("GET", Target::parse("https://a/").unwrap());
    let mut slots = SlotArray::<1>::new();
    let prepared = signer.prepare(
        &request,
        &ProtocolParameters::NONE,
        &mut slots,
        alloc::vec::Vec::new(),
    );
    assert_hidden(&prepared.unwrap(), "Prepared(PLAINTEXT, ..)");
    let stamp = Stamp::new(Timestamp::from_unix_seconds(1), Nonce::new("abc"));
    let draft = signer.draft(&request, &ProtocolParameters::NONE, stamp, &mut slots);
    assert_hidden(&draft.unwrap(), "Draft");
}

#[test]
fn a_secret_is_exposed_by_name() {
    for secret in ["", "a b", "é"] {
        assert_eq!(Secret::from(secret).expose(), secret);
    }
    assert_eq!(Secret::EMPTY.expose(), "");
    let secret = Secret::from(HUSH);
    assert_eq!(Secret::from(&secret).expose(), HUSH);
    assert_hidden(&Secret::from(&secret), "Secret(..)");
}

#[cfg(feature = "alloc")]
#[test]
fn an_owned_secret_is_wiped_when_it_is_dropped() {
    let secrets = [
        Secret::from(HUSH.to_string()),
        Secret::from(HUSH).into_owned(),
        Secret::from(HUSH.to_string()).into_owned(),
        Secret::from(HUSH.to_string()).clone(),
        client().into_owned().key().clone(),
        TokenCredentials::new("t", HUSH)
            .into_owned()
            .secret()
            .clone(),
    ];
    for secret in secrets {
        assert_eq!(secret.expose(), HUSH);
        let Repr::Owned(text) = &secret.0 else {
            panic!("borrowed");
        };
        let _: &Zeroizing<String> = text;
    }
}

#[test]
fn credentials_give_what_they_were_made_of() {
    let client = client();
    assert_eq!(
        (client.identifier(), client.key().expose()),
        ("the client", HUSH)
    );
    let temporary = TemporaryCredentials::new("a", "b");
    assert_eq!(
        (temporary.identifier(), temporary.secret().expose()),
        ("a", "b")
    );
    let token = TokenCredentials::new("c", Secret::EMPTY);
    assert_eq!((token.identifier(), token.secret().expose()), ("c", ""));
    let with_key = ClientCredentials::with_key("d", 17);
    assert_eq!((with_key.identifier(), *with_key.key()), ("d", 17));
}

#[cfg(feature = "alloc")]
#[test]
fn owned_credentials_outlive_what_they_were_made_of() {
    let (identifier, secret) = ("a client".to_string(), "a secret".to_string());
    let client = ClientCredentials::new(identifier.as_str(), secret.as_str()).into_owned();
    let temporary = TemporaryCredentials::new(identifier.as_str(), secret.as_str()).into_owned();
    let token = TokenCredentials::new(identifier.as_str(), secret.as_str()).into_owned();
    drop((identifier, secret));
    assert_eq!(
        (client.identifier(), client.key().expose()),
        ("a client", "a secret")
    );
    assert_eq!(
        (temporary.identifier(), temporary.secret().expose()),
        ("a client", "a secret")
    );
    assert_eq!(
        (token.identifier(), token.secret().expose()),
        ("a client", "a secret")
    );
}

#[cfg(any(feature = "_hmac", feature = "plaintext"))]
#[test]
fn a_signing_key_is_both_secrets_encoded_and_always_an_ampersand() {
    let cases = [
        ("", "", "&"),
        ("a", "", "a&"),
        ("", "b", "&b"),
        ("j49sk3j29djd", "dh893hdasih9", "j49sk3j29djd&dh893hdasih9"),
        ("a&b", "c%d", "a%26b&c%25d"),
        ("é ", "-._~", "%C3%A9%20&-._~"),
        ("\0", "+", "%00&%2B"),
    ];
    for (client, token, expected) in cases {
        let mut memory = [0; 64];
        let mut sink = crate::sink::SliceSink::new(&mut memory);
        write_signing_key(&client.into(), &token.into(), &mut sink);
        assert_eq!(sink.finish(), Ok(expected.as_bytes()));
    }
}
