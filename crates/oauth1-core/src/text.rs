//! Text that is borrowed, or owned where there is a heap.

#[cfg(feature = "alloc")]
use alloc::{borrow::Cow, string::String};
use core::{fmt, ops::Deref};

use crate::{
    percent::class,
    value::{Encoding, Value},
};

/// A text that lives in the caller's memory or, with the feature `alloc`, in its own: identifiers,
/// realms. Made by `From`, so that `&str` and `String` both go where a `Text` is asked for.
#[derive(Clone)]
pub struct Text<'a> {
    repr: Repr<'a>,
    /// Nothing in it needs percent-encoding: looked at once, so that no signature has to.
    clean: bool,
}

#[derive(Clone)]
enum Repr<'a> {
    Borrowed(&'a str),
    #[cfg(feature = "alloc")]
    Owned(String),
}

impl<'a> Text<'a> {
    fn new(repr: Repr<'a>) -> Self {
        let mut text = Self { repr, clean: false };
        text.clean = class::all_unreserved(text.as_bytes());
        text
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.repr {
            Repr::Borrowed(text) => text,
            #[cfg(feature = "alloc")]
            Repr::Owned(text) => text,
        }
    }

    /// The same text in memory of its own.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn into_owned(self) -> Text<'static> {
        let repr = Repr::Owned(match self.repr {
            Repr::Borrowed(text) => text.into(),
            Repr::Owned(text) => text,
        });
        Text {
            repr,
            clean: self.clean,
        }
    }

    #[cfg(feature = "http")]
    pub(crate) fn lend(&self) -> Text<'_> {
        Text {
            repr: Repr::Borrowed(self.as_str()),
            clean: self.clean,
        }
    }

    pub(crate) fn value(&self) -> Value<'_> {
        Value::scanned(self.as_str().as_bytes(), Encoding::Plain, self.clean)
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(Repr::Borrowed(text))
    }
}

#[cfg(feature = "alloc")]
impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self::new(Repr::Owned(text))
    }
}

#[cfg(feature = "alloc")]
impl<'a> From<Cow<'a, str>> for Text<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text<'_> {}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests;
