//! What an adapter tells of a request beside its response.

use alloc::sync::Arc;
use core::fmt;

use ::http::Uri;

use super::{Attempt, Stop};
use crate::stamp::UsedStamp;

/// How a response came about: where the last request went, the timestamp and nonce that it was signed
/// with, and what the exchange did not do by itself. Adapters put one into the extensions of each response.
#[derive(Clone)]
pub struct Report(Arc<Inner>);

struct Inner {
    uri: Uri,
    stamp: Option<UsedStamp<'static>>,
    stop: Option<Stop>,
}

impl Report {
    /// Of the attempt that was answered: where it went, and with which stamp. `stop` is that of
    /// [`Step::Stopped`](super::Step::Stopped).
    #[must_use]
    pub fn new(uri: Uri, stamp: Option<UsedStamp<'static>>, stop: Option<Stop>) -> Self {
        Self(Arc::new(Inner { uri, stamp, stop }))
    }

    /// Where the last request went, redirects included.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.0.uri
    }

    /// The timestamp and the nonce of the last request: some replies must be checked against them, such
    /// as MediaWiki's `identify`. `None` where it was sent unsigned.
    #[must_use]
    pub fn stamp(&self) -> Option<&UsedStamp<'static>> {
        self.0.stamp.as_ref()
    }

    /// What was not done by itself: the response is a redirect that is not followed then, most often
    /// because it leads to another origin.
    #[must_use]
    pub fn stop(&self) -> Option<&Stop> {
        self.0.stop.as_ref()
    }
}

impl Attempt {
    /// Takes the stamp out, for a [`Report`].
    #[must_use]
    pub const fn take_stamp(&mut self) -> Option<UsedStamp<'static>> {
        self.stamp.take()
    }
}

/// Without the URI, whose query may hold the protocol parameters.
impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("stamp", &self.stamp())
            .field("stop", &self.stop())
            .finish_non_exhaustive()
    }
}
