//! What the examples that run the three legs from a terminal have in common: their arguments, the
//! resource owner's browser, the callback on the loopback interface, and the PIN.

use core::{fmt, time::Duration};
use std::{
    env,
    io::{self, BufRead, BufReader, Read as _, Write},
    net::{TcpListener, TcpStream},
    process::Command,
};

use anyhow::{Context as _, bail, ensure};
use oauth1_core::{
    ClientCredentials, Signer,
    flow::{Authorize, Authorized, CallbackError, Granted, OUT_OF_BAND, Server},
    profile::{CallbackRule, Profile},
};

/// How the examples are called.
pub const USAGE: &str = "\
usage: authorize [--oob] [--open] [--call URL] CLIENT PROFILE [PLACE]
       authorize [--oob] [--open] [--call URL] CLIENT TEMPORARY-URL AUTHORIZATION-URL TOKEN-URL

  CLIENT     the client identifier (\"consumer key\"); its secret is in OAUTH1_CLIENT_SECRET
  PROFILE    a provider: flickr, x, discogs, ...
  PLACE      the URL of its installation, or the account, where the provider needs one
  --oob      ask for the PIN that the provider shows, instead of listening for the callback
  --open     open the authorization URL in the browser, instead of only printing it
  --call     the URL of a signed GET at the end";

/// The longest line of a callback that is read.
const LINE_LIMIT: u64 = 16 * 1024;

/// How long a browser may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an example was called with.
pub struct Arguments {
    /// The client, with its secret.
    pub client: ClientCredentials<'static>,
    /// The provider.
    pub server: Server,
    /// The URL of the signed request at the end.
    pub call: Option<String>,
    profile: Option<(&'static Profile, String)>,
    out_of_band: bool,
    open: bool,
}

impl Arguments {
    /// Those of this process.
    ///
    /// # Errors
    /// What is wrong with them, and how they should be.
    pub fn of_process() -> anyhow::Result<Self> {
        let secret = env::var("OAUTH1_CLIENT_SECRET").unwrap_or_default();
        Self::parse(env::args().skip(1), &secret)
    }

    /// From the words behind the program's name, and the client's secret.
    ///
    /// # Errors
    /// As [`of_process`](Self::of_process).
    pub fn parse(words: impl IntoIterator<Item = String>, secret: &str) -> anyhow::Result<Self> {
        let (mut out_of_band, mut open, mut call, mut plain) = (false, false, None, Vec::new());
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--oob" => out_of_band = true,
                "--open" => open = true,
                "--call" => call = Some(words.next().context(USAGE)?),
                flag if flag.starts_with('-') => bail!("{flag} is no flag\n{USAGE}"),
                _ => plain.push(word),
            }
        }
        ensure!(
            !secret.is_empty(),
            "OAUTH1_CLIENT_SECRET is not set\n{USAGE}"
        );
        let mut profile = None;
        let (client, server) = match plain.as_slice() {
            [client, temporary, authorization, token] => {
                (client, Server::new(temporary, authorization, token)?)
            }
            [client, name, place @ ..] if place.len() < 2 => {
                let known =
                    Profile::find(name).with_context(|| format!("no profile {name}\n{USAGE}"))?;
                let place = place.first().cloned().unwrap_or_default();
                let server = known.server(&place)?;
                out_of_band |= known.callback == CallbackRule::OutOfBand;
                profile = Some((known, place));
                (client, server)
            }
            _ => bail!(USAGE),
        };
        Ok(Self {
            client: ClientCredentials::new(client.clone(), secret.to_owned()),
            server,
            call,
            profile,
            out_of_band,
            open,
        })
    }

    /// Sets on a signer what the provider wants.
    ///
    /// # Errors
    /// When the place does not fit the provider.
    pub fn configure<'a, K>(&self, signer: Signer<'a, K>) -> anyhow::Result<Signer<'a, K>> {
        Ok(match &self.profile {
            Some((profile, place)) => profile.configure(signer, place)?,
            None => signer,
        })
    }
}

