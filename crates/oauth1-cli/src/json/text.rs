//! The values that fields have.

use alloc::borrow::Cow;
use core::{fmt, ops::Deref};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use zeroize::Zeroize as _;

/// A string.
#[derive(Debug)]
pub(crate) struct Text<'a>(Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_str(StringVisitor { integers: false })
            .map(Self)
    }
}

/// A string or, since nonces often look so, an integer in place of its digits.
#[derive(Debug)]
pub(crate) struct Word<'a>(Cow<'a, str>);

impl Deref for Word<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Word<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(StringVisitor { integers: true })
            .map(Self)
    }
}

/// A string that is a secret: it is never shown, and wiped where it was copied.
pub(crate) struct Hidden<'a>(Cow<'a, str>);

impl Hidden<'_> {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Hidden<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_str(StringVisitor { integers: false })
            .map(Self)
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = &mut self.0 {
            text.zeroize();
        }
    }
}

impl fmt::Debug for Hidden<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(..)")
    }
}

/// A string, or `{"base64": ...}` for bytes that are none.
#[derive(Debug)]
pub(crate) struct Octets<'a>(Cow<'a, [u8]>);

impl Octets<'_> {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Octets<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OctetsVisitor;
        impl<'de> Visitor<'de> for OctetsVisitor {
            type Value = Octets<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or {\"base64\": \"...\"}")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Octets<'de>, E> {
                Ok(Octets(Cow::Borrowed(text.as_bytes())))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Octets<'de>, E> {
                Ok(Octets(Cow::Owned(text.as_bytes().to_vec())))
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Octets<'de>, M::Error> {
                let alone =
                    || M::Error::custom("expected \"base64\" and nothing else in the object");
                let name = map.next_key::<Text<'de>>()?.ok_or_else(alone)?;
                let text = map.next_value::<Text<'de>>()?;
                if *name != *"base64" || map.next_key::<IgnoredAny>()?.is_some() {
                    return Err(alone());
                }
                let bytes = from_base64(&text).ok_or_else(|| {
                    M::Error::custom("expected base64 of the usual alphabet, with its padding")
                })?;
                Ok(Octets(Cow::Owned(bytes)))
            }
        }
        deserializer.deserialize_any(OctetsVisitor)
    }
}

/// What stands in `body_base64` and in `{"base64": ...}`: the alphabet of RFC 4648 section 4, padded.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A name and its value.
#[derive(Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) name: Octets<'a>,
    pub(crate) value: Octets<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Pair<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairVisitor;
        impl<'de> Visitor<'de> for PairVisitor {
            type Value = Pair<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of [name, value]")
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Pair<'de>, S::Error> {
                let pair = (list.next_element()?, list.next_element()?);
                let end = list.next_element::<IgnoredAny>()?;
                match (pair, end) {
                    ((Some(name), Some(value)), None) => Ok(Pair { name, value }),
                    _ => Err(S::Error::custom("expected a list of [name, value]")),
                }
            }
        }
        deserializer.deserialize_seq(PairVisitor)
    }
}

/// Seconds: an integer, or a string of its digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digits(pub(crate) u64);

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DigitsVisitor;
        impl Visitor<'_> for DigitsVisitor {
            type Value = Digits;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an integer of 64 bits, or a string of its digits without a sign or a leading zero")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Digits, E> {
                Ok(Digits(number))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Digits, E> {
                parse_digits(text)
                    .map(Digits)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(DigitsVisitor)
    }
}

/// A number that is written as itself again: without a sign and a leading zero.
fn parse_digits(text: &str) -> Option<u64> {
    let canonical =
        text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    canonical.then(|| text.parse().ok()).flatten()
}

struct StringVisitor {
    integers: bool,
}

impl<'de> Visitor<'de> for StringVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.integers {
            "a string or an integer"
        } else {
            "a string"
        })
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Cow<'de, str>, E> {
        if self.integers {
            Ok(Cow::Owned(number.to_string()))
        } else {
            Err(E::invalid_type(
                serde::de::Unexpected::Unsigned(number),
                &self,
            ))
        }
    }
}
