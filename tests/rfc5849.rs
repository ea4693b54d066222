//! Requirements of RFC 5849 that no other test names. The labels are those of `docs/rfc5849.md`.

use oauth1_core::{
    BaseString, ClientCredentials, Digest, HmacSha1, Nonce, Origin, Plaintext, ProtocolParameters,
    RandomSourceError, RequestView, Secret, SharedSecrets, SignError, Signer, SigningFailed,
    SigningKey, SlotArray, Stamp, StandIn, Target, TemporaryCredentials, Timestamp,
    TokenCredentials, Transmission, Value, Verdict, VerifyingKey,
    authorization::{AuthorizationHeader, HeaderParameter},
    http::Payload,
    sink::Sink,
    verify::{Coverage, Lookup, NonceStatus, Policy, Reason, Rejection},
};

const NOW: Timestamp = Timestamp::from_unix_seconds(137_131_202);
const SECRETS: (&str, &str) = ("kd94hf93k423kf44", "pfkkdhi9sl3r4s00");

fn client() -> ClientCredentials<'static> {
    ClientCredentials::new("dpf43f3p2l4k3l03", SECRETS.0)
}

fn token() -> TokenCredentials<'static> {
    TokenCredentials::new("nnch734d00sl2jdk", SECRETS.1)
}

fn signer() -> Signer<'static, HmacSha1> {
    Signer::for_token(&client(), &token())
}

fn stamp() -> Stamp<'static> {
    Stamp::new(NOW, Nonce::new("chapoH"))
}

fn target(uri: &str) -> Target<'_> {
    Target::parse(uri).expect("a URI")
}

/// The parameters of a header, decoded.
fn parameters(header: &str) -> Vec<(String, String)> {
    let header = AuthorizationHeader::parse(header.as_bytes()).expect("the scheme OAuth");
    let parameters = header
        .parameters()
        .map(|parameter| parameter.expect("valid"));
    let pair = |parameter| match parameter {
        HeaderParameter::Realm(realm) => ("realm".to_owned(), realm.to_string()),
        HeaderParameter::Pair { name, value } => (name.to_string_lossy(), value.to_string_lossy()),
    };
    parameters.map(pair).collect()
}

fn value<'p>(parameters: &'p [(String, String)], name: &str) -> Option<&'p str> {
    let mut found = parameters.iter().filter(|(other, _)| other == name);
    let first = found.next().map(|(_, value)| value.as_str());
    assert!(found.next().is_none(), "{name} is there twice");
    first
}

/// How far a request comes with the right secrets: its coverage, or why not.
fn judge(request: &RequestView<'_>, header: Option<&str>) -> Result<Coverage, Reason> {
    let policy = Policy::new();
    let mut slots = Vec::new();
    let mut run = || -> Result<Coverage, Rejection> {
        let header = header.map(str::as_bytes);
        let received = policy.receive(request, header, NOW, &mut slots)?;
        let secrets = SharedSecrets::new(SECRETS.0, SECRETS.1);
        let authentic = received.authenticate(Lookup::Found(&secrets), &StandIn::new())?;
        Ok(authentic.accept(NonceStatus::Fresh)?.coverage())
    };
    run().map_err(|rejection| rejection.reason())
}

/// 1.1 a, 2.1 g, 2.1 i, 2.3 d, 3.1 b, 3.1 c.
#[test]
fn each_class_of_credentials_signs_with_its_own_identifier_and_secret() {
    let temporary = TemporaryCredentials::new("hh5s93j4hdidpola", "hdhd0244k9j7ao03");
    let signers: [Signer<'_, Plaintext<'_>>; 3] = [
        Signer::for_client(&client()),
        Signer::for_temporary(&client(), &temporary),
        Signer::for_token(&client(), &token()),
    ];
    let expected = [
        (None, "kd94hf93k423kf44&"),
        (
            Some("hh5s93j4hdidpola"),
            "kd94hf93k423kf44&hdhd0244k9j7ao03",
        ),
        (
            Some("nnch734d00sl2jdk"),
            "kd94hf93k423kf44&pfkkdhi9sl3r4s00",
        ),
    ];
    for (signer, (token, signature)) in signers.iter().zip(expected) {
        let request = RequestView::new("POST", target("https://photos.example.net/"));
        let header = signer.authorization(&request, stamp()).expect("signed");
        let sent = parameters(&header);
        assert_eq!(value(&sent, "oauth_consumer_key"), Some("dpf43f3p2l4k3l03"));
        assert_eq!(value(&sent, "oauth_token"), token);
        assert_eq!(value(&sent, "oauth_signature"), Some(signature));
    }
}

