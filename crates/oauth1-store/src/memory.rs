//! Stores in the memory of one process. They forget when it ends.
//!
//! Nonces in memory are right where one process answers for a server: within it, no replay is ever
//! accepted. When it is started anew, what was sent in the last minutes could be replayed, for as
//! long as the window of the [policy](oauth1_core::verify::Policy) lets it in. Who cannot have that
//! waits for one window before it accepts requests, or takes a store that outlives the process.

mod credentials;
mod nonces;
mod shares;
mod store;
mod sync;
mod table;

pub use self::{
    credentials::MemoryCredentials,
    nonces::{MemoryNonces, NonceBounds, Occupancy},
    store::{MemoryBounds, MemoryStore},
};
