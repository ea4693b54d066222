use oauth1_core::{Origin, Target};

use super::assert_one_line;
use crate::reference;

/// Input: a URL.
pub(super) fn check(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else {
        return;
    };
    if let Ok(origin) = Origin::parse(text) {
        let printed = origin.to_string();
        assert_eq!(Origin::parse(&printed), Ok(origin), "{printed:?}");
    }
    let target = match Target::parse(text) {
        Ok(target) => target,
        Err(error) => return assert_one_line(&error.to_string()),
    };
    let uri = target.base_string_uri().to_string();
    let (expected, query) = reference::split_url(text);
    assert_eq!(uri, expected);
    assert_eq!(target.query().unwrap_or_default(), query);

    let again = Target::parse(&uri).expect("a base string URI is a URI");
    assert_eq!(again.base_string_uri(), target.base_string_uri());
    assert_eq!(again.origin(), target.origin());
    assert_eq!(again.query(), None);
}
