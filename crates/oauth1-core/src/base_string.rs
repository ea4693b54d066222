//! The signature base string (RFC 5849 section 3.4.1).

use core::fmt;

use crate::{
    parameters::{Protocol, Slot, Slots, Source, Sources, push_pairs},
    request::RequestView,
    signer::SignError,
    sink::Sink,
    target::Target,
    value::{Parameter, Value},
    writer::{Window, Writer},
};

/// A signature base string: what both sides compute and a signature method signs
/// (RFC 5849 section 3.4.1).
///
/// It is a view of the request, never a copy: it is written into whatever takes bytes, such as the
/// state of a hash, as often as one likes.
///
/// ```
/// use oauth1_core::{BaseString, RequestView, Target};
///
/// let target = Target::parse("http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b")?;
/// let request = RequestView::new("POST", target).with_form(b"c2&a3=2+q");
/// let mut slots = Vec::new();
/// let base_string = BaseString::of(&request, &[], &mut slots)?;
/// assert_eq!(
///     base_string.to_string(),
///     "POST&http%3A%2F%2Fexample.com%2Frequest&\
///      a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct BaseString<'a>(Repr<'a>);

#[derive(Clone, Copy)]
#[expect(
    clippy::large_enum_variant,
    reason = "without a heap there is nowhere to box it"
)]
enum Repr<'a> {
    Assembled(Assembled<'a>),
    Borrowed(&'a Assembled<'a>),
    Text(&'a [u8]),
}

/// The parts of a base string, where they stand.
#[derive(Clone, Copy)]
pub(crate) struct Assembled<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: Target<'a>,
    /// What [`write_start`] writes, where it is at hand.
    pub(crate) start: Option<&'a [u8]>,
    pub(crate) sources: Sources<'a>,
    /// All parameters in their order, but for the protocol parameters where they stand in a block.
    pub(crate) slots: &'a [Slot],
    /// Before which slot the protocol parameters of the sources stand, all of them together;
    /// `None` where they are among the slots.
    pub(crate) block: Option<usize>,
}

/// The two values that change from one signature to the next: what [`crate::Prepared`] leaves out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gaps {
    /// How many bytes stand before the value of `oauth_nonce`.
    pub(crate) nonce: usize,
    /// How many bytes stand before that of `oauth_timestamp`, the nonce not counted.
    pub(crate) timestamp: usize,
}

impl<'a> BaseString<'a> {
    /// Of a request and its protocol parameters, exactly those that are given and in whatever order
    /// they come: nothing is added, and nothing but `oauth_signature` is left out. It is what
    /// [`Signer`](crate::Signer) does for who has raw parameters, such as those of a test vector.
    ///
    /// A `%` in query or form that starts no escape stands for itself.
    ///
    /// # Errors
    /// [`SignError::TooManyParameters`] when the slots do not suffice.
    pub fn of<S: Slots + ?Sized>(
        request: &RequestView<'a>,
        protocol: &'a [Parameter<'a>],
        slots: &'a mut S,
    ) -> Result<Self, SignError> {
        let mut parts = Assembled::of(request);
        parts.sources.collect(request, slots)?;
        parts.sources.extra = protocol;
        push_pairs(Source::Extra, protocol, slots)?;
        parts.sources.sort(slots.as_mut_slice());
        parts.slots = slots.as_mut_slice();
        Ok(parts.into())
    }

    /// One that is at hand as text, from wherever it comes.
    #[must_use]
    pub const fn from_text(text: &'a [u8]) -> Self {
        Self(Repr::Text(text))
    }

    /// Writes the base string.
    pub fn write_to<S: Sink + ?Sized>(&self, sink: &mut S) {
        let parts = match &self.0 {
            Repr::Assembled(parts) => parts,
            Repr::Borrowed(parts) => parts,
            Repr::Text(text) => return sink.put(text),
        };
        parts.write_to(sink, &mut Window::new());
    }

    /// The parameters in the order in which they are signed (section 3.4.1.3.2), not encoded; none for
    /// one that came [as text](Self::from_text).
    pub fn parameters(&self) -> impl Iterator<Item = (Value<'_>, Value<'_>)> {
        let parts = match &self.0 {
            Repr::Assembled(parts) => Some(parts),
            Repr::Borrowed(parts) => Some(*parts),
            Repr::Text(_) => None,
        };
        parts.into_iter().flat_map(Assembled::parameters)
    }
}

