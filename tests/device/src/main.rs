//! The core on a Cortex-M4: no operating system, no heap.
//!
//! `cargo xtask device` runs this under qemu and reads what it prints through semihosting. It ends
//! with exit status 0 when RFC 5849's example was signed and verified, and 1 when not.

#![no_std]
#![no_main]

mod stack;

use core::panic::PanicInfo;

use cortex_m_rt::entry;
use cortex_m_semihosting::{debug, hio};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

#[entry]
fn main() -> ! {
    let outcome = sign_and_verify();
    // Before anything is printed: the harness has no part in the figure.
    let used = stack::used_bytes();

    match outcome {
        Ok(()) => print(&["sign and verify: ok\n"]),
        Err(what) => print(&["sign and verify: FAILED: ", what, "\n"]),
    }
    print(&["stack: ", decimal(used, &mut [0; 10]), " bytes\n"]);
    end(outcome.is_ok())
}

/// Signs the request for a photo of RFC 5849, section 1.2, and verifies it.
///
/// <https://www.rfc-editor.org/rfc/rfc5849#section-1.2>
fn sign_and_verify() -> Result<(), &'static str> {
    // Stand-in: the signature alone, until the core has its own calls.
    const KEY: &[u8] = b"kd94hf93k423kf44&pfkkdhi9sl3r4s00";
    const BASE_STRING: &[u8] = b"GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg\
        %26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DchapoH\
        %26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131202\
        %26oauth_token%3Dnnch734d00sl2jdk%26size%3Doriginal";
    /// `MdpQcU8iPSUjWoN/UDMsK2sui9I=` without its base64.
    const SIGNATURE: [u8; 20] = [
        0x31, 0xda, 0x50, 0x71, 0x4f, 0x22, 0x3d, 0x25, 0x23, 0x5a, 0x83, 0x7f, 0x50, 0x33, 0x2c,
        0x2b, 0x6b, 0x2e, 0x8b, 0xd2,
    ];

    let mut mac = Hmac::<Sha1>::new_from_slice(KEY).map_err(|_| "the key was refused")?;
    mac.update(BASE_STRING);
    mac.verify_slice(&SIGNATURE)
        .map_err(|_| "the signature differs from the RFC's")
}

/// A panic is a failure: says where, and ends the program.
#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    if let Some(place) = info.location() {
        print(&[
            "panicked at ",
            place.file(),
            ":",
            decimal(place.line(), &mut [0; 10]),
            "\n",
        ]);
    }
    end(false)
}

/// Prints to the host's standard output. What cannot be printed is missed by `cargo xtask device`.
fn print(parts: &[&str]) {
    if let Ok(mut host) = hio::hstdout() {
        for part in parts {
            let _ = host.write_all(part.as_bytes());
        }
    }
}

/// Ends qemu with exit status 0 or 1.
fn end(success: bool) -> ! {
    debug::exit(if success {
        debug::EXIT_SUCCESS
    } else {
        debug::EXIT_FAILURE
    });
    loop {
        core::hint::spin_loop();
    }
}

/// Writes `number` in decimal, without `core::fmt` and its kilobytes of flash.
fn decimal(mut number: u32, digits: &mut [u8; 10]) -> &str {
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 || start == 0 {
            return core::str::from_utf8(&digits[start..]).unwrap_or("?");
        }
    }
}
