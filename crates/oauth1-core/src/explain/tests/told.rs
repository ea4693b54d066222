//! What questions and explanations say of themselves.

use super::*;

const THEIRS: &str = "GET&https%3A%2F%2Fapi.example.com%2Fphotos&\
    oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DchapoH%26\
    oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131202%26\
    oauth_token%3Dnnch734d00sl2jdk";

fn key(text: &[u8]) -> crate::HmacSha1 {
    crate::HmacSha1::from_key(text)
}

fn sign(key: &crate::HmacSha1, base_string: &str) -> String {
    let mut signature = Vec::new();
    let text = BaseString::from_text(base_string.as_bytes());
    crate::SigningKey::sign(key, &text, &mut signature).unwrap();
    String::from_utf8(signature).unwrap()
}

#[test]
fn a_base_string_that_is_explained_leaves_the_key() {
    // Signed without the query, with nobody knows what.
    let asked = Asked::get("https://api.example.com/photos?size=original");
    let expected = Expected::NONE.with_base_string(THEIRS.as_bytes());
    let found = asked.explain(&expected.with_signature("AAAA"), &Limits::PERSON);
    assert_eq!(codes_of(found.causes()), ["query-omitted"]);
    assert!(!found.is_found() && found.base_string_agrees());
    let shown = found.to_string();
    let start = "no known deviation explains it all; the base string: query-omitted (";
    assert!(shown.starts_with(start), "{shown}");
    let advice = "The base strings are accounted for, so that the key is another";
    assert!(found.advice().starts_with(advice));
}

#[test]
fn other_ways_to_the_same_key_are_told_too() {
    // A token secret of white space: left out, or trimmed.
    let mut asked = Asked::get("https://api.example.com/photos?size=original");
    asked.token_secret = " ".into();
    let signature = sign(&key(b"kd94hf93k423kf44&"), THEIRS);
    let expected = Expected::NONE
        .with_base_string(THEIRS.as_bytes())
        .with_signature(&signature);
    let found = asked.explain(&expected, &Limits::PERSON);
    assert!(found.is_found(), "{found}");
    let alternatives = found.alternatives().iter().map(|set| codes_of(set));
    let mut sets: Vec<_> = alternatives.chain([codes_of(found.causes())]).collect();
    sets.sort_unstable();
    assert_eq!(
        sets,
        [
            ["query-omitted", "secret-has-whitespace"],
            ["query-omitted", "token-secret-omitted"],
        ]
    );
}

#[test]
fn the_same_signature_matches() {
    let asked = Asked::get("https://api.example.com/photos");
    let signature = sign(&key(b"kd94hf93k423kf44&pfkkdhi9sl3r4s00"), THEIRS);
    let found = asked.explain(&Expected::NONE.with_signature(&signature), &Limits::PERSON);
    assert!(found.matches() && found.is_found() && found.causes().is_empty());
    // Nobody gave one.
    assert!(!found.base_string_agrees());
    assert_eq!(
        format!("{found} {found:?}"),
        "it matches Explanation(it matches)"
    );
    assert_eq!(found.advice(), "Nothing is left to be asked.");
    assert_eq!(found.expected_base_string(), None);
    assert!(found.differences().is_empty());
    assert!(difference::all(THEIRS, THEIRS).is_empty());
}

#[test]
fn a_cause_says_what_rule_is_broken_and_what_to_change() {
    let asked = Asked::get("https://api.example.com/photos?size=original");
    let expected = Expected::NONE.with_base_string(THEIRS.as_bytes());
    let found = asked.explain(&expected, &Limits::default());
    let [cause] = found.causes() else {
        panic!("{found}")
    };
    let all: Vec<_> = deviations::all()
        .filter(|deviation| deviation.code == "query-omitted")
        .collect();
    let told = [cause.message(), cause.rule(), cause.fix()];
    assert!(
        all.iter()
            .any(|deviation| told == [deviation.message, deviation.rule, deviation.fix])
    );
    assert_eq!(format!("{cause:?}"), "query-omitted");
    assert_eq!(Limits::default(), Limits::PERSON);
}

