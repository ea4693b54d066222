//! Which origin a request was signed for.

use alloc::{boxed::Box, format, sync::Arc};
use core::{
    fmt,
    net::{IpAddr, SocketAddr},
};

use http::{Extensions, HeaderValue, header::HOST, request::Parts};
use oauth1_core::{
    Origin, UriError,
    forwarded::{Network, NetworkError, Proxies, ProxyHeaders},
    http::ClaimedHost,
    verify::{Reason, Rejection},
};

/// How the layer knows the scheme, host and port that a request was signed for (RFC 5849 section
/// 3.4.1.2). It is never guessed.
///
/// Whichever it is, a request whose `Host` is not its `:authority` (HTTP/2) or the host of its absolute
/// target (HTTP/1) is refused with 400.
#[derive(Clone, Debug)]
pub struct EffectiveOrigin(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Fixed(Fixed),
    Listed(Arc<[Box<str>]>, Option<TrustedProxies>),
}

/// An origin that is taken apart once.
#[derive(Clone, Debug)]
struct Fixed {
    scheme: Box<str>,
    host: Box<str>,
    port: Option<u16>,
    /// `host[:port]`, as the `Host` of its requests has it.
    authority: Box<str>,
}

/// What an [`EffectiveOrigin`] cannot be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OriginError {
    /// An origin is none: it is written `https://host[:port]`.
    Origin(UriError),
    /// A network is none.
    Network(NetworkError),
    /// There is none at all, so that every request would be refused.
    None,
}

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin(error) => error.fmt(f),
            Self::Network(error) => error.fmt(f),
            Self::None => f.write_str("no origin is listed"),
        }
    }
}

impl core::error::Error for OriginError {}

impl From<UriError> for OriginError {
    fn from(error: UriError) -> Self {
        Self::Origin(error)
    }
}

impl From<NetworkError> for OriginError {
    fn from(error: NetworkError) -> Self {
        Self::Network(error)
    }
}

impl EffectiveOrigin {
    /// One public origin, such as `https://api.example.com`, whatever the request says of itself. A
    /// request that was signed for another is refused as one with a bad signature.
    ///
    /// # Errors
    /// [`OriginError`] for what is no origin.
    pub fn fixed(origin: &str) -> Result<Self, OriginError> {
        let origin = Origin::parse(origin)?;
        let (host, port) = (Box::from(origin.host()), origin.port());
        let authority = match port {
            None => Box::clone(&host),
            Some(port) => format!("{host}:{port}").into(),
        };
        Ok(Self(Kind::Fixed(Fixed {
            scheme: origin.scheme().into(),
            host,
            port,
            authority,
        })))
    }

    /// The one of these origins that the request names as its host; others are refused with 421
    /// (Misdirected Request). Where both `http://` and `https://` of a host are listed, its default
    /// port tells them apart, and the first where it is not said.
    ///
    /// ```
    /// use oauth1_tower::EffectiveOrigin;
    ///
    /// EffectiveOrigin::host(["https://api.example.com", "https://api.example.org:8443"])?;
    /// # Ok::<(), oauth1_tower::verify::OriginError>(())
    /// ```
    ///
    /// # Errors
    /// [`OriginError`] for what is no origin, and for none.
    pub fn host<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Self, OriginError> {
        Ok(Self(Kind::Listed(listed(origins)?, None)))
    }

    /// The one of these origins that a trusted proxy says the request came for; as
    /// [`host`](Self::host) where the request does not come from one.
    ///
    /// # Errors
    /// [`OriginError`] for what is no origin, and for none.
    pub fn forwarded<'a>(
        origins: impl IntoIterator<Item = &'a str>,
        proxies: TrustedProxies,
    ) -> Result<Self, OriginError> {
        Ok(Self(Kind::Listed(listed(origins)?, Some(proxies))))
    }

    /// The origin that a request was sent to, for who must know it before it is verified.
    ///
    /// # Errors
    /// [`Rejection`] when it is none of the server's, or the request says two.
    pub fn of<'r>(&'r self, parts: &'r Parts) -> Result<Origin<'r>, Rejection> {
        match &self.0 {
            Kind::Fixed(fixed) => {
                if !fixed.is_named_by(parts) {
                    ClaimedHost::of(parts)?;
                }
                let origin = Origin::new(&fixed.scheme, &fixed.host, fixed.port);
                // It was parsed when it was given.
                origin.map_err(|_| Reason::MalformedHost.into())
            }
            Kind::Listed(origins, proxies) => {
                let claimed = match proxies {
                    Some(proxies) => {
                        let peer = (proxies.peer)(&parts.extensions);
                        ClaimedHost::behind(parts, peer, &proxies.view())?
                    }
                    None => ClaimedHost::of(parts)?,
                };
                let claimed = claimed.ok_or(Reason::MalformedHost)?;
                claimed.find(origins.iter().filter_map(|origin| parse(origin).ok()))
            }
        }
    }
}

