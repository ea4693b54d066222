//! A signature that does not match, for the one who runs the server.

use core::fmt;

use oauth1_core::{
    RequestView, VerifyingKey,
    explain::{Explanation, Limits, Question},
    verify::{Received, Rejection},
};

/// A request whose signature is not the one that its credentials make, for
/// [`VerifyLayer::on_mismatch`](super::VerifyLayer::on_mismatch): all that is needed to say why.
///
/// It is made for an unknown client and an unknown token as well, with a key that stands in for the one
/// that nobody has: so that whoever measures how long a refusal takes does not learn which it was.
#[derive(Clone, Copy)]
pub struct Mismatch<'r> {
    pub(super) request: RequestView<'r>,
    pub(super) received: &'r Received<'r>,
    pub(super) rejection: Rejection,
    pub(super) key: &'r dyn VerifyingKey,
    /// The value of its `Authorization` header, where it has one of OAuth.
    pub(super) authorization: Option<&'r [u8]>,
}

impl<'r> Mismatch<'r> {
    /// The request as the server sees it.
    #[must_use]
    pub const fn request(&self) -> &RequestView<'r> {
        &self.request
    }

    /// What the request claims. Its base string is the server's own: compare it with the client's.
    pub const fn received(&self) -> &Received<'r> {
        self.received
    }

    /// Whether the signature is wrong, or client or token unknown.
    #[must_use]
    pub const fn rejection(&self) -> &Rejection {
        &self.rejection
    }

    /// The key that was asked.
    #[must_use]
    pub const fn key(&self) -> &'r dyn VerifyingKey {
        self.key
    }

    /// What the client does otherwise than RFC 5849 has it: the smallest set of known deviations that makes
    /// its signature, or none that was found. For the server's owner and the client's, never for the peer:
    /// it says how near a guess came. Shown, it is one line without a secret.
    ///
    /// It takes some milliseconds, and at the most what
    /// [`Limits::SERVER`](oauth1_core::explain::Limits::SERVER) says. `None` where the request exceeds that.
    #[must_use]
    pub fn explain(&self) -> Option<Explanation> {
        let header = self.authorization.unwrap_or_default();
        let question = Question::received(self.request, header).ok()?;
        let keys = self.key.explaining(self.received.signature_method());
        let expected = question.expected();
        question.explain(&keys, &expected, &Limits::SERVER).ok()
    }
}

/// Without the base string, in which forms stand with all their fields.
impl fmt::Debug for Mismatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mismatch")
            .field("received", self.received)
            .field("rejection", &self.rejection)
            .finish_non_exhaustive()
    }
}
