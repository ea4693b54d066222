use super::*;

fn refused<T: serde::de::DeserializeOwned + Debug>(stored: &str) {
    let error = serde_json::from_str::<T>(stored).unwrap_err().to_string();
    assert!(!error.contains("hush"), "{error}");
}

#[test]
fn an_authorization_is_stored_and_resumed() {
    let body = format!("{TEMPORARY}&ttl=900");
    let authorize = answer(await_temporary(), &body).unwrap();
    let stored = serde_json::to_string(&authorize).unwrap();
    // The names are part of the interface.
    let expected = r#"{"version":1,"temporary":{"identifier":"for-now","secret":"hush-hush"},"url":"https://photos.example.net/authorize?oauth_token=for-now","core_1_0":false,"parameters":[["ttl","900"]]}"#;
    assert_eq!(stored, expected);
    let resumed: Authorize = serde_json::from_str(&stored).unwrap();
    assert_eq!(serde_json::to_string(&resumed).unwrap(), expected);
    assert_eq!(resumed.url(), authorize.url());
    assert_eq!(resumed.parameters(), authorize.parameters());
    assert!(
        resumed
            .callback_query("oauth_token=for-now&oauth_verifier=v")
            .is_ok()
    );

    let cases = [
        stored.replace("\"version\":1", "\"version\":2"),
        stored.replace("\"version\":1,", ""),
        stored.replace("{\"version\"", "{\"hush\":1,\"version\""),
        stored.replace("\"secret\"", "\"hush\""),
        stored.replace("\"core_1_0\":false", "\"core_1_0\":\"hush\""),
        stored.replace(",\"core_1_0\":false", ""),
        stored.replace("[[", "[[\"hush\","),
        String::from("\"hush\""),
    ];
    for case in cases {
        assert_ne!(case, stored);
        refused::<Authorize>(&case);
    }
}

#[test]
fn a_session_is_stored_and_resumed() {
    let stored = serde_json::to_string(&session(at(1_000))).unwrap();
    let expected = r#"{"version":1,"credentials":{"identifier":"for-ever","secret":"hush-hush"},"handle":"hush-hush-handle","expires_at":4600,"authorization_expires_at":87400}"#;
    assert_eq!(stored, expected);
    let resumed: Session = serde_json::from_str(&stored).unwrap();
    assert_eq!(serde_json::to_string(&resumed).unwrap(), expected);
    let never = stored.replace("4600", "null").replace("87400", "null");
    let never: Session = serde_json::from_str(&never).unwrap();
    assert_eq!(
        (never.expires_at(), never.authorization_expires_at()),
        (None, None)
    );
    for case in [
        stored.replace("\"version\":1", "\"version\":2"),
        stored.replace("{\"version\"", "{\"hush\":1,\"version\""),
        stored.replace("4600", "\"hush\""),
        stored.replace("4600", "-1"),
    ] {
        assert_ne!(case, stored);
        refused::<Session>(&case);
    }
}
