//! Requests as they travel, right and wrong, and a server that remembers.

extern crate alloc;

use alloc::{borrow::ToOwned, collections::BTreeSet, string::String, vec::Vec};

use crate::{
    BaseString, Body, HmacSha1, Parameter, RequestView, Secret, SharedSecrets, SigningKey,
    SlotArray, StandIn, Target, Timestamp, Transmission, Value, VerifyingKey,
    authorization::AuthorizationWriter,
    content_type,
    sink::Sink,
    verify::{Coverage, Lookup, NonceStatus, Policy, Received, Rejection, ReplayKey},
};

pub(super) const NOW: u64 = 1_700_000_000;

const CLIENTS: [(&str, &str); 3] = [
    ("client", "client secret"),
    ("another", "client secret"),
    ("%41", "client secret"),
];
const TOKENS: [(&str, &str); 2] = [("token", "token secret"), ("another", "token secret")];

pub(super) type Outcome = Result<Coverage, Rejection>;

/// A request that is still to be signed, with whatever protocol parameters a test gives it.
#[derive(Clone)]
pub(super) struct Call {
    method: String,
    url: String,
    content: Content,
    protocol: Vec<(String, String)>,
    secrets: (String, String),
    place: Transmission,
    realm: Option<String>,
}

impl Call {
    pub(super) fn get() -> Self {
        Self::to("https://api.example.com/photos?size=original")
    }

    pub(super) fn to(url: &str) -> Self {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Self {
            method: "GET".to_owned(),
            url: url.to_owned(),
            content: Content::None,
            protocol: [
                pair("oauth_consumer_key", "client"),
                pair("oauth_token", "token"),
                pair("oauth_signature_method", "HMAC-SHA1"),
                pair("oauth_timestamp", "1700000000"),
                pair("oauth_nonce", "abc"),
            ]
            .into(),
            secrets: pair("client secret", "token secret"),
            place: Transmission::Header,
            realm: None,
        }
    }

    pub(super) fn post(content: Content) -> Self {
        Self {
            method: "POST".to_owned(),
            content,
            ..Self::get()
        }
    }

    /// With this value in place of another or of none.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        match self.protocol.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.protocol.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// With one more, whether it is there already or not.
    pub(super) fn and(mut self, name: &str, value: &str) -> Self {
        self.protocol.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.protocol.retain(|(known, _)| known != name);
        self
    }

    pub(super) fn reversed(mut self) -> Self {
        self.protocol.reverse();
        self
    }

    pub(super) fn with_secrets(self, client: &str, token: &str) -> Self {
        let secrets = (client.to_owned(), token.to_owned());
        Self { secrets, ..self }
    }

    pub(super) fn with_realm(self, realm: &str) -> Self {
        let realm = Some(realm.to_owned());
        Self { realm, ..self }
    }

    pub(super) fn with_content(self, content: Content) -> Self {
        Self { content, ..self }
    }

    pub(super) fn at(self, place: Transmission) -> Self {
        Self { place, ..self }
    }

    pub(super) fn sign(&self) -> Sent {
        self.send(&self.signature())
    }

    pub(super) fn signature(&self) -> String {
        let (client, token) = &self.secrets;
        let (client, token) = (Secret::from(client.as_str()), Secret::from(token.as_str()));
        self.signature_by(&HmacSha1::new(&client, &token))
    }

    pub(super) fn signature_by(&self, key: &impl SigningKey) -> String {
        self.with_base_string(|base_string| {
            let mut signature = Wire::default();
            key.sign(base_string, &mut signature).unwrap();
            String::from_utf8(signature.0).unwrap()
        })
    }

    pub(super) fn with_base_string<T>(&self, then: impl FnOnce(&BaseString<'_>) -> T) -> T {
        let pairs = self.protocol.iter();
        let protocol: Vec<_> = pairs
            .map(|(name, value)| Parameter::new(name, value))
            .collect();
        let target = Target::parse(&self.url).unwrap();
        let request = RequestView::new(&self.method, target).with(self.content.body());
        let mut slots = SlotArray::<1200>::new();
        then(&BaseString::of(&request, &protocol, &mut slots).unwrap())
    }

    pub(super) fn send(&self, signature: &str) -> Sent {
        self.clone().and("oauth_signature", signature).send_as_is()
    }

    /// Without a signature but one that is among the parameters.
    pub(super) fn send_as_is(&self) -> Sent {
        let mut wire = Wire::default();
        {
            let realm = self.realm.as_deref();
            let mut writer = AuthorizationWriter::new(self.place, realm, &mut wire);
            for (name, value) in &self.protocol {
                writer.parameter(Value::plain(name), Value::plain(value));
            }
        }
        let mut sent = Sent {
            method: self.method.clone(),
            url: self.url.clone(),
            content: self.content.clone(),
            headers: Vec::new(),
        };
        let text = String::from_utf8(wire.0).unwrap();
        match (self.place, &mut sent.content) {
            (Transmission::Header, _) => sent.headers.push(text.into_bytes()),
            (Transmission::Query, _) => {
                let separator = if sent.url.contains('?') { '&' } else { '?' };
                sent.url.push(separator);
                sent.url.push_str(&text);
            }
            (Transmission::Form, Content::Form(form)) => {
                form.push(b'&');
                form.extend(text.into_bytes());
            }
            (Transmission::Form, content) => *content = Content::form(&text),
        }
        sent
    }
}

#[derive(Clone)]
pub(super) enum Content {
    None,
    Form(Vec<u8>),
    Opaque(Vec<u8>),
    Streamed,
}

impl Content {
    pub(super) fn form(text: &str) -> Self {
        Self::Form(text.into())
    }

