//! Parameters that a server adds to its answers.

use alloc::{string::String, vec::Vec};
use core::fmt;

use serde::{Deserialize, Serialize};

/// What an answer or a callback holds besides what the protocol defines, in its order: `user_id`,
/// `screen_name` and the like. Shown by their names alone, for nobody knows what a server sends.
///
/// Stored (serde) as a list of pairs.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parameters(pub(super) Vec<(String, String)>);

impl Parameters {
    /// The first value of that name.
    ///
    /// ```
    /// # let granted = oauth1_core::flow::Granted::from_text(
    /// #     b"oauth_token=t&oauth_token_secret=s&user_id=38895958&screen_name=theSeanCook")?;
    /// assert_eq!(granted.parameters().get("screen_name"), Some("theSeanCook"));
    /// # Ok::<(), oauth1_core::flow::FlowError>(())
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|pair| pair.0 == name).map(|pair| pair.1)
    }

    /// All of them, decoded.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}
