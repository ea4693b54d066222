//! Which parameters are signed (RFC 5849 section 3.4.1.3.1), and in which order (section
//! 3.4.1.3.2).

use alloc::{borrow::Cow, vec::Vec};

use super::Deviation;
use crate::{
    BodyHasher, Digest,
    explain::{
        facts::Source,
        model::{Model, Order, Pair},
    },
    form,
    sink::Sink as _,
};

pub(super) const TABLE: &[Deviation] = &[
    Deviation::request("query-omitted", 0, query_omitted).variants(2).says(
        "the other side leaves the parameters of the URL's query out of the base string",
        "RFC 5849 section 3.4.1.3.1: the query component is a source of parameters, for every method",
        "On the other side, sign the query's parameters too, also of a POST; a server must read \
         the query that the client sent, not one that a router has taken away.",
    ),
    Deviation::request("query-doubled", 1, query_doubled).variants(2).says(
        "the other side counts the parameters of the URL's query twice",
        "RFC 5849 section 3.4.1.3.1: each parameter is collected once from its source",
        "On the other side, give the library either the URL with its query or the parameters \
         apart, not both.",
    ),
    Deviation::request("form-omitted", 12, form_omitted).says(
        "the other side leaves the parameters of the form body out of the base string",
        "RFC 5849 section 3.4.1.3.1: a single-part body of the type \
         application/x-www-form-urlencoded is a source of parameters",
        "On the other side, hand the form's parameters to whatever signs, with their Content-Type \
         set before it signs.",
    ),
    Deviation::request("json-body-included", 13, body_included).variants(2).says(
        "the other side signs the fields of a body that is no form",
        "RFC 5849 section 3.4.1.3.1: a body is signed only if its type is \
         application/x-www-form-urlencoded",
        "On the other side, keep the body from what signs: send it as it is, and where the server \
         asks for it, sign its oauth_body_hash.",
    ),
    Deviation::request("sorted-before-encoding", 14, sorted_before_encoding).says(
        "the other side sorts the parameters before it encodes them",
        "RFC 5849 section 3.4.1.3.2: names and values are encoded first and sorted then",
        "On the other side, encode names and values first, then sort the encoded bytes.",
    ),
    Deviation::request("unsorted", 24, unsorted).variants(7).says(
        "the other side does not sort the parameters as it should",
        "RFC 5849 section 3.4.1.3.2: all parameters in one list, sorted by name and by value",
        "On the other side, put the parameters of query, form and header into one list and sort it \
         by encoded name, equal names by encoded value.",
    ),
    Deviation::request("sorted-as-joined-pairs", 25, sorted_joined).says(
        "the other side sorts the texts name=value instead of the names",
        "RFC 5849 section 3.4.1.3.2: sorted by name, and by value where names are equal",
        "On the other side, compare the encoded names first and the values only where the names \
         are equal: \"a\" comes before \"a-b\" although \"-\" comes before \"=\".",
    ),
    Deviation::request("realm-included", 22, realm_included).says(
        "the other side signs the realm",
        "RFC 5849 section 3.4.1.3.1: the realm parameter of the header is excluded",
        "On the other side, set the realm in the header only, after the signature is made.",
    ),
    Deviation::request("signature-included", 38, signature_included).variants(2).says(
        "the other side takes oauth_signature itself into the base string",
        "RFC 5849 section 3.4.1.3.1: the oauth_signature parameter is excluded",
        "On the other side, drop oauth_signature from the parameters before making the base string.",
    ),
    Deviation::request("empty-token-sent", 17, empty_token_sent).says(
        "the other side signs an empty oauth_token that is not in the request",
        "RFC 5849 section 3.1: oauth_token may be omitted; what is not sent is not signed",
        "Either send oauth_token=\"\" in the request, or on the other side leave the parameter out \
         when there is no token.",
    ),
    Deviation::request("empty-token-omitted", 27, empty_token_omitted).says(
        "the other side leaves out the empty oauth_token that is in the request",
        "RFC 5849 section 3.4.1.3.1: every parameter of the header is signed, empty ones too",
        "Do not send an empty oauth_token, or on the other side sign it as it was sent.",
    ),
    Deviation::request("version-implied", 18, version_implied).says(
        "the other side signs oauth_version=1.0, which is not in the request",
        "RFC 5849 section 3.1: oauth_version is optional; what is not sent is not signed",
        "Send oauth_version=\"1.0\" in the request, or on the other side sign only what is sent.",
    ),
    Deviation::request("version-omitted", 28, version_omitted).says(
        "the other side leaves out the oauth_version that is in the request",
        "RFC 5849 section 3.4.1.3.1: every parameter of the header is signed",
        "Do not send oauth_version, which is optional, or on the other side sign it.",
    ),
    Deviation::request("body-hash-included", 19, body_hash_included).variants(4).says(
        "the other side signs an oauth_body_hash that is not in the request",
        "RFC 5849 section 3.4.1.3.1 and the Body Hash draft section 4: what is not sent is not \
         signed, and no form has a body hash",
        "Send the oauth_body_hash that is signed, or switch body hashes off on the other side \
         (of requests without a body first of all).",
    ),
    Deviation::request("body-hash-omitted", 29, body_hash_omitted).says(
        "the other side leaves out the oauth_body_hash that is in the request",
        "RFC 5849 section 3.4.1.3.1: every parameter of the header is signed, known or not",
        "Switch oauth_body_hash off in the client, or on the other side sign every parameter that \
         is received.",
    ),
    Deviation::request("duplicates-dropped", 6, duplicates_dropped).variants(4).says(
        "the other side keeps only one of several parameters with the same name",
        "RFC 5849 section 3.4.1.3.2: parameters of the same name are all kept and sorted by value",
        "On the other side, keep the parameters in a list, not in a map by name.",
    ),
    Deviation::request("empty-value-dropped", 26, empty_dropped).variants(2).says(
        "the other side leaves out parameters whose value is empty",
        "RFC 5849 section 3.4.1.3.1: parameters with empty values are included",
        "On the other side, sign empty values as name=; or do not send parameters that are empty.",
    ),
    Deviation::request("timestamp-milliseconds", 31, milliseconds)
        .variants(1003)
        .deep(3)
        .says(
            "the two sides sign timestamps of which one counts milliseconds",
            "RFC 5849 section 3.3: the timestamp is the number of seconds since 1970",
            "Send and sign the same oauth_timestamp, in seconds: divide a clock of milliseconds by \
             1000 once, before it is used.",
        ),
];

