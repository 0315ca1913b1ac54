//! The grammar and the meaning of predicates.

use super::*;
use crate::apple::{Platform, Target};

fn parse(text: &str) -> Result<Predicate, Mistake> {
    Predicate::parse(text, &|_| false)
}

/// Predicates that published examples and tools use, in our own words.
const RIGHT: &[&str] = &[
    "@status(device.model.family) == 'AppleTV'",
    "(@status(device.model.family) == 'iPad')",
    "@status(device.model.family) =='iPad'",
    "@status(passcode.is-present)==true",
    "@status(device.operating-system.version)>='18.2'",
    "@status(device.identifier.serial-number) == \"ABC-XYZ\"",
    "1==0",
    "(@property(shard) <= 75)",
    "(@property(shard) <= 75) and @status(device.identifier.serial-number) beginswith 'XY'",
    "(@property(age) >= 18) AND (\"Grade12\" IN @property(roles))",
    "SUBQUERY(@status(mdm.app), $app, ($app.@key(identifier) == \"a.b\") AND ($app.@key(state) == \"managed\")).@count == 1",
    "SUBQUERY(@status(management.declarations.configurations), $d, $d.@key(active) == true).@count != 0",
    "ANY @property(jamf.device.groups) IN {'UUID'} AND @status(device.model.family) == 'iPad'",
    "NONE @property(groups) IN {'a','b'}",
    "TRUEPREDICATE",
    "falsepredicate OR !(@property(a) == 1)",
    "NOT NOT @property(a) == nil",
    "!!(@property(a) == nil)",
    "@property(a)==1||!@property(b)==2&&@property(c)<>3",
    "@property(a) =< 1 OR @property(a) => 0x1F OR @property(a) = -1.5",
    "@property(a) BETWEEN {1, 10} and @property(b) LIKE[cd] 'a*?'",
    "@property(a) matches[c] '[a-z]+\\\\d' OR @property(a) CONTAINS \"it's\" or @property(a) endswith 'x'",
    "ALL @property(a) > 1 and some @property(a) IN {}",
    "@property(a)[0] == 1 AND @property(a)[first] == 1 AND @property(a)[LAST] == 2 AND @property(a)[SIZE] == 2",
    "(@property(a) + 1) * 2 ** 3 - 4 / 2 == (3)",
    "((@property(a)) == ((1)))",
    "#in == 'x' AND SELF != NULL",
    "@property(a).b.c.@avg.d > 1",
    "@property(a) == 'caf\u{e9}'",
];

#[test]
fn accepts_what_devices_read() {
    for text in RIGHT {
        let predicate = parse(text).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}"));
        let printed = predicate.to_string();
        let again = parse(&printed).unwrap_or_else(|mistake| panic!("{printed}: {mistake:?}"));
        assert_eq!(again.to_string(), printed, "{text}");
    }
}

#[test]
fn prints_numbers_apart_from_key_paths() {
    let printed = parse("30 .a == 1").expect("this is a predicate").to_string();
    assert_eq!(printed, "(30).a == 1");
    assert_eq!(parse(&printed).expect("this is the same predicate").to_string(), printed);
}

