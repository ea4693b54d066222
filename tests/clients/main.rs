//! Clients that others wrote, each a real program or package at a pinned version, send requests to the
//! layer; what of each is accepted stands in `list.json`, and where one is refused, why it is the client's
//! fault. `cargo test -p oauth1-tests --test clients -- --nocapture` prints the table.

// Clippy's setting for tests does not reach this module; a failed unwrap fails a test here too.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed unwrap fails the test; there is nobody to read the documentation"
)]

extern crate alloc;

use alloc::collections::BTreeMap;
use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use oauth1_core::{RsaPublicKey, SharedSecrets, Timestamp, VerifyingKey, verify::Policy};
use oauth1_store::{CredentialStore, Credentials, Found, StoreError, memory::MemoryNonces};
use oauth1_tower::{Verified, VerifyLayer, verify::VerifiedBody};
use serde::{Deserialize, Serialize};
use tower::{Layer as _, service_fn};

const PRIVATE_PEM: &str = include_str!("../vectors/keys/rsa2048.pem");
const PUBLIC_PEM: &str = include_str!("../vectors/keys/rsa2048.public.pem");
const ODD: (&str, &str) = ("s%&+ \u{e9}", "&=%41 \u{fc}");

/// What is sent, and by whom of the clients.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default = "get")]
    method: String,
    target: String,
    #[serde(default)]
    content_type: String,
    body: Option<String>,
    /// The form as pairs, for packages that make the body themselves.
    pairs: Option<BTreeMap<String, serde_json::Value>>,
    #[serde(default = "hmac_sha1")]
    signature_method: String,
    #[serde(default = "header")]
    transmission: String,
    /// `client`, or `odd`, whose secrets need encoding.
    #[serde(default = "client")]
    client: String,
    #[serde(default)]
    two_legged: bool,
    /// The answer of the layer, by client.
    answers: BTreeMap<String, Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// `ACC` and the coverage, or the status and the problem.
    answer: String,
    /// Why it is the client's fault.
    fault: Option<String>,
}

fn get() -> String {
    "GET".into()
}

fn header() -> String {
    "header".into()
}

fn hmac_sha1() -> String {
    "HMAC-SHA1".into()
}

fn client() -> String {
    "client".into()
}

/// A line for a client.
#[derive(Serialize)]
struct Call<'a> {
    method: &'a str,
    url: String,
    content_type: &'a str,
    body: Option<&'a str>,
    pairs: Option<&'a BTreeMap<String, serde_json::Value>>,
    signature_method: &'a str,
    transmission: &'a str,
    client: &'a str,
    client_secret: &'a str,
    token: &'a str,
    token_secret: &'a str,
    rsa_key: &'a str,
}

#[test]
fn requests_oauthlib() {
    let mut command = oauth1_foreign::python().unwrap().command();
    command.arg(path("requests.py"));
    check("requests-oauthlib 2.0.0", command);
}

#[test]
fn npm_oauth() {
    check("oauth 0.10.2", node("oauth.js"));
}

#[test]
fn npm_oauth_1_0a() {
    check("oauth-1.0a 2.2.6", node("oauth-1.0a.js"));
}

#[test]
fn every_case_is_for_somebody_and_every_fault_has_a_reason() {
    let cases = cases();
    let mut counts = BTreeMap::<&str, (usize, usize)>::new();
    for case in &cases {
        assert!(!case.answers.is_empty(), "{}", case.name);
        for (client, expected) in &case.answers {
            let accepted = expected.answer.starts_with("ACC ");
            assert_eq!(accepted, expected.fault.is_none(), "{} {client}", case.name);
            let count = counts.entry(client).or_default();
            if accepted {
                count.0 += 1;
            } else {
                count.1 += 1;
            }
        }
    }
    println!("accepted and refused: {counts:?}");
    assert_eq!(counts, COUNTS.into_iter().collect());
}

/// Of each client, how many requests are accepted and how many are its own fault.
const COUNTS: [(&str, (usize, usize)); 3] = [
    ("oauth 0.10.2", (21, 1)),
    ("oauth-1.0a 2.2.6", (20, 3)),
    ("requests-oauthlib 2.0.0", (30, 0)),
];

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("list.json")).unwrap()
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("clients")
        .join(name)
}

fn node(script: &str) -> Command {
    let mut command = oauth1_foreign::node_of(&path("node")).unwrap().command();
    command.arg(path(script));
    command
}

