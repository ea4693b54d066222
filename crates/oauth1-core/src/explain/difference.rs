//! Where two base strings differ.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use crate::value::Value;

/// Where two base strings begin to differ.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FirstDifference {
    /// In bytes from the start of both.
    pub offset: usize,
    /// What stands there in ours: the method, the URI or a parameter with its value, as it is in
    /// the base string; empty at its end.
    pub ours: String,
    /// The same in theirs.
    pub theirs: String,
    /// The name of the parameter that differs, decoded; `None` in the method and in the URI.
    pub parameter: Option<String>,
}

/// Something that two base strings differ in; all is decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The method.
    Method {
        /// Ours.
        ours: String,
        /// Theirs.
        theirs: String,
    },
    /// The base string URI.
    Uri {
        /// Ours.
        ours: String,
        /// Theirs.
        theirs: String,
    },
    /// A parameter that is in both, with another value.
    Changed {
        /// Its name.
        name: String,
        /// The value in ours, still encoded once.
        ours: String,
        /// The value in theirs, still encoded once.
        theirs: String,
    },
    /// A parameter that is in ours alone.
    Missing {
        /// Its name.
        name: String,
        /// Its value, still encoded once.
        value: String,
    },
    /// A parameter that is in theirs alone.
    Added {
        /// Its name.
        name: String,
        /// Its value, still encoded once.
        value: String,
    },
    /// The same parameters in another order.
    Order,
    /// Theirs has no three parts with `&` between them.
    Malformed,
}

/// The pieces of a base string, as they stand in it.
struct Parts<'t> {
    method: &'t str,
    uri: &'t str,
    pairs: Vec<&'t str>,
}

impl<'t> Parts<'t> {
    /// A base string whose parameters are not encoded as a whole has more than two `&`.
    fn of(text: &'t str) -> Option<Self> {
        let (method, rest) = text.split_once('&')?;
        let (uri, parameters) = rest.split_once('&')?;
        Some(Self {
            method,
            uri,
            pairs: split_pairs(parameters),
        })
    }
}

/// The pairs of the third part, as they stand in it.
pub(super) fn split_pairs(parameters: &str) -> Vec<&str> {
    let pairs = parameters.split("%26").flat_map(|piece| piece.split('&'));
    pairs.filter(|pair| !pair.is_empty()).collect()
}

fn decoded(text: &str) -> String {
    Value::percent(text.as_bytes()).to_string_lossy()
}

/// Name, decoded, and value, encoded once.
fn name_and_value(pair: &str) -> (String, String) {
    let once = decoded(pair);
    match once.split_once('=') {
        Some((name, value)) => (decoded(name), value.to_string()),
        None => (decoded(&once), String::new()),
    }
}

pub(super) fn first(ours: &str, theirs: &str) -> Option<FirstDifference> {
    let bytes = ours.bytes().zip(theirs.bytes());
    let offset = bytes.take_while(|(ours, theirs)| ours == theirs).count();
    if offset == ours.len() && offset == theirs.len() {
        return None;
    }
    let (our_start, mut our_piece) = piece(ours, offset);
    let (_, mut their_piece) = piece(theirs, offset);
    // Where one ends and the other goes on, the next piece is what differs.
    let next = |text: &str| {
        ["%26", "&"].iter().find_map(|start| {
            let piece = text.get(offset..)?.strip_prefix(start)?;
            Some(offset + start.len()..offset + start.len() + self::piece(piece, 0).1.len())
        })
    };
    match (next(ours), next(theirs)) {
        (None, Some(next)) if offset == ours.len() => {
            (our_piece, their_piece) = ("", &theirs[next]);
        }
        (Some(next), None) if offset == theirs.len() => {
            (our_piece, their_piece) = (&ours[next], "");
        }
        _ => {}
    }
    // Two `&` stand before the parameters.
    let in_parameters = ours[..our_start].matches('&').count() >= 2;
    let parameter = in_parameters.then(|| {
        let has = |text, pair| Parts::of(text).is_some_and(|parts| parts.pairs.contains(&pair));
        // What one side has further on too was only pushed aside by what the other has here.
        let named = match (our_piece, their_piece) {
            ("", theirs) => theirs,
            (ours, "") => ours,
            (our, their) if has(theirs, our) && !has(ours, their) => their,
            (our, _) => our,
        };
        name_and_value(named).0
    });
    Some(FirstDifference {
        offset,
        ours: our_piece.to_string(),
        theirs: their_piece.to_string(),
        parameter,
    })
}

/// The piece that stands around an offset, and where it starts.
fn piece(text: &str, offset: usize) -> (usize, &str) {
    let mut start = 0;
    let mut rest = text;
    loop {
        // An `&` in the URI is seldom enough.
        let end = match (rest.find('&'), rest.find("%26")) {
            (at, Some(encoded)) if at.is_none_or(|at| encoded < at) => Some((encoded, 3)),
            (Some(at), _) => Some((at, 1)),
            _ => None,
        };
        let Some((length, separator)) = end else {
            return (start, rest);
        };
        // In the separator: the pieces are the same, and one goes on.
        if offset < start + length + separator {
            return (start, &rest[..length]);
        }
        start += length + separator;
        rest = &rest[length + separator..];
    }
}

pub(super) fn all(ours: &str, theirs: &str) -> Vec<Difference> {
    if ours == theirs {
        return Vec::new();
    }
    let (Some(our), Some(their)) = (Parts::of(ours), Parts::of(theirs)) else {
        return Vec::from([Difference::Malformed]);
    };
    let mut found = Vec::new();
    if our.method != their.method {
        found.push(Difference::Method {
            ours: decoded(our.method),
            theirs: decoded(their.method),
        });
    }
    if our.uri != their.uri {
        found.push(Difference::Uri {
            ours: decoded(our.uri),
            theirs: decoded(their.uri),
        });
    }
    let mut added = their.pairs.clone();
    let mut missing = Vec::new();
    for pair in &our.pairs {
        match added.iter().position(|other| other == pair) {
            Some(at) => drop(added.remove(at)),
            None => missing.push(name_and_value(pair)),
        }
    }
    let mut added: Vec<_> = added.into_iter().map(name_and_value).collect();
    for (name, ours) in missing {
        match added.iter().position(|(other, _)| *other == name) {
            Some(at) => {
                let (name, theirs) = added.remove(at);
                found.push(Difference::Changed { name, ours, theirs });
            }
            None => found.push(Difference::Missing { name, value: ours }),
        }
    }
    let added = added.into_iter();
    found.extend(added.map(|(name, value)| Difference::Added { name, value }));
    if found.is_empty() {
        found.push(Difference::Order);
    }
    found
}