impl fmt::Debug for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arguments").finish_non_exhaustive()
    }
}

/// Where the resource owner is to come back to.
#[derive(Debug)]
pub struct Callback {
    listener: Option<TcpListener>,
    uri: String,
}

impl Callback {
    /// Begins to listen on the loopback interface, unless there is to be a PIN.
    ///
    /// # Errors
    /// When no port is free.
    pub fn of(arguments: &Arguments) -> anyhow::Result<Self> {
        if arguments.out_of_band {
            let (listener, uri) = (None, OUT_OF_BAND.into());
            return Ok(Self { listener, uri });
        }
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let uri = format!("http://{}/callback", listener.local_addr()?);
        let listener = Some(listener);
        Ok(Self { listener, uri })
    }

    /// What is sent as `oauth_callback`.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }
}

/// The person at the terminal.
pub struct Terminal {
    input: Box<dyn BufRead + Send>,
    output: Box<dyn Write + Send>,
}

impl Terminal {
    /// The one of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self::new(BufReader::new(io::stdin()), io::stdout())
    }

    /// Any other.
    #[must_use]
    pub fn new(input: impl BufRead + Send + 'static, output: impl Write + Send + 'static) -> Self {
        let (input, output) = (Box::new(input), Box::new(output));
        Self { input, output }
    }

    /// Prints a line.
    ///
    /// # Errors
    /// When there is no output any more.
    pub fn say(&mut self, line: &str) -> anyhow::Result<()> {
        writeln!(self.output, "{line}")?;
        Ok(self.output.flush()?)
    }

    /// Sends the resource owner to the provider, and waits for what comes back.
    ///
    /// # Errors
    /// When the resource owner says no, or nothing can come back any more.
    pub fn ask(
        &mut self,
        arguments: &Arguments,
        authorize: &Authorize,
        callback: &Callback,
    ) -> anyhow::Result<Authorized> {
        self.say(&format!("Allow access at {}", authorize.url()))?;
        if arguments.open {
            open(authorize.url())?;
        }
        let Some(listener) = &callback.listener else {
            self.say("and type the PIN that it shows:")?;
            let mut typed = String::new();
            (&mut self.input).take(LINE_LIMIT).read_line(&mut typed)?;
            return Ok(authorize.verifier(&typed)?);
        };
        self.say(&format!("(waiting at {})", callback.uri()))?;
        loop {
            let (stream, _) = listener.accept()?;
            // A browser that breaks off, or asks for an icon, is none that comes back.
            if let Ok(Some(answer)) = answer(stream, authorize) {
                return Ok(answer?);
            }
        }
    }

    /// Prints what was granted, with secrets masked.
    ///
    /// # Errors
    /// When there is no output any more.
    pub fn show(&mut self, granted: &Granted) -> anyhow::Result<()> {
        let token = granted.credentials().identifier();
        let start: String = token.chars().take(4).collect();
        let length = token.chars().count();
        self.say(&format!("token         {start}... ({length} characters)"))?;
        self.say("token secret  ********")?;
        for (name, value) in granted.parameters().iter() {
            self.say(&format!("{name}: {value}"))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal").finish_non_exhaustive()
    }
}

/// Reads one request, and says in the browser what came of it; `None` where it is no callback.
fn answer(
    mut stream: TcpStream,
    authorize: &Authorize,
) -> io::Result<Option<Result<Authorized, CallbackError>>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head = BufReader::new((&stream).take(LINE_LIMIT));
    let mut line = String::new();
    head.read_line(&mut line)?;
    // The rest is read, so that the browser is not cut off before it has the answer.
    let mut rest = String::new();
    while head.read_line(&mut rest)? > 2 {
        rest.clear();
    }
    let target = line.split(' ').nth(1).unwrap_or_default();
    let outcome = match authorize.callback(target) {
        Ok(authorized) => Some(Ok(authorized)),
        Err(CallbackError::Denied(problem)) => Some(Err(CallbackError::Denied(problem))),
        Err(_) => None,
    };
    let (status, text) = match &outcome {
        Some(Ok(_)) => ("200 OK", "Access is allowed. You can close this window."),
        Some(Err(_)) => ("200 OK", "Access is denied. You can close this window."),
        None => ("404 Not Found", "This is not the way back."),
    };
    let length = text.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: \
         close\r\n\r\n{text}"
    )?;
    Ok(outcome)
}

