//! What clients and owners do in good faith.

use std::sync::Arc;

use http::Request;
use oauth1_core::{
    ClientCredentials, HmacSha1, Parameter, ProtocolParameters, Signer, TokenCredentials,
    http::Payload,
};
use oauth1_provider::{Clients, Paths};
use oauth1_store::{TokenStore as _, memory::MemoryStore};

use crate::{
    browser::Browser,
    harness::{CALLBACK, Harness, printer},
};

#[tokio::test]
async fn the_three_legs_give_a_token_that_opens_the_resources() {
    let provider = Harness::memory().await;
    let answer = provider.initiate(CALLBACK, "scope=read").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.get("oauth_callback_confirmed"), "true");
    assert_eq!(
        answer.header("content-type"),
        "application/x-www-form-urlencoded"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let temporary = answer.temporary();

    let page = Browser::of("jane")
        .page(&provider, temporary.identifier())
        .await;
    assert!(
        page.body.contains("<strong>Printer</strong>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("printer.example"), "{}", page.body);
    assert!(page.body.contains("value=\"read\"") && !page.body.contains("value=\"write\""));
    let redirect = Browser::of("jane")
        .submit(&provider, &page, "approve")
        .await;
    assert_eq!(redirect.status, 303);
    let sent = redirect.location();
    assert_eq!(sent["oauth_token"], temporary.identifier());

    let verifier = &sent["oauth_verifier"];
    let answer = provider
        .exchange(&provider.client, &temporary, Some(verifier))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.get("screen_name"), "jane");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.body.contains("mine") && !answer.body.contains("oauth_session_handle"));

    let token = answer.token();
    let signer = Signer::<HmacSha1>::for_token(&provider.client, &token);
    let photos = provider.photos(&signer).await;
    assert_eq!(
        (photos.status.as_u16(), photos.body.as_str()),
        (200, "jane: read")
    );
}

#[tokio::test]
async fn an_owner_may_grant_less_than_is_asked() {
    let provider = Harness::memory().await;
    let temporary = provider.temporary(CALLBACK).await;
    let page = Browser::of("jane")
        .page(&provider, temporary.identifier())
        .await;
    let mut pairs = page.form_pairs();
    assert_eq!(pairs.iter().filter(|(name, _)| name == "realm").count(), 2);
    pairs.retain(|(name, value)| name != "realm" || value == "write");
    // One that was not asked for is not granted.
    pairs.push(("realm".into(), "admin".into()));
    pairs.push(("decision".into(), "approve".into()));
    let form = crate::browser::encode(&pairs);
    let redirect = Browser::of("jane")
        .post(&provider, &form, &[("sec-fetch-site", "same-origin")])
        .await;
    let verifier = redirect.location()["oauth_verifier"].clone();
    let answer = provider
        .exchange(&provider.client, &temporary, Some(&verifier))
        .await;
    let token = answer.token();
    let signer = Signer::<HmacSha1>::for_token(&provider.client, &token);
    assert_eq!(provider.photos(&signer).await.body, "jane: write");
}

#[tokio::test]
async fn without_a_callback_the_owner_types_the_verifier() {
    let provider = Harness::memory().await;
    let temporary = provider.temporary("oob").await;
    let page = Browser::of("jane")
        .page(&provider, temporary.identifier())
        .await;
    assert!(page.body.contains("a code to type"), "{}", page.body);
    let shown = Browser::of("jane")
        .submit(&provider, &page, "approve")
        .await;
    assert_eq!(shown.status, 200);
    let (_, rest) = shown.body.split_once("<p class=\"verifier\">").unwrap();
    let (typed, _) = rest.split_once("</p>").unwrap();
    assert_eq!(typed.len(), 9, "{typed}");
    let typed = typed.to_uppercase();
    let answer = provider
        .exchange(&provider.client, &temporary, Some(&typed))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);

    let temporary = provider.temporary("oob").await;
    let page = Browser::of("jane")
        .page(&provider, temporary.identifier())
        .await;
    let denied = Browser::of("jane").submit(&provider, &page, "deny").await;
    assert_eq!(denied.status, 200);
    assert!(denied.body.contains("Access denied"), "{}", denied.body);
}

