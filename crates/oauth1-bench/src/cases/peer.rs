//! oauth1-request 0.6.1: the Rust library that comes nearest.
//!
//! It is given every advantage that it knows: its builder is kept, the header goes into a string that
//! is kept, and the pairs come decoded and apart from the URL. For W1 and W2 they come in the order in
//! which they are signed, too. In W3 putting them in order is what the workload is about, so that it
//! has to, like ours (the table that the goals stand on counts it so: 1,356,000 instructions); a line
//! without is beside it.

use core::{hint::black_box, num::NonZeroU64};

use oauth1_request::{Builder, HMAC_SHA1, HmacSha1, ParameterList, Token};

use super::{Case, Goals, Group, Kind, Operation, repeated};
use crate::workloads::{CLIENT, NONCE, Request, TIMESTAMP, TOKEN, Workload};

/// Its cases; the first of a group is the one that ours are compared with.
pub(super) const CASES: &[Case] = &[
    case(
        Group::W1,
        "w1-oauth1-request",
        "W1 oauth1-request 0.6.1",
        || in_order(Workload::W1),
    ),
    case(
        Group::W2,
        "w2-oauth1-request",
        "W2 oauth1-request 0.6.1",
        || in_order(Workload::W2),
    ),
    case(
        Group::W3,
        "w3-oauth1-request",
        "W3 oauth1-request 0.6.1",
        || sorting(Workload::W3),
    ),
    case(
        Group::W3,
        "w3-oauth1-request-order",
        "W3 the same, pairs in order",
        || in_order(Workload::W3),
    ),
    case(
        Group::W3b,
        "w3b-oauth1-request",
        "W3b oauth1-request 0.6.1",
        || sorting(Workload::W3b),
    ),
    case(
        Group::W3c,
        "w3c-oauth1-request",
        "W3c oauth1-request 0.6.1",
        || sorting(Workload::W3c),
    ),
];

const fn case(
    group: Group,
    id: &'static str,
    about: &'static str,
    start: fn() -> Operation,
) -> Case {
    Case {
        id,
        about,
        group,
        kind: Kind::Peer,
        goals: Goals::NONE,
        start,
    }
}

fn in_order(workload: Workload) -> Operation {
    let mut peer = Peer::new(workload.request());
    repeated(move || peer.once())
}

fn sorting(workload: Workload) -> Operation {
    let mut peer = Peer::new(workload.request());
    repeated(move || peer.once_sorting())
}

/// A builder and its buffer.
pub(crate) struct Peer {
    builder: Builder<'static, HmacSha1, &'static str>,
    method: &'static str,
    endpoint: &'static str,
    /// In order.
    pairs: ParameterList<&'static str, &'static str>,
    /// As they come.
    unsorted: Vec<(&'static str, &'static str)>,
    header: String,
}

impl Peer {
    pub(crate) fn new(request: &'static Request) -> Self {
        let token = Token::from_parts(CLIENT.0, CLIENT.1, TOKEN.0, TOKEN.1);
        let mut builder = Builder::with_token(token, HMAC_SHA1);
        builder.nonce(NONCE).timestamp(NonZeroU64::new(TIMESTAMP));
        let pairs = ParameterList::new(request.sorted_pairs());
        Self {
            builder,
            method: request.method,
            endpoint: request.endpoint(),
            pairs,
            unsorted: request
                .pairs
                .iter()
                .map(|(name, value)| (&**name, &**value))
                .collect(),
            header: String::new(),
        }
    }

    #[inline]
    pub(crate) fn once(&mut self) {
        authorize(
            &self.builder,
            self.method,
            self.endpoint,
            &self.pairs,
            &mut self.header,
        );
    }

    /// With the pairs copied and put in order first.
    #[inline]
    pub(crate) fn once_sorting(&mut self) {
        let pairs = ParameterList::new(black_box(&self.unsorted).clone());
        authorize(
            &self.builder,
            self.method,
            self.endpoint,
            &pairs,
            &mut self.header,
        );
    }

    #[cfg(test)]
    pub(crate) fn header(&self) -> &str {
        &self.header
    }
}

#[inline]
fn authorize(
    builder: &Builder<'static, HmacSha1, &'static str>,
    method: &str,
    endpoint: &str,
    pairs: &ParameterList<&str, &str>,
    header: &mut String,
) {
    header.clear();
    black_box(builder).authorize_with_buf(
        &mut *header,
        black_box(method),
        black_box(endpoint),
        black_box(pairs),
    );
    black_box(header);
}
