//! `oauth1 profile add`.

use std::path;

use super::{Folder, Stored, provider, show};
use crate::{
    arguments::AddArguments,
    order::flags::Credentials,
    problem::Failure,
    source::{OwnSecrets, Sources, variable},
};

pub(super) fn run(arguments: AddArguments) -> Result<(), Failure> {
    let folder = Folder::new(&arguments.folder)?;
    if let Some(name) = &arguments.provider {
        // A wrong place is told now, and not with the first request.
        let place = arguments.place.as_deref().unwrap_or_default();
        provider(name)?
            .url("{}", place)
            .map_err(|error| Failure::usage(format!("--place: {error}")))?;
    } else if arguments.place.is_some() {
        return Err(Failure::usage(
            "--place says where a --provider is: give one",
        ));
    }
    let credentials = Credentials::new(arguments.client)?;
    let client_key = credentials.client_key()?.to_owned();
    let private_key_file = match arguments.keys.private_key_file {
        Some(path) => Some(path),
        None => variable("OAUTH1_PRIVATE_KEY_FILE")?,
    };
    let private_key_file = match private_key_file {
        Some(path) if path == "-" => {
            return Err(Failure::usage(
                "a profile holds the path of the private key: --private-key-file FILE",
            ));
        }
        // It is used from other folders than this one.
        Some(path) => {
            let absolute = path::absolute(&path).map_err(|error| Failure::file(&path, &error))?;
            Some(absolute.to_string_lossy().into_owned())
        }
        None => None,
    };
    let secrets = OwnSecrets::shared(arguments.keys.secrets, &mut Sources::default())?;
    let endpoints = arguments.endpoints;
    let stored = Stored {
        provider: arguments.provider,
        place: arguments.place,
        temporary_url: endpoints.temporary_url,
        authorization_url: endpoints.authorization_url,
        token_url: endpoints.token_url,
        signature_method: arguments
            .signature_method
            .map(|method| method.name().to_owned()),
        realm: arguments.realm,
        transmission: arguments.transmission,
        body_hash: arguments.body_hash,
        client_key: Some(client_key),
        client_secret: secrets.client,
        private_key_file,
        token: credentials.token,
        token_secret: secrets.token,
        ..Stored::default()
    };
    folder.save(&arguments.name, &stored, arguments.replace)?;
    show::saved(&folder, &arguments.name, &stored)
}
