//! Commands that serve until they are told to end, and a browser for them.
#![allow(
    dead_code,
    reason = "each test program has this module and uses its own part of it"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Stdio},
};

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
