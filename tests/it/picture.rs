//! `docs/output.svg`, the picture in the README, is what a terminal with colours shows. `DDMC_BLESS=1` draws it.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

const COLUMN: usize = 9;
const LINE: usize = 19;
const MARGIN: usize = 16;

#[test]
fn the_picture_in_the_readme_is_what_a_terminal_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_ddmc"))
        .args(["check", "--color", "always", "docs/examples/settings.json"])
        .current_dir(root)
        .env_remove("GITHUB_ACTIONS")
        .env("COLUMNS", "80")
        .output()
        .expect("the program runs");
    let printed = String::from_utf8(output.stdout).expect("the output is UTF-8");
    let drawn = picture(&format!("$ ddmc check settings.json\n{}", printed.replace("docs/examples/", "")));
    let file = root.join("docs/output.svg");
    if std::env::var_os("DDMC_BLESS").is_some() {
        fs::write(&file, &drawn).expect("a file can be written");
    }
    assert!(fs::read_to_string(file).is_ok_and(|committed| committed == drawn), "DDMC_BLESS=1 draws docs/output.svg");
}

/// Draws what a program printed for a terminal. Each run of one colour has its own place, so that the font does not matter.
fn picture(printed: &str) -> String {
    let mut texts = String::new();
    let mut columns = 0;
    for (at, line) in printed.lines().enumerate() {
        let (mut column, mut style) = (0, String::new());
        for (code, run) in runs(line) {
            style = code.unwrap_or(style);
            let width = run.chars().count();
            let words = run.trim_start();
            let start = column + width - words.chars().count();
            let words = words.trim_end();
            if !words.is_empty() {
                let (x, y) = (start * COLUMN + MARGIN, at * LINE + 2 * MARGIN);
                let length = words.chars().count() * COLUMN;
                let words = words.replace('&', "&amp;").replace('<', "&lt;");
                writeln!(texts, r#"<text x="{x}" y="{y}" textLength="{length}"{}>{words}</text>"#, class(&style))
                    .expect("a string grows");
            }
            column += width;
        }
        columns = columns.max(column);
    }
    let width = columns * COLUMN + 2 * MARGIN;
    let height = printed.lines().count() * LINE + 2 * MARGIN;
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="15" fill="#e6e6e6">
<style>text {{ white-space: pre }} .red {{ fill: #ff7b72 }} .cyan {{ fill: #76d7ea }} .magenta {{ fill: #e8a2ff }} .dim {{ fill: #9198a1 }}</style>
<rect width="100%" height="100%" rx="8" fill="#161b22"/>
{texts}</svg>
"##
    )
}

/// The runs of a line, each with the style that begins with it. Links are left out.
fn runs(line: &str) -> Vec<(Option<String>, &str)> {
    let mut runs = Vec::new();
    for (at, part) in line.split('\u{1b}').enumerate() {
        if at == 0 {
            runs.push((None, part));
        } else if let Some(rest) = part.strip_prefix('[') {
            let (code, text) = rest.split_once('m').expect("a style ends");
            runs.push((Some(code.to_owned()), text));
        } else if let Some(text) = part.strip_prefix('\\') {
            runs.push((None, text));
        }
    }
    runs
}

fn class(style: &str) -> &'static str {
    match style.split(';').next() {
        Some("31") => r#" class="red""#,
        Some("36") => r#" class="cyan""#,
        Some("35") => r#" class="magenta""#,
        Some("2") => r#" class="dim""#,
        _ => "",
    }
}
