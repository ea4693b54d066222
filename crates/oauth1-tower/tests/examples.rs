//! The examples run, are as short as is said of them, and stand in the guide as they are.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed unwrap fails the test; there is nobody to read the documentation"
)]

use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use oauth1_core::{ClientCredentials, HmacSha256, Signer, Stamp, TokenCredentials};
use tokio::net::{TcpListener, TcpStream};

#[path = "../examples/axum.rs"]
#[expect(dead_code, unreachable_pub, reason = "it is a program of its own")]
mod axum_application;
#[path = "../examples/hyper.rs"]
#[expect(dead_code, unreachable_pub, reason = "it is a program of its own")]
mod hyper_service;

const AXUM: &str = include_str!("../examples/axum.rs");
const HYPER: &str = include_str!("../examples/hyper.rs");
const LIMITS: &str = include_str!("../examples/limits.rs");
const GUIDE: &str = include_str!("../../../docs/guides/protect-an-api.md");

#[test]
fn the_guide_shows_the_programs_as_they_are() {
    assert!(AXUM.lines().count() < 40);
    for program in [AXUM, HYPER, LIMITS] {
        assert!(GUIDE.contains(&format!("```rust\n{program}```\n")));
    }
}

#[tokio::test]
async fn the_axum_application_protects_its_routes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum_application::app(&format!("http://{address}")).unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    protects(&address.to_string()).await;
    server.abort();
}

#[tokio::test]
async fn the_hyper_service_is_protected() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let origin = format!("http://{address}");
    let server = tokio::spawn(async move { hyper_service::serve(listener, &origin).await });
    protects(&address.to_string()).await;
    server.abort();
}

async fn protects(address: &str) {
    let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
    let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
    let signer = Signer::<HmacSha256>::for_token(&client, &token);
    let uri = format!("http://{address}/photos?size=original");
    let request = || {
        Request::get(&uri)
            .header("host", address)
            .body(Bytes::new())
            .unwrap()
    };

    let mut signed = request();
    signer
        .sign_buffered(&mut signed, Stamp::now().unwrap())
        .unwrap();
    let (status, challenge, text) = ask(address, signed.clone()).await;
    assert_eq!((status, challenge.as_str()), (StatusCode::OK, ""));
    assert_eq!(text, "photos of jane for dpf43f3p2l4k3l03\n");

    let (status, challenge, _) = ask(address, signed).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        challenge,
        r#"OAuth realm="Photos", oauth_problem="nonce_used""#
    );

    let (status, challenge, text) = ask(address, request()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(challenge, r#"OAuth realm="Photos""#);
    assert_eq!(text, "The request must be signed (OAuth 1.0a).\n");

    let mut form = Request::post(&uri)
        .header("host", address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from_static(b"title=Lunch"))
        .unwrap();
    signer
        .sign_buffered(&mut form, Stamp::now().unwrap())
        .unwrap();
    *form.body_mut() = Bytes::from_static(b"title=Launch");
    assert_eq!(ask(address, form).await.0, StatusCode::UNAUTHORIZED);
}

async fn ask(address: &str, request: Request<Bytes>) -> (StatusCode, String, String) {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let response = sender.send_request(request.map(Full::new)).await.unwrap();
    let status = response.status();
    let challenge = response.headers().get("www-authenticate");
    let challenge = challenge
        .map_or("", |value| value.to_str().unwrap())
        .to_owned();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, challenge, String::from_utf8(body.to_vec()).unwrap())
}
