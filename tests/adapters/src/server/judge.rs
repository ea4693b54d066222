//! What the signature of a request is worth.

use http::{HeaderMap, header::AUTHORIZATION, request::Parts};
use oauth1_core::{
    SharedSecrets, Timestamp, Transmission, Value,
    authorization::AuthorizationHeader,
    form,
    http::{Payload, has_form},
    verify::{Lookup, NonceStatus, Policy, Rejection, Verified},
};

use super::{CLIENT, CLIENT_SECRET, Place, RSA_CLIENT, Seen, Shared, Signed, TOKEN, Verdict, lock};

impl Shared {
    /// Verifies a request and says it to the log.
    pub(super) fn judge(
        &self,
        place: Place,
        parts: &Parts,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Signed, Rejection> {
        let form = if has_form(&parts.headers).unwrap_or(false) {
            body
        } else {
            &[]
        };
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let transmission = transmission(&parts.headers, query, form);
        let outcome = self.verify(place, parts, body, now, transmission);
        let verdict = match &outcome {
            Ok(signed) => Verdict::Verified(Box::new(signed.clone())),
            Err(rejection) => Verdict::Refused(rejection.code()),
        };
        lock(&self.log).push(Seen {
            place,
            method: parts.method.clone(),
            path: path(parts),
            version: parts.version,
            headers: parts.headers.clone(),
            body: if form.is_empty() {
                body.to_vec()
            } else {
                without_signature(form)
            },
            verdict,
            has_credentials: transmission.is_some(),
        });
        outcome
    }

    fn verify(
        &self,
        place: Place,
        parts: &Parts,
        body: &[u8],
        now: Timestamp,
        transmission: Option<Transmission>,
    ) -> Result<Signed, Rejection> {
        let policy = Policy::new().allow_plaintext_without_tls();
        let payload = if body.is_empty() {
            Payload::Empty
        } else {
            Payload::Bytes(body)
        };
        let origin = self.parsed_origin(place);
        let mut slots = Vec::new();
        let received = policy.receive_parts(parts, origin, payload, now, &mut slots)?;
        let [of_client, of_token] = &self.secrets;
        let token = received.token();
        let handed_out = token.and_then(|token| self.handed_out(&token.to_string_lossy()));
        let of_handed_out = handed_out
            .as_ref()
            .map(|secret| SharedSecrets::new(CLIENT_SECRET, secret.as_str()));
        let lookup = if token.is_some_and(|token| token != TOKEN) && handed_out.is_none() {
            Lookup::TokenUnknown
        } else if received.client() == RSA_CLIENT {
            Lookup::Found(&self.rsa)
        } else if received.client() != CLIENT {
            Lookup::ClientUnknown
        } else if let Some(secrets) = &of_handed_out {
            Lookup::Found(secrets)
        } else if token.is_some() {
            Lookup::Found(of_token)
        } else {
            Lookup::Found(of_client)
        };
        let authentic = received.authenticate(lookup, &self.stand_in)?;
        let status = match authentic.replay_key() {
            None => NonceStatus::Absent,
            Some(key) => {
                let mut bytes = Vec::new();
                key.write_to(&mut bytes);
                if lock(&self.nonces).insert(bytes) {
                    NonceStatus::Fresh
                } else {
                    NonceStatus::Replayed
                }
            }
        };
        let verified = authentic.accept(status)?;
        Ok(signed(&verified, transmission.unwrap_or_default()))
    }
}

fn signed(verified: &Verified<'_>, transmission: Transmission) -> Signed {
    let text = |value: Value<'_>| value.to_string_lossy();
    Signed {
        nonce: verified.nonce().map(text),
        method: verified.signature_method().into(),
        transmission,
        realm: verified.realm().map(|realm| realm.to_string()),
        parameters: verified
            .parameters()
            .map(|(name, value)| (text(name), text(value)))
            .filter(|(name, _)| name.starts_with("oauth_"))
            .collect(),
    }
}

/// Where there is anything of a signature.
fn transmission(headers: &HeaderMap, query: &[u8], form: &[u8]) -> Option<Transmission> {
    let has = |text| form::pairs(text).any(|(name, _)| name == "oauth_signature");
    let mut headers = headers.get_all(AUTHORIZATION).iter();
    if headers.any(|value| AuthorizationHeader::parse(value.as_bytes()).is_some()) {
        Some(Transmission::Header)
    } else if has(query) {
        Some(Transmission::Query)
    } else {
        has(form).then_some(Transmission::Form)
    }
}

fn path(parts: &Parts) -> String {
    let path = parts.uri.path();
    let Some(query) = parts.uri.query() else {
        return path.into();
    };
    let kept = without_signature(query.as_bytes());
    if kept.is_empty() {
        return path.into();
    }
    format!("{path}?{}", String::from_utf8_lossy(&kept))
}

/// A query or a form without the pairs that sign.
fn without_signature(text: &[u8]) -> Vec<u8> {
    let kept = text
        .split(|&byte| byte == b'&')
        .filter(|pair| !pair.starts_with(b"oauth_"));
    kept.collect::<Vec<_>>().join(&b'&')
}