/// 2 h.
#[test]
fn what_the_server_makes_may_have_any_size() {
    let (long, secret) = ("t".repeat(100_000), "s".repeat(100_000));
    let token = TokenCredentials::new(long.as_str(), secret.as_str());
    let signer = Signer::<HmacSha1>::for_token(&client(), &token);
    let request = RequestView::new("GET", target("https://photos.example.net/"));
    let verifier = "v".repeat(100_000);
    let with_verifier = ProtocolParameters::NONE.with_verifier(&verifier);
    let mut header = Vec::new();
    signer
        .sign(
            &request,
            &with_verifier,
            stamp(),
            &mut Vec::new(),
            &mut header,
        )
        .expect("signed");
    let sent = parameters(&String::from_utf8(header).expect("text"));
    assert_eq!(value(&sent, "oauth_token"), Some(long.as_str()));
    assert_eq!(value(&sent, "oauth_verifier"), Some(verifier.as_str()));
    // The secret has taken part to its last letter.
    let shorter = TokenCredentials::new(long.as_str(), &secret[1..]);
    let other = Signer::<HmacSha1>::for_token(&client(), &shorter);
    let mut header = Vec::new();
    other
        .sign(
            &request,
            &with_verifier,
            stamp(),
            &mut Vec::new(),
            &mut header,
        )
        .expect("signed");
    let other = parameters(&String::from_utf8(header).expect("text"));
    assert_ne!(
        value(&sent, "oauth_signature"),
        value(&other, "oauth_signature")
    );
}

/// 3.1 a.
#[test]
fn names_and_values_are_case_sensitive() {
    let request = RequestView::new("GET", target("https://photos.example.net/"));
    let header = signer().authorization(&request, stamp()).expect("signed");
    assert_eq!(judge(&request, Some(&header)), Ok(Coverage::Empty));
    for (from, to) in [
        ("oauth_consumer_key", "oauth_Consumer_Key"),
        ("oauth_nonce", "OAUTH_NONCE"),
        ("oauth_signature=", "oauth_Signature="),
    ] {
        let reason = judge(&request, Some(&header.replace(from, to)));
        assert!(
            matches!(reason, Err(Reason::MissingParameters(_))),
            "{reason:?}"
        );
    }
    let reason = judge(&request, Some(&header.replace("HMAC-SHA1", "hmac-sha1")));
    assert_eq!(reason, Err(Reason::UnsupportedSignatureMethod));
    let reason = judge(&request, Some(&header.replace("chapoH", "CHAPOH")));
    assert_eq!(reason, Err(Reason::SignatureInvalid));
}

/// 3.1 k.
#[test]
fn a_protocol_parameter_that_is_there_already_is_not_sent_again() {
    let signer = signer().with_version();
    for name in [
        "oauth_consumer_key",
        "oauth_token",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_nonce",
        "oauth_version",
        "oauth%5Fnonce",
    ] {
        let pair = format!("{name}=x");
        let uri = format!("https://photos.example.net/?a=b&{pair}");
        let query = RequestView::new("POST", target(&uri));
        let form = RequestView::new("POST", target("https://photos.example.net/"))
            .with_form(pair.as_bytes());
        for request in [query, form] {
            let refused = signer.authorization(&request, stamp());
            assert_eq!(refused, Err(SignError::DuplicateParameter), "{name}");
        }
    }
}

