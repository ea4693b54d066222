//! The invariants of the fuzz targets, held against their seeds, against what once broke them, and against
//! random changes to both.

use core::{fmt, hint::black_box};
use std::fs;

use oauth1_tests::invariants::{ALL, Invariant, hold};
use proptest::{
    collection::vec,
    prelude::*,
    sample::Index,
    test_runner::{Config, TestRunner},
};

/// Inputs that a run of `cargo test` tries for one invariant; a fuzzer tries as many in a second.
const TRIED: u32 = 1_000;

#[test]
fn every_seed_and_everything_that_broke_it_holds() {
    let mut count = 0;
    for invariant in ALL {
        let seeds = invariant.seeds();
        assert!(seeds.len() > 2, "{} has no seeds", invariant.name);
        for seed in &seeds {
            invariant.hold(seed);
        }
        let broken = invariant.broken();
        for (path, input) in &broken {
            println!("{path}");
            invariant.hold(input);
        }
        count += seeds.len() + broken.len();
    }
    assert!(count > 1_000, "{count}");
}

#[test]
#[should_panic(expected = "1048576 bytes for 3")]
fn an_input_that_costs_more_memory_than_it_may_is_told() {
    hold(
        |input| {
            black_box(vec![input.len(); (1 << 20) / size_of::<usize>()]);
        },
        b"abc",
    );
}

/// What of an input is changed.
#[derive(Clone, Debug)]
enum Change {
    Put(Index, Vec<u8>),
    Remove(Index, u8),
    Repeat(Index, u8),
    /// The start of one input and the end of another.
    Splice(Index, Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let piece = prop_oneof![
        vec(any::<u8>(), 1..4),
        "[%&=+\"\\\\,; \t\n/?#@:]{1,3}".prop_map(String::into_bytes),
        "%[0-9a-fA-F]{2}|oauth_[a-z]{1,6}|[0-9]{1,20}|\u{e9}".prop_map(String::into_bytes),
    ];
    let at = any::<Index>;
    prop_oneof![
        (at(), piece).prop_map(|(at, piece)| Change::Put(at, piece)),
        (at(), any::<u8>()).prop_map(|(at, length)| Change::Remove(at, length)),
        (at(), any::<u8>()).prop_map(|(at, length)| Change::Repeat(at, length)),
        (at(), at(), at()).prop_map(|(with, before, after)| Change::Splice(with, before, after)),
    ]
}

impl Change {
    fn apply(&self, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let end = input.len();
        match self {
            Self::Put(at, piece) => {
                let at = at.index(end + 1);
                input.splice(at..at, piece.iter().copied());
            }
            Self::Remove(at, length) => {
                let at = at.index(end + 1);
                input.drain(at..end.min(at + usize::from(*length)));
            }
            Self::Repeat(at, length) => {
                let at = at.index(end + 1);
                let piece = input[at..end.min(at + usize::from(*length))].to_vec();
                input.splice(at..at, piece);
            }
            Self::Splice(with, before, after) => {
                let other = with.get(seeds);
                input.truncate(before.index(end + 1));
                input.extend_from_slice(&other[after.index(other.len() + 1)..]);
            }
        }
    }
}

/// Shown as it can be written into a file of `tests/invariants/broken`.
struct Input(Vec<u8>);

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// Tries seeds with random changes; proptest shrinks what does not hold.
fn holds(name: &str, tried: u32) {
    let invariant = Invariant::find(name);
    let seeds = invariant.seeds();
    let config = Config {
        cases: tried,
        failure_persistence: None,
        ..Config::default()
    };
    let inputs = (any::<Index>(), vec(change(), 0..6)).prop_map(|(seed, changes)| {
        let mut input = seed.get(&seeds).clone();
        for change in &changes {
            change.apply(&mut input, &seeds);
        }
        Input(input)
    });
    TestRunner::new(config)
        .run(&inputs, |input| {
            invariant.hold(&input.0);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{name}: {}: {error}", invariant.says));
}

macro_rules! invariants {
    ($($name:ident: $tried:expr,)*) => {
        $(
            #[test]
            fn $name() {
                holds(stringify!($name), $tried);
            }
        )*

        /// A new invariant is not forgotten, here and among the fuzz targets.
        #[test]
        fn each_invariant_has_a_test_and_a_fuzz_target() {
            let names: Vec<_> = ALL.iter().map(|invariant| invariant.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz");
            let manifest = fs::read_to_string(format!("{folder}/Cargo.toml")).expect("fuzz/");
            for name in names {
                assert!(manifest.contains(&format!("name = \"{name}\"\n")), "{name}");
                let target = format!("{folder}/targets/{name}.rs");
                let target = fs::read_to_string(&target).expect("a fuzz target");
                assert!(target.contains(&format!("Invariant::find(\"{name}\")")), "{name}");
            }
        }
    };
}

invariants! {
    header: TRIED,
    pairs: TRIED,
    url: TRIED,
    base_string: TRIED,
    sign_verify: TRIED,
    changed_byte: TRIED,
    verify: TRIED,
    flow: TRIED,
    callback: TRIED,
    sasl_server: TRIED,
    sasl_client: TRIED,
    sasl_challenge: TRIED,
    // A search has thousands of candidates.
    explain: TRIED / 10,
    forwarded: TRIED,
    location: TRIED,
    problem: TRIED,
    // A key that is loaded is checked with big numbers.
    rsa_key: TRIED / 10,
}
