//! `oauth1 explain --json`.

use alloc::borrow::Cow;
use core::fmt;

use oauth1_core::{
    RsaPrivateKey,
    explain::{Cause, Explanation},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{Case, KnownKey};
use crate::{
    json::{self, Answer, Text},
    order::{Protocol, fields::Fields},
    problem::Problem,
    signing::Desk,
    stream::Answerer,
};

/// What answers the lines, with what is kept from one to the next.
#[derive(Default)]
pub(super) struct Lines {
    desk: Desk,
}

impl Answerer for Lines {
    fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Problem> {
        let split: Split<'_> = json::read(line)?;
        let expected = split.expected()?;
        let fields: Fields<'_> = json::read(split.rest.as_bytes())?;
        if fields.base_string()?.is_some() {
            return Err(Problem::field(
                "base_string: nothing to explain; what the other side has is \
                 `expected_base_string`",
            ));
        }
        let body = fields.body()?;
        let parameters = fields.parameters();
        let order = fields.order(body.as_deref(), &parameters)?;
        if let Protocol::Made(made) = order.protocol {
            let missing = [
                ("nonce", made.nonce.is_none()),
                ("timestamp", made.timestamp.is_none()),
            ];
            if let Some((name, _)) = missing.iter().find(|(_, missing)| *missing) {
                return Err(Problem::field(format!(
                    "missing field `{name}`: that of the request that is to be explained"
                )));
            }
        }
        let mut case = Case::of_order(&order, &mut self.desk)?;
        if let Protocol::Raw(parameters) = order.protocol {
            // One that is given is what was sent.
            let sent = parameters
                .iter()
                .find(|pair| pair.name() == "oauth_signature");
            let pair = |pair: &oauth1_core::Parameter<'_>| {
                (
                    b"oauth_signature".to_vec(),
                    pair.value().to_bytes().into_owned(),
                )
            };
            case.protocol.extend(sent.map(pair));
        }
        let secrets = fields.secrets();
        let key = match secrets
            .private_key
            .filter(|_| order.signature_method.is_rsa())
        {
            Some(pem) => KnownKey::Public(
                RsaPrivateKey::from_pem(pem)
                    .map_err(|error| Problem::key("private_key", error))?
                    .public_key(),
            ),
            None => KnownKey::Shared(secrets.client, secrets.token),
        };
        let (signature, base_string) = (expected.signature, expected.base_string);
        if signature.is_none() && base_string.is_none() {
            return Err(Problem::field(
                "missing field `expected_signature` or `expected_base_string`",
            ));
        }
        let key = if signature.is_none() {
            KnownKey::Unknown
        } else {
            key
        };
        let explanation = case.explain(&key, signature.as_deref(), base_string.as_deref())?;
        write(&explanation, Answer::new(out, fields.id));
        Ok(())
    }
}

fn write(explanation: &Explanation, mut answer: Answer<'_>) {
    answer.boolean("match", explanation.matches());
    if !explanation.matches() {
        let set = |set: &[Cause]| -> Vec<_> { set.iter().copied().map(Said::of).collect() };
        answer.boolean("found", explanation.is_found());
        answer.value("causes", &set(explanation.causes()));
        let others = explanation.alternatives();
        if !others.is_empty() {
            let others: Vec<_> = others.iter().map(|other| set(other)).collect();
            answer.value("alternatives", &others);
        }
        answer.text("base_string", explanation.base_string());
        answer.value("expected_base_string", &explanation.expected_base_string());
        let difference = explanation.first_difference();
        let difference = difference.as_ref().map(|difference| Difference {
            offset: difference.offset,
            ours: &difference.ours,
            theirs: &difference.theirs,
            parameter: difference.parameter.as_deref(),
        });
        answer.value("first_difference", &difference);
        answer.value("tried", &explanation.tried());
    }
    answer.finish();
}

/// A cause, in words.
#[derive(Serialize)]
struct Said {
    code: &'static str,
    message: String,
    fix: &'static str,
}

impl Said {
    fn of(cause: Cause) -> Self {
        Self {
            code: cause.code(),
            message: format!("{} ({})", cause.message(), cause.rule()),
            fix: cause.fix(),
        }
    }
}

#[derive(Serialize)]
struct Difference<'e> {
    offset: usize,
    ours: &'e str,
    theirs: &'e str,
    parameter: Option<&'e str>,
}

/// A line taken apart: what the other side has, and a line of `sign`.
struct Split<'a> {
    signature: Option<&'a RawValue>,
    base_string: Option<&'a RawValue>,
    /// It holds secrets.
    rest: Zeroizing<String>,
}

/// What the other side has.
struct Stated<'a> {
    signature: Option<Text<'a>>,
    base_string: Option<Text<'a>>,
}

impl<'a> Split<'a> {
    fn expected(&self) -> Result<Stated<'a>, Problem> {
        let text = |name: &str, value: Option<&'a RawValue>| match value {
            None => Ok(None),
            Some(value) => serde_json::from_str(value.get())
                .map_err(|_| Problem::field(format!("{name}: expected a string"))),
        };
        Ok(Stated {
            signature: text("expected_signature", self.signature)?,
            base_string: text("expected_base_string", self.base_string)?,
        })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Split<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SplitVisitor;
        impl<'de> Visitor<'de> for SplitVisitor {
            type Value = Split<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Split<'de>, M::Error> {
                let (mut signature, mut base_string) = (None, None);
                let mut rest: Vec<(String, &str)> = Vec::new();
                while let Some(name) = map.next_key::<Cow<'de, str>>()? {
                    let value: &'de RawValue = map.next_value()?;
                    let place = match &*name {
                        "expected_signature" => &mut signature,
                        "expected_base_string" => &mut base_string,
                        _ => {
                            let name = serde_json::to_string(&name);
                            rest.push((name.map_err(Error::custom)?, value.get()));
                            continue;
                        }
                    };
                    if place.replace(value).is_some() {
                        return Err(Error::custom(format!("duplicate field `{name}`")));
                    }
                }
                Ok(Split {
                    signature,
                    base_string,
                    rest: join(&rest),
                })
            }
        }
        deserializer.deserialize_map(SplitVisitor)
    }
}

/// An object of these fields, in memory that does not grow: no copy of a secret is left behind.
fn join(fields: &[(String, &str)]) -> Zeroizing<String> {
    let length = fields
        .iter()
        .map(|(name, value)| name.len() + value.len() + 2);
    let mut text = Zeroizing::new(String::with_capacity(length.sum::<usize>() + 2));
    text.push('{');
    for (at, (name, value)) in fields.iter().enumerate() {
        for part in [if at == 0 { "" } else { "," }, name, ":", value] {
            text.push_str(part);
        }
    }
    text.push('}');
    text
}