    pub(super) fn opaque(text: &str) -> Self {
        Self::Opaque(text.into())
    }

    pub(super) fn of(content_type: &str, text: &str) -> Self {
        if content_type::is_form(content_type.as_bytes()) {
            Self::form(text)
        } else {
            Self::opaque(text)
        }
    }

    fn body(&self) -> Body<'_> {
        match self {
            Self::None => Body::None,
            Self::Form(form) => Body::Form(form),
            Self::Opaque(body) => Body::Opaque(body),
            Self::Streamed => Body::Streamed,
        }
    }
}

/// A request on its way.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) content: Content,
    pub(super) headers: Vec<Vec<u8>>,
}

impl Sent {
    pub(super) fn header(&self) -> &str {
        core::str::from_utf8(&self.headers[0]).unwrap()
    }

    pub(super) fn with_header(mut self, header: impl Into<Vec<u8>>) -> Self {
        self.headers[0] = header.into();
        self
    }

    pub(super) fn in_header(self, from: &str, to: &str) -> Self {
        let changed = replace(self.header(), from, to);
        self.with_header(changed)
    }

    pub(super) fn in_url(mut self, from: &str, to: &str) -> Self {
        self.url = replace(&self.url, from, to);
        self
    }

    pub(super) fn with_method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    pub(super) fn with_content(self, content: Content) -> Self {
        Self { content, ..self }
    }

    pub(super) fn request(&self) -> RequestView<'_> {
        let target = Target::parse(&self.url).unwrap();
        RequestView::new(&self.method, target).with(self.content.body())
    }

    pub(super) fn headers(&self) -> impl Iterator<Item = &[u8]> {
        self.headers.iter().map(Vec::as_slice)
    }
}

fn replace(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from:?} is not in {text:?}");
    text.replace(from, to)
}

/// Knows its clients and tokens, and what it has seen.
pub(super) struct Server<'k> {
    policy: Policy<'k>,
    now: u64,
    key: Option<&'k dyn VerifyingKey>,
    seen: BTreeSet<Seen>,
    /// How often the store was asked.
    pub(super) asked: usize,
}

type Seen = (Vec<u8>, Option<Vec<u8>>, u64, Vec<u8>);

impl<'k> Server<'k> {
    pub(super) fn new() -> Self {
        Self::with_policy(Policy::new())
    }

    pub(super) fn with_policy(policy: Policy<'k>) -> Self {
        Self {
            policy,
            now: NOW,
            key: None,
            seen: BTreeSet::new(),
            asked: 0,
        }
    }

    /// One whose every client has this key.
    pub(super) fn with_key(self, key: &'k dyn VerifyingKey) -> Self {
        let key = Some(key);
        Self { key, ..self }
    }

    pub(super) fn at(self, now: u64) -> Self {
        Self { now, ..self }
    }

    pub(super) fn verify(&mut self, sent: &Sent) -> Outcome {
        let (policy, request) = (self.policy, sent.request());
        let now = Timestamp::from_unix_seconds(self.now);
        let mut slots = SlotArray::<1200>::new();
        let received = policy.receive(&request, sent.headers(), now, &mut slots)?;
        let secrets = secrets_of(&received);
        let lookup = match (self.key, &secrets) {
            (Some(key), _) => Lookup::Found(key),
            (None, Ok(secrets)) => Lookup::Found(secrets),
            (None, Err(unknown)) => *unknown,
        };
        let authentic = received.authenticate(lookup, &StandIn::new())?;
        let status = self.ask(authentic.replay_key());
        Ok(authentic.accept(status)?.coverage())
    }

    fn ask(&mut self, key: Option<ReplayKey<'_>>) -> NonceStatus {
        self.asked += 1;
        let Some(key) = key else {
            return NonceStatus::Absent;
        };
        let owned = |value: Value<'_>| value.bytes().collect::<Vec<u8>>();
        let seen = (
            owned(key.client()),
            key.token().map(owned),
            key.timestamp().unix_seconds(),
            owned(key.nonce()),
        );
        if self.seen.insert(seen) {
            NonceStatus::Fresh
        } else {
            NonceStatus::Replayed
        }
    }
}

pub(super) fn once(sent: &Sent) -> Outcome {
    Server::new().verify(sent)
}

fn secrets_of(received: &Received<'_>) -> Result<SharedSecrets<'static>, Lookup<'static>> {
    let find = |all: &[(&str, &'static str)], name: Value<'_>| {
        let found = all.iter().find(|(known, _)| name == *known);
        found.map(|(_, secret)| *secret)
    };
    let client = find(&CLIENTS, received.client()).ok_or(Lookup::ClientUnknown)?;
    let token = match received.token() {
        Some(token) => find(&TOKENS, token).ok_or(Lookup::TokenUnknown)?,
        None => "",
    };
    Ok(SharedSecrets::new(client, token))
}

/// Bytes on a heap, at every feature level.
#[derive(Default)]
pub(super) struct Wire(pub(super) Vec<u8>);

impl Sink for Wire {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}
