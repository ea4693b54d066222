//! What can go wrong: with what the caller gave, with what the server answered, and with what the
//! resource owner came back with.

use alloc::boxed::Box;
use core::fmt;

use ::http::StatusCode;

use crate::{problem::Problem, target::UriError};

/// Why a request of the flow cannot be made: what the caller gave does not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartError {
    /// The URI of an endpoint cannot be read: which endpoint, and why.
    Endpoint(&'static str, UriError),
    /// The query of an endpoint has a parameter whose name begins with `oauth_`, which it must not
    /// (RFC 5849 section 2), or a further parameter has the name of one that is sent anyway.
    ReservedParameter(&'static str),
    /// The endpoint has no TLS, and its answer would bring secrets in clear (sections 2.1 and 2.3):
    /// use `https`, or say [`allow_without_tls`](super::Server::allow_without_tls).
    WithoutTls(&'static str),
    /// The callback is neither an absolute URI nor exactly `oob` (section 2.1).
    Callback,
    /// The server has no such endpoint, as far as was said.
    NoEndpoint(&'static str),
    /// A name or a value fits into no header or URI.
    Unsendable,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(which, error) => write!(f, "the {which} endpoint: {error}"),
            Self::ReservedParameter(which) => write!(
                f,
                "the {which} endpoint has a parameter that only the protocol may set"
            ),
            Self::WithoutTls(which) => write!(
                f,
                "the {which} endpoint has no TLS, and would answer with secrets in clear: use https"
            ),
            Self::Callback => {
                f.write_str("the callback is neither an absolute URI nor exactly \"oob\"")
            }
            Self::NoEndpoint(which) => write!(f, "no {which} endpoint is known"),
            Self::Unsendable => f.write_str("a name or a value fits into no header or URI"),
        }
    }
}

impl core::error::Error for StartError {}

/// Why the server's answer gives no credentials. None of its variants holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlowError {
    /// The server refuses: its status, which is 200 where only the body says so, and what it says of
    /// it, if that can be read.
    Refused {
        /// The status of the answer.
        status: StatusCode,
        /// The `oauth_problem` of its header or body.
        problem: Option<Box<Problem>>,
    },
    /// The answer is longer than this many bytes.
    TooLong {
        /// How long it may be.
        limit: usize,
    },
    /// The answer, or a value in it, is not UTF-8.
    NotUtf8,
    /// The answer is neither a form nor a JSON object of plain values: a page for people, most often,
    /// because the URL is another one than the endpoint's.
    NotForm,
    /// A parameter that must be there is missing or empty.
    Missing(&'static str),
    /// A parameter of the protocol is there twice.
    Duplicate(&'static str),
    /// A parameter of the protocol has a value that it cannot have.
    Malformed(&'static str),
    /// The server does not confirm the callback: `oauth_callback_confirmed` is not `true`, as with
    /// servers of OAuth Core 1.0. See [`Confirmation::Core10`](super::Confirmation::Core10).
    NotConfirmed,
}

impl FlowError {
    /// Whether the same request may do later: the server fails or is too busy, and has not refused.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Refused { status, .. }
            if status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS)
    }
}

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status, problem } => {
                write!(f, "the server refuses with status {}", status.as_u16())?;
                match problem {
                    Some(problem) => write!(f, ": {problem}"),
                    None => Ok(()),
                }
            }
            Self::TooLong { limit } => write!(f, "the answer is longer than {limit} bytes"),
            Self::NotUtf8 => f.write_str("the answer is not UTF-8"),
            Self::NotForm => f.write_str(
                "the answer is neither a form nor a JSON object: is the endpoint's URL the right one?",
            ),
            Self::Missing(name) => write!(f, "the answer has no {name}"),
            Self::Duplicate(name) => write!(f, "the answer has {name} twice"),
            Self::Malformed(name) => write!(f, "the answer has a {name} that cannot be"),
            Self::NotConfirmed => f.write_str(
                "the server does not confirm the callback (oauth_callback_confirmed=true): it speaks \
                 OAuth Core 1.0, whose flow a third party can hijack",
            ),
        }
    }
}

impl core::error::Error for FlowError {}

/// Why a step of a flow did not come to its end: of whatever sends the request of a
/// [`Leg`](super::Leg), and says with an `E` why it has no response.
///
/// ```
/// use oauth1_core::flow::{FlowError, LegError};
///
/// fn advice(error: &LegError<std::io::Error>) -> &'static str {
///     match error {
///         LegError::Reply(FlowError::NotForm) => "look at the endpoints' URLs",
///         LegError::Reply(error) if error.is_temporary() => "try it later",
///         LegError::Reply(_) => "begin anew",
///         _ => "look at the network",
///     }
/// }
///
/// assert_eq!(advice(&FlowError::NotForm.into()), "look at the endpoints' URLs");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LegError<E> {
    /// The request has no response.
    Send(E),
    /// The response is not the one that leads on: the server refused, or is none of this protocol.
    Reply(FlowError),
}

impl<E: fmt::Display> fmt::Display for LegError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(error) => error.fmt(f),
            Self::Reply(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error> core::error::Error for LegError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Send(error) => error.source(),
            Self::Reply(error) => error.source(),
        }
    }
}

impl<E> From<FlowError> for LegError<E> {
    fn from(error: FlowError) -> Self {
        Self::Reply(error)
    }
}

/// Why what the resource owner came back with gives no verifier.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackError {
    /// The resource owner said no, or the server did; with what the server says of it.
    Denied(Option<Box<Problem>>),
    /// The callback is for other temporary credentials than these: a stale page, or somebody else's
    /// authorization that is to be slipped in. Go on waiting, or begin anew; never go on with it.
    OtherToken,
    /// A parameter that must be there is missing or empty.
    Missing(&'static str),
    /// A parameter of the protocol is there twice.
    Duplicate(&'static str),
    /// The query is no form of UTF-8 text.
    Malformed,
    /// The query is longer than this many bytes.
    TooLong {
        /// How long it may be.
        limit: usize,
    },
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(None) => f.write_str("the resource owner did not authorize the client"),
            Self::Denied(Some(problem)) => {
                write!(
                    f,
                    "the resource owner did not authorize the client: {problem}"
                )
            }
            Self::OtherToken => {
                f.write_str("the callback is for other temporary credentials than these")
            }
            Self::Missing(name) => write!(f, "the callback has no {name}"),
            Self::Duplicate(name) => write!(f, "the callback has {name} twice"),
            Self::Malformed => f.write_str("the callback's query is no form of UTF-8 text"),
            Self::TooLong { limit } => {
                write!(f, "the callback's query is longer than {limit} bytes")
            }
        }
    }
}

impl core::error::Error for CallbackError {}
