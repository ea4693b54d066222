//! `oauth1 verify`.

use oauth1_core::{
    BaseString, RsaPublicKey, SharedSecrets, Slot, StandIn, Timestamp, Value, Verdict,
    VerifyingKey,
    verify::{BodyHashPolicy, Lookup, NonceStatus, Policy, Reason, Received, Rejection, Verified},
};

use crate::{
    arguments::VerifyArguments, order::Request, problem::Failure,
    signature_method::SignatureMethod, stream,
};

pub(crate) mod lines;
mod person;

pub(crate) fn run(arguments: VerifyArguments) -> Result<(), Failure> {
    if arguments.mode.json {
        stream::run(lines::Lines::default())
    } else {
        person::run(arguments)
    }
}

/// A request, and what the server knows.
struct Case<'a> {
    request: Request<'a>,
    /// The values of its `Authorization` headers.
    authorization: Vec<&'a [u8]>,
    /// It has more than one, so that nobody can say what its body is.
    several_content_types: bool,
    client_key: Option<&'a str>,
    token: Option<&'a str>,
    keys: Keys<'a>,
    /// Those that are named; otherwise, what the keys can serve.
    allowed_methods: Option<Vec<&'static str>>,
    now: Timestamp,
    window: u64,
    require_body_hash: bool,
    seen: Vec<&'a [u8]>,
}

/// What a client signs with, as the server has it. Where there is neither, nothing is what it should be.
struct Keys<'a> {
    client_secret: Option<&'a str>,
    token_secret: &'a str,
    public_key: Option<RsaPublicKey>,
}

impl<'a> Case<'a> {
    fn policy(&self) -> Policy<'_> {
        let mut policy = Policy::new().with_window(self.window);
        policy = match &self.allowed_methods {
            // The policy lets PLAINTEXT in over TLS alone, but for who names it: who does, means it.
            Some(methods) if methods.contains(&SignatureMethod::Plaintext.name()) => {
                policy.with_methods(methods).allow_plaintext_without_tls()
            }
            Some(methods) => policy.with_methods(methods),
            None => policy.with_methods(self.keys.methods()),
        };
        if self.require_body_hash {
            policy = policy.with_body_hash(BodyHashPolicy::Required);
        }
        policy
    }

    /// Goes through the chain. `look` sees what was received before anything of it is proven.
    fn verify<'r>(
        &'r self,
        policy: &'r Policy<'r>,
        slots: &'r mut Vec<Slot>,
        stand_in: &StandIn,
        look: impl FnOnce(&Received<'r>),
    ) -> Result<Verified<'r>, Rejection> {
        if self.several_content_types {
            return Err(Reason::MalformedContentType.into());
        }
        let request = self.request.view().map_err(|_| Reason::MalformedUri)?;
        let headers = self.authorization.iter().copied();
        let received = policy.receive(&request, headers, self.now, slots)?;
        look(&received);

        let key = self.key_for(received.token());
        let lookup = self.look_up(&received, &key);
        let authentic = received.authenticate(lookup, stand_in)?;

        let status = match authentic.replay_key() {
            None => NonceStatus::Absent,
            Some(key) if self.seen.iter().any(|nonce| key.nonce() == **nonce) => {
                NonceStatus::Replayed
            }
            Some(_) => NonceStatus::Fresh,
        };
        authentic.accept(status)
    }

    fn look_up<'k>(&self, received: &Received<'_>, key: &'k Keys<'_>) -> Lookup<'k> {
        if self
            .client_key
            .is_none_or(|known| received.client() != known)
        {
            return Lookup::ClientUnknown;
        }
        match received.token() {
            Some(token) if self.token.is_none_or(|known| token != known) => Lookup::TokenUnknown,
            _ => Lookup::Found(key),
        }
    }

    /// The keys for a request with or without a token.
    fn key_for(&self, token: Option<Value<'_>>) -> Keys<'a> {
        let knows_token = self.token.is_some_and(|token| !token.is_empty());
        Keys {
            client_secret: self.keys.client_secret,
            // The secret of a token signs no request that comes without it.
            token_secret: if token.is_none() && knows_token {
                ""
            } else {
                self.keys.token_secret
            },
            public_key: self.keys.public_key.clone(),
        }
    }

    /// What a server that is called like its host would answer with.
    fn challenge(&self, rejection: &Rejection) -> String {
        let host = self
            .request
            .target()
            .map_or("", |target| target.origin().host());
        rejection.challenge(host)
    }
}

impl Keys<'_> {
    /// What they can serve. Where there is no key, no method is to blame for it.
    fn methods(&self) -> &'static [&'static str] {
        const ALL: &[&str] = &[
            "RSA-SHA1",
            "RSA-SHA256",
            "RSA-SHA512",
            "RSA-PSS",
            "HMAC-SHA1",
            "HMAC-SHA256",
            "HMAC-SHA512",
            "PLAINTEXT",
        ];
        let (rsa, shared) = ALL.split_at(4);
        match (self.client_secret, &self.public_key) {
            (Some(_), None) => shared,
            (None, Some(_)) => rsa,
            _ => ALL,
        }
    }

    fn secrets(&self) -> Option<SharedSecrets<'_>> {
        self.client_secret
            .map(|client| SharedSecrets::new(client, self.token_secret))
    }
}

/// Each serves the methods of its own kind: a public key is never taken for a secret.
impl VerifyingKey for Keys<'_> {
    fn serves(&self, method: &str) -> bool {
        self.secrets().is_some_and(|secrets| secrets.serves(method))
            || self
                .public_key
                .as_ref()
                .is_some_and(|key| key.serves(method))
    }

    fn verify(&self, method: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        if let Some(secrets) = self.secrets().filter(|secrets| secrets.serves(method)) {
            return secrets.verify(method, base_string, signature);
        }
        match &self.public_key {
            Some(key) => key.verify(method, base_string, signature),
            None => Verdict::Invalid,
        }
    }
}
