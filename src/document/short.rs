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

/// A short text before its closing quote, to be compared with what stands at the beginning of another text: all at once, whatever its length.
#[derive(Debug)]
pub(crate) struct Quoted {
    text: &'static str,
    /// The text, its quote and zeros.
    bytes: [u8; Self::WIDTH],
    /// Ones where these are not filled up.
    mask: [u8; Self::WIDTH],
}

impl Quoted {
    const WIDTH: usize = 32;

    pub(crate) const fn new(text: &'static str) -> Self {
        let (mut bytes, mut mask) = ([0; Self::WIDTH], [0; Self::WIDTH]);
        let mut at = 0;
        // One that is too long is cut: then it is not compared in this way.
        while at <= text.len() && at < Self::WIDTH {
            bytes[at] = if at < text.len() { text.as_bytes()[at] } else { b'"' };
            mask[at] = 0xFF;
            at += 1;
        }
        Self { text, bytes, mask }
    }

    /// The text without its quote.
    #[inline]
    pub(crate) const fn as_str(&self) -> &'static str {
        self.text
    }

    /// Whether another text begins with it and its quote.
    #[inline]
    pub(crate) fn begins(&self, other: &[u8]) -> bool {
        match other.first_chunk::<{ Self::WIDTH }>() {
            Some(other) if self.text.len() < Self::WIDTH => {
                let differs = |at: usize| (other[at] ^ self.bytes[at]) & self.mask[at];
                (0..Self::WIDTH).fold(0, |all, at| all | differs(at)) == 0
            }
            _ => self.begins_the_end(other),
        }
    }

    /// The same near the end of the other text, or for one that is too long.
    #[cold]
    fn begins_the_end(&self, other: &[u8]) -> bool {
        other.strip_prefix(self.text.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'"'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_where_it_stands_with_its_quote() {
        const TEXTS: [&str; 5] = ["", "a", "abcd", "abcdefghijklmnopqrstuvwxyz01234", "abcdefghijklmnopqrstuvwxyz012345"];
        for quoted in TEXTS.map(Quoted::new) {
            let text = quoted.as_str();
            for rest in ["", "\"", ":", ": 1, and some more text that is long enough"] {
                let whole = format!("{text}\"{rest}");
                assert!(quoted.begins(whole.as_bytes()), "{whole}");
                for at in 0..=text.len() {
                    let mut other = whole.clone().into_bytes();
                    other[at] ^= 1;
                    assert!(!quoted.begins(&other), "{whole} at {at}");
                    assert!(!quoted.begins(&whole.as_bytes()[..at]), "{whole} to {at}");
                }
            }
        }
    }

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
