extern crate alloc;

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::*;
use crate::{BaseString, Target, percent};

fn names(slots: &mut [Slot], sources: &Sources<'_>) -> Vec<String> {
    let name = |slot: &Slot| sources.name(slot).bytes().map(char::from).collect();
    slots.iter().map(name).collect()
}

#[test]
fn an_array_gives_back_what_it_has_no_room_for() {
    let mut slots = SlotArray::<2>::default();
    let slot = |index| Slot::indexed(Source::Extra, index, 0, true, true);
    assert!(slots.push(slot(1)).is_ok());
    assert!(slots.push(slot(2)).is_ok());
    assert_eq!(slots.push(slot(3)).unwrap_err().index(), 3);
    assert_eq!(slots.as_mut_slice().len(), 2);
    slots.clear();
    assert!(slots.as_mut_slice().is_empty());
    assert!(slots.push(slot(4)).is_ok());
    assert_eq!(slots.as_mut_slice()[0].index(), 4);
}

#[test]
fn a_slot_keeps_its_place_to_the_last_bit() {
    let sources = [
        Source::Query,
        Source::Form,
        Source::FormPairs,
        Source::Header,
        Source::Protocol,
        Source::Extra,
    ];
    for source in sources {
        for at in [0, 1, 255, 65_536, MAX_LENGTH] {
            for clean in [false, true] {
                let slot = Slot::ranged(source, 7, (at, 0, clean), (at, 1, !clean));
                assert_eq!(slot.source(), source);
                assert_eq!(slot.index(), at);
                assert_eq!(slot.name_range(), at..at);
                assert_eq!(slot.value_range(), at..at + 1);
                assert_eq!(
                    (slot.name_is_clean(), slot.value_is_clean()),
                    (clean, !clean)
                );
                assert_eq!(slot.key(), 7);
                let slot = Slot::ranged(source, 0, (0, at, clean), (0, at, clean));
                assert_eq!((slot.name_range(), slot.value_range()), (0..at, 0..at));
            }
        }
    }
}

#[test]
fn a_key_is_a_whole_name_up_to_seven_bytes() {
    for (name, whole) in [
        ("", true),
        ("a", true),
        ("abcdefg", true),
        ("abcdefgh", false),
        ("abcdefghi", false),
        ("a b", true),
        ("a  b", false),
    ] {
        let key = Value::plain(name).sort_key();
        let slot = Slot::indexed(Source::Extra, 0, key, true, true);
        assert_eq!(slot.key_is_whole_name(), whole, "{name}");
    }
}

#[test]
fn a_source_that_cannot_be_addressed_is_refused() {
    let text = vec![0; MAX_LENGTH + 1];
    let request = RequestView::new("GET", Target::parse("http://a/").unwrap()).with_form(&text);
    let signed = BaseString::of(&request, &[], &mut SlotArray::<1>::new()).map(|_| ());
    assert_eq!(signed, Err(crate::SignError::TooManyParameters));
}

#[test]
fn the_slots_of_an_earlier_request_are_forgotten() {
    let mut slots = SlotArray::<2>::new();
    for query in ["a=1&b=2", "c=3", "", "d=4&e=5"] {
        let uri = format!("http://a/?{query}");
        let request = RequestView::new("GET", Target::parse(&uri).unwrap());
        let mut sources = Sources::default();
        sources.collect(&request, &mut slots).unwrap();
        let expected: Vec<_> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair[..1].to_string())
            .collect();
        assert_eq!(names(slots.as_mut_slice(), &sources), expected);
    }
}

#[test]
fn signatures_are_counted_and_the_last_is_kept() {
    let mut slots = SlotArray::<4>::new();
    let text = b"oauth_signature=1&a=2&oauth%5fsignature=%33&oauth_signatur=4&oauth_signature_=5";
    let signatures = Scan::QUERY.pairs(text, &mut slots).unwrap();
    assert_eq!(signatures.count, 2);
    assert!(signatures.last.unwrap() == "3");
    assert_eq!(slots.as_mut_slice().len(), 3);
}

#[test]
fn a_strict_scan_names_the_byte_of_a_broken_escape() {
    let cases: [(&[u8], _); 8] = [
        (b"a=%20", None),
        (b"a=%2", Some(2)),
        (b"a%2=0", Some(1)),
        (b"a%=1&b=2", Some(1)),
        (b"a=1&b=%zz", Some(6)),
        (b"a=%20%&b", Some(5)),
        (b"%41=%4&%", Some(4)),
        (b"oauth_signature=%", Some(16)),
    ];
    for (text, at) in cases {
        let mut slots = SlotArray::<4>::new();
        let strict = Scan::FORM.strict().pairs(text, &mut slots).map(|_| ());
        assert_eq!(strict.err(), at.map(ScanError::BrokenEscape));
        assert!(Scan::FORM.pairs(text, &mut slots).is_ok());
    }
}

