//! Where the story is played: each step is sent to the server and its answer judged.

use alloc::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::{Request, Uri};
use oauth1_core::{BodyHash, Digest, Origin, http::has_form};
use tokio::net::TcpListener;

use crate::{
    client::{self, Client, Reply},
    credentials,
    server::{Entry, POLICY, Provider, Registry},
    story::{Action, Expectation, Step, Tampering},
};

/// A running server and a client of it.
pub(crate) struct Stage {
    origin: &'static str,
    client: Client,
    log: Receiver<Entry>,
    played: Vec<Played>,
}

/// A step that later ones may refer to.
struct Played {
    request: Request<Bytes>,
    base_string: String,
    reply: Reply,
}

/// A step as it went.
pub(crate) struct Scene {
    /// Both as they were on the wire.
    pub(crate) request: Vec<u8>,
    pub(crate) answer: Vec<u8>,
    /// What the client signed.
    pub(crate) base_string: String,
    /// What the server took for that, where it is something else.
    pub(crate) other_base_string: Option<String>,
    /// The hash of the body that was signed and of the one that was sent, where they differ.
    pub(crate) body_hashes: Option<[String; 2]>,
    pub(crate) log: Option<String>,
    pub(crate) verdict: Verdict,
}

/// Whether the answer is the one that the story asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    AsExpected,
    /// What there was in its place.
    Unexpected(String),
}

impl Stage {
    /// Starts the server on a free port of the loopback interface.
    pub(crate) async fn new() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("no port to listen on")?;
        // The server has one address for as long as the program runs.
        let origin: &str = format!("http://{}", listener.local_addr()?).leak();
        let (sender, log) = channel();
        let registry = Registry::default()
            .with_client(credentials::CLIENT, credentials::CLIENT_SECRET)
            .with_token(
                (credentials::TOKEN, credentials::TOKEN_SECRET),
                credentials::CLIENT,
                "Ana",
            );
        let provider = Provider::new(Origin::parse(origin)?, POLICY, registry, sender);
        tokio::spawn(Arc::new(provider).serve(listener));
        Ok(Self {
            origin,
            client: Client::new(),
            log,
            played: Vec::new(),
        })
    }

    /// Where the server is.
    pub(crate) fn origin(&self) -> &'static str {
        self.origin
    }

    /// Sends what the step says, and judges what comes back.
    pub(crate) async fn play(&mut self, step: &Step) -> Result<Scene> {
        let mut body_hashes = None;
        let (request, base_string) = match &step.action {
            Action::Send(message) => {
                let signed = client::signed(message, self.origin)?;
                let base_string = client::base_string(&signed)?;
                let mut request = signed.clone();
                if let Some(tampering) = message.tampering {
                    tamper(&mut request, tampering, self.origin)?;
                    body_hashes = differing_hashes(&signed, &request)?;
                }
                (request, base_string)
            }
            Action::SendAgain(number) => {
                let played = self.step(*number)?;
                (played.request.clone(), played.base_string.clone())
            }
        };

        let exchange = self.client.send(request.clone()).await?;
        // The server writes its log before it answers.
        let entry = self.log.try_recv().unwrap_or_default();
        let verdict = self.judge(step.expectation, &exchange.reply)?;
        self.played.push(Played {
            request,
            base_string: base_string.clone(),
            reply: exchange.reply,
        });
        Ok(Scene {
            request: exchange.traffic.sent,
            answer: exchange.traffic.received,
            other_base_string: entry.base_string.filter(|other| *other != base_string),
            base_string,
            body_hashes,
            log: entry.refused,
            verdict,
        })
    }

    fn judge(&self, expectation: Expectation, reply: &Reply) -> Result<Verdict> {
        let expected = match expectation {
            Expectation::Accepted => reply.status == 200 && reply.challenge.is_none(),
            Expectation::Refused {
                status,
                problem,
                same_as,
            } => {
                let problem = format!("oauth_problem=\"{problem}\"");
                let same = match same_as {
                    Some(number) => self.step(number)?.reply == *reply,
                    None => true,
                };
                let challenge = reply.challenge.as_deref();
                same && reply.status == status
                    && challenge.is_some_and(|text| text.contains(&problem))
            }
        };
        Ok(if expected {
            Verdict::AsExpected
        } else {
            let challenge = reply.challenge.as_deref().unwrap_or("no challenge");
            Verdict::Unexpected(format!("{}, {challenge}", reply.status))
        })
    }

    /// A step that was played, counted from 1.
    fn step(&self, number: usize) -> Result<&Played> {
        match number.checked_sub(1).and_then(|at| self.played.get(at)) {
            Some(played) => Ok(played),
            None => bail!("step {number} has not been played yet"),
        }
    }
}