#[test]
fn there_may_be_nothing_to_compare_with() {
    assert!(Expected::NONE.is_empty());
    assert!(!Expected::NONE.with_signature("a").is_empty());
    assert!(!Expected::NONE.with_base_string(b"a").is_empty());
}

#[test]
fn what_is_too_large_says_what_of_it() {
    assert_eq!(
        TooLarge::Parameters.to_string(),
        "the request has too many parameters to be explained"
    );
}

#[test]
fn a_realm_of_a_header_is_one_that_may_have_been_signed() {
    let target = Target::parse("https://api.example.com/photos").unwrap();
    let header = "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
        oauth_nonce=\"chapoH\", oauth_signature_method=\"HMAC-SHA1\", \
        oauth_timestamp=\"137131202\", oauth_token=\"nnch734d00sl2jdk\"";
    let question = Question::received(RequestView::new("GET", target), header.as_bytes()).unwrap();
    let theirs = [THEIRS, "%26realm%3DPhotos"].concat();
    let expected = Expected::NONE.with_base_string(theirs.as_bytes());
    let found = question.explain(&Keys::UNKNOWN, &expected, &Limits::PERSON);
    assert_eq!(codes_of(found.unwrap().causes()), ["realm-included"]);
}

#[test]
fn a_form_may_be_at_hand_as_pairs() {
    let target = Target::parse("https://api.example.com/photos").unwrap();
    let request = RequestView::new("POST", target);
    let pairs = [Parameter::new("a b", "c&d"), Parameter::new("e", "")];
    let base_string = |request| {
        let question = Question::new(request, &[]);
        let found = question.explain(&Keys::UNKNOWN, &Expected::NONE, &Limits::PERSON);
        String::from(found.unwrap().base_string())
    };
    let of_pairs = base_string(request.with_form_pairs(&pairs));
    assert_eq!(of_pairs, base_string(request.with_form(b"a+b=c%26d&e=")));
    assert!(
        of_pairs.ends_with("&a%2520b%3Dc%2526d%26e%3D"),
        "{of_pairs}"
    );
}

/// Where several deviations each have several forms that come to the same, the sets are many.
#[test]
fn no_more_alternatives_are_told_than_one_can_look_at() {
    let mut asked = Asked::get("https://api.example.com/photos?a=1&a=1&b=%21");
    asked.params.truncate(1);
    let theirs = "GET&https%3A%2F%2Fapi.example.com%2Fphotos&a%3D1%26b%3D%21%26\
        oauth_consumer_key%3Ddpf43f3p2l4k3l03";
    let expected = Expected::NONE.with_base_string(theirs.as_bytes());
    let found = asked.explain(&expected, &Limits::PERSON);
    assert!(
        found.is_found() && found.alternatives().len() <= 8,
        "{found}"
    );
    let mut codes = codes_of(found.causes());
    codes.sort_unstable();
    assert_eq!(codes, ["duplicates-dropped", "reserved-left-raw"]);
}

#[test]
fn a_fragment_stands_behind_a_query_or_a_path_that_is_there() {
    let mut asked = Asked::get("https://api.example.com/photos");
    asked.fragment = Some("top".into());
    asked.params.truncate(1);
    let theirs = "GET&https%3A%2F%2Fapi.example.com%2Fphotos%23top&\
        oauth_consumer_key%3Ddpf43f3p2l4k3l03";
    for (theirs, codes) in [(theirs, &["fragment-kept"][..]), ("GET&a&b", &[])] {
        let expected = Expected::NONE.with_base_string(theirs.as_bytes());
        let found = asked.explain(&expected, &Limits::PERSON);
        assert_eq!(codes_of(found.causes()), codes, "{theirs}");
    }
}
