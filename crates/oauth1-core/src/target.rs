//! The URI that a request goes to, as far as it is signed (RFC 5849 section 3.4.1.2).

use core::fmt;

pub use self::error::{UriError, UriErrorKind};
pub(crate) use self::syntax::parse_port;
use self::syntax::{check_host, split_at_byte, split_path};
pub(crate) use self::syntax::{check_scheme, split_authority};
use crate::{
    decimal::Decimal,
    percent::class,
    sink::{Sink, display},
    writer::Writer,
};

mod error;
mod syntax;

/// Scheme, host and port: what stands before the path, and what a server cannot learn from an
/// origin-form request line (`GET /path HTTP/1.1`) alone.
///
/// A verifying server states its own: never take it from the peer without having decided so.
///
/// ```
/// use oauth1_core::Origin;
///
/// let origin = Origin::parse("https://API.example.com:443")?;
/// assert_eq!(origin.to_string(), "https://api.example.com");
/// assert_eq!(Origin::parse("https://[2001:DB8::1]:8443")?.to_string(), "https://[2001:db8::1]:8443");
/// # Ok::<(), oauth1_core::UriError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<u16>,
    /// The host has neither upper-case letters nor anything to encode.
    plain: bool,
}

impl<'a> Origin<'a> {
    /// From its parts. `host` is a name, an IPv4 address, or an IPv6 address in brackets; letters
    /// may be of either case.
    ///
    /// # Errors
    /// [`UriError`] when the scheme is none, the host is empty or holds what no host holds.
    pub fn new(scheme: &'a str, host: &'a str, port: Option<u16>) -> Result<Self, UriError> {
        check_scheme(scheme)?;
        let plain = check_host(host, 0)?;
        if port == Some(0) {
            return Err(UriError::new(UriErrorKind::Port, 0));
        }
        Ok(Self {
            scheme,
            host,
            port,
            plain,
        })
    }

    /// From `scheme://host[:port]`, with nothing behind it but `/`.
    ///
    /// # Errors
    /// [`UriError`] when that is not what the text is.
    pub fn parse(text: &'a str) -> Result<Self, UriError> {
        let target = Target::parse(text)?;
        let more = text.bytes().any(|byte| matches!(byte, b'@' | b'#' | b'?'));
        if more || target.path.len() > 1 {
            return Err(UriError::new(UriErrorKind::NotAnOrigin, 0));
        }
        Ok(target.origin)
    }

    /// With a host and a port that show in a base string as they stand here.
    pub(crate) const fn as_printed(scheme: &'a str, host_and_port: &'a str) -> Self {
        Self {
            scheme,
            host: host_and_port,
            port: None,
            plain: true,
        }
    }

    /// The scheme, in the case it came in.
    #[must_use]
    pub const fn scheme(&self) -> &'a str {
        self.scheme
    }

    /// The host, in the case it came in; IPv6 addresses in their brackets.
    #[must_use]
    pub const fn host(&self) -> &'a str {
        self.host
    }

    /// The port, unless it is the default one of the scheme (80 for `http`, 443 for `https`).
    #[must_use]
    #[inline]
    pub fn port(&self) -> Option<u16> {
        let port = self.port?;
        let default = match port {
            80 => self.scheme.eq_ignore_ascii_case("http"),
            443 => self.scheme.eq_ignore_ascii_case("https"),
            _ => false,
        };
        (!default).then_some(port)
    }

    /// The port as it came, the default one too.
    #[cfg(feature = "alloc")]
    pub(crate) const fn written_port(&self) -> Option<u16> {
        self.port
    }

    /// Whether requests to it travel over TLS.
    #[must_use]
    #[inline]
    pub fn is_secure(&self) -> bool {
        self.scheme == "https" || self.scheme.eq_ignore_ascii_case("https")
    }

    /// Lower case, without the default port: equal exactly for the same origin.
    fn write_to<S: Sink + ?Sized>(&self, sink: &mut S) {
        put_lower_case(self.scheme, sink);
        sink.put(b"://");
        put_lower_case(self.host, sink);
        if let Some(port) = self.port() {
            sink.put(b":");
            sink.put(Decimal::new(u64::from(port)).as_bytes());
        }
    }
}