/// One process sends all requests of a client, one after the other.
fn check(client: &str, mut command: Command) {
    let origin = serve();
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut stdin = child.stdin.take().unwrap();
    let mut wrong = Vec::new();
    for case in cases() {
        let Some(expected) = case.answers.get(client) else {
            continue;
        };
        let call = serde_json::to_string(&case.call(&origin)).unwrap();
        writeln!(stdin, "{call}").unwrap();
        let line = lines.next().expect("the client ended").unwrap();
        let (status, challenge, text): (u16, String, String) = serde_json::from_str(&line).unwrap();
        let problem = challenge
            .split_once("oauth_problem=\"")
            .map(|(_, rest)| rest);
        let problem = problem.and_then(|rest| rest.split('"').next());
        let answer = match (status, problem) {
            (200, _) => text,
            (status, Some(problem)) => format!("{status} {problem}"),
            (status, None) => format!("{status} {text}"),
        };
        let fault = expected.fault.as_deref().unwrap_or_default();
        println!("{client} | {} | {answer} | {fault}", case.name);
        if answer != expected.answer {
            wrong.push(format!("{}: {answer}, not {}", case.name, expected.answer));
        }
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

impl Case {
    fn call(&self, origin: &str) -> Call<'_> {
        let (client_secret, token_secret) = match &self.client[..] {
            "odd" => ODD,
            _ => ("client secret", "token secret"),
        };
        let is_rsa = self.signature_method.starts_with("RSA");
        let [token, token_secret] = if self.two_legged {
            [""; 2]
        } else {
            ["token", token_secret]
        };
        Call {
            method: &self.method,
            url: format!("{origin}{}", self.target),
            content_type: &self.content_type,
            body: self.body.as_deref(),
            pairs: self.pairs.as_ref(),
            signature_method: &self.signature_method,
            transmission: &self.transmission,
            client: if is_rsa { "rsa" } else { &self.client },
            client_secret,
            token,
            token_secret,
            rsa_key: if is_rsa { PRIVATE_PEM } else { "" },
        }
    }
}

static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
});

struct Known;

impl CredentialStore for Known {
    type Grant = ();

    async fn find(
        &self,
        client: &str,
        token: Option<&str>,
        _: Timestamp,
    ) -> Result<Found<()>, StoreError> {
        fn known(key: impl VerifyingKey + Send + Sync + 'static) -> Found<()> {
            Found::Known(Credentials::new(key, ()))
        }
        Ok(match (client, token) {
            ("rsa", _) => known(RsaPublicKey::from_pem(PUBLIC_PEM).unwrap()),
            ("odd", Some("token")) => known(SharedSecrets::new(ODD.0, ODD.1)),
            ("client", Some("token")) => known(SharedSecrets::new("client secret", "token secret")),
            ("client", None) => known(SharedSecrets::of_client("client secret")),
            ("client" | "odd", _) => Found::TokenUnknown,
            _ => Found::ClientUnknown,
        })
    }
}

/// A server on loopback, whose origin this is.
fn serve() -> String {
    let listener = RUNTIME
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    // Loopback is not listened to.
    let policy = Policy::new().allow_plaintext_without_tls();
    let layer = VerifyLayer::new(&origin, Known, MemoryNonces::new().unwrap()).unwrap();
    let service = layer.with_policy(policy).layer(service_fn(answer));
    RUNTIME.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                let server = auto::Builder::new(TokioExecutor::new());
                server
                    .serve_connection(TokioIo::new(stream), service)
                    .await
                    .ok();
            });
        }
    });
    origin
}

async fn answer(
    request: Request<VerifiedBody<Incoming>>,
) -> Result<Response<Full<Bytes>>, core::convert::Infallible> {
    let verified = request.extensions().get::<Verified>().unwrap();
    let text = format!("ACC {:?}", verified.coverage()).to_lowercase();
    let text = text.replacen("acc", "ACC", 1);
    let response = match request.into_body().collect().await {
        Ok(_) => Response::new(Full::from(text)),
        Err(error) => {
            let mut response = Response::new(Full::from(error.to_string()));
            *response.status_mut() = http::StatusCode::UNAUTHORIZED;
            let challenge = HeaderValue::from_static("OAuth oauth_problem=\"wrong_body\"");
            response.headers_mut().insert("www-authenticate", challenge);
            response
        }
    };
    Ok(response)
}
