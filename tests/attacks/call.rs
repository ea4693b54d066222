//! Requests as they travel, right and wrong: signed by the core, written byte by byte.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use oauth1_core::{
    BaseString, BodyHash, Digest, HmacSha1, HmacSha256, Origin, Parameter, RequestView,
    RsaPrivateKey, RsaSha1, Secret, SigningKey, Target, Value,
    authorization::{AuthorizationWriter, Transmission},
    percent,
};

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const ORIGIN: &str = "https://api.example.com";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// A request that is still to be signed, with whatever protocol parameters a case gives it.
#[derive(Clone)]
pub(crate) struct Call {
    method: String,
    origin: String,
    target: String,
    content_type: Option<String>,
    body: Vec<u8>,
    protocol: Vec<(String, String)>,
    secrets: (String, String),
    place: Transmission,
    realm: Option<String>,
}

impl Call {
    pub(crate) fn get() -> Self {
        Self::to("/photos?size=original")
    }

    pub(crate) fn to(target: &str) -> Self {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Self {
            method: "GET".to_owned(),
            origin: ORIGIN.to_owned(),
            target: target.to_owned(),
            content_type: None,
            body: Vec::new(),
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

    pub(crate) fn post(content_type: &str, body: &[u8]) -> Self {
        Self {
            method: "POST".to_owned(),
            content_type: Some(content_type.to_owned()),
            body: body.to_vec(),
            ..Self::to("/photos")
        }
    }

    pub(crate) fn form(body: &str) -> Self {
        Self::post(FORM, body.as_bytes())
    }

    pub(crate) fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    /// Signed for this origin; it goes to the server all the same.
    pub(crate) fn origin(mut self, origin: &str) -> Self {
        origin.clone_into(&mut self.origin);
        self
    }

    /// With this value in place of another or of none.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        match self.protocol.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.protocol.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// With one more, whether it is there already or not.
    pub(crate) fn and(mut self, name: &str, value: &str) -> Self {
        self.protocol.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.protocol.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn reversed(mut self) -> Self {
        self.protocol.reverse();
        self
    }

    pub(crate) fn secrets(mut self, client: &str, token: &str) -> Self {
        self.secrets = (client.to_owned(), token.to_owned());
        self
    }

    pub(crate) fn realm(mut self, realm: &str) -> Self {
        self.realm = Some(realm.to_owned());
        self
    }

    pub(crate) fn at(self, place: Transmission) -> Self {
        Self { place, ..self }
    }

    /// With the hash of another body, if need be.
    pub(crate) fn body_hash(self, of: &[u8]) -> Self {
        let digest = if self
            .protocol
            .iter()
            .any(|(_, value)| value == "HMAC-SHA256")
        {
            Digest::Sha256
        } else {
            Digest::Sha1
        };
        let hash = BodyHash::of(digest, of).unwrap();
        self.with("oauth_body_hash", hash.as_str())
    }

    pub(crate) fn sign(&self) -> Sent {
        self.send(&self.signature())
    }

    /// By the method that it names, or HMAC-SHA1.
    pub(crate) fn signature(&self) -> String {
        let (client, token) = &self.secrets;
        let (client, token) = (Secret::from(client.as_str()), Secret::from(token.as_str()));
        let named = |name: &str| self.protocol.iter().any(|(_, value)| value == name);
        if named("PLAINTEXT") {
            let encode = |text: &str| percent::encode(text).to_string();
            format!("{}&{}", encode(&self.secrets.0), encode(&self.secrets.1))
        } else if named("HMAC-SHA256") {
            self.signature_by(&HmacSha256::new(&client, &token))
        } else {
            self.signature_by(&HmacSha1::new(&client, &token))
        }
    }

    pub(crate) fn signature_by_rsa(&self, pem: &str) -> String {
        let key = RsaPrivateKey::from_pem(pem).unwrap();
        self.signature_by(&RsaSha1::new(key))
    }

    pub(crate) fn signature_by(&self, key: &impl SigningKey) -> String {
        let pairs = self.protocol.iter();
        let protocol: Vec<_> = pairs
            .map(|(name, value)| Parameter::new(name, value))
            .collect();
        let origin = Origin::parse(&self.origin).unwrap();
        let mut view = RequestView::new(&self.method, Target::at(origin, &self.target).unwrap());
        let is_form = self
            .content_type
            .as_ref()
            .is_some_and(|name| oauth1_core::content_type::is_form(name.as_bytes()));
        if is_form {
            view = view.with_form(&self.body);
        }
        let mut slots = Vec::new();
        let mut signature = Vec::new();
        let base_string = BaseString::of(&view, &protocol, &mut slots).unwrap();
        key.sign(&base_string, &mut signature).unwrap();
        String::from_utf8(signature).unwrap()
    }

    pub(crate) fn send(&self, signature: &str) -> Sent {
        self.clone().and("oauth_signature", signature).send_as_is()
    }

    /// Without a signature but one that is among the parameters.
    pub(crate) fn send_as_is(&self) -> Sent {
        let mut wire = Vec::new();
        let mut writer = AuthorizationWriter::new(self.place, self.realm.as_deref(), &mut wire);
        for (name, value) in &self.protocol {
            writer.parameter(Value::plain(name), Value::plain(value));
        }
        let text = String::from_utf8(wire).unwrap();
        let mut sent = Sent {
            method: self.method.clone(),
            target: self.target.clone(),
            headers: vec![("Host".to_owned(), b"api.example.com".to_vec())],
            body: self.body.clone(),
            chunked: false,
        };
        let mut content_type = self.content_type.clone();
        match self.place {
            Transmission::Query => {
                let separator = if sent.target.contains('?') { '&' } else { '?' };
                sent.target = format!("{}{separator}{text}", sent.target);
            }
            Transmission::Form => {
                content_type.get_or_insert_with(|| FORM.to_owned());
                if !sent.body.is_empty() {
                    sent.body.push(b'&');
                }
                sent.body.extend(text.into_bytes());
            }
            _ => sent
                .headers
                .push(("Authorization".to_owned(), text.into_bytes())),
        }
        if let Some(content_type) = content_type {
            sent = sent.and_header("Content-Type", &content_type);
        }
        sent
    }
}

/// A request on its way.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    pub(crate) chunked: bool,
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> &[u8] {
        let found = self.headers.iter().find(|(known, _)| known == name);
        &found.unwrap().1
    }

    pub(crate) fn authorization(&self) -> &str {
        str::from_utf8(self.header("Authorization")).unwrap()
    }

    pub(crate) fn with_header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn and_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn in_authorization(self, from: &str, to: &str) -> Self {
        let changed = replace(self.authorization(), from, to);
        self.with_header("Authorization", changed)
    }

    pub(crate) fn in_target(mut self, from: &str, to: &str) -> Self {
        self.target = replace(&self.target, from, to);
        self
    }

    pub(crate) fn with_method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    pub(crate) fn with_body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    /// Without a length, in chunks.
    pub(crate) fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// The head, for a body that is written elsewhere.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        bytes.extend(b"Connection: close\r\n");
        if self.chunked {
            bytes.extend(b"Transfer-Encoding: chunked\r\n");
        } else if !self.body.is_empty() {
            bytes.extend(format!("Content-Length: {}\r\n", self.body.len()).into_bytes());
        }
        bytes.extend(b"\r\n");
        bytes
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        if self.chunked {
            for chunk in self.body.chunks(7_000) {
                bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
                bytes.extend([chunk, b"\r\n"].concat());
            }
            bytes.extend(b"0\r\n\r\n");
        } else {
            bytes.extend(&self.body);
        }
        bytes
    }
}

fn replace(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from:?} is not in {text:?}");
    text.replace(from, to)
}

/// The text with one of the six bits of a base64 character changed; bit 0 is the lowest.
pub(crate) fn with_bit_changed(text: &str, at: usize, bit: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = text.as_bytes().to_vec();
    let index = ALPHABET
        .iter()
        .position(|known| *known == bytes[at])
        .unwrap();
    bytes[at] = ALPHABET[index ^ (1_usize << bit)];
    String::from_utf8(bytes).unwrap()
}

/// A key's DER as base64, and as text with a character for each byte: secrets are text.
pub(crate) fn der_of(pem: &str) -> (String, String) {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let base64: String = lines.collect();
    let der = STANDARD.decode(&base64).unwrap();
    (base64, der.into_iter().map(char::from).collect())
}
