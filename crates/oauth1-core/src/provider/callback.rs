//! Callbacks (RFC 5849 sections 2.1 and 2.2): what they may be, and what is sent back through them.

use alloc::string::String;
use core::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

use super::issue::push_encoded;
use crate::{
    target::{check_scheme, split_authority},
    value::Value,
};

/// Bytes of a callback that are looked at: what browsers and servers take of a URI without trouble.
const LONGEST: usize = 2_048;

/// Schemes that run code, show a document of their own or leave the browser with something else than
/// a redirect: never a callback, whatever was registered.
const FORBIDDEN_SCHEMES: &[&str] = &[
    "about",
    "blob",
    "data",
    "file",
    "filesystem",
    "ftp",
    "intent",
    "jar",
    "javascript",
    "mailto",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// What the server itself adds to a callback's query.
const ADDED: [&str; 3] = ["oauth_token", "oauth_verifier", "oauth_problem"];

/// The value of `oauth_callback`: an absolute URI, or exactly `oob` where the client cannot receive a
/// redirect and the owner carries the verifier over.
///
/// ```
/// use oauth1_core::provider::{Callback, CallbackError};
///
/// let callback = Callback::parse("https://printer.example.com/ready?id=7")?;
/// assert!(callback.is_covered_by("https://printer.example.com/ready"));
/// assert!(!callback.is_covered_by("https://printer.example.co"));
/// assert!(!callback.is_covered_by("https://printer.example.com/read"));
///
/// assert_eq!(Callback::parse("oob")?, Callback::OutOfBand);
/// assert_eq!(Callback::parse("OOB"), Err(CallbackError::NotAbsolute));
/// assert_eq!(Callback::parse("javascript:alert(1)"), Err(CallbackError::Scheme));
/// assert_eq!(Callback::parse("https://good.example@evil.example/"), Err(CallbackError::Authority));
/// # Ok::<(), CallbackError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callback<'a> {
    /// `oob`, case sensitive.
    OutOfBand,
    /// An absolute URI.
    Uri(CallbackUri<'a>),
}

impl<'a> Callback<'a> {
    /// Reads the value of `oauth_callback`. Whether the client is registered for it is another
    /// question: [`is_covered_by`](Self::is_covered_by).
    ///
    /// # Errors
    /// [`CallbackError`] for what no client may have as its callback.
    pub fn parse(text: &'a str) -> Result<Self, CallbackError> {
        if text == "oob" {
            return Ok(Self::OutOfBand);
        }
        CallbackUri::parse(text).map(Self::Uri)
    }

    /// Whether a registration allows it: `oob` where `registered` is `oob`, a URI where `registered`
    /// is a URI that has the same scheme, host and port, and a path that is the same or, segment by
    /// segment, the start of it.
    ///
    /// A registration with a query demands the same path, and the same pairs at the start of the
    /// query. One on a loopback address without a port allows every port, because an application that
    /// listens there does not choose it (RFC 8252 section 7.3). What can be no callback allows none.
    #[must_use]
    pub fn is_covered_by(&self, registered: &str) -> bool {
        match (self, Callback::parse(registered)) {
            (Self::OutOfBand, Ok(Callback::OutOfBand)) => true,
            (Self::Uri(uri), Ok(Callback::Uri(registered))) => registered.covers(uri),
            _ => false,
        }
    }

    /// The text, as it came.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        match self {
            Self::OutOfBand => "oob",
            Self::Uri(uri) => uri.text,
        }
    }
}

