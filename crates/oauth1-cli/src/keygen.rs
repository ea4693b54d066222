//! `oauth1 keygen`.

use std::{fs::OpenOptions, io::Write as _};

use getrandom::{
    SysRng,
    rand_core::{TryRng as _, UnwrapErr},
};
use rsa::{
    PrivateKey,
    pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, LineEnding},
};

use crate::{arguments::KeygenArguments, page::Page, problem::Failure};

pub(crate) fn run(arguments: &KeygenArguments) -> Result<(), Failure> {
    // Where this works, it works on: the generator below has no way to say that it does not.
    SysRng
        .try_next_u64()
        .map_err(|error| Failure::Failed(format!("the system's random source: {error}")))?;
    let failed = |error: &dyn core::fmt::Display| Failure::Failed(format!("no key: {error}"));
    let bits = usize::from(arguments.bits);
    let key = PrivateKey::new(&mut UnwrapErr(SysRng), bits).map_err(|error| failed(&error))?;
    let private = key
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|error| failed(&error))?;
    let public = key
        .to_public_key()
        .to_public_key_pem(LineEnding::LF)
        .map_err(|error| failed(&error))?;
    put(arguments.private_key_file.as_deref(), &private, true)?;
    put(arguments.public_key_file.as_deref(), &public, false)
}

fn put(path: Option<&str>, pem: &str, is_secret: bool) -> Result<(), Failure> {
    let Some(path) = path else {
        return Ok(Page::new().line(pem.trim_end())?);
    };
    let mut options = OpenOptions::new();
    // A key that is there already may be the only copy.
    options.write(true).create_new(true);
    #[cfg(unix)]
    if is_secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = is_secret;
    let written = options
        .open(path)
        .and_then(|mut file| file.write_all(pem.as_bytes()));
    written.map_err(|error| Failure::file(path, &error))
}
