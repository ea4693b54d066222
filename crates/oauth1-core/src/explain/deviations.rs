//! The known deviations: what programs do otherwise than RFC 5849 has it. One is one entry of a
//! table with one function, and one test.

use super::{key::KeyModel, model::Model};

mod encoding;
mod parameters;
mod secrets;
mod uri;

/// A known deviation.
pub(super) struct Deviation {
    /// What programs call it.
    pub(super) code: &'static str,
    /// How common it is: 0 is the most common. What is more common is tried first, and named first.
    pub(super) rank: u8,
    /// What the other side does.
    pub(super) message: &'static str,
    /// Where it is said that it should not.
    pub(super) rule: &'static str,
    /// What to change.
    pub(super) fix: &'static str,
    pub(super) apply: Apply,
    /// How many forms it comes in.
    pub(super) variants: u16,
    /// How many of these are tried together with other deviations.
    pub(super) deep: u16,
}

/// What a deviation changes. The function says whether it can be told of this request at all.
#[derive(Clone, Copy)]
pub(super) enum Apply {
    Request(fn(&mut Model<'_>, u16) -> bool),
    Key(fn(&mut KeyModel, u16) -> bool),
}

impl Deviation {
    const fn request(code: &'static str, rank: u8, apply: fn(&mut Model<'_>, u16) -> bool) -> Self {
        Self::new(code, rank, Apply::Request(apply))
    }

    const fn key(code: &'static str, rank: u8, apply: fn(&mut KeyModel, u16) -> bool) -> Self {
        Self::new(code, rank, Apply::Key(apply))
    }

    const fn new(code: &'static str, rank: u8, apply: Apply) -> Self {
        Self {
            code,
            rank,
            message: "",
            rule: "",
            fix: "",
            apply,
            variants: 1,
            deep: 1,
        }
    }

    const fn variants(self, variants: u16) -> Self {
        Self {
            variants,
            deep: variants,
            ..self
        }
    }

    const fn deep(self, deep: u16) -> Self {
        Self { deep, ..self }
    }

    const fn says(self, message: &'static str, rule: &'static str, fix: &'static str) -> Self {
        Self {
            message,
            rule,
            fix,
            ..self
        }
    }
}

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Deviation> {
    parameters::TABLE
        .iter()
        .chain(uri::TABLE)
        .chain(encoding::TABLE)
        .chain(secrets::TABLE)
}
