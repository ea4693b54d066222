use axum::{Router, body::Body, routing::get};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use oauth1_tower::Verified;
use tower::ServiceExt as _;

use crate::support::{Gated, layer, request, signed, signed_by};

async fn demanded(verified: Verified<&'static str>) -> String {
    (*verified.grant()).to_owned()
}

async fn optional(verified: Option<Verified<&'static str>>) -> String {
    verified
        .map_or("nobody", |verified| *verified.grant())
        .to_owned()
}

async fn another_grant(_: Verified<u8>) -> &'static str {
    "never"
}

fn routes() -> Router {
    let all = get(demanded).post(demanded);
    Router::new()
        .route("/photos", all)
        .route("/optional", get(optional).post(optional))
        .route("/another", get(another_grant).post(another_grant))
}

async fn ask<B>(router: Router, path: &str, sent: Request<B>) -> (u16, String, String)
where
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    let (mut parts, body) = sent.into_parts();
    // The extractor is asked on another path: its layer stands behind this.
    parts.uri = path.parse().unwrap();
    let request = Request::from_parts(parts, Body::new(body));
    let response: Response<Body> = router.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let challenge = response.headers().get("www-authenticate");
    let challenge = challenge
        .map_or("", |value| value.to_str().unwrap())
        .to_owned();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, challenge, String::from_utf8(body.to_vec()).unwrap())
}

const PHOTOS: &str = "https://api.example.com/photos?size=original";

fn unsigned() -> Request<String> {
    request("", "").map(str::to_owned)
}

#[tokio::test]
async fn verified_is_extracted() {
    let strict = routes().layer(layer(Gated::open()));
    let (status, _, text) = ask(strict.clone(), PHOTOS, signed("a", "", "")).await;
    assert_eq!((status, text.as_str()), (200, "jane"));
    let (status, challenge, _) = ask(strict, PHOTOS, unsigned()).await;
    assert_eq!(
        (status, challenge.as_str()),
        (401, "OAuth realm=\"Photos\"")
    );
}

#[tokio::test]
async fn without_a_signature_the_extractor_decides() {
    let open = routes().layer(layer(Gated::open()).allow_anonymous());
    let (status, challenge, text) = ask(open.clone(), PHOTOS, unsigned()).await;
    assert_eq!(
        (status, challenge.as_str()),
        (401, "OAuth realm=\"Photos\"")
    );
    assert_eq!(text, "The request must be signed (OAuth 1.0a).\n");
    let optional = "https://api.example.com/optional";
    let (status, _, text) = ask(open.clone(), optional, unsigned()).await;
    assert_eq!((status, text.as_str()), (200, "nobody"));
    let badly = signed_by("wrong", "b", "", "");
    assert_eq!(ask(open, PHOTOS, badly).await.0, 401);
}

#[tokio::test]
async fn without_its_layer_it_is_the_servers_fault() {
    for path in ["/photos", "/optional", "/another"] {
        let (status, challenge, text) = ask(routes(), path, unsigned()).await;
        assert_eq!(
            (status, challenge.as_str(), text.as_str()),
            (500, "", ""),
            "{path}"
        );
    }
}
