//! Temporary credentials (RFC 5849 sections 2.1 to 2.3): from the client's request to the exchange.
//!
//! ```text
//! insert_temporary ──► Pending ── approve_temporary ──► Approved ── take_temporary ──► (gone)
//!                         │                                │ with the right verifier, once
//!                         └── deny_temporary ──► Denied    └── too many wrong ones ──► (gone)
//! ```
//!
//! Whatever the state: once they have expired, they are gone.

use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};
use core::future::Future;

use oauth1_core::{Secret, Timestamp};

use crate::{Creation, StoreError};

#[cfg(feature = "_kept")]
mod record;
#[cfg(feature = "_kept")]
pub(crate) use record::{Record, Then};

/// Temporary credentials, and what was asked for and decided with them.
#[doc(alias("request token", "request token secret"))]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Temporary {
    /// What goes into `oauth_token` until the exchange.
    pub identifier: String,
    /// The secret that signs the exchange.
    pub secret: Secret<'static>,
    /// The identifier of the client that asked for them, and alone may exchange them.
    pub client: String,
    /// Where the resource owner is sent afterwards.
    pub callback: Callback,
    /// What is asked for. Once approved: what is granted.
    pub realms: Vec<String>,
    /// When they were made.
    pub created: Timestamp,
    /// The last second in which they are known.
    pub expires: Timestamp,
    /// How many wrong verifiers may still come; with the one that brings it to zero they are gone.
    pub attempts: u32,
    /// What the resource owner has decided. [`TemporaryStore::insert_temporary`] takes them as
    /// pending whatever stands here.
    pub decision: Decision,
}

/// Where the resource owner goes after the decision (RFC 5849 section 2.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Callback {
    /// To this URI, with `oauth_token` and `oauth_verifier`.
    Uri(String),
    /// Nowhere: the verifier is shown to be carried over by hand (`oob`).
    OutOfBand,
}

/// What the resource owner has decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Decision {
    /// Nothing yet.
    #[default]
    Pending,
    /// Yes: this owner.
    Approved {
        /// The application's name for the resource owner.
        owner: String,
    },
    /// No.
    Denied,
}

impl Temporary {
    /// How many wrong verifiers are borne where nothing else is said: a verifier that people copy by
    /// hand has perhaps 20 bits, of which five guesses find one in 200,000.
    pub const ATTEMPTS: u32 = 5;

    /// Temporary credentials that nobody has decided on.
    #[must_use]
    pub fn new(
        identifier: impl Into<String>,
        secret: Secret<'static>,
        client: impl Into<String>,
        callback: Callback,
        created: Timestamp,
        expires: Timestamp,
    ) -> Self {
        Self {
            identifier: identifier.into(),
            secret,
            client: client.into(),
            callback,
            realms: Vec::new(),
            created,
            expires,
            attempts: Self::ATTEMPTS,
            decision: Decision::Pending,
        }
    }
}

/// A resource owner's yes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Approval {
    /// The application's name for the resource owner.
    pub owner: String,
    /// What the exchange must bring: `oauth_verifier`. Stores keep a hash of it.
    pub verifier: Secret<'static>,
    /// What is granted; `None` grants all that was asked for. It is for the caller to grant no more.
    pub realms: Option<Vec<String>>,
}

impl Approval {
    /// Grants all that was asked for.
    #[must_use]
    pub fn new(owner: impl Into<String>, verifier: Secret<'static>) -> Self {
        Self {
            owner: owner.into(),
            verifier,
            realms: None,
        }
    }
}

/// What came of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "only a decision that was taken down may be shown as one"]
#[expect(clippy::enum_variant_names, reason = "it says in full what it is")]
pub enum Decided {
    /// It is taken down.
    Done,
    /// Another decision was there first, and stands.
    AlreadyDecided,
    /// There are no such temporary credentials, or no longer.
    Unknown,
}

