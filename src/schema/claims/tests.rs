//! Breaks and meets every claim in a document made from the schema: the rules find exactly the breach, and the
//! published schema rejects the document exactly if the breach is an error.

use serde_json::{Map, Value as Json, json};

use crate::apple::{
    Claim, Condition, Enrolment, KeyId, Platform, Rows, SETTINGS, Scalar, Schema, Target, TextFormat, Type, ValueType, all_claims,
};
use crate::diagnostic::{Drafts, Severity};
use crate::rules::judge_prose;
use crate::schema::{Content, Published, limits};
use crate::syntax::{self, Buffers, Placeholders};
use crate::validate::{Validator, read_payload};

/// A document, and the rule that reports it.
struct Case {
    payload: Json,
    targets: Vec<Target>,
    finds: Option<&'static str>,
}

const MISSING: &str = "missing-alternative";
const CONFLICT: &str = "conflicting-keys";
const FORMAT: &str = "invalid-format";
const INEFFECTIVE: &str = "ineffective-key";

#[test]
fn every_path_of_a_claim_exists() {
    let schema = Schema::built_in();
    for (name, path, claim) in all_claims() {
        let id = schema.find(name).unwrap_or_else(|| panic!("the schema has no type {name}"));
        let keys = schema.kind(id).keys;
        let steps = path.split('.').filter(|step| !step.is_empty());
        if claim.is_about_value() {
            assert!(schema.at_path(keys, steps).is_some(), "{name} has no key {path}");
            continue;
        }
        let rows = schema.object_at(keys, steps).unwrap_or_else(|| panic!("{name} has no object {path}"));
        for key in claim.keys().into_iter().chain(claim.condition().iter().flat_map(Condition::keys)) {
            let id = schema.at_path(rows, key.split('.')).unwrap_or_else(|| panic!("{name} {path} has no key {key}"));
            assert!(
                !schema.key(id).is_required
                    || matches!(claim, Claim::Only(..) | Claim::Number(..))
                    || !claim.keys().contains(&key)
            );
        }
        assert_eq!(schema.claims_of_object(rows).filter(|one| std::ptr::eq(*one, claim)).count(), 1, "{name} {path}");
    }
}

#[test]
fn the_number_of_claims_is_unchanged() {
    let count = |is: fn(&Claim) -> bool| all_claims().iter().filter(|(.., claim)| is(claim)).count();
    let counts = [
        count(|claim| matches!(claim, Claim::One(_))),
        count(|claim| matches!(claim, Claim::Any(_) | Claim::AnyTrue(_))),
        count(|claim| matches!(claim, Claim::Both(..))),
        count(|claim| matches!(claim, Claim::Required(..))),
        count(|claim| matches!(claim, Claim::Refused(..))),
        count(|claim| matches!(claim, Claim::Only(..) | Claim::Implied(_))),
        count(|claim| matches!(claim, Claim::Text(_) | Claim::Names(_))),
    ];
    assert_eq!(counts, [2, 7, 2, 38, 2, 57, 61]);
}

#[test]
fn rules_and_schemas_judge_every_claim_alike() {
    for (position, (name, path, claim)) in all_claims().into_iter().enumerate() {
        let mut schema = Schema::clone(Schema::built_in());
        schema.keep_claim(position);
        let kind = schema.kind(schema.find(name).expect("a type"));
        let maker = Maker { schema: &schema, kind, path: path.split('.').filter(|step| !step.is_empty()).collect() };
        let published = kind.family.is_declaration().then(|| Published::new("", "", Content::Document(&schema, kind)).schema());
        let published = published.map(|schema| jsonschema::validator_for(&schema).expect("a schema"));
        for Case { payload, targets, finds } in maker.cases(claim) {
            let text = payload.to_string();
            let found = findings(&schema, name, &text, &targets);
            let expected: Vec<&str> = finds.into_iter().collect();
            let ids: Vec<&str> = found.iter().map(|(rule, _)| &**rule).collect();
            assert_eq!(ids, expected, "{name} {path} {claim:?}: {text}");
            // The schema of the settings has the rules about beta programs too, which are not claims.
            if let Some(published) = published.as_ref().filter(|_| targets.is_empty() && name != SETTINGS) {
                let document = json!({ "Type": name, "Identifier": "a", "Payload": payload });
                let is_right = found.iter().all(|(_, severity)| *severity != Severity::Error);
                assert_eq!(published.is_valid(&document), is_right, "{name} {path} {claim:?}: {text}");
            }
        }
    }
}

