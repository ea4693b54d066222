//! The parameters of the scheme `OAuth` among the challenges of a `WWW-Authenticate` header.

// RFC 9110 section 11.6.1:
//   WWW-Authenticate = #challenge
//   challenge        = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
//   auth-param       = token BWS "=" BWS ( token / quoted-string )
// A comma divides challenges and parameters alike: what has no "=" behind its first token starts another
// challenge.
/// Name and value, as they stand in the header, of each parameter of the scheme `OAuth`. More lenient than
/// what requests are read by: values may stand without quotes, and what cannot be read is stepped over.
pub(super) fn parameters(header: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let (mut rest, mut is_oauth) = (header, false);
    core::iter::from_fn(move || {
        loop {
            rest = trim_start(rest, |byte| byte == b',' || is_space(byte));
            if rest.is_empty() {
                return None;
            }
            let (name, behind) = split(rest, is_token);
            let value = trim_start(behind, is_space);
            if name.is_empty() {
                rest = skip_element(rest);
            } else if let Some(value) = value.strip_prefix(b"=") {
                let (value, behind) = read_value(trim_start(value, is_space));
                rest = skip_element(behind);
                if is_oauth {
                    return Some((name, value));
                }
            } else {
                // A scheme; its first parameter is behind the space.
                is_oauth = name.eq_ignore_ascii_case(b"OAuth");
                rest = behind;
            }
        }
    })
}

/// A quoted string without its quotes, or a token. Backslashes stay: no value that is percent-encoded
/// has one.
fn read_value(text: &[u8]) -> (&[u8], &[u8]) {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        return split(text, |byte| byte != b',' && !is_space(byte));
    };
    let end = quoted_end(quoted);
    (&quoted[..end], quoted.get(end + 1..).unwrap_or_default())
}

/// Where the quote stands that closes, or the end.
fn quoted_end(quoted: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = quoted.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    quoted.len()
}

/// What is behind the next comma that does not stand in quotes.
fn skip_element(mut text: &[u8]) -> &[u8] {
    while let Some((&byte, rest)) = text.split_first() {
        match byte {
            b',' => return rest,
            b'"' => text = rest.get(quoted_end(rest) + 1..).unwrap_or_default(),
            _ => text = rest,
        }
    }
    text
}

fn split(text: &[u8], belongs: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&byte| !belongs(byte));
    text.split_at(end.unwrap_or(text.len()))
}

fn trim_start(text: &[u8], is_trimmed: impl Fn(u8) -> bool) -> &[u8] {
    split(text, is_trimmed).1
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// RFC 9110 section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