/// A URI that is fit for a callback: absolute, without user information and fragment, without dot
/// segments, `https`, `http` on a loopback address alone, or the scheme of an application.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CallbackUri<'a> {
    text: &'a str,
    scheme: &'a str,
    authority: Option<(&'a str, Option<u16>)>,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> CallbackUri<'a> {
    fn parse(text: &'a str) -> Result<Self, CallbackError> {
        if text.len() > LONGEST {
            return Err(CallbackError::TooLong);
        }
        check_characters(text)?;
        let (scheme, rest) = text.split_once(':').ok_or(CallbackError::NotAbsolute)?;
        check_scheme(scheme).map_err(|_| CallbackError::NotAbsolute)?;
        let is = |forbidden: &&str| scheme.eq_ignore_ascii_case(forbidden);
        if FORBIDDEN_SCHEMES.iter().any(is) {
            return Err(CallbackError::Scheme);
        }
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        let (authority, path) = match rest.strip_prefix("//") {
            None => (None, rest),
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
                (Some(parse_authority(authority)?), path)
            }
        };
        let uri = Self {
            text,
            scheme,
            authority,
            path,
            query,
        };
        uri.check_scheme()?;
        if has_dot_segment(path) {
            return Err(CallbackError::DotSegment);
        }
        let pairs = crate::form::pairs(query.unwrap_or_default().as_bytes());
        if pairs
            .map(|(name, _)| name)
            .any(|name| ADDED.iter().any(|added| name == *added))
        {
            return Err(CallbackError::ReservedParameter);
        }
        Ok(uri)
    }

    fn check_scheme(&self) -> Result<(), CallbackError> {
        let is = |scheme: &str| self.scheme.eq_ignore_ascii_case(scheme);
        match self.authority {
            // The code would travel in clear for everybody on the way to read.
            Some((host, _)) if is("http") && !is_loopback(host) => Err(CallbackError::Scheme),
            None if is("http") || is("https") => Err(CallbackError::Authority),
            None if self.path.is_empty() => Err(CallbackError::NotAbsolute),
            _ => Ok(()),
        }
    }

    /// Whether `other` is at or below this one.
    fn covers(&self, other: &CallbackUri<'_>) -> bool {
        self.scheme.eq_ignore_ascii_case(other.scheme)
            && self.covers_authority(other)
            && match self.query {
                None => covers_path(self.path, other.path),
                Some(query) => {
                    let rest = other.query.and_then(|other| other.strip_prefix(query));
                    path_or_root(self.path) == path_or_root(other.path)
                        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('&'))
                }
            }
    }

    fn covers_authority(&self, other: &CallbackUri<'_>) -> bool {
        match (self.authority, other.authority) {
            (None, None) => true,
            (Some((host, port)), Some((other_host, other_port))) => {
                let any_port =
                    port.is_none() && self.scheme.eq_ignore_ascii_case("http") && is_loopback(host);
                host.eq_ignore_ascii_case(other_host)
                    && (any_port || self.effective(port) == self.effective(other_port))
            }
            _ => false,
        }
    }

    /// The port with the default of the scheme, which is the same on both sides when it is asked for.
    fn effective(&self, port: Option<u16>) -> Option<u16> {
        port.or_else(|| {
            if self.scheme.eq_ignore_ascii_case("https") {
                Some(443)
            } else if self.scheme.eq_ignore_ascii_case("http") {
                Some(80)
            } else {
                None
            }
        })
    }

    /// The text, as it came.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The host, `None` for the scheme of an application that has none (`com.example.app:/ready`). To
    /// be shown to the owner, who is sent there.
    #[must_use]
    pub const fn host(&self) -> Option<&'a str> {
        match self.authority {
            Some((host, _)) => Some(host),
            None => None,
        }
    }

    /// The scheme, in the case it came in.
    #[must_use]
    pub const fn scheme(&self) -> &'a str {
        self.scheme
    }

    /// The URI with pairs at the end of its query, which stays as it is (section 2.2).
    #[must_use]
    pub fn with_parameters(&self, pairs: &[(&str, &str)]) -> String {
        let mut uri = String::from(self.text);
        let mut separator = match self.query {
            None => "?",
            Some(query) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        for (name, value) in pairs {
            uri.push_str(separator);
            uri.push_str(name);
            uri.push('=');
            push_encoded(&mut uri, value);
            separator = "&";
        }
        uri
    }
}