fn open(url: &str) -> anyhow::Result<()> {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    Command::new(program)
        .arg(url)
        .spawn()
        .with_context(|| program.to_owned())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use oauth1_core::{
        HmacSha1,
        flow::{Leg as _, Start},
    };

    use super::*;
    use crate::browser::browse;

    fn parse(words: &str) -> anyhow::Result<Arguments> {
        Arguments::parse(words.split(' ').map(String::from), "secret")
    }

    #[test]
    fn a_provider_is_a_profile_or_three_urls() {
        let uri = |words| {
            let arguments = parse(words).unwrap();
            let start = Start::new(&arguments.server, &arguments.client, OUT_OF_BAND);
            let leg = start.request::<HmacSha1>().unwrap();
            (
                leg.outgoing().request().uri().to_string(),
                arguments.out_of_band,
            )
        };
        let flickr = "https://www.flickr.com/services/oauth/request_token";
        assert_eq!(uri("client flickr"), (flickr.into(), false));
        assert_eq!(uri("--oob client flickr"), (flickr.into(), true));
        // The one that has no other callback.
        assert!(uri("client etrade").1);
        let urls = "--call https://a.example/d c https://a.example/1 https://a.example/2 https://a.example/3";
        assert_eq!(uri(urls), ("https://a.example/1".into(), false));
        assert_eq!(
            parse(urls).unwrap().call.as_deref(),
            Some("https://a.example/d")
        );
        let signer = Signer::<HmacSha1>::for_client(&ClientCredentials::new("c", "s"));
        let signer = parse("client netsuite 123-sb1")
            .unwrap()
            .configure(signer)
            .unwrap();
        assert_eq!(signer.realm(), Some("123_SB1"));
    }

    #[test]
    fn what_is_wrong_is_said_with_how_it_should_be() {
        for (words, why) in [
            ("client", "usage: authorize"),
            ("client nobody", "no profile nobody"),
            ("--quiet client flickr", "--quiet is no flag"),
            ("client flickr --call", "usage: authorize"),
            ("client woocommerce https://shop.example", "no flow"),
            (
                "client http://a.example/1 https://a.example/2 https://a.example/3 4",
                "usage: authorize",
            ),
        ] {
            let error = parse(words).unwrap_err().to_string();
            assert!(error.contains(why), "{words}: {error}");
        }
        let error = Arguments::parse(["client".into(), "flickr".into()], "").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("OAUTH1_CLIENT_SECRET is not set")
        );
        assert_eq!(
            format!("{:?}", parse("client flickr").unwrap()),
            "Arguments { .. }"
        );
    }

    #[test]
    fn a_denial_ends_it() {
        let authorize: Authorize = serde_json::from_str(
            r#"{"version":1,"temporary":{"identifier":"hh5s93j4hdidpola","secret":"hdhd0244k9j7ao03"},
                "url":"https://photos.example.net/authorize?oauth_token=hh5s93j4hdidpola",
                "core_1_0":false,"parameters":[]}"#,
        )
        .unwrap();
        let arguments = parse("client flickr").unwrap();
        let callback = Callback::of(&arguments).unwrap();
        let back = format!(
            "{}?oauth_token=hh5s93j4hdidpola&oauth_problem=user_refused",
            callback.uri()
        );
        let browser = std::thread::spawn(move || browse(&back).unwrap());
        let mut terminal = Terminal::new(io::empty(), io::sink());
        let error = terminal.ask(&arguments, &authorize, &callback).unwrap_err();
        assert!(
            matches!(error.downcast_ref(), Some(CallbackError::Denied(_))),
            "{error}"
        );
        assert!(browser.join().unwrap().body.contains("Access is denied"));
    }
}
