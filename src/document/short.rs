//! Short texts, such as keys.

/// Whether two texts are the same. Keys are so short that to call for a comparison, or to go through them in a loop, takes longer than
/// to compare their first and their last bytes, which overlap.
#[inline]
pub(crate) fn is_same_short(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && match one.len() {
            4..8 => have_same_ends::<4>(one, other),
            8..16 => have_same_ends::<8>(one, other),
            16..=32 => have_same_ends::<16>(one, other),
            _ => one == other,
        }
}

#[inline]
fn have_same_ends<const N: usize>(one: &[u8], other: &[u8]) -> bool {
    // Both ends are compared in any case, as nobody can foretell which one differs.
    (one.first_chunk::<N>() == other.first_chunk()) & (one.last_chunk::<N>() == other.last_chunk())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_differ_in_any_byte() {
        for length in 0..40 {
            let text = vec![b'a'; length];
            assert!(is_same_short(&text, &text.clone()));
            assert!(!is_same_short(&text, &vec![b'a'; length + 1]));
            for at in 0..length {
                let mut other = text.clone();
                other[at] = b'b';
                assert!(!is_same_short(&text, &other), "{length} {at}");
            }
        }
    }
}
