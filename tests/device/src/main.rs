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
#[cfg(feature = "verify")]
use oauth1_core::verify::{Lookup, NonceStatus, ParameterSet, Policy, Reason};
use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, ProtocolParameters, RequestView, Signer, SlotArray, Stamp,
    Target, Timestamp, TokenCredentials, sink::SliceSink,
};

const NOW: Timestamp = Timestamp::from_unix_seconds(137_131_202);

#[entry]
fn main() -> ! {
    let outcome = sign_and_verify();
    // Before anything is printed: the harness has no part in the figure.
    let used = stack::used_bytes();

    match outcome {
        Ok(()) => print(&["ok\n"]),
        Err(what) => print(&["FAILED: ", what, "\n"]),
    }
    print(&["stack: ", decimal(used, &mut [0; 10]), " bytes\n"]);
    end(outcome.is_ok())
}

/// Signs the request for a photo of RFC 5849, section 1.2, and verifies it where that is compiled in:
/// what was signed is accepted, once changed it is not.
///
/// <https://www.rfc-editor.org/rfc/rfc5849#section-1.2>
fn sign_and_verify() -> Result<(), &'static str> {
    const SIGNATURE: &[u8] = b"oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\"";

    let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
    let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
    let signer = Signer::<HmacSha1>::for_token(&client, &token);
    let target = Target::parse("http://photos.example.net/photos?file=vacation.jpg&size=original")
        .map_err(|_| "the URL was refused")?;
    let request = RequestView::new("GET", target);

    let mut slots = SlotArray::<8>::new();
    let mut memory = [0; 288];
    let mut header = SliceSink::new(&mut memory);
    let stamp = Stamp::new(NOW, Nonce::new("chapoH"));
    signer
        .sign(
            &request,
            &ProtocolParameters::NONE,
            stamp,
            &mut slots,
            &mut header,
        )
        .map_err(|_| "the request was not signed")?;
    let header = header.finish().map_err(|_| "the header did not fit")?;
    if !header.ends_with(SIGNATURE) {
        return Err("the signature differs from the RFC's");
    }

    #[cfg(feature = "verify")]
    {
        let key = signer.key();
        verify(&request, header, key, &mut slots).map_err(|_| "the signed request was refused")?;
        let changed = RequestView::new("PUT", request.target());
        if verify(&changed, header, key, &mut slots) != Err(Reason::SignatureInvalid) {
            return Err("a changed request was not refused");
        }
        // Processors of 32 bits tell names apart by code of their own: "oauth_xonce" is none of them.
        let length = header.len();
        let nonce = header.windows(6).position(|part| part == b"nonce=");
        memory[nonce.ok_or("the header has no nonce")?] = b'x';
        let without_nonce = Err(Reason::MissingParameters(ParameterSet::NONCE));
        if verify(&request, &memory[..length], key, &mut slots) != without_nonce {
            return Err("a parameter was taken for another");
        }
    }
    Ok(())
}

/// The other half, on the same device.
#[cfg(feature = "verify")]
fn verify(
    request: &RequestView<'_>,
    header: &[u8],
    key: &HmacSha1,
    slots: &mut SlotArray<8>,
) -> Result<(), Reason> {
    Policy::new()
        .receive(request, [header], NOW, slots)
        .and_then(|received| received.authenticate(Lookup::Found(key), key))
        .and_then(|authentic| authentic.accept(NonceStatus::Fresh))
        .map(drop)
        .map_err(|rejection| rejection.reason())
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
