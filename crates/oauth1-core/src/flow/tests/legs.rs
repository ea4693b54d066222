use super::*;

#[test]
fn the_first_leg_asks_with_the_client_alone() {
    let leg = await_temporary();
    let (request, pairs) = signed(leg.outgoing(), &SharedSecrets::of_client(HUSH));
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://photos.example.net/initiate");
    assert!(request.body().is_empty());
    assert_eq!(find(&pairs, "oauth_consumer_key"), Some("the-client"));
    assert_eq!(
        find(&pairs, "oauth_callback"),
        Some("https://printer.example.com/ready")
    );
    assert_eq!(find(&pairs, "oauth_token"), None);
    assert_eq!(find(&pairs, "oauth_verifier"), None);
    assert_eq!(leg.outgoing().redirects(), Redirects::SameOrigin);
}

#[test]
fn further_parameters_of_the_first_leg_are_signed() {
    let client = client();
    let server = server()
        .with_realm("Photos")
        .with_empty_token()
        .with_version();
    let leg = Start::new(&server, &client, OUT_OF_BAND)
        .with_parameter("scope", "a b")
        .with_parameter("oauth_odd", "x&y")
        .request::<HmacSha1>()
        .unwrap();
    let (request, pairs) = signed(leg.outgoing(), &SharedSecrets::of_client(HUSH));
    assert_eq!(
        request.uri(),
        "https://photos.example.net/initiate?scope=a%20b"
    );
    assert_eq!(find(&pairs, "oauth_odd"), Some("x&y"));
    assert_eq!(find(&pairs, "oauth_token"), Some(""));
    assert_eq!(find(&pairs, "oauth_version"), Some("1.0"));
    let header = request.headers()[AUTHORIZATION].to_str().unwrap();
    assert!(header.starts_with("OAuth realm=\"Photos\", "), "{header}");
}

#[test]
fn methods_and_headers_are_the_servers() {
    let agent = HeaderValue::from_static("printer/1.0");
    let server = server()
        .with_methods(::http::Method::GET, ::http::Method::PUT)
        .with_header(::http::header::USER_AGENT, agent);
    let client = client();
    let leg = Start::new(&server, &client, OUT_OF_BAND);
    let leg = leg.request::<HmacSha1>().unwrap();
    let (request, _) = signed(leg.outgoing(), &SharedSecrets::of_client(HUSH));
    assert_eq!(request.method(), "GET");
    assert_eq!(request.headers()["user-agent"], "printer/1.0");

    let authorized = answer(leg, TEMPORARY).unwrap().verifier("1234").unwrap();
    let leg = authorized.request::<HmacSha1, _>(&server, &client).unwrap();
    let (request, _) = signed(leg.outgoing(), &SharedSecrets::new(HUSH, HUSH));
    assert_eq!(request.method(), "PUT");
    assert_eq!(request.headers()["user-agent"], "printer/1.0");
}

#[test]
fn the_third_leg_asks_with_the_temporary_credentials() {
    let back = "/ready?oauth_token=for-now&oauth_verifier=ver%26ifier";
    let authorized = authorize().callback(back).unwrap();
    let leg = authorized
        .request::<HmacSha1, _>(&server(), &client())
        .unwrap();
    let (request, pairs) = signed(leg.outgoing(), &SharedSecrets::new(HUSH, HUSH));
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://photos.example.net/token");
    assert_eq!(find(&pairs, "oauth_token"), Some("for-now"));
    assert_eq!(find(&pairs, "oauth_verifier"), Some("ver&ifier"));
    assert_eq!(find(&pairs, "oauth_callback"), None);

    let granted = answer(leg, GRANTED).unwrap();
    assert_eq!(granted.credentials().identifier(), "for-ever");
    assert_eq!(granted.credentials().secret().expose(), HUSH);
    assert_eq!(granted.expires_in(), Some(3600));
    let extra: Vec<_> = granted.parameters().iter().collect();
    assert_eq!(extra, [("user_id", "7"), ("hint", HUSH)]);
    assert_eq!(granted.into_credentials().identifier(), "for-ever");
}

#[test]
fn every_transmission_signs_every_leg() {
    use crate::Transmission::{Form, Query};
    for transmission in [Query, Form] {
        let server = server().with_transmission(transmission);
        let client = client();
        let leg = Start::new(&server, &client, OUT_OF_BAND);
        let leg = leg.request::<HmacSha1>().unwrap();
        let request = leg.outgoing().sign(stamp()).unwrap();
        let sent = match transmission {
            Query => request.uri().query().unwrap().as_bytes(),
            _ => request.body(),
        };
        let pairs = form_pairs(sent);
        assert_eq!(find(&pairs, "oauth_callback"), Some("oob"));
        assert!(find(&pairs, "oauth_signature").is_some());
        assert!(!request.headers().contains_key(AUTHORIZATION));
    }
}

