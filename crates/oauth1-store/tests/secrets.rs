//! No secret is shown, whatever is printed.

#![cfg(feature = "memory")]

extern crate alloc;

use alloc::sync::Arc;
use core::fmt::Debug;

use oauth1_core::{ClientCredentials, Secret, Timestamp, TokenCredentials};
use oauth1_store::{
    Approval, Callback, Client, ClientKey, ClientStore as _, CredentialStore as _, Found,
    KeyedSecrets, Session, StoreError, Taken, Temporary, TemporaryStore as _, Token,
    TokenStore as _,
    memory::{MemoryCredentials, MemoryStore},
};

const SECRET: &str = "kd94hf93k423kf44";

fn secret() -> Secret<'static> {
    Secret::from(SECRET.to_owned())
}

fn shows_nothing(what: &dyn Debug) {
    for shown in [format!("{what:?}"), format!("{what:#?}")] {
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

#[tokio::test]
async fn no_record_and_no_store_shows_a_secret() {
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let client = Client::new("client", ClientKey::Shared(secret()), now);
    let callback = Callback::OutOfBand;
    let temporary = Temporary::new("temporary", secret(), "client", callback, now, now);
    let mut token = Token::new("token", secret(), "client", "jane", now);
    token.session = Some(Session::new(secret(), None));
    let approval = Approval::new("jane", secret());
    let keyed = KeyedSecrets::new(SECRET, SECRET);
    for what in [&client as &dyn Debug, &temporary, &token, &approval, &keyed] {
        shows_nothing(what);
    }

    let store = Arc::new(MemoryStore::new().unwrap());
    assert!(store.create_client(client).await.is_ok());
    assert!(store.insert_temporary(temporary, now).await.is_ok());
    assert!(store.insert_token(token, now).await.is_ok());
    assert!(
        store
            .approve_temporary("temporary", approval, now)
            .await
            .is_ok()
    );
    shows_nothing(&store);
    shows_nothing(&store.temporary("temporary", now).await);
    shows_nothing(&store.find("client", Some("token"), now).await);
    let wrong = store
        .take_temporary("temporary", "client", "wrong", now)
        .await;
    assert!(matches!(wrong, Ok(Taken::WrongVerifier { .. })));
    shows_nothing(
        &store
            .take_temporary("temporary", "client", SECRET, now)
            .await,
    );

    let credentials = MemoryCredentials::new();
    let client = ClientCredentials::new("client", SECRET);
    credentials.insert_client(&client, ());
    credentials.insert_token(&client, &TokenCredentials::new("token", SECRET), ());
    shows_nothing(&credentials);
    let found = credentials.find("client", Some("token"), now).await;
    assert!(matches!(found, Ok(Found::Known(_))));
    shows_nothing(&found);
}

#[test]
fn an_error_says_what_to_answer_and_in_one_word_why() {
    use oauth1_store::Bound;

    for (error, status, code) in [
        (StoreError::unavailable("away"), 503, "store_unavailable"),
        (StoreError::Full(Bound::Store), 503, "store_full"),
        (
            StoreError::Full(Bound::Client),
            429,
            "store_full_for_client",
        ),
        (StoreError::corrupt("not JSON"), 503, "store_corrupt"),
    ] {
        assert_eq!((error.status(), error.code()), (status, code));
    }
}

#[tokio::test]
async fn a_plain_map_knows_what_was_inserted_and_no_more() {
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let store = MemoryCredentials::new();
    let (client, token) = (
        ClientCredentials::new("client", "a"),
        TokenCredentials::new("token", "b"),
    );
    store.insert_token(&client, &token, "jane");
    let word = async |client: &str, token: Option<&str>| match store.find(client, token, now).await
    {
        Ok(Found::Known(known)) => known.grant,
        Ok(Found::ClientUnknown) => "no client",
        Ok(Found::TokenUnknown) => "no token",
        Err(_) => "no answer",
    };
    assert_eq!(word("client", Some("token")).await, "jane");
    assert_eq!(word("client", Some("other")).await, "no token");
    assert_eq!(
        word("client", None).await,
        "no token",
        "it may not come alone"
    );
    assert_eq!(word("other", Some("token")).await, "no client");
    store.insert_client(&client, "the client itself");
    assert_eq!(word("client", None).await, "the client itself");
    assert!(store.remove_token("client", "token"));
    assert!(!store.remove_token("client", "token"));
    assert_eq!(word("client", Some("token")).await, "no token");
    assert!(store.remove_client("client"));
    assert_eq!(word("client", None).await, "no client");
}
