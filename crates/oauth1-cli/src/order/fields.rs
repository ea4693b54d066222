//! What is to be signed, as the fields of a line say it.

use alloc::borrow::Cow;

use oauth1_core::{
    BodyHashRule, Parameter, Transmission,
    profile::{CallbackRule, Profile, Quirk, RealmForm},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    json::{self, Digits, Hidden, Octets, Pair, Text, Word, from_base64},
    key::Secrets,
    order::{Made, Order, Protocol, Request},
    problem::Problem,
    signature_method::SignatureMethod,
};

/// The fields of `sign` and `base-string`. A `null` is as good as nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields<'a> {
    #[serde(borrow, default, deserialize_with = "json::present")]
    pub(crate) id: Option<&'a RawValue>,
    #[serde(borrow)]
    method: Option<Text<'a>>,
    url: Option<Text<'a>>,
    content_type: Option<Text<'a>>,
    body: Option<Octets<'a>>,
    body_base64: Option<Text<'a>>,
    signature_method: Option<Text<'a>>,
    #[serde(alias = "consumer_key")]
    client_key: Option<Text<'a>>,
    #[serde(alias = "consumer_secret")]
    client_secret: Option<Hidden<'a>>,
    private_key: Option<Hidden<'a>>,
    token: Option<Text<'a>>,
    token_secret: Option<Hidden<'a>>,
    nonce: Option<Word<'a>>,
    timestamp: Option<Digits>,
    version: Option<Text<'a>>,
    callback: Option<Text<'a>>,
    verifier: Option<Text<'a>>,
    realm: Option<Text<'a>>,
    extra: Option<Vec<Pair<'a>>>,
    transmission: Option<Text<'a>>,
    body_hash: Option<Text<'a>>,
    profile: Option<Text<'a>>,
    oauth_params: Option<Vec<Pair<'a>>>,
    base_string: Option<Text<'a>>,
}

