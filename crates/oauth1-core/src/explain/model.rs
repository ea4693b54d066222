//! The inputs of a signature as a value that deviations change, and the base string that comes of
//! it.

use alloc::{borrow::Cow, vec::Vec};

use super::facts::{Facts, Source};
use crate::{
    decimal::Decimal,
    percent::{escape, is_unreserved},
};

/// What a program signs. It starts out as RFC 5849 has it; a deviation changes something of it, and
/// [`write`](Self::write) does what is left.
#[derive(Clone)]
pub(super) struct Model<'f> {
    pub(super) facts: &'f Facts<'f>,
    pub(super) method: Cow<'f, [u8]>,
    pub(super) scheme: &'f str,
    pub(super) host: &'f str,
    /// As it is signed: the default one is none.
    pub(super) port: Option<u16>,
    pub(super) path: Cow<'f, [u8]>,
    pub(super) pairs: Vec<Pair<'f>>,
    pub(super) order: Order,
    /// What encodes names and values.
    pub(super) inner: Encoder,
    /// What encodes the three parts of the base string.
    pub(super) outer: Encoder,
    /// Whether the parameters are encoded as a whole.
    pub(super) joined_encoded: bool,
}

/// A parameter.
#[derive(Clone)]
pub(super) struct Pair<'f> {
    pub(super) source: Source,
    pub(super) name: Cow<'f, [u8]>,
    pub(super) value: Cow<'f, [u8]>,
    /// How often name and value are encoded before they are joined.
    pub(super) times: u8,
    /// The name and the value as they stand in their source.
    pub(super) raw: (&'f [u8], &'f [u8]),
}

/// How the parameters are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// By encoded name, then by encoded value: section 3.4.1.3.2.
    Encoded,
    /// The same before they are encoded.
    Decoded,
    /// By `name=value`, encoded.
    Joined,
    /// By `name=value`, not encoded.
    JoinedDecoded,
    /// By name; equal names stay as they came.
    Names,
    /// Not at all: the sources one after the other.
    Sources([Source; 3]),
    /// The request's own as they came, then the protocol parameters sorted.
    ProtocolSortedLast,
    /// Whatever it is: compared without looking at it.
    Unknown,
}

/// What a percent-encoder does otherwise than section 3.6 has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Encoder {
    pub(super) lower_case: bool,
    pub(super) plus: bool,
    pub(super) tilde: bool,
    /// Reserved characters that it leaves as they are.
    pub(super) keeps: &'static [u8],
}

impl Encoder {
    pub(super) const RFC: Self = Self {
        lower_case: false,
        plus: false,
        tilde: false,
        keeps: b"",
    };

    pub(super) fn put(&self, bytes: &[u8], out: &mut Vec<u8>) {
        for &byte in bytes {
            if is_unreserved(byte) {
                if byte != b'~' || !self.tilde {
                    out.push(byte);
                    continue;
                }
            } else if self.keeps.contains(&byte) {
                out.push(byte);
                continue;
            } else if byte == b' ' && self.plus {
                out.push(b'+');
                continue;
            }
            let mut escaped = escape(byte);
            if self.lower_case {
                escaped.make_ascii_lowercase();
            }
            out.extend_from_slice(&escaped);
        }
    }
}

impl<'f> Model<'f> {
    /// As RFC 5849 has it.
    pub(super) fn new(facts: &'f Facts<'f>) -> Self {
        let pairs = facts.pairs.iter().map(|fact| Pair {
            source: fact.source,
            name: Cow::Borrowed(&fact.name),
            value: Cow::Borrowed(&fact.value),
            times: 1,
            raw: (fact.raw_name, fact.raw_value),
        });
        Self {
            facts,
            method: Cow::Owned(facts.method.to_ascii_uppercase()),
            scheme: &facts.scheme,
            host: &facts.host,
            port: facts.port,
            path: Cow::Borrowed(facts.path),
            pairs: pairs.collect(),
            order: Order::Encoded,
            inner: Encoder::RFC,
            outer: Encoder::RFC,
            joined_encoded: true,
        }
    }

    /// Adds a parameter where a program adds it to its own.
    pub(super) fn add(&mut self, name: &'static str, value: impl Into<Cow<'f, [u8]>>) {
        self.pairs.push(Pair {
            source: Source::Protocol,
            name: Cow::Borrowed(name.as_bytes()),
            value: value.into(),
            times: 1,
            raw: (b"", b""),
        });
    }

