//! The `Authorization` header of the scheme `OAuth` (RFC 5849 section 3.5.1): reading it, and
//! writing the protocol parameters into it, into a query or into a form.

use core::fmt;

pub(crate) use self::write::known_parameter;
pub use self::write::{AuthorizationWriter, Transmission};
use crate::{
    form::find_broken_escape,
    parameters::Protocol,
    percent::class,
    value::{Encoding, Value},
};

mod write;

/// Credentials of the scheme `OAuth`, as they stand in an `Authorization` header, or the challenge
/// of a `WWW-Authenticate` header, which has the same form.
///
/// ```
/// use oauth1_core::authorization::{AuthorizationHeader, HeaderParameter};
///
/// let header = br#"OAuth realm="Photos", oauth_nonce="wIjqoS", oauth_token="a%2Fb""#;
/// let header = AuthorizationHeader::parse(header).expect("of the scheme OAuth");
/// let mut names = Vec::new();
/// for parameter in header.parameters() {
///     match parameter? {
///         HeaderParameter::Realm(realm) => assert_eq!(realm.to_string(), "Photos"),
///         HeaderParameter::Pair { name, value } => names.push((name.to_str(), value.to_str())),
///     }
/// }
/// assert_eq!(names[1].1.as_deref(), Some("a/b"));
/// # Ok::<(), oauth1_core::authorization::HeaderError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AuthorizationHeader<'a> {
    value: &'a [u8],
    scheme_end: usize,
}

impl<'a> AuthorizationHeader<'a> {
    /// Looks at the scheme: `None` if it is another one than `OAuth`, whose letters may be of either
    /// case (section 3.5.1). The parameters are looked at when they are asked for.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let start = skip_space(value, 0);
        let scheme_end = start + b"OAuth".len();
        let is_oauth = value.get(start..scheme_end)?.eq_ignore_ascii_case(b"OAuth");
        let ends = skip_space(value, scheme_end) > scheme_end || scheme_end == value.len();
        (is_oauth && ends).then_some(Self { value, scheme_end })
    }

    /// Of parameters that stand without a scheme, as in XOAUTH.
    pub(crate) const fn without_scheme(value: &'a [u8]) -> Self {
        Self {
            value,
            scheme_end: 0,
        }
    }

    /// The scheme, in the case it came in.
    #[must_use]
    pub fn scheme(&self) -> &'a [u8] {
        &self.value[self.scheme_end.saturating_sub(b"OAuth".len())..self.scheme_end]
    }

    /// The parameters in their order; after an error there are no more.
    #[must_use]
    pub fn parameters(&self) -> HeaderParameters<'a> {
        HeaderParameters {
            value: self.value,
            at: self.scheme_end,
            after_pair: false,
        }
    }

    pub(crate) const fn value(&self) -> &'a [u8] {
        self.value
    }
}

/// One parameter of the header.
#[derive(Clone, Copy, Debug)]
pub enum HeaderParameter<'a> {
    /// The realm, which is no protocol parameter and is not signed (section 3.4.1.3.1).
    Realm(Realm<'a>),
    /// Any other, percent-encoded.
    Pair {
        /// The name.
        name: Value<'a>,
        /// The value.
        value: Value<'a>,
    },
}

/// A realm: a quoted string of RFC 9110 section 5.6.4, whose escapes are resolved as it is shown. It
/// is not percent-encoded.
#[derive(Clone, Copy)]
pub struct Realm<'a> {
    raw: &'a [u8],
}

impl<'a> Realm<'a> {
    /// What stands between the quotes.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The bytes of the realm, without the backslashes that escape.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + 'a {
        let mut rest = self.raw.iter().copied();
        core::iter::from_fn(move || match rest.next()? {
            b'\\' => rest.next(),
            byte => Some(byte),
        })
    }
}

impl PartialEq<str> for Realm<'_> {
    fn eq(&self, other: &str) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl fmt::Display for Realm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A backslash and the character behind it are ASCII or the start of one that is not: what
        // stands between two backslashes is text wherever the whole is.
        let mut rest = self.raw;
        loop {
            let escape = rest
                .iter()
                .position(|&byte| byte == b'\\')
                .unwrap_or(rest.len());
            for chunk in rest[..escape].utf8_chunks() {
                f.write_str(chunk.valid())?;
                if !chunk.invalid().is_empty() {
                    f.write_str("\u{FFFD}")?;
                }
            }
            let Some(&[_, escaped]) = rest.get(escape..).and_then(<[u8]>::first_chunk::<2>) else {
                return Ok(());
            };
            rest = &rest[escape + 1..];
            if escaped == b'\\' {
                f.write_str("\\")?;
                rest = &rest[1..];
            }
        }
    }
}

impl fmt::Debug for Realm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Realm(\"{}\")", self.raw.escape_ascii())
    }
}

/// The parameters of an [`AuthorizationHeader`], up to the first error.
#[derive(Clone, Debug)]
pub struct HeaderParameters<'a> {
    value: &'a [u8],
    at: usize,
    after_pair: bool,
}

