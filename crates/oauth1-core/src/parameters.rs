//! The parameters that are signed (RFC 5849 section 3.4.1.3): collected from where they stand,
//! sorted, and never copied.

use self::slots::MAX_LENGTH;
pub use self::slots::{Slot, SlotArray, Slots};
use crate::{
    request::{Body, RequestView},
    value::{Encoding, Parameter, Value},
};

mod scan;
mod slots;
mod sort;

pub(crate) use self::{
    scan::{Scan, ScanError, Signatures, is_signature},
    slots::Source,
};

/// Where parameters stand. A [`Slot`] is a place in one of these.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sources<'a> {
    pub(crate) query: &'a [u8],
    pub(crate) form: &'a [u8],
    pub(crate) form_pairs: &'a [Parameter<'a>],
    pub(crate) header: &'a [u8],
    pub(crate) protocol: Protocol<'a>,
    pub(crate) extra: &'a [Parameter<'a>],
    /// How many signatures a client's request had already, which are left out.
    pub(crate) signatures: usize,
}

/// The protocol parameters that the client's side sends (section 3.1), by name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Protocol<'a> {
    pub(crate) values: [Option<Value<'a>>; Protocol::NAMES.len()],
}

impl<'a> Protocol<'a> {
    /// In the order of the base string: sorted, and none of them holds a byte to encode.
    pub(crate) const NAMES: [&'static str; 9] = [
        "oauth_body_hash",
        "oauth_callback",
        "oauth_consumer_key",
        "oauth_nonce",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_token",
        "oauth_verifier",
        "oauth_version",
    ];
    pub(crate) const BODY_HASH: usize = 0;
    pub(crate) const CALLBACK: usize = 1;
    pub(crate) const CLIENT: usize = 2;
    pub(crate) const NONCE: usize = 3;
    pub(crate) const METHOD: usize = 4;
    pub(crate) const TIMESTAMP: usize = 5;
    pub(crate) const TOKEN: usize = 6;
    pub(crate) const VERIFIER: usize = 7;
    pub(crate) const VERSION: usize = 8;

    #[inline]
    pub(crate) fn name(at: usize) -> Value<'static> {
        Value::scanned(Self::NAMES[at].as_bytes(), Encoding::Plain, true)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, Value<'a>)> + '_ {
        self.values
            .iter()
            .enumerate()
            .filter_map(|(at, value)| Some((at, (*value)?)))
    }
}

impl<'a> Sources<'a> {
    #[inline]
    pub(crate) fn raw(&self, source: Source) -> (&'a [u8], Encoding) {
        match source {
            Source::Form => (self.form, Encoding::Form),
            Source::Header => (self.header, Encoding::Percent),
            _ => (self.query, Encoding::Form),
        }
    }

    #[inline]
    fn pairs(&self, source: Source) -> &'a [Parameter<'a>] {
        if source == Source::Extra {
            self.extra
        } else {
            self.form_pairs
        }
    }

    /// The name that `slot` stands for.
    #[inline]
    pub(crate) fn name(&self, slot: &Slot) -> Value<'a> {
        let clean = slot.name_is_clean();
        match slot.source() {
            Source::Protocol => Protocol::name(slot.index()),
            source @ (Source::FormPairs | Source::Extra) => Value::scanned(
                self.pairs(source)[slot.index()].name,
                Encoding::Plain,
                clean,
            ),
            source => {
                let (bytes, encoding) = self.raw(source);
                Value::scanned(&bytes[slot.name_range()], encoding, clean)
            }
        }
    }

    /// The value that `slot` stands for.
    #[inline]
    pub(crate) fn value(&self, slot: &Slot) -> Value<'a> {
        let clean = slot.value_is_clean();
        match slot.source() {
            Source::Protocol => self.protocol.values[slot.index()].unwrap_or(Value::form(&[])),
            source @ (Source::FormPairs | Source::Extra) => Value::scanned(
                self.pairs(source)[slot.index()].value,
                Encoding::Plain,
                clean,
            ),
            source => {
                let (bytes, encoding) = self.raw(source);
                Value::scanned(&bytes[slot.value_range()], encoding, clean)
            }
        }
    }
}

impl<'a> Sources<'a> {
    /// What a client's request has in its query and its form. The slots are emptied first.
    pub(crate) fn collect<S: Slots + ?Sized>(
        &mut self,
        request: &RequestView<'a>,
        slots: &mut S,
    ) -> Result<(), NoRoom> {
        self.query = request.target.query_bytes();
        slots.clear();
        match request.known {
            Some(known) => {
                for slot in known.query {
                    slots.push(*slot).map_err(|_| NoRoom)?;
                }
            }
            None => self.signatures += Scan::QUERY.pairs(self.query, slots)?.count,
        }
        match request.body {
            Body::Form(form) => {
                self.form = form;
                self.signatures += Scan::FORM.pairs(form, slots)?.count;
            }
            Body::FormPairs(pairs) => {
                self.form_pairs = pairs;
                self.signatures += push_pairs(Source::FormPairs, pairs, slots)?.count;
            }
            Body::None | Body::Opaque(_) | Body::Streamed => {}
        }
        Ok(())
    }
}

/// Too many parameters for the slots there are, or a source that is too long to be addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRoom;

/// Appends decoded pairs, `oauth_signature` left out.
pub(crate) fn push_pairs<'a, S: Slots + ?Sized>(
    source: Source,
    pairs: &'a [Parameter<'a>],
    slots: &mut S,
) -> Result<Signatures<'a>, NoRoom> {
    let mut signatures = Signatures::default();
    for (index, pair) in pairs.iter().enumerate() {
        let (name, value) = (pair.name(), pair.value());
        let key = name.sort_key();
        if index > MAX_LENGTH {
            return Err(NoRoom);
        }
        if is_signature(key, name) {
            signatures.add(value);
            continue;
        }
        let slot = Slot::indexed(source, index, key, name.is_clean(), value.is_clean());
        slots.push(slot).map_err(|_| NoRoom)?;
    }
    Ok(signatures)
}

/// Appends protocol parameters, those with a name of their own and the extra ones.
pub(crate) fn push_protocol<'a, S: Slots + ?Sized>(
    sources: &Sources<'a>,
    slots: &mut S,
) -> Result<Signatures<'a>, NoRoom> {
    for (at, value) in sources.protocol.iter() {
        let key = Protocol::name(at).sort_key();
        let slot = Slot::indexed(Source::Protocol, at, key, true, value.is_clean());
        slots.push(slot).map_err(|_| NoRoom)?;
    }
    push_pairs(Source::Extra, sources.extra, slots)
}

impl From<ScanError> for NoRoom {
    /// Without [`Scan::strict`], a scan ends early for nothing else.
    fn from(_: ScanError) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests;
