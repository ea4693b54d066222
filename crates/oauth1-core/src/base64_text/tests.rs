extern crate alloc;

use alloc::vec::Vec;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::*;

#[test]
fn digests_of_every_length_read_as_the_library_writes_them() {
    for length in 0..=64 {
        for seed in 0..=255_u8 {
            let bytes: Vec<u8> = (0..length)
                .map(|at: u8| seed.wrapping_add(at.wrapping_mul(167)))
                .collect();
            let mut text = [0; 88];
            let written = encode(&bytes, &mut text);
            let mut expected = [0; 88];
            let length = STANDARD.encode_slice(&bytes, &mut expected).unwrap();
            assert_eq!(&text[..written], &expected[..length]);
        }
    }
}
