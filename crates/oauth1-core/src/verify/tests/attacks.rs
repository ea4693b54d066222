//! The attack list of the project, as far as a core without I/O answers it, by its numbers.

extern crate alloc;

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::wire::{Call, Content, NOW, Outcome, Sent, Server, once};
use crate::{
    Transmission,
    verify::{BodyHashPolicy, Coverage, Limits, Policy},
};

mod bodies;
mod credentials;
#[cfg(feature = "_rsa")]
mod keys;
mod parameters;
mod requests;

/// The numbers of the list that have an attack below.
#[cfg(all(feature = "_rsa", feature = "hmac-sha256"))]
const COVERED: &[u8] = &[
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
    27, 28, 29, 30, 31, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 52, 53,
    54, 55, 56, 58, 71, 74, 75, 76, 81, 82, 83, 85, 86, 87, 88, 93, 96,
];

/// Its number, what it is, the answer, and the requests, all of which get it.
type Attack = (u8, &'static str, Answer, fn() -> Vec<Outcome>);

#[derive(Clone, Copy, Debug)]
enum Answer {
    Accepted(Coverage),
    /// One of these statuses, and the problem.
    Refused(&'static [u16], &'static str),
}

use Answer::{Accepted, Refused};

const UNSIGNED: Answer = Accepted(Coverage::Unsigned);
const EMPTY: Answer = Accepted(Coverage::Empty);
const SIGNED: Answer = Accepted(Coverage::Signed);
const MALFORMED: Answer = Refused(&[400], "parameter_rejected");
const INCOMPLETE: Answer = Refused(&[400], "parameter_absent");
const WRONG_METHOD: Answer = Refused(&[400], "signature_method_rejected");
const WRONG_VERSION: Answer = Refused(&[400], "version_rejected");
const STALE: Answer = Refused(&[401], "timestamp_refused");
const REPLAYED: Answer = Refused(&[401], "nonce_used");
const FORGED: Answer = Refused(&[401], "signature_invalid");
const WRONG_BODY: Answer = Refused(&[401], "parameter_rejected");
const ABSENT: Answer = Refused(&[401], "parameter_absent");
const TOO_LARGE: Answer = Refused(&[400, 413, 431], "parameter_rejected");

impl Answer {
    fn is(self, outcome: Outcome) -> bool {
        match (self, outcome) {
            (Accepted(expected), Ok(coverage)) => coverage == expected,
            (Refused(statuses, problem), Err(rejection)) => {
                statuses.contains(&rejection.status()) && rejection.problem() == problem
            }
            _ => false,
        }
    }
}

#[test]
fn every_attack_gets_its_answer() {
    let mut wrong = Vec::new();
    for (number, what, answer, run) in all() {
        let outcomes = run();
        assert!(!outcomes.is_empty(), "{number} {what}");
        for (at, outcome) in outcomes.into_iter().enumerate() {
            if !answer.is(outcome) {
                wrong.push(format!(
                    "{number} {what} [{at}]: {outcome:?}, not {answer:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[cfg(all(feature = "_rsa", feature = "hmac-sha256"))]
#[test]
fn every_attack_that_a_core_answers_is_in_the_table() {
    let numbers: alloc::collections::BTreeSet<u8> = all().map(|(number, ..)| number).collect();
    assert_eq!(numbers.into_iter().collect::<Vec<_>>(), COVERED);
    assert_eq!(COVERED.len(), 67);
}

fn all() -> impl Iterator<Item = Attack> {
    #[cfg(feature = "_rsa")]
    let keys = keys::ATTACKS;
    #[cfg(not(feature = "_rsa"))]
    let keys = &[];
    let tables = [
        parameters::SIGNATURES,
        parameters::PARAMETERS,
        requests::REQUESTS,
        requests::HEADERS,
        credentials::CREDENTIALS,
        credentials::REPLAYS,
        bodies::BODIES,
        keys,
    ];
    tables.into_iter().flatten().copied()
}

fn with(name: &str, value: &str) -> Outcome {
    once(&Call::get().with(name, value).sign())
}

fn without(name: &str) -> Outcome {
    once(&Call::get().without(name).sign())
}

fn in_query(name: &str, value: &str) -> Outcome {
    once(&Call::to(&format!("https://api.example.com/photos?{name}={value}")).sign())
}

fn changed(from: &str, to: &str) -> Outcome {
    once(&Call::get().sign().in_header(from, to))
}

fn bare(header: String) -> Outcome {
    once(&Call::get().send_as_is().with_header(header))
}

fn after(first: &Sent, others: &[Sent]) -> Vec<Outcome> {
    let mut server = Server::new();
    server.verify(first).unwrap();
    others.iter().map(|other| server.verify(other)).collect()
}

fn parameters(count: usize) -> String {
    (0..count).fold("OAuth ".to_string(), |header, at| {
        header + &format!("a{at}=\"\",")
    })
}

fn many_parameters() -> Outcome {
    let limits = Limits {
        header_bytes: usize::MAX,
        ..Limits::DEFAULT
    };
    let sent = Call::get().send_as_is().with_header(parameters(10_000));
    Server::with_policy(Policy::new().with_limits(limits)).verify(&sent)
}

/// Bit 0 is the lowest of the six that a character stands for.
fn with_bit_changed(text: &str, at: usize, bit: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = text.as_bytes().to_vec();
    let index = ALPHABET
        .iter()
        .position(|&character| character == bytes[at])
        .unwrap();
    bytes[at] = ALPHABET[index ^ (1_usize << bit)];
    String::from_utf8(bytes).unwrap()
}