/// What came of an exchange.
#[derive(Clone, Debug)]
#[must_use = "only the one who took them may have token credentials"]
#[expect(clippy::enum_variant_names, reason = "taken is what they are")]
pub enum Taken {
    /// They are this caller's, and gone from the store. [`Temporary::decision`] is
    /// [`Decision::Approved`].
    Taken(Box<Temporary>),
    /// There are none of this identifier, not of this client, or no longer.
    Unknown,
    /// The resource owner has not decided yet. They stay.
    Pending,
    /// The resource owner has said no. They stay, so that it can be told, until they expire.
    Denied,
    /// The verifier is another. They stay if there are attempts left, and are gone if there are none.
    WrongVerifier {
        /// How many more wrong ones are borne.
        attempts_left: u32,
    },
}

/// Keeps temporary credentials.
///
/// Each method is one atomic step on the credentials of one identifier, for all tasks, processes and
/// machines that share the store. Where it is not, two exchanges get a token each for one consent, or
/// an approval overwrites a denial.
pub trait TemporaryStore: Send + Sync + 'static {
    /// Adds temporary credentials that nobody has decided on, unless the identifier is taken.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Full`] where the store has a bound.
    fn insert_temporary(
        &self,
        temporary: Temporary,
        now: Timestamp,
    ) -> impl Future<Output = Result<Creation, StoreError>> + Send;

    /// Those of this identifier, unless they have expired: for the signature of the exchange, and
    /// for the page that asks the resource owner.
    ///
    /// # Errors
    /// [`StoreError`].
    fn temporary(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<Temporary>, StoreError>> + Send;

    /// Takes down the resource owner's yes, if nothing is decided yet. The first decision stands:
    /// a later one, a double submit or a second owner's, changes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    fn approve_temporary(
        &self,
        identifier: &str,
        approval: Approval,
        now: Timestamp,
    ) -> impl Future<Output = Result<Decided, StoreError>> + Send;

    /// Takes down the resource owner's no, if nothing is decided yet.
    ///
    /// # Errors
    /// [`StoreError`].
    fn deny_temporary(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Decided, StoreError>> + Send;

    /// The exchange (RFC 5849 section 2.3): checks client, decision and verifier, and removes the
    /// credentials, in one step. Exactly one of any number of concurrent exchanges gets
    /// [`Taken::Taken`]; each wrong verifier is counted, concurrent ones too.
    ///
    /// The client is checked first, so that another client's guesses use up nobody's attempts. It is
    /// for the caller to ask only once the signature holds.
    ///
    /// Verifiers are compared in a time that does not tell how much of a guess is right: compare
    /// hashes.
    ///
    /// # Errors
    /// [`StoreError`]. Where the answer is lost on its way, the credentials may be gone: the flow
    /// begins anew.
    fn take_temporary(
        &self,
        identifier: &str,
        client: &str,
        verifier: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Taken, StoreError>> + Send;
}

impl<S: TemporaryStore> TemporaryStore for Arc<S> {
    fn insert_temporary(
        &self,
        temporary: Temporary,
        now: Timestamp,
    ) -> impl Future<Output = Result<Creation, StoreError>> + Send {
        (**self).insert_temporary(temporary, now)
    }

    fn temporary(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<Temporary>, StoreError>> + Send {
        (**self).temporary(identifier, now)
    }

    fn approve_temporary(
        &self,
        identifier: &str,
        approval: Approval,
        now: Timestamp,
    ) -> impl Future<Output = Result<Decided, StoreError>> + Send {
        (**self).approve_temporary(identifier, approval, now)
    }

    fn deny_temporary(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Decided, StoreError>> + Send {
        (**self).deny_temporary(identifier, now)
    }

    fn take_temporary(
        &self,
        identifier: &str,
        client: &str,
        verifier: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Taken, StoreError>> + Send {
        (**self).take_temporary(identifier, client, verifier, now)
    }
}
