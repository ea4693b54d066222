//! What holds for any input whatever, one function each: it takes bytes and panics where it does not hold.
//!
//! The fuzz targets of `fuzz/` call these functions, and nothing else; `tests/fuzzed.rs` calls them in
//! `cargo test` with the [seeds](Invariant::seeds), with what once broke them, and with random changes to
//! both. Inputs are lines of text where that is possible, so that a fuzzer's find can be read.
#![expect(
    clippy::missing_panics_doc,
    reason = "a panic is how an invariant says that it does not hold"
)]

use std::{fs, path::PathBuf};

mod callback;
mod explaining;
mod flow;
mod forwarded;
mod header;
mod keys;
mod location;
mod pairs;
mod problem;
mod sasl;
mod seeds;
mod signing;
mod url;
mod verifying;

pub use self::seeds::of_peer as seeds_of_peer;

/// Bytes that any input may cost, and as many more for each of its own: a reader takes much less, but the
/// references that it is compared with are made to be plain, and `explain` keeps what it has tried.
const MEMORY: (u64, u64) = (512 << 10, 512);

/// One invariant.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// What its fuzz target is called.
    pub name: &'static str,
    /// What holds.
    pub says: &'static str,
    /// Panics where it does not hold for this input.
    pub check: fn(&[u8]),
    seeds: fn() -> Vec<Vec<u8>>,
}

/// All invariants, in the order of the tables.
pub const ALL: &[Invariant] = &[
    Invariant {
        name: "header",
        says: "an Authorization header is read or refused; printed and read again it is the same",
        check: header::check,
        seeds: seeds::headers,
    },
    Invariant {
        name: "pairs",
        says: "query and form are read as the reference reads them; bytes survive encoding",
        check: pairs::check,
        seeds: seeds::forms,
    },
    Invariant {
        name: "url",
        says: "a URL is read or refused; its base string URI is the reference's, and that of itself",
        check: url::check,
        seeds: seeds::urls,
    },
    Invariant {
        name: "base_string",
        says: "the base string is that of the slow reference",
        check: signing::check_base_string,
        seeds: seeds::base_strings,
    },
    Invariant {
        name: "sign_verify",
        says: "what is signed is accepted, wherever the parameters travel; another secret refuses it",
        check: signing::check_accepted,
        seeds: seeds::signings,
    },
    Invariant {
        name: "changed_byte",
        says: "a signed request with one byte changed is refused, or has the same base string",
        check: signing::check_changed,
        seeds: seeds::changes,
    },
    Invariant {
        name: "verify",
        says: "garbage is refused in bounded memory, alike with few slots and many; no refusal is unsendable",
        check: verifying::check,
        seeds: seeds::requests_received,
    },
    Invariant {
        name: "flow",
        says: "any answer and any callback is a typed error or leads on; states survive being stored",
        check: flow::check,
        seeds: seeds::answers,
    },
    Invariant {
        name: "callback",
        says: "a callback that is taken covers itself; what is added to it leaves its origin alone",
        check: callback::check,
        seeds: seeds::callbacks,
    },
    Invariant {
        name: "sasl_server",
        says: "a login message is read or refused; no message without the secrets is authentic",
        check: sasl::check_server,
        seeds: seeds::sasl_messages,
    },
    Invariant {
        name: "sasl_client",
        says: "what the client sends, the server takes, under the same identity",
        check: sasl::check_client,
        seeds: seeds::sasl_logins,
    },
    Invariant {
        name: "sasl_challenge",
        says: "a challenge is read as a JSON parser reads it, or not at all",
        check: sasl::check_challenge,
        seeds: seeds::sasl_challenges,
    },
    Invariant {
        name: "explain",
        says: "every question is answered within its limits, without a secret; what is right matches",
        check: explaining::check,
        seeds: seeds::explanations,
    },
    Invariant {
        name: "forwarded",
        says: "forwarding headers are read or refused; peers that are not listed change nothing",
        check: forwarded::check,
        seeds: seeds::proxied,
    },
    Invariant {
        name: "location",
        says: "no chain of redirects takes a signature to another origin; every chain ends",
        check: location::check,
        seeds: seeds::locations,
    },
    Invariant {
        name: "problem",
        says: "a problem report is bounded and has no control characters",
        check: problem::check,
        seeds: seeds::problems,
    },
    Invariant {
        name: "rsa_key",
        says: "a key from PEM or DER is loaded or refused; no key shows its private half",
        check: keys::check,
        seeds: seeds::keys,
    },
];

impl Invariant {
    /// The one of this name.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn find(name: &str) -> &'static Self {
        let found = ALL.iter().find(|invariant| invariant.name == name);
        found.unwrap_or_else(|| panic!("no invariant is called {name}"))
    }

    /// Panics where it does not hold for this input, or costs more memory than such an input may.
    pub fn hold(&self, input: &[u8]) {
        hold(self.check, input);
    }

    /// Inputs to begin with, made from the test vectors.
    #[must_use]
    pub fn seeds(&self) -> Vec<Vec<u8>> {
        let mut seeds = (self.seeds)();
        seeds.sort();
        seeds.dedup();
        seeds
    }

    /// Inputs that once broke it or were near to it, with their names: the files of
    /// `tests/invariants/broken/NAME`.
    #[must_use]
    pub fn broken(&self) -> Vec<(String, Vec<u8>)> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("invariants/broken")
            .join(self.name);
        let Ok(entries) = fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut found: Vec<_> = entries
            .map(|entry| {
                let path = entry.expect("a readable folder").path();
                let input = fs::read(&path).expect("a readable file");
                (path.display().to_string(), input)
            })
            .collect();
        found.sort();
        found
    }
}

/// Holds a check against an input, and what it allocates at a time against the input's length.
pub fn hold(check: fn(&[u8]), input: &[u8]) {
    let allocated = allocation_counter::measure(|| check(input)).bytes_max;
    let length = u64::try_from(input.len()).unwrap_or(u64::MAX);
    let bound = MEMORY.0 + MEMORY.1.saturating_mul(length);
    assert!(allocated <= bound, "{allocated} bytes for {length}");
}

/// The lines of an input, of which the last takes the rest; `None` where there are too few.
fn fields<const N: usize>(input: &[u8]) -> Option<[&[u8]; N]> {
    let mut parts = input.splitn(N, |&byte| byte == b'\n');
    let mut fields = [&input[..0]; N];
    for field in &mut fields {
        *field = parts.next()?;
    }
    Some(fields)
}

/// As [`fields`], where all of it is text.
fn texts<const N: usize>(input: &[u8]) -> Option<[&str; N]> {
    let text = core::str::from_utf8(input).ok()?;
    let fields = fields::<N>(text.as_bytes())?;
    // A line feed ends no character in its middle.
    Some(fields.map(|field| core::str::from_utf8(field).unwrap_or_default()))
}

/// What is written to a log or a header is one line.
fn assert_one_line(text: &str) {
    assert!(!text.contains(char::is_control), "{text:?}");
}
