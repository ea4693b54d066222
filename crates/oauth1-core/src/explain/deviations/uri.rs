//! The method (RFC 5849 section 3.4.1.1) and the base string URI (section 3.4.1.2).

use alloc::borrow::Cow;

use super::Deviation;
use crate::{
    explain::{facts::Source, model::Model},
    value::Value,
};

macro_rules! uri_rule {
    ($text:literal) => {
        concat!("RFC 5849 section 3.4.1.2: ", $text)
    };
}

pub(super) const TABLE: &[Deviation] = &[
    Deviation::request("scheme-http", 4, scheme_http).says(
        "the other side signs an http URL where the request went to https",
        uri_rule!("the scheme is that of the request"),
        "On the server, behind a proxy that ends TLS, sign with the scheme that the client used: \
         trust X-Forwarded-Proto of that proxy, or configure the public base URL.",
    ),
    Deviation::request("scheme-https", 37, scheme_https).says(
        "the other side signs an https URL where the request went to http",
        uri_rule!("the scheme is that of the request"),
        "Send the request to https, or configure the server's public base URL as http.",
    ),
    Deviation::request("port-kept", 5, port_kept).says(
        "the other side keeps the default port in the URL",
        uri_rule!("port 80 of http and port 443 of https are left out"),
        "Leave the port out of the URL if it is the default one, or on the other side drop :80 of \
         http and :443 of https before signing.",
    ),
    Deviation::request("port-dropped", 7, port_dropped).says(
        "the other side leaves a port out of the URL that is not the default one",
        uri_rule!("a port that is not the default one is included"),
        "On the other side, sign host and port as they stand in the Host header; a proxy must pass \
         that header on as it is.",
    ),
    Deviation::request("host-case-kept", 33, host_case_kept).says(
        "the other side keeps upper-case letters in the host",
        uri_rule!("the host is in lower case"),
        "Write the host of the URL in lower case, or on the other side lower it before signing.",
    ),
    Deviation::request("trailing-slash", 21, trailing_slash).variants(3).says(
        "the other side signs a path that ends with a slash more or less",
        uri_rule!("the path is that of the request; an empty one is \"/\""),
        "Use the same URL on both sides, its last slash too: the one that is sent, after redirects \
         and rewrites.",
    ),
    Deviation::request("path-decoded", 23, path_decoded).says(
        "the other side decodes the path before it signs it",
        uri_rule!("the path is signed as it is sent, still encoded"),
        "On the other side, sign the raw path of the request line, not the one that a framework \
         has decoded.",
    ),
    Deviation::request("path-double-encoded", 30, path_double_encoded).variants(2).says(
        "the other side encodes the path once more than it is sent",
        uri_rule!("the path is signed as it is sent"),
        "On the other side, give the library a path that is encoded exactly once, or not at all if \
         the library encodes it.",
    ),
    Deviation::request("fragment-kept", 39, fragment_kept).variants(2).says(
        "the other side keeps the fragment of the URL",
        "RFC 5849 section 3.4.1.2 and RFC 9110 section 7.1: a fragment is not sent and not signed",
        "Cut the URL at the # before it is signed.",
    ),
    Deviation::request("method-lowercase", 32, method_lowercase).says(
        "the other side does not write the method in upper case",
        "RFC 5849 section 3.4.1.1: the request method in upper case",
        "On the other side, write the method in upper case: GET, not get.",
    ),
];

fn scheme_http(model: &mut Model<'_>, _: u16) -> bool {
    scheme(model, "https", "http")
}

fn scheme_https(model: &mut Model<'_>, _: u16) -> bool {
    scheme(model, "http", "https")
}

fn scheme(model: &mut Model<'_>, from: &str, to: &'static str) -> bool {
    let applies = model.scheme == from;
    model.scheme = to;
    // The default port of the other scheme is one that must be named, and is not.
    let default = if to == "https" { 443 } else { 80 };
    model.port = model.port.filter(|&port| port != default);
    applies
}

fn port_kept(model: &mut Model<'_>, _: u16) -> bool {
    if model.port.is_some() {
        return false;
    }
    let default = if model.scheme == "https" { 443 } else { 80 };
    model.port = Some(model.facts.port_sent.unwrap_or(default));
    true
}

fn port_dropped(model: &mut Model<'_>, _: u16) -> bool {
    model.port.take().is_some()
}

fn host_case_kept(model: &mut Model<'_>, _: u16) -> bool {
    model.host = model.facts.host_sent;
    model.host != model.facts.host
}

fn trailing_slash(model: &mut Model<'_>, variant: u16) -> bool {
    let path = &model.path;
    match variant {
        0 if !path.ends_with(b"/") => model.path.to_mut().push(b'/'),
        1 if path.len() > 1 && path.ends_with(b"/") => drop(model.path.to_mut().pop()),
        // Some leave an empty path empty.
        2 if model.facts.path_is_empty && **path == *b"/" => model.path = Cow::Borrowed(b""),
        _ => return false,
    }
    true
}

fn path_decoded(model: &mut Model<'_>, _: u16) -> bool {
    let decoded = Value::percent(&model.path).to_bytes().into_owned();
    let applies = decoded != *model.path;
    model.path = Cow::Owned(decoded);
    applies
}

fn path_double_encoded(model: &mut Model<'_>, variant: u16) -> bool {
    let inner = model.inner;
    let mut encoded = alloc::vec::Vec::new();
    for &byte in &*model.path {
        // As most encoders of paths do, some leave what may stand in a path as it is.
        let keep: &[u8] = if variant == 0 {
            b"/:@!$&'()*+,;="
        } else {
            b"/"
        };
        if keep.contains(&byte) {
            encoded.push(byte);
        } else {
            inner.put(&[byte], &mut encoded);
        }
    }
    let applies = encoded != *model.path;
    model.path = Cow::Owned(encoded);
    applies
}

fn fragment_kept(model: &mut Model<'_>, variant: u16) -> bool {
    let Some(fragment) = model.facts.fragment else {
        return false;
    };
    let append = |text: &mut Cow<'_, [u8]>| {
        text.to_mut().push(b'#');
        text.to_mut().extend_from_slice(fragment.as_bytes());
    };
    if variant == 0 {
        append(&mut model.path);
        return true;
    }
    // Who splits at the "?" alone has it at the end of the query.
    let is_query = |pair: &&mut super::super::model::Pair<'_>| pair.source == Source::Query;
    match model.pairs.iter_mut().rfind(is_query) {
        Some(last) => append(&mut last.value),
        None => return false,
    }
    true
}

fn method_lowercase(model: &mut Model<'_>, _: u16) -> bool {
    let upper = model.method.clone();
    model.method = Cow::Owned(upper.to_ascii_lowercase());
    model.method != upper
}