/// 3.3 b.
#[test]
fn a_timestamp_that_is_no_positive_integer_is_refused() {
    let request = RequestView::new("GET", target("https://photos.example.net/"));
    let header = signer().authorization(&request, stamp()).expect("signed");
    for other in [
        "0",
        "00",
        "0137131202",
        "-137131202",
        "+137131202",
        "%2B137131202",
        "137131202.0",
        "137131202%20",
        "1e8",
        "0x82c7202",
        "now",
        "",
        "18446744073709551616",
    ] {
        let reason = judge(&request, Some(&header.replace("137131202", other)));
        assert_eq!(
            reason,
            Err(Reason::MalformedParameter("oauth_timestamp")),
            "{other}"
        );
    }
    // Digits are read as they are; only then is the signature wrong.
    let reason = judge(&request, Some(&header.replace("137131202", "137131203")));
    assert_eq!(reason, Err(Reason::SignatureInvalid));
}

/// 3.3 f.
#[test]
fn a_nonce_is_another_under_another_client_token_or_timestamp() {
    let key = |client: &str, token: &str, timestamp: u64, nonce: &str| {
        let header = format!(
            "OAuth oauth_consumer_key=\"{client}\", oauth_token=\"{token}\", \
             oauth_signature_method=\"PLAINTEXT\", oauth_timestamp=\"{timestamp}\", \
             oauth_nonce=\"{nonce}\", oauth_signature=\"kd94hf93k423kf44%26pfkkdhi9sl3r4s00\""
        );
        let policy = Policy::new();
        let request = RequestView::new("GET", target("https://photos.example.net/"));
        let mut slots = Vec::new();
        let received = policy
            .receive(&request, [header.as_bytes()], NOW, &mut slots)
            .expect("received");
        let secrets = SharedSecrets::new(SECRETS.0, SECRETS.1);
        let authentic = received
            .authenticate(Lookup::Found(&secrets), &StandIn::new())
            .expect("authentic");
        let mut bytes = Vec::new();
        let key = authentic.replay_key().expect("a nonce");
        key.write_to(&mut bytes);
        bytes
    };
    let one = key("a", "b", 137_131_202, "c");
    assert_eq!(one, key("a", "b", 137_131_202, "c"));
    // Another spelling of the same nonce is the same nonce.
    assert_eq!(one, key("%61", "b", 137_131_202, "%63"));
    for other in [
        key("x", "b", 137_131_202, "c"),
        key("a", "x", 137_131_202, "c"),
        key("a", "", 137_131_202, "c"),
        key("a", "b", 137_131_203, "c"),
        key("a", "b", 137_131_202, "x"),
        key("ab", "", 137_131_202, "c"),
        key("a", "bc", 137_131_202, "%20"),
    ] {
        assert_ne!(one, other);
    }
}

/// The length of the base string, and a secret: as bad a signature as any, and one of our own.
#[derive(Clone, Copy)]
struct Length(&'static str);

#[derive(Clone)]
struct Counted(usize);

impl Sink for Counted {
    fn put(&mut self, bytes: &[u8]) {
        self.0 += bytes.len();
    }
}

impl SigningKey for Length {
    type State = Counted;

    fn method(&self) -> &'static str {
        "LENGTH"
    }

    fn body_digest(&self) -> Option<Digest> {
        None
    }

    fn start(&self) -> Counted {
        Counted(0)
    }

    fn finish<S: Sink + ?Sized>(&self, state: Counted, out: &mut S) -> Result<(), SigningFailed> {
        out.put(format!("{} {}", self.0, state.0).as_bytes());
        Ok(())
    }
}

impl VerifyingKey for Length {
    fn serves(&self, method: &str) -> bool {
        method == "LENGTH"
    }

    fn verify(&self, _: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        let mut expected = Vec::new();
        match self.sign(base_string, &mut expected) {
            Ok(()) if signature == expected[..] => Verdict::Valid,
            _ => Verdict::Invalid,
        }
    }
}

