//! The URI that a request goes to, as far as it is signed (RFC 5849 section 3.4.1.2).

use core::fmt;

use crate::{percent::class, sink::Sink, writer::Writer};

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
    pub fn port(&self) -> Option<u16> {
        self.port.filter(|&port| {
            !(port == 80 && self.scheme.eq_ignore_ascii_case("http")
                || port == 443 && self.scheme.eq_ignore_ascii_case("https"))
        })
    }

    /// Whether requests to it travel over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("https")
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
        writer.encoded_path(self.path().as_bytes());
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

/// A number in decimal digits, without a heap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal {
    /// The last 20 are used: a power of two spares the check of a bound.
    digits: [u8; 32],
    start: u8,
}

/// The decimal digits of 0 to 99.
#[expect(clippy::cast_possible_truncation, reason = "digits are below ten")]
static PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut at = 0;
    while at < 100 {
        pairs[at] = [b'0' + (at / 10) as u8, b'0' + (at % 10) as u8];
        at += 1;
    }
    pairs
};

impl Decimal {
    #[expect(clippy::cast_possible_truncation, reason = "what is left fits")]
    pub(crate) const fn new(mut number: u64) -> Self {
        let mut decimal = Self {
            digits: [b'0'; 32],
            start: 32,
        };
        while number > u32::MAX as u64 {
            decimal.push(b'0' + (number % 10) as u8);
            number /= 10;
        }
        // The time until the year 2106: in the cheaper division, and two digits with each.
        let mut number = number as u32;
        while number >= 100 {
            let pair = PAIRS[(number % 100) as usize];
            number /= 100;
            decimal.push(pair[1]);
            decimal.push(pair[0]);
        }
        let pair = PAIRS[number as usize];
        decimal.push(pair[1]);
        if number >= 10 {
            decimal.push(pair[0]);
        }
        decimal
    }

    #[inline]
    const fn push(&mut self, digit: u8) {
        self.start -= 1;
        self.digits[self.start as usize & 31] = digit;
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.digits[usize::from(self.start)..]
    }
}

pub(crate) fn display(
    write: impl FnOnce(&mut FormatterSink<'_, '_>),
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut sink = FormatterSink {
        formatter: f,
        result: Ok(()),
    };
    write(&mut sink);
    sink.result
}

pub(crate) struct FormatterSink<'f, 'g> {
    formatter: &'f mut fmt::Formatter<'g>,
    result: fmt::Result,
}

impl Sink for FormatterSink<'_, '_> {
    fn put(&mut self, bytes: &[u8]) {
        // Every piece is cut from text at ASCII characters, so it is text itself.
        if let (Ok(()), Ok(text)) = (self.result, core::str::from_utf8(bytes)) {
            self.result = self.formatter.write_str(text);
        }
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

// RFC 3986 section 3.1: scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
fn check_scheme(scheme: &str) -> Result<(), UriError> {
    let error = |at| Err(UriError::new(UriErrorKind::Scheme, at));
    if !scheme
        .as_bytes()
        .first()
        .is_some_and(u8::is_ascii_alphabetic)
    {
        return error(0);
    }
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    scheme
        .bytes()
        .position(|byte| !valid(byte))
        .map_or(Ok(()), error)
}

/// The text before the first byte of a kind, and the text from it on. The byte is an ASCII character.
#[inline]
fn split_at_byte(text: &str, kind: impl Fn(u8) -> bool) -> Option<(&str, &str)> {
    let at = text.bytes().position(kind)?;
    text.split_at_checked(at)
}

/// Host and port of `[user@]host[:port]`; `offset` is where that stands in the URI.
fn split_authority(authority: &str, offset: usize) -> Result<(&str, Option<u16>, bool), UriError> {
    let start = authority
        .bytes()
        .rposition(|byte| byte == b'@')
        .map_or(0, |at| at + 1);
    let spoilt = |byte: u8| byte <= b' ' || byte == 0x7F;
    if let Some(at) = authority.bytes().take(start).position(spoilt) {
        return Err(UriError::new(UriErrorKind::Character, offset + at));
    }
    let rest = authority
        .split_at_checked(start)
        .map_or(authority, |(_, rest)| rest);
    let offset = offset + start;
    let host_end = if rest.starts_with('[') {
        rest.bytes()
            .position(|byte| byte == b']')
            .map_or(rest.len(), |at| at + 1)
    } else {
        rest.bytes()
            .position(|byte| byte == b':')
            .unwrap_or(rest.len())
    };
    let (host, rest) = rest.split_at_checked(host_end).unwrap_or((rest, ""));
    let plain = check_host(host, offset)?;
    let port = match rest.strip_prefix(':') {
        None if rest.is_empty() => None,
        // RFC 3986 section 3.2.3: a port may be empty, which is none.
        Some("") => None,
        Some(digits) => Some(parse_port(digits, offset + host_end + 1)?),
        None => return Err(UriError::new(UriErrorKind::Host, offset + host_end)),
    };
    Ok((host, port, plain))
}

pub(crate) fn parse_port(digits: &str, offset: usize) -> Result<u16, UriError> {
    let number = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok());
    match number.flatten() {
        Some(port) if port != 0 => Ok(port),
        _ => Err(UriError::new(UriErrorKind::Port, offset)),
    }
}

/// Whether the host is in lower case and has nothing to encode.
fn check_host(host: &str, offset: usize) -> Result<bool, UriError> {
    let error = |at| Err(UriError::new(UriErrorKind::Host, offset + at));
    if let Some(inner) = host.strip_prefix('[') {
        let Some(address) = inner.strip_suffix(']') else {
            return error(0);
        };
        let valid = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
        return match address.bytes().position(|byte| !valid(byte)) {
            None if address.bytes().any(|byte| byte == b':') => Ok(false),
            at => error(1 + at.unwrap_or(0)),
        };
    }
    if host.is_empty() {
        return error(0);
    }
    let mut plain = true;
    for (at, byte) in host.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {}
            // RFC 3986 section 3.2.2: reg-name = *( unreserved / pct-encoded / sub-delims )
            b'A'..=b'Z'
            | b'%'
            | b'!'
            | b'$'
            | b'&'
            | b'\''
            | b'('
            | b')'
            | b'*'
            | b'+'
            | b','
            | b';'
            | b'=' => plain = false,
            _ => return error(at),
        }
    }
    Ok(plain)
}

