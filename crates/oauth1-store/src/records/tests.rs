use alloc::{format, string::ToString as _, vec};

use super::*;
use crate::Approval;

const SECRET: &str = "kd94hf93k423kf44";

fn secret() -> Secret<'static> {
    Secret::from(String::from(SECRET))
}

const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

fn client() -> Client {
    let mut client = Client::new("printer", ClientKey::Shared(secret()), NOW);
    client.callbacks = vec!["https://printer.example.com/ready".into()];
    client.revoked = Some(NOW);
    client
}

fn record() -> Record {
    let callback = Callback::Uri("https://printer.example.com/ready".into());
    let temporary = Temporary::new("temporary", secret(), "printer", callback, NOW, NOW);
    let mut record = Record::new(temporary);
    let _ = record.approve(&Approval::new("jane", secret()), NOW);
    record
}

fn token() -> Token {
    let mut token = Token::new("token", secret(), "printer", "j\u{e9}", NOW);
    token.session = Some(Session::new(secret(), Some(NOW)));
    token
}

/// What was read is written so that it reads as the same; what was not, is not shown.
fn read<T: Stored>(text: &str) -> bool {
    match T::from_text(text) {
        Ok(read) => {
            let written = read.to_text().unwrap();
            let again = T::from_text(&written).unwrap().to_text().unwrap();
            assert_eq!(*again, *written);
            true
        }
        Err(error) => {
            assert!(matches!(error, StoreError::Corrupt(_)));
            assert!(!format!("{error} {error:?}").contains(SECRET));
            false
        }
    }
}

/// Each start of a record, and each place of it with a byte put in, left out and replaced.
fn read_changed<T: Stored>(record: &T) {
    let text = record.to_text().unwrap();
    assert!(read::<T>(&text));
    let mut refused = 0;
    for at in 0..text.len() {
        let (Some(start), Some(rest)) = (text.get(..at), text.get(at + 1..)) else {
            continue;
        };
        assert!(!read::<T>(start), "{start}");
        let telling = "\"{}[],:\\0-n \u{e9}".chars().nth(at % 13).unwrap();
        for changed in [
            format!("{start}{rest}"),
            format!("{start}{telling}{rest}"),
            format!("{start}{telling}{}", &text[at..]),
        ] {
            refused += u32::from(!read::<T>(&changed));
        }
        // Nor is what stands behind a record passed over.
        assert!(!read::<T>(&(text.to_string() + &telling.to_string())) || telling == ' ');
    }
    assert!(refused > 200, "{refused}");
}

#[test]
fn a_record_that_was_changed_is_corrupt_or_another_and_its_secrets_are_not_told() {
    read_changed(&client());
    read_changed(&record());
    read_changed(&token());
}
