//! The provider's side: verifies every request before it answers.
//!
//! The protocol is in the core; what stands here is a *driver*. It reads what must be read, looks up
//! secrets, remembers nonces, and says to the sender what the core says.

use alloc::sync::Arc;
use core::convert::Infallible;
use std::sync::mpsc::Sender;

use bytes::Bytes;
use http::{Request, request::Parts};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{body::Body, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use oauth1_core::{
    Origin, Slot, StandIn, Timestamp,
    http::{Payload, has_form},
    sink::Sink,
    verify::{
        BodyCheck, BodyHashPolicy, Coverage, Lookup, NonceStatus, Policy, Reason, Rejection,
        Verified,
    },
};
use tokio::net::TcpListener;

pub(crate) use self::registry::Registry;
use self::{
    answer::{Answer, Refusal},
    memory::Memory,
};

mod answer;
mod memory;
mod registry;

/// What a server knows: its own address, who may call it, and what has been here before.
pub(crate) struct Provider {
    /// Stated, never taken from the `Host` header, which is whatever the sender writes there.
    origin: Origin<'static>,
    policy: Policy<'static>,
    registry: Registry,
    memory: Memory,
    stand_in: StandIn,
    log: Sender<Entry>,
}

/// A line of the server's log, which may know more than the sender is told.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// The base string as the server computed it, where it came to that.
    pub(crate) base_string: Option<String>,
    /// Why the request was refused.
    pub(crate) refused: Option<String>,
}

/// What the demo demands: that every body is signed, which RFC 5849 leaves open.
pub(crate) const POLICY: Policy<'static> = Policy::new().with_body_hash(BodyHashPolicy::Required);

impl Provider {
    /// A server at `origin`, whose log goes to `log`.
    pub(crate) fn new(
        origin: Origin<'static>,
        policy: Policy<'static>,
        registry: Registry,
        log: Sender<Entry>,
    ) -> Self {
        Self {
            origin,
            policy,
            registry,
            memory: Memory::default(),
            stand_in: StandIn::new(),
            log,
        }
    }

    /// Answers whoever connects, until the listener fails.
    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let provider = Arc::clone(&self);
            let service = service_fn(move |request| {
                let provider = Arc::clone(&provider);
                async move { Ok::<_, Infallible>(provider.answer(request).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            // A connection that breaks is its client's to notice.
            tokio::spawn(async move { connection.await.ok() });
        }
    }

    /// Verifies a request and answers it.
    pub(crate) async fn answer<B>(&self, request: Request<B>) -> Answer
    where
        B: Body<Data = Bytes> + Unpin,
        B::Error: Into<Box<dyn core::error::Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let mut entry = Entry::default();
        let outcome = self.judge(&parts, body, &mut entry).await;
        entry.refused = outcome.as_ref().err().map(ToString::to_string);
        // Nobody need read the log.
        self.log.send(entry).ok();
        outcome.map_or_else(|refusal| refusal.answer(), |text| answer::accepted(&text))
    }

    async fn judge<B>(
        &self,
        parts: &Parts,
        mut body: B,
        entry: &mut Entry,
    ) -> Result<String, Refusal>
    where
        B: Body<Data = Bytes> + Unpin,
        B::Error: Into<Box<dyn core::error::Error + Send + Sync>>,
    {
        // The fields of a form are signed, so it is read first; any other body flows past later.
        let is_form =
            has_form(&parts.headers).map_err(|_| Rejection::new(Reason::MalformedContentType))?;
        let form = if is_form {
            Some(self.read_form(&mut body).await?)
        } else {
            None
        };
        let payload = match &form {
            Some(form) => Payload::Bytes(form),
            None if body.is_end_stream() => Payload::Empty,
            None => Payload::Streamed,
        };

        let mut slots = Vec::new();
        let verified = self.verify(parts, payload, &mut slots, entry)?;

        let body = match (&form, verified.coverage()) {
            (Some(_), _) => "its form is signed".to_owned(),
            (None, Coverage::Empty) => "it has no body".to_owned(),
            (None, _) => {
                let length = read_signed(&mut body, &verified).await?;
                format!("its body of {length} bytes is the one that was signed")
            }
        };
        let client = verified.client().to_string_lossy();
        let owner = verified
            .token()
            .and_then(|token| self.registry.owner(token));
        let owner = owner.unwrap_or("itself");
        Ok(format!("verified: {client} acts for {owner}, and {body}"))
    }

    /// The chain: each step hands out the next question, and none can be left out.
    fn verify<'r>(
        &'r self,
        parts: &'r Parts,
        payload: Payload<'r>,
        slots: &'r mut Vec<Slot>,
        entry: &mut Entry,
    ) -> Result<Verified<'r>, Refusal> {
        let now = Timestamp::now();
        let received = self
            .policy
            .receive_parts(parts, self.origin, payload, now, slots)?;
        entry.base_string = Some(received.base_string().to_string());
        let found = self.registry.secrets(received.client(), received.token());
        let lookup = match &found {
            Ok(secrets) => Lookup::Found(secrets),
            Err(unknown) => *unknown,
        };
        let authentic = received.authenticate(lookup, &self.stand_in)?;
        let status = match authentic.replay_key() {
            Some(key) => self.memory.check_and_insert(key)?,
            None => NonceStatus::Absent,
        };
        Ok(authentic.accept(status)?)
    }

    /// Reads a form, and no more of it than the policy would look at.
    async fn read_form<B>(&self, body: &mut B) -> Result<Bytes, Refusal>
    where
        B: Body<Data = Bytes> + Unpin,
        B::Error: Into<Box<dyn core::error::Error + Send + Sync>>,
    {
        match Limited::new(body, self.policy.limits().form_bytes)
            .collect()
            .await
        {
            Ok(form) => Ok(form.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => {
                Err(Rejection::new(Reason::TooLarge("the form")).into())
            }
            Err(_) => Err(Refusal::Unreadable),
        }
    }
}

/// Reads a body that is no form, hashes it as it flows, and agrees only at its end. That its hash is
/// signed is the policy's demand.
async fn read_signed<B>(body: &mut B, verified: &Verified<'_>) -> Result<usize, Refusal>
where
    B: Body<Data = Bytes> + Unpin,
{
    let mut check = verified.body_check()?;
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::Unreadable)?;
        // Trailers are no part of the body.
        let Some(data) = frame.data_ref().filter(|data| !data.is_empty()) else {
            continue;
        };
        if let Some(check) = &mut check {
            check.put(data);
        }
        length += data.len();
    }
    check.map_or(Ok(()), BodyCheck::finish)?;
    Ok(length)
}

#[cfg(test)]
mod tests;
