//! `cargo xtask miri`: the core's tests under an interpreter that sees undefined behaviour.

use std::process::ExitCode;

use crate::process::{shown, stream};
use crate::report::{Outcome, Report, Stage, Tally};
use crate::toolchains;

/// The features under test: all that reads foreign bytes or holds secrets. Without those that stand on
/// large crates (RSA, serde), whose own tests are the place for it and which take hours here.
const FEATURES: &str = "alloc,hmac-sha1,plaintext";

/// Tests that take many minutes each when they are interpreted, with what makes them long.
const LEFT_OUT: &[(&str, &[&str])] = &[
    (
        "each byte at each place of texts of each length",
        &[
            "authorization::tests::the_end_of_a_value_is_seen_wherever_it_stands",
            "authorization::tests::writing::pieces_of_every_length_are_written_whole",
            "base_string::tests::a_byte_is_read_and_encoded_wherever_it_stands",
            "base_string::tests::pieces_of_every_length_are_written_whole",
            "form::tests::a_separator_is_seen_wherever_it_stands",
            "form::tests::every_short_text_is_read_as_the_words_say",
            "target::tests::the_end_of_a_path_is_seen_wherever_it_stands",
            "value::tests::a_byte_that_needs_encoding_is_seen_wherever_it_stands",
            "writer::tests::a_piece_longer_than_several_windows_is_whole",
            "writer::tests::pieces_of_every_length_are_whole_wherever_they_fall",
            "writer::tests::values_are_encoded_whatever_they_are_made_of",
        ],
    ),
    (
        "thousands of digests and keys",
        &[
            "base64_text::tests::digests_of_every_length_read_as_the_library_writes_them",
            "verify::tests::replay::replay_keys_are_written_alike_exactly_if_they_are_equal",
            "writer::tests::base64_is_encoded_as_its_letters_are",
        ],
    ),
    (
        "a megabyte, or thousands of parameters",
        &[
            "parameters::tests::however_many_there_are_they_come_in_the_order_of_their_encoded_bytes",
            "verify::tests::limits::a_form_of_1_mib_is_the_longest",
            "verify::tests::limits::a_query_of_64_kib_is_the_longest",
            "verify::tests::limits::parameters_of_all_places_count_together",
        ],
    ),
    (
        "hundreds of signatures",
        &[
            "prepared::tests::a_prepared_request_is_signed_as_any_other",
            "sasl::tests::oauth10a::every_prefix_and_every_damaged_byte_is_refused_without_a_panic",
            "signer::tests::endpoint::requests_to_an_endpoint_are_signed_as_any_others",
            "verify::tests::attacks::every_attack_gets_its_answer",
        ],
    ),
];

/// Runs the tests whose names contain one of the filters, or all but those that take too long.
pub(crate) fn run(filters: &[String]) -> ExitCode {
    let report = Report(vec![Stage::run("core under miri", || interpret(filters))]);
    println!("\n{report}");
    if report.tally().failed == 0 && report.tally().passed > 0 && report.skipped() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn interpret(filters: &[String]) -> Outcome {
    let needed = toolchains::nightly().and_then(|nightly| {
        nightly.component("miri", "miri")?;
        // Miri interprets the standard library from its sources.
        nightly.component_files("rust-src")?;
        Ok(nightly)
    });
    let nightly = match needed {
        Ok(nightly) => nightly,
        Err(error) => return Outcome::CouldNotRun(format!("{error:#}")),
    };
    let mut command = nightly.cargo();
    command
        // The vectors are files.
        .env("MIRIFLAGS", "-Zmiri-disable-isolation")
        .args(["miri", "test", "-p", "oauth1-core", "--lib"])
        .args(["--no-default-features", "--features", FEATURES, "--"]);
    command.args(filters);
    let left_out: Vec<&str> = LEFT_OUT
        .iter()
        .flat_map(|(_, names)| *names)
        .copied()
        .collect();
    if filters.is_empty() {
        command.arg("--exact");
        command.args(left_out.iter().flat_map(|name| ["--skip", name]));
    }
    let (mut tally, mut filtered) = (Tally::default(), None);
    let ended = stream(&mut command, |line| {
        if let Some(counts) = Tally::parse(line) {
            tally += counts;
            filtered = filtered_out(line);
        }
    });
    let mut notes = Vec::new();
    if !ended.is_ok_and(|status| status.success()) && tally.failed == 0 {
        notes.push(format!(
            "`{}` failed: see its messages above",
            shown(&command)
        ));
        tally.failed += 1;
    } else if filters.is_empty() && filtered != Some(left_out.len()) {
        notes.push(format!(
            "{} tests are to be left out, and {} were: one has another name now",
            left_out.len(),
            filtered.unwrap_or_default()
        ));
        tally.failed += 1;
    }
    Outcome::Ran(tally, notes)
}

/// Reads `4` of `...; 0 measured; 4 filtered out; finished in 0.01s`.
fn filtered_out(line: &str) -> Option<usize> {
    let part = line
        .split("; ")
        .find_map(|part| part.strip_suffix(" filtered out"))?;
    part.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_that_were_left_out_are_counted() {
        let line = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 4 filtered out; \
            finished in 0.01s";
        assert_eq!(filtered_out(line), Some(4));
        assert_eq!(filtered_out("test result: ok. 1 passed"), None);
    }

    #[test]
    fn no_test_is_left_out_twice() {
        let mut names: Vec<&str> = LEFT_OUT
            .iter()
            .flat_map(|(_, names)| *names)
            .copied()
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(names.iter().all(|name| name.contains("::tests::")));
    }
}