impl<'a> From<Assembled<'a>> for BaseString<'a> {
    fn from(parts: Assembled<'a>) -> Self {
        Self(Repr::Assembled(parts))
    }
}

impl<'a> From<&'a Assembled<'a>> for BaseString<'a> {
    fn from(parts: &'a Assembled<'a>) -> Self {
        Self(Repr::Borrowed(parts))
    }
}

impl<'a> Assembled<'a> {
    /// Method and target, and no parameters yet.
    #[inline]
    pub(crate) fn of(request: &RequestView<'a>) -> Self {
        Self {
            method: request.method,
            target: request.target,
            start: request.known.map(|known| known.start),
            sources: Sources::default(),
            slots: &[],
            block: None,
        }
    }

    pub(crate) fn write_to<S: Sink + ?Sized>(&self, sink: &mut S, window: &mut Window) {
        let mut writer = Writer::new(sink, window);
        self.write(&mut writer, None);
        writer.flush();
    }

    /// Writes it without the values of the nonce and the timestamp, and says where they belong.
    pub(crate) fn write_with_gaps<S: Sink + ?Sized>(&self, sink: &mut S) -> Gaps {
        let mut gaps = Gaps::default();
        let mut window = Window::new();
        let mut writer = Writer::new(sink, &mut window);
        self.write(&mut writer, Some(&mut gaps));
        writer.flush();
        gaps
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = (Value<'_>, Value<'_>)> {
        let (before, after) = self.slots.split_at(self.block.unwrap_or(self.slots.len()));
        let pair = |slot: &Slot| (self.sources.name(slot), self.sources.value(slot));
        let block = self.block.map(|_| self.sources.protocol.iter());
        let block = block
            .into_iter()
            .flatten()
            .map(|(at, value)| (Protocol::name(at), value));
        before
            .iter()
            .map(pair)
            .chain(block)
            .chain(after.iter().map(pair))
    }

    /// Where `gaps` are asked for, the values that they stand for are left out.
    #[inline]
    fn write<S: Sink + ?Sized>(&self, writer: &mut Writer<'_, S>, mut gaps: Option<&mut Gaps>) {
        // Section 3.4.1.1: the method, the base string URI and the normalized parameters, encoded, with
        // an "&" after each but the last.
        match self.start {
            Some(start) => writer.raw(start),
            None => start(self.method, &self.target, writer),
        }
        let (before, after) = self.slots.split_at(self.block.unwrap_or(self.slots.len()));
        if !before.is_empty() {
            self.write_slots(before, writer, true, &mut gaps);
        }
        let mut first = before.is_empty();
        if self.block.is_some() {
            self.write_block(writer, &mut first, &mut gaps);
        }
        if !after.is_empty() {
            self.write_slots(after, writer, first, &mut gaps);
        }
    }

    /// The protocol parameters of the sources.
    #[inline]
    fn write_block<S: Sink + ?Sized>(
        &self,
        writer: &mut Writer<'_, S>,
        first: &mut bool,
        gaps: &mut Option<&mut Gaps>,
    ) {
        // One name after the other, for each is a constant to the compiler.
        macro_rules! parameter {
            ($at:ident, $name:literal) => {
                if let Some(value) = &self.sources.protocol.values[Protocol::$at] {
                    if core::mem::replace(first, false) {
                        writer.raw(concat!($name, "%3D").as_bytes());
                    } else {
                        writer.raw(concat!("%26", $name, "%3D").as_bytes());
                    }
                    write_protocol(Protocol::$at, value, writer, gaps);
                }
            };
        }
        parameter!(BODY_HASH, "oauth_body_hash");
        parameter!(CALLBACK, "oauth_callback");
        parameter!(CLIENT, "oauth_consumer_key");
        parameter!(NONCE, "oauth_nonce");
        parameter!(METHOD, "oauth_signature_method");
        parameter!(TIMESTAMP, "oauth_timestamp");
        parameter!(TOKEN, "oauth_token");
        parameter!(VERIFIER, "oauth_verifier");
        parameter!(VERSION, "oauth_version");
    }

    #[inline(never)]
    fn write_slots<S: Sink + ?Sized>(
        &self,
        slots: &[Slot],
        writer: &mut Writer<'_, S>,
        mut first: bool,
        gaps: &mut Option<&mut Gaps>,
    ) {
        for slot in slots {
            self.write_slot(slot, writer, &mut first, gaps);
        }
    }

    #[inline]
    fn write_slot<S: Sink + ?Sized>(
        &self,
        slot: &Slot,
        writer: &mut Writer<'_, S>,
        first: &mut bool,
        gaps: &mut Option<&mut Gaps>,
    ) {
        let source = slot.source();
        let is_first = core::mem::replace(first, false);
        if source.is_text() {
            // Most are, and what of them is clean is copied as it stands.
            let (text, encoding) = self.sources.raw(source);
            if slot.is_clean()
                && writer.pair_of(text, slot.name_range(), slot.value_range(), is_first)
            {
                return;
            }
            if !is_first {
                writer.literal(b"%26");
            }
            if slot.name_is_clean() {
                writer.raw_of(text, slot.name_range());
            } else {
                let name = &text[slot.name_range()];
                writer.encoded_twice(&Value::scanned(name, encoding, false));
            }
            writer.literal(b"%3D");
            if slot.value_is_clean() {
                writer.raw_of(text, slot.value_range());
            } else {
                let value = &text[slot.value_range()];
                writer.encoded_twice(&Value::scanned(value, encoding, false));
            }
            return;
        }
        if !is_first {
            writer.literal(b"%26");
        }
        writer.encoded_twice(&self.sources.name(slot));
        writer.literal(b"%3D");
        let value = self.sources.value(slot);
        match source {
            Source::Protocol => write_protocol(slot.index(), &value, writer, gaps),
            _ => writer.encoded_twice(&value),
        }
    }
}

/// The value of a protocol parameter of the sources, or the gap where it belongs.
#[inline]
fn write_protocol<S: Sink + ?Sized>(
    at: usize,
    value: &Value<'_>,
    writer: &mut Writer<'_, S>,
    gaps: &mut Option<&mut Gaps>,
) {
    match (at, gaps) {
        (Protocol::NONCE, Some(gaps)) => gaps.nonce = writer.written(),
        (Protocol::TIMESTAMP, Some(gaps)) => gaps.timestamp = writer.written(),
        _ => writer.encoded_twice(value),
    }
}

/// The start of a base string, up to its parameters.
pub(crate) fn write_start<S: Sink + ?Sized>(method: &str, target: &Target<'_>, sink: &mut S) {
    let mut window = Window::new();
    let mut writer = Writer::new(sink, &mut window);
    start(method, target, &mut writer);
    writer.flush();
}

#[inline]
fn start<S: Sink + ?Sized>(method: &str, target: &Target<'_>, writer: &mut Writer<'_, S>) {
    match method {
        "GET" => writer.literal(b"GET"),
        "POST" => writer.literal(b"POST"),
        other => {
            for byte in other.bytes() {
                writer.encoded_plain(&[byte.to_ascii_uppercase()]);
            }
        }
    }
    writer.literal(b"&");
    target.write_encoded(writer);
    writer.literal(b"&");
}

impl fmt::Display for BaseString<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::sink::display(|sink| self.write_to(sink), f)
    }
}

impl fmt::Debug for BaseString<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseString({self})")
    }
}

impl fmt::Debug for Assembled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        BaseString::from(*self).fmt(f)
    }
}

#[cfg(test)]
mod tests;
