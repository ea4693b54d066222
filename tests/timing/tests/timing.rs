//! How many instructions it takes to find a signature wrong must not tell where it is wrong, nor who is
//! unknown.
//!
//! `cargo test -p oauth1-timing --release -- --nocapture` prints the table.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

extern crate alloc;

use alloc::collections::{BTreeMap, BTreeSet};
use core::fmt::Write as _;
use std::{
    fs,
    path::Path,
    process::{self, Command},
    sync::OnceLock,
};

/// Name and instructions of each case, by its group.
type Counts = BTreeMap<String, Vec<(String, u64)>>;

/// Groups whose cases all cost the same, and how many cases each has: one for each character of a
/// signature, one that differs everywhere, and one that is right.
const COMPARISONS: [(&str, usize); 7] = [
    ("HMAC-SHA1", 28 + 2),
    ("HMAC-SHA256", 44 + 2),
    ("HMAC-SHA512", 88 + 2),
    ("PLAINTEXT", 33 + 2),
    ("body hash SHA-1", 28 + 2),
    ("body hash SHA-256", 44 + 2),
    ("body hash SHA-512", 88 + 2),
];

/// Groups with wrong signatures, and with what else is refused in the same words.
const CHAINS: [(&str, usize); 2] = [
    ("chain, key kept", 28 + 1 + 3),
    ("chain, keyed each time", 28 + 1 + 3),
];

/// The same of the layer, where the allocator has a say.
const LAYERS: [(&str, usize); 2] = [("layer, credentials", 5), ("layer, store", 4)];

/// What is accepted, and the same sent again.
const ACCEPTED: (&str, usize) = ("layer, accepted", 2);

/// The control: a comparison that ends at the first difference.
const NAIVE: (&str, usize) = ("naive", 28 + 2);

#[test]
fn comparing_costs_the_same_wherever_the_texts_differ() {
    for (group, cases) in COMPARISONS {
        let counts = counted(group, cases);
        let is_wrong = |name: &str| name != "right";
        assert_eq!(different(counts, is_wrong), 1, "{group}: {counts:#?}");
        // Which of the two answers it gives may take another instruction.
        let right = of(counts, "right").abs_diff(of(counts, "wrong at 0"));
        assert!(right <= 4, "{group}: {counts:#?}");
    }
}

#[test]
fn a_comparison_that_ends_early_is_seen() {
    let counts = counted(NAIVE.0, NAIVE.1);
    let place = |at| of(counts, &format!("wrong at {at}"));
    let places: Vec<_> = (0..28).map(place).collect();
    assert!(places.is_sorted_by(|a, b| a < b), "{places:?}");
    assert_eq!(of(counts, "wrong everywhere"), places[0]);
}

#[test]
fn a_wrong_signature_costs_the_same_wherever_it_is_wrong() {
    for (group, cases) in CHAINS {
        let counts = counted(group, cases);
        let is_wrong = |name: &str| name.starts_with("wrong");
        assert_eq!(different(counts, is_wrong), 1, "{group}: {counts:#?}");
    }
}

#[test]
fn who_is_unknown_costs_what_a_wrong_signature_costs_within_a_hundredth() {
    for (group, cases) in CHAINS.into_iter().chain(LAYERS) {
        let counts = counted(group, cases);
        let (_, wrong) = counts
            .iter()
            .find(|(name, _)| name.contains("wrong"))
            .unwrap();
        for (name, count) in counts {
            let apart = count.abs_diff(*wrong);
            assert!(
                apart * 100 <= *wrong,
                "{group}, {name}: {count}, not {wrong}"
            );
        }
    }
}

/// Who sends what is refused must not cost the server more than who sends what is accepted.
#[test]
fn a_refused_request_costs_no_more_than_an_accepted_one() {
    let accepted = counted(ACCEPTED.0, ACCEPTED.1);
    let (of_one, again) = (of(accepted, "accepted"), of(accepted, "sent again"));
    assert!(again <= of_one, "sent again: {again}, accepted: {of_one}");
    let (group, cases) = LAYERS[0];
    for (name, count) in counted(group, cases) {
        assert!(*count < of_one, "{name}: {count}, accepted: {of_one}");
    }
}

