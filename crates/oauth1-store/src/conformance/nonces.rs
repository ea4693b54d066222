//! Cases for nonces.

use alloc::{borrow::ToOwned as _, format, string::String, sync::Arc, vec::Vec};

use oauth1_core::Timestamp;

use super::{TASKS, after, at_once, start, suite, unique};
use crate::{Insert, NonceStore, SpentNonce};

/// The window of these cases, in seconds.
const WINDOW: u64 = 300;

suite! {
    /// Whether a [`NonceStore`] accepts each nonce once and no more.
    nonces<S: NonceStore>, NONCE_CASES:
    the_second_is_a_replay,
    the_whole_key_counts,
    no_two_keys_read_alike,
    values_may_be_long_and_hold_anything,
    it_is_remembered_to_the_last_second,
    a_timestamp_ahead_is_remembered_as_long_as_it_is_accepted,
    what_has_expired_is_not_fresh,
    a_clock_that_steps_back_makes_nothing_fresh,
    of_many_at_once_one_is_fresh,
    of_many_that_differ_all_are_fresh,
    calls_that_are_dropped_do_no_harm,
}

fn nonce(client: &str, timestamp: Timestamp, text: &str) -> SpentNonce {
    let until = after(timestamp, WINDOW);
    SpentNonce::new(client, Some("token"), timestamp, text, until)
}

async fn put<S: NonceStore>(store: &Arc<S>, nonce: &SpentNonce, now: Timestamp) -> Insert {
    let answer = store.check_and_insert(nonce.clone(), now).await;
    answer.expect("the store answers")
}

async fn the_second_is_a_replay<S: NonceStore>(store: &Arc<S>) {
    let now = start();
    let nonce = nonce(&unique("client"), now, "chapoH");
    assert_eq!(put(store, &nonce, now).await, Insert::Fresh);
    for seconds in [0, 0, 1, 2] {
        let later = after(now, seconds);
        assert_eq!(put(store, &nonce, later).await, Insert::Replayed);
    }
}

async fn the_whole_key_counts<S: NonceStore>(store: &Arc<S>) {
    let (now, client, other) = (start(), unique("client"), unique("other"));
    let (later, until) = (after(now, 1), after(now, WINDOW));
    let keys = [
        (&client, None, now, "nonce"),
        (&other, None, now, "nonce"),
        (&client, Some("token"), now, "nonce"),
        (&client, Some("Token"), now, "nonce"),
        (&client, None, later, "nonce"),
        (&client, None, now, "Nonce"),
        (&client, None, now, "nonce "),
    ];
    for expected in [Insert::Fresh, Insert::Replayed] {
        for (client, token, timestamp, text) in keys {
            let nonce = SpentNonce::new(client, token, timestamp, text, until);
            assert_eq!(put(store, &nonce, now).await, expected, "{nonce:?}");
        }
    }
}

async fn no_two_keys_read_alike<S: NonceStore>(store: &Arc<S>) {
    let (now, client) = (start(), unique("client"));
    let until = after(now, WINDOW);
    let longer = format!("{client}a");
    let keys = [
        (&client, Some("ab"), "c"),
        (&client, Some("a"), "bc"),
        (&client, Some("abc"), ""),
        (&client, None, "abc"),
        (&longer, Some("b"), "c"),
        (&client, Some("a\0b"), "c"),
        (&client, Some("a"), "\0bc"),
    ];
    for (client, token, text) in keys {
        let nonce = SpentNonce::new(client, token, now, text, until);
        assert_eq!(put(store, &nonce, now).await, Insert::Fresh, "{nonce:?}");
    }
}

async fn values_may_be_long_and_hold_anything<S: NonceStore>(store: &Arc<S>) {
    let (now, client) = (start(), unique("client"));
    let until = after(now, WINDOW);
    let long = client.clone() + &"x".repeat(1024);
    let text = "\0\r\n{}'\";--é\u{10ffff}".to_owned() + &"n".repeat(255);
    let other = text.clone() + "n";
    for (text, expected) in [
        (&text, Insert::Fresh),
        (&other, Insert::Fresh),
        (&text, Insert::Replayed),
        (&other, Insert::Replayed),
    ] {
        let nonce = SpentNonce::new(&long, Some(&long), now, text, until);
        assert_eq!(put(store, &nonce, now).await, expected);
    }
}

async fn it_is_remembered_to_the_last_second<S: NonceStore>(store: &Arc<S>) {
    let (now, client) = (start(), unique("client"));
    let behind = Timestamp::from_unix_seconds(now.unix_seconds() - WINDOW);
    for timestamp in [behind, now] {
        let nonce = nonce(&client, timestamp, "last second");
        assert_eq!(put(store, &nonce, now).await, Insert::Fresh);
        let last = nonce.remember_until();
        assert_eq!(put(store, &nonce, last).await, Insert::Replayed);
    }
}

