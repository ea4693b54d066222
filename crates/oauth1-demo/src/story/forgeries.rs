//! What is tried by somebody who listens, or who has no secret.

use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use http::{
    Request, StatusCode,
    header::{AUTHORIZATION, USER_AGENT, WWW_AUTHENTICATE},
};
use oauth1_core::{ClientCredentials, HmacSha1, Nonce, Signer, Stamp, Timestamp, TokenCredentials};

use super::{Lesson, Outcome, Told};

impl Told<'_> {
    /// Each is refused, and told no more than why.
    pub(super) async fn forgeries(
        &mut self,
        client: &ClientCredentials<'_>,
        token: &TokenCredentials<'_>,
        timeline: &str,
    ) -> Result<()> {
        let posted = self.posted.clone().context("nothing was posted")?;
        let http = reqwest::Client::builder().user_agent("Mallory").build()?;

        let lesson = Lesson {
            title: "Somebody sends the postcard again",
            text: "The same bytes, with the same nonce: a request is accepted once.",
        };
        let again = refused(&http, posted.clone(), "nonce_used");
        self.step(lesson, Outcome::Refused, again).await?;

        let lesson = Lesson {
            title: "Somebody changes its text",
            text: "The signature is that of another text, and nobody without both secrets makes a new one.",
        };
        let changed = posted.map(|body| {
            let text = String::from_utf8_lossy(&body).replace("cat", "dog");
            Bytes::from(text)
        });
        let changed = refused(&http, changed, "signature_invalid");
        let answer = self.step(lesson, Outcome::Refused, changed).await?;

        let lesson = Lesson {
            title: "Somebody signs for a client that does not exist",
            text: "The answer is, word for word, that to a wrong signature: who exists is told to nobody.",
        };
        let nobody = ClientCredentials::new("nobody", "a secret of one's own");
        let unknown = signed(&nobody, token, timeline, 0)?;
        self.step(lesson, Outcome::Refused, async {
            let other = refused(&http, unknown, "signature_invalid").await?;
            ensure!(other == answer, "the answers differ: {other}, {answer}");
            Ok(())
        })
        .await?;

        let lesson = Lesson {
            title: "A request comes an hour late",
            text: "Rightly signed, but too old: Warble remembers nonces for minutes, not for ever.",
        };
        let late = signed(client, token, timeline, 3600)?;
        let late = refused(&http, late, "timestamp_refused");
        self.step(lesson, Outcome::Refused, late).await.map(drop)
    }
}

/// A request for the timeline, signed some seconds ago.
fn signed(
    client: &ClientCredentials<'_>,
    token: &TokenCredentials<'_>,
    timeline: &str,
    age: u64,
) -> Result<Request<Bytes>> {
    let mut request = Request::get(timeline).body(Bytes::new())?;
    let signer = Signer::<HmacSha1>::for_token(client, token);
    let time = Timestamp::now().unix_seconds().saturating_sub(age);
    let stamp = Stamp::new(Timestamp::from_unix_seconds(time), Nonce::random()?);
    signer.sign_buffered(&mut request, stamp)?;
    Ok(request)
}

/// Sends what must be refused with that problem; the challenge and the text of the answer.
async fn refused(
    http: &reqwest::Client,
    mut request: Request<Bytes>,
    problem: &str,
) -> Result<String> {
    ensure!(
        request.headers().contains_key(AUTHORIZATION),
        "it is not signed"
    );
    request.headers_mut().remove(USER_AGENT);
    let response = http.execute(request.try_into()?).await?;
    if response.status() != StatusCode::UNAUTHORIZED {
        bail!("the answer is {}", response.status());
    }
    let challenge = response.headers().get(WWW_AUTHENTICATE);
    let challenge = challenge.and_then(|value| value.to_str().ok());
    let challenge = challenge.context("there is no challenge")?.to_owned();
    let wanted = format!("oauth_problem=\"{problem}\"");
    ensure!(challenge.contains(&wanted), "the challenge is {challenge}");
    Ok(challenge + "\n" + &response.text().await?)
}
