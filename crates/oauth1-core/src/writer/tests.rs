extern crate alloc;

use alloc::{string::ToString, vec, vec::Vec};

use super::*;
use crate::percent;

/// `Vec` is a sink of its own with the feature `alloc` alone.
struct Out(Vec<u8>);

impl Sink for Out {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// What `write` writes behind `before` other bytes.
fn written(before: usize, write: impl Fn(&mut Writer<'_, Out>)) -> Vec<u8> {
    let (mut out, mut window) = (Out(Vec::new()), Window::new());
    let mut writer = Writer::new(&mut out, &mut window);
    for _ in 0..before {
        writer.literal(b".");
    }
    write(&mut writer);
    writer.literal(b"|");
    let length = writer.written();
    writer.flush();
    // It is no other when the sink has seen it, also where there is more than a window.
    assert_eq!(writer.written(), length);
    assert_eq!(out.0.len(), length);
    out.0
}

fn expected(before: usize, text: &[u8]) -> Vec<u8> {
    let mut all = vec![b'.'; before];
    all.extend_from_slice(text);
    all.push(b'|');
    all
}

/// Around the end of the window, and far from it.
fn offsets() -> impl Iterator<Item = usize> {
    (0..4).chain(WINDOW - 80..WINDOW + 4)
}

#[test]
fn pieces_of_every_length_are_whole_wherever_they_fall() {
    let text: Vec<u8> = (0..200).map(|at: u8| b'!' + at % 90).collect();
    for before in offsets() {
        for length in (0..70).chain([127, 200]) {
            let piece = &text[text.len() - length..];
            let raw = written(before, |writer| writer.raw(piece));
            assert_eq!(raw, expected(before, piece), "{before} {length}");
            for at in [0, 3, text.len() - length] {
                let range = at..(at + length).min(text.len());
                let of = written(before, |writer| writer.raw_of(&text, range.clone()));
                assert_eq!(of, expected(before, &text[range]), "{before} {length} {at}");
            }
        }
    }
}

#[test]
fn a_piece_longer_than_several_windows_is_whole() {
    let text: Vec<u8> = (0..=255_u8).cycle().take(5 * WINDOW + 7).collect();
    for before in offsets() {
        let raw = written(before, |writer| writer.raw(&text));
        assert_eq!(raw, expected(before, &text), "{before}");
        let plain = Value::plain(&text[..]);
        let once = percent::encode(&text).to_string().into_bytes();
        let twice = percent::encode(&once).to_string().into_bytes();
        let is_once = written(before, |writer| writer.encoded_once(&plain));
        assert_eq!(is_once, expected(before, &once), "{before}");
        let is_twice = written(before, |writer| writer.encoded_twice(&plain));
        assert_eq!(is_twice, expected(before, &twice), "{before}");
    }
}

#[test]
fn values_are_encoded_whatever_they_are_made_of() {
    // Longer than what is looked at at a time, with an escape at each place of it as the length grows.
    let text =
        "a value, ☃ & \"more\" /~.-_%zz%41%c3%B6+%41%c3%B6%41%c3%B6%41%c3%B6%41%c3%B6".as_bytes();
    for before in offsets() {
        for length in 0..=text.len() {
            for make in [Value::plain::<[u8]>, Value::percent, Value::form] {
                let value = make(&text[..length]);
                let decoded: Vec<u8> = value.bytes().collect();
                let once = percent::encode(&decoded).to_string().into_bytes();
                let twice = percent::encode(&once).to_string().into_bytes();
                let is_once = written(before, |writer| writer.encoded_once(&value));
                assert_eq!(is_once, expected(before, &once), "{before} {value:?}");
                let is_twice = written(before, |writer| writer.encoded_twice(&value));
                assert_eq!(is_twice, expected(before, &twice), "{before} {value:?}");
            }
        }
    }
}

#[test]
fn what_stands_for_itself_is_encoded_with_its_slashes() {
    let paths = [
        "/",
        "//",
        "/a",
        "*",
        "/1.1/statuses/home_timeline.json",
        "/a%20b/ö",
        "/a segment that is longer than thirty-two bytes are/and-one-that-needs-nothing-of-the-kind",
        "/and-one-that-needs-nothing-of-the-kind-and-is-the-last-of-all",
    ];
    for before in offsets() {
        for path in paths {
            let encoded = percent::encode(path).to_string().into_bytes();
            let is = written(before, |writer| writer.encoded_plain(path.as_bytes()));
            assert_eq!(is, expected(before, &encoded), "{before} {path}");
        }
    }
}

#[test]
fn base64_is_encoded_as_its_letters_are() {
    for length in 0..=70 {
        for seed in 0..64_u8 {
            let bytes: Vec<u8> = (0..length)
                .map(|at: u8| seed.wrapping_add(at.wrapping_mul(167)))
                .collect();
            let mut text = Out(Vec::new());
            text.put_base64(&bytes);
            let text = percent::encode(&text.0).to_string();
            for before in [0, WINDOW - 10] {
                assert_eq!(
                    written(before, |writer| Encoder(writer).put_base64(&bytes)),
                    expected(before, text.as_bytes())
                );
            }
        }
    }
}
