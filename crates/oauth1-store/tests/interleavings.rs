//! The memory stores under every order in which threads can take turns at their locks and counters (loom).
//!
//! The stores must be built for it: `RUSTFLAGS="--cfg interleaved"`, as `cargo xtask test interleavings` does.

#![cfg(all(interleaved, feature = "memory"))]

extern crate alloc;

use alloc::{collections::BTreeSet, string::String, sync::Arc};
use core::{
    future::Future,
    pin::pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll, Waker},
};
use std::panic::{AssertUnwindSafe, catch_unwind};

use loom::{sync::Mutex, thread};
use oauth1_core::{BaseString, Secret, Timestamp, Value, Verdict};
use oauth1_store::{
    Approval, Bound, Callback, Client, ClientKey, ClientStore as _, Creation, CredentialStore as _,
    Decided, Found, Insert, NonceStore, SpentNonce, StoreError, Taken, Temporary,
    TemporaryStore as _, Token, TokenStore as _,
    memory::{MemoryBounds, MemoryNonces, MemoryStore, NonceBounds},
};

const NOW: u64 = 1_700_000_000;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(NOW + seconds)
}

fn secret(text: &'static str) -> Secret<'static> {
    Secret::from(String::from(text))
}

fn nonce(number: usize, seconds: u64) -> SpentNonce {
    let text = number.to_string();
    SpentNonce::new("printer", None, at(seconds), &text, at(seconds + 300))
}

/// Memory answers at once: what it waits for are locks, and those are loom's.
fn answer<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("memory answers at once"),
    }
}

fn put<S: NonceStore>(store: &S, nonce: SpentNonce, seconds: u64) -> Result<Insert, StoreError> {
    answer(store.check_and_insert(nonce, at(seconds)))
}

fn nonces(most: usize) -> MemoryNonces {
    MemoryNonces::with_key(NonceBounds::new(most).with_one_client(most), [7; 32])
}

/// Runs it once for each order, and says how many there are: one alone would prove nothing.
fn in_every_order(scenario: impl Fn() + Send + Sync + 'static) {
    let orders = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&orders);
    loom::model(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        scenario();
    });
    let orders = orders.load(Ordering::Relaxed);
    println!("{orders} orders");
    assert!(orders > 1, "{orders}");
}

/// Two threads replay one request; how many of them were answered that it is fresh.
fn fresh_of_two<S: NonceStore + Send + Sync + 'static>(store: S) -> usize {
    let store = Arc::new(store);
    let other = {
        let store = Arc::clone(&store);
        thread::spawn(move || put(&*store, nonce(1, 0), 0))
    };
    let mine = put(&*store, nonce(1, 0), 0);
    [mine, other.join().unwrap()]
        .into_iter()
        .filter(|answer| matches!(answer, Ok(Insert::Fresh)))
        .count()
}

#[test]
fn of_one_request_twice_one_is_fresh() {
    in_every_order(|| assert_eq!(fresh_of_two(nonces(100)), 1));
}

/// A store with the mistake that matters most: it looks, and lets go before it inserts.
struct LooksFirst(Mutex<BTreeSet<Vec<u8>>>);

impl NonceStore for LooksFirst {
    async fn check_and_insert(
        &self,
        nonce: SpentNonce,
        _: Timestamp,
    ) -> Result<Insert, StoreError> {
        if self.0.lock().unwrap().contains(nonce.key()) {
            return Ok(Insert::Replayed);
        }
        self.0.lock().unwrap().insert(nonce.key().to_vec());
        Ok(Insert::Fresh)
    }
}

#[test]
fn a_store_that_looks_first_and_inserts_then_is_found_out() {
    let found = catch_unwind(AssertUnwindSafe(|| {
        in_every_order(|| assert_eq!(fresh_of_two(LooksFirst(Mutex::default())), 1));
    }));
    let panic = found.expect_err("there is an order in which both are fresh");
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("left: 2\n right: 1"), "{message}");
}

/// 7 of 8 slots are used: whichever of them comes first has the table grow.
#[test]
fn of_one_request_twice_one_is_fresh_while_the_table_grows() {
    in_every_order(|| {
        let store = nonces(100);
        for number in 10..17 {
            assert_eq!(put(&store, nonce(number, 0), 0).unwrap(), Insert::Fresh);
        }
        assert_eq!(fresh_of_two(store), 1);
    });
}

/// A third thread has a later time: what it lets be forgotten is fresh to nobody, whose clock may be behind.
#[test]
fn of_one_request_twice_one_at_most_is_fresh_while_it_is_forgotten() {
    in_every_order(|| {
        let store = Arc::new(nonces(100));
        let threads = [0, 1].map(|late| {
            let store = Arc::clone(&store);
            thread::spawn(move || match late {
                0 => put(&*store, nonce(1, 0), 0),
                _ => put(&*store, nonce(2, 400), 400),
            })
        });
        let mine = put(&*store, nonce(1, 0), 0).unwrap();
        let [other, late] = threads.map(|thread| thread.join().unwrap().unwrap());
        assert_eq!(late, Insert::Fresh);
        assert_eq!(
            [mine, other]
                .iter()
                .filter(|&&it| it == Insert::Fresh)
                .count(),
            1
        );
        store.forget(at(1000));
        assert_eq!(store.occupancy().remembered, 0);
    });
}

