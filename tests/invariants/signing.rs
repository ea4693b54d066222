use oauth1_core::{
    BaseString, ClientCredentials, HmacSha1, HmacSha256, HmacSha512, KeyFrom, Nonce, Parameter,
    Plaintext, ProtocolParameters, RequestView, Secret, SharedSecrets, SignError, Signer,
    SigningKey, SlotArray, Stamp, StandIn, Target, Timestamp, TokenCredentials, Transmission,
    sink::SliceSink,
    verify::{Limits, Lookup, NonceStatus, Policy},
};

use super::{fields, texts};
use crate::reference;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);
const NONCE: &str = "a nonce";

/// Input: method, URL, protocol parameters as a form; the rest is a form.
pub(super) fn check_base_string(input: &[u8]) {
    let Some([method, url, protocol, form]) = fields::<4>(input) else {
        return;
    };
    let (Ok(method), Ok(url)) = (core::str::from_utf8(method), core::str::from_utf8(url)) else {
        return;
    };
    let Ok(target) = Target::parse(url) else {
        return;
    };
    let protocol = reference::form_pairs(protocol);
    let (uri, query) = reference::split_url(url);
    let mut all = reference::form_pairs(query.as_bytes());
    all.extend_from_slice(&protocol);
    all.extend(reference::form_pairs(form));
    // Section 3.4.1.3.1: "The 'oauth_signature' parameter MUST be excluded".
    all.retain(|(name, _)| name != b"oauth_signature");
    let expected = reference::base_string(method, &uri, &all);

    let protocol: Vec<_> = protocol
        .iter()
        .map(|(name, value)| Parameter::from_bytes(name, value))
        .collect();
    let request = RequestView::new(method, target).with_form(form);
    let mut slots = Vec::new();
    let base_string = BaseString::of(&request, &protocol, &mut slots).expect("a heap");
    assert_eq!(base_string.to_string(), expected);
    assert_eq!(base_string.parameters().count(), all.len());

    let mut few = SlotArray::<8>::new();
    match BaseString::of(&request, &protocol, &mut few) {
        Ok(base_string) => assert_eq!(base_string.to_string(), expected),
        Err(error) => assert_eq!(error, SignError::TooManyParameters),
    }
}

/// A request to be signed, of as many lines as fields; the last takes the rest.
struct Request<'a> {
    /// Which signature method, and where the parameters travel.
    kind: u8,
    client: &'a str,
    client_secret: &'a str,
    token: &'a str,
    token_secret: &'a str,
    method: &'a str,
    url: &'a str,
    form: &'a str,
}

/// A request as it is sent.
#[derive(Clone)]
struct Sent {
    method: Vec<u8>,
    url: Vec<u8>,
    form: Vec<u8>,
    header: Option<Vec<u8>>,
}

impl<'a> Request<'a> {
    fn read(input: &'a [u8]) -> Option<Self> {
        let [
            kind,
            client,
            client_secret,
            token,
            token_secret,
            method,
            url,
            form,
        ] = texts::<8>(input)?;
        // What a server refuses in any request is no matter of signatures.
        let (_, query) = reference::split_url(url);
        let is_fit = |text: &str| {
            reference::is_well_encoded(text.as_bytes())
                && reference::form_pairs(text.as_bytes())
                    .iter()
                    .all(|(name, _)| !name.starts_with(b"oauth_"))
        };
        let is_line = |text: &str| !text.contains(|char: char| char.is_ascii_control());
        let is_identifier = !client.is_empty() && is_line(client) && is_line(token);
        let fit = is_identifier && is_fit(&query) && is_fit(form);
        fit.then_some(Self {
            kind: kind.bytes().next().unwrap_or_default(),
            client,
            client_secret,
            token,
            token_secret,
            method,
            url,
            form,
        })
    }

    fn transmission(&self) -> Transmission {
        match self.kind >> 2 & 3 {
            0 | 3 => Transmission::Header,
            1 => Transmission::Query,
            _ => Transmission::Form,
        }
    }

