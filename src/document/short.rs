//! Short texts, such as keys.

/// Whether two short texts are the same. Keys are so short that to call for a comparison takes longer than it.
#[inline]
pub(crate) fn is_same_short(one: &[u8], other: &[u8]) -> bool {
    const WORD: usize = 8;
    if one.len() != other.len() {
        return false;
    }
    if let (Some(last), Some(other_last)) = (one.last_chunk::<WORD>(), other.last_chunk()) {
        // Whole words from the start, and the last one, which may overlap with them.
        let words = one.chunks_exact(WORD).zip(other.chunks_exact(WORD));
        return last == other_last && words.into_iter().all(|(one, other)| one == other);
    }
    one.iter().zip(other).all(|(one, other)| one == other)
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