/// Path and query of `[/path][?query][#fragment]`.
fn split_path(text: &str, offset: usize) -> Result<(&str, Option<&str>), UriError> {
    let bytes = text.as_bytes();
    let (mut path_end, mut at, mut end) = (None, 0, bytes.len());
    loop {
        at += class::skip(&bytes[at..], class::ends_path);
        at += class::scan(&bytes[at..], class::NO_PATH).0;
        match bytes.get(at) {
            None => break,
            Some(b'?') => {
                if end == bytes.len() {
                    path_end.get_or_insert(at);
                }
            }
            // A fragment is not sent, but what is no URI stays none for it.
            Some(b'#') => end = end.min(at),
            Some(_) => return Err(UriError::new(UriErrorKind::Character, offset + at)),
        }
        at += 1;
    }
    let (sent, _) = text.split_at_checked(end).unwrap_or((text, ""));
    Ok(match path_end.and_then(|at| sent.split_at_checked(at)) {
        Some((path, query)) => (path, query.strip_prefix('?')),
        None => (sent, None),
    })
}

/// Why a text is not a URI that a request can be signed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UriError {
    kind: UriErrorKind,
    offset: usize,
}

/// The kinds of [`UriError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UriErrorKind {
    /// There is no `scheme://`.
    NotAbsolute,
    /// The scheme is empty or holds a character that no scheme holds.
    Scheme,
    /// The host is empty, or holds a character that no host holds (one outside ASCII must be
    /// written in its `xn--` form).
    Host,
    /// The port is not a number from 1 to 65535.
    Port,
    /// White space or a control character, which must be percent-encoded.
    Character,
    /// An origin was asked for, and there is more: a user, a path, a query or a fragment.
    NotAnOrigin,
}

impl UriError {
    const fn new(kind: UriErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> UriErrorKind {
        self.kind
    }

    /// Where, in bytes from the start of the text.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            UriErrorKind::NotAbsolute => {
                "the URL is not absolute: it must start with https:// or http://"
            }
            UriErrorKind::Scheme => "the URL has no valid scheme",
            UriErrorKind::Host => "the URL has no valid host",
            UriErrorKind::Port => "the port of the URL is not a number from 1 to 65535",
            UriErrorKind::Character => {
                "the URL holds white space or a control character, which must be percent-encoded"
            }
            UriErrorKind::NotAnOrigin => {
                "an origin has no path and no query, no user and no fragment"
            }
        };
        write!(f, "{what} (at byte {})", self.offset)
    }
}

impl core::error::Error for UriError {}

#[cfg(test)]
mod tests;