async fn a_timestamp_ahead_is_remembered_as_long_as_it_is_accepted<S: NonceStore>(store: &Arc<S>) {
    let (now, client) = (start(), unique("client"));
    let ahead = nonce(&client, after(now, WINDOW), "ahead");
    assert_eq!(put(store, &ahead, now).await, Insert::Fresh);
    for seconds in [1, WINDOW, WINDOW + 1, 2 * WINDOW] {
        crowd(store, after(now, seconds)).await;
        let later = after(now, seconds);
        assert_eq!(put(store, &ahead, later).await, Insert::Replayed);
    }
}

async fn what_has_expired_is_not_fresh<S: NonceStore>(store: &Arc<S>) {
    let (now, client) = (start(), unique("client"));
    let nonce = nonce(&client, now, "late");
    let late = after(nonce.remember_until(), 1);
    assert_eq!(put(store, &nonce, late).await, Insert::Replayed);
}

async fn a_clock_that_steps_back_makes_nothing_fresh<S: NonceStore>(store: &Arc<S>) {
    let (now, client) = (start(), unique("client"));
    let nonces: Vec<_> = (0..50)
        .map(|at| nonce(&client, after(now, at), "stepped over"))
        .collect();
    for nonce in &nonces {
        assert_eq!(put(store, nonce, now).await, Insert::Fresh);
    }
    // The clock goes on until all may be forgotten, and the store has had reason to.
    let ahead = after(now, 3 * WINDOW);
    crowd(store, ahead).await;
    for back in [2 * WINDOW, WINDOW, 1] {
        let stepped = Timestamp::from_unix_seconds(ahead.unix_seconds() - back);
        for nonce in &nonces {
            assert_eq!(put(store, nonce, stepped).await, Insert::Replayed, "{back}");
        }
    }
    for nonce in &nonces {
        assert_eq!(put(store, nonce, now).await, Insert::Replayed);
    }
}

/// As many nonces of that time as give a store reason to put its house in order.
async fn crowd<S: NonceStore>(store: &Arc<S>, now: Timestamp) {
    let client = unique("crowd");
    let (kept, run) = (Arc::clone(store), client.clone());
    let answers = at_once(move |at| {
        let store = Arc::clone(&kept);
        let nonce = nonce(&run, now, &format!("{at}"));
        async move { store.check_and_insert(nonce, now).await }
    })
    .await;
    for answer in answers {
        assert_eq!(answer.expect("the store answers"), Insert::Fresh);
    }
}

async fn of_many_at_once_one_is_fresh<S: NonceStore>(store: &Arc<S>) {
    for round in 0..5 {
        let now = start();
        let nonce = nonce(&unique("client"), now, "at once");
        let kept = Arc::clone(store);
        let answers = at_once(move |_| {
            let (store, nonce) = (Arc::clone(&kept), nonce.clone());
            async move { store.check_and_insert(nonce, now).await }
        })
        .await;
        let fresh = (answers.into_iter())
            .filter(|answer| matches!(answer, Ok(Insert::Fresh)))
            .count();
        assert_eq!(fresh, 1, "of {TASKS} replays at once, in round {round}");
    }
}

async fn of_many_that_differ_all_are_fresh<S: NonceStore>(store: &Arc<S>) {
    let now = start();
    crowd(store, now).await;
    crowd(store, now).await;
}

async fn calls_that_are_dropped_do_no_harm<S: NonceStore>(store: &Arc<S>) {
    let (now, client) = (start(), unique("client"));
    for at in 0..TASKS {
        let call = store.check_and_insert(nonce(&client, now, &format!("{at}")), now);
        if at % 2 == 0 {
            drop(call);
        } else {
            // Asked once, and dropped before it answers if it does not answer at once.
            let now_or_never = tokio::time::timeout(core::time::Duration::ZERO, call);
            let _: Result<_, tokio::time::error::Elapsed> = now_or_never.await;
        }
    }
    let texts: Vec<String> = (0..TASKS).map(|at| format!("{at}")).collect();
    // Whatever became of them: each is fresh at most once more, and then is a replay.
    for text in &texts {
        let _ = put(store, &nonce(&client, now, text), now).await;
    }
    for text in &texts {
        let again = put(store, &nonce(&client, now, text), now).await;
        assert_eq!(again, Insert::Replayed, "{text}");
    }
}