/// The rules with findings in a payload, by Apple's prose only. The payload has no other faults.
fn findings(schema: &Schema, name: &str, text: &str, targets: &[Target]) -> Vec<(String, Severity)> {
    let (mut buffers, placeholders) = (Buffers::default(), Placeholders::default());
    let parsed = syntax::parse_json(text.as_bytes(), &mut buffers);
    let root = parsed.document.as_ref().expect("it is JSON").root();
    let mut validator = Validator::new(schema, &placeholders);
    let reading = read_payload(root, schema.find(name).expect("a type"), &mut validator);
    let faults: Vec<String> = validator.diagnostics.into_iter().map(|fault| fault.message).collect();
    assert!(faults.is_empty(), "{name}: {faults:?}: {text}");
    let mut drafts = Drafts::default();
    judge_prose(&reading, targets, &placeholders, &mut drafts);
    let drafts = drafts.take();
    for draft in &drafts {
        assert!(draft.help.is_some() && draft.message.len() < 200 && !draft.message.contains('\n'), "{}", draft.message);
    }
    drafts.into_iter().map(|draft| (draft.rule.id.to_string(), draft.severity)).collect()
}

/// Makes payloads around the object or value at a path.
struct Maker<'s> {
    schema: &'s Schema,
    kind: &'s Type,
    path: Vec<&'s str>,
}

type Edit<'e> = dyn FnOnce(&Described<'_>, &mut Map<String, Json>) + 'e;

/// The keys of the object at the path.
struct Described<'s> {
    schema: &'s Schema,
    kind: &'s Type,
    rows: Rows,
}

