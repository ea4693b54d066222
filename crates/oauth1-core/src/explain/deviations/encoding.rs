//! How names and values are decoded and encoded (RFC 5849 sections 3.4.1.3.1 and 3.6).

use alloc::{borrow::Cow, vec::Vec};

use super::Deviation;
use crate::{
    explain::{
        facts::Source,
        model::{Encoder, Model, Pair},
    },
    percent::is_unreserved,
    value::Value,
};

macro_rules! rule {
    ($text:literal) => {
        concat!("RFC 5849 section 3.6: ", $text)
    };
}

pub(super) const TABLE: &[Deviation] = &[
    Deviation::request("space-as-plus-in-base", 2, space_as_plus).variants(2).says(
        "the other side encodes a space as + in the base string",
        rule!("a space is %20, and + is for forms alone"),
        "On the other side, encode with %20 for a space when signing: form encoders (urlencode, \
         URLEncoder, URLSearchParams) write +.",
    ),
    Deviation::request("plus-for-space-in-value", 20, plus_kept).variants(2).says(
        "the other side takes a + of the query or form for a plus where it stands for a space",
        "RFC 5849 section 3.4.1.3.1: query and form are read as \
         application/x-www-form-urlencoded, where + is a space",
        "Send %20 for a space and %2B for a plus, which both sides read alike, or on the other \
         side decode + as a space.",
    ),
    Deviation::request("double-encoded", 3, double_encoded).variants(6).says(
        "the other side encodes values that are encoded already",
        "RFC 5849 sections 3.4.1.3.1 and 3.4.1.3.2: parameters are decoded first and encoded once \
         before they are joined",
        "On the other side, hand decoded values to whatever signs: %2C in a URL is the value \",\".",
    ),
    Deviation::request("double-decoded", 34, double_decoded).variants(3).says(
        "the other side decodes values twice",
        "RFC 5849 section 3.4.1.3.1: parameters are decoded once",
        "On the other side, take the values as the framework gives them, decoded already: %252C in \
         a URL is the value \"%2C\".",
    ),
    Deviation::request("not-encoded-twice", 38, not_encoded_twice).variants(5).says(
        "the other side encodes parameters once only",
        "RFC 5849 sections 3.4.1.3.2 and 3.4.1.1: names and values are encoded, and what they are \
         joined to is encoded again",
        "On the other side, encode each name and value, join them with = and &, and encode that as \
         a whole: \":\" becomes %253A.",
    ),
    Deviation::request("lowercase-hex", 35, lowercase_hex).variants(3).says(
        "the other side writes escapes with lower-case letters",
        rule!("the two hexadecimal digits are upper case"),
        "On the other side, write %2F, not %2f.",
    ),
    Deviation::request("reserved-left-raw", 16, reserved_left_raw).variants(12).says(
        "the other side leaves reserved characters as they are",
        rule!("all but letters, digits, - . _ ~ is encoded"),
        "On the other side, encode ! * ' ( ) [ ] / : too: JavaScript's encodeURIComponent and \
         Java's URLEncoder leave some of them.",
    ),
    Deviation::request("tilde-encoded", 8, tilde_encoded).variants(3).says(
        "the other side encodes the tilde",
        rule!("~ is unreserved and is not encoded"),
        "On the other side, leave ~ as it is, or replace %7E by ~ after encoding.",
    ),
    Deviation::request("latin1-encoding", 36, latin1).says(
        "the other side encodes text as ISO 8859-1",
        rule!("text is encoded as UTF-8 first"),
        "On the other side, take the bytes of the text in UTF-8 before they are encoded.",
    ),
    Deviation::request("callback-not-encoded", 15, callback_not_encoded).says(
        "the other side does not encode oauth_callback before it joins the parameters",
        "RFC 5849 section 3.4.1.3.2: the value of every parameter is encoded",
        "On the other side, treat oauth_callback as every other parameter: in the base string its \
         :// is %253A%252F%252F.",
    ),
];

fn any_byte(model: &Model<'_>, test: impl Fn(&u8) -> bool) -> bool {
    let has = |pair: &Pair<'_>| pair.name.iter().chain(pair.value.iter()).any(&test);
    model.pairs.iter().any(has)
}

fn space_as_plus(model: &mut Model<'_>, variant: u16) -> bool {
    if !any_byte(model, |&byte| byte == b' ') {
        return false;
    }
    if variant == 0 {
        model.inner.plus = true;
        return true;
    }
    // What a form encoder wrote is encoded once more.
    model.change(|pair| {
        let raw = pair.raw;
        let applies =
            pair.source != Source::Protocol && pair.value.contains(&b' ') && !raw.1.contains(&b'+');
        if applies {
            let value = pair.value.to_mut();
            let spaces = value.iter_mut().filter(|byte| **byte == b' ');
            spaces.for_each(|byte| *byte = b'+');
        }
        applies
    })
}

fn plus_kept(model: &mut Model<'_>, variant: u16) -> bool {
    let only = match variant {
        0 => None,
        _ => Some(Source::Body),
    };
    model.change(|pair| {
        let raw = pair.raw;
        let wanted = match only {
            None => pair.source != Source::Protocol,
            Some(source) => pair.source == source,
        };
        if !wanted || ![raw.0, raw.1].iter().any(|raw| raw.contains(&b'+')) {
            return false;
        }
        let decode = |raw| Cow::Owned(Value::percent(raw).to_bytes().into_owned());
        pair.name = decode(raw.0);
        pair.value = decode(raw.1);
        true
    })
}

