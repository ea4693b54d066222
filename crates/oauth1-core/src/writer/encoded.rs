//! Writing what is encoded.

use super::{BATCH, WINDOW, Writer};
use crate::{
    base64_text,
    percent::{
        form::{self, Form},
        unescape_digits,
    },
    sink::Sink,
    value::{Encoding, Value},
};

impl<S: Sink + ?Sized> Writer<'_, S> {
    /// A value, encoded twice, as it stands in a base string.
    #[inline]
    pub(crate) fn encoded_twice(&mut self, value: &Value<'_>) {
        if value.is_clean() {
            self.raw_called(value.raw());
        } else {
            self.dirty_twice(value);
        }
    }

    #[inline(never)]
    fn dirty_twice(&mut self, value: &Value<'_>) {
        self.encoded(value, form::twice, form::twice_in_form);
    }

    /// A value, encoded once, as it is sent.
    #[inline(never)]
    pub(crate) fn encoded_once(&mut self, value: &Value<'_>) {
        if value.is_clean() {
            self.raw_called(value.raw());
        } else {
            self.encoded(value, form::once, form::once_in_form);
        }
    }

    /// Of each byte that `value` stands for, its form; `in_form` gives that of one that stands for itself in a
    /// query or a form.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "there is one for each form")]
    fn encoded<const N: usize>(
        &mut self,
        value: &Value<'_>,
        form: impl Fn(u8) -> Form<N>,
        in_form: impl Fn(u8) -> Form<N>,
    ) {
        match (value.as_decoded(), value.encoding()) {
            (Some(decoded), _) => self.forms(decoded, form),
            (None, Encoding::Form) => self.forms_anew(value.raw(), in_form, form),
            (None, _) => self.forms_anew(value.raw(), &form, &form),
        }
    }

    /// Of each byte its form.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "there is one for each form")]
    fn forms<const N: usize>(&mut self, bytes: &[u8], form: impl Fn(u8) -> Form<N>) {
        let (batches, rest) = bytes.as_chunks::<BATCH>();
        for batch in batches {
            let mut end = self.filled & (WINDOW - 1);
            for &byte in batch {
                let form = form(byte);
                self.window[end..end + N].copy_from_slice(&form.bytes());
                end += form.len();
            }
            self.advance(end);
        }
        for &byte in rest {
            self.form(form(byte));
        }
    }

    /// Of each byte of a text that is encoded already, in whatever way, its form: it is decoded in passing.
    /// `form` gives that of what stands for itself, `decoded` that of what an escape stands for.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "there is one for each form")]
    fn forms_anew<const N: usize>(
        &mut self,
        text: &[u8],
        form: impl Fn(u8) -> Form<N>,
        decoded: impl Fn(u8) -> Form<N>,
    ) {
        // What changes with each byte is kept in registers, and not behind `self`.
        let (sink, window) = (&mut *self.sink, &mut *self.window);
        let (mut filled, mut flushed) = (self.filled, self.flushed);
        let mut put = |form: Form<N>| {
            let at = filled & (WINDOW - 1);
            window[at..at + N].copy_from_slice(&form.bytes());
            filled = at + form.len();
            if filled >= WINDOW {
                filled = Self::spill(sink, window, filled);
                flushed += WINDOW;
            }
        };
        let mut rest = text;
        // Two bytes more than are looked at, so that every escape that is one is seen whole.
        while let [byte, high, low, ..] = *rest {
            if byte == b'%'
                && let Some(byte) = unescape_digits(high, low)
            {
                put(decoded(byte));
                rest = &rest[3..];
            } else {
                put(form(byte));
                rest = &rest[1..];
            }
        }
        for &byte in rest {
            put(form(byte));
        }
        (self.filled, self.flushed) = (filled, flushed);
    }

    #[inline]
    fn form<const N: usize>(&mut self, form: Form<N>) {
        self.short(&form.bytes(), form.len());
    }

    /// The base64 of `bytes`, encoded once: most often a signature.
    #[inline]
    pub(crate) fn encoded_base64(&mut self, bytes: &[u8]) {
        let (groups, rest) = bytes.as_chunks::<3>();
        for group in groups {
            self.forms_in_base64(base64_text::sixes(*group));
        }
        match *rest {
            [a] => {
                let [first, second, ..] = base64_text::sixes([a, 0, 0]);
                self.forms_in_base64([first, second]);
                self.raw(b"%3D%3D");
            }
            [a, b] => {
                let [first, second, third, _] = base64_text::sixes([a, b, 0]);
                self.forms_in_base64([first, second, third]);
                self.raw(b"%3D");
            }
            _ => {}
        }
    }

    #[inline]
    fn forms_in_base64<const N: usize>(&mut self, sixes: [u8; N]) {
        let mut end = self.filled & (WINDOW - 1);
        for six in sixes {
            let form = form::once_in_base64(six);
            self.window[end..end + 4].copy_from_slice(&form.bytes());
            end += form.len();
        }
        self.advance(end);
    }

    /// Bytes that stand for themselves, encoded once.
    pub(crate) fn encoded_plain(&mut self, bytes: &[u8]) {
        self.encoded_once(&Value::scanned(bytes, Encoding::Plain, false));
    }
}
