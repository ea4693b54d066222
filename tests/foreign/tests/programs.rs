//! Python and Node.js with their packages, and servers of both.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::Command,
};

use oauth1_foreign::{Server, node, python};

const ECHO_IN_PYTHON: &str = "
import os, socket, sys, threading
listener = socket.create_server(('127.0.0.1', 0))
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
print(listener.getsockname()[1])
print('this goes to standard error', file=sys.stderr)
while True:
    stream = listener.accept()[0]
    data = stream.recv(100)
    stream.sendall(data)
    stream.close()
    print('saw', data.decode())
";

const ECHO_IN_NODE: &str = "
const net = require('net');
process.stdin.resume();
process.stdin.on('end', () => process.exit());
const server = net.createServer((stream) => stream.pipe(stream));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
";

fn echo(port: u16) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"hello").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn every_python_package_has_its_pinned_version() {
    let python = python().unwrap();
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/requirements.txt");
    let requirements = fs::read_to_string(requirements).unwrap();
    let pinned: Vec<&str> = requirements
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    assert!(pinned.iter().all(|line| line.contains("==")), "{pinned:?}");
    let mut freeze = Command::new(python.interpreter());
    let output = freeze.args(["-m", "pip", "freeze"]).output().unwrap();
    let installed = String::from_utf8(output.stdout).unwrap().to_lowercase();
    let installed: Vec<&str> = installed.lines().collect();
    assert_eq!(installed.len(), pinned.len(), "{installed:?}");
    for package in pinned {
        assert!(installed.contains(&&*package.to_lowercase()), "{package}");
    }
}

#[test]
fn a_python_server_says_its_port_and_what_it_saw_and_ends_with_the_test() {
    let mut command = python().unwrap().command();
    command.args(["-c", ECHO_IN_PYTHON]);
    let mut server = Server::start(command).unwrap();
    assert_eq!(echo(server.port()), "hello");
    assert_eq!(server.line().unwrap(), "saw hello");
    assert!(server.errors().contains("this goes to standard error"));
    let port = server.port();
    drop(server);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_node_server_does_too() {
    let mut command = node().unwrap().command();
    command.args(["-e", ECHO_IN_NODE]);
    let server = Server::start(command).unwrap();
    assert_eq!(echo(server.port()), "hello");
}

#[test]
fn a_server_that_fails_says_why() {
    let mut command = python().unwrap().command();
    command.args(["-c", "raise ValueError('no room')"]);
    let error = format!("{:?}", Server::start(command).unwrap_err());
    assert!(
        error.contains("ValueError: no room") && error.contains("exit status: 1"),
        "{error}"
    );
    let mut command = python().unwrap().command();
    command.args(["-c", "print('port 80')"]);
    let error = format!("{:?}", Server::start(command).unwrap_err());
    assert!(error.contains("\"port 80\" are no ports"), "{error}");
}