/// Where a name or a value stands, and whether nothing in it needs encoding.
pub(crate) type Place = (usize, usize, bool);

/// A parameter by its places in the header.
pub(crate) enum Placed<'a> {
    Realm(Realm<'a>),
    Pair {
        name: Place,
        value: Place,
        /// Which one of ours it is, where that was seen at once.
        known: Option<Known>,
    },
}

/// The parameters of the protocol that stand in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// One of [`Protocol::NAMES`].
    At(usize),
    /// `oauth_signature`.
    Signature,
}

impl<'a> HeaderParameters<'a> {
    // RFC 9110 section 11.4: #auth-param, auth-param = token BWS "=" BWS quoted-string
    /// The next parameter by its places.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(
        target_pointer_width = "64",
        expect(
            clippy::inline_always,
            reason = "a call would write the places and read them back"
        )
    )]
    pub(crate) fn next_placed(&mut self) -> Result<Option<Placed<'a>>, HeaderError> {
        let text = self.value;
        let mut at = skip_space(text, self.at);
        // After an error there are no more.
        let after_pair = core::mem::replace(&mut self.after_pair, false);
        self.at = text.len();
        if after_pair && text.get(at).is_some_and(|&byte| byte != b',') {
            return Err(HeaderError::new(HeaderErrorKind::Separator, at));
        }
        // RFC 9110 section 5.6.1.2: a list may hold empty elements.
        while text.get(at) == Some(&b',') {
            at = skip_space(text, at + 1);
        }
        if at >= text.len() {
            return Ok(None);
        }
        let name_at = at;
        let (name_end, name_clean, is_realm, value_at);
        let mut known = None;
        if let Some((length, which)) = protocol_name(&text[at..]) {
            (name_end, name_clean, is_realm) = (at + length, true, false);
            value_at = name_end + 2;
            known = Some(which);
        } else {
            (name_end, name_clean) = scan_name(text, at)?;
            is_realm = text[name_at..name_end].eq_ignore_ascii_case(b"realm");
            value_at = find_quoted(text, name_end)?;
        }
        if is_realm {
            let end = scan_quoted(text, value_at)?;
            self.go_on_behind(end);
            let raw = &text[value_at..end];
            return Ok(Some(Placed::Realm(Realm { raw })));
        }
        let (value_end, value_clean) = scan_value(text, value_at)?;
        if !name_clean {
            check_escapes(text, name_at, name_end)?;
        }
        if !value_clean {
            check_escapes(text, value_at, value_end)?;
        }
        self.go_on_behind(value_end);
        Ok(Some(Placed::Pair {
            name: (name_at, name_end - name_at, name_clean),
            value: (value_at, value_end - value_at, value_clean),
            known,
        }))
    }

    const fn go_on_behind(&mut self, quote: usize) {
        self.at = quote + 1;
        self.after_pair = true;
    }
}

impl<'a> Iterator for HeaderParameters<'a> {
    type Item = Result<HeaderParameter<'a>, HeaderError>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.value;
        let at =
            |(at, len, clean): Place| Value::scanned(&text[at..at + len], Encoding::Percent, clean);
        Some(self.next_placed().transpose()?.map(|placed| match placed {
            Placed::Realm(realm) => HeaderParameter::Realm(realm),
            Placed::Pair { name, value, .. } => HeaderParameter::Pair {
                name: at(name),
                value: at(value),
            },
        }))
    }
}

/// The end of the spaces and tabs at `at`, and of line ends that are followed by one: what RFC 9112
/// section 5.2 calls a folded line, which old clients send.
#[inline]
fn skip_space(text: &[u8], mut at: usize) -> usize {
    while let Some(byte @ ..=b' ') = text.get(at) {
        match byte {
            b' ' | b'\t' => at += 1,
            b'\r'
                if text.get(at + 1) == Some(&b'\n')
                    && matches!(text.get(at + 2), Some(b' ' | b'\t')) =>
            {
                at += 3;
            }
            _ => break,
        }
    }
    at
}

/// The protocol parameter whose name `text` begins with and the length of that, if `="` is behind it, as
/// it is in most headers: two letters say which it must be.
#[inline]
fn protocol_name(text: &[u8]) -> Option<(usize, Known)> {
    fn is<const N: usize>(text: &[u8], expected: &[u8; N], which: Known) -> Option<(usize, Known)> {
        (text.first_chunk::<N>()? == expected).then_some((N - b"=\"".len(), which))
    }
    // Where flash is small, names are found like any others.
    if cfg!(target_pointer_width = "32") {
        return None;
    }
    let at = Known::At;
    match text.strip_prefix(b"oauth_")?.first_chunk::<2>()? {
        b"bo" => is(text, b"oauth_body_hash=\"", at(Protocol::BODY_HASH)),
        b"ca" => is(text, b"oauth_callback=\"", at(Protocol::CALLBACK)),
        b"co" => is(text, b"oauth_consumer_key=\"", at(Protocol::CLIENT)),
        b"no" => is(text, b"oauth_nonce=\"", at(Protocol::NONCE)),
        b"si" => is(text, b"oauth_signature_method=\"", at(Protocol::METHOD))
            .or_else(|| is(text, b"oauth_signature=\"", Known::Signature)),
        b"ti" => is(text, b"oauth_timestamp=\"", at(Protocol::TIMESTAMP)),
        b"to" => is(text, b"oauth_token=\"", at(Protocol::TOKEN)),
        b"ve" => is(text, b"oauth_version=\"", at(Protocol::VERSION))
            .or_else(|| is(text, b"oauth_verifier=\"", at(Protocol::VERIFIER))),
        _ => None,
    }
}

