//! Why a signature does not match: finds the smallest set of known deviations from RFC 5849 that
//! makes what the other side has.
//!
//! What is asked is a [`Question`]: a request, its protocol parameters, and what else is known of
//! it. What the other side has is [`Expected`]: its signature, its base string, or both. The
//! [`Keys`] are needed for a signature, not for a base string.
//!
//! ```
//! # #[cfg(feature = "hmac-sha1")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use oauth1_core::{
//!     RequestView, Target,
//!     explain::{Expected, Keys, Limits, Question},
//! };
//!
//! // A client that signs a POST without its query sends this; its server refuses it.
//! let target = Target::parse("https://api.example.com/search?startIndex=0")?;
//! let request = RequestView::new("POST", target);
//! let header = b"OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_nonce=\"chapoH\", \
//!     oauth_timestamp=\"137131202\", oauth_signature_method=\"HMAC-SHA1\", \
//!     oauth_signature=\"918%2B92e71X9v9BUDXkXp%2ByB0YnI%3D\"";
//! let question = Question::received(request, header)?;
//!
//! let explanation = question.explain(
//!     &Keys::shared("kd94hf93k423kf44", ""),
//!     &question.expected(),
//!     &Limits::PERSON,
//! )?;
//! let causes: Vec<_> = explanation.causes().iter().map(|cause| cause.code()).collect();
//! assert_eq!(causes, ["query-omitted"]);
//! println!("{}", explanation.causes()[0].fix());
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "hmac-sha1"))]
//! # fn main() {}
//! ```
//!
//! # On a server
//!
//! A server that refused a request asks the same with what it has: [`Question::received`],
//! [`Limits::SERVER`] and the secrets that it looked up. It logs the answer: `"{explanation}"` is
//! one line, which holds codes and nothing of a secret. It is some milliseconds of work without a
//! lock, an await or another thread, so it is to be done for a share of the refusals where there are
//! many. What is found is for the server's owner and never for the peer: it says how near a guess
//! came.
//!
//! # How it searches
//!
//! The deviations are a table. Each changes a model of what is signed: method, URI, a list of
//! parameters, their order and encoding, the key. Sets of one are tried first, then of two, then of
//! three, the common ones before the rare. Whatever leads to a base string that has been seen is
//! passed over, and no base string is signed twice with the same key. [`Limits`] end it.

use alloc::{borrow::Cow, vec::Vec};
use core::fmt;

pub use self::{
    difference::{Difference, FirstDifference},
    explanation::{Cause, Explanation},
    key::Keys,
    limits::Limits,
};
use crate::{
    authorization::{AuthorizationHeader, HeaderError, HeaderParameter},
    request::RequestView,
    value::{Parameter, Value},
};

mod candidates;
mod deviations;
mod difference;
mod explanation;
mod facts;
mod key;
mod limits;
mod model;
mod search;

/// A request whose signature is in question.
#[derive(Clone)]
pub struct Question<'a> {
    request: RequestView<'a>,
    /// The protocol parameters of the header, decoded.
    protocol: Vec<(Vec<u8>, Vec<u8>)>,
    realm: Option<Cow<'a, [u8]>>,
    fragment: Option<&'a str>,
    sent_signature: Option<Vec<u8>>,
    body_fields: &'a [Parameter<'a>],
    signature_method: Option<&'a str>,
}

