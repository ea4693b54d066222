//! The workloads, as data: the requests that are signed and verified.
//!
//! * **W1**: `GET`, two parameters in the query. **W4** verifies it.
//! * **W2**: `POST`, a form of 8 parameters, one of them a status of 280 characters.
//! * **W3**, **W3b**, **W3c**: `GET`, a query of 1,000, 10,000 and 100,000 parameters, a fifth of the
//!   names twice, in an order that is shuffled and always the same.
//!
//! Identifiers, secrets and nonce have the lengths of those that large providers give out, so that the
//! base string of W1 fills six blocks of SHA-1 and its HMAC, with the pads precomputed, seven.

use core::fmt::Write as _;
use std::sync::LazyLock;

use oauth1_core::{ClientCredentials, TokenCredentials, percent};

/// `oauth_consumer_key` and its secret.
pub(crate) const CLIENT: (&str, &str) =
    ("bWVhc3VyZWQtY2xpZW50MQ", "c2VjcmV0LW9mLXRoZS1jbGllbnQwMDE");
/// `oauth_token` and its secret.
pub(crate) const TOKEN: (&str, &str) = (
    "370773112-bWVhc3VyZWQtdG9rZW4tb2Ytc29tZS1vd25lcjAx",
    "c2VjcmV0LW9mLXRoZS10b2tlbi0wMDE",
);
/// `oauth_nonce`.
pub(crate) const NONCE: &str = "7d8f3e4a92bc41d6a0f5e1c8b3729d64";
/// `oauth_timestamp`.
pub(crate) const TIMESTAMP: u64 = 1_700_000_000;

/// The name of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workload {
    W1,
    W2,
    W3,
    W3b,
    W3c,
}

/// A request to be signed.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    /// Scheme and authority.
    pub(crate) origin: &'static str,
    /// The URL.
    pub(crate) url: String,
    /// The pairs of the query or the form, decoded, as they come.
    pub(crate) pairs: Vec<(String, String)>,
    /// The form.
    pub(crate) form: Option<String>,
}

impl Workload {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 5] = [Self::W1, Self::W2, Self::W3, Self::W3b, Self::W3c];

    /// The request, made at its first use.
    pub(crate) fn request(self) -> &'static Request {
        static W1: LazyLock<Request> = LazyLock::new(home_timeline);
        static W2: LazyLock<Request> = LazyLock::new(status_update);
        static W3: LazyLock<Request> = LazyLock::new(|| many(1_000));
        static W3B: LazyLock<Request> = LazyLock::new(|| many(10_000));
        static W3C: LazyLock<Request> = LazyLock::new(|| many(100_000));
        match self {
            Self::W1 => &W1,
            Self::W2 => &W2,
            Self::W3 => &W3,
            Self::W3b => &W3B,
            Self::W3c => &W3C,
        }
    }
}

impl Request {
    /// What stands in the request line.
    pub(crate) fn path_and_query(&self) -> &str {
        &self.url[self.origin.len()..]
    }

    /// The URL without its query.
    #[cfg(feature = "peers")]
    pub(crate) fn endpoint(&self) -> &str {
        self.url
            .split_once('?')
            .map_or(&self.url, |(endpoint, _)| endpoint)
    }

    /// The pairs in the order in which they are signed.
    #[cfg(feature = "peers")]
    pub(crate) fn sorted_pairs(&self) -> Vec<(&str, &str)> {
        let mut pairs: Vec<_> = self.pairs.iter().map(|(n, v)| (&**n, &**v)).collect();
        pairs.sort_by_cached_key(|(name, value)| (encoded(name), encoded(value)));
        pairs
    }
}

/// The client that signs.
pub(crate) fn client() -> ClientCredentials<'static> {
    ClientCredentials::new(CLIENT.0, CLIENT.1)
}

/// Its token.
pub(crate) fn token() -> TokenCredentials<'static> {
    TokenCredentials::new(TOKEN.0, TOKEN.1)
}