fn query_omitted(model: &mut Model<'_>, variant: u16) -> bool {
    let all = variant == 0;
    let is_query = |pair: &Pair<'_>| pair.source == Source::Query;
    let has_protocol = model
        .pairs
        .iter()
        .any(|pair| is_query(pair) && pair.is_protocol());
    // Where the protocol parameters travel in the query, the others alone may be left out.
    (all || has_protocol) && model.remove(|pair| is_query(pair) && (all || !pair.is_protocol()))
}

fn query_doubled(model: &mut Model<'_>, variant: u16) -> bool {
    let is_query = |pair: &&Pair<'_>| pair.source == Source::Query;
    let query: Vec<_> = model.pairs.iter().filter(is_query).cloned().collect();
    let has_protocol = query.iter().any(Pair::is_protocol);
    let all = variant == 0;
    let before = model.pairs.len();
    if all || has_protocol {
        let wanted = query.into_iter().filter(|pair| all || !pair.is_protocol());
        model.pairs.extend(wanted);
    }
    model.pairs.len() > before
}

fn form_omitted(model: &mut Model<'_>, _: u16) -> bool {
    model.remove(|pair| pair.source == Source::Body && !pair.is_protocol())
}

fn body_included(model: &mut Model<'_>, variant: u16) -> bool {
    let facts = model.facts;
    let before = model.pairs.len();
    if variant == 0 {
        model
            .pairs
            .extend(facts.body_fields.iter().map(|field| Pair {
                source: Source::Body,
                name: Cow::Borrowed(field.name),
                value: Cow::Borrowed(field.value),
                times: 1,
                raw: (field.name, field.value),
            }));
    } else {
        // Taken for a form, whatever it is.
        let body = facts.opaque_body.unwrap_or_default();
        model
            .pairs
            .extend(form::pairs(body).take(64).map(|(name, value)| Pair {
                source: Source::Body,
                name: name.to_bytes(),
                value: value.to_bytes(),
                times: 1,
                raw: (name.raw(), value.raw()),
            }));
    }
    model.pairs.len() > before
}

fn sorted_before_encoding(model: &mut Model<'_>, _: u16) -> bool {
    order(model, Order::Decoded)
}

fn unsorted(model: &mut Model<'_>, variant: u16) -> bool {
    use Source::{Body, Protocol, Query};
    order(
        model,
        match variant {
            0 => Order::Sources([Query, Body, Protocol]),
            1 => Order::Sources([Protocol, Query, Body]),
            2 => Order::ProtocolSortedLast,
            3 => Order::Sources([Body, Query, Protocol]),
            4 => Order::Sources([Query, Protocol, Body]),
            5 => Order::Names,
            _ => Order::Unknown,
        },
    )
}

fn sorted_joined(model: &mut Model<'_>, _: u16) -> bool {
    if model.order == Order::Decoded {
        model.order = Order::JoinedDecoded;
        return true;
    }
    order(model, Order::Joined)
}

fn order(model: &mut Model<'_>, order: Order) -> bool {
    // One side sorts in one way.
    let is_first = model.order == Order::Encoded;
    model.order = order;
    is_first && model.pairs.len() > 1
}

fn realm_included(model: &mut Model<'_>, _: u16) -> bool {
    let Some(realm) = model.facts.realm else {
        return false;
    };
    model.add("realm", realm);
    true
}

