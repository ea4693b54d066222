//! The headers of the page, and what becomes of hostile names in it.

use std::sync::Arc;

use http::{Request, request::Parts};
use oauth1_core::{HmacSha1, ProtocolParameters, Signer};
use oauth1_provider::{
    Application, Clients, ConsentPage, NewClient, Notice, Owner, Page, Provider, SignIn,
};
use oauth1_store::memory::MemoryStore;
use tower_service::Service as _;

use crate::{
    browser::Browser,
    harness::{CALLBACK, Harness},
};

#[tokio::test]
async fn no_page_can_be_framed_cached_or_scripted() {
    let provider = Harness::memory().await;
    let temporary = provider.temporary(CALLBACK).await;
    let jane = Browser::of("jane");
    let page = jane.page(&provider, temporary.identifier()).await;
    let unknown = jane.page(&provider, "unknown").await;
    let forged = jane
        .post(&provider, "oauth_token=x&decision=approve", &[])
        .await;
    for (answer, status, targets) in [
        (&page, 200, "form-action 'self' https:;"),
        (&unknown, 404, "form-action 'self';"),
        (&forged, 403, "form-action 'self';"),
    ] {
        assert_eq!(answer.status, status);
        let policy = answer.header("content-security-policy");
        for directive in [
            "default-src 'none';",
            "base-uri 'none';",
            "frame-ancestors 'none';",
            targets,
            "style-src 'sha256-",
        ] {
            assert!(policy.contains(directive), "{directive}: {policy}");
        }
        assert!(
            !policy.contains("script-src") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert!(!answer.body.contains("<script"));
    }
    let redirect = jane.submit(&provider, &page, "approve").await;
    assert_eq!(redirect.header("referrer-policy"), "no-referrer");
    assert_eq!(redirect.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_client_with_a_hostile_name_is_shown_as_text() {
    let provider = Harness::memory().await;
    let clients = Clients::new(Arc::clone(&provider.store));
    let new = NewClient::new("<script>alert(1)</script>\"'").with_realm("<b>");
    let client = clients.create(new, provider.clock.now()).await.unwrap();
    let signer = Signer::<HmacSha1>::for_client(&client);
    let parameters = ProtocolParameters::NONE.with_callback("oob");
    let answer = provider
        .signed(&signer, "/oauth/initiate", &parameters, "")
        .await;
    let page = Browser::of("<i>")
        .page(&provider, &answer.get("oauth_token"))
        .await;
    assert_eq!(page.status, 200);
    for raw in ["<script", "<b>", "<i>"] {
        assert!(!page.body.contains(raw), "{raw}: {}", page.body);
    }
    assert!(
        page.body.contains("&#60;script&#62;alert(1)"),
        "{}",
        page.body
    );
    // What is escaped comes back as it was.
    let mut pairs = page.form_pairs();
    for (_, value) in &mut pairs {
        *value = value.replace("&#60;", "<").replace("&#62;", ">");
    }
    assert!(
        pairs
            .iter()
            .any(|pair| pair == &("realm".into(), "<b>".into()))
    );
}

/// An application with pages of its own.
struct Plain;

impl Application for Plain {
    async fn signed_in(&self, _: &Parts) -> SignIn {
        let owner = Owner::new("jane", String::from("6Hq8gKkTLWVxAYcxvEjd4w"));
        SignIn::As(owner.unwrap())
    }

    fn consent_page(&self, consent: &ConsentPage<'_>) -> Page {
        let fields = consent.fields().map(|(name, _)| name).join(" ");
        Page::new(format!("{} {fields}", consent.client_name))
            .with_sources("style-src 'self'; frame-ancestors *; default-src *")
    }

    fn notice_page(&self, notice: Notice) -> Page {
        Page::new(format!("{notice:?}"))
    }
}

/// The service without axum, and without a socket.
#[tokio::test]
async fn an_application_has_its_own_pages_and_the_policy_stays() {
    let store = Arc::new(MemoryStore::new().unwrap());
    let provider = Provider::new("https://photos.example", Arc::clone(&store), Plain).unwrap();
    let clients = Clients::new(Arc::clone(&store));
    let now = oauth1_core::Timestamp::now();
    let client = clients
        .create(NewClient::new("Printer"), now)
        .await
        .unwrap();
    let mut service = provider.into_service();

    let mut request = Request::post("https://photos.example/oauth/initiate")
        .body(http_body_util::Empty::<bytes::Bytes>::new())
        .unwrap();
    Signer::<HmacSha1>::for_client(&client)
        .sign_request_with(
            &mut request,
            oauth1_core::http::Payload::Empty,
            &ProtocolParameters::NONE.with_callback("oob"),
            oauth1_core::Stamp::now().unwrap(),
        )
        .unwrap();
    let answer = service.call(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let body = http_body_util::BodyExt::collect(answer.into_body())
        .await
        .unwrap()
        .to_bytes();
    let token = std::str::from_utf8(&body).unwrap();
    let token = token.split('&').next().unwrap();

    for (query, status, text) in [
        (token, 200, "Printer oauth_token consent"),
        ("oauth_token=unknown", 404, "Expired"),
        ("", 400, "Invalid"),
    ] {
        let request = Request::get(format!("https://photos.example/oauth/authorize?{query}"))
            .body(http_body_util::Empty::<bytes::Bytes>::new())
            .unwrap();
        let answer = service.call(request).await.unwrap();
        assert_eq!(answer.status(), status);
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.starts_with("default-src 'none'; base-uri 'none'; frame-ancestors 'none';"));
        let body = http_body_util::BodyExt::collect(answer.into_body())
            .await
            .unwrap()
            .to_bytes();
        assert_eq!(&body[..], text.as_bytes());
    }

    let request = Request::get("https://photos.example/other")
        .body(http_body_util::Empty::<bytes::Bytes>::new())
        .unwrap();
    assert_eq!(service.call(request).await.unwrap().status(), 404);
}
