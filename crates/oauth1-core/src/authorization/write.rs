//! Protocol parameters as they are sent (RFC 5849 section 3.5).

use crate::{percent::EncodingSink, sink::Sink, value::Value, writer::Writer};

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
/// drop(writer);
/// assert_eq!(header, br#"OAuth realm="Photos", oauth_callback="http%3A%2F%2Fa.example%2Fb""#);
/// ```
///
/// What it holds back is written when it is dropped.
#[derive(Debug)]
pub struct AuthorizationWriter<'o, O: Sink + ?Sized> {
    writer: Writer<'o, O>,
    transmission: Transmission,
    started: bool,
}

impl<'o, O: Sink + ?Sized> AuthorizationWriter<'o, O> {
    /// Starts with the realm, if there is one and the header is where the parameters go: the realm
    /// belongs to the header alone.
    #[inline]
    pub fn new(transmission: Transmission, realm: Option<&str>, out: &'o mut O) -> Self {
        let mut writer = Self {
            writer: Writer::new(out),
            transmission,
            started: false,
        };
        if transmission == Transmission::Header {
            writer.writer.literal(b"OAuth ");
            if let Some(realm) = realm {
                writer.realm(realm);
            }
        }
        writer
    }

    /// Goes on after text that was written before, by a writer of the same kind.
    pub(crate) fn resume(transmission: Transmission, out: &'o mut O) -> Self {
        Self {
            writer: Writer::new(out),
            transmission,
            started: true,
        }
    }

    /// Writes a name and its value, encoded.
    pub fn parameter(&mut self, name: Value<'_>, value: Value<'_>) {
        if core::mem::replace(&mut self.started, true) {
            self.writer.raw(if self.is_header() { b", " } else { b"&" });
        }
        self.writer.encoded(name);
        self.writer
            .raw(if self.is_header() { b"=\"" } else { b"=" });
        self.value(value);
    }

    /// The start of a parameter whose name is ours: what stands before the value if it is the first,
    /// and if it is not, in a header and in a form.
    #[inline]
    pub(crate) fn open(&mut self, header: &'static str, form: &'static str) {
        // The separator is the start of either: left out before the first.
        let first = !core::mem::replace(&mut self.started, true);
        match (self.is_header(), first) {
            (true, false) => self.writer.raw(header.as_bytes()),
            (true, true) => self
                .writer
                .raw(header.as_bytes().get(2..).unwrap_or_default()),
            (false, false) => self.writer.raw(form.as_bytes()),
            (false, true) => self
                .writer
                .raw(form.as_bytes().get(1..).unwrap_or_default()),
        }
    }

    /// The value of a parameter, and its end.
    #[inline]
    pub(crate) fn value(&mut self, value: Value<'_>) {
        self.writer.encoded(value);
        self.close();
    }

    /// Writes the signature, which `sign` puts into the sink it is given, not encoded.
    #[inline]
    pub(crate) fn signature<T>(
        &mut self,
        sign: impl FnOnce(&mut EncodingSink<'_, Writer<'o, O>>) -> T,
    ) -> T {
        self.open(", oauth_signature=\"", "&oauth_signature=");
        let result = sign(&mut EncodingSink::new(&mut self.writer));
        self.close();
        result
    }

    #[inline]
    fn is_header(&self) -> bool {
        self.transmission == Transmission::Header
    }

    #[inline]
    fn close(&mut self) {
        if self.is_header() {
            self.writer.literal(b"\"");
        }
    }

    // RFC 9110 section 5.6.4: quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )
    fn realm(&mut self, realm: &str) {
        self.started = true;
        self.writer.literal(b"realm=\"");
        for byte in realm.bytes() {
            if matches!(byte, b'"' | b'\\') {
                self.writer.literal(b"\\");
            }
            self.writer.literal(&[byte]);
        }
        self.writer.literal(b"\"");
    }
}

impl<O: Sink + ?Sized> Drop for AuthorizationWriter<'_, O> {
    fn drop(&mut self) {
        self.writer.flush();
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
