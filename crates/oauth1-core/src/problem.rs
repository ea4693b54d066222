//! What a server says is wrong with a request: `oauth_problem` of the Problem Reporting extension, read
//! from `WWW-Authenticate` headers, form bodies and the query of a callback.
//!
//! ```
//! use oauth1_core::problem::{Code, Problem};
//!
//! let header = br#"Basic realm="Photos", OAuth realm="Photos", oauth_problem="timestamp_refused",
//!     oauth_acceptable_timestamps="1700000000-1700000600""#;
//! # let header = String::from_utf8_lossy(header).replace("\n    ", "");
//! # let header = header.as_bytes();
//! let problem = Problem::from_challenge(header).expect("of the scheme OAuth");
//! assert_eq!(problem.code(), Code::TimestampRefused);
//! let (oldest, newest) = problem.acceptable_timestamps().expect("the server says them");
//! assert_eq!(newest.unix_seconds() - oldest.unix_seconds(), 600);
//!
//! let problem = Problem::from_form(b"oauth_problem=parameter_absent\
//!     &oauth_parameters_absent=oauth_nonce%26oauth_timestamp").expect("a problem");
//! assert_eq!(problem.parameters_absent(), ["oauth_nonce", "oauth_timestamp"]);
//! assert_eq!(
//!     problem.to_string(),
//!     "parameter_absent: the server misses parameters (oauth_nonce, oauth_timestamp)",
//! );
//! ```

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::fmt;

use self::challenge::parameters;
pub use self::code::Code;
use crate::{form, stamp::Timestamp, value::Value};

mod challenge;
mod code;

/// What a server says is wrong with a request. Its text comes from the server: it is bounded, and has no
/// control characters.
///
/// Of `oauth_parameters_rejected` the names are kept and not the values, one of which may be the
/// signature of PLAINTEXT: the secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    code: Code,
    name: String,
    advice: Option<String>,
    acceptable_versions: Option<(String, String)>,
    acceptable_timestamps: Option<(Timestamp, Timestamp)>,
    parameters_absent: Vec<String>,
    parameters_rejected: Vec<String>,
}

/// Bytes of a header or a body that are looked at. What problems are reported in has some 200.
const LONGEST_TEXT: usize = 16 * 1024;
/// Characters of a name or a version that are kept.
const LONGEST_NAME: usize = 128;
/// Characters of advice that are kept: a paragraph.
const LONGEST_ADVICE: usize = 1024;
/// Names of a list that are kept. There are nine protocol parameters.
const LONGEST_LIST: usize = 32;

impl Problem {
    /// From the value of a `WWW-Authenticate` header, which may hold challenges of other schemes
    /// too. `None` where it has no `oauth_problem` of the scheme `OAuth`.
    #[must_use]
    pub fn from_challenge(header: &[u8]) -> Option<Self> {
        let header = &header[..header.len().min(LONGEST_TEXT)];
        Self::from_pairs(parameters(header).map(|(name, value)| {
            // Names are sent percent-encoded too, though none of these needs it.
            (Value::percent(name), Value::percent(value))
        }))
    }

    /// From a form, which is what the body of a refusal or the query of a callback is. `None` where
    /// it has no `oauth_problem`.
    #[must_use]
    pub fn from_form(form: &[u8]) -> Option<Self> {
        Self::from_pairs(form::pairs(&form[..form.len().min(LONGEST_TEXT)]))
    }

    /// From the headers of a response: the first `WWW-Authenticate` that has a problem.
    #[cfg(feature = "http")]
    #[must_use]
    pub fn from_headers(headers: &::http::HeaderMap) -> Option<Self> {
        // A server that says more than this says nothing.
        const MOST: usize = 16;
        let headers = headers.get_all(::http::header::WWW_AUTHENTICATE).iter();
        headers
            .take(MOST)
            .find_map(|value| Self::from_challenge(value.as_bytes()))
    }

