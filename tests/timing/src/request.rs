//! The request that is verified, and what is wrong with it.

use oauth1_core::{
    ClientCredentials, KeyFrom, Nonce, RequestView, Secret, Signer, Stamp, Target, Timestamp,
    TokenCredentials,
};

pub(crate) const ORIGIN: &str = "https://photos.example.net";
pub(crate) const PATH: &str = "/photos?file=vacation.jpg&size=original";
pub(crate) const TIME: Timestamp = Timestamp::from_unix_seconds(137_131_202);

/// Identifier and secret.
pub(crate) type Pair = (&'static str, &'static str);

pub(crate) const CLIENT: Pair = ("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
pub(crate) const TOKEN: Pair = ("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
/// Nobody's, of the same length: how long an identifier is, its sender knows.
pub(crate) const UNKNOWN: Pair = ("ddpf43f3p2l4k3l0", "kd94hf93k423kf44");
/// The client whose key serves another method.
pub(crate) const OTHER_KIND: Pair = ("0dpf43f3p2l4k3l3", "kd94hf93k423kf44");

/// A nonce with which the signature of [`CLIENT`] has no escapes but that of its last character, so that
/// each of the others can be another letter.
pub(crate) fn nonce<K>() -> String
where
    K: for<'k> KeyFrom<Secret<'k>>,
{
    let mut nonces = (10..).map(|number| format!("chapoH{number}"));
    let is_plain = |nonce: &String| {
        let signature = signature(&header::<K>(CLIENT, TOKEN, nonce));
        let (last, others) = signature.as_bytes().split_last().expect("a signature");
        *last == b'=' && others.iter().all(u8::is_ascii_alphanumeric)
    };
    nonces.find(is_plain).expect("one of many")
}

/// The header of a request that is signed right.
pub(crate) fn header<K>(client: Pair, token: Pair, nonce: &str) -> String
where
    K: for<'k> KeyFrom<Secret<'k>>,
{
    let client = ClientCredentials::new(client.0, client.1);
    let token = TokenCredentials::new(token.0, token.1);
    let url = format!("{ORIGIN}{PATH}");
    let target = Target::parse(&url).expect("a URL");
    Signer::<K>::for_token(&client, &token)
        .authorization(
            &RequestView::new("GET", target),
            Stamp::new(TIME, Nonce::new(nonce)),
        )
        .expect("signed")
}

/// The signature of a header, decoded.
pub(crate) fn signature(header: &str) -> String {
    let (_, value) = header.split_once(FIELD).expect("a signature");
    let (value, _) = value.split_once('"').expect("its end");
    let mut value = value.to_owned();
    for (escape, byte) in ESCAPES {
        value = value.replace(escape, byte);
    }
    value
}

/// The header with another signature.
pub(crate) fn with_signature(header: &str, signature: &str) -> String {
    let mut encoded = signature.to_owned();
    for (escape, byte) in ESCAPES.iter().rev() {
        encoded = encoded.replace(byte, escape);
    }
    let (before, value) = header.split_once(FIELD).expect("a signature");
    let (_, after) = value.split_once('"').expect("its end");
    format!("{before}{FIELD}{encoded}\"{after}")
}

const FIELD: &str = "oauth_signature=\"";
/// What base64 has that is escaped in a header, and what joins secrets. The percent sign is the last to
/// be decoded and the first to be encoded.
const ESCAPES: [(&str, &str); 5] = [
    ("%2B", "+"),
    ("%2F", "/"),
    ("%3D", "="),
    ("%26", "&"),
    ("%25", "%"),
];

/// A text at the start of a page: how bytes are compared and copied depends on where they are, which is
/// not what is measured.
#[repr(align(4096))]
pub(crate) struct Placed {
    bytes: [u8; 512],
    len: usize,
}

impl Placed {
    pub(crate) fn new(text: &str) -> Box<Self> {
        let mut placed = Box::new(Self {
            bytes: [0; 512],
            len: text.len(),
        });
        placed.bytes[..text.len()].copy_from_slice(text.as_bytes());
        placed
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// A text and all that differ from it in one character, with what they are called. Another character is
/// as long in a header: what was sent may take its time, since its sender knows it.
pub(crate) fn wrong(text: &str) -> Vec<(String, String)> {
    let mut texts: Vec<_> = (0..text.len())
        .map(|at| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = other(bytes[at]);
            (format!("wrong at {at}"), bytes)
        })
        .collect();
    texts.push((
        "wrong everywhere".to_owned(),
        text.bytes().map(other).collect(),
    ));
    texts
        .into_iter()
        .map(|(name, bytes)| (name, String::from_utf8(bytes).expect("ASCII")))
        .collect()
}

fn other(byte: u8) -> u8 {
    match byte {
        b'A' => b'B',
        b'+' => b'/',
        b'/' | b'=' | b'&' => b'+',
        _ => b'A',
    }
}