impl fmt::Debug for CallbackUri<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallbackUri({:?})", self.text)
    }
}

/// Why a text is no callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackError {
    /// It has no scheme, or nothing behind it. (`oob` is written so and in no other case.)
    NotAbsolute,
    /// The scheme is one that no callback may have, or `http` and not on a loopback address.
    Scheme,
    /// The host is missing or none, there is user information before it, or the port is no number.
    Authority,
    /// A character that no URI has: white space, a control character, a quote, a backslash, one
    /// outside ASCII; or a `%` that starts no escape.
    Character,
    /// It has a fragment, in which nothing could be sent back.
    Fragment,
    /// A segment of the path is `.` or `..`, as it stands or encoded.
    DotSegment,
    /// Its query has a parameter that the server is to add.
    ReservedParameter,
    /// It has more than 2,048 bytes.
    TooLong,
    /// The client is not registered for it.
    NotRegistered,
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAbsolute => "the callback is neither an absolute URI nor \"oob\"",
            Self::Scheme => {
                "the callback's scheme is not allowed (http: on a loopback address alone)"
            }
            Self::Authority => "the callback has no valid host, or a user before it",
            Self::Character => "the callback holds a character that no URI has",
            Self::Fragment => "the callback has a fragment",
            Self::DotSegment => "the callback's path has dot segments",
            Self::ReservedParameter => {
                "the callback's query has oauth_token, oauth_verifier or oauth_problem already"
            }
            Self::TooLong => "the callback is too long",
            Self::NotRegistered => "the client is not registered for the callback",
        })
    }
}

impl core::error::Error for CallbackError {}

/// Whether a host is the machine itself: `localhost`, 127.0.0.0/8 or `[::1]`. No name is looked up.
pub(super) fn is_loopback(host: &str) -> bool {
    if host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    match host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        Some(address) => address
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| address.is_loopback()),
        None => host
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback()),
    }
}

/// RFC 3986 section 2: only unreserved and reserved characters, and whole escapes.
fn check_characters(text: &str) -> Result<(), CallbackError> {
    if text.contains('#') {
        return Err(CallbackError::Fragment);
    }
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte);
    if !text.bytes().all(allowed) || crate::form::find_broken_escape(text.as_bytes()).is_some() {
        return Err(CallbackError::Character);
    }
    Ok(())
}

/// Stricter than RFC 3986: a host that browsers and servers might read in two ways is none.
fn parse_authority(authority: &str) -> Result<(&str, Option<u16>), CallbackError> {
    if authority.contains('@') {
        return Err(CallbackError::Authority);
    }
    let (host, port, _) = split_authority(authority, 0).map_err(|_| CallbackError::Authority)?;
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let is_valid = match host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => host.bytes().all(valid),
    };
    if is_valid {
        Ok((host, port))
    } else {
        Err(CallbackError::Authority)
    }
}

/// By segments: `/ready` covers `/ready` and `/ready/x`, and not `/ready2`.
fn covers_path(prefix: &str, path: &str) -> bool {
    let (prefix, path) = (path_or_root(prefix), path_or_root(path));
    match path.strip_prefix(prefix) {
        None => false,
        Some(rest) => rest.is_empty() || prefix.ends_with('/') || rest.starts_with('/'),
    }
}

/// An empty path is `/` (RFC 3986 section 6.2.3).
const fn path_or_root(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}

/// Whether a segment is `.` or `..` to anyone who decodes the path before it splits it, or takes a
/// backslash for a slash.
fn has_dot_segment(path: &str) -> bool {
    let mut segment = (0_usize, true);
    let mut found = false;
    for byte in Value::percent(path.as_bytes()).bytes().chain([b'/']) {
        match byte {
            b'/' | b'\\' => {
                let (length, only_dots) = segment;
                found |= only_dots && matches!(length, 1 | 2);
                segment = (0, true);
            }
            byte => segment = (segment.0 + 1, segment.1 && byte == b'.'),
        }
    }
    found
}
