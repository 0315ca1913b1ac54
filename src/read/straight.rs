//! Reads a declaration that is right straight from its text.
//!
//! Nearly every declaration is right, and of such a one nobody asks where its values stand, so no list of them is made. The rows are the
//! same, and what they say of a value is. At the first thing that is not plainly right this gives up, and the declaration is read as any
//! other document: what is wrong, and what is only unusual, is known there alone.

use std::ops::Range;

use super::members::Read;
use super::{Object, Payload, Problems, Reading};
use crate::document::{Cursor, Kind, Path, Spare};
use crate::keys::{self, Group, Keys, Place, Rows, Shape, Step};
use crate::model::{DeclarationType, Envelope};

/// Reads a declaration, and where its identifier stands; `None` if anything is wrong with it or unusual. The problems are of no use then.
pub(crate) fn read_straight(text: &str, spare: &mut Spare, problems: &mut Problems) -> Option<(Reading<'static>, Range<usize>)> {
    let mut straight = Straight { cursor: Cursor::new(text, spare)?, problems };
    let read = straight.declaration()?;
    (straight.cursor.is_at_end() && problems.list.is_empty()).then_some(read)
}

/// A declaration that is being read.
struct Straight<'s> {
    cursor: Cursor<'s>,
    problems: &'s mut Problems,
}