impl Fixed {
    /// Whether the request has its host in the one place where one may stand, letter for letter: then
    /// nothing is left to be checked.
    fn is_named_by(&self, parts: &Parts) -> bool {
        let mut hosts = parts.headers.get_all(HOST).iter();
        let (first, second) = (hosts.next(), hosts.next());
        let is_named = |host: &HeaderValue| host.as_bytes() == self.authority.as_bytes();
        first.is_some_and(is_named) && second.is_none() && parts.uri.authority().is_none()
    }
}

fn listed<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Arc<[Box<str>]>, OriginError> {
    let checked = |origin: &str| Ok(Origin::parse(origin).map(|_| Box::from(origin))?);
    let origins: Arc<[Box<str>]> = origins
        .into_iter()
        .map(checked)
        .collect::<Result<_, OriginError>>()?;
    if origins.is_empty() {
        return Err(OriginError::None);
    }
    Ok(origins)
}

fn parse(origin: &str) -> Result<Origin<'_>, Rejection> {
    // It was parsed when it was given.
    Origin::parse(origin).map_err(|_| Reason::MalformedHost.into())
}

/// The proxies in front of a server, by their addresses, and the headers that they write: see
/// [`oauth1_core::forwarded`].
///
/// Who the peer is says [`PeerAddr`], which the server puts into the extensions of each request of a
/// connection; where it is found elsewhere, as in axum's `ConnectInfo`, [`with_peer`](Self::with_peer)
/// says where. A request without a peer is from nobody that is trusted.
///
/// ```
/// use oauth1_core::forwarded::ProxyHeaders;
/// use oauth1_tower::{EffectiveOrigin, verify::TrustedProxies};
///
/// let proxies = TrustedProxies::new(["10.0.0.0/8", "::1"], ProxyHeaders::Forwarded)?;
/// let origin = EffectiveOrigin::forwarded(["https://api.example.com"], proxies)?;
/// # Ok::<(), oauth1_tower::verify::OriginError>(())
/// ```
#[derive(Clone)]
pub struct TrustedProxies {
    networks: Arc<[Network]>,
    headers: ProxyHeaders,
    peer: Arc<FindPeer>,
}

type FindPeer = dyn Fn(&Extensions) -> Option<IpAddr> + Send + Sync;

impl TrustedProxies {
    /// Peers in these networks (`10.0.0.0/8`, `2001:db8::/32`, or an address alone) are believed what
    /// they say in these headers.
    ///
    /// # Errors
    /// [`NetworkError`] for what is no network.
    pub fn new<'a>(
        networks: impl IntoIterator<Item = &'a str>,
        headers: ProxyHeaders,
    ) -> Result<Self, NetworkError> {
        let networks = networks.into_iter().map(Network::parse);
        Ok(Self {
            networks: networks.collect::<Result<_, _>>()?,
            headers,
            peer: Arc::new(|extensions| Some(extensions.get::<PeerAddr>()?.0)),
        })
    }

    /// Where the address of the other end of the connection is found. With axum:
    /// `|extensions| Some(extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip())`.
    #[must_use]
    pub fn with_peer(
        self,
        peer: impl Fn(&Extensions) -> Option<IpAddr> + Send + Sync + 'static,
    ) -> Self {
        let peer = Arc::new(peer);
        Self { peer, ..self }
    }

    fn view(&self) -> Proxies<'_> {
        Proxies::new(&self.networks, self.headers)
    }
}

impl fmt::Debug for TrustedProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustedProxies")
            .field("networks", &self.networks)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// The address of the other end of the connection that a request came by, for the request's
/// extensions. The server knows it; nothing in a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddr(pub IpAddr);

impl From<SocketAddr> for PeerAddr {
    fn from(address: SocketAddr) -> Self {
        Self(address.ip())
    }
}

#[cfg(test)]
mod tests;
