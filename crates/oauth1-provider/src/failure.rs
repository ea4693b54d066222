//! Why an endpoint gives no credentials.

use oauth1_core::provider::Refusal;
use oauth1_store::StoreError;

use crate::random::RandomSourceError;

/// Why an endpoint gives no credentials: through the sender's fault, or the server's.
#[derive(Debug)]
pub(crate) enum Failure {
    Refused(Refusal),
    Store(StoreError),
    Random(RandomSourceError),
}

impl Failure {
    /// One word for logs.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Store(error) => error.code(),
            Self::Random(_) => "random_source",
        }
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Random(error) => error.fmt(f),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<RandomSourceError> for Failure {
    fn from(error: RandomSourceError) -> Self {
        Self::Random(error)
    }
}
