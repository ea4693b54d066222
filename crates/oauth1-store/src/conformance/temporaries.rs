//! Cases for temporary credentials.

use alloc::{format, string::String, sync::Arc};

use oauth1_core::Timestamp;

use super::{TASKS, after, at_once, secret, start, suite, unique};
use crate::{Approval, Callback, Creation, Decided, Decision, Taken, Temporary, TemporaryStore};

/// How long the credentials of these cases live, in seconds.
const LIFETIME: u64 = 600;

suite! {
    /// Whether a [`TemporaryStore`] lets each consent be exchanged once.
    temporaries<S: TemporaryStore>, TEMPORARY_CASES:
    what_was_inserted_is_there_as_it_was_until_it_expires,
    a_temporary_identifier_is_taken_once,
    an_approved_one_is_taken_once,
    only_its_client_takes_it,
    nothing_is_taken_before_a_decision_or_after_a_denial,
    the_first_decision_stands,
    wrong_verifiers_are_counted_to_the_end,
    what_has_expired_is_gone,
    of_many_decisions_at_once_one_stands,
    of_many_exchanges_at_once_one_takes,
    many_guesses_at_once_have_no_more_attempts,
}

fn temporary(identifier: &str, now: Timestamp) -> Temporary {
    let expires = after(now, LIFETIME);
    let (secret, callback) = (secret("of the temporary"), Callback::OutOfBand);
    let mut made = Temporary::new(identifier, secret, "printer", callback, now, expires);
    made.realms = ["Photos".into(), "Videos".into()].into();
    made
}

fn yes() -> Approval {
    Approval::new("jane", secret("hfdp7dh39dks9884"))
}

async fn inserted<S: TemporaryStore>(store: &Arc<S>, now: Timestamp) -> String {
    let identifier = unique("temporary");
    let inserted = store
        .insert_temporary(temporary(&identifier, now), now)
        .await;
    assert_eq!(inserted.expect("the store answers"), Creation::Created);
    identifier
}

async fn approved<S: TemporaryStore>(store: &Arc<S>, now: Timestamp) -> String {
    let identifier = inserted(store, now).await;
    let decided = store.approve_temporary(&identifier, yes(), now).await;
    assert_eq!(decided.expect("the store answers"), Decided::Done);
    identifier
}

async fn get<S: TemporaryStore>(
    store: &Arc<S>,
    identifier: &str,
    now: Timestamp,
) -> Option<Temporary> {
    let temporary = store.temporary(identifier, now).await;
    temporary.expect("the store answers")
}

async fn take<S: TemporaryStore>(
    store: &Arc<S>,
    identifier: &str,
    verifier: &str,
    now: Timestamp,
) -> Taken {
    let taken = store
        .take_temporary(identifier, "printer", verifier, now)
        .await;
    taken.expect("the store answers")
}

async fn what_was_inserted_is_there_as_it_was_until_it_expires<S: TemporaryStore>(store: &Arc<S>) {
    let (now, identifier) = (start(), unique("temporary"));
    let mut made = temporary(&identifier, now);
    made.callback = Callback::Uri("https://printer.example.com/ready?a=é".into());
    made.decision = Decision::Approved {
        owner: "mallory".into(),
    };
    made.attempts = 7;
    let inserted = store.insert_temporary(made.clone(), now).await;
    assert_eq!(inserted.expect("the store answers"), Creation::Created);
    for time in [now, made.expires] {
        let kept = get(store, &identifier, time)
            .await
            .expect("it was inserted");
        assert_eq!(kept.identifier, identifier);
        assert_eq!(kept.secret.expose(), "of the temporary");
        assert_eq!(kept.client, "printer");
        assert_eq!(kept.callback, made.callback);
        assert_eq!(kept.realms, made.realms);
        assert_eq!((kept.created, kept.expires), (made.created, made.expires));
        assert_eq!((kept.attempts, kept.decision), (7, Decision::Pending));
    }
    assert!(
        get(store, &identifier, after(made.expires, 1))
            .await
            .is_none()
    );
}

async fn a_temporary_identifier_is_taken_once<S: TemporaryStore>(store: &Arc<S>) {
    let now = start();
    let identifier = approved(store, now).await;
    let again = store
        .insert_temporary(temporary(&identifier, now), now)
        .await;
    assert_eq!(again.expect("the store answers"), Creation::Exists);
    let kept = get(store, &identifier, now).await.expect("it is there");
    assert_ne!(kept.decision, Decision::Pending);
}

