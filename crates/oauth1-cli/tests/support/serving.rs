//! Commands that serve until they are told to end, and a browser for them.
#![allow(
    dead_code,
    reason = "each test program has this module and uses its own part of it"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Stdio},
    thread,
};

use serde_json::Value;

use crate::support::{oauth1, stdout};

/// An empty folder of the test's own.
pub(crate) fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("serving")
        .join(test);
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A command that serves. It ends with the test.
pub(crate) struct Serving {
    child: Child,
    pub(crate) stderr: BufReader<ChildStderr>,
    /// `http://127.0.0.1:port`.
    pub(crate) origin: String,
}

impl Serving {
    /// Starts one that tells its address in its first line.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let at = line
            .find("http://127.0.0.1:")
            .unwrap_or_else(|| panic!("{line}"));
        let origin = line[at..]
            .split_ascii_whitespace()
            .next()
            .unwrap()
            .to_owned();
        Self {
            child,
            stderr,
            origin,
        }
    }

    /// Sends it a signal, and says how it ended and what it has said since its first line.
    pub(crate) fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let process = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &process]).status();
        assert!(sent.unwrap().success());
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// curl, which Debian and CI have.
pub(crate) fn curl(arguments: &[&str]) -> String {
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--noproxy", ""])
        .args(arguments)
        .env_remove("http_proxy")
        .stdin(Stdio::null())
        .output()
        .expect("curl is installed: apt-get install curl");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// A request as HTTP/1.1 has it, and the whole answer.
pub(crate) fn raw(origin: &str, request: &str) -> String {
    let address = origin.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// What a person does with the page of an authorization: opens it, decides, and is sent back. Gives
/// where to.
pub(crate) fn decide(url: &str, decision: &str, folder: &Path) -> Option<String> {
    let jar = folder.join("cookies");
    let jar = jar.to_str().unwrap();
    let page = curl(&["-L", "-c", jar, "-b", jar, url]);
    let mut arguments = vec!["-i".to_owned(), "-b".to_owned(), jar.to_owned()];
    for input in page.split("<input").skip(1) {
        let attribute = |name: &str| {
            let (_, rest) = input.split_once(&format!("{name}=\""))?;
            Some(rest.split('"').next().unwrap().to_owned())
        };
        if let (Some(name), Some(value)) = (attribute("name"), attribute("value")) {
            arguments.push("--data-urlencode".to_owned());
            arguments.push(format!("{name}={value}"));
        }
    }
    arguments.push("-d".to_owned());
    arguments.push(format!("decision={decision}"));
    arguments.push(url.split('?').next().unwrap().to_owned());
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let answer = curl(&arguments);
    let mut lines = answer.lines();
    let location = lines.find_map(|line| line.strip_prefix("location: "));
    location.map(str::to_owned)
}

/// The command, with its configuration in this folder.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = oauth1(arguments);
    command.env("OAUTH1_CONFIG_DIR", folder).current_dir(folder);
    command
}

/// A provider for development, with these arguments.
pub(crate) fn provider(folder: &Path, arguments: &[&str]) -> Serving {
    let all = [&["provider", "serve", "--listen", "127.0.0.1:0"], arguments].concat();
    Serving::start(command(folder, &all))
}

/// The profile that the provider makes.
pub(crate) fn stored(folder: &Path) -> Value {
    let file = folder.join("profiles/development.json");
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// The secrets that it holds.
pub(crate) fn secrets(folder: &Path) -> Vec<String> {
    let stored = stored(folder);
    let secret = |name: &str| stored[name].as_str().map(str::to_owned);
    ["client_secret", "token_secret"]
        .iter()
        .filter_map(|name| secret(name))
        .collect()
}

/// Starts to authorize, and gives the page's address.
pub(crate) fn authorize(
    folder: &Path,
    arguments: &[&str],
) -> (Child, BufReader<ChildStderr>, String) {
    let all = [
        &["authorize", "-p", "development", "--no-browser"],
        arguments,
    ]
    .concat();
    let mut command = command(folder, &all);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    line.clear();
    told.read_line(&mut line).unwrap();
    let url = line.trim().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    (child, told, url)
}

/// How it ended, and what it has said.
pub(crate) fn ended(child: Child, mut told: BufReader<ChildStderr>) -> (Option<i32>, String) {
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    rest.push_str(stdout(&output));
    (output.status.code(), rest)
}

/// Gets a token for the profile.
pub(crate) fn authorized(folder: &Path) {
    let (child, told, url) = authorize(folder, &[]);
    let back = decide(&url, "approve", folder).unwrap();
    assert!(curl(&[&back]).contains("Access is allowed"));
    let (status, told) = ended(child, told);
    assert_eq!(status, Some(0), "{told}");
    for secret in secrets(folder) {
        assert!(!told.contains(&secret), "{told}");
    }
    assert!(told.contains("token secret"), "{told}");
}

/// A service that shows the head of what it gets. Gives its origin.
pub(crate) fn showing_service() -> String {
    let service = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", service.local_addr().unwrap());
    thread::spawn(move || {
        for stream in service.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                head.push(byte[0]);
            }
            let length = head.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            )
            .unwrap();
            stream.write_all(&head).unwrap();
        }
    });
    origin
}
