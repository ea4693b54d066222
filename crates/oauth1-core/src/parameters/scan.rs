//! Finding the pairs of a query or a form (RFC 5849 section 3.4.1.3.1).

use super::{
    MAX_LENGTH, NoRoom, Slots,
    slots::{Slot, Source},
};
use crate::{
    form::{self, Place, find_broken_escape},
    percent::class,
    value::Value,
};

/// What to do while a query or a form is scanned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan {
    pub(crate) source: Source,
    /// Whether a `%` that starts no escape is an error, as for a server, or a character like any
    /// other, as for a client that sends it so.
    pub(crate) strict: bool,
}

/// Why a scan ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScanError {
    /// No slot is left, or the text is too long to be addressed.
    NoRoom,
    /// A `%` without two hexadecimal digits, at this byte.
    BrokenEscape(usize),
}

impl From<NoRoom> for ScanError {
    fn from(NoRoom: NoRoom) -> Self {
        Self::NoRoom
    }
}

/// The `oauth_signature` parameters that a scan left out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signatures<'t> {
    pub(crate) last: Option<Value<'t>>,
    pub(crate) count: usize,
}

impl<'t> Signatures<'t> {
    pub(crate) fn add(&mut self, value: Value<'t>) {
        self.last = Some(value);
        self.count += 1;
    }
}

impl Scan {
    pub(crate) const QUERY: Self = Self {
        source: Source::Query,
        strict: false,
    };
    pub(crate) const FORM: Self = Self {
        source: Source::Form,
        strict: false,
    };

    /// The same, where a broken escape is an error.
    pub(crate) const fn strict(self) -> Self {
        Self {
            strict: true,
            ..self
        }
    }

    /// Appends a slot for each pair of `text`. `oauth_signature` is left out wherever it stands.
    pub(crate) fn pairs<'t, S: Slots + ?Sized>(
        self,
        text: &'t [u8],
        slots: &mut S,
    ) -> Result<Signatures<'t>, ScanError> {
        let mut signatures = Signatures::default();
        if text.len() > MAX_LENGTH {
            return Err(ScanError::NoRoom);
        }
        let mut pairs = form::pairs(text);
        while let Some(place) = pairs.next_place() {
            if self.strict && (place.name_class | place.value_class) & class::PERCENT != 0 {
                check_escapes(text, place)?;
            }
            let (name, value) = (place.name(text), place.value(text));
            let key = name.sort_key();
            if is_signature(key, &name) {
                signatures.add(value);
                continue;
            }
            let slot = Slot::ranged(
                self.source,
                key,
                (place.name_at, name.raw().len(), name.is_clean()),
                (place.value_at, value.raw().len(), value.is_clean()),
            );
            slots.push(slot).map_err(|_| ScanError::NoRoom)?;
        }
        Ok(signatures)
    }
}

#[cold]
fn check_escapes(text: &[u8], place: Place) -> Result<(), ScanError> {
    // An escape does not reach across an "&" or an "=".
    let find =
        |start: usize, end: usize| find_broken_escape(&text[start..end]).map(|at| start + at);
    let broken = find(place.name_at, place.name_end).or(find(place.value_at, place.value_end));
    broken.map_or(Ok(()), |at| Err(ScanError::BrokenEscape(at)))
}

/// Whether a name is `oauth_signature`, however it is encoded; `key` is its sort key.
#[inline]
pub(crate) fn is_signature(key: u64, name: &Value<'_>) -> bool {
    const PREFIX: u64 = crate::value::prefix_key(b"oauth_signature");
    key == PREFIX && *name == "oauth_signature"
}
