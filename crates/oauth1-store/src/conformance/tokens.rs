//! Cases for tokens.

use alloc::{format, string::String, sync::Arc, vec::Vec};

use oauth1_core::Timestamp;

use super::{TASKS, after, at_once, secret, start, suite, unique};
use crate::{Change, Creation, Renewal, Session, Token, TokenStore};

suite! {
    /// Whether a [`TokenStore`] keeps tokens, and forgets those that are revoked, expired or renewed.
    tokens<S: TokenStore>, TOKEN_CASES:
    a_token_is_there_as_it_was,
    a_token_identifier_is_taken_once,
    a_token_is_there_until_its_last_second,
    a_token_that_can_be_renewed_is_there_for_that,
    an_owner_sees_what_was_granted_oldest_first,
    a_revoked_token_is_gone,
    all_of_a_client_are_revoked_and_no_others,
    a_renewed_token_takes_the_place_of_the_old,
    nobody_else_renews_a_token,
    of_many_renewals_at_once_one_does,
}

fn token(identifier: &str, owner: &str, now: Timestamp) -> Token {
    Token::new(identifier, secret("of the token"), "printer", owner, now)
}

fn renewable(identifier: &str, owner: &str, now: Timestamp) -> Token {
    let mut made = token(identifier, owner, now);
    made.expires = Some(after(now, 60));
    made.session = Some(Session::new(
        secret("of the session"),
        Some(after(now, 600)),
    ));
    made
}

async fn insert<S: TokenStore>(store: &Arc<S>, token: Token, now: Timestamp) {
    let inserted = store.insert_token(token, now).await;
    assert_eq!(inserted.expect("the store answers"), Creation::Created);
}

async fn get<S: TokenStore>(store: &Arc<S>, identifier: &str, now: Timestamp) -> Option<Token> {
    let token = store.token(identifier, now).await;
    token.expect("the store answers")
}

async fn of_owner<S: TokenStore>(store: &Arc<S>, owner: &str, now: Timestamp) -> Vec<String> {
    let tokens = store.tokens_of_owner(owner, now).await;
    let tokens = tokens.expect("the store answers");
    tokens.into_iter().map(|token| token.identifier).collect()
}

async fn renew<S: TokenStore>(
    store: &Arc<S>,
    identifier: &str,
    handle: &str,
    new: Token,
    now: Timestamp,
) -> Renewal {
    let renewal = store
        .renew_token(identifier, "printer", handle, new, now)
        .await;
    renewal.expect("the store answers")
}

async fn a_token_is_there_as_it_was<S: TokenStore>(store: &Arc<S>) {
    let (now, identifier) = (start(), unique("token \0é{}"));
    assert!(get(store, &identifier, now).await.is_none());
    let mut made = renewable(&identifier, "jané \"doe\"", now);
    made.realms = ["Photos".into(), String::new()].into();
    insert(store, made.clone(), now).await;
    let kept = get(store, &identifier, now).await.expect("it was inserted");
    assert_eq!(kept.identifier, identifier);
    assert_eq!(kept.secret.expose(), "of the token");
    assert_eq!((kept.client, kept.owner), (made.client, made.owner));
    assert_eq!(kept.realms, made.realms);
    assert_eq!((kept.created, kept.expires), (made.created, made.expires));
    let session = kept.session.expect("it has one");
    assert_eq!(session.handle.expose(), "of the session");
    assert_eq!(session.expires, Some(after(now, 600)));
}

async fn a_token_identifier_is_taken_once<S: TokenStore>(store: &Arc<S>) {
    let (now, identifier) = (start(), unique("token"));
    let (jane, mallory) = (unique("jane"), unique("mallory"));
    insert(store, token(&identifier, &jane, now), now).await;
    let again = store
        .insert_token(token(&identifier, &mallory, now), now)
        .await;
    assert_eq!(again.expect("the store answers"), Creation::Exists);
    let kept = get(store, &identifier, now).await.expect("it was inserted");
    assert_eq!(kept.owner, jane);
    assert_eq!(of_owner(store, &jane, now).await, [identifier]);
    assert!(of_owner(store, &mallory, now).await.is_empty());
}

async fn a_token_is_there_until_its_last_second<S: TokenStore>(store: &Arc<S>) {
    let (now, owner) = (start(), unique("owner"));
    let (for_ever, for_a_minute) = (unique("token"), unique("token"));
    insert(store, token(&for_ever, &owner, now), now).await;
    let mut made = token(&for_a_minute, &owner, after(now, 1));
    made.expires = Some(after(now, 60));
    insert(store, made, now).await;

    let (last, late) = (after(now, 60), after(now, 61));
    let kept = get(store, &for_a_minute, last)
        .await
        .expect("it is the last second");
    assert!(kept.is_live(last) && !kept.is_live(late));
    assert!(get(store, &for_a_minute, late).await.is_none());
    assert_eq!(of_owner(store, &owner, last).await.len(), 2);
    assert_eq!(
        of_owner(store, &owner, late).await,
        core::slice::from_ref(&for_ever)
    );
    assert!(get(store, &for_ever, after(now, 1 << 32)).await.is_some());
}

async fn a_token_that_can_be_renewed_is_there_for_that<S: TokenStore>(store: &Arc<S>) {
    let (now, identifier) = (start(), unique("token"));
    insert(store, renewable(&identifier, &unique("owner"), now), now).await;
    let kept = get(store, &identifier, after(now, 600)).await;
    let kept = kept.expect("the session lasts");
    assert!(!kept.is_live(after(now, 600)) && kept.is_renewable(after(now, 600)));
    assert!(get(store, &identifier, after(now, 601)).await.is_none());
}