impl PartialEq for Origin<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.scheme.eq_ignore_ascii_case(other.scheme)
            && self.host.eq_ignore_ascii_case(other.host)
            && self.port() == other.port()
    }
}

impl Eq for Origin<'_> {}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(|sink| self.write_to(sink), f)
    }
}

impl fmt::Debug for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({self})")
    }
}

/// The URI that a request goes to: an origin, a path and a query, all as they are sent.
///
/// Nothing is repaired: dot segments, doubled slashes and the encoding of the path are signed as
/// they stand, because that is what the other side sees. User information and the fragment are
/// left out; an empty path is `/`.
///
/// ```
/// use oauth1_core::{Origin, Target};
///
/// let target = Target::parse("HTTP://EXAMPLE.com:80/r%20v/X?id=123#top")?;
/// assert_eq!(target.base_string_uri().to_string(), "http://example.com/r%20v/X");
/// assert_eq!(target.query(), Some("id=123"));
///
/// // What a server has: its own origin, and the path and query of the request line.
/// let target = Target::at(Origin::parse("https://example.com")?, "/r%20v/X?id=123")?;
/// assert_eq!(target.base_string_uri().to_string(), "https://example.com/r%20v/X");
/// # Ok::<(), oauth1_core::UriError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Target<'a> {
    origin: Origin<'a>,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// From an absolute URI.
    ///
    /// # Errors
    /// [`UriError`] with the position when there is no scheme, no host, a port that is no number
    /// from 1 to 65535, or white space or a control character anywhere. Other characters that a URI
    /// should not hold (brackets, quotes, letters outside ASCII) are taken as the bytes they are.
    pub fn parse(uri: &'a str) -> Result<Self, UriError> {
        let not_absolute = UriError::new(UriErrorKind::NotAbsolute, 0);
        let (scheme, rest) = match (uri.strip_prefix("https://"), uri.strip_prefix("http://")) {
            (Some(rest), _) => ("https", rest),
            (None, Some(rest)) => ("http", rest),
            (None, None) => {
                let (scheme, rest) = split_at_byte(uri, |byte| byte == b':').ok_or(not_absolute)?;
                check_scheme(scheme)?;
                (scheme, rest.strip_prefix("://").ok_or(not_absolute)?)
            }
        };
        let start = uri.len() - rest.len();
        // Most authorities are a host in lower case and nothing else.
        let (length, _) = class::scan(rest.as_bytes(), class::RESERVED | class::UPPER);
        let ends = matches!(rest.as_bytes().get(length), None | Some(b'/' | b'?' | b'#'));
        let plain = ends && length > 0;
        let (authority, rest) = if plain {
            rest.split_at_checked(length)
        } else {
            split_at_byte(rest, |byte| matches!(byte, b'/' | b'?' | b'#'))
        }
        .unwrap_or((rest, ""));
        let (host, port, plain) = if plain {
            (authority, None, true)
        } else {
            split_authority(authority, start)?
        };
        let (path, query) = split_path(rest, start + authority.len())?;
        Ok(Self {
            origin: Origin {
                scheme,
                host,
                port,
                plain,
            },
            path,
            query,
        })
    }

    /// From an origin and what stands in the request line: `/path?query`, or a whole URI, whose
    /// own origin is then what counts for nothing.
    ///
    /// # Errors
    /// [`UriError`] when `path_and_query` does not start with `/` or `?`, is not empty and is no
    /// absolute URI, or holds white space or a control character.
    pub fn at(origin: Origin<'a>, path_and_query: &'a str) -> Result<Self, UriError> {
        match path_and_query.as_bytes().first() {
            None | Some(b'/' | b'?') => {
                let (path, query) = split_path(path_and_query, 0)?;
                Ok(Self {
                    origin,
                    path,
                    query,
                })
            }
            // RFC 9112 section 3.2.4: `OPTIONS *` has no path at all; it is signed as it is sent.
            Some(b'*') if path_and_query.len() == 1 => Ok(Self {
                origin,
                path: path_and_query,
                query: None,
            }),
            Some(_) => Ok(Self {
                origin,
                ..Self::parse(path_and_query)?
            }),
        }
    }

    /// From a path and a query that stand apart.
    pub(crate) fn from_parts(
        origin: Origin<'a>,
        path: &'a str,
        query: Option<&'a str>,
    ) -> Result<Self, UriError> {
        let error = |at| UriError::new(UriErrorKind::Character, at);
        let (before, after) = split_path(path, 0)?;
        if !path.starts_with('/') || after.is_some() || before.len() < path.len() {
            return Err(error(before.len()));
        }
        let spoilt = |byte: u8| byte <= b' ' || byte == 0x7F || byte == b'#';
        match query.and_then(|query| query.bytes().position(spoilt)) {
            Some(at) => Err(error(at)),
            None => Ok(Self {
                origin,
                path,
                query,
            }),
        }
    }

    /// The same path and query elsewhere.
    pub(crate) fn with_origin<'b>(self, origin: Origin<'b>) -> Target<'b>
    where
        'a: 'b,
    {
        Target { origin, ..self }
    }

    /// Scheme, host and port.
    #[must_use]
    pub const fn origin(&self) -> Origin<'a> {
        self.origin
    }

    /// The path as it is sent, `/` when it is empty.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        if self.path.is_empty() { "/" } else { self.path }
    }

    /// Whether there was no path at all.
    #[cfg(feature = "alloc")]
    pub(crate) const fn has_empty_path(&self) -> bool {
        self.path.is_empty()
    }

    /// The query without its `?`.
    #[must_use]
    pub const fn query(&self) -> Option<&'a str> {
        self.query
    }

    /// The base string URI of section 3.4.1.2, not yet encoded.
    #[must_use]
    pub const fn base_string_uri(&self) -> BaseStringUri<'a> {
        BaseStringUri { target: *self }
    }

    pub(crate) fn query_bytes(&self) -> &'a [u8] {
        self.query.unwrap_or_default().as_bytes()
    }

    /// The base string URI into a sink.
    fn write_base_string_uri<S: Sink + ?Sized>(&self, sink: &mut S) {
        self.origin.write_to(sink);
        sink.put(self.path().as_bytes());
    }

    /// The base string URI, encoded, as it stands in a base string.
    #[inline]
    pub(crate) fn write_encoded<S: Sink + ?Sized>(&self, writer: &mut Writer<'_, S>) {
        let Origin {
            scheme,
            host,
            plain,
            ..
        } = self.origin;
        match scheme {
            "https" => writer.literal(b"https"),
            "http" => writer.literal(b"http"),
            other => lower_case(other, writer),
        }
        writer.literal(b"%3A%2F%2F");
        if plain {
            writer.raw(host.as_bytes());
        } else {
            lower_case(host, writer);
        }
        if let Some(port) = self.origin.port() {
            writer.literal(b"%3A");
            writer.raw(Decimal::new(u64::from(port)).as_bytes());
        }
        writer.encoded_plain(self.path().as_bytes());
    }
}

