//! curl with what `oauth1 sign` says is accepted by a server of ours, over a socket.

// Clippy's setting for tests does not reach this module; a failed unwrap fails a test here too.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed unwrap fails the test; there is nobody to read the documentation"
)]

use core::convert::Infallible;
use std::process::Command;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use oauth1_core::{ClientCredentials, TokenCredentials};
use oauth1_store::memory::{MemoryCredentials, MemoryNonces};
use oauth1_tower::{Verified, VerifyLayer, verify::VerifiedBody};
use support::{oauth1, stderr, stdout};
use tokio::{net::TcpListener, runtime::Runtime};
use tower::{Layer as _, service_fn};

mod support;

const FORM: &[&str] = &["-d", "status=Hello%20Ladies", "-d", "size=a+b"];
const JSON: &[&str] = &[
    "-H",
    "Content-Type: application/json",
    "--data-raw",
    "{\"status\": \"Hello\"}",
];

/// What both programs are given, what `oauth1 sign` is given more, and what comes back.
const CASES: [(&[&str], &[&str], &str); 8] = [
    (&[], &[], "Empty"),
    (FORM, &[], "Signed"),
    (&["-X", "PUT", "-d", "a=1"], &[], "Signed"),
    (JSON, &[], "Pending"),
    (&["-X", "DELETE"], &[], "Empty"),
    (&[], &["--signature-method", "HMAC-SHA256"], "Empty"),
    (&[], &["--signature-method", "HMAC-SHA512"], "Empty"),
    (&[], &["--transmission", "query"], "Empty"),
];

#[test]
fn curl_with_a_signature_of_ours_is_accepted() {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let server = runtime.spawn(serve(listener, layer(&origin)));
    let url = format!("{origin}/photos?size=original&q=caf%C3%A9+%26");
    for (both, more, coverage) in CASES {
        let signed = sign(&[&[url.as_str()], both, more].concat());
        let arguments = if more.contains(&"query") {
            [&[signed.as_str()], both].concat()
        } else {
            [&[url.as_str(), "-H", &signed], both].concat()
        };
        assert_eq!(
            curl(&arguments),
            format!("{coverage} 200"),
            "{both:?} {more:?}"
        );
        assert_eq!(
            curl(&arguments).rsplit(' ').next(),
            Some("401"),
            "a replay of {both:?}"
        );
    }
    server.abort();
}

#[test]
fn what_curl_sends_otherwise_is_refused() {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let server = runtime.spawn(serve(listener, layer(&origin)));
    let url = format!("{origin}/photos");
    let signed = sign(&[&url, "-d", "a=1"]);
    let refused = curl(&[&url, "-H", &signed, "-d", "a=2"]);
    assert_eq!(refused, "The request is refused: signature_invalid\n 401");
    let refused = curl(&[&url, "-d", "a=2"]);
    assert_eq!(refused, "The request must be signed (OAuth 1.0a).\n 401");
    server.abort();
}

type Layer = VerifyLayer<MemoryCredentials<String>, MemoryNonces>;

fn layer(origin: &str) -> Layer {
    let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
    let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
    let known = MemoryCredentials::new();
    known.insert_token(&client, &token, "jane".to_owned());
    VerifyLayer::new(origin, known, MemoryNonces::new().unwrap()).unwrap()
}

async fn serve(listener: TcpListener, layer: Layer) {
    let service = TowerToHyperService::new(layer.layer(service_fn(answer)));
    while let Ok((stream, _)) = listener.accept().await {
        let service = service.clone();
        tokio::spawn(async move {
            let server = auto::Builder::new(TokioExecutor::new());
            server
                .serve_connection(TokioIo::new(stream), service)
                .await
                .ok();
        });
    }
}

async fn answer(
    request: Request<VerifiedBody<Incoming>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let verified = request.extensions().get::<Verified<String>>().unwrap();
    let coverage = format!("{:?}", verified.coverage());
    // A body whose hash is signed has an error at its end if it is another.
    let body = request.into_body().collect().await;
    Ok(Response::new(Full::from(match body {
        Ok(_) => coverage,
        Err(error) => error.to_string(),
    })))
}

fn sign(arguments: &[&str]) -> String {
    let mut command = oauth1(&["sign"]);
    command
        .args(arguments)
        .env("OAUTH1_CLIENT_KEY", "dpf43f3p2l4k3l03")
        .env("OAUTH1_CLIENT_SECRET", "kd94hf93k423kf44")
        .env("OAUTH1_TOKEN", "nnch734d00sl2jdk")
        .env("OAUTH1_TOKEN_SECRET", "pfkkdhi9sl3r4s00");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).trim_end().to_owned()
}

/// The body and the status.
fn curl(arguments: &[&str]) -> String {
    let mut command = Command::new("curl");
    command
        .args([
            "-q",
            "--silent",
            "--show-error",
            "--noproxy",
            "*",
            "--max-time",
            "60",
        ])
        .args(["--write-out", " %{http_code}"])
        .args(arguments);
    let output = command
        .output()
        .expect("the tests need curl: install it (Debian: apt install curl)");
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).to_owned()
}