    /// Removes parameters, and says whether there were any.
    pub(super) fn remove(&mut self, mut test: impl FnMut(&Pair<'f>) -> bool) -> bool {
        let before = self.pairs.len();
        self.pairs.retain(|pair| !test(pair));
        self.pairs.len() < before
    }

    /// Changes parameters, and says whether any has been.
    pub(super) fn change(&mut self, mut change: impl FnMut(&mut Pair<'f>) -> bool) -> bool {
        let mut any = false;
        for pair in &mut self.pairs {
            any |= change(pair);
        }
        any
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|pair| pair.is(name))
    }

    /// Writes the base string (section 3.4.1.1).
    pub(super) fn write(&self, scratch: &mut Scratch, out: &mut Vec<u8>) {
        self.outer.put(&self.method, out);
        out.push(b'&');
        let uri = &mut scratch.text;
        uri.clear();
        for part in [self.scheme.as_bytes(), b"://", self.host.as_bytes()] {
            uri.extend_from_slice(part);
        }
        if let Some(port) = self.port {
            uri.push(b':');
            uri.extend_from_slice(Decimal::new(u64::from(port)).as_bytes());
        }
        uri.extend_from_slice(&self.path);
        self.outer.put(uri, out);
        out.push(b'&');
        self.write_pairs(scratch, out);
    }

    fn write_pairs(&self, scratch: &mut Scratch, out: &mut Vec<u8>) {
        let Scratch {
            text,
            places,
            joined,
            again,
        } = scratch;
        text.clear();
        places.clear();
        for (at, pair) in self.pairs.iter().enumerate() {
            let start = text.len();
            self.put_times(pair.times, &pair.name, again, text);
            let equals = text.len();
            text.push(b'=');
            self.put_times(pair.times, &pair.value, again, text);
            places.push(Place {
                at,
                start,
                equals,
                end: text.len(),
            });
        }
        self.sort(text, places);
        joined.clear();
        for place in places.iter() {
            if !joined.is_empty() {
                joined.push(b'&');
            }
            joined.extend_from_slice(&text[place.start..place.end]);
        }
        if self.joined_encoded {
            self.outer.put(joined, out);
        } else {
            out.extend_from_slice(joined);
        }
    }

    fn put_times(&self, times: u8, bytes: &[u8], again: &mut Vec<u8>, out: &mut Vec<u8>) {
        match times {
            0 => out.extend_from_slice(bytes),
            1 => self.inner.put(bytes, out),
            _ => {
                again.clear();
                self.inner.put(bytes, again);
                self.inner.put(again, out);
            }
        }
    }

    fn sort(&self, text: &[u8], places: &mut [Place]) {
        let pair = |place: &Place| &self.pairs[place.at];
        let name = |place: &Place| &text[place.start..place.equals];
        let value = |place: &Place| &text[place.equals + 1..place.end];
        let whole = |place: &Place| &text[place.start..place.end];
        // All of these sorts leave equal ones as they came.
        match self.order {
            Order::Encoded => places.sort_by_key(|place| (name(place), value(place))),
            Order::Decoded => {
                places.sort_by(|a, b| {
                    let (a, b) = (pair(a), pair(b));
                    (&a.name, &a.value).cmp(&(&b.name, &b.value))
                });
            }
            Order::Joined | Order::Unknown => places.sort_by_key(whole),
            Order::JoinedDecoded => {
                let bytes = |place: &Place| {
                    let pair = pair(place);
                    pair.name.iter().chain(b"=").chain(pair.value.iter())
                };
                places.sort_by(|a, b| bytes(a).cmp(bytes(b)));
            }
            Order::Names => places.sort_by_key(name),
            Order::Sources(order) => places.sort_by_key(|place| {
                let source = pair(place).source;
                order.iter().position(|&other| other == source)
            }),
            Order::ProtocolSortedLast => places.sort_by_key(|place| {
                let is_protocol = pair(place).source == Source::Protocol;
                (is_protocol, if is_protocol { whole(place) } else { b"" })
            }),
        }
    }
}

impl Pair<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        *self.name == *name.as_bytes()
    }

    /// Whether it is a parameter of the protocol, wherever it travels.
    pub(super) fn is_protocol(&self) -> bool {
        self.name.starts_with(b"oauth_")
    }
}

/// Memory that is kept from one base string to the next.
#[derive(Default)]
pub(super) struct Scratch {
    text: Vec<u8>,
    places: Vec<Place>,
    joined: Vec<u8>,
    again: Vec<u8>,
}

/// Where an encoded pair stands.
struct Place {
    at: usize,
    start: usize,
    equals: usize,
    end: usize,
}
