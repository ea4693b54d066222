use alloc::{format, sync::Arc};
use core::task::{Context, Poll, Waker};
use std::thread;

use super::*;

const NOW: u64 = 1_700_000_000;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(NOW + seconds)
}

fn nonce(client: &str, timestamp: u64, number: usize) -> SpentNonce {
    let text = format!("{number}");
    SpentNonce::new(client, None, at(timestamp), &text, at(timestamp + 300))
}

fn put(store: &MemoryNonces, nonce: SpentNonce, now: u64) -> Result<Insert, StoreError> {
    let mut context = Context::from_waker(Waker::noop());
    match core::pin::pin!(store.check_and_insert(nonce, at(now))).poll(&mut context) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("memory answers at once"),
    }
}

fn store(bounds: NonceBounds) -> MemoryNonces {
    MemoryNonces::with_key(bounds, [7; 32])
}

#[test]
fn a_full_store_refuses_and_counts_until_something_has_expired() {
    let bounds = NonceBounds::new(1000).with_one_client(1000);
    let store = store(bounds);
    for number in 0..1000 {
        assert!(matches!(
            put(&store, nonce("a", 0, number), 0),
            Ok(Insert::Fresh)
        ));
    }
    for number in 1000..1010 {
        let full = put(&store, nonce("b", 300, number), 0);
        assert!(
            matches!(full, Err(StoreError::Full(Bound::Store))),
            "{full:?}"
        );
    }
    // What is there is still known.
    assert!(matches!(
        put(&store, nonce("a", 0, 7), 300),
        Ok(Insert::Replayed)
    ));
    let full = store.occupancy();
    assert_eq!((full.remembered, full.bound), (1000, 1000));
    assert_eq!((full.fresh, full.replayed), (1000, 1));
    assert_eq!((full.refused_full, full.refused_client), (10, 0));

    // At first those that are put aside are not yet freed; each call frees some.
    for number in 0..900 {
        let answer = put(&store, nonce("b", 301, number), 301);
        assert!(matches!(answer, Ok(Insert::Fresh)), "{number}: {answer:?}");
    }
    assert_eq!(store.occupancy().remembered, 900);
}

