use super::*;

type Parameters = &'static [(&'static str, &'static str)];

const EXCHANGE: Parameters = &[("oauth_token", "temp"), ("oauth_verifier", "v")];
const RENEWAL: Parameters = &[("oauth_token", "old"), ("oauth_session_handle", "h")];
const PASSWORD: Parameters = &[
    ("x_auth_mode", "client_auth"),
    ("x_auth_username", "jane"),
    ("x_auth_password", "s%&+ é~"),
    ("scope", "read"),
];

fn read(parameters: &[(&str, &str)], signed_by: SignedBy) -> Result<TokenRequest, Refusal> {
    verified(parameters, |request| TokenRequest::read(request, signed_by))
}

#[test]
fn each_request_is_for_the_credentials_that_sign_it() {
    let kinds = [SignedBy::Client, SignedBy::Temporary, SignedBy::Token];
    let table = [
        (EXCHANGE, SignedBy::Temporary, "Exchange"),
        (RENEWAL, SignedBy::Token, "Renewal"),
        (PASSWORD, SignedBy::Client, "Password"),
    ];
    for (parameters, needed, name) in table {
        for signed_by in kinds {
            let read = read(parameters, signed_by);
            if signed_by == needed {
                let request = read.unwrap();
                assert_eq!(request.client(), "printer");
                assert!(format!("{request:?}").starts_with(name));
            } else {
                assert_eq!(
                    read.unwrap_err(),
                    Refusal::WrongCredentials(signed_by),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn an_exchange_needs_a_verifier_and_the_word_of_the_store() {
    let absent = Refusal::ParameterAbsent("oauth_verifier");
    for parameters in [&EXCHANGE[..1], &[EXCHANGE[0], ("oauth_verifier", "")]] {
        assert_eq!(read(parameters, SignedBy::Temporary).unwrap_err(), absent);
    }
    let table = [
        (Take::Taken, None),
        (Take::Unknown, Some(Refusal::TemporaryUnknown)),
        (Take::NotDecided, Some(Refusal::NotDecided)),
        (Take::Denied, Some(Refusal::Denied)),
        (Take::WrongVerifier, Some(Refusal::VerifierWrong)),
        (Take::Exhausted, Some(Refusal::TooManyVerifiers)),
    ];
    for (take, refusal) in table {
        let Ok(TokenRequest::Exchange(exchange)) = read(EXCHANGE, SignedBy::Temporary) else {
            panic!("no exchange");
        };
        let asked = (
            exchange.client(),
            exchange.identifier(),
            exchange.expose_verifier(),
        );
        assert_eq!(asked, ("printer", "temp", "v"));
        assert_eq!(
            exchange
                .taken(take)
                .map(|grant| assert_eq!(grant.client(), "printer"))
                .err(),
            refusal
        );
    }
}

#[test]
fn a_verifier_may_be_typed_in_capitals_and_in_groups() {
    for typed in ["abcd2345", "ABCD2345", "abcd 2345", " ABCD-2345 "] {
        let parameters = [EXCHANGE[0], ("oauth_verifier", typed)];
        let Ok(TokenRequest::Exchange(exchange)) = read(&parameters, SignedBy::Temporary) else {
            panic!("no exchange");
        };
        assert_eq!(exchange.expose_verifier(), "abcd2345");
    }
}

#[test]
fn a_renewal_needs_the_word_of_the_store() {
    for (renew, refusal) in [
        (Renew::Renewed, None),
        (Renew::Unknown, Some(Refusal::SessionUnknown)),
    ] {
        let Ok(TokenRequest::Renewal(renewal)) = read(RENEWAL, SignedBy::Token) else {
            panic!("no renewal");
        };
        let asked = (
            renewal.client(),
            renewal.identifier(),
            renewal.expose_handle(),
        );
        assert_eq!(asked, ("printer", "old", "h"));
        assert_eq!(renewal.renewed(renew).err(), refusal);
    }
}

#[test]
fn xauth_is_for_clients_that_are_registered_for_it() {
    let Ok(TokenRequest::Password(request)) = read(PASSWORD, SignedBy::Client) else {
        panic!("no xAuth");
    };
    assert_eq!(
        (request.username(), request.expose_password()),
        ("jane", "s%&+ é~")
    );
    assert_eq!(request.client(), "printer");
    let registration = Registration::new(&[], &["read", "write"]);
    assert_eq!(request.check(&registration), Err(Refusal::XauthRefused));
    let allowed = registration.with_xauth(true);
    assert_eq!(request.check(&allowed), Ok(vec![String::from("read")]));
    let other = Registration::new(&[], &["write"]).with_xauth(true);
    assert_eq!(request.check(&other), Err(Refusal::RealmUnknown));

    assert!(request.clone().judged(Password::Right).is_ok());
    let wrong = request.clone().judged(Password::Wrong);
    assert_eq!(wrong.unwrap_err(), Refusal::PasswordWrong);

    let shown = format!("{request:?}");
    assert_eq!(shown, "PasswordRequest { client: \"printer\", .. }");
}

#[test]
fn xauth_has_one_mode_and_all_its_parameters() {
    let without = |name: &str| -> Vec<(&str, &str)> {
        PASSWORD
            .iter()
            .copied()
            .filter(|pair| pair.0 != name)
            .collect()
    };
    let mut reverse = without("x_auth_mode");
    reverse.push(("x_auth_mode", "reverse_auth"));
    let table = [
        (
            without("x_auth_mode"),
            Refusal::WrongCredentials(SignedBy::Client),
        ),
        (
            without("x_auth_username"),
            Refusal::ParameterAbsent("x_auth_username"),
        ),
        (
            without("x_auth_password"),
            Refusal::ParameterAbsent("x_auth_password"),
        ),
        (reverse, Refusal::ParameterRejected("x_auth_mode")),
    ];
    for (parameters, refusal) in table {
        assert_eq!(read(&parameters, SignedBy::Client).unwrap_err(), refusal);
    }
}

#[test]
fn a_token_revokes_itself_and_nothing_else_does() {
    let read = |parameters: Parameters, signed_by| {
        verified(parameters, |request| {
            RevocationRequest::read(request, signed_by)
        })
    };
    let request = read(&[("oauth_token", "old")], SignedBy::Token).unwrap();
    assert_eq!((request.client(), request.identifier()), ("printer", "old"));
    let temporary = read(&[("oauth_token", "temp")], SignedBy::Temporary);
    assert_eq!(
        temporary.unwrap_err(),
        Refusal::WrongCredentials(SignedBy::Temporary)
    );
    let client = read(&[], SignedBy::Client);
    assert_eq!(
        client.unwrap_err(),
        Refusal::WrongCredentials(SignedBy::Client)
    );
}

#[test]
fn the_reply_to_a_grant_names_the_new_credentials() {
    let Ok(TokenRequest::Exchange(exchange)) = read(EXCHANGE, SignedBy::Temporary) else {
        panic!("no exchange");
    };
    let grant = exchange.taken(Take::Taken).unwrap();
    let token = NewCredentials::from_bytes([1; 52]);
    let reply = grant.reply(&token).write();
    let start = format!("oauth_token={}&oauth_token_secret=", token.identifier());
    assert!(reply.expose().starts_with(&start), "{start}");
}