/// The same origin, path and query; an empty path is `/`.
impl PartialEq for Target<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.base_string_uri() == other.base_string_uri() && self.query == other.query
    }
}

impl Eq for Target<'_> {}

impl fmt::Debug for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({}", self.base_string_uri())?;
        match self.query {
            Some(query) => write!(f, "?{query})"),
            None => write!(f, ")"),
        }
    }
}

/// Encoded, in lower case: for what seldom comes otherwise.
fn lower_case<S: Sink + ?Sized>(text: &str, writer: &mut Writer<'_, S>) {
    text.bytes()
        .for_each(|byte| writer.encoded_plain(&[byte.to_ascii_lowercase()]));
}

/// The base string URI of RFC 5849 section 3.4.1.2: scheme and host in lower case, the port unless
/// it is the default one, the path; shows unencoded. From [`Target::base_string_uri`].
#[derive(Clone, Copy, Debug)]
pub struct BaseStringUri<'a> {
    target: Target<'a>,
}

impl PartialEq for BaseStringUri<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.target.origin == other.target.origin && self.target.path() == other.target.path()
    }
}

impl Eq for BaseStringUri<'_> {}

impl fmt::Display for BaseStringUri<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(|sink| self.target.write_base_string_uri(sink), f)
    }
}

fn put_lower_case<S: Sink + ?Sized>(text: &str, sink: &mut S) {
    if !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return sink.put(text.as_bytes());
    }
    for byte in text.bytes() {
        sink.put(&[byte.to_ascii_lowercase()]);
    }
}

#[cfg(test)]
mod tests;