/// Names that share their first eight bytes, plain and encoded.
#[test]
fn parameters_of_all_sources_are_sorted_as_one_list() {
    let query = b"parameter2=1&parameter%31=1&parameter=b&z&parameter=a%20&%C3%A9";
    let form = b"parameter=a+&parameter1=0&a=1&paramete=1";
    let extra = [
        ("parameter", "a!"),
        ("parameter-", ""),
        ("zz", ""),
        ("parameter2", "0"),
    ];
    let extra = extra.map(Parameter::from);
    let uri = format!("http://a/?{}", core::str::from_utf8(query).unwrap());
    let request = RequestView::new("GET", Target::parse(&uri).unwrap()).with_form(form);
    let mut slots = SlotArray::<32>::new();
    let base_string = BaseString::of(&request, &extra, &mut slots).unwrap();
    let encode =
        |value: Value<'_>| percent::encode(&value.bytes().collect::<Vec<u8>>()).to_string();
    let found: Vec<_> = base_string
        .parameters()
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    let mut sorted = found.clone();
    sorted.sort();
    assert_eq!(found, sorted);
    assert_eq!(found.len(), 14);
}

#[cfg(feature = "alloc")]
#[test]
fn a_vector_has_room_for_all() {
    let text = "a&".repeat(3000);
    let uri = format!("http://a/?{text}");
    let request = RequestView::new("GET", Target::parse(&uri).unwrap());
    let mut slots: Vec<Slot> = Vec::new();
    let base_string = BaseString::of(&request, &[], &mut slots).unwrap();
    assert_eq!(base_string.parameters().count(), 3000);
    Slots::clear(&mut slots);
    assert!(slots.is_empty());
}

/// So many that they are sorted by insertion, by links, or distributed first; with names that have the
/// same first eight bytes, names that are the start of others, pairs that are the same, and values that
/// are compared encoded.
#[test]
fn however_many_there_are_they_come_in_the_order_of_their_encoded_bytes() {
    let names = [
        "",
        "a",
        "ab",
        "a%20b",
        "a+c",
        "%7Ea",
        "~b",
        "oauth",
        "a-long-name",
        "a-long-nam%65s",
    ];
    let values = [
        "",
        "1",
        "10",
        "%2F",
        "/",
        "~",
        "a%20long+value%2C",
        "a+long%20value",
    ];
    for count in [0, 1, 2, 24, 25, 64, 500, 1_920, 1_921, 6_000] {
        let text: Vec<String> = (0..count)
            .map(|at: usize| {
                let mixed = at.wrapping_mul(0x9E37_79B1) >> 5;
                let name = names[mixed % names.len()];
                format!("{name}{}={}", mixed % 37, values[mixed / 11 % values.len()])
            })
            .collect();
        let text = text.join("&");
        let mut memory = SlotArray::<6_000>::new();
        Scan::QUERY.pairs(text.as_bytes(), &mut memory).unwrap();
        let slots = memory.as_mut_slice();
        let sources = Sources {
            query: text.as_bytes(),
            ..Sources::default()
        };
        let encoded = |slot: &Slot| {
            let of =
                |value: Value<'_>| percent::encode(&value.bytes().collect::<Vec<u8>>()).to_string();
            (of(sources.name(slot)), of(sources.value(slot)))
        };
        let mut expected: Vec<_> = slots.iter().map(encoded).collect();
        expected.sort_unstable();
        sources.sort(slots);
        let sorted: Vec<_> = slots.iter().map(encoded).collect();
        assert_eq!(sorted, expected, "of {count}");
    }
}

/// More than there are links for, and keys whose differences cancel out when they are added up.
#[test]
fn two_names_that_stand_equally_often_are_told_apart() {
    let text = ["b=1", "a=2"].repeat(1_000).join("&");
    let mut memory = SlotArray::<2_000>::new();
    Scan::QUERY.pairs(text.as_bytes(), &mut memory).unwrap();
    let slots = memory.as_mut_slice();
    let sources = Sources {
        query: text.as_bytes(),
        ..Sources::default()
    };
    sources.sort(slots);
    let is_a = |slot: &Slot| sources.name(slot) == "a";
    assert_eq!(slots.iter().take_while(|slot| is_a(slot)).count(), 1_000);
    assert!(!slots[1_000..].iter().any(is_a));
}
