//! Why a line or a command is not answered as it was meant to be.

use core::fmt;
use std::io;

use oauth1_core::{KeyError, RandomSourceError, SignError, UriError};

/// Why a line has no answer but an error. The message says what to do about it and holds nothing of
/// a secret.
#[derive(Debug)]
pub(crate) struct Problem {
    code: Code,
    message: String,
}

/// The codes of error answers. They are part of the interface: the README lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// The line is longer than a line may be.
    LineTooLong,
    /// The line is no JSON object.
    InvalidJson,
    /// A field is unknown, missing, of the wrong type or value, or cannot stand beside another.
    InvalidField,
    /// The URL is not one that can be signed.
    InvalidUrl,
    /// A PEM text has no key that can be used.
    InvalidKey,
    /// No provider profile has that name.
    UnknownProfile,
    /// The request cannot be signed as it is.
    CannotSign,
    /// The text that was to be taken apart is malformed.
    Malformed,
}

impl Code {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::LineTooLong => "line_too_long",
            Self::InvalidJson => "invalid_json",
            Self::InvalidField => "invalid_field",
            Self::InvalidUrl => "invalid_url",
            Self::InvalidKey => "invalid_key",
            Self::UnknownProfile => "unknown_profile",
            Self::CannotSign => "cannot_sign",
            Self::Malformed => "malformed",
        }
    }
}

impl Problem {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// Of a field, which the message starts with.
    pub(crate) fn field(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidField, message)
    }

    /// Of a key in PEM, from the field or file of this name.
    pub(crate) fn key(source: &str, error: KeyError) -> Self {
        Self::new(Code::InvalidKey, format!("{source}: {error}"))
    }

    pub(crate) const fn code(&self) -> Code {
        self.code
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }
}

impl From<SignError> for Problem {
    fn from(error: SignError) -> Self {
        Self::new(Code::CannotSign, error.to_string())
    }
}

impl From<UriError> for Problem {
    fn from(error: UriError) -> Self {
        Self::new(Code::InvalidUrl, error.to_string())
    }
}

impl From<RandomSourceError> for Problem {
    fn from(error: RandomSourceError) -> Self {
        Self::new(Code::CannotSign, error.to_string())
    }
}

/// An error with all that lies below it.
pub(crate) fn whole_story(error: &dyn core::error::Error) -> String {
    let mut story = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        story.push_str(": ");
        story.push_str(&error.to_string());
        source = error.source();
    }
    story
}

/// Why a command ends with another status than 0.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line is wrong: status 2.
    Usage(String),
    /// The command line is right, and yet it did not work: status 1.
    Failed(String),
    /// It worked, and the answer is no; all has been said already: status 1.
    Refused,
    /// The same with a status of its own, which the help of the command lists.
    Status(u8),
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: impl fmt::Display, error: &io::Error) -> Self {
        Self::Failed(format!("{path}: {error}"))
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        match problem.code {
            Code::InvalidField | Code::InvalidUrl | Code::UnknownProfile => {
                Self::Usage(problem.message)
            }
            _ => Self::Failed(problem.message),
        }
    }
}

/// Of standard input and output, which have no name that would tell more.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // Whoever read the output has seen enough: nobody is left to be told.
            io::ErrorKind::BrokenPipe => Self::Refused,
            _ => Self::Failed(error.to_string()),
        }
    }
}
