//! A client that others wrote, in a process of its own.

use anyhow::Context as _;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use oauth1_adapters::{
    CLIENT, CLIENT_SECRET, Content, Further, Method, RSA_CLIENT, RSA_KEY, TOKEN, TOKEN_SECRET,
    Token,
};
use oauth1_core::{BodyHashRule, Transmission};
use serde::Deserialize;
use serde_json::json;

use super::{Client, Sent};
use crate::case::Line;

/// A running client.
#[derive(Debug)]
pub struct Program {
    name: String,
    process: oauth1_foreign::Program,
}

/// What it says of a request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, untagged)]
enum Said {
    Answer { status: u16, text: String },
    Cannot { cannot: String },
    Error { error: String },
}

impl Program {
    /// Starts the client of this name: a package of npm's or of Python's.
    ///
    /// # Errors
    /// When it cannot be had or started: what to install.
    pub fn start(name: &str) -> anyhow::Result<Self> {
        let mut process = crate::program(name, "clients")?;
        // It has ended where it could not load its package.
        let name = process.line()?;
        Ok(Self { name, process })
    }
}

impl Client for Program {
    fn name(&self) -> &str {
        &self.name
    }

    fn send(&mut self, origin: &str, line: &Line) -> anyhow::Result<Sent> {
        let (case, signing) = (line.case, line.case.signing);
        if line.bare {
            return Ok(Sent::Cannot(super::BARE.into()));
        }
        if signing.body_hash != BodyHashRule::Auto {
            return Ok(Sent::Cannot(
                "whether a body is hashed it decides alone".into(),
            ));
        }
        let body = match case.body {
            Content::Empty => None,
            Content::Bytes(bytes) => Some(BASE64_STANDARD.encode(bytes)),
            Content::Streamed(_) => {
                return Ok(Sent::Cannot("its body is whole".into()));
            }
        };
        let is_rsa = is_rsa(signing.method);
        let token = match signing.token {
            Token::Given => Some(TOKEN),
            Token::None => None,
            Token::Empty => Some(""),
        };
        let further = signing.parameters.then_some(Further::ALL);
        let call = json!({
            "method": case.method,
            "url": format!("{origin}{}", case.path),
            "headers": case.headers,
            "body": body,
            "signature_method": signing.method.name(),
            "transmission": match signing.transmission {
                Transmission::Header => "header",
                Transmission::Query => "query",
                _ => "form",
            },
            "realm": signing.realm,
            "client": if is_rsa { RSA_CLIENT } else { CLIENT },
            "client_secret": if is_rsa { "" } else { CLIENT_SECRET },
            "token": token,
            "token_secret": if token == Some(TOKEN) { TOKEN_SECRET } else { "" },
            "rsa_key": is_rsa.then_some(RSA_KEY),
            "callback": further.map(|further| further.callback),
            "verifier": further.map(|further| further.verifier),
            "extra": further.map(|further| further.extra),
        });
        let said = self.process.ask(&call.to_string())?;
        let said = serde_json::from_str(&said).with_context(|| format!("{}: {said}", self.name))?;
        Ok(match said {
            Said::Answer { status, text } => Sent::Answered { status, text },
            Said::Cannot { cannot } => Sent::Cannot(cannot),
            Said::Error { error } => Sent::Failed(error),
        })
    }
}

pub(crate) const fn is_rsa(method: Method) -> bool {
    matches!(
        method,
        Method::RsaSha1 | Method::RsaSha256 | Method::RsaSha512 | Method::RsaPss
    )
}
