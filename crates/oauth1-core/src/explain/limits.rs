//! How much a search may cost.

/// How much a search may cost: every request ends it sooner or later, also one that was made for
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How many parameters a request may have: as many as a server lets in, twice over.
    pub parameters: usize,
    /// How many bytes path, parameters and body may have. A base string is up to nine times as
    /// long, since a byte may become `%25XX`.
    pub input_bytes: usize,
    /// After how many bytes of base strings the search ends, the sets of three deviations
    /// unfinished. A common request of 20 parameters needs about a third of the default; a
    /// verification with an RSA key counts as [`Self::RSA_WORK`] bytes.
    pub work_bytes: u64,
    /// How many deviations a set may hold: 1 to 3.
    pub deviations: usize,
}

impl Limits {
    /// For a person who waits: well under a second for what is common, a few for the worst.
    pub const PERSON: Self = Self {
        parameters: 512,
        input_bytes: 1 << 20,
        work_bytes: 256 << 20,
        deviations: 3,
    };

    /// For a server that logs why it refused a request: sets of two, some milliseconds.
    pub const SERVER: Self = Self {
        parameters: 256,
        input_bytes: 64 << 10,
        work_bytes: 8 << 20,
        deviations: 2,
    };

    /// About as many bytes as are encoded and hashed in the time of one verification with RSA.
    pub const RSA_WORK: u64 = 32 << 10;
}

impl Default for Limits {
    fn default() -> Self {
        Self::PERSON
    }
}
