//! Requests as they go over the wire, signed beforehand.

use core::ops::Range;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, ProtocolParameters, RequestView, Signer, Stamp, Target,
    Timestamp, TokenCredentials,
};

/// What all requests are signed for, whichever port they are sent to.
pub(crate) const ORIGIN: &str = "https://api.example.com";

pub(crate) const HOST: &str = "api.example.com";
const PATH: &str = "/1.1/statuses/home_timeline.json?count=20&include_entities=true";

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Signed, each with a nonce of its own
    Signed,
    /// Without a header
    Unsigned,
    /// With a timestamp that is no number
    Malformed,
    /// Signed three hours ago
    Stale,
    /// By a client that nobody knows
    Unknown,
    /// With another secret
    Forged,
}

impl Kind {
    /// Those that are refused, and with which status.
    pub(crate) const REFUSED: [(Self, u16); 5] = [
        (Self::Unsigned, 401),
        (Self::Malformed, 400),
        (Self::Stale, 401),
        (Self::Unknown, 401),
        (Self::Forged, 401),
    ];

    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Signed => "accepted",
            Self::Unsigned => "refused: no signature",
            Self::Malformed => "refused: syntax",
            Self::Stale => "refused: timestamp",
            Self::Unknown => "refused: client unknown",
            Self::Forged => "refused: signature",
        }
    }
}

/// Requests one behind the other.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    bytes: Vec<u8>,
    each: Vec<Range<usize>>,
}

impl Requests {
    /// `count` of a kind, with nonces that are numbered from `first`.
    pub(crate) fn new(kind: Kind, first: u64, count: u64, now: Timestamp) -> Result<Self> {
        let (client, token) = credentials(kind);
        let signer = Signer::<HmacSha1>::for_token(&client, &token);
        let url = format!("{ORIGIN}{PATH}");
        let view = RequestView::new("GET", Target::parse(&url)?);
        let parameters = ProtocolParameters::NONE;
        let prepared = signer.prepare(&view, &parameters, &mut Vec::new(), Vec::new())?;
        let now = match kind {
            Kind::Stale => Timestamp::from_unix_seconds(now.unix_seconds() - 3 * 3600),
            _ => now,
        };
        let mut requests = Self::default();
        let mut header = Vec::new();
        for number in first..first + count {
            header.clear();
            let nonce = format!("{number:032x}");
            prepared.sign(Stamp::new(now, Nonce::new(&nonce)), &mut header)?;
            let start = requests.bytes.len();
            let out = &mut requests.bytes;
            for piece in ["GET ", PATH, " HTTP/1.1\r\nHost: ", HOST] {
                out.extend_from_slice(piece.as_bytes());
            }
            if kind != Kind::Unsigned {
                out.extend_from_slice(b"\r\nAuthorization: ");
                if kind == Kind::Malformed {
                    spoil(&mut header).context("the header has no timestamp")?;
                }
                out.extend_from_slice(&header);
            }
            out.extend_from_slice(b"\r\n\r\n");
            requests.each.push(start..out.len());
        }
        Ok(requests)
    }

    pub(crate) fn get(&self, at: usize) -> Option<&[u8]> {
        self.each.get(at).map(|range| &self.bytes[range.clone()])
    }

    /// The header `Authorization` of each, where there is one.
    pub(crate) fn authorizations(&self) -> impl Iterator<Item = &[u8]> {
        let name = b"Authorization: ";
        self.each.iter().filter_map(move |range| {
            let request = &self.bytes[range.clone()];
            let at = find(request, name)? + name.len();
            Some(&request[at..request.len() - 4])
        })
    }
}

/// The path and query of all requests.
pub(crate) const fn path() -> &'static str {
    PATH
}

/// Those that the servers know.
pub(crate) fn known() -> (ClientCredentials<'static>, TokenCredentials<'static>) {
    credentials(Kind::Signed)
}

fn credentials(kind: Kind) -> (ClientCredentials<'static>, TokenCredentials<'static>) {
    let client = match kind {
        Kind::Unknown => "bWVhc3VyZWQtY2xpZW50Mg",
        _ => "bWVhc3VyZWQtY2xpZW50MQ",
    };
    let secret = match kind {
        Kind::Forged => "c2VjcmV0LW9mLXRoZS1jbGllbnQwMDI",
        _ => "c2VjcmV0LW9mLXRoZS1jbGllbnQwMDE",
    };
    (
        ClientCredentials::new(client, secret),
        TokenCredentials::new(
            "370773112-bWVhc3VyZWQtdG9rZW4tb2Ytc29tZS1vd25lcjAx",
            "c2VjcmV0LW9mLXRoZS10b2tlbi0wMDE",
        ),
    )
}

/// Makes the timestamp one that is no number, of the same length.
fn spoil(header: &mut [u8]) -> Option<()> {
    let name = b"oauth_timestamp=\"";
    let at = find(header, name)? + name.len();
    *header.get_mut(at)? = b'x';
    Some(())
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_requests_are_the_same() {
        let now = Timestamp::from_unix_seconds(1_700_000_000);
        let first = Requests::new(Kind::Signed, 0, 3, now).unwrap();
        let second = Requests::new(Kind::Signed, 3, 3, now).unwrap();
        let mut all: Vec<_> = (first.authorizations())
            .chain(second.authorizations())
            .collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 6);
        assert!(all.iter().all(|header| header.starts_with(b"OAuth ")));
        assert_eq!(first.get(3), None);
    }

    #[test]
    fn a_request_is_one_of_http_1() {
        let now = Timestamp::from_unix_seconds(1_700_000_000);
        let requests = Requests::new(Kind::Unsigned, 0, 1, now).unwrap();
        let text = format!("GET {PATH} HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
        assert_eq!(requests.get(0), Some(text.as_bytes()));
        assert_eq!(requests.authorizations().count(), 0);
    }
}
