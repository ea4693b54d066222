//! Protocol parameters as they are sent (RFC 5849 section 3.5).

use crate::{
    percent::{EncodingSink, escape, is_unreserved},
    sink::Sink,
    value::Value,
};

/// Where the protocol parameters travel (RFC 5849 section 3.5): in exactly one of these places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transmission {
    /// The `Authorization` header (section 3.5.1): what to prefer.
    #[default]
    Header,
    /// The form that is the request's body (section 3.5.2).
    Form,
    /// The query (section 3.5.3), which shows in logs and histories.
    Query,
}

/// Writes protocol parameters in the form that their [`Transmission`] has: a header value that
/// starts with `OAuth `, or pairs of a form to be appended to a query or a body.
///
/// ```
/// use oauth1_core::{Value, authorization::{AuthorizationWriter, Transmission}};
///
/// let mut header = Vec::new();
/// let mut writer = AuthorizationWriter::new(Transmission::Header, Some("Photos"), &mut header);
/// writer.parameter(Value::plain("oauth_callback"), Value::plain("http://a.example/b"));
/// assert_eq!(header, br#"OAuth realm="Photos", oauth_callback="http%3A%2F%2Fa.example%2Fb""#);
/// ```
#[derive(Debug)]
pub struct AuthorizationWriter<'o, O: Sink + ?Sized> {
    out: &'o mut O,
    transmission: Transmission,
    started: bool,
}

impl<'o, O: Sink + ?Sized> AuthorizationWriter<'o, O> {
    /// Starts with the realm, if there is one and the header is where the parameters go: the realm
    /// belongs to the header alone.
    pub fn new(transmission: Transmission, realm: Option<&str>, out: &'o mut O) -> Self {
        let mut writer = Self {
            out,
            transmission,
            started: false,
        };
        if transmission == Transmission::Header {
            writer.out.put(b"OAuth ");
            if let Some(realm) = realm {
                writer.realm(realm);
            }
        }
        writer
    }

    /// Goes on after text that was written before, by a writer of the same kind.
    pub(crate) fn resume(transmission: Transmission, out: &'o mut O) -> Self {
        Self {
            out,
            transmission,
            started: true,
        }
    }

    /// Writes a name and its value, encoded.
    #[inline]
    pub fn parameter(&mut self, name: Value<'_>, value: Value<'_>) {
        self.open(name);
        put_encoded(value, self.out);
        self.close();
    }

    /// Writes a parameter whose value another writes, still to be encoded, into the sink it is given.
    #[inline]
    pub(crate) fn parameter_from<T>(
        &mut self,
        name: &'static str,
        write: impl FnOnce(&mut EncodingSink<'_, O>) -> T,
    ) -> T {
        self.open(Value::scanned(
            name.as_bytes(),
            crate::value::Encoding::Plain,
            true,
        ));
        let result = write(&mut EncodingSink::new(self.out));
        self.close();
        result
    }

    #[inline]
    fn open(&mut self, name: Value<'_>) {
        if core::mem::replace(&mut self.started, true) {
            self.out.put(if self.transmission == Transmission::Header {
                b", "
            } else {
                b"&"
            });
        }
        put_encoded(name, self.out);
        self.out.put(if self.transmission == Transmission::Header {
            b"=\""
        } else {
            b"="
        });
    }

    #[inline]
    fn close(&mut self) {
        if self.transmission == Transmission::Header {
            self.out.put(b"\"");
        }
    }

    // RFC 9110 section 5.6.4: quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )
    fn realm(&mut self, realm: &str) {
        self.started = true;
        self.out.put(b"realm=\"");
        for piece in realm.split_inclusive(['"', '\\']) {
            match piece.as_bytes() {
                [before @ .., special @ (b'"' | b'\\')] => {
                    self.out.put(before);
                    self.out.put(&[b'\\', *special]);
                }
                all => self.out.put(all),
            }
        }
        self.out.put(b"\"");
    }
}

#[inline]
fn put_encoded<S: Sink + ?Sized>(value: Value<'_>, out: &mut S) {
    if value.is_clean() {
        return out.put(value.raw());
    }
    for byte in value.bytes() {
        if is_unreserved(byte) {
            out.put(&[byte]);
        } else {
            out.put(&escape(byte));
        }
    }
}
