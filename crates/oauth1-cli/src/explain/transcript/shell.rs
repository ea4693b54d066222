//! The words of a command, as shells have them.

use crate::problem::Failure;

/// Splits a command as a POSIX shell does; `$'...'`, which browsers copy for bash, is read too.
pub(crate) fn words(command: &str) -> Result<Vec<String>, Failure> {
    let open = || Failure::Failed("the curl command has a quote that is not closed".into());
    let bytes = command.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let (mut at, mut quote) = (0, None);
    while let Some(&byte) = bytes.get(at) {
        match (quote, byte) {
            (None, b'$') if bytes.get(at + 1) == Some(&b'\'') => {
                let (value, end) = ansi_quoted(bytes, at + 2)?.ok_or_else(open)?;
                plain.push(b'\'');
                for byte in value {
                    match byte {
                        b'\'' => plain.extend_from_slice(b"'\\''"),
                        other => plain.push(other),
                    }
                }
                plain.push(b'\'');
                at = end;
                continue;
            }
            (None | Some(b'"'), b'\\') => {
                plain.push(byte);
                plain.extend(bytes.get(at + 1));
                at += 2;
                continue;
            }
            (None, b'\'' | b'"') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        plain.push(byte);
        at += 1;
    }
    let plain = String::from_utf8(plain)
        .map_err(|_| Failure::Failed("$'...' of the curl command is no UTF-8".into()))?;
    shlex::split(&plain).ok_or_else(open)
}

/// What stands from `start` to the quote that closes it, and where the text goes on behind it.
fn ansi_quoted(bytes: &[u8], start: usize) -> Result<Option<(Vec<u8>, usize)>, Failure> {
    let mut value = Vec::new();
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\'' => return Ok(Some((value, at))),
            b'\\' => {
                let Some(&letter) = bytes.get(at) else {
                    return Ok(None);
                };
                at += 1;
                match letter {
                    b'n' => value.push(b'\n'),
                    b'r' => value.push(b'\r'),
                    b't' => value.push(b'\t'),
                    b'\\' | b'\'' | b'"' | b'?' => value.push(letter),
                    b'x' | b'u' | b'U' => {
                        let most = match letter {
                            b'x' => 2,
                            b'u' => 4,
                            _ => 8,
                        };
                        let digits = bytes.get(at..).unwrap_or_default().iter();
                        let digits = digits
                            .take(most)
                            .take_while(|digit| digit.is_ascii_hexdigit());
                        let length = digits.count();
                        let digits = core::str::from_utf8(&bytes[at..at + length]).ok();
                        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                        at += length;
                        match (letter, number.map(|number| (u8::try_from(number), number))) {
                            (b'x', Some((Ok(byte), _))) => value.push(byte),
                            (b'u' | b'U', Some((_, number))) => {
                                let character = char::from_u32(number).ok_or_else(unknown)?;
                                value.extend_from_slice(character.to_string().as_bytes());
                            }
                            _ => return Err(unknown()),
                        }
                    }
                    _ => return Err(unknown()),
                }
            }
            other => value.push(other),
        }
    }
    Ok(None)
}

fn unknown() -> Failure {
    Failure::Failed(
        "$'...' of the curl command has an escape that is not read here: write the character"
            .into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_bash() {
        for (command, expected) in [
            (
                "a 'b c' \"d $'e'\" \\$'f'",
                &["a", "b c", "d $'e'", "$f"][..],
            ),
            (r"$'a\'b\u0021\x41' c", &["a'b!A", "c"]),
            (r"x$'\xc3\xa9\U0001f980\n'y", &["x\u{e9}\u{1f980}\ny"]),
            ("'$' $'' \"\\\"\"", &["$", "", "\""]),
        ] {
            assert_eq!(words(command).ok().unwrap(), expected, "{command}");
        }
        for wrong in [
            "'a",
            "$'a",
            "$'a\\",
            "$'\\q'",
            "$'\\x'",
            "$'\\xff'",
            "$'\\ud800'",
        ] {
            assert!(words(wrong).is_err(), "{wrong}");
        }
    }
}