#[tokio::test]
async fn a_denial_is_told_to_the_client() {
    let provider = Harness::memory().await;
    let temporary = provider.temporary(CALLBACK).await;
    let page = Browser::of("jane")
        .page(&provider, temporary.identifier())
        .await;
    let redirect = Browser::of("jane").submit(&provider, &page, "deny").await;
    assert_eq!(redirect.status, 303);
    let sent = redirect.location();
    assert_eq!(sent["oauth_problem"], "user_refused");
    assert_eq!(sent["oauth_token"], temporary.identifier());
    assert!(!sent.contains_key("oauth_verifier"));
    let answer = provider
        .exchange(&provider.client, &temporary, Some("guess"))
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.problem().as_str()),
        (401, "user_refused")
    );
}

#[tokio::test]
async fn a_client_may_ask_before_the_owner_has_decided() {
    let provider = Harness::memory().await;
    let temporary = provider.temporary(CALLBACK).await;
    let answer = provider
        .exchange(&provider.client, &temporary, Some("guess"))
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.problem().as_str()),
        (401, "permission_unknown")
    );
    let verifier = provider.approve(&temporary).await;
    let answer = provider
        .exchange(&provider.client, &temporary, Some(&verifier))
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn whoever_is_not_signed_in_signs_in_first() {
    let provider = Harness::memory().await;
    let temporary = provider.temporary(CALLBACK).await;
    let answer = Browser::signed_out()
        .page(&provider, temporary.identifier())
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/login")
    );
}

async fn renew(
    provider: &Harness<MemoryStore>,
    token: &TokenCredentials<'_>,
    handle: &str,
) -> crate::harness::Answer {
    let signer = Signer::<HmacSha1>::for_token(&provider.client, token);
    let extra = [Parameter::new("oauth_session_handle", handle)];
    let parameters = ProtocolParameters::NONE.with_extra(&extra);
    provider
        .signed(&signer, "/oauth/token", &parameters, "")
        .await
}

#[tokio::test]
async fn a_session_renews_a_token_that_has_ended() {
    let provider = Harness::start(MemoryStore::new().unwrap(), |provider| {
        provider.with_token_lifetime(60).with_sessions(3_600)
    })
    .await;
    let answer = provider.token_answer("").await;
    assert_eq!(answer.get("oauth_expires_in"), "60");
    assert_eq!(answer.get("oauth_authorization_expires_in"), "3600");
    let token = answer.token();
    let handle = answer.get("oauth_session_handle");
    let signer = Signer::<HmacSha1>::for_token(&provider.client, &token);
    assert_eq!(provider.photos(&signer).await.status, 200);

    provider.clock.advance(61);
    assert_eq!(provider.photos(&signer).await.status, 401);
    let wrong = renew(&provider, &token, "another").await;
    assert_eq!(
        (wrong.status.as_u16(), wrong.problem().as_str()),
        (401, "token_revoked")
    );
    let answer = renew(&provider, &token, &handle).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.get("oauth_authorization_expires_in"), "3539");
    assert_ne!(answer.get("oauth_session_handle"), handle);
    let new = answer.token();
    let signer = Signer::<HmacSha1>::for_token(&provider.client, &new);
    assert_eq!(provider.photos(&signer).await.body, "jane: read write");

    // The old one is gone, and so is its handle.
    assert_eq!(renew(&provider, &token, &handle).await.status, 401);
    provider.clock.advance(3_540);
    let handle = answer.get("oauth_session_handle");
    assert_eq!(renew(&provider, &new, &handle).await.status, 401);
}

