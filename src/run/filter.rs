//! Whether something was seen before, in little memory.

use std::hint::black_box;
use std::ops::BitXor;

use super::seen::Short;

/// A Bloom filter: it knows every name that was put in, and believes to know some others: none of a million, and of ten million one in
/// ninety.
///
/// All bits of a name stand in one block, which is a line of the processor's cache: to fetch eight would take as long as to read the name.
#[derive(Default)]
pub(super) struct Filter {
    /// Of the first names: most runs need no other, and it fits into the cache of a processor.
    small: Blocks,
    large: Blocks,
    count: usize,
}

/// How many names are put into the small part. It has 128 bits for each then, and takes one of a thousand million new names for an old one:
/// all later ones are looked for in it too.
const SMALL_NAMES: usize = 1 << 17;

/// How many blocks the parts have, as powers of two: 2 MiB and 8 MiB.
const SMALL: u32 = 15;
const LARGE: u32 = 17;

impl Filter {
    /// Has the blocks of some names brought into the cache of the processor, which waits for many at once where nothing depends on what is
    /// in them.
    pub(super) fn fetch<'n>(&self, names: impl Iterator<Item = &'n Short>) {
        let words = names.map(|name| self.small.word(SMALL, *name) ^ self.large.word(LARGE, *name));
        black_box(words.fold(0, BitXor::bitxor));
    }

    /// Puts a name in. Returns whether it certainly was not in before.
    pub(super) fn insert(&mut self, name: Short) -> bool {
        self.count += 1;
        if self.count <= SMALL_NAMES {
            return self.small.insert(SMALL, name);
        }
        self.small.lacks(SMALL, name) & self.large.insert(LARGE, name)
    }
}

/// Blocks of bits, each as large as a line of the cache of a processor. All bits of a name are in one block.
#[derive(Default)]
struct Blocks(Vec<[u64; BLOCK_WORDS]>);

const BLOCK_WORDS: usize = 8;

/// An odd number of which half the bits are set, anywhere: that of the golden ratio.
const MIXER: u64 = 0x9E37_79B9_7F4A_7C15;

/// How many bits stand for a name.
const BITS_PER_NAME: u32 = 8;

impl Blocks {
    fn insert(&mut self, size: u32, name: Short) -> bool {
        // Most runs need no filter, and take no memory for one.
        self.0.resize(1 << size, [0; BLOCK_WORDS]);
        let is_new = self.lacks(size, name);
        let block = &mut self.0[at(size, name)];
        bits(name).for_each(|(word, bit)| block[word] |= bit);
        is_new
    }

    /// Some word of the block of a name.
    fn word(&self, size: u32, name: Short) -> u64 {
        self.0.get(at(size, name)).map_or(0, |block| block[0])
    }

    /// Whether a name certainly is not in.
    fn lacks(&self, size: u32, name: Short) -> bool {
        let block = &self.0[at(size, name)];
        bits(name).any(|(word, bit)| block[word] & bit == 0)
    }
}

/// The block of a name.
fn at(size: u32, name: Short) -> usize {
    usize::try_from(name >> (u64::BITS - size)).unwrap_or_default()
}

/// The bits of a name in its block, and their words.
fn bits(name: Short) -> impl Iterator<Item = (usize, u64)> {
    // Names in the same block begin alike, so all of a name goes into its bits.
    let mixed = name.wrapping_mul(MIXER);
    (0..BITS_PER_NAME).map(move |turn| {
        let bits = mixed.rotate_right(9 * turn);
        ((bits >> 6) as usize % BLOCK_WORDS, 1 << (bits % 64))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_known_and_hardly_anything_else() {
        let mut random = fastrand::Rng::with_seed(1);
        let names: Vec<Short> = std::iter::repeat_with(|| random.u64(..)).take(300_000).collect();
        let mut filter = Filter::default();
        // More than the small part takes.
        assert!(names.iter().all(|name| filter.insert(*name)));
        assert!(!names.iter().any(|name| filter.insert(*name)));
    }
}