#[test]
fn the_last_place_is_given_away_once_and_given_back() {
    in_every_order(|| {
        let store = Arc::new(nonces(1));
        let other = {
            let store = Arc::clone(&store);
            thread::spawn(move || put(&*store, nonce(1, 0), 0))
        };
        let answers = [put(&*store, nonce(2, 0), 0), other.join().unwrap()];
        let (fresh, full): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert!(matches!(fresh[..], [Ok(Insert::Fresh)]));
        assert!(matches!(full[..], [Err(StoreError::Full(Bound::Store))]));
        store.forget(at(1000));
        assert_eq!(put(&*store, nonce(3, 1000), 1000).unwrap(), Insert::Fresh);
    });
}

fn store() -> MemoryStore {
    let mut bounds = MemoryBounds::default();
    bounds.nonces = NonceBounds::new(1);
    MemoryStore::with_bounds(bounds).unwrap()
}

/// A store with temporary credentials that the resource owner has approved.
fn approved() -> Arc<MemoryStore> {
    let (store, now) = (store(), at(0));
    let mut temporary = Temporary::new(
        "temporary",
        secret("s"),
        "printer",
        Callback::OutOfBand,
        now,
        at(600),
    );
    temporary.attempts = 2;
    let created = answer(store.insert_temporary(temporary, now)).unwrap();
    assert_eq!(created, Creation::Created);
    let approval = Approval::new("jane", secret("right"));
    let decided = answer(store.approve_temporary("temporary", approval, now)).unwrap();
    assert_eq!(decided, Decided::Done);
    Arc::new(store)
}

fn take(store: &MemoryStore, verifier: &str) -> Taken {
    answer(store.take_temporary("temporary", "printer", verifier, at(1))).unwrap()
}

#[test]
fn of_two_exchanges_one_takes() {
    in_every_order(|| {
        let store = approved();
        let other = {
            let store = Arc::clone(&store);
            thread::spawn(move || take(&store, "right"))
        };
        let answers = [take(&store, "right"), other.join().unwrap()];
        let taken = answers.iter().filter(|it| matches!(it, Taken::Taken(_)));
        assert_eq!(taken.count(), 1);
        assert!(answers.iter().any(|it| matches!(it, Taken::Unknown)));
    });
}

#[test]
fn guesses_at_once_have_no_more_attempts_than_one_after_the_other() {
    in_every_order(|| {
        let store = approved();
        let threads = ["wrong", "other"].map(|guess| {
            let store = Arc::clone(&store);
            thread::spawn(move || take(&store, guess))
        });
        let right = take(&store, "right");
        let mut left: Vec<_> = threads
            .into_iter()
            .filter_map(|thread| match thread.join().unwrap() {
                Taken::WrongVerifier { attempts_left } => Some(attempts_left),
                _ => None,
            })
            .collect();
        left.sort_unstable();
        // Where both were wrong before it came, there is nothing left to take.
        match right {
            Taken::Taken(_) => assert!(matches!(left[..], [] | [1])),
            Taken::Unknown => assert_eq!(left, [0, 1]),
            other => panic!("{other:?}"),
        }
    });
}

/// What the key of a found token says to a PLAINTEXT signature.
fn accepts(store: &MemoryStore, signature: &str) -> bool {
    let found = answer(store.find("printer", Some("token"), at(1))).unwrap();
    let Found::Known(credentials) = found else {
        panic!("{found:?}")
    };
    let base_string = BaseString::from_text(b"text");
    let signature = Value::plain(signature.as_bytes());
    credentials.key.verify("PLAINTEXT", &base_string, signature) == Verdict::Valid
}

#[test]
fn once_a_key_is_replaced_the_old_one_is_no_more_accepted() {
    in_every_order(|| {
        let (store, now) = (store(), at(0));
        let client = Client::new("printer", ClientKey::Shared(secret("old")), now);
        answer(store.create_client(client)).unwrap();
        let token = Token::new("token", secret("t"), "printer", "jane", now);
        answer(store.insert_token(token, now)).unwrap();
        let store = Arc::new(store);
        let request = {
            let store = Arc::clone(&store);
            // It may come before or after, and has the key made that is kept.
            thread::spawn(move || accepts(&store, "old&t"))
        };
        let key = ClientKey::Shared(secret("new"));
        answer(store.replace_client_key("printer", key)).unwrap();
        assert!(!accepts(&store, "old&t"));
        assert!(accepts(&store, "new&t"));
        let _ = request.join().unwrap();
        assert!(!accepts(&store, "old&t"));
        assert!(accepts(&store, "new&t"));
    });
}
