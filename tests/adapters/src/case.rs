//! A line of the table.

use oauth1_core::{BodyHashRule, Transmission, exchange::OtherOrigins};

use crate::{adapter::Content, server::Place};

/// A line of the table: a request, how it is signed, and what must come of it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What it is about.
    pub name: &'static str,
    /// The request's method.
    pub method: &'static str,
    /// The server's address that it is sent to.
    pub place: Place,
    /// Path and query. The path says what the server does: see [`Server`](crate::Server).
    pub path: &'static str,
    /// Headers of the caller's.
    pub headers: &'static [(&'static str, &'static str)],
    /// The body.
    pub body: Content,
    /// Over HTTP/2.
    pub http2: bool,
    /// How it is signed.
    pub signing: Signing,
    /// What the client does about other origins.
    pub other_origins: OtherOrigins,
    /// How many redirects it follows.
    pub redirect_limit: u8,
    /// How often it sends again what got no response.
    pub retries: u8,
    /// Whether it corrects its clock.
    pub corrects_clock: bool,
    /// How many bytes of a form it buffers.
    pub form_limit: usize,
    /// What the adapter gives back.
    pub outcome: Outcome,
    /// What reaches the server, in its order: `main POST /path?query verified, with body`. The
    /// parameters that sign are left out.
    pub hops: &'static [&'static str],
}

/// How a request is signed.
#[derive(Clone, Copy, Debug)]
pub struct Signing {
    /// The signature method.
    pub method: Method,
    /// Where the protocol parameters travel.
    pub transmission: Transmission,
    /// The realm of the header.
    pub realm: Option<&'static str>,
    /// When a body is hashed.
    pub body_hash: BodyHashRule,
    /// Whether `oauth_version` is sent.
    pub version: bool,
    /// Which token is sent.
    pub token: Token,
    /// Whether callback, verifier and a parameter of an extension are sent.
    pub parameters: bool,
    /// Whether the server must see a hash of the body.
    pub expects_body_hash: bool,
}

/// What is sent as `oauth_token`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// The one of token credentials.
    Given,
    /// None: two-legged.
    None,
    /// None, and `oauth_token` without a value, which some servers want.
    Empty,
}

/// A signature method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// HMAC-SHA1.
    HmacSha1,
    /// HMAC-SHA256.
    HmacSha256,
    /// HMAC-SHA512.
    HmacSha512,
    /// RSA-SHA1.
    RsaSha1,
    /// RSA-SHA256.
    RsaSha256,
    /// RSA-SHA512.
    RsaSha512,
    /// RSA-PSS.
    RsaPss,
    /// PLAINTEXT, which is let through without TLS here.
    Plaintext,
}

impl Method {
    /// The value of `oauth_signature_method`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::HmacSha512 => "HMAC-SHA512",
            Self::RsaSha1 => "RSA-SHA1",
            Self::RsaSha256 => "RSA-SHA256",
            Self::RsaSha512 => "RSA-SHA512",
            Self::RsaPss => "RSA-PSS",
            Self::Plaintext => "PLAINTEXT",
        }
    }
}

/// What the adapter gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer with this status.
    Status(u16),
    /// An error whose text, or that of one of its sources, has this in it.
    Error(&'static str),
    /// An error with this text, or the answer that redirects: what is not followed.
    Stopped(&'static str),
    /// An answer with this status, and what reaches the server, or an error of this text, and nothing
    /// reaches it: adapters that buffer what flows do the first, others the second.
    Either(u16, &'static str),
}

impl Case {
    /// A request that is verified where it is sent to, and not redirected.
    #[must_use]
    pub const fn new(
        name: &'static str,
        method: &'static str,
        path: &'static str,
        hops: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            method,
            place: Place::Main,
            path,
            headers: &[],
            body: Content::Empty,
            http2: false,
            signing: Signing::DEFAULT,
            other_origins: OtherOrigins::Stop,
            redirect_limit: 10,
            retries: 0,
            corrects_clock: false,
            form_limit: 1024 * 1024,
            outcome: Outcome::Status(200),
            hops,
        }
    }

    /// With a form.
    #[must_use]
    pub const fn form(self, form: &'static [u8]) -> Self {
        self.body(
            &[("content-type", "application/x-www-form-urlencoded")],
            Content::Bytes(form),
        )
    }

    /// With a body, and the headers that say what it is.
    #[must_use]
    pub const fn body(
        self,
        headers: &'static [(&'static str, &'static str)],
        body: Content,
    ) -> Self {
        Self {
            headers,
            body,
            ..self
        }
    }

    /// Signed in another way than the usual.
    #[must_use]
    pub const fn signed(self, signing: Signing) -> Self {
        Self { signing, ..self }
    }

    /// With a hash of its body.
    #[must_use]
    pub const fn hashed(self) -> Self {
        let signing = Signing {
            expects_body_hash: true,
            ..self.signing
        };
        Self { signing, ..self }
    }

    /// Whether it is redirected to another origin.
    #[must_use]
    pub fn leads_elsewhere(&self) -> bool {
        let kinds = ["/other/", "/other-echo/", "/back/"];
        kinds.iter().any(|kind| self.path.contains(kind))
    }

    /// With another end than an answer of status 200.
    #[must_use]
    pub const fn ends(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }
}

impl Signing {
    /// HMAC-SHA1 with a token, in the header.
    pub const DEFAULT: Self = Self {
        method: Method::HmacSha1,
        transmission: Transmission::Header,
        realm: None,
        body_hash: BodyHashRule::Auto,
        version: false,
        token: Token::Given,
        parameters: false,
        expects_body_hash: false,
    };

    /// By another method.
    #[must_use]
    pub const fn by(method: Method) -> Self {
        Self {
            method,
            ..Self::DEFAULT
        }
    }

    /// In another place.
    #[must_use]
    pub const fn in_the(transmission: Transmission) -> Self {
        Self {
            transmission,
            ..Self::DEFAULT
        }
    }
}
