//! The signature base string once more: slow, obvious, and written from the text of RFC 5849 without a look
//! at the library. It copies whatever it can and knows no fast path.

/// A decoded name and a decoded value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// Section 3.6: everything but letters, digits, `-`, `.`, `_` and `~` becomes `%XX`.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if unreserved {
            text.push(char::from(byte));
        } else {
            text.extend(format!("%{byte:02X}").chars());
        }
    }
    text
}

/// What `%XX` stands for; a `%` that starts no escape stands for itself.
#[must_use]
pub fn decode(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match (text[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                at += 3;
            }
            (byte, ..) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    bytes
}

/// Whether every `%` starts an escape.
#[must_use]
pub fn is_well_encoded(text: &[u8]) -> bool {
    let starts_escape = |at: usize| {
        text.get(at + 1..at + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    text.iter()
        .enumerate()
        .all(|(at, &byte)| byte != b'%' || starts_escape(at))
}

/// Section 3.4.1.3.1, W3C.REC-html40-19980424: pairs between `&`, a name before the first `=`, `+` for a
/// space. Where there is nothing between two `&`, there is no pair.
#[must_use]
pub fn form_pairs(text: &[u8]) -> Vec<Pair> {
    let decode_form = |text: &[u8]| {
        let spaces: Vec<u8> = text
            .iter()
            .map(|&byte| if byte == b'+' { b' ' } else { byte })
            .collect();
        decode(&spaces)
    };
    text.split(|&byte| byte == b'&')
        .filter(|segment| !segment.is_empty())
        .map(|segment| {
            let mut halves = segment.splitn(2, |&byte| byte == b'=');
            let name = halves.next().unwrap_or_default();
            let value = halves.next().unwrap_or_default();
            (decode_form(name), decode_form(value))
        })
        .collect()
}

/// The pairs as a form that has nothing raw in it.
#[must_use]
pub fn to_form(pairs: &[Pair]) -> String {
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

/// Section 3.4.1.3.2: encoded first, then sorted by name and value, then joined.
#[must_use]
pub fn normalize(pairs: &[Pair]) -> String {
    let mut encoded: Vec<(String, String)> = pairs
        .iter()
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    encoded.sort();
    let joined: Vec<String> = encoded
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    joined.join("&")
}

/// Section 3.4.1.1, of a base string URI.
#[must_use]
pub fn base_string(method: &str, uri: &str, pairs: &[Pair]) -> String {
    let method = encode(method.to_ascii_uppercase().as_bytes());
    format!(
        "{method}&{}&{}",
        encode(uri.as_bytes()),
        encode(normalize(pairs).as_bytes())
    )
}

/// Section 3.4.1.2, of a URL that is known to be one: the base string URI and the query.
#[must_use]
pub fn split_url(url: &str) -> (String, String) {
    let url = url.split('#').next().unwrap_or_default();
    let (before, query) = url.split_once('?').unwrap_or((url, ""));
    let (scheme, rest) = before.split_once("://").unwrap_or_default();
    let scheme = scheme.to_ascii_lowercase();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    let mut host_and_port = host_and_port.to_ascii_lowercase();
    // An IPv6 address has colons within its brackets.
    if let Some((host, port)) = host_and_port.rsplit_once(':')
        && !port.contains(']')
    {
        let port = port.trim_start_matches('0');
        host_and_port = match (scheme.as_str(), port) {
            (_, "") | ("http", "80") | ("https", "443") => host.to_owned(),
            _ => format!("{host}:{port}"),
        };
    }
    let path = if path.is_empty() { "/" } else { path };
    (
        format!("{scheme}://{host_and_port}{path}"),
        query.to_owned(),
    )
}