impl Maker<'_> {
    fn cases(&self, claim: &Claim) -> Vec<Case> {
        let case = |payload, finds| Case { payload, targets: Vec::new(), finds };
        let object = |edit: Box<Edit<'_>>| self.payload("x", None, Some(edit));
        match *claim {
            Claim::One(keys) => vec![
                case(object(Box::new(|this, members| this.only(keys, &keys[..1], members))), None),
                case(object(Box::new(|this, members| this.only(keys, &[], members))), Some(MISSING)),
                case(object(Box::new(|this, members| this.only(keys, &keys[..2], members))), Some(CONFLICT)),
            ],
            Claim::Any(keys) => vec![
                case(object(Box::new(|this, members| this.only(keys, &keys[..1], members))), None),
                case(object(Box::new(|this, members| this.only(keys, keys, members))), None),
                case(object(Box::new(|this, members| this.only(keys, &[], members))), Some(MISSING)),
            ],
            Claim::AnyTrue(keys) => vec![
                case(
                    object(Box::new(|_, members| {
                        members.extend([(keys[0].to_owned(), true.into()), (keys[1].to_owned(), false.into())]);
                    })),
                    None,
                ),
                case(object(Box::new(|_, members| members.extend([(keys[0].to_owned(), false.into())]))), None),
                case(
                    object(Box::new(|_, members| members.extend(keys.iter().map(|key| ((*key).to_owned(), false.into()))))),
                    Some(MISSING),
                ),
            ],
            Claim::Both(one, other) => vec![
                case(object(Box::new(|this, members| this.only(&[one, other], &[one, other], members))), None),
                case(object(Box::new(|this, members| this.only(&[one, other], &[], members))), None),
                case(object(Box::new(|this, members| this.only(&[one, other], &[one], members))), Some(MISSING)),
                case(object(Box::new(|this, members| this.only(&[one, other], &[other], members))), Some(MISSING)),
            ],
            Claim::Required(key, condition) => self.conditional(condition, key, [None, Some(MISSING), None, None]),
            Claim::Refused(key, condition) => self.conditional(condition, key, [Some(CONFLICT), None, None, None]),
            Claim::Only(key, condition) => self.conditional(condition, key, [None, None, Some(INEFFECTIVE), None]),
            Claim::Implied(key) => {
                let implied = |value: bool, others: usize| -> Json {
                    object(Box::new(move |this, members| {
                        members.clear();
                        members.insert(key.to_owned(), value.into());
                        let others = this.schema.keys(this.rows).filter(|(_, other)| other.name != key).take(others);
                        members.extend(others.map(|(id, other)| (other.name.to_string(), this.sample(id))));
                    }))
                };
                vec![case(implied(false, 2), Some(INEFFECTIVE)), case(implied(false, 0), None), case(implied(true, 2), None)]
            }
            Claim::AtMost(key, limit) => [((10, 5), Some(INEFFECTIVE)), ((5, 5), None), ((10, 0), None)]
                .map(|((number, most), finds)| {
                    let numbers = [(key.to_owned(), number.into()), (limit.to_owned(), most.into())];
                    case(object(Box::new(move |_, members| members.extend(numbers))), finds)
                })
                .into(),
            Claim::Number(key, ranges, step, condition) => {
                let number = |number: i64, holds: bool, finds| {
                    let edit: Box<Edit<'_>> = Box::new(move |this, members| {
                        this.set(&condition, holds, members);
                        members.insert(key.to_owned(), number.into());
                    });
                    case(object(edit), finds)
                };
                let (min, max) = ranges[ranges.len() - 1];
                vec![number(min, true, None), number(max + step, true, Some(FORMAT)), number(max + step, false, None)]
            }
            Claim::Apart(key, other) => [(["a", "b"], None), (["a", "a"], Some(INEFFECTIVE))]
                .map(|([one, two], finds)| {
                    let arrays = [(key.to_owned(), json!([one])), (other.to_owned(), json!([two]))];
                    case(object(Box::new(move |_, members| members.extend(arrays))), finds)
                })
                .into(),
            Claim::MostItems(most) => [(most, None), (most + 1, Some(FORMAT))]
                .map(|(items, finds)| case(self.payload("x", Some(json!(vec!["a"; items])), None), finds))
                .into(),
            Claim::Text(format) => [(format.example(), None), (wrong(format), Some(FORMAT)), ("${X}", None)]
                .map(|(text, finds)| case(self.payload("x", Some(text.into()), None), finds))
                .into(),
            Claim::Names(format) => [(format.example(), None), (wrong(format), Some(FORMAT)), ("${X}", None)]
                .map(|(name, finds)| {
                    let steps: Vec<&str> = self.path.iter().copied().chain(["ANY"]).collect();
                    let maker = Maker { schema: self.schema, kind: self.kind, path: steps };
                    case(maker.payload(name, None, None), finds)
                })
                .into(),
        }
    }

    /// The cases of a condition that holds, with and without the key, and does not hold, with and without.
    fn conditional(&self, condition: Condition, key: &str, finds: [Option<&'static str>; 4]) -> Vec<Case> {
        let is_required = self.schema.object_at(self.kind.keys, self.path.iter().copied());
        let is_required =
            is_required.and_then(|rows| self.schema.find_key(rows, key)).is_some_and(|id| self.schema.key(id).is_required);
        let target = |enrolment| Target { enrolment, ..Target::new(Platform::Ios) };
        [(true, true), (true, false), (false, true), (false, false)]
            .into_iter()
            .zip(finds)
            .filter(|((_, has_key), _)| *has_key || !is_required)
            .map(|((holds, has_key), finds)| {
                let targets = match condition {
                    Condition::Enrolled(enrolments) if holds => vec![target(enrolments[0])],
                    Condition::Enrolled(_) => vec![target(Enrolment::Supervised)],
                    Condition::NotOnly(enrolment) if !holds => vec![target(enrolment)],
                    _ => Vec::new(),
                };
                let name = if matches!(condition, Condition::NotNamed(_)) && !holds { "*" } else { "x" };
                let edit: Box<Edit<'_>> = Box::new(move |this, members| {
                    this.put(key, has_key, members);
                    this.set(&condition, holds, members);
                });
                Case { payload: self.payload(name, None, Some(edit)), targets, finds }
            })
            .collect()
    }

    /// A payload with the object at the path changed by `edit`, or with `value` at the path. Entries of maps get `name`.
    fn payload(&self, name: &str, value: Option<Json>, edit: Option<Box<Edit<'_>>>) -> Json {
        let this = Described { schema: self.schema, kind: self.kind, rows: self.kind.keys };
        let mut payload = this.required();
        let (mut at, mut kind) = (&mut payload, ValueType::Object(self.kind.keys));
        for step in &self.path {
            let id = self.schema.step(kind, step).expect("the path exists");
            let sample = || this.sample(id);
            at = match (kind, at) {
                (ValueType::Array { min, .. }, Json::Array(items)) => {
                    items.clear();
                    items.resize(usize::try_from(min).unwrap_or_default().max(1), sample());
                    &mut items[0]
                }
                (ValueType::Map(_), Json::Object(members)) => members.entry(name).or_insert_with(sample),
                (_, Json::Object(members)) => members.entry(*step).or_insert_with(sample),
                (_, other) => panic!("{other} has no {step}"),
            };
            kind = self.schema.key(id).value;
        }
        match (value, edit, kind) {
            (Some(value), ..) => *at = value,
            (None, Some(edit), ValueType::Object(rows)) => {
                let this = Described { schema: self.schema, kind: self.kind, rows };
                edit(&this, at.as_object_mut().expect("an object"));
            }
            _ => {}
        }
        payload
    }
}