fn signature_included(model: &mut Model<'_>, variant: u16) -> bool {
    let sent = model.facts.sent_signature.as_deref();
    match (variant, sent) {
        (0, Some(sent)) => model.add("oauth_signature", sent),
        (0, None) => return false,
        _ => model.add("oauth_signature", &b""[..]),
    }
    true
}

fn empty_token_sent(model: &mut Model<'_>, _: u16) -> bool {
    imply(model, "oauth_token", "")
}

fn version_implied(model: &mut Model<'_>, _: u16) -> bool {
    imply(model, "oauth_version", "1.0")
}

/// Adds a parameter that the request does not have.
fn imply(model: &mut Model<'_>, name: &'static str, value: &'static str) -> bool {
    let applies = !model.has(name);
    if applies {
        model.add(name, value.as_bytes());
    }
    applies
}

fn empty_token_omitted(model: &mut Model<'_>, _: u16) -> bool {
    model.remove(|pair| pair.is("oauth_token") && pair.value.is_empty())
}

fn version_omitted(model: &mut Model<'_>, _: u16) -> bool {
    model.remove(|pair| pair.is("oauth_version"))
}

fn body_hash_included(model: &mut Model<'_>, variant: u16) -> bool {
    if model.has("oauth_body_hash") {
        return false;
    }
    let body = model.facts.opaque_body.unwrap_or_default();
    let digest = [Digest::Sha1, Digest::Sha256][usize::from(variant % 2)];
    // Of the body that there is, or of none although there is one.
    let hashed = match variant / 2 {
        0 => body,
        _ if body.is_empty() => return false,
        _ => b"",
    };
    let Some(mut hasher) = BodyHasher::new(digest) else {
        return false;
    };
    hasher.put(hashed);
    model.add(
        "oauth_body_hash",
        hasher.finish().as_str().as_bytes().to_vec(),
    );
    true
}

fn body_hash_omitted(model: &mut Model<'_>, _: u16) -> bool {
    model.remove(|pair| pair.is("oauth_body_hash"))
}

fn duplicates_dropped(model: &mut Model<'_>, variant: u16) -> bool {
    let before = model.pairs.len();
    let mut kept: Vec<Pair<'_>> = Vec::with_capacity(before);
    // A map keeps the last of a name, or the first; a set drops what is equal altogether.
    let same = |a: &Pair<'_>, b: &Pair<'_>| match variant {
        3 => a.name == b.name && a.value == b.value,
        // A map of each source.
        2 => a.name == b.name && a.source == b.source,
        _ => a.name == b.name,
    };
    for pair in model.pairs.drain(..) {
        match kept.iter_mut().find(|other| same(other, &pair)) {
            None => kept.push(pair),
            Some(other) if variant != 1 => *other = pair,
            Some(_) => {}
        }
    }
    model.pairs = kept;
    model.pairs.len() < before
}

fn empty_dropped(model: &mut Model<'_>, variant: u16) -> bool {
    let (mut others, mut protocol) = (false, false);
    for pair in model.pairs.iter().filter(|pair| pair.value.is_empty()) {
        // An empty token has a code of its own.
        others |= !pair.is_protocol();
        protocol |= pair.is_protocol() && !pair.is("oauth_token");
    }
    let all = variant == 1;
    (if all { protocol } else { others })
        && model.remove(|pair| pair.value.is_empty() && (all || !pair.is_protocol()))
}

fn milliseconds(model: &mut Model<'_>, variant: u16) -> bool {
    let facts = model.facts;
    model.change(|pair| {
        let sent = facts
            .pairs
            .iter()
            .find(|fact| fact.name == b"oauth_timestamp")
            .map(|fact| &fact.value[..])
            .filter(|_| pair.is("oauth_timestamp"));
        let Some(sent) = sent.filter(|sent| sent.iter().all(u8::is_ascii_digit)) else {
            return false;
        };
        let text = |digits: &[u8]| core::str::from_utf8(digits).ok()?.parse::<u64>().ok();
        match (variant, sent.len()) {
            // What was sent counts milliseconds, and the other side makes seconds of it.
            (0, 12..=14) => pair.value = Cow::Borrowed(&sent[..sent.len() - 3]),
            (1, 12..=14) => {
                let Some(sent) = text(sent) else { return false };
                pair.value = ((sent + 500) / 1000).to_string_bytes();
            }
            // The other side counts milliseconds, of which no more is known than their seconds.
            (2.., 9..=11) => {
                let Some(sent) = text(sent) else { return false };
                let thousandths = u64::from(variant - 2);
                pair.value = (sent * 1000 + thousandths).to_string_bytes();
            }
            _ => return false,
        }
        true
    })
}

/// Digits as a value.
trait Digits {
    fn to_string_bytes(self) -> Cow<'static, [u8]>;
}

impl Digits for u64 {
    fn to_string_bytes(self) -> Cow<'static, [u8]> {
        Cow::Owned(crate::decimal::Decimal::new(self).as_bytes().to_vec())
    }
}
