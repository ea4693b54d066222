//! The cases, by the numbers of the list.

use crate::{
    call::{Call, Sent},
    server::{Answer, Layer, Server, once},
};

mod bodies;
mod credentials;
mod parameters;
mod replays;
mod requests;

/// Its number, and the requests with what came back.
pub(crate) type Case = (u8, &'static str, fn() -> Vec<Answer>);

pub(crate) const PRIVATE_PEM: &str = include_str!("../vectors/keys/rsa2048.pem");
pub(crate) const PUBLIC_PEM: &str = include_str!("../vectors/keys/rsa2048.public.pem");

pub(crate) fn all() -> impl Iterator<Item = &'static Case> {
    [
        parameters::CASES,
        requests::CASES,
        credentials::CASES,
        replays::CASES,
        bodies::CASES,
    ]
    .into_iter()
    .flatten()
}

fn with(name: &str, value: &str) -> Answer {
    once(&Call::get().with(name, value).sign())
}

fn changed(from: &str, to: &str) -> Answer {
    once(&Call::get().sign().in_authorization(from, to))
}

fn bare(authorization: &str) -> Answer {
    once(
        &Call::get()
            .send_as_is()
            .with_header("Authorization", authorization),
    )
}

fn under(change: impl FnOnce(Layer) -> Layer, sent: &Sent) -> Answer {
    Server::with(change).ask(sent)
}

/// The first is accepted; what the others get.
fn after(first: &Sent, others: &[Sent]) -> Vec<Answer> {
    let server = Server::new();
    assert_eq!(server.ask(first).status, 200);
    others.iter().map(|other| server.ask(other)).collect()
}