#[tokio::test]
async fn a_client_gives_a_token_back() {
    let provider = Harness::memory().await;
    let token = provider.token().await;
    let signer = Signer::<HmacSha1>::for_token(&provider.client, &token);
    let none = ProtocolParameters::NONE;
    let answer = provider.signed(&signer, "/oauth/revoke", &none, "").await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""));
    assert_eq!(provider.photos(&signer).await.status, 401);
    assert_eq!(
        provider
            .signed(&signer, "/oauth/revoke", &none, "")
            .await
            .status,
        401
    );
    // The client alone has nothing to give back.
    let signer = Signer::<HmacSha1>::for_client(&provider.client);
    assert_eq!(
        provider
            .signed(&signer, "/oauth/revoke", &none, "")
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn an_owner_sees_and_revokes_what_was_granted() {
    let provider = Harness::memory().await;
    let token = provider.token().await;
    let now = provider.clock.now();
    let granted = provider.store.tokens_of_owner("jane", now).await.unwrap();
    assert_eq!(granted.len(), 1);
    assert_eq!(granted[0].client, provider.client.identifier());
    let _ = provider
        .store
        .revoke_token(token.identifier())
        .await
        .unwrap();
    let signer = Signer::<HmacSha1>::for_token(&provider.client, &token);
    assert_eq!(provider.photos(&signer).await.status, 401);
}

const PASSWORD: &str = "x_auth_mode=client_auth&x_auth_username=jane&x_auth_password=enaj";

#[tokio::test]
async fn xauth_is_off_until_provider_and_client_allow_it() {
    for (provider_allows, client_allows) in [(false, false), (false, true), (true, false)] {
        let provider = Harness::start(MemoryStore::new().unwrap(), |provider| {
            if provider_allows {
                provider.allow_xauth()
            } else {
                provider
            }
        })
        .await;
        let client = phone(&provider, client_allows).await;
        let signer = Signer::<HmacSha1>::for_client(&client);
        let none = ProtocolParameters::NONE;
        let answer = provider
            .signed(&signer, "/oauth/token", &none, PASSWORD)
            .await;
        assert_eq!(answer.status, 401, "{provider_allows} {client_allows}");
        assert_eq!(answer.problem(), "signature_invalid");
    }

    let provider = Harness::start(MemoryStore::new().unwrap(), |provider| {
        provider.allow_xauth().with_token_lifetime(60)
    })
    .await;
    let client = phone(&provider, true).await;
    let signer = Signer::<HmacSha1>::for_client(&client);
    let none = ProtocolParameters::NONE;
    let answer = provider
        .signed(&signer, "/oauth/token", &none, PASSWORD)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.token();
    let photos = provider
        .photos(&Signer::<HmacSha1>::for_token(&client, &token))
        .await;
    assert_eq!(photos.body, "jane: read write");

    let wrong = PASSWORD.replace("enaj", "jane");
    let answer = provider
        .signed(&signer, "/oauth/token", &none, &wrong)
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.problem().as_str()),
        (401, "permission_denied")
    );
    let unsigned_mode = "x_auth_username=jane&x_auth_password=enaj";
    let answer = provider
        .signed(&signer, "/oauth/token", &none, unsigned_mode)
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.problem().as_str()),
        (401, "token_rejected")
    );
}

/// Registers a client that may or may not use xAuth.
async fn phone(provider: &Harness<MemoryStore>, xauth: bool) -> ClientCredentials<'static> {
    let clients = Clients::new(Arc::clone(&provider.store));
    let new = printer("Phone").with_xauth(xauth);
    clients.create(new, provider.clock.now()).await.unwrap()
}

#[tokio::test]
async fn the_endpoints_are_where_the_settings_say() {
    let provider = Harness::start(MemoryStore::new().unwrap(), |provider| {
        let mut paths = Paths::default();
        paths.temporary = "/oauth/request_token".into();
        provider.with_paths(paths)
    })
    .await;
    let signer = Signer::<HmacSha1>::for_client(&provider.client);
    let parameters = ProtocolParameters::NONE.with_callback("oob");
    for (path, status) in [("/oauth/request_token", 200), ("/oauth/initiate", 404)] {
        let answer = provider.signed(&signer, path, &parameters, "").await;
        assert_eq!(answer.status, status, "{path}");
    }
}

#[tokio::test]
async fn each_endpoint_has_its_methods() {
    let provider = Harness::memory().await;
    let table = [
        ("GET", "/oauth/initiate", "POST"),
        ("PUT", "/oauth/token", "POST"),
        ("GET", "/oauth/revoke", "POST"),
        ("DELETE", "/oauth/authorize", "GET, HEAD, POST"),
    ];
    for (method, path, allow) in table {
        let uri = format!("{}{path}", provider.origin);
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .body(String::new())
            .unwrap();
        let answer = provider.send(request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("allow")),
            (405, allow),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_parameters_may_travel_in_the_form() {
    let provider = Harness::memory().await;
    let signer = Signer::<HmacSha1>::for_client(&provider.client)
        .with_transmission(oauth1_core::Transmission::Form);
    let uri = format!("{}/oauth/initiate", provider.origin);
    let mut request = Request::post(uri).body(String::new()).unwrap();
    let parameters = ProtocolParameters::NONE.with_callback(CALLBACK);
    let signed = signer
        .sign_request_with(&mut request, Payload::Empty, &parameters, provider.stamp())
        .unwrap();
    *request.body_mut() = String::from_utf8(signed.body.unwrap()).unwrap();
    let answer = provider.send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}
