//! What is found in a request while it is read.

use super::{Reason, Rejection};
use crate::{
    authorization::{AuthorizationHeader, Known, Placed, Realm},
    parameters::{Protocol, ScanError, Signatures, Slot, Slots, Source, Sources},
    signer::oauth_region,
    value::{Encoding, Value},
};

/// What of a request has parameters.
#[derive(Clone, Copy, Default)]
pub(super) struct Collected<'r> {
    pub(super) sources: Sources<'r>,
    pub(super) realm: Option<Realm<'r>>,
    pub(super) signatures: Signatures<'r>,
    /// A bit for each [`Source`] with a parameter of the protocol.
    pub(super) places: u8,
    /// One that the header has twice.
    pub(super) duplicate: Option<usize>,
    pub(super) has_header: bool,
}

impl<'r> Collected<'r> {
    pub(super) fn read_header<S: Slots + ?Sized>(
        &mut self,
        header: AuthorizationHeader<'r>,
        slots: &mut Limited<'_, S>,
    ) -> Result<(), Rejection> {
        let text = header.value();
        self.sources.header = text;
        let mut parameters = header.parameters();
        while let Some(placed) = parameters.next_placed().map_err(Reason::MalformedHeader)? {
            match placed {
                Placed::Realm(realm) => {
                    if self.realm.replace(realm).is_some() {
                        return Err(Reason::DuplicateParameter("realm").into());
                    }
                }
                Placed::Pair { name, value, known } => {
                    let at = |(at, len, clean): (usize, usize, bool)| {
                        Value::scanned(&text[at..at + len], Encoding::Percent, clean)
                    };
                    let (known, key) = if known.is_some() {
                        (known, 0)
                    } else {
                        let key = at(name).sort_key();
                        (known_name(key, at(name)), key)
                    };
                    let Some(known) = known else {
                        slots
                            .push(Slot::ranged(Source::Header, key, name, value))
                            .map_err(|_| Reason::TooLarge("the number of parameters"))?;
                        continue;
                    };
                    self.places |= 1 << Source::Header as u8;
                    match known {
                        Known::Signature => self.signatures.add(at(value)),
                        Known::At(index) => {
                            slots
                                .count()
                                .ok_or(Reason::TooLarge("the number of parameters"))?;
                            let old = self.sources.protocol.values[index].replace(at(value));
                            if old.is_some() {
                                self.duplicate = Some(index);
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Finds the protocol parameters among the sorted ones. Seldom asked for.
    #[cold]
    pub(super) fn recognize(&mut self, sorted: &[Slot]) -> Result<(), Rejection> {
        let (start, count) = oauth_region(sorted);
        let region = &sorted[start..start + count];
        for (at, slot) in region.iter().enumerate() {
            if slot.source() != Source::Protocol {
                self.places |= 1 << slot.source() as u8;
            }
            let name = self.sources.name(slot);
            let known = known_name(slot.key(), name);
            let previous = at.checked_sub(1).and_then(|before| region.get(before));
            let previous = previous.filter(|previous| previous.key() == slot.key());
            let is_double = previous.is_some_and(|previous| self.sources.name(previous) == name);
            match known {
                Some(Known::At(at)) if is_double => {
                    return Err(Reason::DuplicateParameter(Protocol::NAMES[at]).into());
                }
                _ if is_double => {
                    return Err(Reason::DuplicateParameter("an oauth_ parameter").into());
                }
                Some(Known::At(at)) => {
                    let value = self.sources.value(slot);
                    self.sources.protocol.values[at] = Some(value);
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn add(
        &mut self,
        source: Source,
        scanned: Result<Signatures<'r>, ScanError>,
        place: &'static str,
    ) -> Result<(), Rejection> {
        let signatures = scanned.map_err(|error| match error {
            ScanError::NoRoom => Reason::TooLarge("the number of parameters"),
            ScanError::BrokenEscape(at) => Reason::MalformedEncoding(place, at),
        })?;
        if signatures.count > 0 {
            self.places |= 1 << source as u8;
            self.signatures.count += signatures.count;
            self.signatures.last = signatures.last;
        }
        Ok(())
    }
}

/// Slots of the caller's, and no more than the policy lets in.
pub(super) struct Limited<'s, S: ?Sized> {
    pub(super) slots: &'s mut S,
    pub(super) left: usize,
}

impl<S: Slots + ?Sized> Limited<'_, S> {
    /// Counts a parameter that takes no slot.
    #[inline]
    fn count(&mut self) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        Some(())
    }
}

impl<S: Slots + ?Sized> Slots for Limited<'_, S> {
    fn clear(&mut self) {
        self.slots.clear();
    }

    #[inline]
    fn push(&mut self, slot: Slot) -> Result<(), Slot> {
        if self.count().is_none() {
            return Err(slot);
        }
        self.slots.push(slot)
    }

    fn as_slice(&self) -> &[Slot] {
        self.slots.as_slice()
    }

    fn as_mut_slice(&mut self) -> &mut [Slot] {
        self.slots.as_mut_slice()
    }
}

/// Which of the protocol parameters a name is; `key` is its sort key, of which the last two bytes say
/// which it must be.
#[cfg_attr(target_pointer_width = "64", inline)]
fn known_name(key: u64, name: Value<'_>) -> Option<Known> {
    // Where flash is small, they are tried one after the other.
    if cfg!(target_pointer_width = "32") {
        let at = Protocol::NAMES.iter().position(|known| name == **known);
        return match at {
            None if name == "oauth_signature" => Some(Known::Signature),
            at => at.map(Known::At),
        };
    }
    let is = |at: usize, expected: bool| expected.then_some(Known::At(at));
    match key.to_be_bytes().last_chunk::<2>()? {
        b"bo" => is(Protocol::BODY_HASH, name.is(b"oauth_body_hash")),
        b"ca" => is(Protocol::CALLBACK, name.is(b"oauth_callback")),
        b"co" => is(Protocol::CLIENT, name.is(b"oauth_consumer_key")),
        b"no" => is(Protocol::NONCE, name.is(b"oauth_nonce")),
        b"si" if name.is(b"oauth_signature") => Some(Known::Signature),
        b"si" => is(Protocol::METHOD, name.is(b"oauth_signature_method")),
        b"ti" => is(Protocol::TIMESTAMP, name.is(b"oauth_timestamp")),
        b"to" => is(Protocol::TOKEN, name.is(b"oauth_token")),
        b"ve" if name.is(b"oauth_version") => Some(Known::At(Protocol::VERSION)),
        b"ve" => is(Protocol::VERIFIER, name.is(b"oauth_verifier")),
        _ => None,
    }
}
