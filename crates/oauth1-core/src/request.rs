//! A request as far as it is signed: a borrowed view of what is sent.

use crate::{parameters::Slot, target::Target, value::Parameter};

/// The parts of a request that a signature covers, borrowed.
///
/// What of the body is signed is for the caller to state: the core reads no headers. The feature
/// `http` makes views of the `http` crate's requests and derives it from their `Content-Type`.
///
/// ```
/// use oauth1_core::{RequestView, Target};
///
/// let target = Target::parse("https://api.example.com/1/statuses?page=2")?;
/// let get = RequestView::new("GET", target);
/// let form = RequestView::new("POST", target).with_form(b"status=Hello%20Ladies");
/// let json = RequestView::new("POST", target).with_body(br#"{"status":"Hello"}"#);
/// # Ok::<(), oauth1_core::UriError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RequestView<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: Target<'a>,
    pub(crate) body: Body<'a>,
    pub(crate) known: Option<Known<'a>>,
}

/// What an [`Endpoint`](crate::Endpoint) has found out already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    /// The base string up to its parameters.
    pub(crate) start: &'a [u8],
    /// The parameters of the query, sorted.
    pub(crate) query: &'a [Slot],
}

/// What a request's body is to a signature.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub enum Body<'a> {
    /// There is none.
    #[default]
    None,
    /// A single-part body in form encoding with the `Content-Type` of a form (RFC 5849 section
    /// 3.4.1.3.1), as it is sent: its pairs are signed.
    Form(&'a [u8]),
    /// The same as decoded pairs, for who encodes them afterwards.
    FormPairs(&'a [Parameter<'a>]),
    /// Any other body: signed through `oauth_body_hash`, or not at all.
    Opaque(&'a [u8]),
    /// Any other body that is not at hand: nothing of it is signed, unless its hash is given or,
    /// when verifying, checked as it flows.
    Streamed,
}

impl<'a> RequestView<'a> {
    /// A request without a body. The method is signed in upper case (section 3.4.1.1).
    #[must_use]
    pub const fn new(method: &'a str, target: Target<'a>) -> Self {
        Self {
            method,
            target,
            body: Body::None,
            known: None,
        }
    }

    /// The same with another body.
    #[must_use]
    pub const fn with(self, body: Body<'a>) -> Self {
        Self { body, ..self }
    }

    /// With a form as it is sent.
    #[must_use]
    pub const fn with_form(self, form: &'a [u8]) -> Self {
        self.with(Body::Form(form))
    }

    /// With a form that is given as decoded pairs.
    #[must_use]
    pub const fn with_form_pairs(self, pairs: &'a [Parameter<'a>]) -> Self {
        self.with(Body::FormPairs(pairs))
    }

    /// With a body that is no form.
    #[must_use]
    pub const fn with_body(self, body: &'a [u8]) -> Self {
        self.with(Body::Opaque(body))
    }

    /// The method, as it was given.
    #[must_use]
    pub const fn method(&self) -> &'a str {
        self.method
    }

    /// Where it goes.
    #[must_use]
    pub const fn target(&self) -> Target<'a> {
        self.target
    }

    /// What its body is.
    #[must_use]
    pub const fn body(&self) -> Body<'a> {
        self.body
    }
}
