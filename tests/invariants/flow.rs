use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_TYPE, WWW_AUTHENTICATE},
};
use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, Stamp, Timestamp,
    flow::{Authorize, FlowError, Granted, Leg, Server, Session, Start},
    form,
};

use super::{assert_one_line, fields};

const AUTHORIZE: &str = "https://photos.example.net/authorize";

/// Input: status, `Content-Type`, `WWW-Authenticate`, callback; the rest is a body.
pub(super) fn check(input: &[u8]) {
    let Some([status, content_type, challenge, callback, body]) = fields::<5>(input) else {
        return;
    };
    let status = StatusCode::from_bytes(status).unwrap_or(StatusCode::OK);
    let mut headers = HeaderMap::new();
    for (name, value) in [(CONTENT_TYPE, content_type), (WWW_AUTHENTICATE, challenge)] {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name, value);
        }
    }
    let server = Server::new(
        "https://photos.example.net/initiate",
        AUTHORIZE,
        "https://photos.example.net/token",
    )
    .expect("three endpoints");
    let client = ClientCredentials::new("the client", "its secret");
    let start = Start::new(&server, &client, "https://printer.example.com/ready")
        .request::<HmacSha1>()
        .expect("a callback");
    if let Some(authorize) = leads_on(start.receive(status, &headers, body)) {
        check_authorize(&authorize, callback, &server, &client);
    }
    // With temporary credentials that are known to be good, the same answer is read as the last one.
    let start = Start::new(&server, &client, "https://printer.example.com/ready")
        .request::<HmacSha1>()
        .expect("a callback");
    let good = b"oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true";
    let authorize = start
        .receive(StatusCode::OK, &HeaderMap::new(), good)
        .expect("good credentials");
    check_authorize(&authorize, callback, &server, &client);
    let authorized = authorize
        .callback("/?oauth_token=t&oauth_verifier=v")
        .expect("a good callback");
    let last = authorized
        .request::<HmacSha1, _>(&server, &client)
        .expect("an endpoint");
    if let Some(granted) = leads_on(last.receive(status, &headers, body)) {
        check_granted(&granted);
    }
    if let Some(granted) = leads_on(Granted::from_text(body)) {
        check_granted(&granted);
    }
}

fn leads_on<T>(result: Result<T, FlowError>) -> Option<T> {
    match result {
        Ok(next) => Some(next),
        Err(error) => {
            assert_one_line(&error.to_string());
            None
        }
    }
}

fn check_authorize(
    authorize: &Authorize,
    callback: &[u8],
    server: &Server,
    client: &ClientCredentials<'_>,
) {
    let ours = authorize.temporary().identifier();
    let url = authorize.url();
    let (before, query) = url.split_once('?').expect("a token in the query");
    assert_eq!(before, AUTHORIZE);
    let token = form::pairs(query.as_bytes())
        .find(|(name, _)| *name == "oauth_token")
        .map(|(_, value)| value);
    assert!(token.is_some_and(|token| token == ours));

    let stored = serde_json::to_string(authorize).expect("a state can be stored");
    let restored: Authorize = serde_json::from_str(&stored).expect("and be restored");
    assert_eq!(restored.url(), url);
    let Ok(callback) = core::str::from_utf8(callback) else {
        return;
    };
    let both = [authorize.callback(callback), restored.callback(callback)];
    if let [Err(one), Err(other)] = &both {
        assert_eq!(one, other);
        assert_one_line(&one.to_string());
    }
    for authorized in both.into_iter().flatten() {
        // It names our temporary credentials.
        let before = callback
            .split_once('#')
            .map_or(callback, |(before, _)| before);
        let (_, query) = before.split_once('?').expect("a query");
        assert!(
            form::pairs(query.as_bytes())
                .any(|(name, value)| name == "oauth_token" && value == ours)
        );
        let last = authorized
            .request::<HmacSha1, _>(server, client)
            .expect("an endpoint");
        let stamp = Stamp::new(Timestamp::from_unix_seconds(1_700_000_000), Nonce::new("n"));
        let request = last.outgoing().sign(stamp).expect("it can be sent");
        assert!(request.headers().contains_key("authorization"));
    }
}

fn check_granted(granted: &Granted) {
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    if let Some(session) = granted.session(now) {
        let stored = serde_json::to_string(&session).expect("a session can be stored");
        let restored: Session = serde_json::from_str(&stored).expect("and be restored");
        assert_eq!(restored.expires_at(), session.expires_at());
        assert_eq!(
            restored.credentials().identifier(),
            granted.credentials().identifier(),
        );
    }
}
