//! What a search found.

use alloc::{string::String, vec::Vec};
use core::fmt;

use super::{
    deviations::Deviation,
    difference::{self, Difference, FirstDifference},
};

/// What a search found. It shows in one line, fit for a log, and holds nothing of a secret.
#[derive(Clone)]
pub struct Explanation {
    pub(super) outcome: Outcome,
    pub(super) causes: Vec<Cause>,
    pub(super) alternatives: Vec<Vec<Cause>>,
    pub(super) base_string: String,
    pub(super) expected_base_string: Option<String>,
    pub(super) tried: u64,
    pub(super) complete: bool,
    pub(super) base_string_given: bool,
    pub(super) signature_compared: bool,
}

/// How far a search came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Nothing,
    /// The base string is explained, and the signature of it is not.
    BaseString,
    Found,
    Matches,
}

/// A deviation that was found.
#[derive(Clone, Copy)]
pub struct Cause(pub(super) &'static Deviation);

impl Explanation {
    /// Whether both sides have the same: there is nothing to explain.
    #[must_use]
    pub fn matches(&self) -> bool {
        self.outcome == Outcome::Matches
    }

    /// Whether all that the other side has is accounted for.
    #[must_use]
    pub const fn is_found(&self) -> bool {
        matches!(self.outcome, Outcome::Found | Outcome::Matches)
    }

    /// The smallest set of deviations that makes what the other side has, and of several as small
    /// the most common; empty where none does. Where the base string is explained and the signature
    /// is not, the set is that of the base string, and [`is_found`](Self::is_found) is `false`.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// Other sets that are as small and make the same.
    #[must_use]
    pub fn alternatives(&self) -> &[Vec<Cause>] {
        &self.alternatives
    }

    /// The base string of RFC 5849.
    #[must_use]
    pub fn base_string(&self) -> &str {
        &self.base_string
    }

    /// The other side's base string, given or found.
    #[must_use]
    pub fn expected_base_string(&self) -> Option<&str> {
        self.expected_base_string.as_deref()
    }

    /// Where the two begin to differ.
    #[must_use]
    pub fn first_difference(&self) -> Option<FirstDifference> {
        difference::first(&self.base_string, self.expected_base_string()?)
    }

    /// All that the two differ in: method, URI, and each parameter.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let theirs = self.expected_base_string();
        theirs.map_or_else(Vec::new, |theirs| {
            difference::all(&self.base_string, theirs)
        })
    }

    /// How many candidates were compared.
    #[must_use]
    pub const fn tried(&self) -> u64 {
        self.tried
    }

    /// Whether the search came to its end; otherwise a limit ended it.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether the other side's base string was given and could be explained, or is the same: what
    /// is left is the key.
    #[must_use]
    pub fn base_string_agrees(&self) -> bool {
        self.base_string_given && self.outcome != Outcome::Nothing
    }

    /// What is likely, and what to ask the other side for, where nothing was found.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match (
            self.is_found(),
            self.base_string_agrees(),
            self.signature_compared,
        ) {
            (true, ..) => "Nothing is left to be asked.",
            (_, true, true) => {
                "The base strings are accounted for, so that the key is another: compare the \
                 secrets of both sides, character by character, that of the token too, and the \
                 signature method."
            }
            (_, _, true) => {
                "A wrong secret is most likely: that of another client, of another environment, or \
                 the temporary token's in place of the token's. If the secrets are right, ask the \
                 other side for the base string that it signed, and give it as the expected one."
            }
            _ => {
                "The other side signs another request than this one: compare the parameters that \
                 differ, and make sure that both are of the same attempt (nonce and timestamp)."
            }
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.matches() {
            return f.write_str("it matches");
        }
        if !self.is_found() {
            f.write_str("no known deviation explains it")?;
            if !self.causes.is_empty() {
                f.write_str(" all; the base string: ")?;
            }
        }
        for (at, cause) in self.causes.iter().enumerate() {
            let separator = if at == 0 { "" } else { " + " };
            write!(f, "{separator}{}", cause.code())?;
        }
        write!(f, " ({} tried)", self.tried)
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Explanation({self})")
    }
}

impl Cause {
    /// What programs call it, such as `query-omitted`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0.code
    }

    /// What the other side does, in a sentence without its full stop.
    #[must_use]
    pub const fn message(self) -> &'static str {
        self.0.message
    }

    /// The rule that it breaks, with its section.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        self.0.rule
    }

    /// What to change, and on which side.
    #[must_use]
    pub const fn fix(self) -> &'static str {
        self.0.fix
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Eq for Cause {}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
