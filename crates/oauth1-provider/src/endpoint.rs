//! The endpoints whose requests are signed: what the core decides is asked of the store, stored and
//! answered.

use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};
use core::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::Request;
use oauth1_core::{
    Timestamp,
    provider::{
        Exchange, NewCredentials, Password, PasswordRequest, Refusal, Registration, Renew, Renewal,
        Reply, RevocationRequest, SessionHandle, SignedBy, Take, TemporaryRequest, TokenGrant,
        TokenRequest,
    },
    verify::Verified,
};
use oauth1_store::{
    Callback, Client, Creation, Decision, ProviderStore, Session, Taken, Temporary, Token,
};
use tower_service::Service;

use crate::{
    answer::{self, Answer},
    credentials::Endpoint,
    failure::Failure,
    owner::Application,
    provider::Shared,
    random,
};

/// What a verified request asks for: read from it while its parameters are at hand, for the handler
/// behind the layer that verifies.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    Temporary(TemporaryRequest),
    Token(TokenRequest),
    Revocation(RevocationRequest),
}

impl Asked {
    pub(crate) fn read(
        endpoint: Endpoint,
        verified: &Verified<'_>,
        signed_by: SignedBy,
    ) -> Result<Self, Refusal> {
        match endpoint {
            Endpoint::Temporary => TemporaryRequest::read(verified).map(Self::Temporary),
            Endpoint::Token { .. } => TokenRequest::read(verified, signed_by).map(Self::Token),
            Endpoint::Revocation => {
                RevocationRequest::read(verified, signed_by).map(Self::Revocation)
            }
        }
    }

    fn client(&self) -> &str {
        match self {
            Self::Temporary(asked) => asked.client(),
            Self::Token(asked) => asked.client(),
            Self::Revocation(asked) => asked.client(),
        }
    }
}

/// The service behind the layer that verifies.
pub(crate) struct Handler<S, A> {
    shared: Arc<Shared<S, A>>,
}

impl<S, A> Handler<S, A> {
    pub(crate) const fn new(shared: Arc<Shared<S, A>>) -> Self {
        Self { shared }
    }
}

impl<S, A> Clone for Handler<S, A> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.shared))
    }
}

impl<S: ProviderStore, A: Application, B> Service<Request<B>> for Handler<S, A> {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let shared = Arc::clone(&self.shared);
        let asked = request.extensions_mut().remove::<Result<Asked, Refusal>>();
        Box::pin(async move {
            // Nothing comes here but through the layer, which puts it there.
            let asked = asked.unwrap_or(Err(Refusal::ParameterAbsent("oauth_signature")));
            Ok(shared.answer(asked).await)
        })
    }
}

impl<S: ProviderStore, A: Application> Shared<S, A> {
    async fn answer(&self, asked: Result<Asked, Refusal>) -> Answer {
        let client = asked.as_ref().map_or("", Asked::client).to_owned();
        let answered = match asked {
            Ok(asked) => self.grant(asked).await,
            Err(refusal) => Err(refusal.into()),
        };
        match answered {
            Ok(answer) => answer,
            Err(failure) => {
                tracing::info!(code = failure.code(), client, "refused: {failure}");
                answer::failed(&failure, &self.settings.realm)
            }
        }
    }

    async fn grant(&self, asked: Asked) -> Result<Answer, Failure> {
        let now = (self.settings.clock)();
        let reply = match asked {
            Asked::Temporary(asked) => self.temporary(asked, now).await?,
            Asked::Token(TokenRequest::Exchange(asked)) => self.exchange(asked, now).await?,
            Asked::Token(TokenRequest::Renewal(asked)) => self.renew(asked, now).await?,
            Asked::Token(TokenRequest::Password(asked)) => self.password(asked, now).await?,
            Asked::Revocation(asked) => {
                let change = self.store.revoke_token(asked.identifier()).await?;
                tracing::info!(
                    client = asked.client(),
                    ?change,
                    "a client gave a token back"
                );
                return Ok(answer::done());
            }
        };
        Ok(answer::reply(&reply))
    }

    /// Section 2.1.
    async fn temporary(&self, asked: TemporaryRequest, now: Timestamp) -> Result<Reply, Failure> {
        let client = self.registered(asked.client()).await?;
        let grant = asked.check(&registration(&client))?;
        let new = NewCredentials::from_bytes(random::bytes()?);
        let callback = match grant.callback() {
            "oob" => Callback::OutOfBand,
            uri => Callback::Uri(uri.into()),
        };
        let expires = after(now, self.settings.temporary_seconds);
        let secret = new.secret().clone();
        let mut temporary = Temporary::new(
            new.identifier(),
            secret,
            grant.client(),
            callback,
            now,
            expires,
        );
        temporary.realms = grant.realms().to_vec();
        temporary.attempts = self.settings.attempts;
        created(self.store.insert_temporary(temporary, now).await?)?;
        tracing::debug!(client = grant.client(), "gave out temporary credentials");
        Ok(new.temporary_reply())
    }

