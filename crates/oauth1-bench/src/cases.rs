//! What is measured: every case prepares its state once and is then run as often as one likes.

use core::hint::black_box;

mod bare;
#[cfg(feature = "peers")]
mod peer;
pub(crate) mod sign;
mod verify;

#[cfg(test)]
mod tests;

use oauth1_core::{Nonce, Stamp, Timestamp};
use rand_chacha::{
    ChaCha12Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

use self::{bare::Bare, sign::Signing, verify::Verifying};
use crate::workloads::Workload;

/// Runs one operation so many times.
pub(crate) type Operation = Box<dyn FnMut(u64)>;

/// One line of the report.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    /// What it is called on the command line and in a baseline.
    pub(crate) id: &'static str,
    pub(crate) about: &'static str,
    /// Cases of one group are timed beside one another, in turn.
    pub(crate) group: Group,
    pub(crate) kind: Kind,
    pub(crate) goals: Goals,
    /// Prepares the state.
    pub(crate) start: fn() -> Operation,
}

/// The cases that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    W1,
    W2,
    W3,
    W3b,
    W3c,
    W4,
    /// What has nothing beside it.
    Alone,
}

/// What a case is to the others of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The limit: the HMAC of the same base string.
    Bare,
    Ours,
    /// oauth1-request.
    Peer,
}

/// The goals that a case has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Goals {
    pub(crate) instructions: Option<u64>,
    /// It costs no more instructions than the case with this name.
    pub(crate) no_more_than: Option<&'static str>,
    /// At most so many times the time of the bare HMAC.
    pub(crate) times_bare: Option<f64>,
    /// At least so many times as fast as the peer.
    pub(crate) faster_than_peer: Option<f64>,
    /// At most so many nanoseconds.
    pub(crate) nanoseconds: Option<f64>,
    pub(crate) no_allocations: bool,
}

impl Goals {
    const NONE: Self = Self {
        instructions: None,
        no_more_than: None,
        times_bare: None,
        faster_than_peer: None,
        nanoseconds: None,
        no_allocations: false,
    };
    const NO_ALLOCATIONS: Self = Self {
        no_allocations: true,
        ..Self::NONE
    };

    const fn instructions(count: u64) -> Self {
        Self {
            instructions: Some(count),
            ..Self::NO_ALLOCATIONS
        }
    }
}

impl Case {
    /// All cases, in the order of the report.
    pub(crate) fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        cases.extend_from_slice(SMALL);
        cases.extend_from_slice(LARGE);
        cases.extend_from_slice(VERIFY);
        #[cfg(feature = "peers")]
        for peer in peer::CASES {
            let at = cases.iter().rposition(|case| case.group == peer.group);
            cases.insert(at.map_or(cases.len(), |at| at + 1), *peer);
        }
        cases
    }

    /// The case with this name.
    pub(crate) fn find(id: &str) -> Option<Self> {
        Self::all().into_iter().find(|case| case.id == id)
    }

    /// The two numbers of operations whose difference is measured. The first fills the buffers.
    pub(crate) fn counts(&self) -> (u64, u64) {
        match self.group {
            Group::W3 => (2, 12),
            Group::W3b => (1, 3),
            Group::W3c => (1, 2),
            Group::W1 | Group::W2 | Group::W4 | Group::Alone => (20, 320),
        }
    }

    /// Whether it is long and only there to be complete.
    pub(crate) fn is_left_out_in_haste(&self) -> bool {
        matches!(self.group, Group::W3b | Group::W3c) && self.kind != Kind::Ours
    }
}

