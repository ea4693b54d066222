//! The search: sets of deviations, the small and the common ones first.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use zeroize::Zeroizing;

use super::{
    Expected, Limits, Question, TooLarge,
    candidates::{KeyCandidate, Step, hash, key_candidates, steps},
    difference::split_pairs,
    explanation::{Cause, Explanation, Outcome},
    facts::Facts,
    key::{Keys, Method},
    model::{Model, Order, Scratch},
};
use crate::value::Value;

/// How many other sets are told of: who has eight to choose from looks at the request first.
const ALTERNATIVES: usize = 8;

pub(super) fn run(
    question: &Question<'_>,
    keys: &Keys<'_>,
    expected: &Expected<'_>,
    limits: &Limits,
) -> Result<Explanation, TooLarge> {
    let facts = Facts::new(question, limits)?;
    let stated = || {
        let mut pairs = facts.pairs.iter();
        let pair = pairs.find(|pair| pair.name == b"oauth_signature_method");
        pair.map(|pair| &pair.value[..])
    };
    let name = question.signature_method.map(str::as_bytes).or_else(stated);
    // The method of most requests is that of one that says nothing of it.
    let method = name.map_or(Some(Method::HmacSha1), Method::of_name);
    let key_model = method.and_then(|method| keys.model(method));

    let plain = Model::new(&facts);
    let (mut scratch, mut base_string) = (Scratch::default(), Vec::new());
    plain.write(&mut scratch, &mut base_string);
    let wanted = Wanted {
        base_string: expected.base_string.map(<[u8]>::trim_ascii),
        signature: expected
            .signature
            .as_deref()
            .filter(|_| key_model.is_some())
            .map(|text| signature(text, method)),
    };
    let candidates = key_model
        .filter(|_| wanted.signature.is_some())
        .map_or_else(Vec::new, |model| key_candidates(keys, &model));
    let mut search = Search {
        steps: steps(
            &plain,
            wanted.base_string.is_some(),
            &mut scratch,
            &base_string,
        ),
        canonical: wanted.base_string.map(canonical),
        wanted,
        keys: candidates,
        seen: BTreeMap::new(),
        found: Vec::new(),
        any_order: false,
        work: 0,
        work_limit: limits.work_bytes,
        tried: 0,
        scratch,
        out: Vec::new(),
    };
    let largest = limits.deviations.clamp(1, 3);
    let mut explanation = match search.wanted.base_string {
        Some(theirs) => search.explain_both(&plain, theirs, &base_string, largest),
        None => search.explain_signature(&plain, largest),
    };
    explanation.base_string = String::from_utf8_lossy(&base_string).into_owned();
    explanation.signature_compared = search.wanted.signature.is_some();
    explanation.tried = search.tried;
    explanation.complete = search.work <= search.work_limit;
    Ok(explanation)
}

/// What people paste is often still encoded.
fn signature(text: &[u8], method: Option<Method>) -> Zeroizing<Vec<u8>> {
    let text = text.trim_ascii();
    // No base64 has a percent sign, but a secret may.
    let encoded = text.contains(&b'%') && method != Some(Method::Plaintext);
    Zeroizing::new(if encoded {
        Value::percent(text).to_bytes().into_owned()
    } else {
        text.to_vec()
    })
}

/// What the other side has.
struct Wanted<'e> {
    base_string: Option<&'e [u8]>,
    signature: Option<Zeroizing<Vec<u8>>>,
}

/// A set that makes what the other side has.
struct Found {
    steps: Vec<u16>,
    key: usize,
    hash: u64,
    base_string: Vec<u8>,
}

struct Search<'e, 'k> {
    steps: Vec<Step>,
    wanted: Wanted<'e>,
    /// The other side's base string with its parameters sorted.
    canonical: Option<Vec<u8>>,
    keys: Vec<KeyCandidate<'k>>,
    /// The base strings that were seen, each with the first set that makes it.
    seen: BTreeMap<u64, u64>,
    found: Vec<Found>,
    /// Whether orders that nobody knows are tried.
    any_order: bool,
    work: u64,
    work_limit: u64,
    tried: u64,
    scratch: Scratch,
    out: Vec<u8>,
}

impl Search<'_, '_> {
    /// From a signature alone: request and key together.
    fn explain_signature(&mut self, plain: &Model<'_>, largest: usize) -> Explanation {
        if self.keys.is_empty() {
            return Explanation::empty();
        }
        let plaintext = self.keys[0].key.is_plaintext();
        for size in 0..=largest {
            for of_request in (0..=size).rev() {
                if plaintext && of_request > 0 {
                    continue;
                }
                self.combine(plain, of_request, size - of_request);
            }
            // What comes in a thousand forms, before the sets of three, which are many more.
            if size == 2.min(largest) && self.found.is_empty() && !plaintext {
                self.try_wide(plain);
            }
            if !self.found.is_empty() {
                break;
            }
        }
        let mut explanation = Explanation::empty();
        let sets = self.sets();
        if let Some(found) = self.best() {
            let matches = sets.first().is_some_and(Vec::is_empty);
            explanation.outcome = if matches {
                Outcome::Matches
            } else {
                Outcome::Found
            };
            if !matches && !plaintext {
                let theirs = String::from_utf8_lossy(&found.base_string).into_owned();
                explanation.expected_base_string = Some(theirs);
            }
        }
        explanation.put_sets(sets);
        explanation
    }

