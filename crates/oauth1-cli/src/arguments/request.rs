//! The request, in the words of curl.

use clap::Args;

/// What is sent. The options have curl's names and do what they do there.
#[derive(Debug, Args)]
#[command(next_help_heading = "Request")]
pub(crate) struct RequestArguments {
    /// The URL with its query, as it is sent
    #[arg(value_name = "URL", required_unless_present = "json", help_heading = None)]
    pub(crate) url: Option<String>,
    /// The HTTP method. [default: GET, or POST where there is a body]
    #[arg(
        short = 'X',
        long = "request",
        visible_alias = "method",
        value_name = "METHOD"
    )]
    pub(crate) method: Option<String>,
    /// A header. What counts is Content-Type, and to verify also Authorization
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,
    /// A file with a header a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) header_file: Option<String>,
    /// A pair of a form, encoded already; several are joined with `&`
    #[arg(short, long, value_name = "NAME=VALUE")]
    pub(crate) data: Vec<String>,
    /// A pair of a form whose value is still to be encoded
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) data_urlencode: Vec<String>,
    /// A body of any type, as it is: needs -H 'Content-Type: ...'
    #[arg(long, value_name = "BODY", conflicts_with_all = ["data", "data_urlencode"])]
    pub(crate) data_raw: Option<String>,
    /// A file with such a body; `-` is standard input
    #[arg(
        long,
        visible_alias = "data-binary",
        value_name = "FILE",
        conflicts_with_all = ["data", "data_urlencode", "data_raw"]
    )]
    pub(crate) data_file: Option<String>,
}