const SMALL: &[Case] = &[
    Case {
        id: "w1-bare",
        about: "W1 bare HMAC-SHA1",
        group: Group::W1,
        kind: Kind::Bare,
        goals: Goals::NONE,
        start: || bare(Workload::W1),
    },
    Case {
        id: "w1-url",
        about: "W1 sign, from the URL",
        group: Group::W1,
        kind: Kind::Ours,
        goals: Goals {
            times_bare: Some(1.7),
            faster_than_peer: Some(4.0),
            ..Goals::instructions(3_500)
        },
        start: || sign(Workload::W1, Signing::sign_url),
    },
    Case {
        id: "w1-view",
        about: "W1 sign, from a view",
        group: Group::W1,
        kind: Kind::Ours,
        goals: Goals::instructions(3_500),
        start: || sign(Workload::W1, Signing::sign_view),
    },
    Case {
        id: "w1-prepared",
        about: "W1 sign, prepared",
        group: Group::W1,
        kind: Kind::Ours,
        goals: Goals {
            times_bare: Some(1.1),
            ..Goals::instructions(2_000)
        },
        start: || prepared(Workload::W1),
    },
    Case {
        id: "w2-bare",
        about: "W2 bare HMAC-SHA1",
        group: Group::W2,
        kind: Kind::Bare,
        goals: Goals::NONE,
        start: || bare(Workload::W2),
    },
    Case {
        id: "w2-form",
        about: "W2 sign, from URL and raw form",
        group: Group::W2,
        kind: Kind::Ours,
        goals: Goals {
            faster_than_peer: Some(2.2),
            ..Goals::instructions(16_000)
        },
        start: || sign(Workload::W2, Signing::sign_url),
    },
    Case {
        id: "w2-form-view",
        about: "W2 sign, from a view, raw form",
        group: Group::W2,
        kind: Kind::Ours,
        goals: Goals::instructions(16_000),
        start: || sign(Workload::W2, Signing::sign_view),
    },
    Case {
        id: "w2-pairs",
        about: "W2 sign, from URL and pairs",
        group: Group::W2,
        kind: Kind::Ours,
        goals: Goals::instructions(11_000),
        start: || sign(Workload::W2, Signing::sign_pairs),
    },
    Case {
        id: "w2-prepared",
        about: "W2 sign, prepared",
        group: Group::W2,
        kind: Kind::Ours,
        goals: Goals {
            times_bare: Some(1.1),
            ..Goals::instructions(4_500)
        },
        start: || prepared(Workload::W2),
    },
];

const LARGE: &[Case] = &[
    Case {
        id: "w3-bare",
        about: "W3 bare HMAC-SHA1",
        group: Group::W3,
        kind: Kind::Bare,
        goals: Goals::NONE,
        start: || bare(Workload::W3),
    },
    Case {
        id: "w3-url",
        about: "W3 sign, from the URL",
        group: Group::W3,
        kind: Kind::Ours,
        goals: Goals {
            faster_than_peer: Some(3.0),
            ..Goals::instructions(430_000)
        },
        start: || sign(Workload::W3, Signing::sign_url),
    },
    Case {
        id: "w3-view",
        about: "W3 sign, from a view",
        group: Group::W3,
        kind: Kind::Ours,
        goals: Goals::instructions(430_000),
        start: || sign(Workload::W3, Signing::sign_view),
    },
    Case {
        id: "w3b-bare",
        about: "W3b bare HMAC-SHA1",
        group: Group::W3b,
        kind: Kind::Bare,
        goals: Goals::NONE,
        start: || bare(Workload::W3b),
    },
    Case {
        id: "w3b-url",
        about: "W3b sign, from the URL",
        group: Group::W3b,
        kind: Kind::Ours,
        goals: Goals::NO_ALLOCATIONS,
        start: || sign(Workload::W3b, Signing::sign_url),
    },
    Case {
        id: "w3c-bare",
        about: "W3c bare HMAC-SHA1",
        group: Group::W3c,
        kind: Kind::Bare,
        goals: Goals::NONE,
        start: || bare(Workload::W3c),
    },
    Case {
        id: "w3c-url",
        about: "W3c sign, from the URL",
        group: Group::W3c,
        kind: Kind::Ours,
        goals: Goals::NO_ALLOCATIONS,
        start: || sign(Workload::W3c, Signing::sign_url),
    },
];

const REFUSED: Goals = Goals {
    no_more_than: Some("w4-verify"),
    ..Goals::NO_ALLOCATIONS
};

