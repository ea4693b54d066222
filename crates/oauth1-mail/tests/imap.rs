//! The crate `imap` against Twisted's IMAP server, which verifies with oauthlib.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use imap::{Error, Session};
use oauth1_core::sasl::Protocol;
use oauth1_mail::Login;
use rustls::{ClientConnection, StreamOwned};

use crate::support::{HOST, MECHANISMS, Order, check_accepted, check_refusal, refused, start, tls};

mod support;

fn open<S: Read + Write>(stream: S, name: &str, login: &Login) -> Result<Session<S>, Error> {
    let mut client = imap::Client::new(stream);
    client.read_greeting()?;
    client.authenticate(name, login).map_err(|(error, _)| error)
}

fn connect(port: u16) -> TcpStream {
    TcpStream::connect((HOST, port)).unwrap()
}

/// Selects a mailbox, and lists all.
fn look_around<S: Read + Write>(session: &mut Session<S>) {
    let inbox = session.select("INBOX").unwrap();
    assert_eq!((inbox.exists, inbox.recent), (3, 1));
    let list = session.list(None, Some("*")).unwrap();
    let mut names: Vec<String> = list.iter().map(|name| name.name().to_uppercase()).collect();
    names.sort();
    assert_eq!(names, ["DRAFTS", "INBOX", "SENT"]);
    session.logout().unwrap();
}

#[test]
fn a_mailbox_is_selected_and_listed_with_and_without_an_initial_response_and_with_tls() {
    let mut server = start(Protocol::Imap);
    let [port, tls_port] = server.ports().try_into().unwrap();
    for mechanism in MECHANISMS {
        let order = Order::new(mechanism, Protocol::Imap, port);
        let login = order.login();
        let mut session = open(connect(port), login.mechanism(), &login).unwrap();
        check_accepted(&mut server, &login);
        look_around(&mut session);

        let login = order.login();
        let command = login.with_initial_response();
        let mut session = open(connect(port), &command, &login).unwrap();
        check_accepted(&mut server, &login);
        look_around(&mut session);

        // TLS from the start: OAUTH10A signs the port of it.
        let login = Order {
            port: tls_port,
            ..order
        }
        .login();
        let connection = ClientConnection::new(tls(), HOST.try_into().unwrap()).unwrap();
        let stream = StreamOwned::new(connection, connect(tls_port));
        let mut session = open(stream, login.mechanism(), &login).unwrap();
        check_accepted(&mut server, &login);
        look_around(&mut session);
    }
}

#[test]
fn what_is_not_right_is_refused_with_the_error_of_the_mechanism() {
    let mut server = start(Protocol::Imap);
    let port = server.port();
    let mut count = 0;
    for mechanism in MECHANISMS {
        let order = Order::new(mechanism, Protocol::Imap, port);
        for (order, why, status) in refused(order) {
            for initial in [false, true] {
                let login = order.login();
                let name = if initial {
                    login.with_initial_response()
                } else {
                    login.mechanism().to_owned()
                };
                let error = open(connect(port), &name, &login).map(|_| ()).unwrap_err();
                assert!(matches!(error, Error::No(_)), "{why}: {error}");
                // Of a stale timestamp or a wrong place nothing is remembered; the nonce of a login that
                // oauthlib looked at further is spent.
                check_refusal(&mut server, &login, why, status);
                count += 1;
            }
        }
        // The same message once more.
        let order = Order {
            nonce: Some(mechanism.name()),
            ..order
        };
        let (first, again) = (order.login(), order.login());
        open(connect(port), first.mechanism(), &first).unwrap();
        check_accepted(&mut server, &first);
        let error = open(connect(port), again.mechanism(), &again).map(|_| ());
        assert!(matches!(error, Err(Error::No(_))));
        check_refusal(&mut server, &again, "replay", "invalid_token");
        // A login is good for one attempt: what it says afterwards is no message.
        assert!(open(connect(port), first.mechanism(), &first).is_err());
        let refused = server.line().unwrap();
        assert!(refused.ends_with("malformed"), "{refused}");
        if mechanism.name() == "OAUTH10A" {
            server.line().unwrap();
        }
    }
    assert_eq!(count, 18);
}
