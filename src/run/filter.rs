//! Whether something was seen before, in little memory.

use super::seen::Name;

/// A Bloom filter: it knows every name that was put in, and believes to know some others: none of a million, and of ten million one in
/// ninety.
///
/// All bits of a name stand in one block, which is a line of the processor's cache: to fetch eight would take as long as to read the name.
#[derive(Default)]
pub(super) struct Filter(Vec<[u64; BLOCK_WORDS]>);

const BLOCK_WORDS: usize = 8;

/// How many blocks a filter has, as a power of two: 8 MiB.
const BLOCKS: u32 = 17;

/// How many bits stand for a name.
const BITS_PER_NAME: usize = 8;

impl Filter {
    /// Puts a name in. Returns whether it certainly was not in before.
    pub(super) fn insert(&mut self, (one, other): Name) -> bool {
        // Most runs need no filter, and take no memory for one.
        self.0.resize(1 << BLOCKS, [0; BLOCK_WORDS]);
        let block = usize::try_from(one >> (u64::BITS - BLOCKS)).unwrap_or_default();
        let mut is_new = false;
        let mut bits = other;
        for _ in 0..BITS_PER_NAME {
            let (word, bit) = ((bits >> 6) as usize % BLOCK_WORDS, 1 << (bits % 64));
            is_new |= self.0[block][word] & bit == 0;
            self.0[block][word] |= bit;
            bits = bits.rotate_right(9);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_known_and_hardly_anything_else() {
        let name = |number: u64| (number.wrapping_mul(0x9E37_79B9_7F4A_7C15), number.wrapping_mul(0xD1B5_4A32_D192_ED03));
        let mut filter = Filter::default();
        assert!((1..100_000).all(|number| filter.insert(name(number))));
        assert!(!(1..100_000).any(|number| filter.insert(name(number))));
    }
}