/// 3.4 b.
#[test]
fn a_method_of_ones_own_signs_and_verifies() {
    let request = RequestView::new("GET", target("https://photos.example.net/?a=b"));
    let header = Signer::with_key(Length("s"), "a client")
        .authorization(&request, stamp())
        .expect("signed");
    let received = |policy: &Policy<'_>, key: Length| {
        let mut slots = SlotArray::<16>::new();
        let received = policy.receive(&request, [header.as_bytes()], NOW, &mut slots)?;
        received.authenticate(Lookup::Found(&key), &key).map(drop)
    };
    let policy = Policy::new().with_methods(&["LENGTH"]);
    assert_eq!(received(&policy, Length("s")), Ok(()));
    let reason = received(&policy, Length("t")).map_err(|rejection| rejection.reason());
    assert_eq!(reason, Err(Reason::SignatureInvalid));
    // Nobody takes it who has not said so.
    let reason = received(&Policy::new(), Length("s")).map_err(|rejection| rejection.reason());
    assert_eq!(reason, Err(Reason::UnsupportedSignatureMethod));
}

/// 3.4 d.
#[test]
fn signing_adds_a_header_and_changes_nothing_else() {
    let build = || {
        http::Request::post("https://photos.example.net/a%2fb/?z=1&a=%c3%a9+&a")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-other", "y")
            .body("b=%7e&a=1+2")
            .expect("a request")
    };
    let (before, mut after) = (build(), build());
    let signed = signer().sign_buffered(&mut after, stamp()).expect("signed");
    assert!(signed.body.is_none());
    assert!(after.headers_mut().remove("authorization").is_some());
    assert_eq!(after.method(), before.method());
    assert_eq!(after.uri(), before.uri());
    assert_eq!(after.headers(), before.headers());
    assert_eq!(after.body(), before.body());
}

/// 3.4.1 b.
#[test]
fn the_verifier_says_whether_the_body_is_signed() {
    let bare = RequestView::new("POST", target("https://photos.example.net/"));
    let with_hash = signer();
    let without = signer().with_body_hash(oauth1_core::BodyHashRule::Never);
    let header = |signer: &Signer<'_, HmacSha1>, request: &RequestView<'_>| {
        signer.authorization(request, stamp()).expect("signed")
    };
    let (form, json) = (bare.with_form(b"a=b"), bare.with_body(b"{}"));
    let judge = |request, header: &str| judge(&request, Some(header)).expect("accepted");
    assert_eq!(judge(bare, &header(&with_hash, &bare)), Coverage::Empty);
    assert_eq!(judge(form, &header(&with_hash, &form)), Coverage::Signed);
    assert_eq!(judge(json, &header(&with_hash, &json)), Coverage::Signed);
    assert_eq!(judge(json, &header(&without, &json)), Coverage::Unsigned);
    let streamed = bare.with(oauth1_core::Body::Streamed);
    assert_eq!(
        judge(streamed, &header(&with_hash, &json)),
        Coverage::Pending
    );
    assert_eq!(
        judge(streamed, &header(&without, &json)),
        Coverage::Unsigned
    );
}

/// 3.4.1.2 c.
#[test]
fn the_host_that_is_signed_is_the_one_that_is_asked() {
    let ask = |uri: &str, origin: &str| {
        let mut request = http::Request::get(uri).body(()).expect("a request");
        signer()
            .sign_request(&mut request, Payload::Empty, stamp())
            .expect("signed");
        let parts = request.into_parts().0;
        let policy = Policy::new();
        let origin = Origin::parse(origin).expect("an origin");
        let mut slots = Vec::new();
        let received = policy
            .receive_parts(&parts, origin, Payload::Empty, NOW, &mut slots)
            .expect("received");
        let secrets = SharedSecrets::new(SECRETS.0, SECRETS.1);
        let authentic = received.authenticate(Lookup::Found(&secrets), &StandIn::new());
        authentic.is_ok()
    };
    assert!(ask(
        "https://Photos.example.net:443/a",
        "https://photos.example.net"
    ));
    assert!(ask(
        "http://photos.example.net:8080/a",
        "http://photos.example.net:8080"
    ));
    assert!(ask(
        "http://u:p@photos.example.net/a",
        "http://photos.example.net"
    ));
    for other in [
        "http://photos.example.net",
        "http://photos.example.net:8081",
        "http://photos.example.org:8080",
        "https://photos.example.net:8080",
    ] {
        assert!(!ask("http://photos.example.net:8080/a", other), "{other}");
    }
}