async fn an_owner_sees_what_was_granted_oldest_first<S: TokenStore>(store: &Arc<S>) {
    let (now, owner) = (start(), unique("owner"));
    let identifiers: Vec<String> = (0..5).map(|_| unique("token")).collect();
    for (identifier, age) in identifiers.iter().zip([3, 1, 4, 2, 0]) {
        let created = Timestamp::from_unix_seconds(now.unix_seconds() - age);
        insert(store, token(identifier, &owner, created), now).await;
    }
    let expected = [2, 0, 3, 1, 4].map(|at: usize| identifiers[at].clone());
    assert_eq!(of_owner(store, &owner, now).await, expected);
    assert!(of_owner(store, &unique("owner"), now).await.is_empty());
}

async fn a_revoked_token_is_gone<S: TokenStore>(store: &Arc<S>) {
    let (now, owner) = (start(), unique("owner"));
    let (identifier, other) = (unique("token"), unique("token"));
    insert(store, renewable(&identifier, &owner, now), now).await;
    insert(store, token(&other, &owner, now), now).await;
    for expected in [Change::Done, Change::Unknown] {
        let revoked = store.revoke_token(&identifier).await;
        assert_eq!(revoked.expect("the store answers"), expected);
        assert!(get(store, &identifier, now).await.is_none());
        assert_eq!(
            of_owner(store, &owner, now).await,
            core::slice::from_ref(&other)
        );
    }
    let new = token(&unique("token"), &owner, now);
    let renewal = renew(store, &identifier, "of the session", new, now).await;
    assert_eq!(renewal, Renewal::Refused);
}

async fn all_of_a_client_are_revoked_and_no_others<S: TokenStore>(store: &Arc<S>) {
    let (now, client, owner) = (start(), unique("client"), unique("owner"));
    let other = unique("token");
    insert(store, token(&other, &owner, now), now).await;
    for _ in 0..4 {
        let mut made = token(&unique("token"), &owner, now);
        made.client.clone_from(&client);
        insert(store, made, now).await;
    }
    assert_eq!(of_owner(store, &owner, now).await.len(), 5);
    for expected in [4, 0] {
        let revoked = store.revoke_tokens_of_client(&client).await;
        assert_eq!(revoked.expect("the store answers"), expected);
    }
    assert_eq!(of_owner(store, &owner, now).await, [other]);
}

async fn a_renewed_token_takes_the_place_of_the_old<S: TokenStore>(store: &Arc<S>) {
    let (now, owner) = (start(), unique("owner"));
    let (old, new) = (unique("token"), unique("token"));
    insert(store, renewable(&old, &owner, now), now).await;
    // The token is over, the session is not.
    let later = after(now, 600);
    let made = renewable(&new, &owner, later);
    let renewal = renew(store, &old, "of the session", made, later).await;
    assert_eq!(renewal, Renewal::Renewed);
    assert!(get(store, &old, later).await.is_none());
    assert_eq!(
        of_owner(store, &owner, later).await,
        core::slice::from_ref(&new)
    );

    let third = renewable(&unique("token"), &owner, later);
    let again = renew(store, &old, "of the session", third, later).await;
    assert_eq!(again, Renewal::Refused);
    assert_eq!(of_owner(store, &owner, later).await, [new]);
}

async fn nobody_else_renews_a_token<S: TokenStore>(store: &Arc<S>) {
    let (now, owner) = (start(), unique("owner"));
    let (identifier, plain) = (unique("token"), unique("token"));
    insert(store, renewable(&identifier, &owner, now), now).await;
    insert(store, token(&plain, &owner, after(now, 1)), now).await;
    let new = || renewable(&unique("token"), &owner, now);
    for handle in ["", "of the sessio", "of the session "] {
        let renewal = renew(store, &identifier, handle, new(), now).await;
        assert_eq!(renewal, Renewal::Refused, "{handle:?}");
    }
    for token in [&plain, &unique("token")] {
        let renewal = renew(store, token, "", new(), now).await;
        assert_eq!(renewal, Renewal::Refused);
    }
    let late = renew(store, &identifier, "of the session", new(), after(now, 601)).await;
    assert_eq!(late, Renewal::Refused);
    let handle = "of the session";
    let other = store
        .renew_token(&identifier, "other", handle, new(), now)
        .await;
    assert_eq!(other.expect("the store answers"), Renewal::Refused);
    let taken = token(&plain, &owner, now);
    let renewal = renew(store, &identifier, handle, taken, now).await;
    assert_eq!(renewal, Renewal::Refused, "the new identifier is taken");
    assert_eq!(of_owner(store, &owner, now).await, [identifier, plain]);
}

async fn of_many_renewals_at_once_one_does<S: TokenStore>(store: &Arc<S>) {
    let (now, owner, identifier) = (start(), unique("owner"), unique("token"));
    insert(store, renewable(&identifier, &owner, now), now).await;
    let (kept, run, jane) = (Arc::clone(store), identifier.clone(), owner.clone());
    let answers = at_once(move |at| {
        let (store, identifier) = (Arc::clone(&kept), run.clone());
        let name = format!("{identifier}-{at}");
        let new = renewable(&name, &jane, now);
        async move {
            let handle = "of the session";
            let renewal = store
                .renew_token(&identifier, "printer", handle, new, now)
                .await;
            (name, renewal)
        }
    })
    .await;
    let renewed: Vec<String> = (answers.into_iter())
        .filter(|(_, answer)| matches!(answer, Ok(Renewal::Renewed)))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(renewed.len(), 1, "of {TASKS} renewals at once");
    assert_eq!(of_owner(store, &owner, now).await, renewed);
}
