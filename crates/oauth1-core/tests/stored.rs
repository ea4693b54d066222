//! Credentials as they are stored (feature `serde`): the names of the fields outlive a release.
#![cfg(feature = "serde")]

use oauth1_core::{ClientCredentials, TemporaryCredentials, Timestamp, TokenCredentials};
use serde_json::{from_str, json, to_string, to_value};

const STORED: &str = r#"{"identifier":"a \"client\" é","secret":"s&%"}"#;

#[test]
fn each_kind_of_credentials_is_an_identifier_and_a_secret() {
    let client = ClientCredentials::new("a \"client\" é", "s&%");
    let temporary = TemporaryCredentials::new("a \"client\" é", "s&%");
    let token = TokenCredentials::new("a \"client\" é", "s&%");
    assert_eq!(to_string(&client).unwrap(), STORED);
    assert_eq!(to_string(&temporary).unwrap(), STORED);
    assert_eq!(to_string(&token).unwrap(), STORED);
}

#[test]
fn what_is_stored_is_read_again() {
    let client: ClientCredentials<'static> = from_str(STORED).unwrap();
    let temporary: TemporaryCredentials<'static> = from_str(STORED).unwrap();
    let token: TokenCredentials<'static> = from_str(STORED).unwrap();
    assert_eq!(
        (client.identifier(), client.key().expose()),
        ("a \"client\" é", "s&%")
    );
    assert_eq!(
        (temporary.identifier(), temporary.secret().expose()),
        ("a \"client\" é", "s&%")
    );
    assert_eq!(
        (token.identifier(), token.secret().expose()),
        ("a \"client\" é", "s&%")
    );
}

#[test]
fn what_is_not_just_that_is_refused_and_no_secret_is_shown() {
    let texts = [
        "{}",
        "null",
        r#"{"identifier":"a"}"#,
        r#"{"secret":"hush"}"#,
        r#"{"identifier":"a","secret":null}"#,
        r#"{"identifier":1,"secret":"hush"}"#,
        r#"{"identifier":"a","secret":"hush","secret":"hush"}"#,
        r#"{"identifier":"a","secret":"hush","realm":"b"}"#,
        r#"{"consumer_key":"a","consumer_secret":"hush"}"#,
    ];
    for text in texts {
        let error = from_str::<ClientCredentials<'static>>(text)
            .unwrap_err()
            .to_string();
        assert!(!error.contains("hush"), "{error}");
        assert!(
            from_str::<TemporaryCredentials<'static>>(text).is_err(),
            "{text}"
        );
        assert!(
            from_str::<TokenCredentials<'static>>(text).is_err(),
            "{text}"
        );
    }
}

#[test]
fn a_timestamp_is_stored_as_its_number() {
    let timestamp = Timestamp::from_unix_seconds(1_700_000_000);
    assert_eq!(to_value(timestamp).unwrap(), json!(1_700_000_000));
    assert_eq!(from_str::<Timestamp>("1700000000").unwrap(), timestamp);
    assert!(from_str::<Timestamp>("-1").is_err());
    assert!(from_str::<Timestamp>("\"1700000000\"").is_err());
}

#[test]
fn a_secret_in_the_wrong_place_is_not_shown_by_the_error() {
    for text in [
        r#""hush""#,
        r#"["hush"]"#,
        r#"{"identifier":"a","secret":4711}"#,
    ] {
        let error = from_str::<ClientCredentials<'static>>(text)
            .unwrap_err()
            .to_string();
        assert!(
            !error.contains("hush") && !error.contains("4711"),
            "{error}"
        );
    }
}
