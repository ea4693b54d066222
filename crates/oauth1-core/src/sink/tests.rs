use super::*;

#[test]
fn a_slice_that_overflows_says_how_much_it_needs_and_stops_copying() {
    let mut memory = [b'.'; 4];
    let mut sink = SliceSink::new(&mut memory);
    sink.put(b"abc");
    sink.put(b"defg");
    sink.put(b"h");
    assert_eq!(sink.contents(), None);
    assert_eq!(sink.finish(), Err(Overflow { needed: 8 }));
    assert_eq!(&memory, b"abc.");
}

#[test]
fn a_full_slice_is_no_overflow() {
    let mut memory = [0; 3];
    let mut sink = SliceSink::new(&mut memory);
    sink.put(b"abc");
    assert_eq!(sink.contents(), Some(&b"abc"[..]));
    assert_eq!(sink.finish(), Ok(&b"abc"[..]));
}

#[test]
fn an_overflow_says_how_much_is_needed() {
    let text = "the buffer is too small: 8 bytes are needed";
    let mut memory = [0; 43];
    let mut out = Cursor(&mut memory, 0);
    fmt::Write::write_fmt(&mut out, format_args!("{}", Overflow { needed: 8 })).unwrap();
    assert_eq!(out.0, text.as_bytes());
}

/// As much text as there is room for.
struct Cursor<'m>(&'m mut [u8], usize);

impl fmt::Write for Cursor<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.0[self.1..].get_mut(..text.len()).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.1 += text.len();
        Ok(())
    }
}

#[test]
fn a_reference_to_a_sink_is_one() {
    fn write<S: Sink>(mut sink: S) {
        sink.put(b"a");
        sink.put_base64(b"bcd");
    }
    let mut memory = [0; 5];
    let mut sink = SliceSink::new(&mut memory);
    write(&mut sink);
    assert_eq!(sink.finish(), Ok(&b"aYmNk"[..]));
}

#[test]
fn what_is_no_text_is_shown_as_such() {
    struct Mixed;
    impl fmt::Display for Mixed {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            display(|sink| sink.put(b"a\xFFb\xE2\x98"), f)
        }
    }
    let mut memory = [0; 8];
    let mut out = Cursor(&mut memory, 0);
    fmt::Write::write_fmt(&mut out, format_args!("{Mixed}")).unwrap();
    assert_eq!(out.0, "a\u{FFFD}b\u{FFFD}".as_bytes());
}
