//! Slots: where each parameter stands, in memory of the caller's.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::ops::Range;

/// The place of one parameter: where its name and value stand in the request, and the first bytes
/// of its encoded name to sort by. It borrows nothing, so that the memory for slots is kept from one
/// request to the next.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slot {
    key: u64,
    /// Where the name starts, or the index of the pair; the source in the upper bits.
    at: u32,
    /// The length of the name; whether it is clean in the highest bit.
    name: u32,
    /// Where the value starts.
    value_at: u32,
    /// The length of the value; whether it is clean in the highest bit.
    value: u32,
}

/// Where a [`Slot`] points into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Query = 0,
    Form = 1,
    FormPairs = 2,
    Header = 3,
    Protocol = 4,
    Extra = 5,
}

impl Source {
    /// Whether it is text, and no list of pairs.
    #[inline]
    pub(crate) const fn is_text(self) -> bool {
        matches!(self, Self::Query | Self::Form | Self::Header)
    }
}

const SOURCE_SHIFT: u32 = 29;
const CLEAN: u32 = 1 << 31;
/// The longest source and the highest index that can be addressed: 512 MiB less one byte.
pub(crate) const MAX_LENGTH: usize = (1 << SOURCE_SHIFT) - 1;

impl Slot {
    /// A parameter in a source that is text. No position in it may be above [`MAX_LENGTH`].
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the scanner checks MAX_LENGTH"
    )]
    pub(crate) const fn ranged(
        source: Source,
        key: u64,
        (name_at, name_len, name_clean): (usize, usize, bool),
        (value_at, value_len, value_clean): (usize, usize, bool),
    ) -> Self {
        Self {
            key,
            at: name_at as u32 | (source as u32) << SOURCE_SHIFT,
            name: name_len as u32 | if name_clean { CLEAN } else { 0 },
            value_at: value_at as u32,
            value: value_len as u32 | if value_clean { CLEAN } else { 0 },
        }
    }

    /// A parameter in a source that is a list.
    #[inline]
    pub(crate) const fn indexed(
        source: Source,
        index: usize,
        key: u64,
        name_clean: bool,
        value_clean: bool,
    ) -> Self {
        Self::ranged(source, key, (index, 0, name_clean), (0, 0, value_clean))
    }

    /// The first eight bytes of the encoded name.
    #[inline]
    pub(crate) const fn key(&self) -> u64 {
        self.key
    }

    /// Whether the key is all of the name: encoded names hold no zero byte.
    #[inline]
    pub(crate) const fn key_is_whole_name(&self) -> bool {
        self.key.trailing_zeros() >= 8
    }

    #[inline]
    pub(crate) const fn source(&self) -> Source {
        match self.at >> SOURCE_SHIFT {
            1 => Source::Form,
            2 => Source::FormPairs,
            3 => Source::Header,
            4 => Source::Protocol,
            5 => Source::Extra,
            _ => Source::Query,
        }
    }

    #[inline]
    pub(crate) const fn index(&self) -> usize {
        self.at as usize & MAX_LENGTH
    }

    #[inline]
    pub(crate) const fn name_range(&self) -> Range<usize> {
        let start = self.index();
        start..start + (self.name & !CLEAN) as usize
    }

    #[inline]
    pub(crate) const fn value_range(&self) -> Range<usize> {
        let start = self.value_at as usize;
        start..start + (self.value & !CLEAN) as usize
    }

    #[inline]
    pub(crate) const fn name_is_clean(&self) -> bool {
        self.name & CLEAN != 0
    }

    /// Whether both are.
    #[inline]
    pub(crate) const fn is_clean(&self) -> bool {
        self.name & self.value & CLEAN != 0
    }

    #[inline]
    pub(crate) const fn value_is_clean(&self) -> bool {
        self.value & CLEAN != 0
    }
}

/// Memory for [`Slot`]s, kept by the caller from one request to the next: a `Vec<Slot>` where there
/// is a heap, a [`SlotArray`] where there is none.
pub trait Slots {
    /// Forgets all slots.
    fn clear(&mut self);

    /// Appends a slot.
    ///
    /// # Errors
    /// Gives the slot back when there is no room.
    fn push(&mut self, slot: Slot) -> Result<(), Slot>;

    /// All slots.
    fn as_slice(&self) -> &[Slot];

    /// All slots, to be sorted.
    fn as_mut_slice(&mut self) -> &mut [Slot];
}

#[cfg(feature = "alloc")]
impl Slots for Vec<Slot> {
    #[inline]
    fn clear(&mut self) {
        Vec::clear(self);
    }

    #[inline]
    fn push(&mut self, slot: Slot) -> Result<(), Slot> {
        Vec::push(self, slot);
        Ok(())
    }

    #[inline]
    fn as_slice(&self) -> &[Slot] {
        self
    }

    #[inline]
    fn as_mut_slice(&mut self) -> &mut [Slot] {
        self
    }
}

/// Room for `N` parameters without a heap: 24 bytes each.
///
/// Signing needs one slot for each parameter of the query and the form; verifying needs at most as many
/// more as the `Authorization` header has.
#[derive(Clone, Debug)]
pub struct SlotArray<const N: usize> {
    slots: [Slot; N],
    len: usize,
}

impl<const N: usize> SlotArray<N> {
    /// An empty array.
    #[must_use]
    pub const fn new() -> Self {
        const EMPTY: Slot = Slot {
            key: 0,
            at: 0,
            name: 0,
            value_at: 0,
            value: 0,
        };
        Self {
            slots: [EMPTY; N],
            len: 0,
        }
    }
}

impl<const N: usize> Default for SlotArray<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Slots for SlotArray<N> {
    fn clear(&mut self) {
        self.len = 0;
    }

    fn push(&mut self, slot: Slot) -> Result<(), Slot> {
        let Some(free) = self.slots.get_mut(self.len) else {
            return Err(slot);
        };
        *free = slot;
        self.len += 1;
        Ok(())
    }

    fn as_slice(&self) -> &[Slot] {
        &self.slots[..self.len]
    }

    fn as_mut_slice(&mut self) -> &mut [Slot] {
        &mut self.slots[..self.len]
    }
}
