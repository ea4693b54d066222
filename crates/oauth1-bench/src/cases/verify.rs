//! W4: verifying W1 from its `Authorization` header, as a server does that keeps its keys.

use core::hint::black_box;

use oauth1_core::{
    HmacSha1, Origin, RequestView, Secret, SharedSecrets, Slot, StandIn, Target, Timestamp,
    VerifyingKey,
    verify::{Lookup, NonceStatus, Policy, Rejection},
};

use super::sign::Signing;
use crate::workloads::{CLIENT, Request, TIMESTAMP, TOKEN, Workload};

/// A server's state, and a request.
pub(crate) struct Verifying {
    policy: Policy<'static>,
    origin: Origin<'static>,
    /// Keyed once, for the one client that there is, and for those that there are not.
    key: HmacSha1,
    stand_in: HmacSha1,
    /// The same from the secrets, keyed for each request.
    secrets: SharedSecrets<'static>,
    secrets_stand_in: StandIn,
    known: bool,
    now: Timestamp,
    request: &'static Request,
    header: Vec<u8>,
    slots: Vec<Slot>,
}

impl Verifying {
    /// A request that is accepted.
    pub(crate) fn accepted() -> Self {
        let request = Workload::W1.request();
        let mut signing = Signing::new(request);
        signing.sign_url();
        Self {
            policy: Policy::new(),
            origin: Origin::parse(request.origin).expect("an origin"),
            key: HmacSha1::new(&Secret::from(CLIENT.1), &Secret::from(TOKEN.1)),
            stand_in: HmacSha1::new(&Secret::from("nobody"), &Secret::EMPTY),
            secrets: SharedSecrets::new(CLIENT.1, TOKEN.1),
            secrets_stand_in: StandIn::new(),
            known: true,
            now: Timestamp::from_unix_seconds(TIMESTAMP + 10),
            request,
            header: signing.header().to_vec(),
            slots: Vec::new(),
        }
    }

    /// The quotation mark at the very end of the header is missing: the latest that its syntax can be
    /// found wrong.
    pub(crate) fn malformed() -> Self {
        let mut verifying = Self::accepted();
        verifying.header.pop();
        verifying
    }

    /// An hour has passed.
    pub(crate) fn stale() -> Self {
        Self {
            now: Timestamp::from_unix_seconds(TIMESTAMP + 3600),
            ..Self::accepted()
        }
    }

    /// Ten times as many parameters as a verifier reads.
    pub(crate) fn oversized() -> Self {
        Self {
            request: Workload::W3b.request(),
            ..Self::accepted()
        }
    }

    /// Nobody knows the client.
    pub(crate) fn unknown_client() -> Self {
        Self {
            known: false,
            ..Self::accepted()
        }
    }

    /// The signature is another's.
    pub(crate) fn forged() -> Self {
        let mut verifying = Self::accepted();
        let key = HmacSha1::new(&Secret::from("another"), &Secret::EMPTY);
        verifying.key = key;
        verifying
    }

    /// With the key that is kept.
    #[inline]
    pub(crate) fn once(&mut self) {
        let result = self.verify();
        black_box(result.is_ok());
    }

    /// With a key that is made from the secrets for each request.
    #[inline]
    pub(crate) fn once_from_secrets(&mut self) {
        let result = self.verify_from_secrets();
        black_box(result.is_ok());
    }

    #[inline]
    pub(crate) fn verify(&mut self) -> Result<(), Rejection> {
        let lookup = if black_box(self.known) {
            Lookup::Found(black_box(&self.key))
        } else {
            Lookup::ClientUnknown
        };
        let Self {
            policy,
            origin,
            stand_in,
            now,
            request,
            header,
            slots,
            ..
        } = self;
        chain(
            policy, *origin, lookup, stand_in, *now, request, header, slots,
        )
    }

    #[inline]
    pub(crate) fn verify_from_secrets(&mut self) -> Result<(), Rejection> {
        let lookup = if black_box(self.known) {
            Lookup::Found(black_box(&self.secrets))
        } else {
            Lookup::ClientUnknown
        };
        let Self {
            policy,
            origin,
            secrets_stand_in,
            now,
            request,
            header,
            slots,
            ..
        } = self;
        chain(
            policy,
            *origin,
            lookup,
            secrets_stand_in,
            *now,
            request,
            header,
            slots,
        )
    }
}

#[inline]
#[expect(clippy::too_many_arguments, reason = "each is borrowed for itself")]
fn chain(
    policy: &Policy<'static>,
    origin: Origin<'static>,
    lookup: Lookup<'_>,
    stand_in: &dyn VerifyingKey,
    now: Timestamp,
    request: &'static Request,
    header: &[u8],
    slots: &mut Vec<Slot>,
) -> Result<(), Rejection> {
    let target = Target::at(black_box(origin), black_box(request.path_and_query()));
    let view = RequestView::new(black_box(request.method), target.expect("a path"));
    let received = black_box(policy).receive(&view, [black_box(header)], black_box(now), slots)?;
    black_box(received.client());
    let authentic = received.authenticate(lookup, stand_in)?;
    black_box(authentic.replay_key());
    let verified = authentic.accept(black_box(NonceStatus::Fresh))?;
    black_box(&verified);
    Ok(())
}
