extern crate alloc;

use alloc::string::String;

use super::*;
use crate::sink::SliceSink;

fn written(transmission: Transmission, realm: Option<&str>, pairs: &[(&str, &str)]) -> String {
    let mut memory = [0; 8192];
    let mut sink = SliceSink::new(&mut memory);
    {
        let mut writer = AuthorizationWriter::new(transmission, realm, &mut sink);
        for (name, value) in pairs {
            writer.parameter(Value::plain(name), Value::plain(value));
        }
    }
    String::from_utf8(sink.finish().unwrap().into()).unwrap()
}

#[test]
fn each_transmission_has_its_own_punctuation() {
    let cases = [
        (
            Transmission::Header,
            "OAuth ",
            "OAuth a%20b=\"\"",
            "OAuth a%20b=\"\", c=\"d%26%22e\"",
        ),
        (Transmission::Query, "", "a%20b=", "a%20b=&c=d%26%22e"),
        (Transmission::Form, "", "a%20b=", "a%20b=&c=d%26%22e"),
    ];
    let pairs = [("a b", ""), ("c", "d&\"e")];
    for (transmission, none, one, two) in cases {
        assert_eq!(written(transmission, None, &[]), none);
        assert_eq!(written(transmission, None, &pairs[..1]), one);
        assert_eq!(written(transmission, None, &pairs), two);
    }
}

#[test]
fn a_realm_is_written_into_the_header_alone() {
    let write = |transmission, pairs| written(transmission, Some("x"), pairs);
    assert_eq!(write(Transmission::Header, &[]), "OAuth realm=\"x\"");
    assert_eq!(
        write(Transmission::Header, &[("a", "b")]),
        "OAuth realm=\"x\", a=\"b\""
    );
    assert_eq!(write(Transmission::Query, &[("a", "b")]), "a=b");
    assert_eq!(write(Transmission::Form, &[("a", "b")]), "a=b");
}

#[test]
fn what_is_encoded_already_is_written_as_it_is_meant() {
    let mut memory = [0; 64];
    let mut sink = SliceSink::new(&mut memory);
    {
        let mut writer = AuthorizationWriter::new(Transmission::Query, None, &mut sink);
        writer.parameter(Value::form(b"a+%61"), Value::percent(b"%2f+%zz"));
    }
    assert_eq!(sink.finish(), Ok(&b"a%20a=%2F%2B%25zz"[..]));
}

#[test]
fn what_is_written_is_read_again() {
    let texts = [
        "",
        "a",
        "\\",
        "\"",
        "\\\"",
        "\"\\\"",
        "a, b=\"c\"",
        "é☃",
        "%41+",
        " ",
        "\\\\\\",
    ];
    for text in texts {
        for other in texts {
            let header = written(
                Transmission::Header,
                Some(text),
                &[("n", other), ("m", text)],
            );
            assert!(realm(header.as_bytes()) == *text, "{header}");
            let expected = [("n", other), ("m", text)];
            let expected = expected.map(|(name, value)| (name.into(), value.into()));
            assert_eq!(pairs(header.as_bytes()), Ok(expected.into()));
        }
    }
}

#[test]
fn pieces_of_every_length_are_written_whole() {
    for length in (0..40).chain(190..280).chain(500..530) {
        for letter in ["a", "/", "a/"] {
            let value = letter.repeat(length);
            let header = written(
                Transmission::Header,
                Some(&value),
                &[(&value, "x"), ("b", &value)],
            );
            let encoded = crate::percent::encode(&value).to_string();
            let expected = format!("OAuth realm=\"{value}\", {encoded}=\"x\", b=\"{encoded}\"");
            assert_eq!(header, expected);
        }
    }
}