async fn an_approved_one_is_taken_once<S: TemporaryStore>(store: &Arc<S>) {
    let (now, identifier) = (start(), inserted(store, start()).await);
    let mut approval = yes();
    approval.realms = Some(["Photos".into()].into());
    let decided = store.approve_temporary(&identifier, approval, now).await;
    assert_eq!(decided.expect("the store answers"), Decided::Done);
    let Taken::Taken(taken) = take(store, &identifier, "hfdp7dh39dks9884", now).await else {
        panic!("it was approved");
    };
    assert_eq!(taken.identifier, identifier);
    assert_eq!(taken.secret.expose(), "of the temporary");
    assert_eq!(taken.realms, ["Photos"], "what was granted");
    let owner = "jane".into();
    assert_eq!(taken.decision, Decision::Approved { owner });
    let again = take(store, &identifier, "hfdp7dh39dks9884", now).await;
    assert!(matches!(again, Taken::Unknown), "{again:?}");
    assert!(get(store, &identifier, now).await.is_none());
}

async fn only_its_client_takes_it<S: TemporaryStore>(store: &Arc<S>) {
    let now = start();
    let identifier = approved(store, now).await;
    for _ in 0..2 * Temporary::ATTEMPTS {
        let other = store
            .take_temporary(&identifier, "other", "guess", now)
            .await;
        assert!(matches!(other.expect("the store answers"), Taken::Unknown));
    }
    let taken = take(store, &identifier, "hfdp7dh39dks9884", now).await;
    assert!(matches!(taken, Taken::Taken(_)), "{taken:?}");
}

async fn nothing_is_taken_before_a_decision_or_after_a_denial<S: TemporaryStore>(store: &Arc<S>) {
    let now = start();
    let identifier = inserted(store, now).await;
    for verifier in ["", "hfdp7dh39dks9884"] {
        let taken = take(store, &identifier, verifier, now).await;
        assert!(matches!(taken, Taken::Pending), "{taken:?}");
    }
    let denied = store.deny_temporary(&identifier, now).await;
    assert_eq!(denied.expect("the store answers"), Decided::Done);
    for verifier in ["", "hfdp7dh39dks9884"] {
        let taken = take(store, &identifier, verifier, now).await;
        assert!(matches!(taken, Taken::Denied), "{taken:?}");
    }
    let kept = get(store, &identifier, now).await.expect("it stays");
    assert_eq!(kept.decision, Decision::Denied);
}

async fn the_first_decision_stands<S: TemporaryStore>(store: &Arc<S>) {
    let now = start();
    let denied = inserted(store, now).await;
    let first = store.deny_temporary(&denied, now).await;
    assert_eq!(first.expect("the store answers"), Decided::Done);
    let second = store.approve_temporary(&denied, yes(), now).await;
    assert_eq!(second.expect("the store answers"), Decided::AlreadyDecided);

    let approved = approved(store, now).await;
    let other = Approval::new("mallory", secret("known to mallory"));
    let second = store.approve_temporary(&approved, other, now).await;
    assert_eq!(second.expect("the store answers"), Decided::AlreadyDecided);
    let third = store.deny_temporary(&approved, now).await;
    assert_eq!(third.expect("the store answers"), Decided::AlreadyDecided);
    let wrong = take(store, &approved, "known to mallory", now).await;
    assert!(matches!(wrong, Taken::WrongVerifier { .. }), "{wrong:?}");
    let taken = take(store, &approved, "hfdp7dh39dks9884", now).await;
    assert!(matches!(taken, Taken::Taken(_)), "{taken:?}");

    let nobody = unique("temporary");
    let unknown = store.approve_temporary(&nobody, yes(), now).await;
    assert_eq!(unknown.expect("the store answers"), Decided::Unknown);
    let unknown = store.deny_temporary(&nobody, now).await;
    assert_eq!(unknown.expect("the store answers"), Decided::Unknown);
}

