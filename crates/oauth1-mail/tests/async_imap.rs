//! The crate `async-imap` against Twisted's IMAP server, which verifies with oauthlib.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use async_imap::{Client, Session, error::Error};
use futures_util::TryStreamExt as _;
use oauth1_core::sasl::Protocol;
use oauth1_mail::Login;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    runtime::Builder,
};
use tokio_rustls::TlsConnector;

use crate::support::{HOST, MECHANISMS, Order, check_accepted, check_refusal, refused, start, tls};

mod support;

type Opened<S> = Result<Session<S>, Error>;

async fn open<S>(client: Client<S>, name: &str, login: &Login) -> Opened<S>
where
    S: AsyncRead + AsyncWrite + Unpin + core::fmt::Debug + Send,
{
    let session = client.authenticate(name, login).await;
    session.map_err(|(error, _)| error)
}

async fn connect(port: u16) -> Client<TcpStream> {
    let mut client = Client::new(TcpStream::connect((HOST, port)).await.unwrap());
    client.read_response().await.unwrap().unwrap();
    client
}

async fn look_around<S>(session: &mut Session<S>)
where
    S: AsyncRead + AsyncWrite + Unpin + core::fmt::Debug + Send,
{
    assert_eq!(session.select("INBOX").await.unwrap().exists, 3);
    let names = session.list(None, Some("*")).await.unwrap();
    let names: Vec<_> = names.try_collect().await.unwrap();
    assert_eq!(names.len(), 3);
    session.logout().await.unwrap();
}

#[test]
fn a_mailbox_is_selected_and_listed_with_and_without_an_initial_response_and_with_starttls() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut server = start(Protocol::Imap);
    let port = server.port();
    for mechanism in MECHANISMS {
        let order = Order::new(mechanism, Protocol::Imap, port);
        let plain = order.login();
        let initial = order.login();
        let secure = order.login();
        runtime.block_on(async {
            let client = connect(port).await;
            let mut session = open(client, plain.mechanism(), &plain).await.unwrap();
            look_around(&mut session).await;

            let name = initial.with_initial_response();
            let mut session = open(connect(port).await, &name, &initial).await.unwrap();
            look_around(&mut session).await;

            // The port stays the one that the connection was made to.
            let mut client = connect(port).await;
            client
                .run_command_and_check_ok("STARTTLS", None)
                .await
                .unwrap();
            let stream = TlsConnector::from(tls())
                .connect(HOST.try_into().unwrap(), client.into_inner())
                .await
                .unwrap();
            let client = Client::new(stream);
            let mut session = open(client, secure.mechanism(), &secure).await.unwrap();
            look_around(&mut session).await;
        });
        for login in [plain, initial, secure] {
            check_accepted(&mut server, &login);
        }
    }
}

#[test]
fn what_is_not_right_is_refused_with_the_error_of_the_mechanism() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut server = start(Protocol::Imap);
    let port = server.port();
    let mut count = 0;
    for mechanism in MECHANISMS {
        let order = Order::new(mechanism, Protocol::Imap, port);
        for (order, why, status) in refused(order) {
            let login = order.login();
            let opened = runtime
                .block_on(async { open(connect(port).await, login.mechanism(), &login).await });
            assert!(matches!(opened, Err(Error::No(_))), "{why}");
            check_refusal(&mut server, &login, why, status);
            count += 1;
        }
    }
    assert_eq!(count, 9);
}
