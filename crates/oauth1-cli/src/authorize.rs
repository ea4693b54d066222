//! `oauth1 authorize`: the three legs of RFC 5849 section 2, from a terminal.

use core::{mem, time::Duration};
use std::io::{self, Write as _};

use bytes::Bytes;
use http::{HeaderValue, header};
use http_body_util::Empty;
use oauth1_core::{
    ClientCredentials,
    flow::{Authorize, Authorized, CallbackError, Granted, OUT_OF_BAND, Server, Start},
    profile::{CallbackRule, Profile},
};
use oauth1_hyper::{LegError, complete};
use tokio::runtime;
use zeroize::Zeroizing;

use self::callback::Callback;
use crate::{
    arguments::{AuthorizeArguments, EndpointArguments},
    order::flags::Credentials,
    page::{GOOD, printable},
    problem::{Failure, whole_story},
    profile::{self, Folder, Stored},
    signatory::{ClientKey, Signatory},
    signature_method::SignatureMethod,
    source::{OwnSecrets, Sources},
    transport::{self, LastSent, Told, USER_AGENT},
};

mod callback;

/// What a shell says of a program that Ctrl-C has ended.
const INTERRUPTED: u8 = 130;

pub(crate) fn run(mut arguments: AuthorizeArguments) -> Result<(), Failure> {
    let own = profile::find(&arguments.profile)?;
    let mut stored = own.unwrap_or_default();
    let folder = Folder::new(&arguments.profile.folder)?;
    let save = Save::new(&arguments, &folder)?;
    // A token that there is already plays no part.
    stored.token = None;
    stored.token_secret = None;
    profile::settle_credentials(&stored, &mut arguments.client, Some(&mut arguments.keys));
    let provider = stored.provider()?;
    let method = method(&arguments, &stored, provider)?;
    let private_key_file = arguments.keys.private_key_file.clone();
    let secrets = OwnSecrets::of_method(
        method,
        mem::take(&mut arguments.keys),
        &mut Sources::default(),
    )?;
    secrets.check(method, None)?;
    let credentials = Credentials::new(mem::take(&mut arguments.client))?;
    let server = server(&arguments.endpoints, &stored, provider)?;
    let way = Way::new(arguments.oob, provider)?;

    let key = ClientKey::new(method, &secrets.borrowed())?;
    let base_strings = arguments.verbose.then(|| key.seen());
    let client_key = credentials.client_key()?.to_owned();
    let client = ClientCredentials::with_key(client_key.clone(), key);
    let transport = Told::<Empty<Bytes>> {
        pool: transport::pool(transport::connector(arguments.cacert.as_deref())?),
        base_strings,
        method,
        last: LastSent::default(),
    };
    let flow = Flow {
        server,
        client,
        transport,
        way,
    };

    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let limit = Duration::from_secs(arguments.timeout);
    let result = runtime.block_on(async {
        tokio::select! {
            biased;
            _ = tokio::signal::ctrl_c() => {
                anstream::eprintln!("\noauth1: given up; nothing was kept");
                Err(Failure::Status(INTERRUPTED))
            }
            result = tokio::time::timeout(limit, flow.run(&arguments)) => {
                result.unwrap_or_else(|_| {
                    let seconds = limit.as_secs();
                    Err(Failure::Failed(format!(
                        "nobody came back within {seconds} seconds (--timeout)"
                    )))
                })
            }
        }
    });
    // What still waits for a line of standard input does not keep the program.
    runtime.shutdown_background();
    let granted = result?;

    anstream::eprintln!("{GOOD}allowed{GOOD:#}");
    let endpoints = arguments.endpoints;
    stored.temporary_url = endpoints.temporary_url.or(stored.temporary_url);
    stored.authorization_url = endpoints.authorization_url.or(stored.authorization_url);
    stored.token_url = endpoints.token_url.or(stored.token_url);
    stored.signature_method = Some(method.name().to_owned());
    stored.client_key = Some(client_key);
    stored.client_secret = secrets.client;
    stored.private_key_file = private_key_file.or(stored.private_key_file);
    let token = granted.credentials();
    stored.token = Some(token.identifier().to_owned());
    stored.token_secret = Some(Zeroizing::new(token.secret().expose().to_owned()));
    folder.save(&save.name, &stored, save.replace)?;
    profile::saved(&folder, &save.name, &stored)?;
    let further: Vec<_> = granted.parameters().iter().map(|pair| pair.0).collect();
    if !further.is_empty() {
        let names = printable(further.join(", ").as_bytes());
        anstream::eprintln!("the server also sent: {names}");
    }
    Ok(())
}

