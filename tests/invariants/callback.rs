use oauth1_core::{
    form,
    provider::{Callback, CallbackError},
};

use super::{assert_one_line, texts};

/// Input: a callback, another one that is registered, and the text of a verifier.
pub(super) fn check(input: &[u8]) {
    let Some([text, registered, verifier]) = texts::<3>(input) else {
        return;
    };
    let callback = match Callback::parse(text) {
        Ok(callback) => callback,
        Err(error) => return refused(error),
    };
    assert_eq!(callback.as_str(), text);
    assert!(callback.is_covered_by(text), "it covers itself");
    let Callback::Uri(uri) = callback else { return };
    assert_ne!(uri.scheme().to_ascii_lowercase(), "javascript");
    assert_one_line(text);

    let extended = uri.with_parameters(&[("oauth_token", "a token"), ("oauth_verifier", verifier)]);
    assert!(extended.starts_with(text.split('?').next().unwrap_or_default()));
    let (_, query) = extended.split_once('?').expect("a query");
    let last: Vec<_> = form::pairs(query.as_bytes()).collect();
    let [.., (token, value), (name, read)] = last.as_slice() else {
        panic!("two parameters were added");
    };
    assert!(*token == "oauth_token" && *value == "a token");
    assert!(*name == "oauth_verifier" && *read == verifier);
    // Where an owner's browser is sent does not depend on what is added.
    if let Ok(Callback::Uri(there)) = Callback::parse(&extended) {
        assert_eq!((there.scheme(), there.host()), (uri.scheme(), uri.host()));
    }

    if callback.is_covered_by(registered) {
        let Ok(Callback::Uri(registered)) = Callback::parse(registered) else {
            panic!("what is no callback covers none");
        };
        assert!(registered.scheme().eq_ignore_ascii_case(uri.scheme()));
        let lower = |host: Option<&str>| host.map(str::to_ascii_lowercase);
        assert_eq!(lower(registered.host()), lower(uri.host()));
    }
}

fn refused(error: CallbackError) {
    assert_one_line(&error.to_string());
}
