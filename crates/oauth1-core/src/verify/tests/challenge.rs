use super::{
    rejections::challenge,
    wire::{Call, once},
};
use crate::{
    Transmission,
    verify::{Reason, Rejection},
};

#[test]
fn a_realm_is_quoted_in_the_challenge_and_loses_its_control_characters() {
    let rejection = Rejection::from(Reason::Absent);
    let cases = [
        ("", r#"OAuth realm="""#),
        (r#"a "b" \c"#, r#"OAuth realm="a \"b\" \\c""#),
        (
            "a\r\nSet-Cookie: b\0\t\x7F",
            r#"OAuth realm="aSet-Cookie: b""#,
        ),
        ("Fotos für ☃", "OAuth realm=\"Fotos für ☃\""),
    ];
    for (realm, expected) in cases {
        assert_eq!(challenge(&rejection, realm), expected);
    }
}

#[cfg(feature = "alloc")]
#[test]
fn a_challenge_as_text_is_the_challenge_that_is_written() {
    let rejection = once(&Call::get().send("forged")).unwrap_err();
    assert_eq!(rejection.challenge("é"), challenge(&rejection, "é"));
}

#[test]
fn what_a_sender_is_told_holds_nothing_of_its_request() {
    let call = Call::get()
        .with_realm("REALM")
        .with("oauth_token", "TOKEN")
        .with("oauth_nonce", "NONCE");
    let call = call.with("oauth_callback", "CALLBACK").with("x", "EXTRA");
    for place in [
        Transmission::Header,
        Transmission::Query,
        Transmission::Form,
    ] {
        let rejection = once(&call.clone().at(place).send("SIGNATURE")).unwrap_err();
        let told = challenge(&rejection, "Photos") + rejection.problem();
        for word in ["REALM", "TOKEN", "NONCE", "CALLBACK", "EXTRA", "SIGNATURE"] {
            assert!(!told.contains(word), "{told}");
        }
    }
}
