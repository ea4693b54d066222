//! When a timestamp is accepted, and for how long a store must remember it.

extern crate alloc;

use alloc::string::ToString;

use super::wire::{Call, Outcome, Server};
use crate::{
    SharedSecrets, SlotArray, StandIn, Timestamp,
    verify::{Lookup, Policy, Reason},
};

fn seconds(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn verify(timestamp: u64, now: u64, window: u64) -> Outcome {
    let call = Call::get().with("oauth_timestamp", &timestamp.to_string());
    Server::with_policy(Policy::new().with_window(window))
        .at(now)
        .verify(&call.sign())
}

fn stale(oldest: u64, newest: u64) -> Outcome {
    Err(Reason::TimestampRefused(seconds(oldest), seconds(newest)).into())
}

#[test]
fn the_window_is_closed_at_both_ends() {
    let cases = [
        (1_000_000, 300, 999_700, true),
        (1_000_000, 300, 999_699, false),
        (1_000_000, 300, 1_000_300, true),
        (1_000_000, 300, 1_000_301, false),
        (1_000_000, 0, 1_000_000, true),
        (1_000_000, 0, 999_999, false),
        (1_000_000, 0, 1_000_001, false),
        (1, 300, 301, true),
        (1, 300, 302, false),
        (0, 300, 1, true),
        (0, 0, 1, false),
        (u64::MAX, 300, u64::MAX, true),
        (u64::MAX, 300, u64::MAX - 300, true),
        (u64::MAX, 300, u64::MAX - 301, false),
        (u64::MAX - 100, 300, u64::MAX, true),
        (0, u64::MAX, u64::MAX, true),
        (u64::MAX, u64::MAX, 1, true),
        (u64::MAX, u64::MAX - 2, 1, false),
    ];
    for (now, window, timestamp, accepted) in cases {
        let outcome = verify(timestamp, now, window);
        assert_eq!(outcome.is_ok(), accepted, "{now} +- {window}: {timestamp}");
    }
}

#[test]
fn the_window_that_is_told_ends_where_numbers_do() {
    assert_eq!(verify(1_000, 100, 300), stale(0, 400));
    assert_eq!(
        verify(1, u64::MAX - 100, 300),
        stale(u64::MAX - 400, u64::MAX)
    );
    assert_eq!(verify(1_000, 2_000, 300), stale(1_700, 2_300));
}

#[test]
fn the_window_is_five_minutes_unless_another_is_asked_for() {
    assert_eq!(Policy::new().window(), 300);
    assert_eq!(Policy::default().window(), 300);
    assert_eq!(Policy::new().with_window(60).window(), 60);
}

#[test]
fn zero_is_no_timestamp_whatever_the_window() {
    let outcome = verify(0, 0, u64::MAX);
    assert_eq!(
        outcome,
        Err(Reason::MalformedParameter("oauth_timestamp").into())
    );
}

fn remember_until(timestamp: u64, now: u64, window: u64) -> u64 {
    let sent = Call::get()
        .with("oauth_timestamp", &timestamp.to_string())
        .sign();
    let policy = Policy::new().with_window(window);
    let (request, mut slots) = (sent.request(), SlotArray::<16>::new());
    let received = policy
        .receive(&request, sent.headers(), seconds(now), &mut slots)
        .unwrap();
    let secrets = SharedSecrets::new("client secret", "token secret");
    let authentic = received
        .authenticate(Lookup::Found(&secrets), &StandIn::new())
        .unwrap();
    authentic
        .replay_key()
        .unwrap()
        .remember_until()
        .unix_seconds()
}

#[test]
fn a_store_remembers_until_the_timestamp_itself_is_refused() {
    let now = 1_000_000;
    for timestamp in [999_700, 1_000_000, 1_000_300] {
        let until = remember_until(timestamp, now, 300);
        assert_eq!(until, timestamp + 300);
        assert!(verify(timestamp, until, 300).is_ok());
        assert!(verify(timestamp, until + 1, 300).is_err());
    }
}

#[test]
fn a_store_remembers_no_longer_than_time_lasts() {
    assert_eq!(remember_until(u64::MAX - 1, u64::MAX - 2, 300), u64::MAX);
    assert_eq!(remember_until(1_000, 1_000, u64::MAX), u64::MAX);
}
