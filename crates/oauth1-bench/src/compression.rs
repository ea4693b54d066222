//! Valgrind and SHA instructions: how counts made without them compare with the goals.
//!
//! The goals (and the figures of the prototypes that they stand on) count the instructions of a
//! processor with SHA-NI, on which sha1 0.11 takes its `x86_sha` form. Valgrind 3.19 shows programs a
//! processor without SHA-NI, whatever the real one has (leaf 7 of CPUID), and knows none of its
//! instructions: a program that is built for nothing else (`--cfg sha1_backend="x86-sha"` with
//! `-C target-feature=+sha`) ends there with SIGILL. So what runs under it is the portable form, which
//! takes 11 times the instructions, and its share hides what there is to be seen.
//!
//! Nothing else depends on the processor, and the compression function has no branch that depends on
//! data, so that the translation is exact: the instructions of the portable form are taken out of the
//! count, by the function's name in callgrind's file, and those that `x86_sha` would have taken are put
//! in, [`SHA_NI_CALL`] for each call and [`SHA_NI_BLOCK`] for each block. How many calls there were,
//! callgrind says; how many blocks, follows from what the portable form takes for a call and for a
//! block, which is measured in the same run with the two cases of [`calibration`].
//!
//! With that, the bare HMAC takes 1,220, 3,330 and 43,256 instructions for W1, W2 and W3, where the
//! table that the goals stand on has 1,131, 3,363 and 43,911 for its own data of these kinds: the scale is
//! the same, and goals are compared as they are. (A build for processors with SHA-NI alone saves
//! the look at the processor's features, some 20 instructions a call; what is shipped has it.)
//!
//! A valgrind that knows SHA-NI runs `x86_sha` itself; then there is nothing to translate. On other
//! architectures nothing is translated either, and the goals mean little.

use core::hint::black_box;

use anyhow::{Context as _, Result, ensure};

use crate::{
    callgrind::{Callgrind, Counts},
    cases::{Case, Kind, Operation},
};

/// Instructions that the `x86_sha` form takes for a call: 20 in `sha1::block_api::compress`, which
/// looks at the processor's features and saves registers for the portable form's sake, and 14 in
/// `sha1::compress::x86_sha::compress`, around its loop.
///
/// Counted in what rustc 1.95 makes of sha1 0.11.0, by `objdump -d` of the release build. The code is in
/// the program wherever it was built and whatever the processor.
const SHA_NI_CALL: u64 = 34;

/// Instructions of its loop, which takes one block of 64 bytes each time.
const SHA_NI_BLOCK: u64 = 124;

/// What the portable form takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Portable {
    call: u64,
    block: u64,
}

/// What one operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    /// With SHA-NI: what the goals are about.
    pub(crate) instructions: u64,
    /// Outside the SHA-1 compression function.
    pub(crate) outside: u64,
    /// As callgrind counted.
    pub(crate) counted: u64,
    /// Blocks of SHA-1; not known where nothing was translated.
    pub(crate) blocks: Option<u64>,
}

/// The two cases that measure the portable form, by the number of blocks in a call.
pub(crate) fn calibration(id: &str) -> Option<Operation> {
    match id {
        "compress-1" => Some(compress::<1>()),
        "compress-9" => Some(compress::<9>()),
        _ => None,
    }
}

fn compress<const BLOCKS: usize>() -> Operation {
    let (mut state, blocks) = ([0; 5], [[0x5A; 64]; BLOCKS]);
    Box::new(move |count| {
        for _ in 0..count {
            sha1::block_api::compress(black_box(&mut state), black_box(&blocks));
        }
    })
}

impl Portable {
    /// Measures it; `None` where it is not what runs under valgrind.
    pub(crate) fn measure(callgrind: &Callgrind) -> Result<Option<Self>> {
        let one = callgrind.operation("compress-1", (100, 200))?;
        let nine = callgrind.operation("compress-9", (100, 200))?;
        if !cfg!(target_arch = "x86_64") || one.compression < 500 {
            return Ok(None);
        }
        ensure!(
            one.calls == 1 && nine.calls == 1,
            "the SHA-1 compression function was inlined"
        );
        let block = (nine.compression - one.compression) / 8;
        let call = one
            .compression
            .checked_sub(block)
            .context("a call costs less than nothing")?;
        Ok(Some(Self { call, block }))
    }

    /// Translates what was counted.
    fn translate(self, case: &Case, counts: Counts, bare_blocks: Option<u64>) -> Cost {
        let outside = counts.total - counts.compression;
        let (calls, blocks) = if let (Kind::Peer, Some(blocks)) = (case.kind, bare_blocks) {
            // Another version of sha1, which makes a call of each block. It keys the HMAC each time:
            // two blocks more.
            (blocks + 2, blocks + 2)
        } else {
            let of_blocks = counts.compression.saturating_sub(counts.calls * self.call);
            (counts.calls, (of_blocks + self.block / 2) / self.block)
        };
        let instructions = outside + calls * SHA_NI_CALL + blocks * SHA_NI_BLOCK;
        Cost {
            instructions,
            outside,
            counted: counts.total,
            blocks: Some(blocks),
        }
    }
}

/// What one operation takes on a processor with SHA-NI. `bare_blocks` is how many blocks the bare HMAC
/// of the same base string has.
pub(crate) fn cost(
    portable: Option<Portable>,
    case: &Case,
    counts: Counts,
    bare_blocks: Option<u64>,
) -> Cost {
    match portable {
        Some(portable) => portable.translate(case, counts, bare_blocks),
        None => Cost {
            instructions: counts.total,
            outside: counts.total - counts.compression,
            counted: counts.total,
            blocks: None,
        },
    }
}

/// Whether this processor has SHA-NI, as far as that is a question.
pub(crate) fn has_sha_ni() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("sha");
    #[cfg(not(target_arch = "x86_64"))]
    return true;
}
