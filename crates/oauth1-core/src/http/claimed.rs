//! Where a request says that it goes.

use core::net::IpAddr;

use ::http::{HeaderValue, header::HOST, request::Parts, uri::Scheme};

use crate::{
    forwarded::Proxies,
    target::{Origin, split_authority},
    verify::{Reason, Rejection},
};

/// Host and port as a request names them, and the scheme if a proxy said which. It is whatever its
/// sender wrote: it becomes an [`Origin`] only by being one that the server [lists](Self::find).
///
/// ```
/// use oauth1_core::{Origin, http::ClaimedHost};
///
/// let (parts, ()) = http::Request::get("/photos").header("host", "API.example.com").body(())?.into_parts();
/// let claimed = ClaimedHost::of(&parts)?.expect("there is a Host");
/// let listed = [Origin::parse("https://api.example.com")?];
/// assert_eq!(claimed.find(listed)?.to_string(), "https://api.example.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ClaimedHost<'a> {
    host: &'a str,
    port: Option<u16>,
    scheme: Option<&'static str>,
}

impl<'a> ClaimedHost<'a> {
    /// From `:authority` (HTTP/2), the absolute request target (HTTP/1) or `Host`; `None` where there
    /// is none of them.
    ///
    /// # Errors
    /// [`Reason::MalformedHost`] where there are several `Host` headers, where it differs from the
    /// authority, and where either cannot be read.
    pub fn of(parts: &'a Parts) -> Result<Option<Self>, Rejection> {
        let mut hosts = parts.headers.get_all(HOST).iter();
        let header = match (hosts.next(), hosts.next()) {
            (None, _) => None,
            (Some(host), None) => Some(Self::parse(text(host)?)?),
            (Some(_), Some(_)) => return Err(Reason::MalformedHost.into()),
        };
        let Some(authority) = parts.uri.authority() else {
            return Ok(header);
        };
        let authority = Self::parse(authority.as_str())?;
        let scheme = parts.uri.scheme().map_or("https", Scheme::as_str);
        let differs = |header: &Self| header.at(scheme).ok() != authority.at(scheme).ok();
        if header.as_ref().is_some_and(differs) {
            return Err(Reason::MalformedHost.into());
        }
        Ok(Some(authority))
    }

    /// From what the listed proxies say, where `peer`, the other end of the connection, is one of
    /// them; what they do not say, and all for other peers, is as [`of`](Self::of) has it.
    ///
    /// # Errors
    /// [`Reason::MalformedForwarded`] for headers of a listed proxy that cannot be read, and as
    /// [`of`](Self::of).
    pub fn behind(
        parts: &'a Parts,
        peer: Option<IpAddr>,
        proxies: &Proxies<'_>,
    ) -> Result<Option<Self>, Rejection> {
        let direct = Self::of(parts)?;
        let Some(peer) = peer else {
            return Ok(direct);
        };
        let values = |name| {
            let lines = parts.headers.get_all(name).iter();
            lines.map(HeaderValue::as_bytes)
        };
        let seen = proxies
            .seen(peer, values)
            .map_err(Reason::MalformedForwarded)?;
        let Some(seen) = seen else {
            return Ok(direct);
        };
        let claimed = match seen.host {
            Some(host) => Some(Self::parse(host)?),
            None => direct,
        };
        Ok(claimed.map(|claimed| Self {
            scheme: seen.proto,
            ..claimed
        }))
    }

    /// The one of the server's origins that it is; the first, where only the scheme tells several
    /// apart and no proxy said which it was.
    ///
    /// # Errors
    /// [`Reason::Misdirected`] when it is none of them.
    pub fn find<'p>(
        &self,
        origins: impl IntoIterator<Item = Origin<'p>>,
    ) -> Result<Origin<'p>, Rejection> {
        origins
            .into_iter()
            .find(|&origin| self.is(origin))
            .ok_or(Reason::Misdirected.into())
    }

    fn is(&self, origin: Origin<'_>) -> bool {
        self.scheme
            .is_none_or(|scheme| origin.scheme().eq_ignore_ascii_case(scheme))
            && self
                .at(origin.scheme())
                .is_ok_and(|claimed| claimed == origin)
    }

    fn at<'b>(&self, scheme: &'b str) -> Result<Origin<'b>, Rejection>
    where
        'a: 'b,
    {
        Origin::new(scheme, self.host, self.port).map_err(|_| Reason::MalformedHost.into())
    }

    fn parse(text: &'a str) -> Result<Self, Rejection> {
        // RFC 9110 section 4.2.4: user information is an error, and made to deceive.
        if text.contains('@') {
            return Err(Reason::MalformedHost.into());
        }
        let (host, port, _) = split_authority(text, 0).map_err(|_| Reason::MalformedHost)?;
        Ok(Self {
            host,
            port,
            scheme: None,
        })
    }
}

fn text(value: &HeaderValue) -> Result<&str, Rejection> {
    value.to_str().map_err(|_| Reason::MalformedHost.into())
}
