//! The table.

use crate::case::Case;

mod clocks;
mod forms;
mod plain;
mod redirects;
mod requests;
mod signing;

/// Every case, in an order that makes sense to read.
#[must_use]
pub fn table() -> Vec<&'static Case> {
    let parts = [
        plain::CASES,
        requests::CASES,
        forms::CASES,
        signing::CASES,
        redirects::EACH,
        redirects::OTHERS,
        clocks::CASES,
    ];
    parts.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::table;

    #[test]
    fn every_case_has_a_name_of_its_own_and_a_request_that_can_be_made() {
        let names: HashSet<_> = table().iter().map(|case| case.name).collect();
        assert_eq!(names.len(), table().len());
        assert!(table().len() > 100, "{}", table().len());
        for case in table() {
            let uri = format!("http://127.0.0.1{}", case.path);
            let mut request = http::Request::builder().method(case.method).uri(uri);
            for (name, value) in case.headers {
                request = request.header(*name, *value);
            }
            assert!(request.body(()).is_ok(), "{}", case.name);
        }
    }
}