/// Where the token is kept: known before anybody is asked.
struct Save {
    name: String,
    replace: bool,
}

impl Save {
    fn new(arguments: &AuthorizeArguments, folder: &Folder) -> Result<Self, Failure> {
        let own = match &arguments.profile.profile {
            Some(name) => folder.load(name)?.map(|_| name.clone()),
            None => None,
        };
        let (name, replace) = match (&arguments.save, own) {
            (Some(name), own) => (
                name.clone(),
                arguments.replace || own.as_ref() == Some(name),
            ),
            // It gets its token.
            (None, Some(own)) => (own, true),
            (None, None) => {
                return Err(Failure::usage(
                    "where shall the token be kept? Give --save NAME: a profile of that name is made",
                ));
            }
        };
        profile::check_name(&name)?;
        if !replace && folder.load(&name)?.is_some() {
            return Err(Failure::Failed(format!(
                "{name}: there is a profile of that name; --replace replaces it"
            )));
        }
        Ok(Self { name, replace })
    }
}

fn method(
    arguments: &AuthorizeArguments,
    stored: &Stored,
    provider: Option<&Profile>,
) -> Result<SignatureMethod, Failure> {
    Ok(
        match (arguments.signature_method, &stored.signature_method) {
            (Some(method), _) => method,
            (None, Some(name)) => SignatureMethod::of_field("signature_method", name)?,
            (None, None) => {
                provider.map_or_else(SignatureMethod::default, SignatureMethod::of_provider)
            }
        },
    )
}

fn server(
    endpoints: &EndpointArguments,
    stored: &Stored,
    provider: Option<&Profile>,
) -> Result<Server, Failure> {
    let either =
        |given: &Option<String>, kept: &Option<String>| given.as_ref().or(kept.as_ref()).cloned();
    let urls = (
        either(&endpoints.temporary_url, &stored.temporary_url),
        either(&endpoints.authorization_url, &stored.authorization_url),
        either(&endpoints.token_url, &stored.token_url),
    );
    let usage = |error: &dyn core::fmt::Display| Failure::usage(error.to_string());
    let server = match (urls, provider) {
        ((Some(temporary), Some(authorization), Some(token)), _) => {
            Server::new(&temporary, &authorization, &token).map_err(|error| usage(&error))?
        }
        ((None, None, None), Some(provider)) => provider
            .server(stored.place())
            .map_err(|error| usage(&error))?,
        _ => {
            return Err(Failure::usage(
                "where is the server? Give --profile with a provider or a profile of your own, or all \
                 of --temporary-url, --authorization-url and --token-url",
            ));
        }
    };
    Ok(server.with_header(header::USER_AGENT, HeaderValue::from_static(USER_AGENT)))
}

/// How the resource owner's decision comes back.
enum Way {
    Callback,
    Typed,
}

impl Way {
    fn new(oob: bool, provider: Option<&Profile>) -> Result<Self, Failure> {
        match provider.map(|provider| provider.callback) {
            Some(CallbackRule::OutOfBand) => Ok(Self::Typed),
            Some(CallbackRule::Url | CallbackRule::AtAuthorization) if oob => Err(Failure::usage(
                "--oob: this provider shows no verifier, and wants a callback: leave it out",
            )),
            Some(CallbackRule::None) => Err(Failure::usage(
                "this provider sends its verifier to a page of yours when an administrator activates \
                 the integration: there is nothing that a terminal could wait for",
            )),
            _ if oob => Ok(Self::Typed),
            _ => Ok(Self::Callback),
        }
    }
}

