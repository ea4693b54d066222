//! Two processes behind one address, one Redis and one file: one story between them.

use core::error::Error;

use bytes::Bytes;
use http::{
    Request, StatusCode, Uri,
    header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
};
use oauth1_core::{
    ClientCredentials, HmacSha1, Signer, Stamp, TokenCredentials, content_type,
    flow::{Leg, Server, Start},
};
use oauth1_store::conformance::redis_server::RedisServer;
use reqwest::{RequestBuilder, Response};

use crate::program::{Program, http_client};

/// What browsers and clients see and sign. In front of the processes there would be a proxy with TLS.
const ORIGIN: &str = "https://warble.example.com";

/// Somebody who comes through the proxy: now to one process, now to the other.
struct Somebody {
    http: reqwest::Client,
    cookie: String,
}

impl Somebody {
    fn new() -> Self {
        Self {
            http: http_client(false),
            cookie: String::new(),
        }
    }

    async fn send(&self, request: RequestBuilder) -> Response {
        request.header(COOKIE, &self.cookie).send().await.unwrap()
    }

    async fn open(&self, process: &Program, path: &str) -> String {
        let page = self.send(self.http.get(at(process, path))).await;
        page.text().await.unwrap()
    }

    async fn submit(&self, process: &Program, path: &str, form: &[(&str, &str)]) -> Response {
        self.send(self.http.post(at(process, path)).form(form))
            .await
    }

    /// Sends to a process what was signed for the address that all have in common.
    async fn forward<B: Into<reqwest::Body>>(
        &self,
        process: &Program,
        request: Request<B>,
    ) -> Response {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().unwrap().as_str();
        parts.uri = at(process, path).parse::<Uri>().unwrap();
        let request = Request::from_parts(parts, body).try_into().unwrap();
        self.http.execute(request).await.unwrap()
    }

    /// A leg of the flow, at one of the processes.
    async fn leg<L: Leg>(&self, process: &Program, leg: L) -> Result<L::Next, Box<dyn Error>> {
        let request = leg.outgoing().sign(Stamp::now()?)?;
        let response = self.forward(process, request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(leg.receive(status, &headers, &response.bytes().await?)?)
    }
}

/// An address of a process, behind the proxy.
fn at(process: &Program, path: &str) -> String {
    format!("http://127.0.0.1:{}{path}", process.warble_port)
}

/// What stands in a page behind `before`.
fn between<'p>(page: &'p str, before: &str, after: char) -> &'p str {
    let rest = page.split_once(before);
    let (_, rest) = rest.unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split_once(after).unwrap().0
}

/// A request to post something, signed.
fn post(
    client: &ClientCredentials<'_>,
    token: &TokenCredentials<'_>,
    status: &str,
) -> Request<Bytes> {
    let mut request = Request::post(format!("{ORIGIN}/1.1/statuses/update.json"))
        .header(CONTENT_TYPE, content_type::FORM)
        .body(Bytes::from(format!("status={status}")))
        .unwrap();
    let signer = Signer::<HmacSha1>::for_token(client, token);
    signer
        .sign_buffered(&mut request, Stamp::now().unwrap())
        .unwrap();
    request
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_serve_one_story() {
    let mut redis = RedisServer::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("warble.sqlite3");
    let url = redis.url();
    let options = [
        "--database",
        file.to_str().unwrap(),
        "--redis",
        &url,
        "--microblog-origin",
        ORIGIN,
    ];
    let (one, two) = (Program::serve(&options), Program::serve(&options));

    // Jane signs up at one; the other knows her session.
    let mut jane = Somebody::new();
    let form = [("name", "jane"), ("password", "correct horse battery")];
    let signed_up = jane.submit(&one, "/signup", &form).await;
    let cookie = signed_up.headers()[SET_COOKIE].to_str().unwrap();
    jane.cookie = cookie.split_once(';').unwrap().0.to_owned();
    let callback = "https://printer.example.com/ready";
    let form = [("name", "Printer"), ("callback", callback)];
    let registered = jane.submit(&two, "/applications", &form).await;
    assert_eq!(registered.status(), StatusCode::CREATED);
    let page = registered.text().await.unwrap();
    let key = between(&page, "id=\"key\">", '<').to_owned();
    let client = ClientCredentials::new(key, between(&page, "id=\"secret\">", '<').to_owned());

    // Each leg at the other one.
    let printer = Somebody::new();
    let server = Server::new(
        &format!("{ORIGIN}/oauth/request_token"),
        &format!("{ORIGIN}/oauth/authorize"),
        &format!("{ORIGIN}/oauth/access_token"),
    );
    let server = server.unwrap();
    let start = Start::new(&server, &client, callback);
    let leg = start.request::<HmacSha1>().unwrap();
    let authorize = printer.leg(&one, leg).await.unwrap();
    let path = authorize.url().strip_prefix(ORIGIN).unwrap();
    let page = jane.open(&two, path).await;
    let form = [
        ("oauth_token", authorize.temporary().identifier()),
        ("consent", between(&page, "name=\"consent\" value=\"", '"')),
        ("decision", "approve"),
    ];
    let decided = jane.submit(&one, path, &form).await;
    let back = decided.headers()[LOCATION].to_str().unwrap();
    let authorized = authorize.callback(back).unwrap();
    let leg = authorized.request::<HmacSha1, _>(&server, &client).unwrap();
    let token = printer.leg(&two, leg).await.unwrap().into_credentials();

    // The token works on both, and what was spent on one is refused on the other.
    let posted = post(&client, &token, "from+afar");
    let first = printer.forward(&one, posted.clone()).await;
    assert_eq!(first.status(), StatusCode::OK);
    let again = printer.forward(&two, posted).await;
    assert_eq!(again.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(again.text().await.unwrap(), "oauth_problem=nonce_used");
    let page = jane.open(&two, "/").await;
    assert!(
        page.contains("from afar") && page.contains("with Printer"),
        "{page}"
    );

    // Without the Redis server nobody can tell a replay: nothing passes, on either.
    redis.kill().unwrap();
    for process in [&one, &two] {
        let refused = printer
            .forward(process, post(&client, &token, "unseen"))
            .await;
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
    redis.restart().unwrap();

    // Revoked at one, refused by the other.
    let revoked = jane
        .submit(&one, "/access", &[("client", client.identifier())])
        .await;
    assert_eq!(revoked.status(), StatusCode::SEE_OTHER);
    let refused = printer
        .forward(&two, post(&client, &token, "too+late"))
        .await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(!jane.open(&one, "/").await.contains("too late"));
}