    /// Section 2.3.
    async fn exchange(&self, asked: Exchange, now: Timestamp) -> Result<Reply, Failure> {
        let (identifier, client) = (asked.identifier(), asked.client());
        let verifier = asked.expose_verifier();
        let taken = self
            .store
            .take_temporary(identifier, client, verifier, now)
            .await?;
        let (take, temporary) = match taken {
            Taken::Taken(temporary) => (Take::Taken, Some(temporary)),
            Taken::Unknown => (Take::Unknown, None),
            Taken::Pending => (Take::NotDecided, None),
            Taken::Denied => (Take::Denied, None),
            Taken::WrongVerifier { attempts_left: 0 } => (Take::Exhausted, None),
            Taken::WrongVerifier { .. } => (Take::WrongVerifier, None),
        };
        let grant = asked.taken(take)?;
        let approved = temporary.map(|temporary| (temporary.decision, temporary.realms));
        let Some((Decision::Approved { owner }, realms)) = approved else {
            // What was taken was approved.
            return Err(Refusal::NotDecided.into());
        };
        let (token, new, handle) = self.new_token(grant.client(), owner, realms, now)?;
        let reply = self.reply(&grant, &token, &new, handle.as_ref(), now).await;
        created(self.store.insert_token(token, now).await?)?;
        tracing::debug!(client = grant.client(), "gave out token credentials");
        Ok(reply)
    }

    /// The Session extension. Owner, realms and the end of the session stay; the handle is another.
    async fn renew(&self, asked: Renewal, now: Timestamp) -> Result<Reply, Failure> {
        let old = self.store.token(asked.identifier(), now).await?;
        let old = old.ok_or(Refusal::SessionUnknown)?;
        let (mut token, new, handle) =
            self.new_token(asked.client(), old.owner, old.realms, now)?;
        let handle = match handle {
            Some(handle) => handle,
            // Sessions were switched off meanwhile: this one goes on to its end.
            None => SessionHandle::from_bytes(random::bytes()?),
        };
        let ends = old.session.and_then(|session| session.expires);
        token.session = Some(session(&handle, ends));
        let (identifier, client) = (asked.identifier(), asked.client());
        let stored = token.clone();
        let renewed = self
            .store
            .renew_token(identifier, client, asked.expose_handle(), stored, now)
            .await?;
        let grant = asked.renewed(match renewed {
            oauth1_store::Renewal::Renewed => Renew::Renewed,
            oauth1_store::Renewal::Refused => Renew::Unknown,
        })?;
        tracing::debug!(client = grant.client(), "renewed token credentials");
        Ok(self.reply(&grant, &token, &new, Some(&handle), now).await)
    }

    /// xAuth.
    async fn password(&self, asked: PasswordRequest, now: Timestamp) -> Result<Reply, Failure> {
        let client = self.registered(asked.client()).await?;
        let allowed = client.xauth && self.settings.xauth;
        let realms = asked.check(&registration(&client).with_xauth(allowed))?;
        let owner = self
            .application
            .check_password(asked.client(), asked.username(), asked.expose_password())
            .await;
        let (password, owner) = match owner {
            Some(owner) => (Password::Right, owner),
            None => (Password::Wrong, String::new()),
        };
        let grant = asked.judged(password)?;
        let (token, new, handle) = self.new_token(grant.client(), owner, realms, now)?;
        let reply = self.reply(&grant, &token, &new, handle.as_ref(), now).await;
        created(self.store.insert_token(token, now).await?)?;
        tracing::debug!(
            client = grant.client(),
            "gave out token credentials for a password"
        );
        Ok(reply)
    }

    async fn registered(&self, client: &str) -> Result<Client, Failure> {
        let client = self.store.client(client).await?;
        // It was there when the signature was verified.
        let client = client.filter(|client| client.revoked.is_none());
        Ok(client.ok_or(Refusal::WrongCredentials(SignedBy::Client))?)
    }

    fn new_token(
        &self,
        client: &str,
        owner: String,
        realms: Vec<String>,
        now: Timestamp,
    ) -> Result<(Token, NewCredentials, Option<SessionHandle>), Failure> {
        let settings = &self.settings;
        let new = NewCredentials::from_bytes(random::bytes()?);
        let secret = new.secret().clone();
        let mut token = Token::new(new.identifier(), secret, client, owner, now);
        token.realms = realms;
        token.expires = settings.token_seconds.map(|seconds| after(now, seconds));
        let mut handle = None;
        if let Some(seconds) = settings.session_seconds {
            let new = SessionHandle::from_bytes(random::bytes()?);
            token.session = Some(session(&new, Some(after(now, seconds))));
            handle = Some(new);
        }
        Ok((token, new, handle))
    }

    async fn reply(
        &self,
        grant: &TokenGrant,
        token: &Token,
        new: &NewCredentials,
        handle: Option<&SessionHandle>,
        now: Timestamp,
    ) -> Reply {
        let mut reply = grant.reply(new);
        if let Some(expires) = token.expires {
            reply = reply.with_expiry(expires, now);
        }
        let ends = token.session.as_ref().and_then(|session| session.expires);
        if let (Some(handle), Some(ends)) = (handle, ends) {
            reply = reply.with_session(handle, ends, now);
        }
        for (name, value) in self.application.token_reply(&token.owner).await {
            if !name.starts_with("oauth_") {
                reply = reply.with_extra(&name, &value);
            }
        }
        reply.write()
    }
}

fn registration(client: &Client) -> Registration<'_, String> {
    Registration::new(&client.callbacks, &client.realms)
}

fn session(handle: &SessionHandle, ends: Option<Timestamp>) -> Session {
    Session::new(String::from(handle.expose()).into(), ends)
}

fn after(now: Timestamp, seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(now.unix_seconds().saturating_add(seconds))
}

/// Of 160 random bits, none comes twice: if it does, the random source is none.
fn created(creation: Creation) -> Result<(), Failure> {
    match creation {
        Creation::Created => Ok(()),
        Creation::Exists => Err(random::RandomSourceError.into()),
    }
}
