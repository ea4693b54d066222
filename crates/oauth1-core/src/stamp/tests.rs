extern crate alloc;

use alloc::{collections::BTreeSet, format, string::ToString};

use super::*;

#[test]
fn a_timestamp_is_a_positive_number_in_digits_and_nothing_else() {
    let valid = [
        ("1", 1),
        ("9", 9),
        ("10", 10),
        ("137131200", 137_131_200),
        ("18446744073709551615", u64::MAX),
    ];
    for (text, seconds) in valid {
        let parsed = Timestamp::parse(Value::plain(text));
        assert_eq!(parsed, Some(Timestamp::from_unix_seconds(seconds)));
        assert_eq!(parsed.unwrap().to_string(), text);
    }
    let invalid = [
        "",
        "0",
        "00",
        "01",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1e9",
        "0x1",
        "1_000",
        "1,000",
        "a",
        "1a",
        "1\0",
        "\u{661}",
        "18446744073709551616",
        "28446744073709551615",
        "99999999999999999999",
        "184467440737095516150",
    ];
    for text in invalid {
        assert_eq!(Timestamp::parse(Value::plain(text)), None, "{text}");
    }
}

#[test]
fn a_timestamp_is_decoded_before_it_is_read() {
    let thousand = Some(Timestamp::from_unix_seconds(1000));
    assert_eq!(Timestamp::parse(Value::percent(b"1%30%300")), thousand);
    assert_eq!(Timestamp::parse(Value::plain("1%30%300")), None);
    assert_eq!(Timestamp::parse(Value::form(b"+1000")), None);
}

#[test]
fn a_timestamp_is_shown_and_sent_in_digits() {
    for seconds in [0, 1, 9, 10, 1_700_000_000, u64::MAX] {
        let timestamp = Timestamp::from_unix_seconds(seconds);
        assert_eq!(timestamp.unix_seconds(), seconds);
        assert_eq!(timestamp.to_string(), seconds.to_string());
        assert_eq!(
            timestamp.decimal().as_bytes(),
            seconds.to_string().as_bytes()
        );
    }
}

#[test]
fn timestamps_are_ordered_by_time() {
    assert!(Timestamp::from_unix_seconds(1) < Timestamp::from_unix_seconds(2));
    assert!(Timestamp::from_unix_seconds(10) > Timestamp::from_unix_seconds(9));
}

#[test]
fn a_nonce_has_24_letters_and_digits() {
    for byte in 0..=u8::MAX {
        let nonce = Nonce::from_bytes([byte; 15]);
        assert_eq!(nonce.as_str().len(), 24);
        let valid = |byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7');
        assert!(nonce.as_str().bytes().all(valid));
    }
}

#[test]
fn a_nonce_is_the_base_32_of_its_bytes() {
    let cases = [
        ([0; 15], "aaaaaaaaaaaaaaaaaaaaaaaa"),
        ([255; 15], "777777777777777777777777"),
        (*b"fooba\0\0\0\0\0fooba", "mzxw6ytbaaaaaaaamzxw6ytb"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(Nonce::from_bytes(bytes).as_str(), expected);
    }
}

#[test]
fn other_bytes_are_another_nonce() {
    let mut nonces = BTreeSet::new();
    for bit in 0..120 {
        let mut bytes = [0; 15];
        bytes[bit / 8] = 1 << (bit % 8);
        nonces.insert(Nonce::from_bytes(bytes).as_str().to_string());
        let bytes = bytes.map(|byte| !byte);
        nonces.insert(Nonce::from_bytes(bytes).as_str().to_string());
    }
    for byte in 1..=u8::MAX {
        nonces.insert(Nonce::from_bytes([byte; 15]).as_str().to_string());
    }
    nonces.insert(Nonce::from_bytes([0; 15]).as_str().to_string());
    assert_eq!(nonces.len(), 240 + 256);
}

#[test]
fn a_nonce_of_the_callers_is_taken_as_it_is() {
    for text in [
        "",
        "wIjqoS",
        "a b/é",
        "a nonce that is longer than thirty-two bytes are",
    ] {
        let nonce = Nonce::new(text);
        assert_eq!(nonce.as_str(), text);
        assert!(nonce.value() == *text);
    }
    let made = Nonce::from_bytes([7; 15]);
    assert!(made.value() == *made.as_str());
}

#[test]
fn a_stamp_shows_its_timestamp_and_its_nonce() {
    let stamp = Stamp::new(Timestamp::from_unix_seconds(5), Nonce::new("n\"1"));
    assert_eq!(stamp.timestamp().unix_seconds(), 5);
    assert_eq!(stamp.nonce().as_str(), "n\"1");
    let shown = r#"Stamp { timestamp: Timestamp(5), nonce: Nonce("n\"1") }"#;
    assert_eq!(format!("{stamp:?}"), shown);
    let used = UsedStamp(stamp);
    assert_eq!(used.timestamp().unix_seconds(), 5);
    assert_eq!(used.nonce(), "n\"1");
    assert_eq!(format!("{used:?}"), format!("UsedStamp({shown})"));
}

#[cfg(feature = "os")]
mod os {
    use super::*;

    #[test]
    fn the_clock_shows_a_time_after_this_was_written() {
        assert!(Timestamp::now() > Timestamp::from_unix_seconds(1_760_000_000));
    }

    #[test]
    fn no_two_stamps_have_the_same_nonce() {
        let nonces: BTreeSet<_> = (0..1000)
            .map(|_| Stamp::now().unwrap().nonce().as_str().to_string())
            .collect();
        assert_eq!(nonces.len(), 1000);
    }

    #[test]
    fn a_missing_random_source_is_named() {
        let text = RandomSourceError.to_string();
        assert_eq!(text, "the system's random source gave no bytes for a nonce");
    }
}

#[test]
fn a_stamp_is_shifted_without_wrapping() {
    let at = Timestamp::from_unix_seconds;
    for (seconds, by, shifted) in [
        (100, 0, 100),
        (100, 50, 150),
        (100, -50, 50),
        (100, -101, 0),
        (u64::MAX, 1, u64::MAX),
        (0, i64::MIN, 0),
    ] {
        let stamp = Stamp::new(at(seconds), Nonce::new("a")).shifted(by);
        assert_eq!(stamp.timestamp(), at(shifted));
        assert_eq!(stamp.nonce().as_str(), "a");
    }
}
