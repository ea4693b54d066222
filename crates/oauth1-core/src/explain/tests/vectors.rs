//! The vectors of `tests/vectors/explain`: each code, what real programs do, and published
//! questions.

use super::*;

fn cases(file: &str, count: usize) -> Vec<Json> {
    let path = format!("../../tests/vectors/explain/{file}.json");
    let cases: Vec<Json> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(cases.len(), count);
    cases
}

fn texts(list: &Json) -> Vec<&str> {
    let list = list.as_array().unwrap();
    list.iter().map(|code| code.as_str().unwrap()).collect()
}

fn alternatives(found: &Explanation) -> Vec<Vec<&'static str>> {
    found
        .alternatives()
        .iter()
        .map(|set| codes_of(set))
        .collect()
}

/// Asks with the signature, with the base string and with both, as far as the case has them.
fn check(case: &Json) {
    let asked = Asked::of(case);
    let name = &case["note"];
    let signature = case["expected_signature"].as_str();
    let base_string = case["expected_base_string"].as_str().map(str::as_bytes);
    let causes = texts(&case["causes"]);
    // Most have one explanation, and no other.
    let others = case["alternatives"].as_array().cloned().unwrap_or_default();
    let others: Vec<_> = others.iter().map(texts).collect();
    let is_key = |code: &&str| {
        let mut all = deviations::all();
        !all.any(|deviation| {
            deviation.code == *code && matches!(deviation.apply, deviations::Apply::Request(_))
        })
    };
    let mut asked_with = 0;
    if let Some(signature) = signature {
        let found = asked.explain(&Expected::NONE.with_signature(signature), &Limits::PERSON);
        assert_eq!(codes_of(found.causes()), causes, "{name}: {found:?}");
        assert!(found.is_found() && !found.matches());
        assert_eq!(alternatives(&found), others, "{name}");
        let theirs = found.expected_base_string().map(str::as_bytes);
        assert!(
            base_string.is_none_or(|text| theirs == Some(text)),
            "{name}"
        );
        asked_with += 1;
    }
    if let Some(base_string) = base_string {
        let expected = Expected::NONE.with_base_string(base_string);
        let found = asked.explain(&expected, &Limits::PERSON);
        let of_request: Vec<_> = causes
            .iter()
            .copied()
            .filter(|code| !is_key(code))
            .collect();
        assert_eq!(codes_of(found.causes()), of_request, "{name}: {found:?}");
        assert_eq!(alternatives(&found), others, "{name}");
        assert_eq!(found.matches(), of_request.is_empty(), "{name}");
        assert_eq!(found.first_difference().is_none(), of_request.is_empty());
        asked_with += 1;
        if let Some(signature) = signature {
            let both = asked.explain(&expected.with_signature(signature), &Limits::PERSON);
            assert_eq!(codes_of(both.causes()), causes, "{name}: {both:?}");
            assert!(both.is_found() && both.base_string_agrees(), "{name}");
        }
    }
    assert!(asked_with > 0, "{name}");
}

#[test]
fn each_code_is_found_and_no_other() {
    let cases = cases("codes", 49);
    cases.iter().for_each(check);
    let mut found: Vec<_> = cases
        .iter()
        .flat_map(|case| texts(&case["causes"]))
        .collect();
    found.sort_unstable();
    found.dedup();
    assert_eq!(found.len(), codes().len());
}

#[test]
fn what_real_programs_do_is_found() {
    cases("programs", 27).iter().for_each(check);
}

#[test]
fn published_questions_are_answered() {
    let cases = cases("threads", 15);
    cases.iter().for_each(check);
    let is_thread = |case: &Json| case["source"].as_str().unwrap().contains('#');
    assert!(cases.iter().all(is_thread));
}
