//! Finding the pairs of a query or a form (RFC 5849 section 3.4.1.3.1).

use super::{
    MAX_LENGTH, NoRoom, Slots,
    slots::{Slot, Source},
};
use crate::{
    percent::{class, unescape},
    value::{Encoding, Value},
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
    pub(crate) const QUERY: Self = Self { source: Source::Query, strict: false };
    pub(crate) const FORM: Self = Self { source: Source::Form, strict: false };

    /// The same, where a broken escape is an error.
    pub(crate) const fn strict(self) -> Self {
        Self { strict: true, ..self }
    }

    /// Appends a slot for each pair of `text`: pairs stand between `&`, the first `=` ends the name,
    /// a pair without `=` has an empty value, and where there is nothing between two `&` there is no
    /// pair. `oauth_signature` is left out wherever it stands.
    pub(crate) fn pairs<'t, S: Slots + ?Sized>(
        self,
        text: &'t [u8],
        slots: &mut S,
    ) -> Result<Signatures<'t>, ScanError> {
        let mut signatures = Signatures::default();
        if text.len() > MAX_LENGTH {
            return Err(ScanError::NoRoom);
        }
        let mut at = 0;
        while at < text.len() {
            let name_at = at;
            let (name_end, name_class) = scan_until(text, at, class::AMPERSAND | class::EQUALS);
            at = name_end;
            let (mut value_at, mut value_class) = (at, class::UNRESERVED);
            if text.get(at) == Some(&b'=') {
                value_at = at + 1;
                (at, value_class) = scan_until(text, value_at, class::AMPERSAND);
            }
            let value_end = at;
            // Step over the `&`.
            at += 1;
            if value_end == name_at {
                continue;
            }
            if self.strict && (name_class | value_class) & class::PERCENT != 0 {
                check_escapes(text, name_at, value_end)?;
            }
            let name_clean = name_class == class::UNRESERVED;
            let name = Value::scanned(&text[name_at..name_end], Encoding::Form, name_clean);
            let key = name.sort_key();
            let value_clean = value_class == class::UNRESERVED;
            if is_signature(key, &name) {
                let raw = &text[value_at..value_end];
                signatures.add(Value::scanned(raw, Encoding::Form, value_clean));
                continue;
            }
            let slot = Slot::ranged(
                self.source,
                key,
                (name_at, name_end - name_at, name_clean),
                (value_at, value_end - value_at, value_clean),
            );
            slots.push(slot).map_err(|_| ScanError::NoRoom)?;
        }
        Ok(signatures)
    }
}

/// The next byte at or after `at` whose class has one of the bits of `stop`, or the end; and the
/// classes of all bytes before it, together.
#[inline]
fn scan_until(text: &[u8], at: usize, stop: u8) -> (usize, u8) {
    let mut seen = class::UNRESERVED;
    for (offset, &byte) in text[at..].iter().enumerate() {
        let class = class::OF[byte as usize];
        if class & stop != 0 {
            return (at + offset, seen);
        }
        seen |= class;
    }
    (text.len(), seen)
}

#[cold]
fn check_escapes(text: &[u8], start: usize, end: usize) -> Result<(), ScanError> {
    for at in start..end {
        if text[at] == b'%' && unescape(&text[at..end]).is_none() {
            return Err(ScanError::BrokenEscape(at));
        }
    }
    Ok(())
}

/// Whether a name is `oauth_signature`, however it is encoded; `key` is its sort key.
#[inline]
pub(crate) fn is_signature(key: u64, name: &Value<'_>) -> bool {
    const PREFIX: u64 = crate::value::prefix_key(b"oauth_signature");
    key == PREFIX && *name == "oauth_signature"
}