/// The end of the name at `start`, and whether nothing in it needs encoding.
fn scan_name(text: &[u8], start: usize) -> Result<(usize, bool), HeaderError> {
    let (length, classes) = class::scan(&text[start..], class::NO_TOKEN);
    if length == 0 {
        return Err(HeaderError::new(HeaderErrorKind::Name, start));
    }
    Ok((start + length, classes & class::RESERVED == 0))
}

/// Where the content of the quoted string starts whose name ends at `name_end`.
fn find_quoted(text: &[u8], name_end: usize) -> Result<usize, HeaderError> {
    let at = skip_space(text, name_end);
    if text.get(at) != Some(&b'=') {
        return Err(HeaderError::new(HeaderErrorKind::NoValue, at));
    }
    let at = skip_space(text, at + 1);
    if text.get(at) != Some(&b'"') {
        return Err(HeaderError::new(HeaderErrorKind::Unquoted, at));
    }
    Ok(at + 1)
}

/// The end of a value in quotes that starts at `start`, and whether nothing in it needs encoding.
#[inline]
fn scan_value(text: &[u8], start: usize) -> Result<(usize, bool), HeaderError> {
    // Most need none.
    let (length, byte) = class::clean_prefix(&text[start..], 0);
    let mut end = start + length;
    if byte == b'"' {
        return Ok((end, true));
    }
    end += class::scan(&text[end..], class::UNQUOTED).0;
    match text.get(end) {
        Some(b'"') => Ok((end, false)),
        Some(_) => Err(HeaderError::new(HeaderErrorKind::Character, end)),
        None => Err(HeaderError::new(HeaderErrorKind::Unterminated, start - 1)),
    }
}

/// The end of a realm, a quoted string with escapes, whose content starts at `start`.
fn scan_quoted(text: &[u8], start: usize) -> Result<usize, HeaderError> {
    let mut at = start;
    loop {
        at += class::scan(&text[at..], class::UNQUOTED).0;
        match text.get(at) {
            Some(b'"') => return Ok(at),
            Some(b'\\') => {
                let escaped = text.get(at + 1);
                if escaped.is_none_or(u8::is_ascii_control) {
                    return Err(HeaderError::new(HeaderErrorKind::Character, at + 1));
                }
                at += 2;
            }
            Some(_) => return Err(HeaderError::new(HeaderErrorKind::Character, at)),
            None => return Err(HeaderError::new(HeaderErrorKind::Unterminated, start - 1)),
        }
    }
}

#[cold]
fn check_escapes(text: &[u8], start: usize, end: usize) -> Result<(), HeaderError> {
    find_broken_escape(&text[start..end]).map_or(Ok(()), |at| {
        Err(HeaderError::new(HeaderErrorKind::BrokenEscape, start + at))
    })
}

/// Why a header of the scheme `OAuth` cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderError {
    kind: HeaderErrorKind,
    offset: usize,
}

/// The kinds of [`HeaderError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderErrorKind {
    /// A name was expected.
    Name,
    /// A name is not followed by `=`.
    NoValue,
    /// A value does not stand in quotes.
    Unquoted,
    /// A quote is never closed.
    Unterminated,
    /// A control character, or a backslash in another parameter than the realm.
    Character,
    /// A `%` without two hexadecimal digits behind it.
    BrokenEscape,
    /// Two parameters without a comma between them.
    Separator,
}

impl HeaderError {
    const fn new(kind: HeaderErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> HeaderErrorKind {
        self.kind
    }

    /// Where, in bytes from the start of the header's value.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            HeaderErrorKind::Name => "a parameter name was expected",
            HeaderErrorKind::NoValue => "a parameter name is not followed by \"=\"",
            HeaderErrorKind::Unquoted => "a parameter value is not in double quotes",
            HeaderErrorKind::Unterminated => "a double quote is never closed",
            HeaderErrorKind::Character => "a control character or a backslash in a value",
            HeaderErrorKind::BrokenEscape => "a \"%\" is not followed by two hexadecimal digits",
            HeaderErrorKind::Separator => "two parameters have no comma between them",
        };
        write!(f, "{what} (at byte {} of the header)", self.offset)
    }
}

impl core::error::Error for HeaderError {}

#[cfg(test)]
mod tests;