/// 3.4.1.3.1 c, 3.4.1.3.1 i, 3.6 f.
#[test]
fn a_plus_is_a_space_in_query_and_form_and_itself_in_the_header() {
    let request =
        RequestView::new("POST", target("https://photos.example.net/?a=1+2")).with_form(b"b=3+4");
    let policy = Policy::new();
    let header = "OAuth oauth_consumer_key=\"a+b\", oauth_signature_method=\"PLAINTEXT\", \
                  oauth_signature=\"c+d\"";
    let mut slots = Vec::new();
    let received = policy
        .receive(&request, [header.as_bytes()], NOW, &mut slots)
        .expect("received");
    assert!(received.client() == "a+b");
    assert!(received.signature() == "c+d");
    let base_string = received.base_string().to_string();
    assert!(
        base_string.ends_with(
            "&a%3D1%25202%26b%3D3%25204%26oauth_consumer_key%3Da%252Bb\
             %26oauth_signature_method%3DPLAINTEXT"
        ),
        "{base_string}"
    );
}

/// 3.5 c.
#[test]
fn the_header_is_where_parameters_go_unless_told_otherwise() {
    assert_eq!(Transmission::default(), Transmission::Header);
    assert_eq!(signer().transmission(), Transmission::Header);
    let request =
        RequestView::new("POST", target("https://photos.example.net/?a=b")).with_form(b"c=d");
    let sent = signer().authorization(&request, stamp()).expect("signed");
    assert!(sent.starts_with("OAuth "), "{sent}");
}

/// 3.5.1 a.
#[test]
fn the_scheme_is_read_in_any_case() {
    let request = RequestView::new("GET", target("https://photos.example.net/"));
    let header = signer().authorization(&request, stamp()).expect("signed");
    assert!(header.starts_with("OAuth oauth_"), "{header}");
    for scheme in ["OAuth", "oauth", "OAUTH", "oAuTh"] {
        let header = header.replacen("OAuth", scheme, 1);
        assert_eq!(judge(&request, Some(&header)), Ok(Coverage::Empty));
    }
    for scheme in ["OAuth2", "OAut", "Bearer", "OAuthoauth_x=\"\","] {
        let header = header.replacen("OAuth", scheme, 1);
        assert_eq!(judge(&request, Some(&header)), Err(Reason::Absent));
    }
}

/// 3.5.1 e.
#[test]
fn white_space_between_parameters_is_optional_and_values_may_be_empty() {
    let request = RequestView::new("GET", target("https://photos.example.net/"));
    let signer = Signer::<HmacSha1>::for_client(&client()).with_token("");
    let header = signer.authorization(&request, stamp()).expect("signed");
    assert!(header.contains("oauth_token=\"\", "), "{header}");
    let accepted = |header: &str| {
        let policy = Policy::new();
        let mut slots = Vec::new();
        let received = policy.receive(&request, [header.as_bytes()], NOW, &mut slots);
        let secrets = SharedSecrets::of_client(SECRETS.0);
        let lookup = Lookup::Found(&secrets);
        received.and_then(|received| received.authenticate(lookup, &StandIn::new()).map(drop))
    };
    for separator in [", ", ",", " ,\t", "\t,", ",\r\n ", " , , "] {
        assert_eq!(
            accepted(&header.replace(", ", separator)),
            Ok(()),
            "{separator:?}"
        );
    }
    assert!(accepted(&header.replace(", ", " ")).is_err());
}

/// 3.5.2 d.
#[test]
fn in_a_body_that_is_no_form_there_are_no_protocol_parameters() {
    let signer = signer().with_transmission(Transmission::Form);
    let request = RequestView::new("POST", target("https://photos.example.net/"));
    let form = signer.authorization(&request, stamp()).expect("signed");
    let sent = request.with_form(form.as_bytes());
    assert_eq!(judge(&sent, None), Ok(Coverage::Signed));
    let other = request.with_body(form.as_bytes());
    assert_eq!(judge(&other, None), Err(Reason::Absent));
}