#[test]
fn finds_the_first_mistake_at_its_place() {
    let deep = |levels: usize| format!("{}1 == 1{}", "(".repeat(levels), ")".repeat(levels));
    assert!(parse(&deep(60)).is_ok());
    assert!(parse(&deep(70)).is_err_and(|mistake| mistake.message.contains("nested")));
    assert!(parse(&format!("1 == 1{}", " OR 1 == 1".repeat(5000))).is_ok());
    assert!(parse(&"x".repeat(1 << 17)).is_err());
    for (text, place, message) in [
        ("", "", "is empty"),
        ("  ", "  ", "is empty"),
        ("(1 == 1", "(", "has no matching )"),
        ("1 == 1)", ")", "closes nothing"),
        ("(1 IN {1)", ")", "does not close {"),
        ("@status(a.b) === 'x'", "===", "the operator === is unknown"),
        ("@status(a.b) ~= 'x'", "~=", "is unknown"),
        ("@status(a.b) IS 'x'", "IS", "the operator IS is unknown"),
        ("@status(a.b) NOT IN {'x'}", "NOT", "the operator NOT is unknown"),
        ("@status(a.b) BEGINWITH 'x'", "BEGINWITH", "is unknown"),
        ("@status(a.b) & 1", "&", "is unknown"),
        ("@status(a.b) := 1", ":=", "is not an operator"),
        ("@status(a.b) \u{2265} 1", "\u{2265}", "is not an operator"),
        ("now() > 1", "now", "is a function"),
        ("@property(a) == sum(1, 2)", "sum", "is a function"),
        ("FUNCTION(1, 'x') == 1", "FUNCTION", "is a function"),
        ("CAST(1, 'x') == 1", "CAST", "is a function"),
        ("@status(a.b)", "@status(a.b)", "nothing compares it"),
        ("NOT @status(a.b)", "@status(a.b)", "nothing compares it"),
        ("@status(a.b) AND 1 == 1", "@status(a.b)", "nothing compares it"),
        ("ANY @property(groups)", "@property(groups)", "nothing compares it"),
        ("(@status(a.b))", "@status(a.b)", "nothing compares it"),
        ("@status(a.b) ==", "", "a value is missing at the end"),
        ("== 1", "==", "a value is missing before =="),
        ("1 == 1 AND", "", "a value is missing at the end"),
        ("1 == 1 AND AND 1 == 1", "AND", "is a keyword"),
        ("1 == 1 1", "1", "should end here"),
        ("1 == 1 == 1", "==", "cannot be compared again"),
        ("1 == 1, 2 == 2", ",", "a comma"),
        ("@Status(a.b) == 1", "@Status", "devices know @status"),
        ("@state(a.b) == 1", "@state", "@state is unknown"),
        ("@status (a.b) == 1", "@status", "no parenthesis follows"),
        ("@status(a.b == 'x'", "@status(a.b == 'x'", "has no closing parenthesis"),
        ("@status( a.b ) == 1", " a.b ", "a space or a quotation mark"),
        ("@status('a.b') == 1", "'a.b'", "a space or a quotation mark"),
        ("@status() == 1", "@status()", "is empty"),
        ("@status(a..b) == 1", "a..b", "is not a name"),
        ("@status(a.b-) == 1", "a.b-", "is not a name"),
        ("@status(1a) == 1", "1a", "is not a name"),
        ("'@status(a.b)' == 'x'", "@status(a.b)", "inside a string"),
        ("@property(a) == %@", "%", "format specifier"),
        ("@property(a) == \u{201c}x\u{201d}", "\u{201c}", "is not a quotation mark"),
        ("@property(a) == 'x", "'x", "no closing quotation mark"),
        ("@property(a) == ?", "?", "is not part of"),
        ("@property(a) == $", "$", "no name follows"),
        ("@property(a) == 1.2.3", "1.2.3", "is not a number"),
        ("@property(a) == 18.x", "18.x", "is not a number"),
        ("@property(a) BETWEEN {1}", "{1}", "BETWEEN takes two values"),
        ("@property(a) IN {1,}", "}", "after the comma"),
        ("@property(a) ==[x] 1", "x", "the option x"),
        ("@property(a) ==[] 1", "]", "has no option"),
        ("@property(a). == 1", "==", "no key follows"),
        ("@count == 1", "@count", "a collection operator needs"),
        ("SUBQUERY(@status(a.b), x, 1 == 1).@count == 1", "x", "is not a variable"),
        ("SUBQUERY(@status(a.b)) == 1", ")", "three parts"),
        ("'x' == 'y' FOO", "FOO", "cannot stand here"),
        ("d\u{e9}vice == 1", "\u{e9}", "is not part of"),
    ] {
        let mistake = parse(text).err().unwrap_or_else(|| panic!("{text} is right"));
        assert_eq!(&text[mistake.span.clone()], place, "{text}: {mistake:?}");
        assert!(mistake.message.contains(message) && !mistake.help.is_empty(), "{text}: {mistake:?}");
    }
}