#[test]
fn a_session_is_renewed_with_the_old_token_and_its_handle() {
    let server = server()
        .with_renewal("https://photos.example.net/renew")
        .unwrap();
    let leg = session(at(0))
        .renew::<HmacSha1, _>(&server, &client())
        .unwrap();
    let (request, pairs) = signed(leg.outgoing(), &SharedSecrets::new(HUSH, HUSH));
    assert_eq!(request.uri(), "https://photos.example.net/renew");
    assert_eq!(find(&pairs, "oauth_token"), Some("for-ever"));
    assert_eq!(
        find(&pairs, "oauth_session_handle"),
        Some("hush-hush-handle")
    );

    // A new handle is taken, and without one the old stays.
    let handle = |answered: &str| {
        let leg = session(at(0))
            .renew::<HmacSha1, _>(&super::server(), &client())
            .unwrap();
        let granted = answer(leg, answered).unwrap();
        granted.session(at(0)).unwrap().handle.expose().to_string()
    };
    let new = "oauth_token=t&oauth_token_secret=s&oauth_session_handle=another";
    assert_eq!(handle(new), "another");
    assert_eq!(
        handle("oauth_token=t&oauth_token_secret=s"),
        "hush-hush-handle"
    );
}

#[test]
fn expiry_is_known_beforehand() {
    let session = session(at(1_000));
    assert_eq!(session.expires_at(), Some(at(4_600)));
    assert_eq!(session.authorization_expires_at(), Some(at(87_400)));
    let granted = Granted::from_text(
        b"oauth_token=t&oauth_token_secret=s&oauth_session_handle=h&oauth_expires_in=18446744073709551615",
    )
    .unwrap();
    let session = granted.session(at(1_000)).unwrap();
    assert_eq!(session.expires_at(), Some(at(u64::MAX)));
    let granted = Granted::from_text(b"oauth_token=t&oauth_token_secret=s").unwrap();
    assert!(granted.session(at(1_000)).is_none());
}

#[test]
fn a_password_travels_in_a_signed_form() {
    let server = Server::with_token_endpoint("https://photos.example.net/token").unwrap();
    // Neither this way nor these methods are for a password.
    let server = server.with_transmission(crate::Transmission::Query);
    let server = server.with_methods(::http::Method::GET, ::http::Method::GET);
    let leg = xauth::<HmacSha1, _>(&server, &client(), "j\u{e4}ne", "hush ~*&=+").unwrap();
    let (request, pairs) = signed(leg.outgoing(), &SharedSecrets::of_client(HUSH));
    assert_eq!(request.method(), "POST");
    assert_eq!(request.headers()["content-type"], crate::content_type::FORM);
    let form = form_pairs(request.body());
    assert_eq!(find(&form, "x_auth_mode"), Some("client_auth"));
    assert_eq!(find(&form, "x_auth_username"), Some("j\u{e4}ne"));
    assert_eq!(find(&form, "x_auth_password"), Some("hush ~*&=+"));
    assert_eq!(find(&pairs, "oauth_token"), None);
    assert_eq!(find(&pairs, "oauth_verifier"), None);
    assert_hidden(&leg);
    let granted = answer(leg, &format!("{GRANTED}&x_auth_expires=0")).unwrap();
    assert_eq!(granted.parameters().get("x_auth_expires"), Some("0"));
}

#[test]
fn a_device_turns_its_account_into_a_token() {
    const HEADER: &str = "OAuth oauth_nonce=\"n\", oauth_signature=\"hush%3D\"";
    let leg = reverse_auth::<HmacSha1, _>(&server(), &client()).unwrap();
    let (request, _) = signed(leg.outgoing(), &SharedSecrets::of_client(HUSH));
    assert_eq!(request.uri(), "https://photos.example.net/initiate");
    assert_eq!(request.body(), b"x_auth_mode=reverse_auth");

    let refused = |body: &str| {
        let leg = reverse_auth::<HmacSha1, _>(&server(), &client()).unwrap();
        answer(leg, body).unwrap_err()
    };
    assert_eq!(
        refused("oauth_token=t&oauth_token_secret=s"),
        FlowError::NotForm
    );
    assert_eq!(refused("OAuth oauth_nonce=broken"), FlowError::NotForm);
    let long = format!("OAuth a=\"{}\"", "x".repeat(REPLY_LIMIT));
    assert_eq!(refused(&long), FlowError::TooLong { limit: REPLY_LIMIT });

    let reverse = answer(leg, &format!("{HEADER}\n")).unwrap();
    assert_eq!(reverse.parameters(), HEADER);
    assert_hidden(&reverse);
    let device = ClientCredentials::new("the-device", "device-secret");
    let account = TokenCredentials::new("the-account", "account-secret");
    let leg = reverse
        .request::<HmacSha1, _>(&server(), &device, &account)
        .unwrap();
    let secrets = SharedSecrets::new("device-secret", "account-secret");
    let (request, pairs) = signed(leg.outgoing(), &secrets);
    assert_eq!(request.uri(), "https://photos.example.net/token");
    assert_eq!(find(&pairs, "oauth_token"), Some("the-account"));
    let form = form_pairs(request.body());
    assert_eq!(find(&form, "x_reverse_auth_target"), Some("the-client"));
    assert_eq!(find(&form, "x_reverse_auth_parameters"), Some(HEADER));
    assert!(answer(leg, GRANTED).is_ok());
}

