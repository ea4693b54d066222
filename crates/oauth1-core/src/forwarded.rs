//! What the proxies in front of a server say of a request: `Forwarded` (RFC 7239) and
//! `X-Forwarded-*`.
//!
//! Anybody can write these headers. They count for something only where the peer of the connection is
//! a proxy that the server lists, and only as far to the left as listed proxies have written them:
//!
//! ```text
//! Forwarded: host=evil.example, for=203.0.113.9;host=api.example.com;proto=https, for=10.0.0.7
//!            └ the sender wrote this  └ 10.0.0.7 wrote this, which is listed         └ the peer did
//! ```
//!
//! The peer is listed; it says that the request came `for` 10.0.0.7, which is listed too, and which
//! says that it came for 203.0.113.9, which is not. What 10.0.0.7 saw is what counts.
//!
//! ```
//! use oauth1_core::forwarded::{Network, Proxies, ProxyHeaders};
//!
//! let networks = [Network::parse("10.0.0.0/8")?];
//! let proxies = Proxies::new(&networks, ProxyHeaders::Forwarded);
//! let header: &[u8] = b"host=evil.example, for=203.0.113.9;host=api.example.com;proto=https, for=10.0.0.7";
//!
//! let seen = proxies.seen("10.0.0.1".parse()?, |_| [header])?.expect("the peer is listed");
//! assert_eq!((seen.host, seen.proto), (Some("api.example.com"), Some("https")));
//! // From anybody else, the header says nothing.
//! assert_eq!(proxies.seen("203.0.113.9".parse()?, |_| [header])?, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::{fmt, net::IpAddr};

pub use self::{
    element::{Element, Elements, elements},
    network::{Network, NetworkError},
};

mod element;
mod network;

/// The most elements of one header that are looked at, over all its lines: no sane chain of proxies is
/// as long.
const MAX_HOPS: usize = 32;

/// Which headers the listed proxies write. The others are not looked at: a proxy passes on, as the
/// sender wrote them, those that it does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyHeaders {
    /// `Forwarded` (RFC 7239) with `for`, `host` and `proto`.
    Forwarded,
    /// `X-Forwarded-For`, `X-Forwarded-Host` and `X-Forwarded-Proto`. `X-Forwarded-Port` is not read,
    /// because proxies disagree about whose port it is.
    XForwarded,
    /// `X-Forwarded-For` and `X-Forwarded-Proto` alone, for proxies that pass `Host` on and do not
    /// touch `X-Forwarded-Host` (such as Amazon's load balancers).
    XForwardedProto,
}

/// The proxies that a server believes, and in which headers.
///
/// All of them must treat a header in the same way: either each appends to it, or the outermost
/// replaces it and the rest leave it alone.
#[derive(Clone, Copy, Debug)]
pub struct Proxies<'p> {
    networks: &'p [Network],
    headers: ProxyHeaders,
}

/// What the outermost listed proxy saw of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen<'a> {
    /// The host, with its port if there was one: `Host` as the proxy received it.
    pub host: Option<&'a str>,
    /// `http` or `https`.
    pub proto: Option<&'static str>,
}

/// Why forwarding headers of a listed proxy cannot be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForwardedError {
    /// It is not what the header's grammar has (RFC 7239 section 4).
    Syntax,
    /// A parameter is there twice in one element, which section 4 forbids.
    Duplicate,
    /// There are more than 32 elements.
    TooLong,
    /// `X-Forwarded-Host` or `-Proto` has several values, and another number than `X-Forwarded-For`,
    /// so that nobody can say which proxy wrote which.
    Unaligned,
    /// The scheme is neither `http` nor `https`.
    Scheme,
}

impl fmt::Display for ForwardedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "a forwarding header cannot be read",
            Self::Duplicate => "a parameter of Forwarded is there twice in one element",
            Self::TooLong => "a forwarding header has more than 32 elements",
            Self::Unaligned => {
                "X-Forwarded-Host or -Proto has another number of values than X-Forwarded-For"
            }
            Self::Scheme => "a forwarding header names another scheme than http and https",
        })
    }
}

impl core::error::Error for ForwardedError {}

impl<'p> Proxies<'p> {
    /// Believes peers of these networks, in these headers.
    #[must_use]
    pub const fn new(networks: &'p [Network], headers: ProxyHeaders) -> Self {
        Self { networks, headers }
    }

    /// Whether an address is listed.
    #[must_use]
    pub fn list(&self, address: IpAddr) -> bool {
        self.networks
            .iter()
            .any(|network| network.contains(address))
    }