    fn secrets(&self) -> SharedSecrets<'a> {
        SharedSecrets::new(self.client_secret, self.token_secret)
    }

    fn sign(&self) -> Option<Sent> {
        match self.kind & 3 {
            0 => self.sign_with::<HmacSha1>(),
            1 => self.sign_with::<HmacSha256>(),
            2 => self.sign_with::<HmacSha512>(),
            _ => self.sign_with::<Plaintext<'_>>(),
        }
    }

    fn sign_with<K: SigningKey + KeyFrom<Secret<'a>>>(&self) -> Option<Sent> {
        let target = Target::parse(self.url).ok()?;
        let client = ClientCredentials::new(self.client, self.client_secret);
        let token = TokenCredentials::new(self.token, self.token_secret);
        let transmission = self.transmission();
        let signer = Signer::<K>::for_token(&client, &token)
            .with_transmission(transmission)
            .with_realm("a \"realm\" \\");
        let request = RequestView::new(self.method, target).with_form(self.form.as_bytes());
        let none = ProtocolParameters::NONE;
        let stamp = || Stamp::new(NOW, Nonce::new(NONCE));

        let (mut slots, mut text) = (Vec::new(), Vec::new());
        signer
            .sign(&request, &none, stamp(), &mut slots, &mut text)
            .ok()?;
        // The same comes out of a prepared request, and without a heap.
        let prepared = signer
            .prepare(&request, &none, &mut slots, Vec::new())
            .expect("what can be signed can be prepared");
        let mut again = Vec::new();
        prepared.sign(stamp(), &mut again).expect("prepared");
        assert_eq!(again, text);
        let (mut slots, mut memory) = (SlotArray::<16>::new(), [0; 1024]);
        let mut sink = SliceSink::new(&mut memory);
        if signer
            .sign(&request, &none, stamp(), &mut slots, &mut sink)
            .is_ok()
        {
            match sink.finish() {
                Ok(signed) => assert_eq!(signed, text),
                Err(overflow) => assert_eq!(overflow.needed, text.len()),
            }
        }
        Some(self.sent(text))
    }

    fn sent(&self, text: Vec<u8>) -> Sent {
        let (before, _) = self.url.split_once('#').unwrap_or((self.url, ""));
        let mut sent = Sent {
            method: self.method.into(),
            url: before.into(),
            form: self.form.into(),
            header: None,
        };
        match self.transmission() {
            Transmission::Header => sent.header = Some(text),
            Transmission::Query => {
                let separator = if before.contains('?') { b"&" } else { b"?" };
                sent.url.extend_from_slice(separator);
                sent.url.extend(text);
            }
            // `Form`, the only other one that `transmission` gives.
            _ => {
                sent.form.extend_from_slice(b"&");
                sent.form.extend(text);
            }
        }
        sent
    }
}

impl Sent {
    /// The base string and the signature, where the request is accepted.
    fn accepted(&self, secrets: &SharedSecrets<'_>) -> Option<(String, Vec<u8>)> {
        let method = core::str::from_utf8(&self.method).ok()?;
        let target = Target::parse(core::str::from_utf8(&self.url).ok()?).ok()?;
        let request = RequestView::new(method, target).with_form(&self.form);
        // An input may be longer than what servers take.
        let limits = Limits::DEFAULT
            .with_header_bytes(1 << 20)
            .with_query_bytes(1 << 20)
            .with_parameters(1 << 20)
            .with_identifier_bytes(1 << 20);
        let policy = Policy::new().with_limits(limits);
        let mut slots = Vec::new();
        let received = policy
            .receive(&request, self.header.as_deref(), NOW, &mut slots)
            .ok()?;
        let base_string = received.base_string().to_string();
        let signature = received.signature().to_bytes().into_owned();
        let authentic = received
            .authenticate(Lookup::Found(secrets), &StandIn::new())
            .ok()?;
        let key = authentic.replay_key().expect("a nonce was sent");
        assert!(key.nonce() == NONCE || base_string.contains("oauth_nonce"));
        authentic.accept(NonceStatus::Fresh).ok()?;
        Some((base_string, signature))
    }
}

/// Input: a letter for method and place, client, its secret, token, its secret, method, URL; the rest is
/// a form.
pub(super) fn check_accepted(input: &[u8]) {
    let Some(request) = Request::read(input) else {
        return;
    };
    let Some(sent) = request.sign() else { return };
    let accepted = sent.accepted(&request.secrets());
    assert!(accepted.is_some(), "a signed request is refused");

    let other = format!("{}x", request.client_secret);
    let other = SharedSecrets::new(other.as_str(), request.token_secret);
    assert_eq!(sent.accepted(&other), None, "another secret is accepted");
}

/// Input: which part, where in it and which byte (three numbers with a space between them); then as
/// [`check_accepted`].
pub(super) fn check_changed(input: &[u8]) {
    let Some([change, rest]) = fields::<2>(input) else {
        return;
    };
    let Some(request) = Request::read(rest) else {
        return;
    };
    let mut numbers = core::str::from_utf8(change)
        .unwrap_or_default()
        .split(' ')
        .map(|number| number.parse::<u16>().ok());
    let (Some(Some(part)), Some(Some(place)), Some(Some(byte))) =
        (numbers.next(), numbers.next(), numbers.next())
    else {
        return;
    };
    // PLAINTEXT signs nothing.
    if request.kind & 3 == 3 {
        return;
    }
    let Some(sent) = request.sign() else { return };
    let mut changed = sent.clone();
    let bytes = match part % 4 {
        0 => &mut changed.method,
        1 => &mut changed.url,
        2 => &mut changed.form,
        _ => changed.header.get_or_insert_default(),
    };
    let Some(at) = usize::from(place).checked_rem(bytes.len()) else {
        return;
    };
    bytes[at] = byte.to_be_bytes()[1];
    let secrets = request.secrets();
    let original = sent
        .accepted(&secrets)
        .expect("a signed request is accepted");
    if let Some(changed) = changed.accepted(&secrets) {
        assert_eq!(changed, original, "a changed request is accepted");
    }
}
