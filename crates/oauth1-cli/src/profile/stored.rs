//! What a profile's file holds.

use oauth1_core::profile::Profile;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    arguments::{Place, When},
    problem::Problem,
};

/// A profile. It has no `Debug`: it holds secrets.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Stored {
    /// Of the format: 1.
    pub(crate) version: Version,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) temporary_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authorization_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signature_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) realm: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transmission: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body_hash: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_secret: Option<Zeroizing<String>>,
    /// A path: the key stays where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) private_key_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token_secret: Option<Zeroizing<String>>,
}

/// The only version that there is.
#[derive(Default, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
#[derive(Clone, Copy)]
pub(crate) struct Version;

impl TryFrom<u32> for Version {
    type Error = &'static str;

    fn try_from(version: u32) -> Result<Self, Self::Error> {
        match version {
            1 => Ok(Self),
            _ => Err("another version"),
        }
    }
}

impl From<Version> for u32 {
    fn from(Version: Version) -> Self {
        1
    }
}

impl Stored {
    /// Reads a file's content. The error says where it is wrong, and quotes nothing.
    pub(crate) fn read(json: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(json).map_err(|error| {
            format!(
                "this is no profile of version 1: line {}, column {}",
                error.line(),
                error.column()
            )
        })
    }

    /// What is written to a file.
    pub(crate) fn write(&self) -> Zeroizing<Vec<u8>> {
        // Strings and enums: there is nothing that JSON could not hold.
        let mut json = Zeroizing::new(serde_json::to_vec_pretty(self).unwrap_or_default());
        json.push(b'\n');
        json
    }

    /// The provider, if it has one.
    pub(crate) fn provider(&self) -> Result<Option<&'static Profile>, Problem> {
        let provider = self.provider.as_deref().map(super::provider);
        provider.transpose()
    }

    /// The place, empty where there is none.
    pub(crate) fn place(&self) -> &str {
        self.place.as_deref().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let stored = Stored {
            provider: Some("x".into()),
            transmission: Some(Place::Query),
            client_secret: Some(Zeroizing::new("s".into())),
            ..Stored::default()
        };
        let json = stored.write();
        assert!(
            String::from_utf8_lossy(&json)
                .starts_with("{\n  \"version\": 1,\n  \"provider\": \"x\"")
        );
        let read = Stored::read(&json).unwrap();
        assert_eq!(read.write(), json);
        assert_eq!(read.client_secret.as_deref().map(String::as_str), Some("s"));
    }

    #[test]
    fn what_is_wrong_is_not_quoted() {
        for json in [
            r#"{"version": 1, "client_secret": ["kd94hf93k423kf44"]}"#,
            r#"{"version": 1, "kd94hf93k423kf44": 1}"#,
            r#"{"version": 2, "client_secret": "kd94hf93k423kf44"}"#,
            r#"{"version": 1, "client_secret": "kd94hf93k423kf44"#,
        ] {
            let error = Stored::read(json.as_bytes()).err().unwrap();
            assert!(
                error.contains("line 1") && !error.contains("kd94"),
                "{error}"
            );
        }
    }
}
