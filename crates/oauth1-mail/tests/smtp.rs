//! The connections of `lettre` against aiosmtpd, which verifies with oauthlib.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    thread,
};

use lettre::{
    Message,
    transport::smtp::{
        client::{AsyncSmtpConnection, Certificate, SmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use oauth1_core::sasl::{Mechanism, Protocol};
use oauth1_foreign::Server;
use oauth1_mail::smtp::{AuthenticateError, authenticate, authenticate_async};
use tokio::runtime::Builder;

use crate::support::{
    HOST, MECHANISMS, OWNER, Order, certificate, check_accepted, check_refusal, refused, start,
};

mod support;

/// With it, no message fits into a command line of 512 octets.
const LONG_NONCE: &str = "one-of-a-hundred-and-fifty-one-of-a-hundred-and-fifty-\
    one-of-a-hundred-and-fifty-one-of-a-hundred-and-fifty-one-of-a-hundred-and-fifty-150";

fn tls_parameters() -> TlsParameters {
    let root = Certificate::from_pem(&fs::read(certificate()).unwrap()).unwrap();
    TlsParameters::builder(HOST.to_owned())
        .add_root_certificate(root)
        .build()
        .unwrap()
}

fn connect(port: u16, tls: Option<&TlsParameters>) -> SmtpConnection {
    SmtpConnection::connect((HOST, port), None, &ClientId::default(), tls, None).unwrap()
}

fn message() -> Message {
    Message::builder()
        .from(OWNER.parse().unwrap())
        .to("joe@example.com".parse().unwrap())
        .subject("Hello")
        .body("From a client of OAuth 1.0a".to_owned())
        .unwrap()
}

/// What the server got.
fn check_mail(server: &mut Server) {
    let line = server.line().unwrap();
    let mail: serde_json::Value =
        serde_json::from_str(line.strip_prefix("mail ").expect(&line)).unwrap();
    assert_eq!(mail["from"], OWNER);
    assert_eq!(mail["user"], OWNER);
    assert_eq!(mail["to"], serde_json::json!(["joe@example.com"]));
    let content = mail["content"].as_str().unwrap();
    assert!(content.contains("From a client of OAuth 1.0a"), "{content}");
}

/// The server says that the message came with the command before it says what came of it.
fn check_initial(server: &mut Server) {
    assert_eq!(server.line().unwrap(), "initial response");
}

#[test]
fn a_message_is_sent_without_tls_with_starttls_and_with_tls_from_the_start() {
    let mut server = start(Protocol::Smtp);
    let [port, tls_port] = server.ports().try_into().unwrap();
    let tls = tls_parameters();
    for mechanism in MECHANISMS {
        for (port, implicit, starttls) in [
            (port, false, false),
            (port, false, true),
            (tls_port, true, false),
        ] {
            let login = Order::new(mechanism, Protocol::Smtp, port).login();
            let mut connection = connect(port, implicit.then_some(&tls));
            if starttls {
                connection.starttls(&tls, &ClientId::default()).unwrap();
            }
            assert_eq!(connection.is_encrypted(), implicit || starttls);
            let response = authenticate(&mut connection, &login).unwrap();
            assert!(response.has_code(235));
            check_initial(&mut server);
            check_accepted(&mut server, &login);
            let message = message();
            connection
                .send(message.envelope(), &message.formatted())
                .unwrap();
            check_mail(&mut server);
            connection.quit().unwrap();
        }
        // A message that does not fit into a command line goes in the next one.
        let order = Order::new(mechanism, Protocol::Smtp, port);
        // Another for each mechanism: it is used once.
        let nonce = Some(match mechanism {
            Mechanism::Oauth10a => &LONG_NONCE[1..],
            _ => LONG_NONCE,
        });
        let login = Order { nonce, ..order }.login();
        authenticate(&mut connect(port, None), &login).unwrap();
        check_accepted(&mut server, &login);
    }
}

#[test]
fn what_is_not_right_is_refused_with_the_error_of_the_mechanism() {
    let mut server = start(Protocol::Smtp);
    let port = server.port();
    let mut count = 0;
    for mechanism in MECHANISMS {
        let order = Order::new(mechanism, Protocol::Smtp, port);
        for (order, why, status) in refused(order) {
            let login = order.login();
            let error = authenticate(&mut connect(port, None), &login).unwrap_err();
            check_error(&error, mechanism);
            check_initial(&mut server);
            check_refusal(&mut server, &login, why, status);
            count += 1;
        }
        let order = Order {
            nonce: Some(mechanism.name()),
            ..order
        };
        let (first, again) = (order.login(), order.login());
        authenticate(&mut connect(port, None), &first).unwrap();
        check_initial(&mut server);
        check_accepted(&mut server, &first);
        let error = authenticate(&mut connect(port, None), &again).unwrap_err();
        check_error(&error, mechanism);
        check_initial(&mut server);
        check_refusal(&mut server, &again, "replay", "invalid_token");
    }
    assert_eq!(count, 9);
}

fn check_error(error: &AuthenticateError, mechanism: Mechanism) {
    let (AuthenticateError::Protocol(answer) | AuthenticateError::Refused(_, answer)) = error
    else {
        panic!("{error}")
    };
    // XOAUTH has no error of its own.
    let refused = matches!(error, AuthenticateError::Refused(..));
    assert_eq!(refused, mechanism == Mechanism::Oauth10a);
    assert_eq!(answer.status().unwrap().to_string(), "535", "{error}");
}

#[test]
fn an_asynchronous_connection_does_the_same() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut server = start(Protocol::Smtp);
    let port = server.port();
    for mechanism in MECHANISMS {
        let order = Order::new(mechanism, Protocol::Smtp, port);
        let login = order.login();
        let wrong = Order {
            token_secret: "another",
            ..order
        };
        let wrong = wrong.login();
        let error = runtime.block_on(async {
            let name = ClientId::default();
            let connect =
                || AsyncSmtpConnection::connect_tokio1((HOST, port), None, &name, None, None);
            let mut connection = connect().await.unwrap();
            authenticate_async(&mut connection, &login).await.unwrap();
            let message = message();
            connection
                .send(message.envelope(), &message.formatted())
                .await
                .unwrap();
            let mut connection = connect().await.unwrap();
            authenticate_async(&mut connection, &wrong)
                .await
                .unwrap_err()
        });
        check_initial(&mut server);
        check_accepted(&mut server, &login);
        check_mail(&mut server);
        check_error(&error, mechanism);
        check_initial(&mut server);
        check_refusal(&mut server, &wrong, "signature", "invalid_token");
    }
}

/// A server that says what it should not. No real one does: this one is written here.
#[test]
fn a_server_that_says_what_it_should_not_ends_the_login() {
    for answers in [
        &["334 not base64!"][..],
        &["334 ", "334 ", "334 ", "334 "],
        &["250 OK"],
        &["354 go on"],
        &["334 ", "354 go on"],
        &["535 no"],
        &["334 ", "334 e30=", "535 no"],
    ] {
        let listener = TcpListener::bind((HOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let say = |line: &str| (&stream).write_all(format!("{line}\r\n").as_bytes());
            say("220 here").unwrap();
            let hello = lines.next().unwrap().unwrap();
            assert!(hello.starts_with("EHLO"));
            say("250 AUTH OAUTH10A").unwrap();
            for answer in answers {
                if lines.next().is_none_or(|line| line.is_err()) || say(answer).is_err() {
                    break;
                }
            }
        });
        let login = Order::new(Mechanism::Oauth10a, Protocol::Smtp, port).login();
        let mut connection = connect(port, None);
        let error = authenticate(&mut connection, &login).unwrap_err();
        match answers.last() {
            Some(&"535 no") => assert!(error.to_string().contains("535"), "{error}"),
            _ => assert!(matches!(error, AuthenticateError::Unexpected), "{error}"),
        }
        drop(connection);
        server.join().unwrap();
    }
}
