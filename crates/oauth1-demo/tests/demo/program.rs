//! The program while it serves.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
    thread,
};

/// Both sites, until it is dropped.
pub(crate) struct Program {
    child: Child,
    /// Read no further, but open: the program may go on to write.
    _stdout: BufReader<ChildStdout>,
    pub(crate) warble: String,
    /// Where that listens.
    pub(crate) warble_port: u16,
    pub(crate) postcard: String,
}

impl Program {
    /// Starts it with these options on free ports, and waits until it says where it is.
    pub(crate) fn serve(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_oauth1-demo"))
            .args(["--serve", "--microblog-port", "0", "--postcard-port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut address = |name: &str| {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            let mut words = line.split_whitespace();
            assert_eq!(words.next(), Some(name), "{line}");
            let origin = words.next().unwrap().to_owned();
            (origin, words.last().unwrap().parse().unwrap())
        };
        let (warble, warble_port) = address("Warble");
        let (postcard, _) = address("Postcard");
        Self {
            warble,
            warble_port,
            postcard,
            child,
            _stdout: stdout,
        }
    }
}

/// A client of reqwest's that follows nothing by itself.
pub(crate) fn http_client(cookies: bool) -> reqwest::Client {
    // As the program does; a second call changes nothing.
    let ring = rustls::crypto::ring::default_provider();
    ring.install_default().ok();
    let client = reqwest::Client::builder().cookie_store(cookies);
    let client = client.redirect(reqwest::redirect::Policy::none());
    client.build().unwrap()
}

impl Drop for Program {
    /// As Ctrl-C does, on which it ends by itself.
    fn drop(&mut self) {
        let process = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &process]).status();
        if !sent.is_ok_and(|status| status.success()) {
            self.child.kill().ok();
        }
        let ended = self.child.wait();
        if !thread::panicking() {
            assert!(ended.unwrap().success(), "it ends well");
        }
    }
}
