//! What is said of a request that cannot be signed.

extern crate alloc;

use alloc::string::ToString;

use crate::SignError;

#[test]
fn each_error_says_what_to_do() {
    let texts = [
        (SignError::TooManyParameters, "room for"),
        (
            SignError::DuplicateParameter,
            "take the oauth_ parameters out",
        ),
        (SignError::NoForm, "send them in the header"),
        (SignError::ControlCharacterInRealm, "control character"),
        (SignError::UnsendableName, "its name is empty, or \"realm\""),
        (SignError::PlaintextWithoutTls, "use https"),
        (SignError::ClockNotSet, "the clock is not set"),
        (SignError::BodyHashOnForm, "with a form"),
        (SignError::BodyNotAtHand, "give its hash"),
        (SignError::DigestNotCompiledIn, "compiled in"),
        (SignError::BufferTooSmall, "too small"),
        (SignError::SigningFailed, "could not make"),
    ];
    for (error, text) in texts {
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[cfg(feature = "alloc")]
#[test]
fn a_header_that_cannot_be_signed_is_an_error() {
    let target = crate::Target::parse("https://api.example.com/a").unwrap();
    let request = crate::RequestView::new("GET", target);
    let client = crate::ClientCredentials::new("client", "secret");
    let signer = crate::Signer::<crate::HmacSha1>::for_client(&client);
    let never = crate::Timestamp::from_unix_seconds(0);
    let stamp = crate::Stamp::new(never, crate::Nonce::new("a"));
    let error = signer.authorization(&request, stamp).unwrap_err();
    assert_eq!(error, SignError::ClockNotSet);
}
