//! The core's chain, from the header to the answer.

extern crate alloc;

use alloc::rc::Rc;
use core::{cell::RefCell, hint::black_box};

use oauth1_core::{
    BaseString, HmacSha1, Origin, RequestView, Secret, SharedSecrets, Slot, StandIn, Target, Value,
    Verdict, VerifyingKey,
    verify::{Lookup, Policy},
};

use crate::{
    Case,
    request::{
        CLIENT, ORIGIN, OTHER_KIND, PATH, Placed, TIME, TOKEN, UNKNOWN, header, nonce, signature,
        with_signature, wrong,
    },
};

/// A key of another kind: asked for nothing here, since it serves nothing that is sent.
#[derive(Debug)]
pub(crate) struct Other;

impl VerifyingKey for Other {
    fn serves(&self, _: &str) -> bool {
        false
    }

    fn verify(&self, _: &str, _: &BaseString<'_>, _: Value<'_>) -> Verdict {
        unreachable!("it serves no method")
    }
}

#[derive(Clone, Copy)]
enum Known {
    Key,
    ClientUnknown,
    TokenUnknown,
    OtherKind,
}

/// What all cases of a group share, so that it is at the same place for each.
struct Server<K, S> {
    policy: Policy<'static>,
    origin: Origin<'static>,
    key: K,
    stand_in: S,
    slots: RefCell<Vec<Slot>>,
}

impl<K: VerifyingKey, S: VerifyingKey> Server<K, S> {
    fn new(key: K, stand_in: S) -> Rc<Self> {
        Rc::new(Self {
            policy: Policy::new(),
            origin: Origin::parse(ORIGIN).expect("an origin"),
            key,
            stand_in,
            slots: RefCell::default(),
        })
    }

    fn accepts(&self, header: &[u8], known: Known) -> bool {
        let mut slots = self.slots.borrow_mut();
        let target = Target::at(black_box(self.origin), black_box(PATH)).expect("a path");
        let view = RequestView::new(black_box("GET"), target);
        let received = (self.policy).receive(&view, [header], black_box(TIME), &mut *slots);
        let received = received.expect("well-formed");
        let lookup = match black_box(known) {
            Known::Key => Lookup::Found(&self.key),
            Known::ClientUnknown => Lookup::ClientUnknown,
            Known::TokenUnknown => Lookup::TokenUnknown,
            Known::OtherKind => Lookup::Found(&Other),
        };
        received.authenticate(lookup, &self.stand_in).is_ok()
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let (client, token) = (Secret::from(CLIENT.1), Secret::from(TOKEN.1));
    let kept = Server::new(
        HmacSha1::new(&client, &token),
        HmacSha1::new(&Secret::from("nobody"), &Secret::EMPTY),
    );
    let mut cases = of("chain, key kept", &kept);
    let each_time = Server::new(SharedSecrets::new(CLIENT.1, TOKEN.1), StandIn::new());
    cases.extend(of("chain, keyed each time", &each_time));
    cases
}

fn of<K, S>(group: &'static str, server: &Rc<Server<K, S>>) -> Vec<Case>
where
    K: VerifyingKey + 'static,
    S: VerifyingKey + 'static,
{
    let nonce = nonce::<HmacSha1>();
    let right = header::<HmacSha1>(CLIENT, TOKEN, &nonce);
    let signature = signature(&right);
    let wrong = wrong(&signature);
    let mut sent: Vec<_> = wrong
        .iter()
        .map(|(name, text)| (name.clone(), with_signature(&right, text), Known::Key))
        .collect();
    // The same wrong signature of all: how much of it is escaped, its sender knows.
    let (_, text) = &wrong[signature.len() - 1];
    for (name, client, known) in [
        ("client unknown", UNKNOWN, Known::ClientUnknown),
        ("token unknown", CLIENT, Known::TokenUnknown),
        ("key of another kind", OTHER_KIND, Known::OtherKind),
    ] {
        let right = header::<HmacSha1>(client, TOKEN, &nonce);
        sent.push((name.to_owned(), with_signature(&right, text), known));
    }
    let case = |(name, header, known): (String, String, Known)| {
        let (server, header) = (Rc::clone(server), Placed::new(&header));
        Case {
            group,
            name,
            operation: Box::new(move || server.accepts(black_box(header.bytes()), known)),
            right: false,
        }
    };
    sent.into_iter().map(case).collect()
}
