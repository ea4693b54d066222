//! Finding the pairs of a query or a form (RFC 5849 section 3.4.1.3.1).

use super::{
    MAX_LENGTH, NoRoom, Slots,
    slots::{Slot, Source},
};
use crate::{
    form::{self, Place, find_broken_escape},
    value::{Value, prefix_key, prefix_key_of},
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
            let Place { at, name, value } = place;
            if self.strict && !(name.is_clean && value.is_clean) {
                check_escapes(text, place)?;
            }
            let key = if name.is_clean {
                prefix_key_of(&text[at..], name.len)
            } else {
                place.name(text).sort_key()
            };
            if key == SIGNATURE_KEY && is_signature(key, place.name(text)) {
                signatures.add(place.value(text));
                continue;
            }
            let slot = Slot::ranged(
                self.source,
                key,
                (at, name.len, name.is_clean),
                (place.value_at(), value.len, value.is_clean),
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
        |start: usize, value: Value<'_>| find_broken_escape(value.raw()).map(|at| start + at);
    let broken = find(place.at, place.name(text)).or(find(place.value_at(), place.value(text)));
    broken.map_or(Ok(()), |at| Err(ScanError::BrokenEscape(at)))
}

/// The sort key of `oauth_signature`, and of a few others.
const SIGNATURE_KEY: u64 = prefix_key(b"oauth_signature");

/// Whether a name is `oauth_signature`, however it is encoded; `key` is its sort key.
#[inline]
pub(crate) fn is_signature(key: u64, name: Value<'_>) -> bool {
    key == SIGNATURE_KEY && reads_signature(name)
}

/// Not inlined, so that loops keep their registers for what they do each time.
#[cold]
#[inline(never)]
fn reads_signature(name: Value<'_>) -> bool {
    name == "oauth_signature"
}
