//! A connection to the server, for bytes of any kind.

use core::{fmt, net::SocketAddr, time::Duration};
use std::{
    io::{self, ErrorKind, Read as _, Write as _},
    net::{Shutdown, TcpStream},
    thread,
};

/// How long an answer is waited for: what takes longer is a server that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The value of `oauth_problem`, or nothing.
    pub problem: String,
}

impl Answer {
    /// An answer to compare with.
    #[must_use]
    pub fn new(status: u16, problem: &str) -> Self {
        let problem = problem.to_owned();
        Self { status, problem }
    }
}

/// As `401 nonce_used`.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.problem.is_empty() { "" } else { " " };
        write!(f, "{}{separator}{}", self.status, self.problem)
    }
}

/// A connection, with one request on it at a time.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    closes: bool,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            buffer: Vec::new(),
            closes: false,
        })
    }

    /// Writes.
    ///
    /// # Errors
    /// When the server has closed the connection.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Reads the next answer.
    ///
    /// # Errors
    /// When none comes, or one that cannot be read.
    pub fn answer(&mut self) -> io::Result<Answer> {
        loop {
            if let Some((answer, length, closes)) = parse(&self.buffer)? {
                self.buffer.drain(..length);
                self.closes |= closes;
                return Ok(answer);
            }
            let mut piece = [0; 4096];
            let read = self.stream.read(&mut piece)?;
            if read == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            self.buffer.extend_from_slice(&piece[..read]);
        }
    }

    /// Writes a request and reads its answer.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn ask(&mut self, bytes: &[u8]) -> io::Result<Answer> {
        // A server may answer, and close, before it has read all.
        let sent = self.send(bytes);
        self.answer().map_err(|error| sent.err().unwrap_or(error))
    }

    /// Whether the server has said that this was the last answer.
    #[must_use]
    pub const fn closes(&self) -> bool {
        self.closes
    }

    /// Whether the server has closed the connection, or has answered, without waiting for it.
    ///
    /// # Errors
    /// When that cannot be known.
    pub fn has_ended(&mut self) -> io::Result<bool> {
        self.stream.set_nonblocking(true)?;
        let mut piece = [0; 4096];
        let read = self.stream.read(&mut piece);
        self.stream.set_nonblocking(false)?;
        match read {
            Ok(read) => {
                self.buffer.extend_from_slice(&piece[..read]);
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) if is_closed(&error) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Waits until the server has closed the connection; gives the status that it sent before, if any.
    ///
    /// # Errors
    /// When it does not.
    pub fn end(mut self) -> io::Result<Option<u16>> {
        match self.answer() {
            Ok(answer) => Ok(Some(answer.status)),
            Err(error) if is_closed(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes with a thread of its own while the answer is read, and no longer.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn ask_at_length(
        mut self,
        write: impl FnOnce(&mut TcpStream) -> io::Result<()> + Send,
    ) -> io::Result<Answer> {
        let mut writing = self.stream.try_clone()?;
        thread::scope(|scope| {
            scope.spawn(move || write(&mut writing));
            let answer = self.answer();
            // Nothing is written to a server that has answered.
            let _ = self.stream.shutdown(Shutdown::Both);
            answer
        })
    }
}

/// Whether it says that the other side has closed the connection.
#[must_use]
pub fn is_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
    )
}

/// An answer, its length, and whether the connection closes behind it; `None` while it is not whole.
fn parse(bytes: &[u8]) -> io::Result<Option<(Answer, usize, bool)>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let bad = |what: &str| io::Error::new(ErrorKind::InvalidData, what.to_owned());
    let head = str::from_utf8(&bytes[..end]).map_err(|_| bad("a head that is no text"))?;
    let status = head.get(9..12).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| bad("an answer without a status"))?;
    let header = |name: &str| {
        head.lines().skip(1).find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let length = header("content-length").and_then(|length| length.parse::<usize>().ok());
    let length = length.ok_or_else(|| bad("an answer without a length"))?;
    let whole = end + 4 + length;
    if bytes.len() < whole {
        return Ok(None);
    }
    let problem = header("www-authenticate")
        .and_then(|challenge| challenge.split_once("oauth_problem=\""))
        .and_then(|(_, problem)| problem.split('"').next());
    let answer = Answer::new(status, problem.unwrap_or_default());
    let closes = header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    Ok(Some((answer, whole, closes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_or_not() {
        let whole = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: OAuth realm=\"a\", \
            oauth_problem=\"nonce_used\"\r\nConnection: close\r\nContent-Length: 3\r\n\r\nno\n";
        for end in 0..whole.len() {
            assert_eq!(parse(&whole[..end]).unwrap(), None, "{end}");
        }
        let answer = Answer::new(401, "nonce_used");
        assert_eq!(answer.to_string(), "401 nonce_used");
        assert_eq!(parse(whole).unwrap(), Some((answer, whole.len(), true)));
        assert!(parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
