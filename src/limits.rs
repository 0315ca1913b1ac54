//! The limits on what comes from outside. `SECURITY.md` lists them, and a test compares the two.
//!
//! Each is far above what real documents and repositories have. They bound memory, and the work that does not grow in
//! proportion to the input. Limits on the effort of a single search or message are where they are used.

/// A list of limits with their words in `SECURITY.md`.
macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $value:expr, $words:literal;)+) => {
        $($(#[doc = $doc])+ pub(crate) const $name: $type = $value;)+

        /// Each limit with its words in `SECURITY.md`.
        #[cfg(test)]
        const ALL: &[(&str, u64)] = &[$(($words, $name as u64)),+];
    };
}

limits! {
    /// A declaration has a few thousand bytes. The tree of a document takes up to three times its size.
    MAX_DOCUMENT_BYTES: usize = 16 << 20, "Size of a document";
    /// An array of declarations is read as a whole; 32 MiB hold 50,000 of them. Larger sets belong in lines, which are
    /// streamed.
    MAX_FILE_BYTES: usize = 32 << 20, "Size of a file that does not have one declaration per line";
    /// Keys and strings are copied: to decode them, to compare them and for messages.
    MAX_STRING_BYTES: usize = 4 << 20, "Size of a key, string or number in JSON";
    /// The reader keeps eight bytes for each reference, which may take one byte in the file. XML has no such limit.
    MAX_BINARY_BYTES: usize = 4 << 20, "Size of a binary property list";
    /// Each is remembered until it is closed.
    MAX_OPEN_TAGS: usize = 10_000, "Open tags of a property list";
    /// Apple's deepest declaration has seven levels. Rules may recurse.
    MAX_DEPTH: usize = 128, "Depth of nested objects and arrays";
    /// A value takes 16 bytes in memory and may take one in the text.
    MAX_VALUES: usize = 1_000_000, "Keys and values of a document";
    /// Each is kept with the declarations that set it until all inputs are read.
    MAX_COMBINED_VALUES: usize = 100_000, "Keys and values of a payload that is combined with others";
    /// A finding takes some 500 bytes in memory and may stand for one byte of text.
    MAX_FINDINGS: usize = 1000, "Findings about a document";
    /// Real reports have 4 kB. What is kept of them takes some three times as much memory.
    MAX_REPORT_BYTES: usize = 16 << 20, "Size of the status reports that are kept at a time, of one device or several";
    /// Real fleets have some hundred: each declaration that fails, and each of its reasons.
    MAX_REASONS: usize = 10_000, "Rows of the table of reasons in the status reports of several devices";
    /// They are held in memory until those before them are printed.
    MAX_FILE_FINDINGS: usize = 5000, "Findings about an array or a block of lines";
    /// Findings about several declarations are held in memory until all inputs are read.
    MAX_RUN_FINDINGS: usize = 10_000, "Findings about several declarations of a run";
    /// The human report counts equal findings. Those of further groups are all shown.
    MAX_GROUPS: usize = 10_000, "Groups of equal findings in the human report";
    /// Each finding holds the names of its declaration and type.
    MAX_NAME_BYTES: usize = 1000, "Length of an identifier that findings name";
    /// Each finding holds one, and the names in a document may be long.
    MAX_POINTER_BYTES: usize = 4096, "Length of a JSON pointer in findings";
    /// Real rows have a few hundred bytes. A quotation mark that is missing would make a row of the rest of the file.
    MAX_RECORD_BYTES: usize = 1 << 20, "Size of a row of an inventory, and of its header";
    /// Names and values have some 20 bytes. Longer ones make devices unplanned.
    MAX_CELL_BYTES: usize = 1 << 16, "Size of a value of an inventory that is used";
    /// A kind takes some 200 bytes, so these are some 100,000 of them.
    MAX_INVENTORY_BYTES: usize = 16 << 20, "Size of what is kept of the devices of an inventory, and of their plans";
    /// Each takes 16 bytes. All are counted.
    MAX_UNPLANNED: usize = 10_000, "Devices of an inventory without a plan that are listed";
    /// Then an array is not one of declarations.
    MAX_FOREIGN: usize = 1000, "Consecutive elements of an array that are not declarations";
    /// Real declarations name a few. A name that is kept takes some 100 bytes, and may take four in the text.
    MAX_REFERENCES: usize = 10_000, "Declarations that another one names";
    /// Apple's examples have some 200. A list of a thousand serial numbers has 16 kB.
    MAX_PREDICATE_BYTES: usize = 1 << 16, "Size of a predicate";
    /// Real ones have three levels. The parser recurses.
    MAX_PREDICATE_DEPTH: usize = 64, "Depth of a predicate";
    /// Larger files are read by one thread at a time, however many there are.
    MAX_SHARED_BYTES: usize = 1 << 20, "Size of a file that is read beside others";
    /// Real ones have a few kilobytes. Each error is a finding; [`MAX_FINDINGS`] are kept.
    MAX_CONFIGURATION_BYTES: usize = 1 << 20, "Size of `ddmc.toml` and of a policy file";
    /// Each is kept with its path until all are read. Large repositories have some hundred thousand.
    MAX_TREE_FILES: usize = 1_000_000, "Files of a git revision that are read";
    /// Real ones have a few kilobytes; comments count too.
    MAX_IGNORE_BYTES: usize = 1 << 20, "Size of an ignore file";
    /// They become an automaton that takes up to a thousand times as much memory.
    MAX_IGNORE_PATTERN_BYTES: usize = 1 << 16, "Size of the patterns that ignore files have for a folder";
    /// Compile time grows with the length.
    MAX_GLOB_BYTES: usize = 500, "Length of a glob";
    /// Each is kept until all inputs are read.
    MAX_LISTED: usize = 100_000, "Files and identifiers of the sets that files for Fleet and KMFDDM list";
    /// They become an automaton that takes up to a thousand times as much memory.
    MAX_LISTED_PATTERN_BYTES: usize = 1 << 16, "Size of the patterns in files for Fleet";
    /// Each file is compared with all of them.
    MAX_ITEMS: usize = 10_000, "Items of a list in `ddmc.toml`";
    /// Each value is searched for all of them.
    MAX_PLACEHOLDERS: usize = 100, "Patterns for placeholders";
    /// A short pattern may compile to gigabytes.
    MAX_PLACEHOLDER_BYTES: usize = 1 << 16, "Size of a compiled pattern for placeholders";
    /// Each is applied to each declaration of its type.
    MAX_POLICIES: usize = 200, "Policies in a file";
    /// This bounds the work to check one value.
    MAX_SCHEMAS: u64 = 10_000, "Schemas in a policy, references expanded";
    /// The validator recurses.
    MAX_SCHEMA_DEPTH: usize = 100, "Depth of the schemas in a policy, references expanded";
    /// Each is resolved from the top of the schema.
    MAX_SCHEMA_REFERENCES: usize = 200, "References in a policy";
    /// All together take at most 50 MiB.
    MAX_SCHEMA_PATTERNS: usize = 200, "Patterns in a policy";
    /// A short pattern may compile to gigabytes.
    MAX_SCHEMA_PATTERN_BYTES: usize = 1 << 18, "Size of a compiled pattern of a policy";
    /// Apple's has a few hundred kilobytes. It takes three times its size in memory.
    MAX_CATALOGUE_BYTES: usize = 16 << 20, "Size of a catalogue";
    /// A recorded finding takes some 300 bytes.
    MAX_BASELINE_BYTES: usize = 64 << 20, "Size of a baseline";
    /// Apple's largest file has 70 kB.
    MAX_SCHEMA_FILE_BYTES: u64 = 1 << 20, "Size of a file of Apple's schema";
    /// Apple's files have 2 MB together.
    MAX_CHECKOUT_BYTES: usize = 16 << 20, "Size of all files of Apple's schema";
    /// Apple's repository has a few hundred.
    MAX_CHECKOUT_ENTRIES: usize = 10_000, "Files and folders of Apple's schema";
    /// Twenty times as many as Apple has, and few enough for `u16` row indexes.
    MAX_ROWS: usize = 30_000, "Keys, values and names of Apple's schema";
    /// Parsing takes up to 250 bytes for each. Brackets make the parser keep all that is in them.
    MAX_YAML_BYTES: usize = 1 << 18, "Size of a YAML document";
    /// A few lines can expand to billions of nodes.
    MAX_ALIASED: usize = 1_000_000, "Values to which the aliases of a YAML document expand";
    /// Each is kept with what linting found, some 500 bytes. An editor may have a home folder open.
    MAX_FOLDER_FILES: usize = 50_000, "Files of a folder that the language server looks at";
    /// A client sends whole texts, in which JSON escapes characters. Larger ones are skipped.
    MAX_MESSAGE_BYTES: usize = 64 << 20, "Size of a message to the language server";
    /// Headers have two short fields.
    MAX_HEADER_BYTES: u64 = 1 << 12, "Length of a line in the header of such a message";
    /// They are read before they are answered, to drop those that were cancelled.
    MAX_QUEUED: usize = 64, "Such messages that wait for an answer";
}

/// The longest text, in bytes, that is shown where a secret may stand. Secrets are longer.
pub(crate) const MAX_SHOWN: usize = 11;

#[cfg(test)]
mod tests {
    use super::*;

    /// A number as people write it.
    fn words(number: u64) -> String {
        match number {
            _ if number >= 1 << 20 && number.is_multiple_of(1 << 20) => format!("{} MiB", number >> 20),
            _ if number >= 1 << 10 && number.is_multiple_of(1 << 10) => format!("{} KiB", number >> 10),
            _ => {
                let digits = number.to_string();
                let groups: Vec<&str> =
                    digits.as_bytes().rchunks(3).rev().map(|group| str::from_utf8(group).expect("digits are UTF-8")).collect();
                groups.join(",")
            }
        }
    }

    #[test]
    fn security_md_lists_the_limits() {
        let rows: Vec<String> = ALL.iter().map(|(what, number)| format!("| {what} | {} |", words(*number))).collect();
        let table = format!("| What | At most |\n| --- | --- |\n{}\n", rows.join("\n"));
        let text = include_str!("../SECURITY.md");
        assert!(text.contains(&table), "SECURITY.md must contain:\n{table}");
    }
}
