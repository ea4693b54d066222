//! What is tried: the deviations that apply to a request, and the keys that others make.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::{
    deviations::{self, Apply, Deviation},
    key::{Key, KeyModel, Keys, Method},
    model::{Model, Order, Scratch},
};

/// A form of a deviation of the request.
pub(super) struct Step {
    pub(super) deviation: &'static Deviation,
    pub(super) apply: fn(&mut Model<'_>, u16) -> bool,
    pub(super) variant: u16,
    /// Whether it is tried together with others.
    pub(super) deep: bool,
    /// Whether it is an order that nobody knows: taken where nothing else is found.
    pub(super) unknown_order: bool,
}

/// All that apply to this request and change something, the most common first.
pub(super) fn steps(
    plain: &Model<'_>,
    base_string_given: bool,
    scratch: &mut Scratch,
    base_string: &[u8],
) -> Vec<Step> {
    let mut table: Vec<_> = deviations::all().collect();
    table.sort_by_key(|deviation| deviation.rank);
    let mut steps = Vec::new();
    for deviation in table {
        let Apply::Request(apply) = deviation.apply else {
            continue;
        };
        let mut hashes = Vec::new();
        for variant in 0..deviation.variants {
            let mut model = plain.clone();
            if !apply(&mut model, variant) {
                continue;
            }
            // An order that nobody knows can be compared, and not signed.
            if model.order == Order::Unknown && !base_string_given {
                continue;
            }
            let deep = variant < deviation.deep;
            // Another order shows perhaps only with what another deviation adds.
            if deep && model.order == Order::Encoded {
                let mut out = Vec::new();
                model.write(scratch, &mut out);
                let hash = hash(&out);
                if out == base_string || hashes.contains(&hash) {
                    continue;
                }
                hashes.push(hash);
            }
            steps.push(Step {
                deviation,
                apply,
                variant,
                deep,
                unknown_order: model.order == Order::Unknown,
            });
        }
    }
    steps
}

/// A key that some deviations make.
pub(super) struct KeyCandidate<'k> {
    pub(super) deviations: Vec<&'static Deviation>,
    /// Other sets, as small, that make the same one.
    pub(super) aliases: Vec<Vec<&'static Deviation>>,
    pub(super) identity: (Method, Zeroizing<Vec<u8>>),
    pub(super) key: Key<'k>,
}

/// All keys of up to three deviations, each once; the first has none.
pub(super) fn key_candidates<'k>(keys: &Keys<'k>, plain: &KeyModel) -> Vec<KeyCandidate<'k>> {
    let mut table: Vec<_> = deviations::all().collect();
    table.sort_by_key(|deviation| deviation.rank);
    let mut all: Vec<KeyCandidate<'k>> = Vec::new();
    let mut level = Vec::from([(plain.clone(), Vec::<&'static Deviation>::new(), 0)]);
    for _ in 0..=3 {
        let mut next = Vec::new();
        for (model, deviations, start) in level {
            let identity = match model.method {
                // No shared secret takes part in it.
                method if method.is_rsa() => (method, Zeroizing::default()),
                method => (method, model.text()),
            };
            match all.iter_mut().find(|other| other.identity == identity) {
                Some(other) => {
                    let is_alias = other.deviations.len() == deviations.len();
                    if is_alias && codes(&other.deviations) != codes(&deviations) {
                        other.aliases.push(deviations);
                    }
                    continue;
                }
                None => {
                    if let Some(key) = keys.build(&model) {
                        all.push(KeyCandidate {
                            deviations: deviations.clone(),
                            aliases: Vec::new(),
                            identity,
                            key,
                        });
                    }
                }
            }
            for (at, deviation) in table.iter().enumerate().skip(start) {
                let Apply::Key(apply) = deviation.apply else {
                    continue;
                };
                for variant in 0..deviation.variants {
                    let mut model = model.clone();
                    if apply(&mut model, variant) {
                        let mut deviations = deviations.clone();
                        deviations.push(deviation);
                        next.push((model, deviations, at + 1));
                    }
                }
            }
        }
        level = next;
    }
    all
}

fn codes(deviations: &[&'static Deviation]) -> Vec<&'static str> {
    deviations.iter().map(|deviation| deviation.code).collect()
}

/// Tells base strings apart. Who makes two collide hides a candidate from himself.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mix = |hash: u64, word: u64| {
        let hash = (hash ^ word).wrapping_mul(FACTOR);
        hash ^ hash >> 29
    };
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let hash = mix(words.fold(FACTOR, mix), u64::from_le_bytes(last));
    // At the end: at the start, a first byte could make up for another length.
    mix(hash, bytes.len() as u64)
}