    /// From a base string, and from the signature of it where there is one.
    fn explain_both(
        &mut self,
        plain: &Model<'_>,
        theirs: &[u8],
        ours: &[u8],
        largest: usize,
    ) -> Explanation {
        let mut explanation = Explanation::empty();
        explanation.expected_base_string = Some(String::from_utf8_lossy(theirs).into_owned());
        // Its key candidates are tried with the base string that is known.
        let keys = core::mem::take(&mut self.keys);
        for size in 0..=largest {
            self.combine(plain, size, 0);
            if self.found.is_empty() {
                self.any_order = true;
                self.combine(plain, size, 0);
                self.any_order = false;
            }
            if size == 1 && self.found.is_empty() {
                self.try_wide(plain);
            }
            if !self.found.is_empty() {
                break;
            }
        }
        let mut sets = self.sets();
        explanation.base_string_given = true;
        if !self.found.is_empty() {
            explanation.outcome = Outcome::Found;
        }
        let signature = self.wanted.signature.as_deref();
        if let Some(signature) = signature.filter(|_| !self.found.is_empty()) {
            self.tried += keys.len() as u64;
            let mut fitting = keys
                .iter()
                .filter(|candidate| candidate.key.verifies(theirs, signature));
            if let Some(candidate) = fitting.next() {
                for set in &mut sets {
                    set.extend(candidate.deviations.iter().copied().map(Cause));
                }
                let first = sets.first().cloned().unwrap_or_default();
                for alias in &candidate.aliases {
                    let kept = first.len() - candidate.deviations.len();
                    let mut set = first[..kept].to_vec();
                    set.extend(alias.iter().copied().map(Cause));
                    sets.push(set);
                }
            } else {
                explanation.outcome = Outcome::BaseString;
            }
        }
        let nothing = sets.first().is_some_and(Vec::is_empty);
        if explanation.outcome == Outcome::Found && ours == theirs && nothing {
            explanation.outcome = Outcome::Matches;
        }
        explanation.put_sets(sets);
        explanation
    }

    /// Tries all sets of so many deviations of the request and of the key.
    fn combine(&mut self, plain: &Model<'_>, of_request: usize, of_key: usize) {
        let mut chosen = Vec::with_capacity(of_request);
        self.extend(plain, of_request, of_key, &mut chosen);
    }

    fn extend(&mut self, model: &Model<'_>, left: usize, of_key: usize, chosen: &mut Vec<u16>) {
        if left == 0 {
            return self.compare(model, of_key, chosen);
        }
        let start = chosen.last().map_or(0, |&last| usize::from(last) + 1);
        for at in start..self.steps.len() {
            if self.work > self.work_limit {
                return;
            }
            let Step {
                deviation,
                apply,
                variant,
                deep,
                unknown_order,
            } = self.steps[at];
            let is_chosen =
                |&other: &u16| self.steps[usize::from(other)].deviation.code == deviation.code;
            if !deep || unknown_order && !self.any_order || chosen.iter().any(is_chosen) {
                continue;
            }
            let mut changed = model.clone();
            if apply(&mut changed, variant) {
                // There are some hundred steps at most that are tried together.
                chosen.push(u16::try_from(at).unwrap_or(u16::MAX));
                self.extend(&changed, left - 1, of_key, chosen);
                chosen.pop();
            }
        }
    }

    /// The forms that are too many to be tried together with others.
    fn try_wide(&mut self, plain: &Model<'_>) {
        for at in 0..self.steps.len() {
            let Step {
                apply,
                variant,
                deep,
                ..
            } = self.steps[at];
            let mut model = plain.clone();
            if !deep && self.work <= self.work_limit && apply(&mut model, variant) {
                self.compare(&model, 0, &[u16::try_from(at).unwrap_or(u16::MAX)]);
            }
        }
    }

    /// Compares a base string, with all keys of so many deviations.
    fn compare(&mut self, model: &Model<'_>, of_key: usize, chosen: &[u16]) {
        let mut out = core::mem::take(&mut self.out);
        out.clear();
        model.write(&mut self.scratch, &mut out);
        // To compare each parameter with each other is little for few of them, and much for many.
        let compared = model.pairs.len() * model.pairs.len() / 8;
        self.work += (out.len() + compared) as u64;
        let unknown_order = model.order == Order::Unknown;
        let id = chosen
            .iter()
            .fold(chosen.len() as u64, |id, &step| id << 16 | u64::from(step));
        let hash = hash(&out) ^ u64::from(unknown_order);
        let first = *self.seen.entry(hash).or_insert(id);
        if first == id {
            self.test(&out, hash, unknown_order, of_key, chosen);
        } else {
            self.add_equal(hash, of_key, chosen);
        }
        self.out = out;
    }

