use oauth1_core::{Value, form, percent};

use crate::reference::{self, Pair};

/// Input: a query or a form.
pub(super) fn check(input: &[u8]) {
    let read = read(input);
    assert_eq!(read, reference::form_pairs(input));
    assert_eq!(
        form::find_broken_escape(input).is_none(),
        reference::is_well_encoded(input),
    );

    let written = reference::to_form(&read);
    assert_eq!(self::read(written.as_bytes()), read);

    let encoded = percent::encode(input).to_string();
    assert_eq!(encoded, reference::encode(input));
    for value in [
        Value::percent(encoded.as_bytes()),
        Value::form(encoded.as_bytes()),
        Value::plain(input),
    ] {
        assert_value(value, input);
    }
    assert_value(Value::percent(input), &reference::decode(input));
}

fn read(text: &[u8]) -> Vec<Pair> {
    form::pairs(text)
        .map(|(name, value)| (name.to_bytes().into_owned(), value.to_bytes().into_owned()))
        .collect()
}

/// All ways to decode a value are one.
fn assert_value(value: Value<'_>, decoded: &[u8]) {
    assert_eq!(value.to_bytes(), decoded);
    assert_eq!(value.len(), decoded.len());
    assert_eq!(value.is_empty(), decoded.is_empty());
    assert!(value.bytes().eq(decoded.iter().copied()));
    assert!(value == Value::plain(decoded));
    assert_eq!(
        value.to_str().as_deref(),
        core::str::from_utf8(decoded).ok()
    );
    let mut memory = vec![0; decoded.len()];
    assert_eq!(value.decode_into(&mut memory), Some(decoded));
    if let Some((_, short)) = memory.split_first_mut() {
        assert_eq!(value.decode_into(short), None);
    }
    if let Some(found) = value.as_decoded() {
        assert_eq!(found, decoded);
    }
}
