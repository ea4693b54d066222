//! What was refused, and why: for the log, and for a page.

use alloc::{collections::VecDeque, sync::Arc};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{Response, StatusCode, header, request::Parts};
use http_body_util::Full;
use oauth1_core::{
    Body, RequestView, Secret, Target, Timestamp, Value,
    authorization::{AuthorizationHeader, HeaderParameter},
    content_type::is_form,
    explain::{Keys, Limits, Question},
    form,
    problem::{Code, Problem},
};
use oauth1_store::{ClientKey, ProviderStore};

use crate::{
    html,
    page::{BAD, GOOD, printable},
};

/// How many are kept.
const KEPT: usize = 50;

/// The last refusals.
pub(super) struct Refusals<S> {
    store: Arc<S>,
    origin: String,
    kept: Mutex<VecDeque<Refusal>>,
}

/// A request that was refused: its first line, and what is to be said about it.
#[derive(Clone)]
struct Refusal {
    line: String,
    about: Vec<String>,
}

impl<S: ProviderStore> Refusals<S> {
    pub(super) fn new(store: Arc<S>, origin: String) -> Self {
        Self {
            store,
            origin,
            kept: Mutex::default(),
        }
    }

    /// Writes down what was answered, and explains it where it is a refusal.
    pub(super) async fn look_at<B>(&self, parts: &Parts, body: &Bytes, response: &Response<B>) {
        let status = response.status();
        let path = printable(parts.uri.path().as_bytes());
        let line = format!("{} {} {path}", status.as_str(), parts.method);
        if !status.is_client_error() {
            anstream::eprintln!("{GOOD}{line}{GOOD:#}");
            return;
        }
        let mut about = Vec::new();
        if let Some(problem) = Problem::from_headers(response.headers()) {
            let name = printable(problem.name().as_bytes());
            about.push(format!("{name}: {}", problem.code().meaning()));
            if problem.code() == Code::SignatureInvalid {
                about.extend(self.explain(parts, body).await);
            }
        }
        anstream::eprintln!("{BAD}{line}{BAD:#}");
        for line in &about {
            anstream::eprintln!("    {line}");
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.push_front(Refusal { line, about });
    }

    /// What the client does otherwise.
    async fn explain(&self, parts: &Parts, body: &Bytes) -> Vec<String> {
        let asked = Asked {
            method: parts.method.as_str().to_owned(),
            url: format!("{}{}", self.origin, parts.uri),
            authorization: parts
                .headers
                .get(header::AUTHORIZATION)
                .map(|value| value.as_bytes().to_vec())
                .unwrap_or_default(),
            form: parts
                .headers
                .get(header::CONTENT_TYPE)
                .is_some_and(|value| is_form(value.as_bytes()))
                .then(|| body.clone()),
            body: body.clone(),
        };
        let client = asked.parameter("oauth_consumer_key").unwrap_or_default();
        let shown = printable(client.as_bytes());
        let key = match self.store.client(&client).await {
            Ok(Some(client)) if client.revoked.is_some() => {
                return vec![format!("the client {shown} was revoked")];
            }
            Ok(Some(client)) => match client.key {
                ClientKey::Shared(secret) => secret,
                _ => return vec!["the client signs with an RSA key".to_owned()],
            },
            Ok(None) => return vec![format!("there is no client {shown}")],
            Err(error) => return vec![error.to_string()],
        };
        let now = Timestamp::now();
        let mut token_secret = Secret::EMPTY;
        if let Some(token) = asked
            .parameter("oauth_token")
            .filter(|token| !token.is_empty())
        {
            let found = match self.store.token(&token, now).await {
                Ok(Some(token)) => Some(token.secret),
                _ => match self.store.temporary(&token, now).await {
                    Ok(Some(temporary)) => Some(temporary.secret),
                    _ => None,
                },
            };
            let Some(secret) = found else {
                let shown = printable(token.as_bytes());
                return vec![format!(
                    "there is no token {shown}: it was never given, has expired, or was used up"
                )];
            };
            token_secret = secret;
        }
        // A search takes a moment, and other requests need none to wait for it.
        let explained = tokio::task::spawn_blocking(move || asked.explain(key, token_secret)).await;
        explained.unwrap_or_default()
    }

    pub(super) fn page(&self) -> Response<Full<Bytes>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut items = String::new();
        for refusal in kept.iter() {
            items.extend(["<li><b>", &escaped(&refusal.line), "</b><ul>"]);
            for line in &refusal.about {
                items.extend(["<li>", &escaped(line), "</li>"]);
            }
            items.push_str("</ul></li>");
        }
        drop(kept);
        let none = if items.is_empty() {
            "<p>Nothing.</p>"
        } else {
            ""
        };
        let html = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Refused</title><style>\
             body{{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:50rem;padding:0 1rem;\
             color-scheme:light dark;overflow-wrap:anywhere}}</style><h1>What was refused</h1>{none}\
             <ol>{items}</ol></html>\n"
        );
        html::page(StatusCode::OK, html)
    }
}

/// A refused request, as it came.
struct Asked {
    method: String,
    url: String,
    authorization: Vec<u8>,
    form: Option<Bytes>,
    body: Bytes,
}

impl Asked {
    /// A protocol parameter, wherever it travels.
    fn parameter(&self, wanted: &str) -> Option<String> {
        let header = AuthorizationHeader::parse(&self.authorization);
        let in_header = header.iter().flat_map(AuthorizationHeader::parameters);
        let in_header = in_header.filter_map(|parameter| match parameter {
            Ok(HeaderParameter::Pair { name, value }) => Some((name, value)),
            _ => None,
        });
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        let in_pairs = form::pairs(query.as_bytes())
            .chain(form::pairs(self.form.as_deref().unwrap_or_default()));
        let found = in_header.chain(in_pairs).find(|(name, _)| *name == wanted);
        found.map(|(_, value): (Value<'_>, Value<'_>)| value.to_string_lossy())
    }

    fn explain(&self, client: Secret<'static>, token: Secret<'static>) -> Vec<String> {
        let Ok(target) = Target::parse(&self.url) else {
            return Vec::new();
        };
        let body = match &self.form {
            Some(form) => Body::Form(form),
            None if self.body.is_empty() => Body::None,
            None => Body::Opaque(&self.body),
        };
        let view = RequestView::new(&self.method, target).with(body);
        let Ok(question) = Question::received(view, &self.authorization) else {
            return vec!["the Authorization header cannot be read".to_owned()];
        };
        let expected = question.expected();
        let keys = Keys::shared(client, token);
        let Ok(explanation) = question.explain(&keys, &expected, &Limits::PERSON) else {
            return vec!["the request is too large to be explained".to_owned()];
        };
        let mut lines = vec![format!(
            "what is signed here: {}",
            printable(explanation.base_string().as_bytes())
        )];
        for cause in explanation.causes() {
            lines.push(format!("{}: {}", cause.code(), cause.message()));
            lines.push(format!("  {}", cause.fix()));
        }
        if explanation.causes().is_empty() {
            lines.push(explanation.advice().to_owned());
        }
        lines
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
