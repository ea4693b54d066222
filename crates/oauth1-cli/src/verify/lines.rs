//! `oauth1 verify --json`.

use oauth1_core::{
    RsaPublicKey, Slot, StandIn, Timestamp, Value,
    verify::{Rejection, Verified},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Case, Keys};
use crate::{
    json::{self, Answer, Hidden, Octets, Pair, Text},
    order::{Request, fields::body},
    problem::Problem,
    signature_method::SignatureMethod,
    stream::Answerer,
};

/// The fields of a line. A `null` is as good as nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields<'a> {
    #[serde(borrow, default, deserialize_with = "json::present")]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    method: Option<Text<'a>>,
    url: Option<Text<'a>>,
    headers: Option<Vec<Pair<'a>>>,
    body: Option<Octets<'a>>,
    body_base64: Option<Text<'a>>,
    #[serde(alias = "consumer_key")]
    client_key: Option<Text<'a>>,
    #[serde(alias = "consumer_secret")]
    client_secret: Option<Hidden<'a>>,
    public_key: Option<Text<'a>>,
    token: Option<Text<'a>>,
    token_secret: Option<Hidden<'a>>,
    allowed_methods: Option<Vec<Text<'a>>>,
    now: Option<u64>,
    window: Option<u64>,
    require_body_hash: Option<bool>,
    seen: Option<Vec<Octets<'a>>>,
}

impl Fields<'_> {
    /// The values of a header.
    fn values(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        let headers = self.headers.iter().flatten();
        let named =
            headers.filter(|header| header.name.as_bytes().eq_ignore_ascii_case(name.as_bytes()));
        named.map(|header| header.value.as_bytes())
    }

    fn case<'s>(
        &'s self,
        body: Option<&'s [u8]>,
        public_key: Option<RsaPublicKey>,
    ) -> Result<Case<'s>, Problem> {
        let request = Request {
            method: self.method.as_deref().unwrap_or("GET"),
            url: self
                .url
                .as_deref()
                .ok_or_else(|| Problem::field("missing field `url`"))?,
            content_type: self.values("content-type").next(),
            body,
        };
        request.check_method()?;
        Ok(Case {
            request,
            authorization: self.values("authorization").collect(),
            several_content_types: self.values("content-type").nth(1).is_some(),
            client_key: self.client_key.as_deref(),
            token: self.token.as_deref(),
            keys: Keys {
                client_secret: self.client_secret.as_ref().map(Hidden::expose),
                token_secret: self.token_secret.as_ref().map_or("", Hidden::expose),
                public_key,
            },
            allowed_methods: self.allowed_methods()?,
            now: self
                .now
                .map_or_else(Timestamp::now, Timestamp::from_unix_seconds),
            window: self.window.unwrap_or(300),
            require_body_hash: self.require_body_hash.unwrap_or(false),
            seen: self.seen.iter().flatten().map(Octets::as_bytes).collect(),
        })
    }

    fn allowed_methods(&self) -> Result<Option<Vec<&'static str>>, Problem> {
        let Some(names) = &self.allowed_methods else {
            return Ok(None);
        };
        let method = |name: &Text<'_>| {
            SignatureMethod::of_field("allowed_methods", name).map(SignatureMethod::name)
        };
        names.iter().map(method).collect::<Result<_, _>>().map(Some)
    }
}

/// What answers the lines, with what is kept from one to the next.
#[derive(Default)]
pub(crate) struct Lines {
    slots: Vec<Slot>,
    stand_in: StandIn,
    public_keys: PublicKeys,
}

impl Answerer for Lines {
    const SAYS_OK: bool = true;

    fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Problem> {
        let fields: Fields<'_> = json::read(line)?;
        let body = body(fields.body.as_ref(), fields.body_base64.as_ref())?;
        let public_key = match fields.public_key.as_deref() {
            Some(pem) => Some(self.public_keys.get(pem)?),
            None => None,
        };
        let case = fields.case(body.as_deref(), public_key)?;
        let policy = case.policy();
        let answer = Answer::new(out, fields.id);
        match case.verify(&policy, &mut self.slots, &self.stand_in, |_| ()) {
            Ok(verified) => write_accepted(answer, &verified),
            Err(rejection) => write_refused(answer, &case, &rejection),
        }
        Ok(())
    }
}

fn write_accepted(mut answer: Answer<'_>, verified: &Verified<'_>) {
    answer.boolean("ok", true);
    answer.octets("client_key", &verified.client().to_bytes());
    answer.octets_or_null("token", verified.token().map(Value::to_bytes).as_deref());
    answer.text("signature_method", verified.signature_method());
    let realm = verified
        .realm()
        .map(|realm| realm.bytes().collect::<Vec<u8>>());
    answer.octets_or_null("realm", realm.as_deref());
    let timestamp = verified.timestamp().map(Timestamp::unix_seconds);
    answer.number_or_null("timestamp", timestamp);
    answer.octets_or_null("nonce", verified.nonce().map(Value::to_bytes).as_deref());
    answer.finish();
}

fn write_refused(mut answer: Answer<'_>, case: &Case<'_>, rejection: &Rejection) {
    answer.boolean("ok", false);
    answer.number_or_null("status", Some(rejection.status().into()));
    answer.text("error", rejection.code());
    answer.text("oauth_problem", rejection.problem());
    answer.text("message", &rejection.to_string());
    answer.text("challenge", &case.challenge(rejection));
    answer.finish();
}

/// The public keys that were used last, by their PEM.
#[derive(Default)]
struct PublicKeys {
    /// The one that was used last stands first.
    entries: Vec<(String, RsaPublicKey)>,
}

impl PublicKeys {
    /// Enough for the clients of one server that speak in turn, few enough to compare.
    const ROOM: usize = 8;

    fn get(&mut self, pem: &str) -> Result<RsaPublicKey, Problem> {
        if let Some(at) = self.entries.iter().position(|(known, _)| known == pem) {
            self.entries[..=at].rotate_right(1);
        } else {
            let key =
                RsaPublicKey::from_pem(pem).map_err(|error| Problem::key("public_key", error))?;
            self.entries.truncate(Self::ROOM - 1);
            self.entries.insert(0, (pem.to_owned(), key));
        }
        Ok(self.entries[0].1.clone())
    }
}
