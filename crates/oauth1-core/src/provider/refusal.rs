//! Why a provider refuses, and what it answers.

use core::fmt;

use super::{CallbackError, SignedBy};
use crate::{
    sink::Sink,
    verify::{Rejection, write_problem},
};

/// Why an endpoint of section 2 refuses a request. The status and the `oauth_problem` of the answer
/// follow from it.
///
/// What comes after the signature has been verified is said openly: its sender holds the secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The request's signature, or what stands around it, is refused.
    Rejected(Rejection),
    /// The request did not come over TLS.
    InsecureTransport,
    /// The endpoint has another method: which.
    MethodNotAllowed(&'static str),
    /// A required parameter is missing.
    ParameterAbsent(&'static str),
    /// A parameter is there twice, is no text, or has no business here.
    ParameterRejected(&'static str),
    /// The callback is none, or not one of this client.
    Callback(CallbackError),
    /// The client asks for a realm that it is not registered for.
    RealmUnknown,
    /// The endpoint is for credentials of another kind than those that signed.
    WrongCredentials(SignedBy),
    /// There are no such temporary credentials: never given out, expired or used.
    TemporaryUnknown,
    /// The owner has decided on them already.
    AlreadyDecided,
    /// The owner has not decided yet.
    NotDecided,
    /// The owner has denied the request.
    Denied,
    /// The verifier is not the one that the owner was given.
    VerifierWrong,
    /// Too many wrong verifiers: the temporary credentials are gone.
    TooManyVerifiers,
    /// No token of this client has such a session handle, or it can no longer be renewed.
    SessionUnknown,
    /// xAuth is not for this client, or for none.
    XauthRefused,
    /// The owner's name or password is wrong.
    PasswordWrong,
}

impl Refusal {
    /// The HTTP status of the answer: 400, 401, 403, 405, or that of the [`Rejection`].
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Rejected(rejection) => rejection.status(),
            Self::InsecureTransport => 403,
            Self::MethodNotAllowed(_) => 405,
            // Without a verifier nobody can say that the owner has agreed: that is for a 401, as is a
            // wrong one.
            Self::ParameterAbsent(name) if is_verifier(name) => 401,
            Self::ParameterAbsent(_)
            | Self::ParameterRejected(_)
            | Self::Callback(_)
            | Self::RealmUnknown => 400,
            Self::WrongCredentials(_)
            | Self::TemporaryUnknown
            | Self::AlreadyDecided
            | Self::NotDecided
            | Self::Denied
            | Self::VerifierWrong
            | Self::TooManyVerifiers
            | Self::SessionUnknown
            | Self::XauthRefused
            | Self::PasswordWrong => 401,
        }
    }

    /// The value of `oauth_problem` in the words of the Problem Reporting extension.
    #[must_use]
    pub const fn problem(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => rejection.problem(),
            Self::ParameterAbsent(_) => "parameter_absent",
            Self::InsecureTransport
            | Self::MethodNotAllowed(_)
            | Self::ParameterRejected(_)
            | Self::Callback(_)
            | Self::RealmUnknown
            | Self::VerifierWrong => "parameter_rejected",
            Self::WrongCredentials(_) | Self::TooManyVerifiers => "token_rejected",
            Self::TemporaryUnknown => "token_expired",
            Self::AlreadyDecided => "token_used",
            Self::NotDecided => "permission_unknown",
            Self::Denied => "user_refused",
            Self::SessionUnknown => "token_revoked",
            Self::XauthRefused => "consumer_key_refused",
            Self::PasswordWrong => "permission_denied",
        }
    }

    /// The reason as one word, for logs and machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => rejection.code(),
            Self::InsecureTransport => "insecure_transport",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::ParameterAbsent(_) => "missing_parameter",
            Self::ParameterRejected(_) => "parameter_rejected",
            Self::Callback(CallbackError::NotRegistered) => "callback_not_registered",
            Self::Callback(_) => "callback_invalid",
            Self::RealmUnknown => "realm_unknown",
            Self::WrongCredentials(_) => "wrong_credentials",
            Self::TemporaryUnknown => "temporary_unknown",
            Self::AlreadyDecided => "already_decided",
            Self::NotDecided => "not_decided",
            Self::Denied => "denied",
            Self::VerifierWrong => "verifier_wrong",
            Self::TooManyVerifiers => "too_many_verifiers",
            Self::SessionUnknown => "session_unknown",
            Self::XauthRefused => "xauth_refused",
            Self::PasswordWrong => "password_wrong",
        }
    }

    /// Writes the value of the `WWW-Authenticate` header of the answer: the realm, the problem, and
    /// the parameters that it is about.
    pub fn write_challenge<S: Sink + ?Sized>(&self, realm: &str, out: &mut S) {
        let parameter = |out: &mut S, list: &str, name: &str| {
            for part in [", ", list, "=\"", name, "\""] {
                out.put(part.as_bytes());
            }
        };
        if let Self::Rejected(rejection) = self {
            return rejection.write_challenge(realm, out);
        }
        write_problem(realm, self.problem(), out);
        match self {
            Self::ParameterAbsent(name) => parameter(out, "oauth_parameters_absent", name),
            Self::ParameterRejected(name) => parameter(out, "oauth_parameters_rejected", name),
            Self::Callback(_) => parameter(out, "oauth_parameters_rejected", "oauth_callback"),
            Self::VerifierWrong => parameter(out, "oauth_parameters_rejected", "oauth_verifier"),
            Self::RealmUnknown => parameter(out, "oauth_parameters_rejected", "scope"),
            _ => {}
        }
    }

    /// The challenge as text: see [`write_challenge`](Self::write_challenge).
    #[must_use]
    pub fn challenge(&self, realm: &str) -> alloc::string::String {
        let mut out = alloc::vec::Vec::with_capacity(128);
        self.write_challenge(realm, &mut out);
        // A `str` less its control characters, and ASCII.
        alloc::string::String::from_utf8(out).unwrap_or_default()
    }
}

