//! What the log holds: codes and clients, and no secret.

use std::{
    fmt::{Debug, Write as _},
    sync::{Arc, Mutex},
};

use oauth1_core::{HmacSha1, ProtocolParameters, Signer, TemporaryCredentials};
use oauth1_provider::{Clients, Provider};
use oauth1_store::memory::MemoryStore;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use crate::{
    browser::Browser,
    harness::{CALLBACK, Harness, printer},
};

/// Every event of every level and target, as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct Line<'l>(&'l mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0, "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        // The connections of the test are not the provider's.
        if event.metadata().target().starts_with("oauth1") {
            event.record(&mut Line(&mut self.0.lock().unwrap()));
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn the_log_has_codes_and_no_secrets() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let provider = Harness::start(MemoryStore::new().unwrap(), |provider| {
        provider.allow_xauth().with_sessions(60)
    })
    .await;
    let answer = provider.initiate(CALLBACK, "").await;
    let secret = answer.get("oauth_token_secret");
    let temporary = TemporaryCredentials::new(answer.get("oauth_token"), secret.clone());
    let page = Browser::of("jane")
        .page(&provider, temporary.identifier())
        .await;
    let forged = Browser::of("june")
        .submit(&provider, &page, "approve")
        .await;
    assert_eq!(forged.status, 403);
    let verifier = provider.approve(&temporary).await;
    provider
        .exchange(&provider.client, &temporary, Some("wrong-guess"))
        .await;
    let answer = provider
        .exchange(&provider.client, &temporary, Some(&verifier))
        .await;
    let nobody = TemporaryCredentials::new("nobody", secret.clone());
    provider
        .exchange(&provider.client, &nobody, Some(&verifier))
        .await;

    let clients = Clients::new(Arc::clone(&provider.store));
    let phone = printer("Phone").with_xauth(true);
    let phone = clients.create(phone, provider.clock.now()).await.unwrap();
    let signer = Signer::<HmacSha1>::for_client(&phone);
    let form = "x_auth_mode=client_auth&x_auth_username=jane&x_auth_password=a-password";
    let refused = provider
        .signed(&signer, "/oauth/token", &ProtocolParameters::NONE, form)
        .await;
    assert_eq!(refused.status, 401);

    let log = log.0.lock().unwrap().clone();
    for code in [
        "\"accepted\"",
        "\"token_unknown\"",
        "\"verifier_wrong\"",
        "\"password_wrong\"",
        "Forged",
    ] {
        assert!(log.contains(code), "{code}: {log}");
    }
    let consent = page.form_pairs();
    let consent = consent.iter().find(|(name, _)| name == "consent").unwrap();
    let secrets = [
        provider.client.key().expose(),
        &secret,
        &verifier,
        &answer.get("oauth_token_secret"),
        &answer.get("oauth_session_handle"),
        &consent.1,
        "6Hq8gKkTLWVxAYcxvEjd4w",
        "a-password",
        "wrong-guess",
    ];
    for secret in secrets {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[test]
fn a_provider_that_is_shown_shows_its_settings_alone() {
    let store = MemoryStore::new().unwrap();
    let provider = Provider::new("https://photos.example", store, crate::harness::Photos).unwrap();
    let shown = format!("{provider:?}");
    assert!(
        shown.starts_with("Provider {") && shown.contains("photos.example"),
        "{shown}"
    );
    let shown = format!("{:?}", provider.into_service());
    assert!(shown.contains("/oauth/initiate"), "{shown}");
    let owner = oauth1_provider::Owner::new("jane", String::from("6Hq8gKkTLWVxAYcxvEjd4w"));
    assert!(!format!("{owner:?}").contains("6Hq8"));
    let weak = oauth1_provider::Owner::new("jane", String::from("123456789012345"));
    assert!(weak.unwrap_err().to_string().contains("16 bytes"));
}
