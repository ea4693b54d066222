//! An example that runs the three legs from a terminal, with a person who does what it asks for.

use std::{
    io::{self, BufReader, Read, Write},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use crate::{
    browser::browse,
    server::{CLIENT, CLIENT_SECRET, Place, Server},
    terminal::{Arguments, Terminal},
};

/// Runs an example against a provider on the loopback interface, with a callback and with a PIN: it must
/// come to its end, and print no secret.
///
/// # Panics
/// When it does not.
pub fn run_example(run: impl Fn(&Arguments, &mut Terminal) -> anyhow::Result<()> + Sync) {
    let server = Server::start().expect("a loopback interface with IPv4 and IPv6");
    for flags in [&[][..], &["--oob"]] {
        let at = |path: &str| [server.origin(Place::Main), path].concat();
        let mut words: Vec<String> = flags.iter().map(ToString::to_string).collect();
        words.extend(["--call".into(), at("/flow/me"), CLIENT.into()]);
        words.extend(["/flow/initiate", "/flow/authorize", "/flow/token"].map(at));
        let arguments = Arguments::parse(words, CLIENT_SECRET).expect("arguments");

        let (said, hears) = channel();
        let (types, typed) = channel();
        let mut terminal = Terminal::new(
            BufReader::new(Typed {
                typed,
                rest: Vec::new(),
            }),
            Said(said),
        );
        let person = thread::spawn(move || follow(&hears, &types));
        run(&arguments, &mut terminal).expect("the example comes to its end");
        // The person hears that it is over.
        drop(terminal);
        let shown = person.join().expect("the person is content");
        assert!(shown.contains("token secret  ********"), "{shown}");
        assert!(shown.contains("screen_name: jane"), "{shown}");
        assert!(
            shown.contains("200 OK: {\"screen_name\":\"jane\"}"),
            "{shown}"
        );
        assert!(
            !shown.contains("secret of") && !shown.contains(CLIENT_SECRET),
            "{shown}"
        );
    }
}

/// Reads what is printed, opens the URL that is in it, and types the PIN if there is one: gives all that
/// was printed.
fn follow(hears: &Receiver<String>, types: &Sender<Vec<u8>>) -> String {
    let (mut shown, mut been_there) = (String::new(), false);
    for text in hears {
        shown.push_str(&text);
        let url = shown
            .split_once("Allow access at ")
            .and_then(|(_, rest)| rest.split_once('\n'));
        let (Some((url, _)), false) = (url, been_there) else {
            continue;
        };
        been_there = true;
        let page = browse(url).expect("the page where access is allowed");
        match page.location {
            Some(back) => {
                // Browsers ask for an icon too.
                let (origin, _) = back.split_once("/callback").expect("the callback");
                let icon = browse(&format!("{origin}/favicon.ico")).expect("an answer");
                assert_eq!(icon.status, 404);
                let page = browse(&back).expect("the way back");
                assert!(page.body.contains("Access is allowed"), "{page:?}");
            }
            None => types
                .send(format!("  {}\n", page.body).into())
                .expect("a reader"),
        }
    }
    shown
}

struct Said(Sender<String>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        self.0.send(text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Typed {
    typed: Receiver<Vec<u8>>,
    /// What was typed and not read yet.
    rest: Vec<u8>,
}

impl Read for Typed {
    fn read(&mut self, memory: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            self.rest = self.typed.recv().unwrap_or_default();
        }
        let length = self.rest.len().min(memory.len());
        memory[..length].copy_from_slice(&self.rest[..length]);
        self.rest.drain(..length);
        Ok(length)
    }
}
