//! The arguments of `oauth1 request`.

use clap::Args;

use super::{ClientArguments, ProtocolArguments, SigningArguments};

#[derive(Debug, Args)]
pub(crate) struct SendArguments {
    /// The URL
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// What else is sent, as HTTPie has it: name=value for a form, name==value for the query,
    /// name:=json for a JSON object, Name:value for a header, name@file for a file
    #[arg(value_name = "ITEM")]
    pub(crate) items: Vec<String>,
    #[command(flatten)]
    pub(crate) content: ContentArguments,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
    #[command(flatten)]
    pub(crate) wire: WireArguments,
    #[command(flatten)]
    pub(crate) client: ClientArguments,
    #[command(flatten)]
    pub(crate) keys: SigningArguments,
    #[command(flatten)]
    pub(crate) protocol: ProtocolArguments,
}

/// The request, in curl's words.
#[derive(Debug, Args)]
#[command(next_help_heading = "Request")]
pub(crate) struct ContentArguments {
    /// The HTTP method. [default: GET; POST where there is a body, PUT for --upload-file]
    #[arg(
        short = 'X',
        long = "request",
        visible_alias = "method",
        value_name = "METHOD"
    )]
    pub(crate) method: Option<String>,
    /// A header
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,
    /// A pair of a form, encoded already; several are joined with `&`. @FILE reads a file, @- standard
    /// input, both without ends of lines
    #[arg(short, long, value_name = "NAME=VALUE|@FILE")]
    pub(crate) data: Vec<String>,
    /// A pair of a form whose value is still to be encoded
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) data_urlencode: Vec<String>,
    /// A body of any type, as it is: needs -H 'Content-Type: ...'
    #[arg(long, value_name = "BODY")]
    pub(crate) data_raw: Option<String>,
    /// The same, where @FILE is a file and @- standard input
    #[arg(long, value_name = "BODY|@FILE")]
    pub(crate) data_binary: Option<String>,
    /// A JSON body, sent as application/json, which is also what is accepted; @FILE is a file and @-
    /// standard input
    #[arg(long, value_name = "JSON|@FILE")]
    pub(crate) json: Option<String>,
    /// A part of a multipart/form-data body: name=text, name=@file or name=<file, with ;type=... behind
    /// a file
    #[arg(short = 'F', long, value_name = "NAME=CONTENT")]
    pub(crate) form: Vec<String>,
    /// A part of such a body whose text is taken as it is
    #[arg(long, value_name = "NAME=TEXT")]
    pub(crate) form_string: Vec<String>,
    /// A file that is the body, however large; `-` is standard input, which is not hashed
    #[arg(short = 'T', long, value_name = "FILE")]
    pub(crate) upload_file: Option<String>,
}

/// What is printed.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArguments {
    /// Write the body of the response into a file
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<String>,
    /// Print the head of the response, too
    #[arg(short, long)]
    pub(crate) include: bool,
    /// Tell what is signed, sent and received, secrets left out, on standard error
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// No progress, and no word about refusals
    #[arg(short, long)]
    pub(crate) silent: bool,
    /// As curl has it: print no body of a response of status 400 and more, and end with status 22
    #[arg(short, long)]
    pub(crate) fail: bool,
    /// Send nothing: print the curl command that would send it
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How it is sent.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct WireArguments {
    /// Follow that many redirects, on the same origin
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    pub(crate) max_redirects: u8,
    /// Follow redirects to other origins, too: without a signature and without cookies
    #[arg(long)]
    pub(crate) follow_unsigned: bool,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
    /// Give up after that many seconds. [default: never]
    #[arg(long, visible_alias = "max-time", value_name = "SECONDS")]
    pub(crate) timeout: Option<u64>,
    /// Let the secrets go unencrypted over http with the method PLAINTEXT
    #[arg(long)]
    pub(crate) plaintext_without_tls: bool,
}

/// What is believed of a server.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ServerArguments {
    /// Correct the clock, by this many seconds at most, where the server says that it is off, and try
    /// again. [default without a number: a day]
    #[arg(
        long,
        value_name = "SECONDS",
        num_args = 0..=1,
        require_equals = true,
        default_value_t = 0,
        default_missing_value = "86400",
        hide_default_value = true
    )]
    pub(crate) clock_correction: u64,
    /// A file (PEM) with further certificate authorities to trust
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<String>,
}
