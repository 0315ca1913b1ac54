//! The names of secrets, for keys that the schema does not describe: misspelled ones, and those of other documents.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::apple::{ANY, Schema, secret_names};
use crate::words::{differ_at_most, letters, nearest};

/// The names of secrets in commands, profiles and status reports, which the schema does not describe. In lower case,
/// without signs.
const OTHER_DOCUMENTS: [&str; 25] = [
    "accesskey",
    "apikey",
    "applecaretoken",
    "authorization",
    "bearer",
    "bypasscode",
    "cookie",
    "credential",
    "escrowkey",
    "passcode",
    "passphrase",
    "passwd",
    "passwordhash",
    "pin",
    "pincode",
    "presharedkey",
    "privatekey",
    "psk",
    "pushmagic",
    "pushtoken",
    "pwd",
    "recoverykey",
    "secret",
    "secretkey",
    "unlocktoken",
];

/// The names of tokens that identify a revision, and of the object that holds one.
const REVISIONS: [&str; 3] = ["servertoken", "declarationstoken", "synctokens"];

/// A longer name ends with a shorter one only if that has this many letters: `BetaToken`, but not `Spin`.
const MIN_ENDING: usize = 5;

/// An ending with this many letters may differ in two: `MyRegistratonTken`, but not `Density` from `Identity`.
const MIN_LONG: usize = 10;

/// No name of a secret that an error splits is longer, in bytes.
const MAX_NAME: usize = 40;

/// The most bytes between two parts of a name that errors split: a sign of its own, and two more.
const MAX_GAP: usize = 3;

/// How many parts of a split name are joined.
const MAX_PARTS: usize = 4;

/// What a name says about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    Secret,
    /// An object with a secret has this name.
    Holder,
    Other,
}

/// Names in lower case, without signs.
struct Names {
    secrets: Vec<Name>,
    holders: Vec<Name>,
    /// Apple's keys that are never secret, as Apple writes them.
    public: HashSet<&'static str>,
    /// Apple's keys and values.
    all: Vec<&'static str>,
    /// The same without the names of secrets.
    others: Vec<&'static str>,
}

struct Name {
    text: String,
    letters: u64,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let schema: &'static Schema = Schema::built_in();
    let (mut secrets, mut holders) = (HashSet::new(), HashSet::new());
    let mut public = HashSet::new();
    for (_, kind) in schema.types() {
        schema.walk(kind.keys, &mut |path, id, key| {
            public.insert(&*key.name);
            let path: Vec<&str> = path.iter().copied().filter(|step| *step != "*").collect();
            if let [.., holder, _] = path[..]
                && schema.note(id).is_secret
            {
                holders.insert(simple(holder));
            }
        });
    }
    secrets.extend(secret_names().iter().map(|name| simple(name)));
    secrets.extend(OTHER_DOCUMENTS.map(str::to_owned));
    public.retain(|name| *name != ANY && !secrets.contains(&simple(name)));
    holders.retain(|name| !secrets.contains(name));
    let all: HashSet<&str> = schema.names().collect();
    let all: Vec<&str> = all.into_iter().collect();
    let others = all.iter().copied().filter(|name| !secrets.contains(&simple(name))).collect();
    let names = |names: HashSet<String>| {
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort_unstable();
        names.into_iter().map(|text| Name { letters: letters(&text), text }).collect()
    };
    Names { secrets: names(secrets), holders: names(holders), public, all, others }
});

/// What a key says about its value where the schema does not describe it. `is_public` says whether a key resembles one of
/// Apple's that is not secret, which takes time.
pub(super) fn sense(key: &str, is_public: impl FnOnce(&str) -> bool) -> Sense {
    let name = simple(key);
    if NAMES.public.contains(key) || REVISIONS.iter().any(|token| name.ends_with(token) || is_near(&name, token)) {
        return if is_any(&name, &NAMES.holders) { Sense::Holder } else { Sense::Other };
    }
    let likeness = likeness(&name);
    if likeness == Likeness::Name || likeness == Likeness::End && !is_public(key) {
        Sense::Secret
    } else if is_any(&name, &NAMES.holders) {
        Sense::Holder
    } else {
        Sense::Other
    }
}

/// How a name resembles that of a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Likeness {
    None,
    /// It ends with a misspelled one.
    End,
    /// It is nearly the same, or ends with it or its plural.
    Name,
}

/// How a name in lower case resembles that of a secret.
fn likeness(name: &str) -> Likeness {
    let own = letters(name);
    let stem = name.strip_suffix('s').unwrap_or(name);
    let mut found = Likeness::None;
    for secret in &NAMES.secrets {
        // Nearly all names lack more letters.
        let lacks = (secret.letters & !own).count_ones();
        if lacks > 2 {
            continue;
        }
        let is_end = secret.text.len() >= MIN_ENDING;
        if is_end && lacks == 0 && (name.ends_with(&secret.text) || stem.ends_with(&secret.text))
            || differ_at_most(own, secret.letters, 2) && is_near(name, &secret.text)
        {
            return Likeness::Name;
        }
        if is_end && found == Likeness::None && ends_nearly(name, &secret.text, lacks as usize) {
            found = Likeness::End;
        }
    }
    found
}

