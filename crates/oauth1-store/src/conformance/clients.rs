//! Cases for clients.

use alloc::{format, string::String, sync::Arc, vec::Vec};

use super::{after, at_once, client, secret, start, suite, unique};
use crate::{Change, Client, ClientKey, ClientStore, Creation};

suite! {
    /// Whether a [`ClientStore`] keeps clients, and shows every change at once.
    clients<S: ClientStore>, CLIENT_CASES:
    what_was_created_is_there_as_it_was,
    an_identifier_is_taken_once,
    of_many_that_create_one_does,
    pages_follow_one_another,
    a_rotated_key_takes_the_place_of_the_old,
    a_revoked_client_stays_so_since_when_it_was,
    nobody_is_changed_who_is_not_there,
}

async fn create<S: ClientStore>(store: &Arc<S>, client: Client) -> Creation {
    let created = store.create_client(client).await;
    created.expect("the store answers")
}

async fn get<S: ClientStore>(store: &Arc<S>, identifier: &str) -> Option<Client> {
    let client = store.client(identifier).await;
    client.expect("the store answers")
}

fn secret_of(client: &Client) -> &str {
    match &client.key {
        ClientKey::Shared(secret) => secret.expose(),
        ClientKey::Rsa(pem) => pem,
    }
}

async fn what_was_created_is_there_as_it_was<S: ClientStore>(store: &Arc<S>) {
    let (now, identifier) = (start(), unique("client \0é{}"));
    assert!(get(store, &identifier).await.is_none());
    let mut made = client(&identifier, now);
    made.name = "Printer \"of\" Jané".into();
    made.key = ClientKey::Shared(secret("& % é \" \\ \u{0}"));
    made.callbacks = ["https://printer.example.com/ready".into(), "app:".into()].into();
    made.realms = ["Photos".into(), String::new()].into();
    made.two_legged = true;
    made.xauth = true;
    assert_eq!(create(store, made.clone()).await, Creation::Created);
    let kept = get(store, &identifier).await.expect("it was created");
    assert_eq!(kept.identifier, made.identifier);
    assert_eq!(kept.name, made.name);
    assert_eq!(secret_of(&kept), secret_of(&made));
    assert_eq!(kept.callbacks, made.callbacks);
    assert_eq!(kept.realms, made.realms);
    assert_eq!((kept.two_legged, kept.xauth), (true, true));
    assert_eq!((kept.created, kept.revoked), (now, None));

    let rsa = unique("client");
    let mut made = client(&rsa, now);
    made.key = ClientKey::Rsa("-----BEGIN PUBLIC KEY-----".into());
    assert_eq!(create(store, made).await, Creation::Created);
    let kept = get(store, &rsa).await.expect("it was created");
    assert!(matches!(kept.key, ClientKey::Rsa(pem) if pem == "-----BEGIN PUBLIC KEY-----"));
    assert_eq!((kept.two_legged, kept.xauth), (false, false));
}

async fn an_identifier_is_taken_once<S: ClientStore>(store: &Arc<S>) {
    let (now, identifier) = (start(), unique("client"));
    assert_eq!(
        create(store, client(&identifier, now)).await,
        Creation::Created
    );
    let mut other = client(&identifier, after(now, 1));
    other.key = ClientKey::Shared(secret("of another"));
    assert_eq!(create(store, other).await, Creation::Exists);
    let kept = get(store, &identifier).await.expect("it was created");
    assert_eq!((secret_of(&kept), kept.created), ("of the client", now));
    // Identifiers are compared byte by byte.
    let capitals = identifier.to_uppercase();
    assert!(get(store, &capitals).await.is_none());
}

async fn of_many_that_create_one_does<S: ClientStore>(store: &Arc<S>) {
    let (now, identifier) = (start(), unique("client"));
    let kept = Arc::clone(store);
    let run = identifier.clone();
    let answers = at_once(move |at| {
        let (store, mut client) = (Arc::clone(&kept), client(&run, now));
        client.name = format!("{at}");
        async move { (at, store.create_client(client).await) }
    })
    .await;
    let created: Vec<usize> = (answers.into_iter())
        .filter(|(_, answer)| matches!(answer, Ok(Creation::Created)))
        .map(|(at, _)| at)
        .collect();
    assert_eq!(created.len(), 1, "of many at once");
    let kept = get(store, &identifier).await.expect("it was created");
    assert_eq!(kept.name, format!("{}", created[0]));
}

async fn pages_follow_one_another<S: ClientStore>(store: &Arc<S>) {
    let (now, run) = (start(), unique("page"));
    let expected: Vec<String> = (0..7).map(|at| format!("{run}-{at}")).collect();
    for identifier in expected.iter().rev() {
        assert_eq!(
            create(store, client(identifier, now)).await,
            Creation::Created
        );
    }
    let mut seen = Vec::new();
    let mut last = run.clone();
    while seen.len() < expected.len() {
        let page = store.clients(Some(&last), 3).await;
        let page = page.expect("the store answers");
        assert!((1..=3).contains(&page.len()), "{} of 3", page.len());
        seen.extend(page.into_iter().map(|client| client.identifier));
        last.clone_from(&seen[seen.len() - 1]);
    }
    assert_eq!(seen[..expected.len()], expected);
    let first = store.clients(None, 1).await.expect("the store answers");
    assert!(first[0].identifier <= expected[0]);
    let none = store.clients(None, 0).await.expect("the store answers");
    assert!(none.is_empty());
}

async fn a_rotated_key_takes_the_place_of_the_old<S: ClientStore>(store: &Arc<S>) {
    let (now, identifier) = (start(), unique("client"));
    assert_eq!(
        create(store, client(&identifier, now)).await,
        Creation::Created
    );
    let key = ClientKey::Shared(secret("rotated"));
    let changed = store.replace_client_key(&identifier, key).await;
    assert_eq!(changed.expect("the store answers"), Change::Done);
    let kept = get(store, &identifier).await.expect("it was created");
    assert_eq!((secret_of(&kept), kept.created), ("rotated", now));
}

async fn a_revoked_client_stays_so_since_when_it_was<S: ClientStore>(store: &Arc<S>) {
    let (now, identifier) = (start(), unique("client"));
    assert_eq!(
        create(store, client(&identifier, now)).await,
        Creation::Created
    );
    for seconds in [5, 9] {
        let revoked = store.revoke_client(&identifier, after(now, seconds)).await;
        assert_eq!(revoked.expect("the store answers"), Change::Done);
        let kept = get(store, &identifier).await.expect("it is kept");
        assert_eq!(kept.revoked, Some(after(now, 5)));
    }
    assert_eq!(
        create(store, client(&identifier, now)).await,
        Creation::Exists
    );
}

async fn nobody_is_changed_who_is_not_there<S: ClientStore>(store: &Arc<S>) {
    let identifier = unique("client");
    let key = ClientKey::Shared(secret("of nobody"));
    let changed = store.replace_client_key(&identifier, key).await;
    assert_eq!(changed.expect("the store answers"), Change::Unknown);
    let revoked = store.revoke_client(&identifier, start()).await;
    assert_eq!(revoked.expect("the store answers"), Change::Unknown);
    assert!(get(store, &identifier).await.is_none());
}
