use super::*;

#[test]
fn callbacks_are_read_whole_or_in_part() {
    let query = "a=1&oauth_token=for-now&oauth_verifier=v%2Bw&company=C1";
    let authorize = authorize();
    for uri in [
        format!("https://printer.example.com/ready?{query}"),
        format!("https://printer.example.com/ready?{query}#_=_"),
        format!("/ready?{query}"),
        format!("app:ready?{query}"),
        format!("?{query}"),
    ] {
        let authorized = authorize.callback(&uri).unwrap();
        assert_eq!(authorized.parameters().get("company"), Some("C1"), "{uri}");
        let leg = authorized
            .request::<HmacSha1, _>(&server(), &client())
            .unwrap();
        let (_, pairs) = signed(leg.outgoing(), &SharedSecrets::new(HUSH, HUSH));
        assert_eq!(find(&pairs, "oauth_verifier"), Some("v+w"), "{uri}");
    }
    assert!(authorize.callback_query(query).is_ok());
    // At the limit, and not beyond it.
    let long = format!("{query}&x=");
    let long = long.clone() + &"x".repeat(8 * 1024 - long.len());
    assert!(authorize.callback_query(&long).is_ok());
    assert!(authorize.callback_query(&(long + "x")).is_err());
}

#[test]
fn callbacks_that_give_no_verifier() {
    use CallbackError::{Denied, Duplicate, Malformed, Missing, OtherToken, TooLong};
    let denied = |name| Denied(problem(name));
    let long = format!(
        "oauth_token=for-now&oauth_verifier={}",
        "v".repeat(8 * 1024)
    );
    let table = [
        ("", Missing("oauth_token")),
        ("code=1&state=2", Missing("oauth_token")),
        ("oauth_verifier=v", Missing("oauth_token")),
        ("oauth_token=for-now", Missing("oauth_verifier")),
        (
            "oauth_token=for-now&oauth_verifier=",
            Missing("oauth_verifier"),
        ),
        ("oauth_token=other&oauth_verifier=v", OtherToken),
        ("oauth_token=For-now&oauth_verifier=v", OtherToken),
        ("oauth_token=&oauth_verifier=v", OtherToken),
        ("oauth_token=other&oauth_problem=user_refused", OtherToken),
        ("denied=other", OtherToken),
        ("denied=for-now", Denied(None)),
        ("oauth_problem=user_refused", denied("user_refused")),
        (
            "oauth_token=for-now&oauth_problem=permission_denied",
            denied("permission_denied"),
        ),
        (
            "oauth_token=for-now&oauth_verifier=v&oauth_problem=user_refused",
            denied("user_refused"),
        ),
        (
            "oauth_token=for-now&oauth_token=for-now&oauth_verifier=v",
            Duplicate("oauth_token"),
        ),
        (
            "oauth_token=for-now&oauth_verifier=v&oauth_verifier=w",
            Duplicate("oauth_verifier"),
        ),
        ("oauth_token=for-now&oauth_verifier=%ff", Malformed),
        ("oauth_token=for-now&oauth_verifier=%", Malformed),
        ("favicon", Malformed),
        (&long, TooLong { limit: 8 * 1024 }),
    ];
    assert_eq!(table.len(), 20);
    for (query, expected) in table {
        let error = authorize().callback_query(query).unwrap_err();
        assert_eq!(error, expected, "{query}");
    }
    // What a loopback listener gets besides.
    assert!(authorize().callback("/favicon.ico").is_err());
}

#[test]
fn a_typed_verifier_is_trimmed() {
    for (typed, verifier) in [
        ("1234567", "1234567"),
        (" 1234567\r\n", "1234567"),
        ("\u{a0}123-456-789\u{3000}", "123-456-789"),
    ] {
        let authorized = authorize().verifier(typed).unwrap();
        let leg = authorized
            .request::<HmacSha1, _>(&server(), &client())
            .unwrap();
        let (_, pairs) = signed(leg.outgoing(), &SharedSecrets::new(HUSH, HUSH));
        assert_eq!(find(&pairs, "oauth_verifier"), Some(verifier));
    }
    for typed in ["", " \t\n"] {
        let error = authorize().verifier(typed).unwrap_err();
        assert_eq!(error, CallbackError::Missing("oauth_verifier"));
    }
}

#[test]
fn every_error_says_what_is_wrong() {
    let problem = problem("user_refused");
    let errors = [
        (CallbackError::Denied(None), "did not authorize"),
        (CallbackError::Denied(problem), ": user_refused"),
        (CallbackError::OtherToken, "other temporary credentials"),
        (CallbackError::Missing("oauth_token"), "no oauth_token"),
        (CallbackError::Duplicate("oauth_token"), "oauth_token twice"),
        (CallbackError::Malformed, "no form"),
        (CallbackError::TooLong { limit: 7 }, "7 bytes"),
    ];
    for (error, text) in errors {
        assert!(error.to_string().contains(text), "{error}");
    }
}