impl<'a> Question<'a> {
    /// Of a request and the protocol parameters that it is sent with in a header; those in query or
    /// form are found there. An `oauth_signature` among them is not signed.
    #[must_use]
    pub fn new(request: RequestView<'a>, protocol: &[Parameter<'_>]) -> Self {
        let mut question = Self {
            request,
            protocol: Vec::new(),
            realm: None,
            fragment: None,
            sent_signature: None,
            body_fields: &[],
            signature_method: None,
        };
        for pair in protocol {
            question.push(pair.name(), pair.value());
        }
        question
    }

    /// Of a request as it was received: with the value of its `Authorization` header, from which
    /// protocol parameters, realm and signature are taken. A header of another scheme has none.
    ///
    /// # Errors
    /// [`HeaderError`] when the header cannot be read.
    pub fn received(
        request: RequestView<'a>,
        authorization: &'a [u8],
    ) -> Result<Self, HeaderError> {
        let mut question = Self::new(request, &[]);
        let header = AuthorizationHeader::parse(authorization);
        for parameter in header.iter().flat_map(AuthorizationHeader::parameters) {
            match parameter? {
                HeaderParameter::Realm(realm) => {
                    question.realm = Some(Cow::Owned(realm.bytes().collect()));
                }
                HeaderParameter::Pair { name, value } => question.push(name, value),
            }
        }
        Ok(question)
    }

    fn push(&mut self, name: Value<'_>, value: Value<'_>) {
        let value = value.to_bytes().into_owned();
        if name == "oauth_signature" {
            self.sent_signature = Some(value);
        } else {
            self.protocol.push((name.to_bytes().into_owned(), value));
        }
    }

    /// With the realm of its header, which some programs sign.
    #[must_use]
    pub fn with_realm(self, realm: &'a str) -> Self {
        Self {
            realm: Some(Cow::Borrowed(realm.as_bytes())),
            ..self
        }
    }

    /// With the fragment that its URL had, without the `#`: some programs sign it.
    #[must_use]
    pub const fn with_fragment(mut self, fragment: &'a str) -> Self {
        self.fragment = Some(fragment);
        self
    }

    /// With the fields of a body that is no form, such as those of a JSON object: some programs
    /// sign them as if they were of a form.
    #[must_use]
    pub const fn with_body_fields(mut self, fields: &'a [Parameter<'a>]) -> Self {
        self.body_fields = fields;
        self
    }

    /// With the signature method that is used, where `oauth_signature_method` does not say it.
    #[must_use]
    pub const fn with_signature_method(mut self, method: &'a str) -> Self {
        self.signature_method = Some(method);
        self
    }

    /// What the request itself says of the other side: its `oauth_signature`, wherever it travels.
    #[must_use]
    pub fn expected(&self) -> Expected<'static> {
        let signature = self.sent_signature.clone().or_else(|| {
            let facts = facts::Facts::new(self, &Limits::PERSON).ok()?;
            facts.sent_signature
        });
        Expected {
            signature: signature.map(Cow::Owned),
            base_string: None,
        }
    }

    /// Finds out what the other side does otherwise.
    ///
    /// # Errors
    /// [`TooLarge`] when the request exceeds the limits.
    pub fn explain(
        &self,
        keys: &Keys<'_>,
        expected: &Expected<'_>,
        limits: &Limits,
    ) -> Result<Explanation, TooLarge> {
        search::run(self, keys, expected, limits)
    }
}

/// Without the signature, which under PLAINTEXT is the secrets.
impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question")
            .field("method", &self.request.method())
            .field("target", &self.request.target())
            .field("realm", &self.realm)
            .finish_non_exhaustive()
    }
}

/// What the other side has.
#[derive(Clone, Default)]
pub struct Expected<'a> {
    signature: Option<Cow<'a, [u8]>>,
    base_string: Option<&'a [u8]>,
}

impl<'a> Expected<'a> {
    /// Nothing.
    pub const NONE: Self = Self {
        signature: None,
        base_string: None,
    };

    /// With the signature that it computed or sent: base64, also if it is still percent-encoded;
    /// under PLAINTEXT the text of the key, not encoded.
    #[must_use]
    pub fn with_signature(self, signature: &'a str) -> Self {
        Self {
            signature: Some(Cow::Borrowed(signature.as_bytes())),
            ..self
        }
    }

    /// With the base string that it signs, as servers and libraries print it.
    #[must_use]
    pub const fn with_base_string(mut self, base_string: &'a [u8]) -> Self {
        self.base_string = Some(base_string);
        self
    }

    /// Whether there is anything to compare with.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.signature.is_none() && self.base_string.is_none()
    }
}

/// Without the signature, which under PLAINTEXT is the secrets.
impl fmt::Debug for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected").finish_non_exhaustive()
    }
}

/// A request is larger than the limits of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TooLarge {
    /// It has more parameters than [`Limits::parameters`].
    Parameters,
    /// It has more than so many bytes: [`Limits::input_bytes`].
    Bytes(usize),
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameters => f.write_str("the request has too many parameters to be explained"),
            Self::Bytes(limit) => write!(
                f,
                "the request is too large to be explained: at most {limit} bytes of path, \
                 parameters and body"
            ),
        }
    }
}

impl core::error::Error for TooLarge {}

/// The codes of all known deviations, the most common first.
#[must_use]
pub fn codes() -> Vec<&'static str> {
    let mut all: Vec<_> = deviations::all().collect();
    all.sort_by_key(|deviation| deviation.rank);
    let mut codes = Vec::with_capacity(all.len());
    for deviation in all {
        if !codes.contains(&deviation.code) {
            codes.push(deviation.code);
        }
    }
    codes
}

#[cfg(test)]
#[cfg(all(
    feature = "hmac-sha1",
    feature = "hmac-sha256",
    feature = "hmac-sha512",
    feature = "plaintext"
))]
mod tests;