const VERIFY: &[Case] = &[
    Case {
        id: "w4-bare",
        about: "W4 bare HMAC-SHA1",
        group: Group::W4,
        kind: Kind::Bare,
        goals: Goals::NONE,
        start: || bare(Workload::W1),
    },
    Case {
        id: "w4-verify",
        about: "W4 verify, key kept",
        group: Group::W4,
        kind: Kind::Ours,
        goals: Goals::instructions(5_500),
        start: || verify(Verifying::accepted(), Verifying::once),
    },
    Case {
        id: "w4-syntax",
        about: "W4 refused: syntax",
        group: Group::W4,
        kind: Kind::Ours,
        goals: REFUSED,
        start: || verify(Verifying::malformed(), Verifying::once),
    },
    Case {
        id: "w4-window",
        about: "W4 refused: timestamp",
        group: Group::W4,
        kind: Kind::Ours,
        goals: REFUSED,
        start: || verify(Verifying::stale(), Verifying::once),
    },
    Case {
        id: "w4-parameters",
        about: "W4 refused: 10,000 parameters",
        group: Group::W4,
        kind: Kind::Ours,
        goals: Goals {
            no_more_than: Some("w3-url"),
            ..Goals::NO_ALLOCATIONS
        },
        start: || verify(Verifying::oversized(), Verifying::once),
    },
    Case {
        id: "w4-client",
        about: "W4 refused: client unknown",
        group: Group::W4,
        kind: Kind::Ours,
        goals: REFUSED,
        start: || verify(Verifying::unknown_client(), Verifying::once),
    },
    Case {
        id: "w4-signature",
        about: "W4 refused: signature",
        group: Group::W4,
        kind: Kind::Ours,
        goals: REFUSED,
        start: || verify(Verifying::forged(), Verifying::once),
    },
    Case {
        id: "w4-secrets",
        about: "W4 verify, keyed each time",
        group: Group::W4,
        kind: Kind::Ours,
        goals: Goals::NO_ALLOCATIONS,
        start: || verify(Verifying::accepted(), Verifying::once_from_secrets),
    },
    Case {
        id: "w4-secrets-client",
        about: "W4 refused: the same, unknown",
        group: Group::W4,
        kind: Kind::Ours,
        goals: Goals {
            no_more_than: Some("w4-secrets"),
            ..Goals::NO_ALLOCATIONS
        },
        start: || verify(Verifying::unknown_client(), Verifying::once_from_secrets),
    },
    Case {
        id: "stamp",
        about: "time and nonce: Stamp::now",
        group: Group::Alone,
        kind: Kind::Ours,
        goals: Goals {
            nanoseconds: Some(100.0),
            ..Goals::NO_ALLOCATIONS
        },
        start: || {
            repeated(|| {
                let _ = black_box(Stamp::now());
            })
        },
    },
    Case {
        id: "stamp-chacha",
        about: "the same from a ChaCha12 kept",
        group: Group::Alone,
        kind: Kind::Ours,
        goals: Goals {
            nanoseconds: Some(100.0),
            ..Goals::NO_ALLOCATIONS
        },
        start: || stamp_from_chacha(),
    },
];

/// What a program can do that makes so many nonces that a system call for each is too much, and knows
/// that it does not fork, or seeds anew when it has.
fn stamp_from_chacha() -> Operation {
    let mut generator = ChaCha12Rng::from_seed([7; 32]);
    repeated(move || {
        let mut random = [0; 15];
        generator.fill_bytes(&mut random);
        let stamp = Stamp::new(Timestamp::now(), Nonce::from_bytes(random));
        black_box(stamp);
    })
}

fn bare(workload: Workload) -> Operation {
    let mut bare = Bare::new(workload.request());
    repeated(move || bare.once())
}

fn sign(workload: Workload, once: impl Fn(&mut Signing) + 'static) -> Operation {
    let mut signing = Signing::new(workload.request());
    repeated(move || once(&mut signing))
}

fn prepared(workload: Workload) -> Operation {
    let mut prepared = sign::prepared(workload.request());
    repeated(move || prepared.once())
}

fn verify(mut verifying: Verifying, once: impl Fn(&mut Verifying) + 'static) -> Operation {
    repeated(move || once(&mut verifying))
}

/// The loop is here, so that a call through a pointer is made once, not for each operation.
fn repeated(mut once: impl FnMut() + 'static) -> Operation {
    Box::new(move |count| {
        for _ in 0..count {
            once();
        }
    })
}
