//! The arguments of the commands that make files: keys, completions, manual pages.

use clap::Args;
use clap_complete::Shell;

#[derive(Debug, Args)]
pub(crate) struct KeygenArguments {
    /// How many bits the modulus has
    #[arg(long, default_value_t = 2048, value_parser = clap::value_parser!(u16).range(2048..=8192))]
    pub(crate) bits: u16,
    /// Where the private key goes (PEM, PKCS#8): a new file that its owner alone can read. [default:
    /// standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) private_key_file: Option<String>,
    /// Where the public key goes (PEM, SPKI). [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) public_key_file: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// The directory that the pages go to, one for each command
    #[arg(value_name = "DIRECTORY")]
    pub(crate) directory: String,
}