#[test]
fn no_state_shows_a_secret() {
    assert_hidden(&await_temporary());
    assert_hidden(&authorize());
    let authorized = authorize().verifier("hush-hush").unwrap();
    assert_hidden(&authorized);
    let leg = authorized
        .request::<HmacSha1, _>(&server(), &client())
        .unwrap();
    assert_hidden(&leg);
    assert_hidden(leg.outgoing());
    let granted = answer(leg, GRANTED).unwrap();
    assert_hidden(&granted);
    assert_hidden(granted.parameters());
    let session = granted.session(at(1)).unwrap();
    assert_hidden(&session);
    assert_hidden(&session.renew::<HmacSha1, _>(&server(), &client()).unwrap());
    let mut renewal = Renewal::new(session);
    assert_hidden(&renewal);
    assert_hidden(&renewal.turn(at(1)));
    assert_hidden(&renewal.turn(at(4_000)));
}

#[test]
fn a_leg_goes_through_the_exchange() {
    use crate::exchange::{AttemptBody, Cause, Step, Stop};
    let now = at(1_700_000_000);
    let stamp = |nonce| Stamp::new(now, Nonce::new(nonce));
    let server = server().with_clock_correction(86_400);
    let leg = xauth::<HmacSha1, _>(&server, &client(), "jane", HUSH).unwrap();
    let outgoing = leg.outgoing();
    let extra = outgoing.extra();
    let mut exchange = outgoing.exchange(&extra).unwrap();
    let first = exchange.attempt(stamp("first")).unwrap();
    assert_eq!(first.body, AttemptBody::Original);

    // The clock is corrected once, and known to the client then.
    let mut headers = HeaderMap::new();
    let date = HeaderValue::from_static("Tue, 14 Nov 2023 23:13:20 GMT");
    headers.insert("date", date);
    let step = exchange.on_response(StatusCode::UNAUTHORIZED, &headers, now);
    assert_eq!(step, Step::Again(Cause::ClockCorrected));
    assert_eq!(outgoing.client().unwrap().clock_offset(), 3_600);
    exchange.attempt(stamp("second")).unwrap();

    // And no other origin gets the password.
    let elsewhere = HeaderValue::from_static("https://elsewhere.example/token");
    headers.insert("location", elsewhere);
    let step = exchange.on_response(StatusCode::TEMPORARY_REDIRECT, &headers, now);
    assert!(
        matches!(step, Step::Stopped(Stop::OtherOrigin(_))),
        "{step:?}"
    );
    let error = leg
        .receive(StatusCode::TEMPORARY_REDIRECT, &headers, b"")
        .unwrap_err();
    assert!(matches!(error, FlowError::Refused { .. }));
}

#[test]
fn every_protocol_parameter_goes_through_the_exchange() {
    let back = "oauth_token=for-now&oauth_verifier=the-verifier";
    let authorized = authorize().callback_query(back).unwrap();
    let token = authorized
        .request::<HmacSha1, _>(&server(), &client())
        .unwrap();
    let renewal = session(at(0))
        .renew::<HmacSha1, _>(&server(), &client())
        .unwrap();
    let first = await_temporary();
    let table = [
        (
            first.outgoing(),
            "oauth_callback=\"https%3A%2F%2Fprinter.example.com%2Fready\"",
        ),
        (token.outgoing(), "oauth_verifier=\"the-verifier\""),
        (
            renewal.outgoing(),
            "oauth_session_handle=\"hush-hush-handle\"",
        ),
    ];
    for (outgoing, expected) in table {
        let extra = outgoing.extra();
        let mut exchange = outgoing.exchange(&extra).unwrap();
        let attempt = exchange.attempt(stamp()).unwrap();
        let header = attempt.parts.headers[AUTHORIZATION].to_str().unwrap();
        assert!(header.contains(expected), "{header}");
    }
}
