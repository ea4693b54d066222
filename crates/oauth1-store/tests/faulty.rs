//! The suite finds the mistakes that it is there to find: stores that are wrong on purpose.

#![cfg(feature = "conformance")]

extern crate alloc;

use alloc::{collections::BTreeMap, sync::Arc};
use core::{panic::AssertUnwindSafe, time::Duration};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use oauth1_core::Timestamp;
use oauth1_store::{Insert, NonceStore, SpentNonce, StoreError, conformance};

/// What a store does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// Looks, and inserts later.
    LooksThenInserts,
    /// Forgets at the first second that must still be remembered.
    ForgetsASecondEarly,
    /// Remembers for as long after the request as the window is, wherever its timestamp is.
    ForgetsWhatIsAhead,
    /// Forgets what has expired, and takes it as new when the clock has stepped back.
    TrustsTheClock,
    /// Takes what has expired as new.
    AcceptsTheExpired,
    /// Compares the nonce alone.
    ComparesTheNonce,
    /// Compares what it can print.
    ComparesText,
    /// Compares the first bytes.
    ComparesAPrefix,
    /// Refuses everything.
    RefusesAll,
    /// Accepts everything.
    AcceptsAll,
}

struct Store {
    fault: Fault,
    known: Mutex<HashMap<Vec<u8>, u64>>,
    forgotten: Mutex<u64>,
}

impl Store {
    fn key(&self, nonce: &SpentNonce) -> Vec<u8> {
        let key = nonce.key();
        match self.fault {
            Fault::ComparesTheNonce => key[key.len() - 4..].to_vec(),
            Fault::ComparesText => (key.iter().copied())
                .filter(|byte| !byte.is_ascii_control() && byte.is_ascii())
                .collect(),
            Fault::ComparesAPrefix => key[..key.len().min(1024)].to_vec(),
            _ => key.to_vec(),
        }
    }
}

impl NonceStore for Store {
    async fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> Result<Insert, StoreError> {
        if self.fault == Fault::LooksThenInserts {
            let insert = self.look(&nonce, now.unix_seconds(), false);
            // Long enough that others look meanwhile, however busy the machine is.
            tokio::time::sleep(Duration::from_millis(2)).await;
            if insert == Insert::Replayed {
                return Ok(insert);
            }
            let _ = self.look(&nonce, now.unix_seconds(), true);
            return Ok(Insert::Fresh);
        }
        Ok(self.look(&nonce, now.unix_seconds(), true))
    }
}

impl Store {
    fn look(&self, nonce: &SpentNonce, now: u64, insert: bool) -> Insert {
        let key = self.key(nonce);
        let mut until = nonce.remember_until().unix_seconds();
        match self.fault {
            Fault::RefusesAll => return Insert::Replayed,
            Fault::AcceptsAll => return Insert::Fresh,
            Fault::ForgetsASecondEarly => until -= 1,
            Fault::ForgetsWhatIsAhead => until = until.min(now + 300),
            _ => {}
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut forgotten = self
            .forgotten
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, until| {
            if *until < now {
                *forgotten = (*forgotten).max(*until);
            }
            *until >= now
        });
        let last = nonce.remember_until().unix_seconds();
        let expired = last < now && self.fault != Fault::AcceptsTheExpired;
        let may_be_forgotten = last <= *forgotten && self.fault != Fault::TrustsTheClock;
        if expired || may_be_forgotten || known.contains_key(&key) {
            return Insert::Replayed;
        }
        if insert {
            known.insert(key, until);
        }
        Insert::Fresh
    }
}

/// The case at which the suite stops, or none.
fn verdict(fault: Fault) -> Result<usize, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime can be made");
    let store = Arc::new(Store {
        fault,
        known: Mutex::default(),
        forgotten: Mutex::default(),
    });
    let suite = || runtime.block_on(conformance::nonces(&store));
    std::panic::catch_unwind(AssertUnwindSafe(suite)).map_err(|panic| {
        match panic.downcast::<String>() {
            Ok(text) => *text,
            Err(_) => "another panic".to_owned(),
        }
    })
}

#[test]
fn each_mistake_is_found_and_its_absence_too() {
    assert_eq!(verdict(Fault::None), Ok(conformance::NONCE_CASES));
    let faults = [
        Fault::LooksThenInserts,
        Fault::ForgetsASecondEarly,
        Fault::ForgetsWhatIsAhead,
        Fault::TrustsTheClock,
        Fault::AcceptsTheExpired,
        Fault::ComparesTheNonce,
        Fault::ComparesText,
        Fault::ComparesAPrefix,
        Fault::RefusesAll,
        Fault::AcceptsAll,
    ];
    let passed: BTreeMap<String, usize> = (faults.iter())
        .filter_map(|&fault| Some((format!("{fault:?}"), verdict(fault).ok()?)))
        .collect();
    assert!(passed.is_empty(), "not found: {passed:?}");
}
