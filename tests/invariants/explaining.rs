use oauth1_core::{
    BaseString, Parameter, RequestView, Target,
    explain::{Expected, Keys, Limits, Question},
};

use super::{assert_one_line, fields};
use crate::reference;

const SECRET: &str = "what no input has in it";

/// Input: method, URL, `Authorization`, the other side's base string; the rest is a form.
pub(super) fn check(input: &[u8]) {
    let Some([method, url, header, base_string, form]) = fields::<5>(input) else {
        return;
    };
    let (Ok(method), Ok(url)) = (core::str::from_utf8(method), core::str::from_utf8(url)) else {
        return;
    };
    let Ok(target) = Target::parse(url) else {
        return;
    };
    let mut request = RequestView::new(method, target);
    if !form.is_empty() {
        request = request.with_form(form);
    }
    let mut limits = Limits::SERVER;
    // A fuzzer does not wait: a search of some dozens of base strings, three times.
    limits.work_bytes = 1 << 12;
    let keys = Keys::shared(SECRET, SECRET);

    if let Ok(question) = Question::received(request, header) {
        let expected = question.expected();
        let with_text = question.expected().with_base_string(base_string);
        for expected in [expected, with_text, Expected::NONE] {
            let Ok(explanation) = question.explain(&keys, &expected, &limits) else {
                continue;
            };
            let line = explanation.to_string();
            assert_one_line(&line);
            assert!(!line.contains(SECRET) && !format!("{explanation:?}").contains(SECRET));
            assert!(explanation.causes().len() <= limits.deviations);
            let _ = (explanation.differences(), explanation.first_difference());
        }
    }

    // What is right matches.
    let pairs = reference::form_pairs(b"oauth_consumer_key=c&oauth_nonce=n&a=%20");
    let protocol: Vec<_> = pairs
        .iter()
        .map(|(name, value)| Parameter::from_bytes(name, value))
        .collect();
    let mut slots = Vec::new();
    let ours = BaseString::of(&request, &protocol, &mut slots).expect("a heap");
    let ours = ours.to_string();
    let question = Question::new(request, &protocol);
    let expected = Expected::NONE.with_base_string(ours.as_bytes());
    if let Ok(explanation) = question.explain(&keys, &expected, &limits) {
        assert!(explanation.matches(), "{explanation}");
        assert_eq!(explanation.base_string(), ours);
    }
}