impl Straight<'_> {
    fn declaration(&mut self) -> Option<(Reading<'static>, Range<usize>)> {
        use keys::envelope::{IDENTIFIER, KEYS, PAYLOAD};
        let mut envelope = Envelope::default();
        let (mut named, mut identifier, mut guess, mut payload) = (0, 0..0, None, None);
        let mut goes_on = self.cursor.enter(b'{')?;
        while goes_on {
            let (row, step) = self.key(&KEYS.keys, Group::TOP, &mut named)?;
            if row == usize::from(PAYLOAD.row) {
                if envelope.kind.is_none() {
                    guess = Some(self.likely_kind()?);
                }
                payload = Some(self.payload(guess.as_ref().or(envelope.kind.as_ref())?)?);
                envelope.payload = Some(());
            } else {
                self.value(&KEYS.keys, row, step, &mut |row, node, place| KEYS[row].read(node, place, &mut envelope))?;
                if row == usize::from(IDENTIFIER.row) {
                    identifier = self.cursor.last();
                }
            }
            goes_on = self.cursor.goes_on(b'{')?;
        }
        if guess.is_some() && guess != envelope.kind || KEYS.keys.required & !named != 0 {
            return None;
        }
        let envelope = Some(Object::right(envelope, KEYS, named));
        Some((Reading { envelope, payload: payload?, payload_key: None, identifier: None }, identifier))
    }

    /// The type whose payload comes next, by the first key in it: many tools sort keys, and the type comes last then.
    fn likely_kind(&mut self) -> Option<DeclarationType> {
        let has_first = |first: &[u8]| {
            keys::tables().find_map(|table| {
                let kind = table.declaration()?;
                let (_, step) = (table.keys)().find_quoted(Group::TOP, first)?;
                Some((kind.clone(), step.name.as_str().len()))
            })
        };
        let mut kind = None;
        // This only looks ahead.
        self.cursor.attempt(|cursor| {
            cursor.enter(b'{')?;
            kind = cursor.name(has_first);
            None
        });
        kind
    }

    fn payload(&mut self, kind: &DeclarationType) -> Option<Payload<'static>> {
        Some(match kind {
            DeclarationType::Settings => Payload::Settings(self.object(keys::settings::KEYS)?),
            DeclarationType::Enforcement => Payload::Enforcement(self.object(keys::enforcement::KEYS)?),
            DeclarationType::Activation => Payload::Activation(self.object(keys::activation::KEYS)?),
            DeclarationType::Other(_) => {
                let is_object = self.cursor.value(false, |node| node.kind() == Kind::Object)?;
                is_object.then_some(Payload::Other)?
            }
        })
    }

    fn object<D: Default>(&mut self, rows: Rows<D>) -> Option<Object<D>> {
        let mut value = D::default();
        let read: &mut Read<'_> = &mut |row, node, place| rows[row].read(node, place, &mut value);
        let named = self.group(&rows.keys, Group::TOP, read)?;
        (rows.keys.required & !named == 0).then(|| Object::right(value, rows, named))
    }

    /// Reads an object, and those in it whose keys have rows. Returns which keys there are.
    fn group(&mut self, keys: &Keys, group: Group, read: &mut Read<'_>) -> Option<u64> {
        let (mut named, mut inner) = (0, 0);
        let mut goes_on = self.cursor.enter(b'{')?;
        while goes_on {
            let (row, step) = self.key(keys, group, &mut named)?;
            self.value(keys, row, step, read)?;
            if matches!(step.shape, Shape::Group) {
                inner |= self.group(keys, Group::of(row), read)?;
            }
            goes_on = self.cursor.goes_on(b'{')?;
        }
        Some(named | inner)
    }

    /// The row of the next key, which is one of a group and was not there before.
    #[inline]
    fn key(&mut self, keys: &Keys, group: Group, named: &mut u64) -> Option<(usize, &'static Step)> {
        let (row, step) = self.cursor.name(|text| {
            let (row, step) = keys.find_quoted(group, text)?;
            Some(((row, step), step.name.as_str().len()))
        })?;
        let is_new = *named & 1 << row == 0;
        *named |= 1 << row;
        is_new.then_some((row, step))
    }

    /// Passes the value of a row; of an object whose keys have rows nothing yet.
    fn value(&mut self, keys: &Keys, row: usize, step: &Step, read: &mut Read<'_>) -> Option<()> {
        let Self { cursor, problems } = self;
        let shape = step.shape;
        if matches!(shape, Shape::Array(_)) && keys[row].passes(cursor, &mut problems.known) {
            return Some(());
        }
        let is_right = cursor.value(matches!(shape, Shape::Group), |node| {
            let place = &mut Place { path: &Path::Root, problems };
            place.surely_takes(shape, node) && read(row, node, place)
        });
        is_right?.then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    use super::*;
    use crate::document::Placeholders;
    use crate::fuzzing::linted;
    use crate::lint::Gather;

    /// Members of a declaration, and others, each of which is wrong or unusual there.
    const TYPES: [&str; 3] = [
        r#""Type":"com.apple.configuration.softwareupdate.settings""#,
        r#""Type":"com.apple.configuration.softwareupdate.enforcement.specific""#,
        r#""Type":"com.apple.configuration.passcode.settings""#,
    ];
    const ODD: [&str; 7] = [
        r#""ServerToken":"1""#,
        r#""ServerToken":null"#,
        r#""Identifier":"a\u0062""#,
        r#""Identifier":"com.example.settings""#,
        r#""type":"com.apple.activation.simple""#,
        r#""Identifier":"$IDENTIFIER""#,
        r#""Payload":{}"#,
    ];

    /// Members of settings, and others, each of which is wrong or unusual there.
    const SETTINGS: [&str; 7] = [
        r#""Notifications":true"#,
        r#""Deferrals":{"MajorPeriodInDays":30,"MinorPeriodInDays":7.0}"#,
        r#""RecommendedCadence":"Newest""#,
        r#""AutomaticActions":{"Download":"AlwaysOn"}"#,
        r#""Beta":{"OfferPrograms":[{"Description":"A","Token":"1"},{"Description":"B","Token":"2"}]}"#,
        r#""Beta":{"ProgramEnrollment":"AlwaysOn","RequireProgram":{"Description":"A","Token":"1"}}"#,
        r#""RapidSecurityResponse":{}"#,
    ];
    const ODD_SETTINGS: [&str; 12] = [
        r#""Notifications":true"#,
        r#""Deferrals":{"MajorPeriodInDays":91}"#,
        r#""Deferrals":[]"#,
        r#""Notifications":"true""#,
        r#""Notifications" : null"#,
        r#""RecommendedCadence":"${CADENCE}""#,
        r#""Recommended\u0043adence":"Newest""#,
        r#""AutomaticActions":{"Download":"AlwaysOn","Download":"AlwaysOff"}"#,
        r#""Beta":{"OfferPrograms":[{"Description":"A}","Token":"1"},{"Description":"A}","Token":"1"}]}"#,
        r#""Beta":{"OfferPrograms":[{"Description":"A","Token":"1"},{"Description":"A","Token":"1"}]}"#,
        r#""AllowStandardUserOSUpdate":true"#,
        r#""TargetOSVersion":"26.1","TargetLocalDateTime":"2026-01-31T18:00:00""#,
    ];

    fn reads(text: &str) -> bool {
        reads_with(text, &Placeholders::default())
    }

    fn reads_with(text: &str, templates: &Placeholders) -> bool {
        let mut problems = Problems { is_brief: true, ..Problems::new(templates) };
        read_straight(text, &mut Spare::default(), &mut problems).is_some()
    }

    #[test]
    fn what_is_right_is_read_straight() {
        for text in [
            r#"{"Type":"com.apple.activation.simple","Identifier":"a","Payload":{"StandardConfigurations":["b"]}}"#,
            r#"{"Type":"com.apple.configuration.passcode.settings","Identifier":"a","Payload":{"x":[{}]}}"#,
            r#"{"Identifier":"a","Payload":{"Deferrals":{}},"Type":"com.apple.configuration.softwareupdate.settings"}"#,
            "{\n  \"Type\": \"com.apple.configuration.softwareupdate.settings\",\n  \"Identifier\": \"a\",\n  \"Payload\": {}\n}\n",
        ] {
            assert!(reads(text), "{text}");
            for end in (0..text.trim_end().len()).filter(|end| text.is_char_boundary(*end)) {
                assert!(!reads(&text[..end]), "{}", &text[..end]);
            }
            assert!(!reads(&format!("{text} ,")));
        }
    }

    #[test]
    fn what_a_pattern_of_the_user_matches_is_not_read_straight() {
        let text = format!(r#"{{{},"Identifier":"a","Payload":{{"RecommendedCadence":"Newest"}}}}"#, TYPES[0]);
        let pattern = Placeholders::pattern("^New").expect("a pattern");
        assert!(reads(&text));
        assert!(!reads_with(&text, &Placeholders::with(vec![pattern])));
    }

    #[test]
    fn it_goes_as_deep_as_any_other() {
        for depth in 120..140 {
            let (opening, closing) = ("[".repeat(depth), "]".repeat(depth));
            let kind = "com.apple.configuration.passcode.settings";
            let text = format!(r#"{{"Type":"{kind}","Identifier":"a","Payload":{{"x":{opening}{closing}}}}}"#);
            let is_right = crate::check("a.json", text.as_bytes()).is_empty();
            assert_eq!(reads(&text), is_right, "{depth}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_makes_no_difference(
            kind in select(&TYPES[..]),
            odd in subsequence(&ODD[..], 0..2),
            settings in subsequence(&SETTINGS[..], 0..4),
            odd_settings in subsequence(&ODD_SETTINGS[..], 0..2),
            is_named in prop::bool::weighted(0.9),
            order in any::<[prop::sample::Index; 2]>(),
            blank in select(vec!["", " ", "\n\t", "\u{a0}"]),
        ) {
            let turned = |members: Vec<&str>, by: prop::sample::Index| {
                let (last, first) = members.split_at(by.index(members.len() + 1));
                [first, last].concat().join(&format!(",{blank}"))
            };
            let payload = format!("\"Payload\":{{{}}}", turned([odd_settings, settings].concat(), order[0]));
            let name = is_named.then_some(r#""Identifier":"com.example.settings""#);
            let top = turned([kind, &payload].into_iter().chain(name).chain(odd).collect(), order[1]);
            let line = format!("{{{top}{blank}}}");
            // Twice, as the second one knows the programs of the first.
            let text = format!("[{line},{blank}{line}]");
            prop_assert_eq!(linted("a.json", text.as_bytes(), Gather::Names), linted("a.json", text.as_bytes(), Gather::Contents));
        }
    }
}