fn double_encoded(model: &mut Model<'_>, variant: u16) -> bool {
    let needs = |pair: &Pair<'_>| {
        let mut bytes = pair.name.iter().chain(pair.value.iter());
        bytes.any(|&byte| !is_unreserved(byte))
    };
    model.change(|pair| {
        let own = pair.source != Source::Protocol;
        let wanted = match variant {
            0 | 4 => own,
            1 => pair.source == Source::Query,
            2 => pair.source == Source::Body,
            3 => true,
            _ => !own,
        };
        if variant > 2 {
            // Decoded and then encoded twice.
            let applies = wanted && needs(pair) && pair.times == 1;
            if applies {
                pair.times = 2;
            }
            return applies;
        }
        // As they are written.
        let raw = pair.raw;
        let applies = wanted && [raw.0, raw.1].iter().any(|raw| raw.contains(&b'%'));
        if applies {
            pair.name = Cow::Borrowed(raw.0);
            pair.value = Cow::Borrowed(raw.1);
        }
        applies
    })
}

fn double_decoded(model: &mut Model<'_>, variant: u16) -> bool {
    let decode = |bytes: &[u8]| {
        let again = if variant == 2 {
            Value::form(bytes)
        } else {
            Value::percent(bytes)
        };
        let again = again.to_bytes().into_owned();
        (again != bytes).then_some(again)
    };
    model.change(|pair| {
        // The request's own, or those of the protocol.
        if (pair.source == Source::Protocol) != (variant == 1) {
            return false;
        }
        let (name, value) = (decode(&pair.name), decode(&pair.value));
        let any = name.is_some() || value.is_some();
        replace(pair, name, value);
        any
    })
}

fn replace(pair: &mut Pair<'_>, name: Option<Vec<u8>>, value: Option<Vec<u8>>) {
    if let Some(name) = name {
        pair.name = Cow::Owned(name);
    }
    if let Some(value) = value {
        pair.value = Cow::Owned(value);
    }
}

fn not_encoded_twice(model: &mut Model<'_>, variant: u16) -> bool {
    if variant >= 3 {
        // The parameters, once joined, are left as they are; then perhaps the URI too.
        model.joined_encoded = false;
        if variant == 4 {
            model.outer = Encoder {
                keeps: b":/?#[]@!$&'()*+,;=%",
                ..model.outer
            };
        }
        return !model.pairs.is_empty();
    }
    model.change(|pair| {
        let wanted = match variant {
            0 => true,
            1 => pair.source != Source::Protocol,
            _ => pair.source == Source::Protocol,
        };
        let mut bytes = pair.name.iter().chain(pair.value.iter());
        let applies = wanted && bytes.any(|&byte| !is_unreserved(byte));
        if applies {
            pair.times = 0;
        }
        applies
    })
}

fn lowercase_hex(model: &mut Model<'_>, variant: u16) -> bool {
    let inner = any_byte(model, |&byte| !is_unreserved(byte));
    match variant {
        0 => {
            model.inner.lower_case = true;
            model.outer.lower_case = true;
        }
        1 => model.inner.lower_case = true,
        _ => model.outer.lower_case = true,
    }
    // Without anything to encode in the parameters, only the second pass shows.
    inner || variant == 2
}

/// Characters that an encoder leaves, and whether it is the one of both passes.
const RAW: [(&[u8], bool); 12] = [
    // JavaScript's encodeURIComponent.
    (b"!*'()", true),
    (b"!*'()", false),
    // Java's URLEncoder, .NET and others.
    (b"*", true),
    (b"*", false),
    // .NET's Uri.EscapeDataString of old.
    (b"!'()", false),
    (b"!*'()", false),
    // Python's quote.
    (b"/", false),
    (b"[]", false),
    (b"[]", true),
    // JavaScript's encodeURI.
    (b";,/?:@$!*'()+", false),
    (b":/", false),
    (b",", false),
];

fn reserved_left_raw(model: &mut Model<'_>, variant: u16) -> bool {
    let (keeps, both) = RAW[usize::from(variant)];
    let in_path = both && model.path.iter().any(|byte| keeps.contains(byte));
    if !in_path && !any_byte(model, |byte| keeps.contains(byte)) {
        return false;
    }
    let first = model.inner.keeps.is_empty();
    model.inner.keeps = keeps;
    if both {
        model.outer.keeps = keeps;
    }
    first
}

fn tilde_encoded(model: &mut Model<'_>, variant: u16) -> bool {
    let has = any_byte(model, |&byte| byte == b'~');
    let in_path = model.path.contains(&b'~');
    match variant {
        // Both passes, or the first, or the second alone.
        0 => {
            model.inner.tilde = true;
            model.outer.tilde = true;
        }
        1 => model.inner.tilde = true,
        _ => model.outer.tilde = true,
    }
    has || in_path && variant != 1
}

fn latin1(model: &mut Model<'_>, _: u16) -> bool {
    let encode = |bytes: &[u8]| -> Option<Vec<u8>> {
        if bytes.is_ascii() {
            return None;
        }
        let text = core::str::from_utf8(bytes).ok()?;
        text.chars()
            .map(|letter| u8::try_from(u32::from(letter)).ok())
            .collect()
    };
    model.change(|pair| {
        let (name, value) = (encode(&pair.name), encode(&pair.value));
        let any = name.is_some() || value.is_some();
        replace(pair, name, value);
        any
    })
}

fn callback_not_encoded(model: &mut Model<'_>, _: u16) -> bool {
    model.change(|pair| {
        let applies =
            pair.is("oauth_callback") && !pair.value.iter().all(|&byte| is_unreserved(byte));
        if applies {
            pair.times = 0;
        }
        applies
    })
}