#[test]
fn evaluates_what_is_known() {
    let given = Given {
        status: vec![("device.identifier.serial-number".to_owned(), Value::String("XY12".to_owned()))],
        properties: vec![
            ("shard".to_owned(), Value::Number(50.0)),
            ("on".to_owned(), Value::Boolean(true)),
            ("roles".to_owned(), Value::Array(vec![Value::String("a".to_owned()), Value::String("b".to_owned())])),
            ("none".to_owned(), Value::Null),
        ],
    };
    let target: Target = "macOS=26.10".parse().expect("a target");
    let facts = Facts::of(&target).with(&given);
    let (yes, no, open) = (Some(true), Some(false), None);
    for (text, expected) in [
        ("@status(device.model.family) == 'Mac'", yes),
        ("@status(device.model.family) == 'mac'", no),
        ("@status(device.model.family) ==[c] 'mac'", yes),
        ("device.model.family == 'Mac'", yes),
        ("device.model.family == 'Mac' AND @property(shard) == 50", no),
        ("@status(device.operating-system.family) IN {'iOS', 'macOS'}", yes),
        ("@status(device.operating-system.version) >= '26.2'", no),
        ("@status(device.operating-system.version) > '9.0'", no),
        ("@status(device.operating-system.version) > 9", open),
        ("@status(device.operating-system.version) == 26.1", no),
        ("@status(device.operating-system.version) BETWEEN {'26', '27'}", yes),
        ("@status(device.operating-system.version) LIKE '26.*'", yes),
        ("@status(device.operating-system.version) LIKE '2?.1?'", yes),
        ("@status(device.operating-system.version) MATCHES '26\\\\.\\\\d'", no),
        ("@status(device.operating-system.version) MATCHES '26\\\\.\\\\d+'", yes),
        ("@status(device.operating-system.version) MATCHES '(?=2).*'", open),
        ("@status(device.identifier.serial-number) BEGINSWITH 'XY'", yes),
        ("@status(device.identifier.udid) == 'x'", open),
        ("@status(passcode.is-present) == NULL", yes),
        ("@status(passcode.is-present) != TRUE", yes),
        ("NOT (@status(passcode.is-present) > 1)", yes),
        ("@status(mdm.app) IN {1}", no),
        ("NONE @status(mdm.app) == 1", yes),
        ("ANY @status(mdm.app) == 1", no),
        ("ALL @status(mdm.app) == 1", open),
        ("@property(shard) <= 75 AND @property(shard) > 49.5", yes),
        ("@property(on) == 1 AND @property(on) == TRUE", yes),
        ("@property(on) == 'true'", no),
        ("'a' IN @property(roles) AND NOT 'c' IN @property(roles)", yes),
        ("@property(roles) CONTAINS 'b'", yes),
        ("ANY @property(roles) IN {'b', 'x'}", yes),
        ("ALL @property(roles) IN {'b', 'x'}", no),
        ("NONE @property(roles) == 'x'", yes),
        ("@property(roles).@count == 2", yes),
        ("@property(roles)[LAST] == 'b' AND @property(roles)[0] == 'a' AND @property(roles)[SIZE] == 2", yes),
        ("SUBQUERY(@property(roles), $r, $r BEGINSWITH 'a').@count == 1", yes),
        ("SUBQUERY({1, 2, 3}, $r, $r > @property(none)).@count == 0", yes),
        ("@property(none) == NULL AND @property(none) != 1 AND NOT @property(none) < 1", yes),
        ("@property(other) == 1", open),
        ("@property(other) == 1 AND FALSEPREDICATE", no),
        ("@property(other) == 1 OR 1 == 1", yes),
        ("@status(no.such.item) == 1", open),
        ("'x' IN 'xyz' AND 'XY' IN[c] 'xyz'", yes),
        ("1 + 2 * 3 == 7 AND 2 ** 3 == 8 AND 6 / 3 == 2", yes),
        ("7 / 2 == 3", open),
    ] {
        assert_eq!(parse(text).expect(text).holds(&facts), expected, "{text}");
    }
}

#[test]
fn an_ipad_has_one_of_two_system_families() {
    let target = Target::new(Platform::IpadOs);
    let holds = |text: &str| parse(text).expect(text).holds(&Facts::of(&target));
    assert_eq!(holds("@status(device.operating-system.family) == 'iPadOS'"), None);
    assert_eq!(holds("@status(device.operating-system.family) IN {'iPadOS', 'iOS'}"), Some(true));
    assert_eq!(holds("@status(device.operating-system.family) == 'macOS'"), Some(false));
}

#[test]
fn nested_subqueries_end() {
    let subquery =
        (0..40).fold("1 == 2".to_owned(), |inner, at| format!("SUBQUERY({{1, 2, 3, 4}}, $v{at}, {inner}).@count == 9"));
    assert_eq!(parse(&subquery).expect("nested subqueries").holds(&Facts::none()), None);
}
