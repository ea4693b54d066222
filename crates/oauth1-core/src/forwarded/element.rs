//! The grammar of `Forwarded` (RFC 7239 section 4).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::ForwardedError;

/// What one proxy says: a `forwarded-element`. Other parameters than these are skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Element<'a> {
    /// `for`: who sent the request to the proxy.
    pub node: Option<&'a str>,
    /// `host`: the `Host` that the proxy received.
    pub host: Option<&'a str>,
    /// `proto`: the scheme that the request came by.
    pub proto: Option<&'a str>,
}

impl Element<'_> {
    /// The address of [`node`](Self::node), `None` where it is not said, `unknown`, or a made-up name
    /// (RFC 7239 section 6).
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        address(self.node?)
    }
}

/// The elements of one line of `Forwarded`, from the first hop to the last; after an error there are
/// no more.
///
/// ```
/// use oauth1_core::forwarded::elements;
///
/// let mut elements = elements(br#"for="[2001:db8::1]:4711";proto=https, for=unknown"#);
/// let first = elements.next().expect("two of them")?;
/// assert_eq!(first.address(), Some("2001:db8::1".parse().expect("an address")));
/// assert_eq!(first.proto, Some("https"));
/// assert_eq!(elements.next().expect("two of them")?.address(), None);
/// # Ok::<(), oauth1_core::forwarded::ForwardedError>(())
/// ```
#[must_use]
pub const fn elements(line: &[u8]) -> Elements<'_> {
    Elements { rest: Some(line) }
}

/// See [`elements`].
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<Element<'a>, ForwardedError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(element(self.rest.take()?).map(|(element, rest)| {
            self.rest = rest;
            element
        }))
    }
}

/// One element, and what stands behind its comma, if there is one. An element of nothing counts: a
/// hop that says nothing is a hop.
// forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] )
fn element(mut text: &[u8]) -> Result<(Element<'_>, Option<&[u8]>), ForwardedError> {
    let mut element = Element::default();
    loop {
        text = skip_space(text);
        match text {
            [] => return Ok((element, None)),
            [b',', rest @ ..] => return Ok((element, Some(rest))),
            [b';', rest @ ..] => text = rest,
            _ => {
                // forwarded-pair = token "=" value
                let (name, rest) = split_while(text, is_token);
                let rest = rest.strip_prefix(b"=").ok_or(ForwardedError::Syntax)?;
                let (value, rest) = value(rest)?;
                let known = [
                    (&b"for"[..], &mut element.node),
                    (b"host", &mut element.host),
                    (b"proto", &mut element.proto),
                ];
                let known = known
                    .into_iter()
                    .find(|(known, _)| name.eq_ignore_ascii_case(known));
                if let Some((_, place)) = known {
                    let value = value.ok_or(ForwardedError::Syntax)?;
                    if place.replace(value).is_some() {
                        return Err(ForwardedError::Duplicate);
                    }
                } else if name.is_empty() {
                    return Err(ForwardedError::Syntax);
                }
                text = skip_space(rest);
                if !matches!(text, [] | [b',' | b';', ..]) {
                    return Err(ForwardedError::Syntax);
                }
            }
        }
    }
}

/// A value and what stands behind it. The value is `None` where it has escapes or bytes outside ASCII,
/// which neither a host nor an address nor a scheme needs.
// value = token / quoted-string
fn value(text: &[u8]) -> Result<(Option<&str>, &[u8]), ForwardedError> {
    let Some(mut rest) = text.strip_prefix(b"\"") else {
        // Hosts and nodes with a port should be quoted, and often are not.
        let unquoted = |byte| is_token(byte) || matches!(byte, b':' | b'[' | b']');
        let (value, rest) = split_while(text, unquoted);
        if value.is_empty() {
            return Err(ForwardedError::Syntax);
        }
        return Ok((core::str::from_utf8(value).ok(), rest));
    };
    let quoted = rest;
    let mut plain = true;
    loop {
        match rest {
            [b'"', behind @ ..] => {
                let value = &quoted[..quoted.len() - rest.len()];
                let value = plain.then(|| core::str::from_utf8(value).ok()).flatten();
                return Ok((value, behind));
            }
            [b'\\', escaped, behind @ ..] if is_text(*escaped) => {
                plain = false;
                rest = behind;
            }
            [byte, behind @ ..] if *byte != b'\\' && is_text(*byte) => {
                plain &= byte.is_ascii();
                rest = behind;
            }
            _ => return Err(ForwardedError::Syntax),
        }
    }
}

/// The address of a node (RFC 7239 section 6), with or without a port. An IPv6 address without its
/// brackets is understood, as `X-Forwarded-For` has it.
pub(super) fn address(node: &str) -> Option<IpAddr> {
    let bracketed = || {
        let (address, port) = node.strip_prefix('[')?.split_once(']')?;
        let is_port = |port: &str| port.starts_with(':');
        (port.is_empty() || is_port(port)).then(|| address.parse::<Ipv6Addr>().ok())?
    };
    let with_port = || {
        let (address, _) = node.split_once(':')?;
        address.parse::<Ipv4Addr>().ok()
    };
    node.parse::<IpAddr>()
        .or_else(|_| node.parse::<SocketAddr>().map(|both| both.ip()))
        .ok()
        .or_else(|| bracketed().map(IpAddr::V6))
        // node-port may be a made-up name.
        .or_else(|| with_port().map(IpAddr::V4))
}

fn skip_space(text: &[u8]) -> &[u8] {
    split_while(text, |byte| matches!(byte, b' ' | b'\t')).1
}

fn split_while(text: &[u8], is: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&byte| !is(byte));
    text.split_at(end.unwrap_or(text.len()))
}

// RFC 9110 section 5.6.2: tchar
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

// RFC 9110 section 5.6.4: qdtext, and what may stand behind a backslash
const fn is_text(byte: u8) -> bool {
    byte == b'\t' || byte >= b' ' && byte != 0x7F
}
