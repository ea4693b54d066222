use super::*;

const CALLBACK: &str = "https://printer.example/ready";

fn ask(parameters: &[(&str, &str)]) -> Result<TemporaryGrant, Refusal> {
    let registration = Registration::new(&[CALLBACK, "oob"], &["read", "write"]);
    verified(parameters, TemporaryRequest::read)?.check(&registration)
}

#[test]
fn what_is_granted_is_what_was_asked_and_registered() {
    let grant = ask(&[("oauth_callback", CALLBACK), ("scope", "write, write")]).unwrap();
    assert_eq!((grant.client(), grant.callback()), ("printer", CALLBACK));
    assert_eq!(grant.realms(), ["write"]);
    // An empty token is none (section 2.1).
    let grant = ask(&[("oauth_callback", "oob"), ("oauth_token", "")]).unwrap();
    assert_eq!(grant.callback(), "oob");
    assert_eq!(grant.realms(), ["read", "write"]);
}

#[test]
fn what_is_refused() {
    let table: &[(&[(&str, &str)], Refusal)] = &[
        (&[], Refusal::ParameterAbsent("oauth_callback")),
        (
            &[("oauth_callback", "/ready")],
            Refusal::Callback(CallbackError::NotAbsolute),
        ),
        (
            &[("oauth_callback", "https://other.example/ready")],
            Refusal::Callback(CallbackError::NotRegistered),
        ),
        (
            &[("oauth_callback", CALLBACK), ("scope", "read admin")],
            Refusal::RealmUnknown,
        ),
        (
            &[
                ("oauth_callback", CALLBACK),
                ("scope", "read"),
                ("scope", "write"),
            ],
            Refusal::ParameterRejected("scope"),
        ),
        (
            &[("oauth_callback", CALLBACK), ("scope", "a\u{1}b")],
            Refusal::ParameterRejected("scope"),
        ),
        (
            &[("oauth_callback", CALLBACK), ("oauth_token", "t")],
            Refusal::WrongCredentials(SignedBy::Token),
        ),
    ];
    for (parameters, refusal) in table {
        assert_eq!(ask(parameters).unwrap_err(), *refusal, "{parameters:?}");
    }
}

#[test]
fn a_client_with_no_callback_may_name_oob_alone() {
    let ask = |callback, registered: &[&str]| {
        let registration = Registration::new(registered, &[]);
        let asked = verified(&[("oauth_callback", callback)], TemporaryRequest::read)?;
        asked.check(&registration).map(|grant| grant.realms().len())
    };
    let refused = Err(Refusal::Callback(CallbackError::NotRegistered));
    assert_eq!(ask("oob", &[]), Ok(0));
    assert_eq!(ask(CALLBACK, &[]), refused);
    assert_eq!(ask("oob", &[CALLBACK]), refused);
}

#[test]
fn the_client_is_known_before_its_registration_is_looked_up() {
    let asked = verified(&[("oauth_callback", CALLBACK)], TemporaryRequest::read).unwrap();
    assert_eq!(asked.client(), "printer");
}
