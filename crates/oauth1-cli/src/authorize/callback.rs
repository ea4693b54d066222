//! The address on this machine that the browser comes back to (RFC 5849 section 2.2).

use alloc::sync::Arc;
use core::{convert::Infallible, net::Ipv4Addr, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use oauth1_core::flow::{Authorize, Authorized, CallbackError};
use tokio::{net::TcpListener, sync::mpsc};

use crate::{html, problem::Failure};

/// How long a browser may take to send a head of a request.
const PATIENCE: Duration = Duration::from_secs(10);

/// A listener on the loopback interface.
pub(super) struct Callback {
    listener: TcpListener,
    port: u16,
    path: String,
}

type Outcome = Result<Authorized, CallbackError>;

impl Callback {
    pub(super) async fn listen(port: u16, path: &str) -> Result<Self, Failure> {
        if !path.starts_with('/') || path.contains(['?', '#']) {
            return Err(Failure::usage(
                "--callback-path: expected a path, such as /callback",
            ));
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener =
            listener.map_err(|error| Failure::file(format_args!("127.0.0.1:{port}"), &error))?;
        let port = listener.local_addr()?.port();
        Ok(Self {
            listener,
            port,
            path: path.to_owned(),
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.path)
    }

    /// Waits for a callback of this flow. Whatever else comes is answered and passed over, so that no
    /// other page can end the waiting.
    pub(super) async fn wait(self, authorize: &Authorize) -> Outcome {
        let shared = Arc::new((self.path, authorize.clone()));
        let (sender, mut outcomes) = mpsc::channel(1);
        loop {
            let stream = tokio::select! {
                outcome = outcomes.recv() => match outcome {
                    Some(outcome) => return outcome,
                    // This function holds a sender.
                    None => continue,
                },
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    // A connection that broke before it was there.
                    Err(_) => continue,
                },
            };
            let (shared, sender) = (Arc::clone(&shared), sender.clone());
            let serve = async move {
                let outcome = Arc::new(std::sync::Mutex::new(None));
                let kept = Arc::clone(&outcome);
                let service = service_fn(move |request: Request<Incoming>| {
                    let (response, found) = answer(&request, &shared.0, &shared.1);
                    if let (Some(found), Ok(mut kept)) = (found, kept.lock()) {
                        *kept = Some(found);
                    }
                    core::future::ready(Ok::<_, Infallible>(response))
                });
                let mut builder = http1::Builder::new();
                builder
                    .timer(TokioTimer::new())
                    .header_read_timeout(PATIENCE)
                    .keep_alive(false);
                // A browser that goes away has its page or does not want it.
                builder
                    .serve_connection(TokioIo::new(stream), service)
                    .await
                    .ok();
                // Only now: the page has been sent.
                let found = outcome.lock().ok().and_then(|mut outcome| outcome.take());
                if let Some(found) = found {
                    sender.send(found).await.ok();
                }
            };
            tokio::spawn(tokio::time::timeout(2 * PATIENCE, serve));
        }
    }
}

/// The page for a request, and what the flow has come to, if it has.
fn answer(
    request: &Request<Incoming>,
    path: &str,
    authorize: &Authorize,
) -> (Response<Full<Bytes>>, Option<Outcome>) {
    if request.uri().path() != path {
        let text = "There is nothing here. The page that you came from has sent you elsewhere.";
        return (page(StatusCode::NOT_FOUND, "Not found", text), None);
    }
    if request.method() != Method::GET {
        let text = "This address takes GET alone.";
        return (page(StatusCode::METHOD_NOT_ALLOWED, "Not so", text), None);
    }
    match authorize.callback(&request.uri().to_string()) {
        Ok(authorized) => {
            let text = "You can close this window and go back to the terminal.";
            (
                page(StatusCode::OK, "Access is allowed", text),
                Some(Ok(authorized)),
            )
        }
        Err(error @ CallbackError::Denied(_)) => {
            let text = "Nothing was kept. You can close this window.";
            (
                page(StatusCode::OK, "Access is not allowed", text),
                Some(Err(error)),
            )
        }
        Err(_) => {
            let text = "This is not the answer that the terminal waits for: it may be one of an earlier \
                        attempt. Use the address that the terminal shows.";
            (page(StatusCode::BAD_REQUEST, "Not this one", text), None)
        }
    }
}

/// Fixed texts alone: nothing of a request gets into it.
fn page(status: StatusCode, title: &str, text: &str) -> Response<Full<Bytes>> {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <style>body{{font:1.2rem/1.5 system-ui,sans-serif;margin:15vh auto;max-width:32rem;\
         padding:0 1rem;color-scheme:light dark}}</style><h1>{title}</h1><p>{text}</p></html>\n"
    );
    html::page(status, html)
}
