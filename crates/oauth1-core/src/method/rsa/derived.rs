//! The bytes that stand for random ones while an RSA signature is made.

use core::convert::Infallible;

use ::rsa::rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, Zeroizing};

/// What the generators of one private key are keyed with: a hash of its primes, so that it is the
/// same however the key was stored. Computed when the key is loaded, wiped with it.
pub(super) struct Seed(Zeroizing<[u8; 32]>);

impl Seed {
    /// From both primes, big-endian and without leading zeros.
    pub(super) fn of(p: &[u8], q: &[u8]) -> Self {
        let mut hash = Sha256::new_with_prefix(b"oauth1-core RSA seed 1\0");
        for prime in [p, q] {
            // The length says where one number ends and the next begins.
            hash.update((prime.len() as u64).to_be_bytes());
            hash.update(prime);
        }
        let mut seed = Self(Zeroizing::new([0; 32]));
        hash.finalize_into((&mut *seed.0).into());
        seed
    }
}

/// SHA-256 in counter mode, keyed by the private key, the method and the digest of what is signed.
///
/// Every input of the hash has a fixed length but the name of the method, which is followed by a
/// zero, so that no input is the beginning of another.
pub(super) struct Derived {
    key: [u8; 32],
    counter: u64,
    block: [u8; 32],
    /// How much of `block` was given out.
    used: usize,
}

impl Derived {
    pub(super) fn new(seed: &Seed, method: &str, digest: &[u8]) -> Self {
        let mut hash = Sha256::new_with_prefix(b"oauth1-core RSA signature 1\0");
        hash.update(*seed.0);
        hash.update(method);
        hash.update([0]);
        hash.update(digest);
        let mut derived = Self {
            key: [0; 32],
            counter: 0,
            block: [0; 32],
            used: 32,
        };
        hash.finalize_into((&mut derived.key).into());
        derived
    }

    fn fill(&mut self, mut wanted: &mut [u8]) {
        while !wanted.is_empty() {
            if self.used == self.block.len() {
                let mut hash = Sha256::new_with_prefix(self.key);
                hash.update(self.counter.to_be_bytes());
                hash.finalize_into((&mut self.block).into());
                self.counter += 1;
                self.used = 0;
            }
            let rest = &mut self.block[self.used..];
            let len = rest.len().min(wanted.len());
            let (now, later) = wanted.split_at_mut(len);
            now.copy_from_slice(&rest[..len]);
            rest[..len].zeroize();
            self.used += len;
            wanted = later;
        }
    }
}

impl TryRng for Derived {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, wanted: &mut [u8]) -> Result<(), Infallible> {
        self.fill(wanted);
        Ok(())
    }
}

impl TryCryptoRng for Derived {}

impl Drop for Derived {
    fn drop(&mut self) {
        self.key.zeroize();
        self.block.zeroize();
    }
}
