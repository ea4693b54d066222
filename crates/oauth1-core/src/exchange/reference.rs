//! References to a URI, as `Location` has them (RFC 3986 section 5).
//!
//! Written here because the crates there are either refuse what servers send (brackets in a query, as
//! strict readers of the RFC must) or rewrite what they take (as browsers do), and what is signed here is
//! what was said.

use alloc::string::String;
use core::fmt::Write;

use ::http::Uri;

/// The URI that `reference` means where `base` is what was asked for, without its fragment. `None` for a
/// control character.
pub(super) fn resolve(base: &Uri, reference: &[u8]) -> Option<String> {
    if reference.iter().any(u8::is_ascii_control) {
        return None;
    }
    let reference = encode(reference.trim_ascii());
    let reference = Reference::parse(&reference);
    let scheme = base.scheme_str()?;
    // User information of the caller's own is no part of where a reference leads.
    let authority = base.authority()?.as_str();
    let authority = authority.rsplit('@').next().unwrap_or(authority);

    // Section 5.2.2, of which this is the pseudocode.
    let (scheme, authority, path, query) = match reference {
        Reference {
            scheme: Some(scheme),
            authority,
            path,
            query,
        } => (scheme, authority, remove_dot_segments(path), query),
        Reference {
            authority: Some(authority),
            path,
            query,
            ..
        } => (scheme, Some(authority), remove_dot_segments(path), query),
        Reference {
            path: "", query, ..
        } => {
            let query = query.or(base.query());
            (scheme, Some(authority), base.path().into(), query)
        }
        Reference { path, query, .. } => {
            let path = if path.starts_with('/') {
                remove_dot_segments(path)
            } else {
                // Section 5.2.3: all of the base's path up to its last slash.
                let folder = base.path().rfind('/').map_or("/", |at| &base.path()[..=at]);
                remove_dot_segments(&[folder, path].concat())
            };
            (scheme, Some(authority), path, query)
        }
    };

    // Section 5.3.
    let mut uri = String::with_capacity(base.path().len() + reference.path.len() + 64);
    uri.push_str(scheme);
    uri.push(':');
    if let Some(authority) = authority {
        uri.push_str("//");
        uri.push_str(authority);
    }
    uri.push_str(&path);
    if let Some(query) = query {
        uri.push('?');
        uri.push_str(query);
    }
    Some(uri)
}

/// The parts of a reference that are of use.
#[derive(Clone, Copy)]
struct Reference<'r> {
    scheme: Option<&'r str>,
    authority: Option<&'r str>,
    path: &'r str,
    query: Option<&'r str>,
}

impl<'r> Reference<'r> {
    // Appendix B: ^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?
    fn parse(text: &'r str) -> Self {
        let text = text.split_once('#').map_or(text, |(text, _)| text);
        let (text, query) = match text.split_once('?') {
            Some((text, query)) => (text, Some(query)),
            None => (text, None),
        };
        let (scheme, text) = match text.split_once(':') {
            Some((scheme, rest)) if !scheme.is_empty() && !scheme.contains('/') => {
                (Some(scheme), rest)
            }
            _ => (None, text),
        };
        let (authority, path) = match text.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                (Some(authority), path)
            }
            None => (None, text),
        };
        Self {
            scheme,
            authority,
            path,
            query,
        }
    }
}

/// Section 5.2.4, its steps A to E.
fn remove_dot_segments(path: &str) -> String {
    let (mut input, mut output) = (path, String::with_capacity(path.len()));
    while !input.is_empty() {
        if let Some(rest) = input.strip_prefix("../").or(input.strip_prefix("./")) {
            input = rest;
        } else if input.starts_with("/./") || input == "/." {
            input = if input == "/." { "/" } else { &input[2..] };
        } else if input.starts_with("/../") || input == "/.." {
            input = if input == "/.." { "/" } else { &input[3..] };
            output.truncate(output.rfind('/').unwrap_or(0));
        } else if input == "." || input == ".." {
            input = "";
        } else {
            let start = usize::from(input.starts_with('/'));
            let end = input[start..]
                .find('/')
                .map_or(input.len(), |at| start + at);
            output.push_str(&input[..end]);
            input = &input[end..];
        }
    }
    output
}

/// Percent-encodes what no URI may hold and servers send all the same: spaces, letters outside ASCII, and
/// some punctuation. Brackets stay, which servers know by themselves.
pub(super) fn encode(text: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for &byte in text {
        if !byte.is_ascii_graphic() || b"\"<>\\^`{|}".contains(&byte) {
            // Nothing fails that is written into a `String`.
            write!(encoded, "%{byte:02X}").ok();
        } else {
            encoded.push(char::from(byte));
        }
    }
    encoded
}
