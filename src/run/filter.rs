//! Whether something was seen before, in little memory.

use super::seen::Name;

/// A Bloom filter: it knows every name that was put in, and believes to know some others. Of a million names it mistakes none, of ten
/// million one in twenty.
#[derive(Default)]
pub(super) struct Filter(Vec<u64>);

/// How many bits a filter has, as a power of two: 8 MiB.
const FILTER_BITS: u32 = 26;

/// How many bits stand for a name.
const BITS_PER_NAME: u64 = 8;

impl Filter {
    /// Puts a name in. Returns whether it certainly was not in before.
    pub(super) fn insert(&mut self, (one, other): Name) -> bool {
        // Most runs need no filter, and take no memory for one.
        self.0.resize(1 << (FILTER_BITS - 6), 0);
        let mut is_new = false;
        for step in 0..BITS_PER_NAME {
            let bit = one.wrapping_add(step.wrapping_mul(other | 1)) >> (u64::BITS - FILTER_BITS);
            let (Ok(word), bit) = (usize::try_from(bit / 64), 1 << (bit % 64)) else { continue };
            is_new |= self.0[word] & bit == 0;
            self.0[word] |= bit;
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
