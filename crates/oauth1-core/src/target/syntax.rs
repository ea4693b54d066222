//! The parts of a URI (RFC 3986).

use super::{UriError, UriErrorKind};
use crate::percent::class;

// RFC 3986 section 3.1: scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
pub(crate) fn check_scheme(scheme: &str) -> Result<(), UriError> {
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
pub(crate) fn split_at_byte(text: &str, kind: impl Fn(u8) -> bool) -> Option<(&str, &str)> {
    let at = text.bytes().position(kind)?;
    text.split_at_checked(at)
}

/// Host and port of `[user@]host[:port]`; `offset` is where that stands in the URI.
pub(crate) fn split_authority(
    authority: &str,
    offset: usize,
) -> Result<(&str, Option<u16>, bool), UriError> {
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
pub(crate) fn check_host(host: &str, offset: usize) -> Result<bool, UriError> {
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
pub(crate) fn split_path(text: &str, offset: usize) -> Result<(&str, Option<&str>), UriError> {
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