/// Whether a name ends with that of a secret, which is misspelled in one letter, or in two if it is long.
fn ends_nearly(name: &str, secret: &str, lacks: usize) -> bool {
    let (length, most) = (secret.len(), if secret.len() < MIN_LONG { 1 } else { 2 });
    // `IsBroken` has nothing to do with a token.
    let is_alike = |end: &str| length > 7 || end.as_bytes().first() == secret.as_bytes().first();
    lacks <= most
        && (length - most..=length + most)
            .filter_map(|length| name.get(name.len().checked_sub(length)?..))
            .any(|end| is_alike(end) && strsim::damerau_levenshtein(end, secret) <= most)
}

/// Whether a key resembles one of Apple's that is not secret.
pub(super) fn is_public(key: &str) -> bool {
    nearest(key, NAMES.public.iter().copied()).is_some()
}

/// Whether a text equals or resembles one of Apple's keys or values.
pub(super) fn is_apples(text: &str) -> bool {
    nearest(text, NAMES.all.iter().copied()).is_some()
}

/// Whether a text equals or resembles one of Apple's keys or values that is not the name of a secret.
pub(super) fn is_other(text: &str) -> bool {
    nearest(text, NAMES.others.iter().copied()).is_some()
}

/// Whether a key differs from the name of a secret in at most two letters; in one, if that is short.
pub(super) fn is_like_secret(key: &str) -> bool {
    let (name, own) = (simple(key), letters(&simple(key)));
    NAMES.secrets.iter().any(|secret| {
        let most = if secret.text.len() > 7 { 2 } else { 1 };
        let is_alike = secret.text.len().abs_diff(name.len()) <= most && differ_at_most(own, secret.letters, most);
        is_alike && strsim::damerau_levenshtein(&name, &secret.text) <= most
    })
}

/// How many different words of a text are compared with the names of secrets, which takes time.
const MAX_WORDS: usize = 5000;

/// Whether a text outside of a tree may contain the name of a secret, or an escape that hides one.
pub(super) fn are_in(text: &[u8], is_xml: bool) -> bool {
    // UTF-16 has a zero byte in most letters.
    if text.contains(&0) || ["\\u", "&#", "<![CDATA["].iter().any(|mark| memchr::memmem::find(text, mark.as_bytes()).is_some()) {
        return true;
    }
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric();
    let mut end = 0;
    // The starts of the last words: an error may split a name.
    let mut starts: Vec<usize> = Vec::new();
    // The words, and joined words, that are not names of secrets.
    let mut others: HashSet<&[u8]> = HashSet::new();
    while let Some(start) = text[end..].iter().position(is_letter).map(|length| end + length) {
        if text[start..].starts_with(TYPE) {
            // The words of a type, such as `passcode`, are not keys.
            let is_outside = |byte: &u8| !is_letter(byte) && !b".-".contains(byte);
            end = text[start..].iter().position(is_outside).map_or(text.len(), |length| start + length);
            starts.clear();
            continue;
        }
        let gap = start - end;
        end = text[start..].iter().position(|byte| !is_letter(byte)).map_or(text.len(), |length| start + length);
        let is_tag = is_xml && start > 0 && matches!(text[start - 1], b'<' | b'/');
        // `<key>` and `</key>` are not names.
        if is_tag && TAGS.contains(&&text[start..end]) {
            starts.clear();
            continue;
        }
        let word = |from: usize| std::str::from_utf8(&text[from..end]).unwrap_or_default();
        if others.insert(&text[start..end]) && sense(word(start), |_| false) != Sense::Other || others.len() > MAX_WORDS {
            return true;
        }
        // `<keyPPK</key>` lacks a sign.
        if is_tag && word(start).strip_prefix("key").is_some_and(|rest| is_any(&simple(rest), &NAMES.secrets)) {
            return true;
        }
        if gap > MAX_GAP {
            starts.clear();
        }
        let is_named = |from: &usize| {
            end - from <= MAX_NAME && others.insert(&text[*from..end]) && likeness(&simple(word(*from))) != Likeness::None
        };
        if starts.iter().any(is_named) {
            return true;
        }
        if starts.len() == MAX_PARTS - 1 {
            starts.remove(0);
        }
        starts.push(start);
    }
    false
}

/// The start of the names of Apple's types.
const TYPE: &[u8] = b"com.apple.";

/// The tags of property lists.
const TAGS: [&[u8]; 10] = [b"key", b"string", b"dict", b"array", b"integer", b"real", b"date", b"data", b"plist", b"true"];

/// A name in lower case, without signs.
fn simple(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn is_any(name: &str, names: &[Name]) -> bool {
    let own = letters(name);
    names.iter().any(|other| differ_at_most(own, other.letters, 2) && is_near(name, &other.text))
}

/// Whether a name differs from that of a secret in at most two letters; in one, if that is short.
fn is_near(name: &str, secret: &str) -> bool {
    if name.len().abs_diff(secret.len()) > 2 {
        return false;
    }
    let distance = strsim::damerau_levenshtein(name, secret);
    match secret.len() {
        0..=3 => distance == 0 || distance == 1 && name.as_bytes().first() == secret.as_bytes().first(),
        4..=7 => distance <= 1 || distance == 2 && name.len() >= secret.len(),
        _ => distance <= 2,
    }
}