/// Changes a request whose signature stays as it is.
fn tamper(request: &mut Request<Bytes>, tampering: Tampering, origin: &str) -> Result<()> {
    match tampering {
        Tampering::Target(target) => {
            *request.uri_mut() = Uri::try_from(format!("{origin}{target}"))?;
        }
        Tampering::Body(body) => *request.body_mut() = Bytes::from_static(body.as_bytes()),
    }
    Ok(())
}

fn differing_hashes(signed: &Request<Bytes>, sent: &Request<Bytes>) -> Result<Option<[String; 2]>> {
    if signed.body() == sent.body() || has_form(signed.headers())? {
        return Ok(None);
    }
    let hash = |request: &Request<Bytes>| {
        let hash = BodyHash::of(Digest::Sha1, request.body()).context("SHA-1 is missing")?;
        anyhow::Ok(hash.to_string())
    };
    Ok(Some([hash(signed)?, hash(sent)?]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        show::{Show, Tally},
        story::STEPS,
    };

    fn run<T>(future: impl Future<Output = Result<T>>) -> T {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(future).unwrap()
    }

    #[test]
    fn steps_refer_to_earlier_ones() {
        for (at, step) in STEPS.iter().enumerate() {
            let mut numbers = Vec::new();
            if let Action::SendAgain(number) = step.action {
                numbers.push(number);
            }
            if let Expectation::Refused {
                same_as: Some(number),
                ..
            } = step.expectation
            {
                numbers.push(number);
            }
            assert!(
                numbers.iter().all(|number| (1..=at).contains(number)),
                "{}",
                step.title
            );
        }
    }

    #[test]
    fn another_answer_than_the_expected_one_is_noticed() {
        let refused = |status, problem, same_as| Expectation::Refused {
            status,
            problem,
            same_as,
        };
        // Steps of the story, what they lead to, and what is wrongly expected of them.
        let cases = [
            (&STEPS[0], refused(401, "nonce_used", None)),
            (&STEPS[4], Expectation::Accepted),
            (&STEPS[4], refused(400, "signature_invalid", None)),
            (&STEPS[4], refused(401, "nonce_used", None)),
            (&STEPS[4], refused(401, "signature_invalid", Some(1))),
        ];
        let mut tally = Tally::default();
        run(async {
            let mut stage = Stage::new().await?;
            for (step, expectation) in cases {
                let Action::Send(message) = &step.action else {
                    unreachable!()
                };
                let action = Action::Send(message.clone());
                let step = Step {
                    action,
                    expectation,
                    ..*step
                };
                let scene = stage.play(&step).await?;
                assert!(
                    matches!(scene.verdict, Verdict::Unexpected(_)),
                    "{expectation:?}"
                );
                let shown = Show { colour: false }.step(1, &step, &scene);
                assert!(shown.contains("NOT as expected. Expected: "), "{shown}");
                tally.count(expectation, &scene.verdict);
            }
            Ok(())
        });
        assert_eq!((tally.accepted, tally.refused, tally.unexpected), (0, 0, 5));
        let closing = Show { colour: false }.closing(tally);
        assert!(
            closing.starts_with("5 of 5 answers NOT as expected"),
            "{closing}"
        );
    }
}
