//! Passwords, of which hashes are kept (argon2id, with the parameters that OWASP recommends).

use alloc::sync::Arc;

use anyhow::{Context as _, Result};
use argon2::{
    Argon2, PasswordHasher as _, PasswordVerifier as _,
    password_hash::{Error, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// How many are hashed at a time: each takes 19 MiB and a processor for some time.
const AT_A_TIME: usize = 2;

/// Hashes and checks passwords.
#[derive(Clone)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    nobody: Arc<str>,
}

impl Passwords {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            turns: Arc::new(Semaphore::new(AT_A_TIME)),
            nobody: hash("of nobody")?.into(),
        })
    }

    /// What is to be kept of a password.
    pub(crate) async fn hash(&self, password: String) -> Result<String> {
        let _turn = self.turns.acquire().await?;
        tokio::task::spawn_blocking(move || hash(&password)).await?
    }

    /// Whether it is the password of which this was kept. Where there is no such account, the answer is
    /// no, and takes as long.
    pub(crate) async fn check(&self, password: String, kept: Option<String>) -> Result<bool> {
        let _turn = self.turns.acquire().await?;
        let nobody = Arc::clone(&self.nobody);
        let checked = tokio::task::spawn_blocking(move || {
            let hash = PasswordHash::new(kept.as_deref().unwrap_or(&nobody));
            let hash = hash.map_err(unusable)?;
            match Argon2::default().verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(kept.is_some()),
                Err(Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(unusable(error)),
            }
        });
        checked.await?
    }
}

fn hash(password: &str) -> Result<String> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(unusable)
        .context("a password cannot be hashed")?;
    Ok(hash.to_string())
}

fn unusable(error: impl core::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("argon2: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_of_somebody_who_is_there_and_no_other() {
        let passwords = Passwords::new().unwrap();
        let kept = passwords.hash("correct horse".into()).await.unwrap();
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert!(!kept.contains("horse"));
        let again = passwords.hash("correct horse".into()).await.unwrap();
        assert_ne!(kept, again, "a salt of its own");
        let cases = [
            ("correct horse", Some(kept.clone()), true),
            ("Correct horse", Some(kept), false),
            ("of nobody", None, false),
        ];
        for (password, kept, right) in cases {
            let found = passwords.check(password.into(), kept).await.unwrap();
            assert_eq!(found, right, "{password}");
        }
        let unreadable = passwords.check("a".into(), Some("b".into())).await;
        assert!(unreadable.is_err());
    }
}
