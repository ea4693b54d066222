//! What an owner does: open the page, press a button.

use http::Request;
use oauth1_store::ProviderStore;

use crate::harness::{Answer, Harness};

/// A browser with somebody's session.
pub(crate) struct Browser {
    cookie: Option<String>,
}

impl Browser {
    pub(crate) fn of(name: &str) -> Self {
        let cookie = Some(format!("session={name}-6Hq8gKkTLWVxAYcxvEjd4w"));
        Self { cookie }
    }

    pub(crate) fn signed_out() -> Self {
        Self { cookie: None }
    }

    fn request(&self, request: http::request::Builder) -> http::request::Builder {
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    pub(crate) async fn page<S: ProviderStore>(&self, to: &Harness<S>, token: &str) -> Answer {
        let uri = format!("{}/oauth/authorize?oauth_token={token}", to.origin);
        let request = self.request(Request::get(uri)).body(String::new()).unwrap();
        to.send(request).await
    }

    /// Sends the form of a page with a decision.
    pub(crate) async fn submit<S: ProviderStore>(
        &self,
        to: &Harness<S>,
        page: &Answer,
        decision: &str,
    ) -> Answer {
        let mut pairs = page.form_pairs();
        pairs.push(("decision".into(), decision.into()));
        self.post(to, &encode(&pairs), &[]).await
    }

    pub(crate) async fn post<S: ProviderStore>(
        &self,
        to: &Harness<S>,
        form: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self
            .request(Request::post(format!("{}/oauth/authorize", to.origin)))
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        to.send(request.body(form.to_owned()).unwrap()).await
    }
}

pub(crate) fn encode(pairs: &[(String, String)]) -> String {
    let encoded = |text: &str| oauth1_core::percent::encode(text).to_string();
    let pairs = pairs.iter();
    let pairs: Vec<_> = pairs
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    pairs.join("&")
}