struct Flow {
    server: Server,
    client: ClientCredentials<'static, ClientKey>,
    transport: Told<Empty<Bytes>>,
    way: Way,
}

impl Flow {
    async fn run(&self, arguments: &AuthorizeArguments) -> Result<Granted, Failure> {
        let authorized = match self.way {
            Way::Callback => {
                let callback = Callback::listen(arguments.port, &arguments.callback_path).await?;
                let authorize = self.start(arguments, &callback.url()).await?;
                show(arguments, &authorize);
                anstream::eprintln!(
                    "Waiting on {} for the browser to come back; Ctrl-C gives up.",
                    callback.url()
                );
                callback
                    .wait(&authorize)
                    .await
                    .map_err(|error| denied(&error))?
            }
            Way::Typed => {
                let authorize = self.start(arguments, OUT_OF_BAND).await?;
                show(arguments, &authorize);
                type_in(&authorize).await?
            }
        };
        let leg = authorized
            .request::<Signatory, _>(&self.server, &self.client)
            .map_err(|error| Failure::Failed(error.to_string()))?;
        complete(&self.transport, leg)
            .await
            .map_err(|error| failed("the token was not given", &error))
    }

    async fn start(
        &self,
        arguments: &AuthorizeArguments,
        callback: &str,
    ) -> Result<Authorize, Failure> {
        let mut start = Start::new(&self.server, &self.client, callback);
        for text in &arguments.parameter {
            let (name, value) = pair("--parameter", text)?;
            start = start.with_parameter(name, value);
        }
        for text in &arguments.page_parameter {
            let (name, value) = pair("--page-parameter", text)?;
            start = start.with_authorization_parameter(name, value);
        }
        if arguments.authenticate {
            start = start.authenticate();
        }
        let leg = start
            .request::<Signatory>()
            .map_err(|error| Failure::usage(error.to_string()))?;
        complete(&self.transport, leg)
            .await
            .map_err(|error| failed("temporary credentials were not given", &error))
    }
}

fn show(arguments: &AuthorizeArguments, authorize: &Authorize) {
    let url = printable(authorize.url().as_bytes());
    anstream::eprintln!("Allow access on this page:\n  {url}");
    if arguments.no_browser {
        return;
    }
    if webbrowser::open(authorize.url()).is_err() {
        anstream::eprintln!("No browser can be opened from here: open the page yourself.");
    }
}

fn pair<'a>(option: &str, text: &'a str) -> Result<(&'a str, &'a str), Failure> {
    text.split_once('=')
        .ok_or_else(|| Failure::usage(format!("{option} {text}: expected NAME=VALUE")))
}

/// Has the verifier typed in: it is no secret without those of the client.
async fn type_in(authorize: &Authorize) -> Result<Authorized, Failure> {
    loop {
        anstream::eprint!("The verifier (PIN) that it shows: ");
        io::stderr().flush()?;
        let read = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            io::stdin().read_line(&mut line).map(|count| (count, line))
        });
        let read = read
            .await
            .map_err(|error| Failure::Failed(error.to_string()))?;
        let (count, line) = read?;
        if count == 0 {
            anstream::eprintln!();
            return Err(Failure::Failed("no verifier was typed in".into()));
        }
        if let Ok(authorized) = authorize.verifier(&line) {
            return Ok(authorized);
        }
    }
}

fn denied(error: &CallbackError) -> Failure {
    Failure::Failed(error.to_string())
}

fn failed(what: &str, error: &LegError) -> Failure {
    let message = printable(whole_story(error).as_bytes());
    Failure::Failed(format!("{what}: {message}"))
}