const fn is_verifier(name: &str) -> bool {
    matches!(name.as_bytes(), b"oauth_verifier")
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<CallbackError> for Refusal {
    fn from(error: CallbackError) -> Self {
        Self::Callback(error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejection) => rejection.fmt(f),
            Self::InsecureTransport => f.write_str("the endpoint answers over TLS alone"),
            Self::MethodNotAllowed(method) => write!(f, "the endpoint answers {method} alone"),
            Self::ParameterAbsent(name) => write!(f, "missing: {name}"),
            Self::ParameterRejected(name) => write!(f, "{name} is not acceptable here"),
            Self::Callback(error) => error.fmt(f),
            Self::RealmUnknown => {
                f.write_str("the client is not registered for a realm it asks for")
            }
            Self::WrongCredentials(SignedBy::Client) => {
                f.write_str("the request names no credentials but the client's")
            }
            Self::WrongCredentials(SignedBy::Temporary) => {
                f.write_str("the request is signed with temporary credentials")
            }
            Self::WrongCredentials(SignedBy::Token) => {
                f.write_str("the request is signed with token credentials")
            }
            Self::TemporaryUnknown => {
                f.write_str("the temporary credentials are unknown, expired or used")
            }
            Self::AlreadyDecided => f.write_str("the owner has decided already"),
            Self::NotDecided => f.write_str("the owner has not decided yet"),
            Self::Denied => f.write_str("the owner has denied the request"),
            Self::VerifierWrong => f.write_str("the verifier is wrong"),
            Self::TooManyVerifiers => {
                f.write_str("too many wrong verifiers: the temporary credentials are gone")
            }
            Self::SessionUnknown => f.write_str("no token can be renewed with the session handle"),
            Self::XauthRefused => f.write_str("the client may not use xAuth"),
            Self::PasswordWrong => f.write_str("the owner's name or password is wrong"),
        }
    }
}

impl core::error::Error for Refusal {}
