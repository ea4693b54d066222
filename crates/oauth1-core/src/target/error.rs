//! Why a text is no URI.

use core::fmt;

/// Why a text is not a URI that a request can be signed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UriError {
    kind: UriErrorKind,
    offset: usize,
}

/// The kinds of [`UriError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UriErrorKind {
    /// There is no `scheme://`.
    NotAbsolute,
    /// The scheme is empty or holds a character that no scheme holds.
    Scheme,
    /// The host is empty, or holds a character that no host holds (one outside ASCII must be
    /// written in its `xn--` form).
    Host,
    /// The port is not a number from 1 to 65535.
    Port,
    /// White space or a control character, which must be percent-encoded.
    Character,
    /// An origin was asked for, and there is more: a user, a path, a query or a fragment.
    NotAnOrigin,
}

impl UriError {
    pub(crate) const fn new(kind: UriErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> UriErrorKind {
        self.kind
    }

    /// Where, in bytes from the start of the text.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            UriErrorKind::NotAbsolute => {
                "the URL is not absolute: it must start with https:// or http://"
            }
            UriErrorKind::Scheme => "the URL has no valid scheme",
            UriErrorKind::Host => "the URL has no valid host",
            UriErrorKind::Port => "the port of the URL is not a number from 1 to 65535",
            UriErrorKind::Character => {
                "the URL holds white space or a control character, which must be percent-encoded"
            }
            UriErrorKind::NotAnOrigin => {
                "an origin has no path and no query, no user and no fragment"
            }
        };
        write!(f, "{what} (at byte {})", self.offset)
    }
}

impl core::error::Error for UriError {}
