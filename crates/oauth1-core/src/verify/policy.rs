//! What a server demands of a request.

/// What a server demands of a request, and how much of one it looks at. Strict as it comes.
///
/// ```
/// use oauth1_core::verify::{BodyHashPolicy, Policy};
///
/// let policy = Policy::new()
///     .with_window(60)
///     .with_methods(&["HMAC-SHA256", "RSA-SHA256"])
///     .with_body_hash(BodyHashPolicy::Required);
/// assert_eq!(policy.window(), 60);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Policy<'p> {
    pub(super) window: u64,
    pub(super) methods: &'p [&'p str],
    pub(super) plaintext_without_tls: bool,
    pub(super) body_hash: BodyHashPolicy,
    pub(super) several_locations: bool,
    pub(super) limits: Limits,
}

/// Whether a server insists on `oauth_body_hash`. One that is there is always checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyHashPolicy {
    /// A body that is no form may come unsigned: what RFC 5849 has.
    #[default]
    Optional,
    /// A body that is there and is no form must come with it; PLAINTEXT, which has no digest, is exempt.
    Required,
    /// A request without a form must bring it, with or without a body: what some providers ask.
    /// PLAINTEXT is exempt.
    Always,
}

/// How much of a request is looked at: beyond it is refused, so that memory and time are bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one `Authorization` header: 16 KiB, twice what most servers let through.
    pub header_bytes: usize,
    /// Bytes of a query: 64 KiB, eight times the longest that servers commonly let through.
    pub query_bytes: usize,
    /// Bytes of a form: 1 MiB. Who reads bodies stops there too.
    pub form_bytes: usize,
    /// Parameters of header, query and form together: 1,000, which is what PHP reads of a form.
    pub parameters: usize,
    /// Bytes of a nonce: 255, so that a store need not remember novels. Clients seen send 6 to 64.
    pub nonce_bytes: usize,
    /// Bytes of a client or token identifier: 1,024, so that no lookup is a burden. Identifiers seen
    /// have up to some 200.
    pub identifier_bytes: usize,
}

impl Limits {
    /// The limits that the fields name.
    pub const DEFAULT: Self = Self {
        header_bytes: 16 * 1024,
        query_bytes: 64 * 1024,
        form_bytes: 1024 * 1024,
        parameters: 1_000,
        nonce_bytes: 255,
        identifier_bytes: 1_024,
    };
}

macro_rules! limits {
    ($($method:ident: $field:ident, $what:literal;)*) => {
        impl Limits {
            $(
                #[doc = concat!("With another limit to the ", $what, ".")]
                #[must_use]
                pub const fn $method(self, limit: usize) -> Self {
                    Self { $field: limit, ..self }
                }
            )*
        }
    };
}

limits! {
    with_header_bytes: header_bytes, "bytes of one `Authorization` header";
    with_query_bytes: query_bytes, "bytes of a query";
    with_form_bytes: form_bytes, "bytes of a form";
    with_parameters: parameters, "number of parameters";
    with_nonce_bytes: nonce_bytes, "bytes of a nonce";
    with_identifier_bytes: identifier_bytes, "bytes of an identifier";
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Every method that this crate knows. The key that is found for a client decides which of them it can
/// serve.
const ALL_METHODS: &[&str] = &[
    "HMAC-SHA1",
    "HMAC-SHA256",
    "HMAC-SHA512",
    "RSA-SHA1",
    "RSA-SHA256",
    "RSA-SHA512",
    "RSA-PSS",
    "PLAINTEXT",
];

impl Policy<'static> {
    /// Five minutes to either side, every method that this crate knows, PLAINTEXT over TLS alone,
    /// body hashes checked where they are, and the protocol parameters in one place.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            window: 300,
            methods: ALL_METHODS,
            plaintext_without_tls: false,
            body_hash: BodyHashPolicy::Optional,
            several_locations: false,
            limits: Limits::DEFAULT,
        }
    }
}

impl Default for Policy<'static> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'p> Policy<'p> {
    /// How many seconds a timestamp may be behind or ahead of the server's clock (RFC 5849 section
    /// 3.3). A store must remember a nonce for as long as its timestamp is accepted.
    #[must_use]
    pub const fn with_window(self, seconds: u64) -> Self {
        Self {
            window: seconds,
            ..self
        }
    }

    /// The values of `oauth_signature_method` that are let in; letters as they are.
    #[must_use]
    pub const fn with_methods<'q>(self, methods: &'q [&'q str]) -> Policy<'q>
    where
        'p: 'q,
    {
        Policy { methods, ..self }
    }

    /// Lets PLAINTEXT in without TLS: its signature is the secrets, for everybody to read.
    /// RFC 5849 section 3.4.4: it "MUST be used with a transport-layer mechanism such as TLS".
    #[must_use]
    pub const fn allow_plaintext_without_tls(self) -> Self {
        Self {
            plaintext_without_tls: true,
            ..self
        }
    }

    /// Whether `oauth_body_hash` is demanded.
    #[must_use]
    pub const fn with_body_hash(self, body_hash: BodyHashPolicy) -> Self {
        Self { body_hash, ..self }
    }

    /// Lets `oauth_` parameters stand in several places, such as some in the header and some in the
    /// query. RFC 5849 section 3.5: they "MUST NOT" be in more than one; one twice is refused all the
    /// same.
    #[must_use]
    pub const fn allow_several_locations(self) -> Self {
        Self {
            several_locations: true,
            ..self
        }
    }

    /// How much of a request is looked at.
    #[must_use]
    pub const fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// How many seconds a timestamp may be off, to either side.
    #[must_use]
    pub const fn window(&self) -> u64 {
        self.window
    }

    /// How much of a request is looked at.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        self.limits
    }
}
