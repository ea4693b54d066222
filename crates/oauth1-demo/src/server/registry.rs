//! Who may call, and for whom.

use std::collections::HashMap;

use oauth1_core::{Secret, SharedSecrets, Value, verify::Lookup};

/// The clients and tokens that a server has given out.
#[derive(Default)]
pub(crate) struct Registry {
    clients: HashMap<String, Secret<'static>>,
    tokens: HashMap<String, Token>,
}

/// Consent of an owner that a client may act for them.
struct Token {
    client: String,
    owner: String,
    secret: Secret<'static>,
}

impl Registry {
    /// Registers a client.
    pub(crate) fn with_client(mut self, client: &str, secret: &str) -> Self {
        let secret = Secret::from(secret.to_owned());
        self.clients.insert(client.to_owned(), secret);
        self
    }

    /// Notes that `owner` lets `client` act for them.
    pub(crate) fn with_token(
        mut self,
        (token, secret): (&str, &str),
        client: &str,
        owner: &str,
    ) -> Self {
        let consent = Token {
            client: client.to_owned(),
            owner: owner.to_owned(),
            secret: Secret::from(secret.to_owned()),
        };
        self.tokens.insert(token.to_owned(), consent);
        self
    }

    /// The secrets of a client and of a token that is its own; otherwise which of them is unknown.
    pub(super) fn secrets(
        &self,
        client: Value<'_>,
        token: Option<Value<'_>>,
    ) -> Result<SharedSecrets<'_>, Lookup<'static>> {
        // An identifier that is no text is nobody's.
        let name = client.to_str().ok_or(Lookup::ClientUnknown)?;
        let secret = self.clients.get(&*name).ok_or(Lookup::ClientUnknown)?;
        let Some(token) = token else {
            return Ok(SharedSecrets::of_client(secret));
        };
        let token = self.token(token).filter(|token| token.client == name);
        let token = token.ok_or(Lookup::TokenUnknown)?;
        Ok(SharedSecrets::new(secret, &token.secret))
    }

    /// Whom a token stands for.
    pub(super) fn owner(&self, token: Value<'_>) -> Option<&str> {
        self.token(token).map(|token| token.owner.as_str())
    }

    fn token(&self, token: Value<'_>) -> Option<&Token> {
        self.tokens.get(&*token.to_str()?)
    }
}