    fn from_pairs<'a>(pairs: impl Iterator<Item = (Value<'a>, Value<'a>)>) -> Option<Self> {
        let mut problem = Self {
            code: Code::Unknown,
            name: String::new(),
            advice: None,
            acceptable_versions: None,
            acceptable_timestamps: None,
            parameters_absent: Vec::new(),
            parameters_rejected: Vec::new(),
        };
        let mut found = false;
        for (name, value) in pairs {
            // Where one stands twice, the first counts: nothing that follows takes it back.
            if name == "oauth_problem" && !found {
                problem.name = text(value, LONGEST_NAME);
                problem.code = Code::parse(&problem.name);
                found = !problem.name.is_empty();
            } else if name == "oauth_problem_advice" && problem.advice.is_none() {
                problem.advice = Some(text(value, LONGEST_ADVICE)).filter(|text| !text.is_empty());
            } else if name == "oauth_acceptable_versions" && problem.acceptable_versions.is_none() {
                problem.acceptable_versions = range(&text(value, LONGEST_NAME))
                    .map(|(from, to)| (from.to_owned(), to.to_owned()));
            } else if name == "oauth_acceptable_timestamps"
                && problem.acceptable_timestamps.is_none()
            {
                problem.acceptable_timestamps = timestamps(&text(value, LONGEST_NAME));
            } else if name == "oauth_parameters_absent" && problem.parameters_absent.is_empty() {
                problem.parameters_absent = names(value);
            } else if name == "oauth_parameters_rejected" && problem.parameters_rejected.is_empty()
            {
                problem.parameters_rejected = names(value);
            }
        }
        found.then_some(problem)
    }

    /// Which problem it is.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The value of `oauth_problem` as the server wrote it, decoded: of use where the
    /// [`code`](Self::code) is [`Code::Unknown`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `oauth_problem_advice`: what the server says to a person. Not to be trusted as markup.
    #[must_use]
    pub fn advice(&self) -> Option<&str> {
        self.advice.as_deref()
    }

    /// `oauth_acceptable_versions`: the oldest and the newest.
    #[must_use]
    pub fn acceptable_versions(&self) -> Option<(&str, &str)> {
        let (from, to) = self.acceptable_versions.as_ref()?;
        Some((from, to))
    }

    /// `oauth_acceptable_timestamps`: the oldest and the newest.
    #[must_use]
    pub const fn acceptable_timestamps(&self) -> Option<(Timestamp, Timestamp)> {
        self.acceptable_timestamps
    }

    /// `oauth_parameters_absent`: names of parameters that the server misses.
    #[must_use]
    pub fn parameters_absent(&self) -> &[String] {
        &self.parameters_absent
    }

    /// The names of `oauth_parameters_rejected`.
    #[must_use]
    pub fn parameters_rejected(&self) -> &[String] {
        &self.parameters_rejected
    }
}

/// What the server says, and what to do about it.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.code.meaning())?;
        let list = match self.code {
            Code::ParameterAbsent => &self.parameters_absent,
            _ => &self.parameters_rejected,
        };
        if !list.is_empty() {
            write!(f, " ({})", list.join(", "))?;
        }
        match (
            self.code,
            self.acceptable_timestamps,
            &self.acceptable_versions,
        ) {
            (Code::TimestampRefused, Some((from, to)), _) => {
                write!(f, " (acceptable: {from} to {to})")?;
            }
            (Code::VersionRejected, _, Some((from, to))) => {
                write!(f, " (acceptable: {from} to {to})")?;
            }
            _ => {}
        }
        if let Some(advice) = &self.advice {
            write!(f, "; the server says: {advice}")?;
        }
        Ok(())
    }
}

impl core::error::Error for Problem {}

/// Decoded, cut, and without control characters.
fn text(value: Value<'_>, longest: usize) -> String {
    // No character has more than four bytes.
    let bytes: Vec<u8> = value.bytes().take(4 * longest).collect();
    let text = String::from_utf8_lossy(&bytes);
    let kept = text
        .chars()
        .map(|char| if char.is_control() { ' ' } else { char });
    kept.take(longest).collect::<String>().trim().to_owned()
}

/// The names of a list that is one value: `k&k` or `k=v&k=v`, each encoded once more.
fn names(value: Value<'_>) -> Vec<String> {
    let list: Vec<u8> = value.bytes().take(LONGEST_TEXT).collect();
    form::pairs(&list)
        .map(|(name, _)| text(name, LONGEST_NAME))
        .filter(|name| !name.is_empty())
        .take(LONGEST_LIST)
        .collect()
}

fn range(text: &str) -> Option<(&str, &str)> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (from.trim(), to.trim());
    (!from.is_empty() && !to.is_empty()).then_some((from, to))
}

fn timestamps(text: &str) -> Option<(Timestamp, Timestamp)> {
    let (from, to) = range(text)?;
    let (from, to) = (
        Timestamp::parse(Value::plain(from))?,
        Timestamp::parse(Value::plain(to))?,
    );
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests;
