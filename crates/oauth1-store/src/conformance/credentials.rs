//! Cases for what a verifying server asks of a provider's store.

use alloc::{string::String, sync::Arc, vec::Vec};

use oauth1_core::{
    ClientCredentials, HmacSha1, RequestView, Signer, Stamp, StandIn, Target, Timestamp,
    TokenCredentials, VerifyingKey, verify::Lookup, verify::Policy,
};

use super::{after, client, secret, start, suite, unique};
use crate::{
    Approval, Callback, Change, ClientKey, Creation, Decided, Found, Grant, ProviderStore, Session,
    Temporary, Token,
};

suite! {
    /// Whether a [`ProviderStore`] finds the credentials that sign requests for resources, and no
    /// others.
    credentials<S: ProviderStore>, CREDENTIAL_CASES:
    a_token_is_found_with_its_key_and_grant,
    a_client_is_found_alone_only_where_it_may_be,
    a_token_of_another_client_is_unknown,
    temporary_credentials_are_never_found,
    an_expired_or_revoked_token_is_unknown,
    a_revoked_client_is_unknown_with_all_its_tokens,
    a_rotated_secret_is_the_only_one_that_signs,
}

async fn found<S: ProviderStore>(
    store: &Arc<S>,
    client: &str,
    token: Option<&str>,
    now: Timestamp,
) -> Found<Grant> {
    let found = store.find(client, token, now).await;
    found.expect("the store answers")
}

/// A client with a token of `jane`.
async fn registered<S: ProviderStore>(store: &Arc<S>, now: Timestamp) -> (String, String) {
    let (identifier, token) = (unique("client"), unique("token"));
    let created = store.create_client(client(&identifier, now)).await;
    assert_eq!(created.expect("the store answers"), Creation::Created);
    let mut made = Token::new(&*token, secret("of the token"), &*identifier, "jane", now);
    made.realms = ["Photos".into()].into();
    made.expires = Some(after(now, 60));
    made.session = Some(Session::new(
        secret("of the session"),
        Some(after(now, 600)),
    ));
    let inserted = store.insert_token(made, now).await;
    assert_eq!(inserted.expect("the store answers"), Creation::Created);
    (identifier, token)
}

/// Whether what these secrets sign is what the key verifies.
fn holds(key: &dyn VerifyingKey, client: &str, token: Option<&str>) -> bool {
    let client = ClientCredentials::new("client", client);
    let token = token.map(|secret| TokenCredentials::new("token", secret));
    let signer = match &token {
        Some(token) => Signer::<HmacSha1>::for_token(&client, token),
        None => Signer::<HmacSha1>::for_client(&client),
    };
    let target = Target::parse("https://api.example.com/photos").expect("a URI");
    let request = RequestView::new("GET", target);
    let stamp = Stamp::now().expect("the system has random bytes");
    let now = stamp.timestamp();
    let header: String = (signer.authorization(&request, stamp)).expect("it can be signed");
    let (policy, mut slots) = (Policy::new(), Vec::new());
    let received = policy
        .receive(&request, [header.as_bytes()], now, &mut slots)
        .expect("it is well-formed");
    let authentic = received.authenticate(Lookup::Found(key), &StandIn::new());
    authentic.is_ok()
}

async fn a_token_is_found_with_its_key_and_grant<S: ProviderStore>(store: &Arc<S>) {
    let now = start();
    let (client, token) = registered(store, now).await;
    // Twice, since the first may be keyed and the second remembered.
    for _ in 0..2 {
        let Found::Known(known) = found(store, &client, Some(&token), now).await else {
            panic!("it was inserted");
        };
        let grant = Grant::new(Some("jane".into()), ["Photos".into()].into());
        assert_eq!(known.grant, grant);
        assert!(holds(&*known.key, "of the client", Some("of the token")));
        assert!(!holds(&*known.key, "of the client", Some("of another")));
        assert!(!holds(&*known.key, "of another", Some("of the token")));
        assert!(!holds(&*known.key, "of the client", None));
    }
}