#[test]
fn every_group_is_looked_at() {
    let groups: BTreeSet<_> = counts().keys().map(String::as_str).collect();
    let listed = COMPARISONS.iter().chain(&CHAINS).chain(&LAYERS);
    let listed = listed.chain([&NAIVE, &ACCEPTED]);
    let listed: BTreeSet<_> = listed.map(|(group, _)| *group).collect();
    assert_eq!(groups, listed);
    println!("{}", table(counts()));
}

fn of(counts: &[(String, u64)], wanted: &str) -> u64 {
    let found = counts.iter().find(|(name, _)| name == wanted);
    found.unwrap_or_else(|| panic!("no case {wanted}")).1
}

/// How many different counts there are.
fn different(counts: &[(String, u64)], which: impl Fn(&str) -> bool) -> usize {
    let counts = counts.iter().filter(|(name, _)| which(name));
    counts
        .map(|(_, count)| count)
        .collect::<BTreeSet<_>>()
        .len()
}

fn counted(group: &str, cases: usize) -> &'static [(String, u64)] {
    let counts = &counts()[group];
    assert_eq!(counts.len(), cases, "{group}");
    counts
}

/// One run counts for all tests.
fn counts() -> &'static Counts {
    static COUNTS: OnceLock<Counts> = OnceLock::new();
    COUNTS.get_or_init(count)
}

fn count() -> Counts {
    // Of this process alone: debug and release builds may run at the same time.
    let file = format!("timing-{}", process::id());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    let run = Command::new("valgrind")
        .args([
            "-q",
            "--tool=callgrind",
            "--dump-line=no",
            "--combine-dumps=yes",
            "--toggle-collect=oauth1_timing::measured",
            "--dump-after=oauth1_timing::measured",
        ])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(env!("CARGO_BIN_EXE_oauth1-timing"))
        // glibc keeps seven freed pieces of a size at hand, and now and then puts the others in order at
        // a cost that is no request's own. Where it keeps more of them, each request costs the same.
        .env("GLIBC_TUNABLES", "glibc.malloc.tcache_count=20000")
        .output();
    let run = run.unwrap_or_else(|error| {
        panic!(
            "valgrind counts the instructions, and cannot be started: {error}. \
             Debian, Ubuntu: apt-get install valgrind; Fedora: dnf install valgrind; \
             Arch: pacman -S valgrind"
        )
    });
    let complaint = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{complaint}");

    let names = String::from_utf8(run.stdout).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    // One part for each call, and one at the end in which nothing was counted.
    let totals = text
        .lines()
        .filter_map(|line| line.strip_prefix("totals: "));
    let totals: Vec<u64> = totals.map(|total| total.parse().unwrap()).collect();
    let Some((0, totals)) = totals.split_last() else {
        panic!("something was counted outside: {totals:?}")
    };
    assert_eq!(totals.len(), names.lines().count(), "{complaint}");
    let mut counts = Counts::new();
    for (name, &total) in names.lines().zip(totals) {
        let (group, name) = name.split_once('\t').unwrap();
        assert!(total > 0, "{group}, {name}");
        let group = counts.entry(group.to_owned()).or_default();
        group.push((name.to_owned(), total));
    }
    counts
}

/// The smallest and the largest count of each group, and each case that is no place in a signature.
fn table(counts: &Counts) -> String {
    let mut table = String::new();
    for (group, counts) in counts {
        let of_all = counts.iter().map(|(_, count)| *count);
        let (least, most) = (of_all.clone().min().unwrap(), of_all.max().unwrap());
        let _ = writeln!(
            table,
            "{group}: {least} to {most} in {} cases",
            counts.len()
        );
        for (name, count) in counts {
            if !name.starts_with("wrong at") {
                let _ = writeln!(table, "    {name}: {count}");
            }
        }
    }
    table
}
