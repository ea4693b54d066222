//! Addresses: where requests go, and where the resource owner is sent.

use alloc::{format, string::String, vec::Vec};

use ::http::{
    Method, Uri,
    uri::{PathAndQuery, Scheme},
};

use super::StartError;
use crate::{
    form,
    http::target_of,
    percent,
    target::{UriError, UriErrorKind},
};

/// Names of endpoints in errors.
pub(super) const TEMPORARY: &str = "temporary credentials";
pub(super) const AUTHORIZATION: &str = "authorization";
pub(super) const AUTHENTICATION: &str = "authentication";
pub(super) const TOKEN: &str = "token";
pub(super) const RENEWAL: &str = "renewal";

/// Where a request goes, and with which method.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) which: &'static str,
    pub(super) method: Method,
    pub(super) uri: Uri,
}

impl Address {
    pub(super) fn new(which: &'static str, uri: &str) -> Result<Self, StartError> {
        let uri = check(which, uri)?;
        let method = Method::POST;
        Ok(Self { which, method, uri })
    }
}

/// Reads the URI of something that must have TLS.
pub(super) fn check_secure(which: &'static str, text: &str) -> Result<Uri, StartError> {
    let uri = check(which, text)?;
    if is_secure(&uri) {
        Ok(uri)
    } else {
        Err(StartError::WithoutTls(which))
    }
}

pub(super) fn is_secure(uri: &Uri) -> bool {
    uri.scheme() == Some(&Scheme::HTTPS) || is_loopback(uri)
}

/// Reads the URI of an endpoint.
pub(super) fn check(which: &'static str, text: &str) -> Result<Uri, StartError> {
    let not_absolute = || StartError::Endpoint(which, UriError::new(UriErrorKind::NotAbsolute, 0));
    let uri = Uri::try_from(text).map_err(|_| not_absolute())?;
    target_of(&uri).map_err(|error| StartError::Endpoint(which, error))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(not_absolute());
    }
    let mut names = form::pairs(uri.query().unwrap_or_default().as_bytes()).map(|pair| pair.0);
    if names.any(|name| name.to_string_lossy().starts_with("oauth_")) {
        return Err(StartError::ReservedParameter(which));
    }
    Ok(uri)
}

/// What never leaves this machine.
fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<core::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Appends pairs to a URL, with or without a query, and before its fragment.
pub(super) fn with_pairs<'p>(
    url: &str,
    pairs: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> String {
    let (url, fragment) = match url.split_once('#') {
        Some((url, fragment)) => (url, Some(fragment)),
        None => (url, None),
    };
    let mut joined = String::from(url);
    for pair in pairs {
        let separator = match joined.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        joined.push_str(separator);
        joined.push_str(&encoded(pair));
    }
    if let Some(fragment) = fragment {
        joined.push('#');
        joined.push_str(fragment);
    }
    joined
}

/// Pairs as a form.
pub(super) fn form_of<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> String {
    let pairs: Vec<_> = pairs.into_iter().map(encoded).collect();
    pairs.join("&")
}

fn encoded((name, value): (&str, &str)) -> String {
    format!("{}={}", percent::encode(name), percent::encode(value))
}

/// Appends a pair to the query of an endpoint.
pub(super) fn with_query(uri: &Uri, pair: (&str, &str)) -> Result<Uri, StartError> {
    let path_and_query = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let joined = with_pairs(path_and_query, [pair]);
    let mut parts = uri.clone().into_parts();
    parts.path_and_query =
        Some(PathAndQuery::try_from(joined).map_err(|_| StartError::Unsendable)?);
    Uri::from_parts(parts).map_err(|_| StartError::Unsendable)
}
