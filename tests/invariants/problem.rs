use http::{HeaderMap, HeaderValue, header::WWW_AUTHENTICATE};
use oauth1_core::problem::{Code, Problem};

use super::assert_one_line;

/// Input: a challenge, or a form.
pub(super) fn check(input: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in input.split(|&byte| byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            let _ = headers.try_append(WWW_AUTHENTICATE, value);
        }
    }
    let found = [
        Problem::from_challenge(input),
        Problem::from_form(input),
        Problem::from_headers(&headers),
    ];
    for problem in found.into_iter().flatten() {
        assert_one_line(&problem.to_string());
        assert!(!problem.name().is_empty() && problem.name().chars().count() <= 128);
        assert_eq!(Code::parse(problem.name()), problem.code());
        assert!(
            problem
                .advice()
                .is_none_or(|advice| advice.chars().count() <= 1024)
        );
        for list in [problem.parameters_absent(), problem.parameters_rejected()] {
            assert!(list.len() <= 32);
            for name in list {
                assert_one_line(name);
            }
        }
    }
}
