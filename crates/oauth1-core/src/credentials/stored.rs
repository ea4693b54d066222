//! Credentials as they are kept in a file or a session (feature `serde`): the identifier and the
//! secret, in clear. Whoever stores them guards them.

use alloc::{borrow::Cow, string::String};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{ClientCredentials, TemporaryCredentials, TokenCredentials};

const EXPECTED: &str = "credentials are an object with the texts `identifier` and `secret`";

/// The names of the fields are part of the interface: stored credentials outlive a release.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    identifier: Cow<'a, str>,
    secret: Cow<'a, str>,
}

macro_rules! stored {
    ($name:ident, $secret:ident) => {
        impl Serialize for $name<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let stored = Stored {
                    identifier: self.identifier().into(),
                    secret: self.$secret().expose().into(),
                };
                stored.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name<'static> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // The error of what is inside may quote it.
                let Stored { identifier, secret } =
                    Stored::deserialize(deserializer).map_err(|_| D::Error::custom(EXPECTED))?;
                Ok(Self::new(String::from(identifier), String::from(secret)))
            }
        }
    };
}

stored!(ClientCredentials, key);
stored!(TemporaryCredentials, secret);
stored!(TokenCredentials, secret);
