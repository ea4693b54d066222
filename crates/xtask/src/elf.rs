//! How much flash a program for a microcontroller takes: the sizes of its ELF sections.
//!
//! As much of the format as that needs, so that no other tool has to be installed: a 32-bit
//! little-endian file, its section headers, and of each the type, the flags and the size.

use anyhow::{Context as _, Result, ensure};

/// Bytes of flash: code, constants, and the start values of variables.
pub(crate) fn flash_bytes(file: &[u8]) -> Result<u32> {
    /// The section takes no room in the file (`.bss`).
    const SHT_NOBITS: u32 = 8;
    /// The section is in memory when the program runs.
    const SHF_ALLOC: u32 = 2;

    ensure!(
        file.starts_with(b"\x7fELF\x01\x01"),
        "not a 32-bit little-endian ELF file"
    );
    let headers = word(file, 0x20)? as usize;
    let header_size = half(file, 0x2e)? as usize;
    let count = half(file, 0x30)? as usize;
    let mut sum = 0;
    for section in 0..count {
        let header = headers + section * header_size;
        let kind = word(file, header + 0x04)?;
        let flags = word(file, header + 0x08)?;
        if flags & SHF_ALLOC != 0 && kind != SHT_NOBITS {
            sum += word(file, header + 0x14)?;
        }
    }
    Ok(sum)
}

fn word(file: &[u8], at: usize) -> Result<u32> {
    Ok(u32::from_le_bytes(bytes(file, at)?))
}

fn half(file: &[u8], at: usize) -> Result<u16> {
    Ok(u16::from_le_bytes(bytes(file, at)?))
}

fn bytes<const N: usize>(file: &[u8], at: usize) -> Result<[u8; N]> {
    let bytes = file.get(at..).and_then(|rest| rest.first_chunk());
    bytes.copied().context("the ELF file ends too early")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: [u32; 3] = [1, 6, 5000];
    const DATA: [u32; 3] = [1, 3, 16];
    const BSS: [u32; 3] = [8, 3, 700];
    const COMMENT: [u32; 3] = [1, 0x30, 139];

    /// A file that is nothing but section headers; of each the type, flags and size.
    fn elf(sections: &[[u32; 3]]) -> Vec<u8> {
        let mut file = vec![0; 52];
        file[..6].copy_from_slice(b"\x7fELF\x01\x01");
        file[0x20] = 52;
        file[0x2e] = 40;
        file[0x30] = u8::try_from(sections.len()).unwrap();
        for [kind, flags, size] in sections {
            for word in [0, *kind, *flags, 0, 0, *size, 0, 0, 0, 0] {
                file.extend(word.to_le_bytes());
            }
        }
        file
    }

    #[test]
    fn code_and_start_values_are_flash_and_nothing_else_is() {
        assert_eq!(
            flash_bytes(&elf(&[TEXT, DATA, BSS, COMMENT])).unwrap(),
            5016
        );
        assert_eq!(flash_bytes(&elf(&[])).unwrap(), 0);
    }

    #[test]
    fn other_files_are_refused() {
        assert!(flash_bytes(b"").is_err());
        assert!(flash_bytes(b"\x7fELF\x02\x01").is_err());
        let whole = elf(&[TEXT, DATA]);
        assert!(flash_bytes(&whole[..whole.len() - 20]).is_err());
    }
}
