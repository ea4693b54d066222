//! The browser of somebody in the story: cookies and forms, and redirects one at a time, so that each can
//! be shown.

use core::time::Duration;

use anyhow::{Context as _, Result};
use http::{StatusCode, header::LOCATION};
use reqwest::{RequestBuilder, redirect};

/// No answer on the loopback interface takes that long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser without a window.
pub(crate) struct Browser(reqwest::Client);

/// What it shows.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) status: StatusCode,
    /// Where it is sent, if it is.
    pub(crate) location: Option<String>,
    pub(crate) html: String,
}

impl Browser {
    /// The name that it sends.
    pub(crate) const NAME: &str = "Browser";

    pub(crate) fn new() -> Result<Self> {
        let http = reqwest::Client::builder()
            .user_agent(Self::NAME)
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        Ok(Self(http))
    }

    /// Opens a page.
    pub(crate) async fn open(&self, url: &str) -> Result<Shown> {
        self.send(self.0.get(url)).await
    }

    /// Sends a form.
    pub(crate) async fn submit(&self, url: &str, fields: &[(&str, &str)]) -> Result<Shown> {
        self.send(self.0.post(url).form(fields)).await
    }

    async fn send(&self, request: RequestBuilder) -> Result<Shown> {
        let response = request.send().await?;
        let location = response.headers().get(LOCATION);
        let location = location.and_then(|value| value.to_str().ok());
        Ok(Shown {
            status: response.status(),
            location: location.map(str::to_owned),
            html: response.text().await?,
        })
    }
}

impl Shown {
    /// Where it is sent.
    pub(crate) fn there(&self) -> Result<&str> {
        let there = self.location.as_deref();
        there.with_context(|| format!("the answer is {} and leads nowhere", self.status))
    }

    /// The value of the hidden field of that name. The sites' own pages write them all alike.
    pub(crate) fn hidden(&self, name: &str) -> Result<&str> {
        self.between(
            &format!("<input type=\"hidden\" name=\"{name}\" value=\""),
            '"',
        )
    }

    /// The text of the element with that `id`.
    pub(crate) fn element(&self, id: &str) -> Result<&str> {
        self.between(&format!(" id=\"{id}\">"), '<')
    }

    fn between(&self, before: &str, after: char) -> Result<&str> {
        let found = self.html.split_once(before);
        let found = found.and_then(|(_, rest)| Some(rest.split_once(after)?.0));
        found.with_context(|| format!("the page has no {before}"))
    }
}
