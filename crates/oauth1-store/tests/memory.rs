//! What a remembered nonce costs.

#![cfg(feature = "memory")]

use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use oauth1_core::Timestamp;
use oauth1_store::{
    Insert, NonceStore as _, SpentNonce,
    memory::{MemoryNonces, NonceBounds},
};

/// The goal: bytes for each nonce.
const GOAL: u64 = 48;

fn answer<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("memory answers at once"),
    }
}

/// With a window of five minutes to either side and timestamps all over it.
#[test]
fn a_million_nonces_need_less_than_48_bytes_each_with_all_that_is_allocated() {
    const NONCES: u32 = 1_000_000;
    const NOW: u64 = 1_700_000_000;
    let measured = allocation_counter::measure(|| {
        let bounds = NonceBounds::new(2_000_000).with_one_client(2_000_000);
        let store = MemoryNonces::with_bounds(bounds).unwrap();
        let now = Timestamp::from_unix_seconds(NOW);
        for number in 0..NONCES {
            let timestamp = NOW - 300 + u64::from(number) * 600 / u64::from(NONCES);
            let nonce = SpentNonce::new(
                "dpf43f3p2l4k3l03",
                Some("nnch734d00sl2jdk"),
                Timestamp::from_unix_seconds(timestamp),
                &number.to_string(),
                Timestamp::from_unix_seconds(timestamp + 300),
            );
            assert_eq!(
                answer(store.check_and_insert(nonce, now)).unwrap(),
                Insert::Fresh
            );
        }
        assert_eq!(store.occupancy().remembered, NONCES as usize);
        // Still there when the measurement ends.
        Box::leak(Box::new(store));
    });
    let bytes = u64::try_from(measured.bytes_current).unwrap();
    let (each, most) = (
        bytes / u64::from(NONCES),
        measured.bytes_max / u64::from(NONCES),
    );
    println!("{each} bytes for each of {NONCES} nonces; {most} at most");
    assert!(each < GOAL && most < GOAL, "{each}, {most}");
}