async fn a_client_is_found_alone_only_where_it_may_be<S: ProviderStore>(store: &Arc<S>) {
    let (now, identifier) = (start(), unique("client"));
    let answer = found(store, &identifier, None, now).await;
    assert!(matches!(answer, Found::ClientUnknown), "{answer:?}");
    let (usual, _) = registered(store, now).await;
    let answer = found(store, &usual, None, now).await;
    assert!(matches!(answer, Found::TokenUnknown), "{answer:?}");

    let mut two_legged = client(&identifier, now);
    two_legged.two_legged = true;
    two_legged.realms = ["Photos".into()].into();
    let created = store.create_client(two_legged).await;
    assert_eq!(created.expect("the store answers"), Creation::Created);
    let Found::Known(known) = found(store, &identifier, None, now).await else {
        panic!("it may come alone");
    };
    assert_eq!(known.grant, Grant::new(None, ["Photos".into()].into()));
    assert!(holds(&*known.key, "of the client", None));
}

async fn a_token_of_another_client_is_unknown<S: ProviderStore>(store: &Arc<S>) {
    let now = start();
    let ((_, token), (other, _)) = (registered(store, now).await, registered(store, now).await);
    for token in [token, unique("token"), String::new()] {
        let answer = found(store, &other, Some(&token), now).await;
        assert!(matches!(answer, Found::TokenUnknown), "{answer:?}");
        let answer = found(store, &unique("client"), Some(&token), now).await;
        assert!(matches!(answer, Found::ClientUnknown), "{answer:?}");
    }
}

async fn temporary_credentials_are_never_found<S: ProviderStore>(store: &Arc<S>) {
    let now = start();
    let (client, _) = registered(store, now).await;
    let identifier = unique("temporary");
    let (secret_of, expires) = (secret("of the temporary"), after(now, 60));
    let callback = Callback::OutOfBand;
    let temporary = Temporary::new(&*identifier, secret_of, &*client, callback, now, expires);
    let inserted = store.insert_temporary(temporary, now).await;
    assert_eq!(inserted.expect("the store answers"), Creation::Created);
    let answer = found(store, &client, Some(&identifier), now).await;
    assert!(matches!(answer, Found::TokenUnknown), "{answer:?}");
    let approval = Approval::new("jane", secret("hfdp7dh39dks9884"));
    let approved = store.approve_temporary(&identifier, approval, now).await;
    assert_eq!(approved.expect("the store answers"), Decided::Done);
    let answer = found(store, &client, Some(&identifier), now).await;
    assert!(matches!(answer, Found::TokenUnknown), "{answer:?}");
}

async fn an_expired_or_revoked_token_is_unknown<S: ProviderStore>(store: &Arc<S>) {
    let now = start();
    let (client, token) = registered(store, now).await;
    let answer = found(store, &client, Some(&token), after(now, 60)).await;
    assert!(matches!(answer, Found::Known(_)), "{answer:?}");
    // It is kept to be renewed, and signs nothing.
    let answer = found(store, &client, Some(&token), after(now, 61)).await;
    assert!(matches!(answer, Found::TokenUnknown), "{answer:?}");
    let revoked = store.revoke_token(&token).await;
    assert_eq!(revoked.expect("the store answers"), Change::Done);
    let answer = found(store, &client, Some(&token), now).await;
    assert!(matches!(answer, Found::TokenUnknown), "{answer:?}");
}

async fn a_revoked_client_is_unknown_with_all_its_tokens<S: ProviderStore>(store: &Arc<S>) {
    let now = start();
    let (client, token) = registered(store, now).await;
    let revoked = store.revoke_client(&client, now).await;
    assert_eq!(revoked.expect("the store answers"), Change::Done);
    for token in [Some(&*token), None] {
        let answer = found(store, &client, token, now).await;
        assert!(matches!(answer, Found::ClientUnknown), "{answer:?}");
    }
}

async fn a_rotated_secret_is_the_only_one_that_signs<S: ProviderStore>(store: &Arc<S>) {
    let now = start();
    let (client, token) = registered(store, now).await;
    let answer = found(store, &client, Some(&token), now).await;
    assert!(matches!(answer, Found::Known(_)), "{answer:?}");
    let key = ClientKey::Shared(secret("rotated"));
    let changed = store.replace_client_key(&client, key).await;
    assert_eq!(changed.expect("the store answers"), Change::Done);
    let Found::Known(known) = found(store, &client, Some(&token), now).await else {
        panic!("the token stays");
    };
    assert!(holds(&*known.key, "rotated", Some("of the token")));
    assert!(!holds(&*known.key, "of the client", Some("of the token")));
}
