//! Protocol parameters as they are sent (RFC 5849 section 3.5).

use crate::{
    sink::Sink,
    value::Value,
    writer::{Encoder, Writer, put_encoded},
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
    #[inline]
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
    pub fn parameter(&mut self, name: Value<'_>, value: Value<'_>) {
        if core::mem::replace(&mut self.started, true) {
            self.out.put(if self.is_header() { b", " } else { b"&" });
        }
        put_encoded(name, self.out);
        self.out.put(if self.is_header() { b"=\"" } else { b"=" });
        self.value(value);
    }

    /// The start of a parameter whose name is ours: what stands before the value if it is not the
    /// first, in a header and in a form.
    #[inline]
    pub(crate) fn open(&mut self, header: &'static str, form: &'static str) {
        let (text, separator) = if self.is_header() {
            (header, 2)
        } else {
            (form, 1)
        };
        if core::mem::replace(&mut self.started, true) {
            // Two constants, where a choice between them would be none.
            if self.is_header() {
                self.out.put(header.as_bytes());
            } else {
                self.out.put(form.as_bytes());
            }
        } else {
            self.out
                .put(text.as_bytes().get(separator..).unwrap_or_default());
        }
    }

    /// The value of a parameter, and its end.
    #[inline]
    pub(crate) fn value(&mut self, value: Value<'_>) {
        put_encoded(value, self.out);
        self.close();
    }

    #[inline]
    fn is_header(&self) -> bool {
        self.transmission == Transmission::Header
    }

    /// The end of a value.
    #[inline]
    pub(crate) fn close(&mut self) {
        if self.is_header() {
            self.out.put(b"\"");
        }
    }

    // RFC 9110 section 5.6.4: quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )
    fn realm(&mut self, realm: &str) {
        self.started = true;
        self.out.put(b"realm=\"");
        for byte in realm.bytes() {
            if matches!(byte, b'"' | b'\\') {
                self.out.put(b"\\");
            }
            self.out.put(&[byte]);
        }
        self.out.put(b"\"");
    }
}

impl<'w, O: Sink + ?Sized> AuthorizationWriter<'_, Writer<'w, O>> {
    /// Writes the name of the signature. What is put into the sink that it gives is its value, not
    /// encoded, until it is [closed](Self::close).
    #[inline]
    pub(crate) fn open_signature(&mut self) -> Encoder<'_, 'w, O> {
        self.open(", oauth_signature=\"", "&oauth_signature=");
        Encoder(self.out)
    }
}

/// Writes a parameter whose name is ours, as one constant with what stands around it.
macro_rules! known_parameter {
    ($writer:expr, $name:literal, $value:expr) => {{
        $writer.open(concat!(", ", $name, "=\""), concat!("&", $name, "="));
        $writer.value($value);
    }};
}
pub(crate) use known_parameter;