impl Described<'_> {
    fn required(&self) -> Json {
        let keys = self.schema.keys(self.rows).filter(|(_, key)| key.is_required);
        keys.map(|(id, key)| (key.name.to_string(), self.sample(id))).collect::<Map<_, _>>().into()
    }

    /// A valid value that is not the default.
    fn sample(&self, id: KeyId) -> Json {
        let key = self.schema.key(id);
        match (key.value, &key.default) {
            (ValueType::Boolean, default) => (*default != Some(Scalar::Boolean(true))).into(),
            (ValueType::Array { item, .. }, _) if self.schema.leads_to_claims(item) => json!([]),
            (ValueType::Array { item, min, .. }, _) => {
                json!(vec![self.sample(item); usize::try_from(min).unwrap_or_default().max(1)])
            }
            (ValueType::Object(rows), _) => Described { rows, ..*self }.required(),
            (ValueType::Enum(words), Some(Scalar::String(default))) => {
                let other = self.schema.words(words).iter().find(|word| *word != default);
                (&**other.unwrap_or(default)).into()
            }
            (ValueType::Enum(words), None) => (&*self.schema.words(words)[0]).into(),
            _ => serde_json::from_str(&limits::value(self.schema, self.kind, id)).expect("an example is JSON"),
        }
    }

    /// Sets these keys of several, and removes the others.
    fn only(&self, all: &[&str], set: &[&str], members: &mut Map<String, Json>) {
        for key in all {
            self.put(key, set.contains(key), members);
        }
    }

    /// Adds or removes a key at a path.
    fn put(&self, path: &str, is_present: bool, members: &mut Map<String, Json>) {
        let value = self.schema.at_path(self.rows, path.split('.')).map(|id| self.sample(id));
        self.write(path, value.filter(|_| is_present), members);
    }

    /// Writes or removes the value at a path, and adds the objects around it.
    fn write(&self, path: &str, value: Option<Json>, members: &mut Map<String, Json>) {
        let Some((group, rest)) = path.split_once('.') else {
            match value {
                Some(value) => drop(members.insert(path.to_owned(), value)),
                None => drop(members.remove(path)),
            }
            return;
        };
        if value.is_none() && !members.contains_key(group) {
            return;
        }
        let id = self.schema.find_key(self.rows, group).expect("the group exists");
        let inner = members.entry(group).or_insert_with(|| self.sample(id));
        let this = Described { rows: Schema::members(self.schema.key(id).value), ..*self };
        this.write(rest, value, inner.as_object_mut().expect("a group"));
        // A group of required keys does not exist without them.
        if this.schema.keys(this.rows).any(|(_, key)| key.is_required && inner.get(&*key.name).is_none()) {
            members.remove(group);
        }
    }

    /// Makes a condition hold or not.
    fn set(&self, condition: &Condition, holds: bool, members: &mut Map<String, Json>) {
        match *condition {
            Condition::Present(path) | Condition::Filled(path) => self.put(path, holds, members),
            Condition::Absent(path) => self.put(path, !holds, members),
            Condition::True(path) => self.write(path, Some(holds.into()), members),
            Condition::False(path) => self.write(path, Some((!holds).into()), members),
            Condition::Is(path, values) => {
                let words = self.words(path);
                let other = words.iter().find(|word| !values.contains(&word.as_str())).cloned();
                let value = if holds { Some(values[0].to_owned()) } else { other };
                self.write(path, value.map(Json::from), members);
            }
            Condition::IsNot(path, value) => {
                let other = self.words(path).into_iter().find(|word| word != value).expect("another value");
                self.write(path, Some(if holds { other } else { value.to_owned() }.into()), members);
            }
            Condition::NotNumber(path, number) => self.write(path, Some((number + i64::from(holds)).into()), members),
            Condition::Lists(path, value) => self.write(path, holds.then(|| json!([value])), members),
            Condition::Either(conditions) if holds => self.set(&conditions[0], true, members),
            Condition::Either(conditions) | Condition::All(conditions) if !holds || conditions.is_empty() => {
                for condition in conditions {
                    self.set(condition, false, members);
                }
            }
            Condition::All(conditions) | Condition::Either(conditions) => {
                for condition in conditions {
                    self.set(condition, true, members);
                }
            }
            Condition::Enrolled(_) | Condition::NotOnly(_) | Condition::NotNamed(_) => {}
        }
    }

    fn words(&self, path: &str) -> Vec<String> {
        let id = self.schema.at_path(self.rows, path.split('.')).expect("the key exists");
        let ValueType::Enum(words) = self.schema.key(id).value else { panic!("{path} is not an enumeration") };
        self.schema.words(words).iter().map(ToString::to_string).collect()
    }
}

/// A text with another format.
fn wrong(format: TextFormat) -> &'static str {
    ["x", "a/b", "(", "/x", ""].into_iter().find(|text| format.check(text).is_err()).expect("a text with another format")
}
