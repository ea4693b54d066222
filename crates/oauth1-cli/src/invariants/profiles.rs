use crate::profile::Stored;

/// Input: the content of a profile's file.
pub(super) fn check(input: &[u8]) {
    match Stored::read(input) {
        Ok(stored) => {
            let written = stored.write();
            let again = Stored::read(&written).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(*again.write(), *written);
            // It may name a provider that there is not.
            if let Err(problem) = stored.provider() {
                super::assert_one_line(problem.message());
            }
        }
        // Where it is wrong, and nothing of what stands there, which may be a secret.
        Err(error) => {
            let place = error.strip_prefix("this is no profile of version 1: line ");
            let (line, column) = place
                .and_then(|place| place.split_once(", column "))
                .expect("a place");
            for number in [line, column] {
                assert!(number.parse::<usize>().is_ok(), "{error}");
            }
        }
    }
}