async fn wrong_verifiers_are_counted_to_the_end<S: TemporaryStore>(store: &Arc<S>) {
    let now = start();
    let identifier = approved(store, now).await;
    let guesses = [
        "",
        "hfdp7dh39dks988",
        "hfdp7dh39dks98844",
        "HFDP7DH39DKS9884",
        "\0",
    ];
    assert_eq!(guesses.len(), Temporary::ATTEMPTS as usize);
    for (guess, left) in guesses.into_iter().zip((0..Temporary::ATTEMPTS).rev()) {
        let answer = take(store, &identifier, guess, now).await;
        let Taken::WrongVerifier { attempts_left } = answer else {
            panic!("{guess:?}: {answer:?}");
        };
        assert_eq!(attempts_left, left);
    }
    let right = take(store, &identifier, "hfdp7dh39dks9884", now).await;
    assert!(matches!(right, Taken::Unknown), "too late: {right:?}");
    assert!(get(store, &identifier, now).await.is_none());
}

async fn what_has_expired_is_gone<S: TemporaryStore>(store: &Arc<S>) {
    let now = start();
    let (decided, undecided) = (approved(store, now).await, inserted(store, now).await);
    let late = after(now, LIFETIME + 1);
    let approval = store.approve_temporary(&undecided, yes(), late).await;
    assert_eq!(approval.expect("the store answers"), Decided::Unknown);
    let denial = store.deny_temporary(&undecided, late).await;
    assert_eq!(denial.expect("the store answers"), Decided::Unknown);
    let taken = take(store, &decided, "hfdp7dh39dks9884", late).await;
    assert!(matches!(taken, Taken::Unknown), "{taken:?}");
}

async fn of_many_decisions_at_once_one_stands<S: TemporaryStore>(store: &Arc<S>) {
    let now = start();
    let identifier = inserted(store, now).await;
    let (kept, run) = (Arc::clone(store), identifier.clone());
    let answers = at_once(move |at| {
        let (store, identifier) = (Arc::clone(&kept), run.clone());
        async move {
            if at % 2 == 0 {
                let approval = Approval::new(format!("{at}"), secret("hfdp7dh39dks9884"));
                (
                    at,
                    store.approve_temporary(&identifier, approval, now).await,
                )
            } else {
                (at, store.deny_temporary(&identifier, now).await)
            }
        }
    })
    .await;
    let mut done = (answers.into_iter())
        .filter(|(_, answer)| matches!(answer, Ok(Decided::Done)))
        .map(|(at, _)| at);
    let first = done.next().expect("one was first");
    assert_eq!(done.next(), None, "and no other");
    let kept = get(store, &identifier, now).await.expect("it is there");
    let expected = if first % 2 == 0 {
        let owner = format!("{first}");
        Decision::Approved { owner }
    } else {
        Decision::Denied
    };
    assert_eq!(kept.decision, expected);
}

async fn of_many_exchanges_at_once_one_takes<S: TemporaryStore>(store: &Arc<S>) {
    for round in 0..3 {
        let now = start();
        let identifier = approved(store, now).await;
        let kept = Arc::clone(store);
        let answers = at_once(move |_| {
            let (store, identifier) = (Arc::clone(&kept), identifier.clone());
            async move {
                let verifier = "hfdp7dh39dks9884";
                store
                    .take_temporary(&identifier, "printer", verifier, now)
                    .await
            }
        })
        .await;
        let taken = (answers.iter())
            .filter(|answer| matches!(answer, Ok(Taken::Taken(_))))
            .count();
        assert_eq!(taken, 1, "of {TASKS} exchanges at once, in round {round}");
    }
}

async fn many_guesses_at_once_have_no_more_attempts<S: TemporaryStore>(store: &Arc<S>) {
    let now = start();
    let identifier = approved(store, now).await;
    let (kept, run) = (Arc::clone(store), identifier.clone());
    let answers = at_once(move |at| {
        let (store, identifier) = (Arc::clone(&kept), run.clone());
        async move {
            let verifier = format!("guess {at}");
            store
                .take_temporary(&identifier, "printer", &verifier, now)
                .await
        }
    })
    .await;
    let compared = (answers.iter())
        .filter(|answer| matches!(answer, Ok(Taken::WrongVerifier { .. })))
        .count();
    assert_eq!(compared, Temporary::ATTEMPTS as usize);
    assert!(get(store, &identifier, now).await.is_none());
}