#[test]
fn one_client_fills_its_share_and_no_more() {
    let store = store(NonceBounds::new(100_000));
    let mut accepted = 0;
    for number in 0..100_000 {
        match put(&store, nonce("flood", 0, number), 0) {
            Ok(Insert::Fresh) => accepted += 1,
            Err(StoreError::Full(Bound::Client)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(accepted, 25_000);
    assert_eq!(store.occupancy().refused_client, 75_000);
    for client in 0..1000 {
        let answer = put(&store, nonce(&format!("client {client}"), 0, 0), 0);
        assert!(matches!(answer, Ok(Insert::Fresh)), "{client}: {answer:?}");
    }
    // When they have expired, it has its share again.
    store.forget(at(400));
    assert_eq!(store.occupancy().remembered, 0);
    for number in 0..25_000 {
        let answer = put(&store, nonce("flood", 400, number), 400);
        assert!(matches!(answer, Ok(Insert::Fresh)), "{number}: {answer:?}");
    }
    let more = put(&store, nonce("flood", 400, 25_000), 400);
    assert!(
        matches!(more, Err(StoreError::Full(Bound::Client))),
        "{more:?}"
    );
}

#[test]
fn the_first_refusal_comes_close_to_the_bound() {
    let store = store(NonceBounds::new(256 * 1024).with_one_client(256 * 1024));
    let first = (0..=256 * 1024).find(|&number| put(&store, nonce("a", 0, number), 0).is_err());
    let first = first.unwrap();
    assert!((240 * 1024..=256 * 1024).contains(&first), "{first}");
}

#[test]
fn memory_is_given_back_and_does_not_grow_with_time() {
    let store = store(NonceBounds::default());
    let mut most = 0;
    for second in 0..3000_u64 {
        for number in 0..20 {
            let answer = put(&store, nonce("a", second, number), second);
            assert!(matches!(answer, Ok(Insert::Fresh)), "{second}: {answer:?}");
        }
        most = most.max(store.occupancy().remembered);
    }
    // 301 seconds, and the rest of a bucket.
    assert!(most <= 20 * (301 + 2 * 16), "{most}");
    store.forget(at(4000));
    let empty = store.occupancy();
    assert_eq!((empty.remembered, empty.table_bytes), (0, 0));
    assert!(store.shares_are_zero());
}

#[test]
fn a_clock_that_was_far_ahead_by_mistake_costs_no_more_than_what_was_forgotten() {
    let store = store(NonceBounds::default());
    assert!(matches!(
        put(&store, nonce("a", 0, 0), 0),
        Ok(Insert::Fresh)
    ));
    let years = 1_000_000_000;
    for number in 0..200 {
        let answer = put(&store, nonce("a", years, number), years);
        assert!(matches!(answer, Ok(Insert::Fresh)));
    }
    // Set right: nothing that could have been forgotten is fresh, and what could not, is.
    assert!(matches!(
        put(&store, nonce("a", 0, 0), 10),
        Ok(Insert::Replayed)
    ));
    assert!(matches!(
        put(&store, nonce("a", 302, 0), 302),
        Ok(Insert::Fresh)
    ));
    assert!(matches!(
        put(&store, nonce("a", years, 7), 302),
        Ok(Insert::Replayed)
    ));
}

#[test]
fn threads_that_replay_the_same_are_answered_fresh_once_in_all() {
    let store = Arc::new(store(NonceBounds::default()));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let store = Arc::clone(&store);
            thread::spawn(move || {
                (0..20_000)
                    .filter(|&number| {
                        matches!(put(&store, nonce("a", 0, number), 0), Ok(Insert::Fresh))
                    })
                    .count()
            })
        })
        .collect();
    let fresh: usize = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .sum();
    assert_eq!(fresh, 20_000);
}

#[test]
fn another_key_is_another_table_and_no_key_is_shown() {
    let bounds = NonceBounds::default();
    let one = MemoryNonces::with_key(bounds, [1; 32]);
    let other = MemoryNonces::with_key(bounds, [2; 32]);
    let nonce = nonce("a", 0, 0);
    assert_ne!(one.fingerprint(&nonce), other.fingerprint(&nonce));
    let random = [MemoryNonces::new().unwrap(), MemoryNonces::new().unwrap()];
    assert_ne!(random[0].key, random[1].key);
    assert!(!format!("{one:?}").contains("1, 1"));
}

#[test]
fn a_store_of_nothing_is_full() {
    let full = put(&store(NonceBounds::new(0)), nonce("a", 0, 0), 0);
    assert!(
        matches!(full, Err(StoreError::Full(Bound::Store))),
        "{full:?}"
    );
}

impl MemoryNonces {
    fn shares_are_zero(&self) -> bool {
        self.shares.are_zero()
    }
}

#[test]
fn a_clock_that_was_ahead_for_a_moment_does_not_keep_what_comes_after() {
    const HOURS: u64 = 6 * 3600;
    let store = store(NonceBounds::new(1000).with_one_client(1000));
    let fresh = |number: usize, now: u64| {
        let answer = put(&store, nonce("a", now, number), now);
        assert!(matches!(answer, Ok(Insert::Fresh)), "{number}: {answer:?}");
    };
    fresh(0, 0);
    fresh(1, HOURS);
    // Right again: ten windows, each of which fills more than half of the store.
    for number in 2..6_002 {
        fresh(number, number as u64);
    }
    for (number, now) in [(0, 0), (1, HOURS), (2, 2), (6_001, 6_001)] {
        let answer = put(&store, nonce("a", now, number), 6_002);
        assert!(matches!(answer, Ok(Insert::Replayed)), "{number}");
    }
}
