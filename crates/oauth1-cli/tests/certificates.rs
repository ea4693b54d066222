//! `--cacert`, with a server whose certificate nobody else has signed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

extern crate alloc;

use alloc::sync::Arc;
use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    process::Output,
    thread,
};

use rcgen::CertifiedKey;
use rustls::{ServerConfig, ServerConnection, StreamOwned, crypto::ring, pki_types::PrivateKeyDer};

use crate::{
    serving::{Serving, command, curl, folder},
    support::{stderr, stdout},
};

#[path = "support/serving.rs"]
mod serving;
mod support;

/// Serves with a certificate of its own for `127.0.0.1`, which it writes into the file. Gives its origin.
fn server(certificate: &Path) -> String {
    let names = ["127.0.0.1".to_owned()];
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names).unwrap();
    fs::write(certificate, cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            // Whoever does not trust it goes away.
            answer(StreamOwned::new(connection, stream.unwrap())).ok();
        }
    });
    origin
}

/// Answers one request with the first line of its head.
fn answer(mut stream: impl Read + Write) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    let line = head.lines().next().unwrap_or_default();
    let signed = head.to_ascii_lowercase().contains("authorization: oauth ");
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{signed} {line}",
        line.len() + signed.to_string().len() + 1
    )?;
    stream.flush()
}

#[test]
fn a_certificate_is_trusted_once_it_is_named() {
    let folder = folder("certificates");
    let (ours, others) = (folder.join("ours.pem"), folder.join("others.pem"));
    let origin = server(&ours);
    server(&others);
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    fs::write(file("empty"), "no certificate\n").unwrap();
    let broken = fs::read_to_string(&ours).unwrap().replace('M', "!");
    fs::write(file("broken"), broken).unwrap();
    let client = ["-k", "c", "--client-secret", "s"];
    let url = format!("{origin}/a?b=c");
    let get = |arguments: &[&str]| -> Output {
        let all = [&["GET", &url], &client[..], arguments].concat();
        command(&folder, &all).output().unwrap()
    };

    let output = get(&["--cacert", &file("ours.pem")]);
    assert_eq!(
        (stdout(&output), stderr(&output), output.status.code()),
        ("true GET /a?b=c HTTP/1.1", "", Some(0))
    );
    let others = file("others.pem");
    for (arguments, message) in [
        (&[][..], "--cacert FILE"),
        (&["--cacert", &others], "certificate"),
    ] {
        let output = get(arguments);
        assert_eq!((stdout(&output), output.status.code()), ("", Some(1)));
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
    for name in ["empty", "broken", "missing"] {
        let output = get(&["--cacert", &file(name)]);
        assert_eq!((stdout(&output), output.status.code()), ("", Some(1)));
        assert!(stderr(&output).contains(&file(name)), "{}", stderr(&output));
    }

    let proxy = |arguments: &[&str]| {
        let to = ["proxy", "--listen", "127.0.0.1:0", "--to", &origin];
        let all = [&to[..], &client, arguments].concat();
        Serving::start(command(&folder, &all))
    };
    let trusting = proxy(&["--cacert", &file("ours.pem")]);
    let answer = curl(&[&format!("{}/p", trusting.origin)]);
    assert_eq!(answer, "true GET /p HTTP/1.1");
    let wary = proxy(&[]);
    let answer = curl(&["-w", "%{http_code}", &format!("{}/p", wary.origin)]);
    assert!(
        answer.contains("certificate") && answer.ends_with("502"),
        "{answer}"
    );
}
