//! Where secrets and bodies of a command line come from: files, standard input, the environment.

use std::{
    env, fs,
    io::{self, Read as _},
};

use zeroize::Zeroizing;

use crate::{
    arguments::{SecretArguments, SigningArguments},
    key::Secrets,
    problem::Failure,
    signature_method::SignatureMethod,
};

/// Hands out standard input once: what two options would share, one of them would not get.
#[derive(Default)]
pub(crate) struct Sources {
    stdin_taken_by: Option<&'static str>,
}

impl Sources {
    /// The content of a file, or of standard input for `-`.
    pub(crate) fn read(
        &mut self,
        option: &'static str,
        path: &str,
    ) -> Result<Zeroizing<Vec<u8>>, Failure> {
        if path != "-" {
            let content = fs::read(path).map_err(|error| Failure::file(path, &error))?;
            return Ok(Zeroizing::new(content));
        }
        self.take(option)?;
        let mut content = Zeroizing::new(Vec::new());
        io::stdin().lock().read_to_end(&mut content)?;
        Ok(content)
    }

    /// Standard input, for an option that reads it itself.
    pub(crate) fn take(&mut self, option: &'static str) -> Result<(), Failure> {
        match self.stdin_taken_by.replace(option) {
            Some(other) => Err(Failure::usage(format!(
                "{other} and {option} cannot both read standard input: put one into a file"
            ))),
            None => Ok(()),
        }
    }

    /// The same as text.
    pub(crate) fn text(
        &mut self,
        option: &'static str,
        path: &str,
    ) -> Result<Zeroizing<String>, Failure> {
        let content = self.read(option, path)?;
        match core::str::from_utf8(&content) {
            Ok(text) => Ok(Zeroizing::new(text.to_owned())),
            Err(_) => Err(Failure::Failed(format!(
                "{path}: the file is no UTF-8 text"
            ))),
        }
    }

    /// A file with a secret, less the end of its line, which editors and `echo` add.
    fn secret(&mut self, option: &'static str, path: &str) -> Result<Zeroizing<String>, Failure> {
        let mut text = self.text(option, path)?;
        if text.ends_with('\n') {
            text.pop();
            if text.ends_with('\r') {
                text.pop();
            }
        }
        Ok(text)
    }
}

/// A variable of the environment. An empty one is none: that is how a shell unsets it for one command.
pub(crate) fn variable(name: &'static str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Failure::usage(format!(
            "the environment variable {name} is no UTF-8 text"
        ))),
    }
}

/// The secrets of a command, wiped when they are dropped.
#[derive(Default)]
pub(crate) struct OwnSecrets {
    pub(crate) client: Option<Zeroizing<String>>,
    pub(crate) token: Option<Zeroizing<String>>,
    pub(crate) private_key: Option<Zeroizing<String>>,
}

impl OwnSecrets {
    /// The shared ones, from options or else from the environment.
    pub(crate) fn shared(
        arguments: SecretArguments,
        sources: &mut Sources,
    ) -> Result<Self, Failure> {
        let mut find = |value: Option<String>, file: Option<String>, option, name| {
            Ok::<_, Failure>(match (value, file) {
                (Some(value), _) => Some(Zeroizing::new(value)),
                (None, Some(path)) => Some(sources.secret(option, &path)?),
                (None, None) => variable(name)?.map(Zeroizing::new),
            })
        };
        let SecretArguments {
            client_secret,
            client_secret_file,
            token_secret,
            token_secret_file,
        } = arguments;
        Ok(Self {
            client: find(
                client_secret,
                client_secret_file,
                "--client-secret-file",
                "OAUTH1_CLIENT_SECRET",
            )?,
            token: find(
                token_secret,
                token_secret_file,
                "--token-secret-file",
                "OAUTH1_TOKEN_SECRET",
            )?,
            private_key: None,
        })
    }

    /// What a signature method signs with: the shared secrets, and for the RSA methods the private key.
    pub(crate) fn of_method(
        method: SignatureMethod,
        arguments: SigningArguments,
        sources: &mut Sources,
    ) -> Result<Self, Failure> {
        let mut secrets = Self::shared(arguments.secrets, sources)?;
        if method.is_rsa() {
            let path = match arguments.private_key_file {
                Some(path) => Some(path),
                None => variable("OAUTH1_PRIVATE_KEY_FILE")?,
            };
            let path = path.ok_or_else(|| {
                let name = method.name();
                Failure::usage(format!(
                    "{name} signs with a private key: give --private-key-file, or set \
                     OAUTH1_PRIVATE_KEY_FILE"
                ))
            })?;
            secrets.private_key = Some(sources.text("--private-key-file", &path)?);
        }
        Ok(secrets)
    }

    /// Somebody who forgot a secret is told so, and not by a server that refuses the signature.
    pub(crate) fn check(
        &self,
        method: SignatureMethod,
        token: Option<&str>,
    ) -> Result<(), Failure> {
        if method.is_rsa() {
            return Ok(());
        }
        if self.client.is_none() {
            return Err(Failure::usage(
                "what is the client's secret? Set OAUTH1_CLIENT_SECRET, or give --client-secret-file \
                 (or --client-secret '' if there is none)",
            ));
        }
        if token.is_some_and(|token| !token.is_empty()) && self.token.is_none() {
            return Err(Failure::usage(
                "what is the token's secret? Set OAUTH1_TOKEN_SECRET, or give --token-secret-file (or \
                 --token-secret '' if there is none)",
            ));
        }
        Ok(())
    }

    pub(crate) fn borrowed(&self) -> Secrets<'_> {
        Secrets {
            client: self.client.as_deref().map_or("", String::as_str),
            token: self.token.as_deref().map_or("", String::as_str),
            private_key: self.private_key.as_deref().map(String::as_str),
        }
    }
}