    /// What the outermost listed proxy saw: `peer` is the other end of the connection, `values` gives
    /// the values of a header (named in lower case), line by line. `None` where the peer is not listed,
    /// or there is nothing.
    ///
    /// # Errors
    /// [`ForwardedError`] where the peer is listed and its headers cannot be read: whoever put
    /// something into them that even a listed proxy could not mend is not to be believed.
    pub fn seen<'a, I: IntoIterator<Item = &'a [u8]>>(
        &self,
        peer: IpAddr,
        values: impl Fn(&'static str) -> I,
    ) -> Result<Option<Seen<'a>>, ForwardedError> {
        if !self.list(peer) {
            return Ok(None);
        }
        match self.headers {
            ProxyHeaders::Forwarded => self.by_forwarded(values("forwarded")),
            ProxyHeaders::XForwarded => self.by_lists(&values, true),
            ProxyHeaders::XForwardedProto => self.by_lists(&values, false),
        }
    }

    fn by_forwarded<'a>(
        &self,
        lines: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Option<Seen<'a>>, ForwardedError> {
        let mut hops = Hops::<Element<'a>>::default();
        for element in lines.into_iter().flat_map(elements) {
            hops.push(element?)?;
        }
        let hops = hops.as_slice();
        let outermost = self.outermost(hops.len(), |at| hops.get(at)?.address());
        let Some(element) = outermost.and_then(|at| hops.get(at)) else {
            return Ok(None);
        };
        let proto = element.proto.map(scheme).transpose()?;
        let host = element.host;
        Ok(Some(Seen { host, proto }))
    }

    fn by_lists<'a, I: IntoIterator<Item = &'a [u8]>>(
        &self,
        values: &impl Fn(&'static str) -> I,
        with_host: bool,
    ) -> Result<Option<Seen<'a>>, ForwardedError> {
        let addresses = list(values("x-forwarded-for"))?;
        let addresses = addresses.as_slice();
        let outermost = self.outermost(addresses.len(), |at| element::address(addresses.get(at)?));
        let find = |name| {
            let list = list(values(name))?;
            match (list.as_slice(), outermost) {
                ([], _) => Ok(None),
                ([only], _) => Ok(Some(*only)),
                (several, Some(at)) if several.len() == addresses.len() => {
                    Ok(several.get(at).copied())
                }
                _ => Err(ForwardedError::Unaligned),
            }
        };
        let host = if with_host {
            find("x-forwarded-host")?
        } else {
            None
        };
        let proto = find("x-forwarded-proto")?.map(scheme).transpose()?;
        let seen = Seen { host, proto };
        Ok((seen != Seen::default()).then_some(seen))
    }

    /// The leftmost of `count` hops that a listed proxy wrote. The last one is the peer's.
    fn outermost(&self, count: usize, came_for: impl Fn(usize) -> Option<IpAddr>) -> Option<usize> {
        let mut at = count.checked_sub(1)?;
        while at > 0 && came_for(at).is_some_and(|address| self.list(address)) {
            at -= 1;
        }
        Some(at)
    }
}

fn scheme(text: &str) -> Result<&'static str, ForwardedError> {
    ["https", "http"]
        .into_iter()
        .find(|known| text.eq_ignore_ascii_case(known))
        .ok_or(ForwardedError::Scheme)
}

/// The values of a header that is a list of words.
fn list<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Result<Hops<&'a str>, ForwardedError> {
    let mut hops = Hops::default();
    for line in lines {
        for word in line.split(|&byte| byte == b',') {
            let word = word.trim_ascii();
            let readable = word.iter().all(u8::is_ascii_graphic);
            let word = core::str::from_utf8(word).map_err(|_| ForwardedError::Syntax)?;
            if !readable || word.contains(['"', '\\', ';', '=']) {
                return Err(ForwardedError::Syntax);
            }
            hops.push(word)?;
        }
    }
    Ok(hops)
}

/// As many as are looked at, without a heap.
struct Hops<T> {
    hops: [T; MAX_HOPS],
    len: usize,
}

impl<T: Default + Copy> Default for Hops<T> {
    fn default() -> Self {
        Self {
            hops: [T::default(); MAX_HOPS],
            len: 0,
        }
    }
}

impl<T> Hops<T> {
    fn push(&mut self, hop: T) -> Result<(), ForwardedError> {
        *self.hops.get_mut(self.len).ok_or(ForwardedError::TooLong)? = hop;
        self.len += 1;
        Ok(())
    }

    fn as_slice(&self) -> &[T] {
        &self.hops[..self.len]
    }
}

#[cfg(test)]
mod tests;