    fn test(&mut self, out: &[u8], hash: u64, unknown_order: bool, of_key: usize, chosen: &[u16]) {
        let mut found = Vec::new();
        if let Some(theirs) = self.wanted.base_string {
            self.tried += 1;
            let equal = match &self.canonical {
                Some(theirs) if unknown_order => *theirs == canonical(out),
                _ => out == theirs,
            };
            found.extend(equal.then_some(0));
        } else {
            // Where there is none, there are no keys.
            let signature = self
                .wanted
                .signature
                .as_deref()
                .map_or(&[][..], |text| text);
            for (at, candidate) in self.keys.iter().enumerate() {
                if candidate.deviations.len() != of_key {
                    continue;
                }
                self.tried += 1;
                self.work += if candidate.key.is_rsa() {
                    Limits::RSA_WORK
                } else {
                    out.len() as u64
                };
                if candidate.key.verifies(out, signature) {
                    found.push(at);
                }
            }
        }
        self.found.extend(found.into_iter().map(|key| Found {
            steps: chosen.to_vec(),
            key,
            hash,
            base_string: out.to_vec(),
        }));
    }

    /// Another set that makes a base string that was found.
    fn add_equal(&mut self, hash: u64, of_key: usize, chosen: &[u16]) {
        if self.found.len() > ALTERNATIVES {
            return;
        }
        let equal = self.found.iter().find(|found| {
            let keys = self
                .keys
                .get(found.key)
                .map_or(0, |key| key.deviations.len());
            found.hash == hash && found.steps.len() == chosen.len() && keys == of_key
        });
        if let Some(Found {
            key, base_string, ..
        }) = equal
        {
            let found = Found {
                steps: chosen.to_vec(),
                key: *key,
                hash,
                base_string: base_string.clone(),
            };
            self.found.push(found);
        }
    }

    /// How common the deviations of a set are, together: the less, the more.
    fn rank(&self, found: &Found) -> u32 {
        let steps = found.steps.iter();
        let of_request = steps.map(|&step| self.steps[usize::from(step)].deviation.rank);
        let key = self.keys.get(found.key);
        let of_key = key.iter().flat_map(|key| &key.deviations);
        of_request
            .chain(of_key.map(|deviation| deviation.rank))
            .map(u32::from)
            .sum()
    }

    fn best(&self) -> Option<&Found> {
        self.found.iter().min_by_key(|found| self.rank(found))
    }

    /// The sets that were found, the most common first; none twice.
    fn sets(&self) -> Vec<Vec<Cause>> {
        let mut order: Vec<_> = self.found.iter().collect();
        order.sort_by_key(|found| self.rank(found));
        let mut sets: Vec<Vec<Cause>> = Vec::new();
        for found in order {
            let steps = found.steps.iter();
            let of_request = steps.map(|&step| self.steps[usize::from(step)].deviation);
            let of_request: Vec<_> = of_request.collect();
            let key = self.keys.get(found.key);
            let none = [Vec::new()];
            let of_key = key.map_or(&none[..], |key| core::slice::from_ref(&key.deviations));
            let aliases = key.map_or(&[][..], |key| &key.aliases);
            for of_key in of_key.iter().chain(aliases) {
                let both = of_request.iter().chain(of_key);
                let mut set: Vec<_> = both.copied().map(Cause).collect();
                set.sort_by_key(|cause| cause.0.rank);
                if !sets.contains(&set) {
                    sets.push(set);
                }
            }
        }
        sets
    }
}

impl Explanation {
    fn empty() -> Self {
        Self {
            outcome: Outcome::Nothing,
            causes: Vec::new(),
            alternatives: Vec::new(),
            base_string: String::new(),
            expected_base_string: None,
            tried: 0,
            complete: true,
            base_string_given: false,
            signature_compared: false,
        }
    }

    fn put_sets(&mut self, sets: Vec<Vec<Cause>>) {
        let mut sets = sets.into_iter();
        self.causes = sets.next().unwrap_or_default();
        self.alternatives = sets.take(ALTERNATIVES).collect();
    }
}

/// A base string with its parameters sorted as they stand in it.
fn canonical(text: &[u8]) -> Vec<u8> {
    let Ok(text) = core::str::from_utf8(text) else {
        return text.to_vec();
    };
    let mut parts = text.splitn(3, '&');
    let (Some(method), Some(uri), Some(parameters)) = (parts.next(), parts.next(), parts.next())
    else {
        return text.as_bytes().to_vec();
    };
    let mut pairs = split_pairs(parameters);
    pairs.sort_unstable();
    [method, uri, &pairs.join("%26")].join("&").into_bytes()
}
