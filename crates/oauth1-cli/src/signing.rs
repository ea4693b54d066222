//! Signs orders, with memory that is kept from one to the next.

use oauth1_core::{
    BaseString, ExternalKey, Nonce, Parameter, ProtocolParameters, Signer, Slot, Stamp, Timestamp,
    Transmission, Value, authorization::AuthorizationWriter, content_type::FORM,
};

use crate::{
    key::{KeyRing, Secrets},
    order::{Made, Order, Protocol},
    problem::Problem,
    signature_method::SignatureMethod,
};

/// Where orders are signed. After [`sign`](Self::sign), the fields say what came of it.
#[derive(Default)]
pub(crate) struct Desk {
    keys: KeyRing,
    slots: Vec<Slot>,
    pub(crate) base_string: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    /// The protocol parameters as they travel: the value of the header, or pairs.
    pub(crate) authorization: Vec<u8>,
}

impl Desk {
    /// Signs: fills all three fields.
    pub(crate) fn sign(&mut self, order: &Order<'_>, secrets: &Secrets<'_>) -> Result<(), Problem> {
        self.work(order, Some(secrets))
    }

    /// The same without a signature, for which no secret is needed: what is sent has an empty one.
    pub(crate) fn collect(&mut self, order: &Order<'_>) -> Result<(), Problem> {
        self.work(order, None)
    }

    /// Signs a base string as it stands: fills the signature.
    pub(crate) fn sign_text(
        &mut self,
        text: &str,
        method: SignatureMethod,
        secrets: &Secrets<'_>,
    ) -> Result<(), Problem> {
        self.clear();
        let key = self.keys.get(method, secrets)?;
        key.sign(text.as_bytes(), &mut self.signature)
    }

    fn clear(&mut self) {
        self.base_string.clear();
        self.signature.clear();
        self.authorization.clear();
    }

    fn work(&mut self, order: &Order<'_>, secrets: Option<&Secrets<'_>>) -> Result<(), Problem> {
        order.check()?;
        self.clear();
        let Self {
            keys,
            slots,
            base_string,
            signature,
            authorization,
        } = self;
        let request = order.request.view()?;
        let method = order.signature_method;
        let mut sign = |base_string: &[u8]| match secrets {
            Some(secrets) => keys.get(method, secrets)?.sign(base_string, signature),
            None => Ok(()),
        };
        match order.protocol {
            Protocol::Raw(parameters) => {
                BaseString::of(&request, parameters, slots)?.write_to(base_string);
                sign(base_string)?;
                write_raw(order, parameters, signature, authorization);
            }
            Protocol::Made(made) => {
                let signer = signer(order, &made);
                let mut parameters = ProtocolParameters::NONE.with_extra(made.extra);
                if let Some(callback) = made.callback {
                    parameters = parameters.with_callback(callback);
                }
                if let Some(verifier) = made.verifier {
                    parameters = parameters.with_verifier(verifier);
                }
                let draft = signer.draft(
                    &request,
                    &parameters,
                    stamp(made.timestamp, made.nonce)?,
                    slots,
                )?;
                draft.base_string().write_to(base_string);
                sign(base_string)?;
                draft.authorize(text(signature), authorization);
            }
        }
        Ok(())
    }

    /// The parameters of the base string as they stand in it, sorted: `name=value`, encoded, with `&`
    /// between them.
    pub(crate) fn normalized(&self) -> String {
        let last = text(&self.base_string)
            .rsplit('&')
            .next()
            .unwrap_or_default();
        Value::percent(last.as_bytes()).to_string_lossy()
    }

    /// Appends the URL that is to be sent.
    pub(crate) fn write_url(&self, order: &Order<'_>, out: &mut Vec<u8>) {
        let url = order.request.url;
        if order.transmission != Transmission::Query {
            return out.extend_from_slice(url.as_bytes());
        }
        // Behind the query and before the fragment, which is not sent.
        let (url, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
        out.extend_from_slice(url.as_bytes());
        out.extend_from_slice(match url.split_once('?') {
            None => b"?",
            Some((_, query)) => separator(query.as_bytes()),
        });
        out.extend_from_slice(&self.authorization);
        out.extend_from_slice(fragment.as_bytes());
    }

    /// Appends the body that is to be sent, if there is one.
    pub(crate) fn write_body(&self, order: &Order<'_>, out: &mut Vec<u8>) -> bool {
        let body = order.request.body;
        out.extend_from_slice(body.unwrap_or_default());
        if order.transmission != Transmission::Form {
            return body.is_some();
        }
        out.extend_from_slice(separator(body.unwrap_or_default()));
        out.extend_from_slice(&self.authorization);
        true
    }

    /// The `Content-Type` that is to be sent, if there is one.
    pub(crate) fn content_type<'o>(order: &Order<'o>) -> Option<&'o [u8]> {
        let form = (order.transmission == Transmission::Form).then_some(FORM.as_bytes());
        order.request.content_type.or(form)
    }
}

/// What stands between pairs that are there and those that are appended.
fn separator(before: &[u8]) -> &'static [u8] {
    match before {
        [] | [.., b'&'] => b"",
        _ => b"&",
    }
}

fn signer<'a>(order: &Order<'a>, made: &Made<'a>) -> Signer<'a, ExternalKey> {
    let method = order.signature_method;
    let key = ExternalKey::new(method.name(), method.digest());
    let mut signer = Signer::with_key(key, made.client_key)
        .with_transmission(order.transmission)
        // What is shown is not sent; who asks for it over http wants to see it.
        .allow_plaintext_without_tls()
        .with_body_hash(made.body_hash);
    if let Some(token) = made.token {
        signer = signer.with_token(token);
    }
    if let Some(realm) = order.realm {
        signer = signer.with_realm(realm);
    }
    if made.version {
        signer = signer.with_version();
    }
    signer
}

/// Neither the clock nor the random source is asked for what is given.
pub(crate) fn stamp(timestamp: Option<u64>, nonce: Option<&str>) -> Result<Stamp<'_>, Problem> {
    let timestamp = match timestamp {
        Some(seconds) => Timestamp::from_unix_seconds(seconds),
        None => Timestamp::now(),
    };
    let nonce = match nonce {
        Some(nonce) => Nonce::new(nonce),
        None => Nonce::random()?,
    };
    Ok(Stamp::new(timestamp, nonce))
}

fn write_raw(order: &Order<'_>, parameters: &[Parameter<'_>], signature: &[u8], out: &mut Vec<u8>) {
    let mut writer = AuthorizationWriter::new(order.transmission, order.realm, out);
    for parameter in parameters {
        // One that is given is no part of the base string, and not the one to send.
        if parameter.name() != "oauth_signature" {
            writer.parameter(parameter.name(), parameter.value());
        }
    }
    writer.parameter(Value::plain("oauth_signature"), Value::plain(signature));
}

/// Base strings and signatures are ASCII.
pub(crate) fn text(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}
