use super::{
    echo::{Delegator, EchoError},
    *,
};
use crate::{Transmission, signer::Signer};

const WHO: &str = "https://api.example.com/1.1/account/verify_credentials.json?skip_status=1";

fn signer() -> Signer<'static, HmacSha1> {
    let token = TokenCredentials::new("for-ever", HUSH);
    Signer::for_token(&client(), &token).with_realm("https://api.example.com/")
}

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    echo::sign(&signer(), WHO, stamp())
        .unwrap()
        .apply(&mut headers);
    headers
}

#[test]
fn what_the_client_signs_the_server_accepts_from_the_delegator() {
    let headers = headers();
    assert_eq!(headers["x-auth-service-provider"], WHO);
    assert!(headers["x-verify-credentials-authorization"].is_sensitive());
    let leg = Delegator::new([WHO]).unwrap().receive(&headers).unwrap();
    assert!(leg.outgoing().signer().is_none());
    assert_eq!(leg.outgoing().redirects(), Redirects::Never);
    let (request, pairs) = signed(leg.outgoing(), &SharedSecrets::new(HUSH, HUSH));
    assert_eq!(request.method(), "GET");
    assert_eq!(request.uri(), WHO);
    assert_eq!(find(&pairs, "oauth_token"), Some("for-ever"));
    let header = &request.headers()[AUTHORIZATION];
    assert!(header.is_sensitive());
    assert!(
        header
            .as_bytes()
            .starts_with(b"OAuth realm=\"https://api.example.com/\"")
    );
}

#[test]
fn only_the_urls_allowed_are_asked_byte_by_byte() {
    let delegator = Delegator::new(["https://api.example.com/verify", WHO]).unwrap();
    for url in [
        "https://api.example.com/verify/",
        "https://API.example.com/verify",
        "https://api.example.com:443/verify",
        "https://api.example.com/verify?",
        "https://api.example.com/verify#",
        "https://api.example.com.evil.example/verify",
        "http://api.example.com/verify",
        "https://api.example.com/verif%79",
        "http://169.254.169.254/latest/meta-data",
        "",
    ] {
        let mut headers = headers();
        headers.insert(echo::PROVIDER, HeaderValue::from_str(url).unwrap());
        let error = delegator.receive(&headers).unwrap_err();
        assert_eq!(error, EchoError::NotAllowed, "{url}");
    }
    assert!(delegator.receive(&headers()).is_ok());
    let nobody = Delegator::new::<&str>([]).unwrap();
    assert_eq!(
        nobody.receive(&headers()).unwrap_err(),
        EchoError::NotAllowed
    );
    assert!(matches!(
        Delegator::new(["verify"]),
        Err(StartError::Endpoint(..))
    ));
    let error = Delegator::new(["http://api.example.com/verify"]).unwrap_err();
    assert_eq!(error, StartError::WithoutTls("verify credentials"));
}

#[test]
fn headers_are_there_once_and_of_the_scheme() {
    let delegator = Delegator::new([WHO]).unwrap();
    let names = [
        (echo::PROVIDER, "X-Auth-Service-Provider"),
        (echo::CREDENTIALS, "X-Verify-Credentials-Authorization"),
    ];
    for (name, shown) in names {
        let mut without = headers();
        without.remove(&name);
        let error = delegator.receive(&without).unwrap_err();
        assert_eq!(error, EchoError::Missing(shown));
        assert!(error.to_string().contains(shown));
        let mut twice = headers();
        twice.append(&name, headers()[&name].clone());
        let error = delegator.receive(&twice).unwrap_err();
        assert_eq!(error, EchoError::Duplicate(shown));
        assert!(error.to_string().contains(shown));
    }
    let mut basic = headers();
    let value = HeaderValue::from_static("Basic aHVzaDpodXNo");
    basic.insert(echo::CREDENTIALS, value);
    let error = delegator.receive(&basic).unwrap_err();
    assert_eq!(error, EchoError::NotOAuth);
    assert!(error.to_string().contains("scheme OAuth"));
}

#[test]
fn only_an_answer_of_200_is_believed() {
    let leg = || Delegator::new([WHO]).unwrap().receive(&headers()).unwrap();
    let receive = |status: StatusCode, body: &[u8]| leg().receive(status, &HeaderMap::new(), body);
    let identity = receive(StatusCode::OK, b"{\"id\":7}").unwrap();
    assert_eq!(identity.body(), b"{\"id\":7}");
    for status in [201, 204, 301, 302, 307, 401, 403, 500] {
        let status = StatusCode::from_u16(status).unwrap();
        let refused = FlowError::Refused {
            status,
            problem: None,
        };
        assert_eq!(receive(status, b"{\"id\":7}").unwrap_err(), refused);
    }
    let long = std::vec![b' '; REPLY_LIMIT + 1];
    let error = receive(StatusCode::OK, &long).unwrap_err();
    assert_eq!(error, FlowError::TooLong { limit: REPLY_LIMIT });
}

#[test]
fn the_header_is_the_only_place() {
    for transmission in [Transmission::Query, Transmission::Form] {
        let signer = signer().with_transmission(transmission);
        let error = echo::sign(&signer, WHO, stamp()).unwrap_err();
        assert_eq!(error, Error::Unsendable);
    }
    assert!(matches!(
        echo::sign(&signer(), "/who", stamp()),
        Err(Error::Uri(_))
    ));
    assert_hidden(&echo::sign(&signer(), WHO, stamp()).unwrap());
}

#[test]
fn an_error_says_which_header_it_is_about() {
    for (error, text) in [
        (EchoError::Missing("x-a"), "the header x-a is missing"),
        (EchoError::Duplicate("x-a"), "the header x-a is there twice"),
        (
            EchoError::NotAllowed,
            "the service provider is none of those allowed",
        ),
        (
            EchoError::NotOAuth,
            "the credentials are none of the scheme OAuth",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
}
