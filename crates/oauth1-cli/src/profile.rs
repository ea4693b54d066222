//! Profiles: credentials that are kept in files of the user's own, and the providers that the core knows.

use oauth1_core::profile::{CallbackRule, Profile, Quirk, RealmForm};

use crate::{
    arguments::{
        ClientArguments, ProfileArguments, ProfileCommand, ProtocolArguments, SigningArguments,
    },
    problem::{Code, Failure, Problem},
    signature_method::SignatureMethod,
};

pub(crate) use self::{
    folder::{Folder, check_name},
    show::saved,
    stored::Stored,
};

mod add;
mod folder;
mod show;
mod stored;

pub(crate) fn run(command: ProfileCommand) -> Result<(), Failure> {
    match command {
        ProfileCommand::List { providers, folder } => show::list(&Folder::new(&folder)?, providers),
        ProfileCommand::Show { name, folder } => show::one(&Folder::new(&folder)?, &name),
        ProfileCommand::Add(arguments) => add::run(*arguments),
        ProfileCommand::Remove { name, folder } => {
            let folder = Folder::new(&folder)?;
            folder.remove(&name)?;
            show::done(format_args!("removed {name}"))
        }
    }
}

/// The provider of that name.
pub(crate) fn provider(name: &str) -> Result<&'static Profile, Problem> {
    Profile::find(name).ok_or_else(|| {
        let known: Vec<_> = oauth1_core::profile::ALL
            .iter()
            .map(|profile| profile.name)
            .collect();
        let message = format!(
            "profile: no provider is called so; known are {}",
            known.join(", ")
        );
        Problem::new(Code::UnknownProfile, message)
    })
}

/// What `--profile` names: a profile of the user's own, or a provider as if it were one.
pub(crate) fn find(arguments: &ProfileArguments) -> Result<Option<Stored>, Failure> {
    let Some(name) = &arguments.profile else {
        return match arguments.place {
            Some(_) => Err(Failure::usage(
                "--place says where a --profile is: give one",
            )),
            None => Ok(None),
        };
    };
    let folder = Folder::new(&arguments.folder)?;
    let mut stored = match folder.load(name)? {
        Some(stored) => stored,
        None if Profile::find(name).is_some() => Stored {
            provider: Some(name.clone()),
            ..Stored::default()
        },
        None => {
            return Err(Failure::usage(format!(
                "--profile {name}: there is none in {}, and no provider is called so: see `oauth1 \
                 profile list --providers`",
                folder.display()
            )));
        }
    };
    if let Some(place) = &arguments.place {
        stored.place = Some(place.clone());
    }
    Ok(Some(stored))
}

/// Fills in what the options leave open: options go before the profile, and the profile before the
/// environment.
pub(crate) fn settle(
    protocol: &mut ProtocolArguments,
    client: &mut ClientArguments,
    keys: Option<&mut SigningArguments>,
) -> Result<(), Failure> {
    let Some(stored) = find(&protocol.profile)? else {
        return Ok(());
    };
    settle_credentials(&stored, client, keys);
    let method = match &stored.signature_method {
        Some(name) => Some(SignatureMethod::of_field("signature_method", name)?),
        None => None,
    };
    protocol.signature_method = protocol.signature_method.or(method);
    protocol.transmission = protocol.transmission.or(stored.transmission);
    protocol.body_hash = protocol.body_hash.or(stored.body_hash);
    if protocol.realm.is_none() {
        protocol.realm.clone_from(&stored.realm);
    }
    let Some(provider) = stored.provider()? else {
        return Ok(());
    };
    let best = SignatureMethod::of_provider(provider);
    protocol.signature_method.get_or_insert(best);
    let transmission = provider.transmission.into();
    protocol.transmission.get_or_insert(transmission);
    protocol.body_hash.get_or_insert(provider.body_hash.into());
    protocol.stamp.oauth_version |= provider.version;
    if let (None, CallbackRule::Fixed(callback)) = (&protocol.callback, provider.callback) {
        protocol.callback = Some(callback.to_owned());
    }
    if protocol.realm.is_none() && provider.realm == RealmForm::Account {
        let account = provider
            .url("{}", stored.place())
            .map_err(|error| Failure::usage(format!("--place: {error}")))?;
        protocol.realm = Some(account.to_ascii_uppercase().replace('-', "_"));
    }
    if client.token.is_none() && provider.quirks.contains(&Quirk::EmptyToken) {
        client.token = match crate::source::variable("OAUTH1_TOKEN")? {
            Some(token) if !client.settled => Some(token),
            _ => Some(String::new()),
        };
    }
    Ok(())
}

/// The credentials alone. Somebody else's token in the environment is not taken for that of a profile
/// which has a client.
pub(crate) fn settle_credentials(
    stored: &Stored,
    client: &mut ClientArguments,
    keys: Option<&mut SigningArguments>,
) {
    if stored.client_key.is_none() {
        return;
    }
    // Secrets belong to what they came with.
    let own_client = client.client_key.is_none();
    let own_token = own_client && client.token.is_none();
    if own_client {
        client.settled = true;
        client.client_key.clone_from(&stored.client_key);
    }
    if own_token {
        client.token.clone_from(&stored.token);
    }
    let Some(keys) = keys else { return };
    let secrets = &mut keys.secrets;
    if own_client && secrets.client_secret.is_none() && secrets.client_secret_file.is_none() {
        secrets.client_secret = stored.client_secret.as_deref().cloned();
    }
    if own_token && secrets.token_secret.is_none() && secrets.token_secret_file.is_none() {
        secrets.token_secret = stored.token_secret.as_deref().cloned();
    }
    if own_client && keys.private_key_file.is_none() {
        keys.private_key_file.clone_from(&stored.private_key_file);
    }
}