const ORIGIN: &str = "https://api.example.com";

fn home_timeline() -> Request {
    get(
        "https://api.example.com/1.1/statuses/home_timeline.json",
        [("count", "20"), ("include_entities", "true")]
            .map(|(name, value)| (name.into(), value.into()))
            .into(),
    )
}

/// 280 characters: 45 spaces, punctuation, and 26 letters and signs outside ASCII.
pub(crate) const STATUS: &str = "Señor Müller & friends @ Café Zürich: \"Ladies + Gentlemen, a \
    signed OAuth request!\" (100% true; see http://example.com/a?b=c&d=e#f) — naïve façade, coöperate \
    — 東京の雪はとても静かで美しい ☃❄ and rain, tea or coffee? It's 3/4 past 9, costs $5.50 [really], \
    and we've got all of the time to wait…";

fn status_update() -> Request {
    let pairs: Vec<(String, String)> = [
        ("status", STATUS),
        ("in_reply_to_status_id", "1180000000000000001"),
        ("auto_populate_reply_metadata", "true"),
        ("possibly_sensitive", "false"),
        ("lat", "47.376887"),
        ("long", "-8.541694"),
        ("place_id", "df51dec6f4ee2b2c"),
        ("trim_user", "1"),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .into();
    Request {
        method: "POST",
        origin: ORIGIN,
        url: "https://api.example.com/1.1/statuses/update.json".into(),
        form: Some(joined(&pairs)),
        pairs,
    }
}

/// Three values in four need no encoding.
fn many(count: usize) -> Request {
    let names = count / 5 * 4;
    let mut pairs: Vec<_> = (0..count)
        .map(|at| {
            let value = match at % 4 {
                0 => format!("a value, {}", at % 1_000),
                _ => format!("{:08x}", at.wrapping_mul(0x9E37_79B1) & 0xFFFF_FFFF),
            };
            (format!("p{}", at % names), value)
        })
        .collect();
    shuffle(&mut pairs);
    get("https://api.example.com/1.1/search/tweets.json", pairs)
}

fn get(endpoint: &'static str, pairs: Vec<(String, String)>) -> Request {
    let url = format!("{endpoint}?{}", joined(&pairs));
    Request {
        method: "GET",
        origin: ORIGIN,
        url,
        pairs,
        form: None,
    }
}

fn joined(pairs: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        let separator = if text.is_empty() { "" } else { "&" };
        let (name, value) = (percent::encode(name), percent::encode(value));
        // A `String` takes everything.
        let _ = write!(text, "{separator}{name}={value}");
    }
    text
}

#[cfg(feature = "peers")]
fn encoded(text: &str) -> String {
    percent::encode(text).to_string()
}

/// Fisher and Yates, with a linear congruential generator of Knuth's.
fn shuffle<T>(items: &mut [T]) {
    let mut state = 1_u64;
    for end in (1..items.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let range = end as u64 + 1;
        // Below `range`, which came from a `usize`.
        let other = usize::try_from((state >> 33) % range).unwrap_or(0);
        items.swap(end, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workloads_are_what_they_are_said_to_be() {
        assert_eq!(STATUS.chars().count(), 280);
        let counts = Workload::ALL.map(|workload| workload.request().pairs.len());
        assert_eq!(counts, [2, 8, 1_000, 10_000, 100_000]);
        assert_eq!(
            Workload::W1
                .request()
                .url
                .split_once('?')
                .map(|(_, query)| query),
            Some("count=20&include_entities=true")
        );
    }

    #[test]
    fn a_fifth_of_the_names_stands_twice() {
        let request = Workload::W3.request();
        let mut names: Vec<_> = request.pairs.iter().map(|(name, _)| name).collect();
        assert!(!names.is_sorted());
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 800);
        assert!(names.iter().any(|name| *name == "p417"));
    }
}
