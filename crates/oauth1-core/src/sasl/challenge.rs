//! What a server says when it refuses a message of OAUTH10A (RFC 7628 section 3.2.2): a JSON object.

use core::fmt::{self, Write as _};

use crate::sink::Sink;

/// The error that a server of OAUTH10A sends as a challenge.
///
/// ```
/// use oauth1_core::sasl::ErrorChallenge;
///
/// let error = ErrorChallenge::parse(br#"{"status":"invalid_token","scope":"mail"}"#).unwrap();
/// assert!(error.status() == *"invalid_token");
/// assert!(error.scope().is_some_and(|scope| scope == *"mail"));
/// assert!(error.openid_configuration().is_none());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ErrorChallenge<'c> {
    status: JsonText<'c>,
    scope: Option<JsonText<'c>>,
    openid_configuration: Option<JsonText<'c>>,
}

impl<'c> ErrorChallenge<'c> {
    /// Reads it: `None` where it is no JSON object with a `status`, or has a key twice. What other keys
    /// hold is passed over.
    #[must_use]
    pub fn parse(challenge: &'c [u8]) -> Option<Self> {
        let mut reader = Reader {
            rest: core::str::from_utf8(challenge).ok()?,
        };
        let (mut status, mut scope, mut openid_configuration) = (None, None, None);
        reader.expect('{')?;
        let mut first = true;
        while reader.expect('}').is_none() {
            if !core::mem::replace(&mut first, false) {
                reader.expect(',')?;
            }
            let key = reader.string()?;
            reader.expect(':')?;
            let place = match () {
                () if key == *"status" => &mut status,
                () if key == *"scope" => &mut scope,
                () if key == *"openid-configuration" => &mut openid_configuration,
                () => {
                    reader.skip_value()?;
                    continue;
                }
            };
            if place.replace(reader.string()?).is_some() {
                return None;
            }
        }
        reader.at_end().then_some(Self {
            status: status?,
            scope,
            openid_configuration,
        })
    }

    /// The error code, such as `invalid_token`.
    #[must_use]
    pub const fn status(&self) -> JsonText<'c> {
        self.status
    }

    /// The scope that a token would need.
    #[must_use]
    pub const fn scope(&self) -> Option<JsonText<'c>> {
        self.scope
    }

    /// Where the OpenID Provider Configuration is, a URL.
    #[must_use]
    pub const fn openid_configuration(&self) -> Option<JsonText<'c>> {
        self.openid_configuration
    }
}

/// A string of JSON, which shows decoded. It is a stranger's: it may hold control characters.
#[derive(Clone, Copy)]
pub struct JsonText<'c> {
    /// What stands between the quotes, checked.
    raw: &'c str,
}

impl<'c> JsonText<'c> {
    /// The characters, decoded; half of a surrogate pair is U+FFFD.
    pub fn chars(&self) -> impl Iterator<Item = char> + 'c {
        let mut rest = self.raw;
        core::iter::from_fn(move || {
            let (character, after) = next_character(rest)?;
            rest = after;
            Some(character)
        })
    }
}

impl PartialEq<str> for JsonText<'_> {
    fn eq(&self, other: &str) -> bool {
        self.chars().eq(other.chars())
    }
}

impl fmt::Display for JsonText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.chars()
            .try_for_each(|character| f.write_char(character))
    }
}

impl fmt::Debug for JsonText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"")?;
        self.chars()
            .try_for_each(|character| write!(f, "{}", character.escape_debug()))?;
        write!(f, "\"")
    }
}

/// Writes the object.
pub(super) fn write<O: Sink + ?Sized>(
    status: &str,
    scope: Option<&str>,
    openid_configuration: Option<&str>,
    out: &mut O,
) {
    let pairs = [
        ("{\"status\":\"", Some(status)),
        (",\"scope\":\"", scope),
        (",\"openid-configuration\":\"", openid_configuration),
    ];
    for (start, value) in pairs {
        let Some(value) = value else { continue };
        out.put(start.as_bytes());
        for byte in value.bytes() {
            match byte {
                b'"' | b'\\' => out.put(&[b'\\', byte]),
                0..=31 => {
                    out.put(b"\\u00");
                    out.put(&crate::percent::escape(byte)[1..]);
                }
                _ => out.put(&[byte]),
            }
        }
        out.put(b"\"");
    }
    out.put(b"}");
}

/// Reads JSON as far as it is needed here.
struct Reader<'c> {
    rest: &'c str,
}

impl<'c> Reader<'c> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn expect(&mut self, character: char) -> Option<()> {
        self.skip_space();
        self.rest = self.rest.strip_prefix(character)?;
        Some(())
    }

    fn at_end(&mut self) -> bool {
        self.skip_space();
        self.rest.is_empty()
    }

    fn string(&mut self) -> Option<JsonText<'c>> {
        self.expect('"')?;
        let start = self.rest;
        loop {
            if let Some(after) = self.rest.strip_prefix('"') {
                let length = start.len() - self.rest.len();
                self.rest = after;
                return start.get(..length).map(|raw| JsonText { raw });
            }
            let (_, after) = next_character(self.rest)?;
            self.rest = after;
        }
    }

    /// Steps over a value of any kind: no stack grows with its depth. What is wrong inside of what is
    /// passed over does not matter.
    fn skip_value(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            self.skip_space();
            match self.rest.chars().next()? {
                '"' => drop(self.string()?),
                open @ ('{' | '[') => {
                    self.expect(open)?;
                    depth += 1;
                    continue;
                }
                close @ ('}' | ']') => {
                    self.expect(close)?;
                    depth = depth.checked_sub(1)?;
                }
                separator @ (',' | ':') if depth > 0 => {
                    self.expect(separator)?;
                    continue;
                }
                _ => {
                    let word = self
                        .rest
                        .find(|character: char| {
                            !(character.is_ascii_alphanumeric() || "+-.".contains(character))
                        })
                        .filter(|&length| length > 0)?;
                    self.rest = self.rest.get(word..)?;
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }
}

/// The next character of a string, decoded, and what stands behind it: `None` at its end, and for what
/// no string holds.
fn next_character(text: &str) -> Option<(char, &str)> {
    let mut rest = text.chars();
    let character = match rest.next()? {
        '\\' => match rest.next()? {
            plain @ ('"' | '\\' | '/') => plain,
            'b' => '\u{8}',
            'f' => '\u{C}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return unicode(rest.as_str()),
            _ => return None,
        },
        character if character < ' ' => return None,
        character => character,
    };
    Some((character, rest.as_str()))
}

/// The character of `XXXX`, or of `XXXX\uXXXX` where the first is the start of a surrogate pair.
fn unicode(text: &str) -> Option<(char, &str)> {
    fn unit(text: &str) -> Option<(u32, &str)> {
        let (digits, rest) = text.split_at_checked(4)?;
        let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let unit = hexadecimal.then(|| u32::from_str_radix(digits, 16).ok());
        Some((unit??, rest))
    }
    let (high, rest) = unit(text)?;
    if (0xD800..0xDC00).contains(&high)
        && let Some((low @ 0xDC00..0xE000, after)) = rest.strip_prefix("\\u").and_then(unit)
    {
        let scalar = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return Some((char::from_u32(scalar)?, after));
    }
    Some((char::from_u32(high).unwrap_or('\u{FFFD}'), rest))
}