/// 4.5 b.
#[test]
fn no_key_and_no_credentials_show_a_secret() {
    let (client, token) = (client(), token());
    let temporary = TemporaryCredentials::new("hh5s93j4hdidpola", SECRETS.1);
    let plaintext = Signer::<Plaintext<'_>>::for_token(&client, &token);
    let shown = [
        format!("{:?}", Secret::from(SECRETS.0)),
        format!("{:?}", Secret::from(SECRETS.1.to_owned())),
        format!("{client:?} {token:?} {temporary:?}"),
        format!("{:?} {plaintext:?}", signer()),
        format!("{:?}", SharedSecrets::new(SECRETS.0, SECRETS.1)),
        format!("{:?} {:?}", plaintext.key(), signer().key()),
    ];
    for shown in shown {
        assert!(!shown.contains(SECRETS.0), "{shown}");
        assert!(!shown.contains(SECRETS.1), "{shown}");
    }
}

/// 4.9 c, 4.10 c.
#[test]
fn nonces_are_from_the_system_or_there_are_none() {
    let random: fn() -> Result<Nonce<'static>, RandomSourceError> = Nonce::random;
    let now: fn() -> Result<Stamp<'static>, RandomSourceError> = Stamp::now;
    let mut nonces: Vec<String> = (0..1_000)
        .map(|_| random().expect("random bytes").as_str().to_owned())
        .collect();
    nonces.push(now().expect("random bytes").nonce().as_str().to_owned());
    assert!(nonces.iter().all(|nonce| nonce.len() == 24), "{nonces:?}");
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), 1_001);
}

/// 3.3 a: a client sends no timestamp that is not positive.
#[test]
fn a_clock_that_is_not_set_signs_nothing() {
    let request = RequestView::new("GET", target("https://example.com/"));
    let unset = || Stamp::new(Timestamp::from_unix_seconds(0), Nonce::new("a"));
    let signer = signer();
    assert_eq!(
        signer.authorization(&request, unset()),
        Err(SignError::ClockNotSet)
    );
    let none = ProtocolParameters::NONE;
    let prepared = signer.prepare(&request, &none, &mut Vec::new(), Vec::new());
    let signed = prepared.expect("prepared").sign(unset(), &mut Vec::new());
    assert_eq!(signed.map(drop), Err(SignError::ClockNotSet));
}

/// 3.4.4 a: PLAINTEXT is not sent without TLS, unless the caller vouches for the channel.
#[test]
fn plaintext_is_not_signed_with_where_there_is_no_tls() {
    let signer = Signer::<Plaintext<'static>>::for_token(&client(), &token());
    let open = RequestView::new("GET", target("http://127.0.0.1/"));
    assert_eq!(
        signer.authorization(&open, stamp()),
        Err(SignError::PlaintextWithoutTls)
    );
    let secure = RequestView::new("GET", target("HTTPS://127.0.0.1/"));
    assert!(signer.authorization(&secure, stamp()).is_ok());
    let vouched = signer.allow_plaintext_without_tls();
    assert!(vouched.authorization(&open, stamp()).is_ok());
}

/// 4.5 b: what a server holds of a request shows no signature, which with PLAINTEXT is the secrets.
#[test]
fn a_received_request_shows_no_signature() {
    let signer = Signer::<Plaintext<'static>>::for_token(&client(), &token());
    let request = RequestView::new("GET", target("https://example.com/"));
    let header = signer.authorization(&request, stamp()).expect("signed");
    let (policy, mut slots) = (Policy::new(), Vec::new());
    let received = policy.receive(&request, [header.as_bytes()], NOW, &mut slots);
    let received = received.expect("received");
    let secrets = SharedSecrets::new(SECRETS.0, SECRETS.1);
    let authentic = received.authenticate(Lookup::Found(&secrets), &StandIn::new());
    let authentic = authentic.expect("authentic");
    let shown = format!("{received:?} {authentic:#?}");
    assert!(shown.contains("dpf43f3p2l4k3l03"), "{shown}");
    let verified = authentic.accept(NonceStatus::Fresh).expect("fresh");
    let shown = format!("{shown} {verified:?}");
    for secret in [SECRETS.0, SECRETS.1] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