impl Fields<'_> {
    pub(crate) fn secrets(&self) -> Secrets<'_> {
        Secrets {
            client: self.client_secret.as_ref().map_or("", Hidden::expose),
            token: self.token_secret.as_ref().map_or("", Hidden::expose),
            private_key: self.private_key.as_ref().map(Hidden::expose),
        }
    }

    /// The base string that shall be signed as it stands, if the line has one.
    pub(crate) fn base_string(&self) -> Result<Option<(&str, SignatureMethod)>, Problem> {
        let Some(base_string) = self.base_string.as_deref() else {
            return Ok(None);
        };
        Self::refuse("base_string", &self.request_fields())?;
        Self::refuse("base_string", &self.protocol_fields())?;
        Self::refuse(
            "base_string",
            &[
                ("oauth_params", self.oauth_params.is_some()),
                ("realm", self.realm.is_some()),
                ("transmission", self.transmission.is_some()),
            ],
        )?;
        Ok(Some((base_string, self.signature_method()?)))
    }

    /// The body, decoded.
    pub(crate) fn body(&self) -> Result<Option<Cow<'_, [u8]>>, Problem> {
        body(self.body.as_ref(), self.body_base64.as_ref())
    }

    /// `oauth_params`, or what is `extra`.
    pub(crate) fn parameters(&self) -> Vec<Parameter<'_>> {
        let pairs = self.oauth_params.as_ref().or(self.extra.as_ref());
        let pairs = pairs.into_iter().flatten();
        pairs
            .map(|Pair { name, value }| Parameter::from_bytes(name.as_bytes(), value.as_bytes()))
            .collect()
    }

    /// What shall be signed, of the decoded body and the [`parameters`](Self::parameters).
    pub(crate) fn order<'s>(
        &'s self,
        body: Option<&'s [u8]>,
        parameters: &'s [Parameter<'s>],
    ) -> Result<Order<'s>, Problem> {
        let url = self.url.as_deref();
        let request = Request {
            method: self.method.as_deref().unwrap_or("GET"),
            url: url.ok_or_else(|| Problem::field("missing field `url`"))?,
            content_type: self.content_type.as_deref().map(str::as_bytes),
            body,
        };
        let (protocol, signature_method) = if self.oauth_params.is_some() {
            Self::refuse("oauth_params", &self.protocol_fields())?;
            let client_key = self.client_key.as_deref();
            agree("client_key", client_key, parameters, "oauth_consumer_key")?;
            agree("token", self.token.as_deref(), parameters, "oauth_token")?;
            let stated = parameters
                .iter()
                .find(|pair| pair.name() == "oauth_signature_method");
            let stated = stated.and_then(|pair| SignatureMethod::of_name(&pair.value().to_bytes()));
            let method = match &self.signature_method {
                Some(_) => self.signature_method()?,
                // What the request says of itself goes before what a request says that has none.
                None => stated.unwrap_or_default(),
            };
            (Protocol::Raw(parameters), method)
        } else {
            (
                Protocol::Made(self.made(parameters)?),
                self.signature_method()?,
            )
        };
        let realm = self.realm.as_deref();
        let needs_realm = self
            .provider()?
            .is_some_and(|provider| provider.realm == RealmForm::Account);
        if needs_realm && realm.is_none() {
            return Err(Problem::field(
                "realm: this provider wants the account there, in capitals and with `_` for `-`",
            ));
        }
        Ok(Order {
            request,
            signature_method,
            protocol,
            transmission: self.transmission()?,
            realm,
        })
    }

    /// What the provider wants where the line says nothing of its own.
    fn provider(&self) -> Result<Option<&'static Profile>, Problem> {
        let provider = self.profile.as_deref().map(crate::profile::provider);
        provider.transpose()
    }

    fn made<'s>(&'s self, extra: &'s [Parameter<'s>]) -> Result<Made<'s>, Problem> {
        let client_key = self.client_key.as_deref();
        let provider = self.provider()?;
        Ok(Made {
            client_key: client_key.ok_or_else(|| Problem::field("missing field `client_key`"))?,
            token: match (self.token.as_deref(), provider) {
                (None, Some(provider)) if provider.quirks.contains(&Quirk::EmptyToken) => Some(""),
                (token, _) => token,
            },
            nonce: self.nonce.as_deref(),
            timestamp: self.timestamp.map(|Digits(seconds)| seconds),
            version: self.version()?,
            callback: match (
                self.callback.as_deref(),
                provider.map(|provider| provider.callback),
            ) {
                (None, Some(CallbackRule::Fixed(callback))) => Some(callback),
                (callback, _) => callback,
            },
            verifier: self.verifier.as_deref(),
            extra,
            body_hash: self.body_hash()?,
        })
    }

    fn signature_method(&self) -> Result<SignatureMethod, Problem> {
        match self.signature_method.as_deref() {
            None => Ok(self
                .provider()?
                .map_or_else(SignatureMethod::default, SignatureMethod::of_provider)),
            Some(name) => SignatureMethod::of_field("signature_method", name),
        }
    }

    fn version(&self) -> Result<bool, Problem> {
        match self.version.as_deref() {
            None => Ok(self.provider()?.is_some_and(|provider| provider.version)),
            Some("1.0") => Ok(true),
            Some(_) => Err(Problem::field(
                "version: expected \"1.0\" or null; any other goes into `extra` or `oauth_params`",
            )),
        }
    }

    fn transmission(&self) -> Result<Transmission, Problem> {
        match self.transmission.as_deref() {
            None => Ok(self
                .provider()?
                .map_or(Transmission::Header, |provider| provider.transmission)),
            Some("header") => Ok(Transmission::Header),
            Some("query") => Ok(Transmission::Query),
            Some("form") => Ok(Transmission::Form),
            Some(_) => Err(Problem::field(
                "transmission: expected one of header, query, form",
            )),
        }
    }

    fn body_hash(&self) -> Result<BodyHashRule, Problem> {
        match self.body_hash.as_deref() {
            None => Ok(self
                .provider()?
                .map_or(BodyHashRule::Auto, |provider| provider.body_hash)),
            Some("auto") => Ok(BodyHashRule::Auto),
            Some("always") => Ok(BodyHashRule::Always),
            Some("never") => Ok(BodyHashRule::Never),
            Some(_) => Err(Problem::field(
                "body_hash: expected one of auto, always, never",
            )),
        }
    }

    fn request_fields(&self) -> [(&'static str, bool); 5] {
        [
            ("method", self.method.is_some()),
            ("url", self.url.is_some()),
            ("content_type", self.content_type.is_some()),
            ("body", self.body.is_some()),
            ("body_base64", self.body_base64.is_some()),
        ]
    }

    /// The fields that protocol parameters are made of, but for the credentials: whoever gives the
    /// parameters or the base string need not leave those out.
    fn protocol_fields(&self) -> [(&'static str, bool); 8] {
        [
            ("nonce", self.nonce.is_some()),
            ("timestamp", self.timestamp.is_some()),
            ("version", self.version.is_some()),
            ("callback", self.callback.is_some()),
            ("verifier", self.verifier.is_some()),
            ("extra", self.extra.is_some()),
            ("body_hash", self.body_hash.is_some()),
            ("profile", self.profile.is_some()),
        ]
    }

    /// A field that would be passed over is an error: it is not what its author meant.
    fn refuse(beside: &str, fields: &[(&str, bool)]) -> Result<(), Problem> {
        match fields.iter().find(|(_, is_there)| *is_there) {
            Some((name, _)) => Err(Problem::field(format!(
                "{name}: not allowed beside `{beside}`, which replaces it"
            ))),
            None => Ok(()),
        }
    }
}

/// A credential that is given beside raw parameters is none that they contradict.
fn agree(
    field: &str,
    value: Option<&str>,
    parameters: &[Parameter<'_>],
    name: &str,
) -> Result<(), Problem> {
    let Some(value) = value else { return Ok(()) };
    let mut stated = parameters.iter().filter(|pair| pair.name() == name);
    if stated.any(|pair| pair.value() != value) {
        return Err(Problem::field(format!(
            "{field}: `oauth_params` has another {name}"
        )));
    }
    Ok(())
}

/// The body of a line that may give it in two ways.
pub(crate) fn body<'s>(
    body: Option<&'s Octets<'_>>,
    base64: Option<&Text<'_>>,
) -> Result<Option<Cow<'s, [u8]>>, Problem> {
    match (body, base64) {
        (Some(_), Some(_)) => Err(Problem::field("body: not allowed beside `body_base64`")),
        (None, None) => Ok(None),
        (Some(body), None) => Ok(Some(Cow::Borrowed(body.as_bytes()))),
        (None, Some(text)) => match from_base64(text) {
            Some(body) => Ok(Some(Cow::Owned(body))),
            None => Err(Problem::field(
                "body_base64: expected base64 of the usual alphabet, with its padding",
            )),
        },
    }
}
