//! What a store keeps of temporary credentials, and how each request changes it. The stores only
//! differ in how they make the change atomic.

use alloc::boxed::Box;

use oauth1_core::Timestamp;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{Approval, Decided, Decision, Taken, Temporary};

/// A hash of a verifier, bound to the credentials that it is for.
pub(crate) type VerifierHash = [u8; 32];

/// Temporary credentials as they are kept.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "_records", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Record {
    #[cfg_attr(feature = "_records", serde(with = "crate::records::StoredTemporary"))]
    pub(crate) temporary: Temporary,
    /// There once they are approved.
    pub(crate) verifier: Option<VerifierHash>,
}

/// What is to be done with the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// Nothing: it is as it was.
    Keep,
    /// It is to be written.
    Write,
    /// It is to be removed.
    Remove,
}

impl Record {
    pub(crate) fn new(mut temporary: Temporary) -> Self {
        temporary.decision = Decision::Pending;
        Self {
            temporary,
            verifier: None,
        }
    }

    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        now <= self.temporary.expires
    }

    pub(crate) fn approve(&mut self, approval: &Approval, now: Timestamp) -> (Decided, Then) {
        let decision = Decision::Approved {
            owner: approval.owner.clone(),
        };
        let (decided, then) = self.decide(decision, now);
        if then == Then::Write {
            let verifier = approval.verifier.expose();
            self.verifier = Some(hash(&self.temporary.identifier, verifier));
            if let Some(realms) = &approval.realms {
                self.temporary.realms.clone_from(realms);
            }
        }
        (decided, then)
    }

    pub(crate) fn deny(&mut self, now: Timestamp) -> (Decided, Then) {
        self.decide(Decision::Denied, now)
    }

    fn decide(&mut self, decision: Decision, now: Timestamp) -> (Decided, Then) {
        if !self.is_live(now) {
            return (Decided::Unknown, Then::Remove);
        }
        if self.temporary.decision != Decision::Pending {
            return (Decided::AlreadyDecided, Then::Keep);
        }
        self.temporary.decision = decision;
        (Decided::Done, Then::Write)
    }

    pub(crate) fn take(&mut self, client: &str, verifier: &str, now: Timestamp) -> (Taken, Then) {
        if !self.is_live(now) {
            return (Taken::Unknown, Then::Remove);
        }
        if self.temporary.client != client {
            return (Taken::Unknown, Then::Keep);
        }
        let expected = match (&self.temporary.decision, &self.verifier) {
            (Decision::Pending, _) => return (Taken::Pending, Then::Keep),
            (Decision::Approved { .. }, Some(expected)) => expected,
            // Nothing was approved that has no verifier.
            (Decision::Denied | Decision::Approved { .. }, _) => {
                return (Taken::Denied, Then::Keep);
            }
        };
        let given = hash(&self.temporary.identifier, verifier);
        if bool::from(given.ct_eq(expected)) {
            let temporary = Box::new(self.temporary.clone());
            return (Taken::Taken(temporary), Then::Remove);
        }
        let attempts_left = self.temporary.attempts.saturating_sub(1);
        self.temporary.attempts = attempts_left;
        let then = if attempts_left == 0 {
            Then::Remove
        } else {
            Then::Write
        };
        (Taken::WrongVerifier { attempts_left }, then)
    }
}

fn hash(identifier: &str, verifier: &str) -> VerifierHash {
    Sha256::new()
        .chain_update((identifier.len() as u64).to_be_bytes())
        .chain_update(identifier)
        .chain_update(verifier)
        .finalize()
        .into()
}
