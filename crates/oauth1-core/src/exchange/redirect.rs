//! Redirects (RFC 9110 section 15.4).

use alloc::{string::ToString, vec::Vec};
use core::fmt;

use ::http::{
    HeaderMap, HeaderName, Method, StatusCode, Uri,
    header::{
        AUTHORIZATION, COOKIE, EXPECT, HOST, LAST_MODIFIED, LOCATION, PROXY_AUTHORIZATION, TRAILER,
        TRANSFER_ENCODING,
    },
    request::Parts,
};

use super::{echo::Echo, reference::resolve, target_of};

/// What a redirect makes of a request.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Hop {
    pub(super) target: Uri,
    /// GET or HEAD, without a body.
    pub(super) drops_body: bool,
}

impl Hop {
    /// `None` where there is nothing to be followed.
    pub(super) fn read(
        status: StatusCode,
        headers: &HeaderMap,
        head: &Parts,
        echo: &Echo,
    ) -> Option<Self> {
        let drops_body = match status {
            // 15.4.4: "a retrieval request".
            StatusCode::SEE_OTHER => true,
            // 15.4.2, 15.4.3: "for historical reasons", POST alone.
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => head.method == Method::POST,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => false,
            _ => return None,
        };
        let mut locations = headers.get_all(LOCATION).iter();
        let (location, None) = (locations.next()?, locations.next()) else {
            return None;
        };
        let target = resolve(&head.uri, location.as_bytes())?;
        let target = Uri::try_from(echo.remove_from(target)).ok()?;
        let is_http = matches!(target.scheme_str(), Some("http" | "https"));
        (is_http && target_of(&target).is_ok()).then_some(Self { target, drops_body })
    }

    pub(super) fn has_user_information(&self) -> bool {
        let authority = self.target.authority();
        authority.is_some_and(|authority| authority.as_str().contains('@'))
    }

    /// Scheme, host and port, the default ones counted as what they are.
    pub(super) fn is_same_origin(&self, uri: &Uri) -> bool {
        match (target_of(&self.target), target_of(uri)) {
            (Ok(there), Ok(here)) => there.origin() == here.origin(),
            _ => false,
        }
    }

    pub(super) fn apply(self, head: &mut Parts, same_origin: bool) {
        head.uri = self.target;
        if self.drops_body {
            if head.method != Method::HEAD {
                head.method = Method::GET;
            }
            remove_all(&mut head.headers, speaks_of_body);
        }
        if !same_origin {
            remove_all(&mut head.headers, belongs_to_origin);
        }
    }
}

/// Without the query, which may have a token.
impl fmt::Debug for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = self.target.to_string();
        let shown = uri.split('?').next().unwrap_or_default();
        f.debug_struct("Hop")
            .field("target", &shown)
            .field("drops_body", &self.drops_body)
            .finish()
    }
}

/// What says something of the body.
fn speaks_of_body(name: &HeaderName) -> bool {
    name.as_str().starts_with("content-")
        || matches!(name.as_str(), "digest" | "repr-digest")
        || [TRANSFER_ENCODING, TRAILER, EXPECT, LAST_MODIFIED].contains(name)
}

/// What says who the client is, or where the request goes. OAuth Echo's header is a signature too.
fn belongs_to_origin(name: &HeaderName) -> bool {
    [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, HOST].contains(name)
        || name.as_str() == "x-verify-credentials-authorization"
}

fn remove_all(headers: &mut HeaderMap, is_removed: impl Fn(&HeaderName) -> bool) {
    let names: Vec<HeaderName> = headers
        .keys()
        .filter(|name| is_removed(name))
        .cloned()
        .collect();
    for name in names {
        headers.remove(name);
    }
}
