//! The comparisons and their goals.

use std::ffi::OsString;
use std::fs;
use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::Value;

use crate::corpus::{AS_OF, Corpus};
use crate::fleet;
use crate::measure::{self, Taken};
use crate::options::Options;
use crate::table::{Row, Table};

/// How often a run of a few milliseconds is repeated per turn. The shortest run counts.
const SHORT: usize = 30;

/// A program with its arguments and its expected exit status.
struct Run {
    program: PathBuf,
    arguments: Vec<OsString>,
    status: i32,
    repeats: usize,
}

impl Run {
    /// This program, run as a baseline.
    fn baseline(arguments: &[&str]) -> io::Result<Self> {
        let arguments = arguments.iter().map(OsString::from).collect();
        Ok(Self { program: std::env::current_exe()?, arguments, status: 0, repeats: 1 })
    }

    fn short(self) -> Self {
        Self { repeats: SHORT, ..self }
    }

    fn take(&self, folder: &Path) -> io::Result<Taken> {
        let mut best: Option<Taken> = None;
        for _ in 0..self.repeats {
            let taken = measure::run(&self.program, &self.arguments, folder)?;
            if taken.status != self.status {
                return Err(io::Error::other(format!("{:?} ended with {}", self.arguments, taken.status)));
            }
            if best.is_none_or(|best| taken.wall < best.wall) {
                best = Some(taken);
            }
        }
        best.ok_or_else(|| io::Error::other("nothing was run"))
    }
}

/// Runs a group in alternation. Returns the usage of each run in each turn.
fn turns(runs: &[Run], folder: &Path, turns: usize) -> io::Result<Vec<Vec<Taken>>> {
    let mut all = vec![Vec::new(); runs.len()];
    // The first turn warms the cache of the operating system, and does not count.
    for turn in 0..=turns {
        for (run, taken) in runs.iter().zip(&mut all) {
            let took = run.take(folder)?;
            if turn > 0 {
                taken.push(took);
            }
        }
    }
    Ok(all)
}

const WALL: fn(&Taken) -> f64 = |taken| taken.wall;
const CPU: fn(&Taken) -> f64 = |taken| taken.cpu;

fn ratios(ours: &[Taken], theirs: &[Taken], of: fn(&Taken) -> f64) -> Vec<f64> {
    ours.iter().zip(theirs).map(|(ours, theirs)| of(ours) / of(theirs)).collect()
}

fn peaks(taken: &[Taken]) -> Vec<f64> {
    taken.iter().map(|taken| taken.peak).collect()
}

/// The two kinds of documents: those that share beta programs, as in a fleet, and those that share nothing.
const KINDS: [(&str, bool); 2] = [("", false), (", nothing repeats", true)];

fn mixed(documents: usize, is_unique: bool) -> Corpus {
    let corpus = Corpus::mixed(documents, 20);
    if is_unique { corpus.unique() } else { corpus }
}

/// The groups of the table. The runs of a group alternate.
const GROUPS: [&str; 7] = ["files", "one", "lines", "memory", "faulty", "merge", "inventory"];

/// Generates the documents, runs the comparisons, and prints the table.
pub(crate) fn run(options: &Options) -> io::Result<()> {
    let temporary = match &options.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let mut comparison = Comparison { options, folder: temporary.path(), table: Table::default() };
    for name in GROUPS {
        if options.only.is_empty() || options.only.iter().any(|only| only == name) {
            eprintln!("compare: {name}");
            comparison.group(name)?;
        }
    }
    comparison.table.print();
    temporary.close()
}

struct Comparison<'c> {
    options: &'c Options,
    folder: &'c Path,
    table: Table,
}

impl Comparison<'_> {
    /// A run of the measured program.
    fn ddmc(&self, arguments: &[&str], status: i32) -> Run {
        let arguments = arguments.iter().map(OsString::from).collect();
        Run { program: self.options.program.clone(), arguments, status, repeats: 1 }
    }

    /// `ddmc check` at a fixed time.
    fn check(&self, arguments: &[&str], status: i32) -> Run {
        self.ddmc(&[&["check", "--no-config", "--quiet", "--as-of", AS_OF], arguments].concat(), status)
    }

    fn group(&mut self, name: &str) -> io::Result<()> {
        match name {
            "files" => KINDS.iter().try_for_each(|(kind, is_unique)| self.files(kind, *is_unique)),
            "one" => self.one(),
            "lines" => KINDS.iter().try_for_each(|(kind, is_unique)| self.lines(kind, *is_unique)),
            "memory" => {
                for (kind, is_unique) in KINDS {
                    self.memory(kind, is_unique);
                }
                Ok(())
            }
            "faulty" => self.faulty(),
            "merge" => self.merge(),
            _ => KINDS.iter().try_for_each(|(kind, is_unique)| self.inventory(kind, *is_unique)),
        }
    }

    fn row(&mut self, work: &str, against: &str, goal: f64, ratios: Vec<f64>) {
        self.table.rows.push(Row { work: work.to_owned(), against: against.to_owned(), unit: "", goal, numbers: ratios });
    }

    fn peak(&mut self, work: &str, goal: f64, peaks: Vec<f64>) {
        self.table.rows.push(Row {
            work: work.to_owned(),
            against: "MiB at the most".to_owned(),
            unit: " MiB",
            goal,
            numbers: peaks,
        });
    }

    /// Many small files.
    fn files(&mut self, kind: &str, is_unique: bool) -> io::Result<()> {
        let count = self.options.files;
        mixed(count, is_unique).write_files(&self.folder.join("files"))?;
        let runs = [
            self.check(&["--jobs", "2", "files"], 1),
            self.check(&["--jobs", "1", "files"], 1),
            Run::baseline(&["value", "files", "2"])?,
            Run::baseline(&["read", "files", "2"])?,
        ];
        let taken = turns(&runs, self.folder, self.options.turns)?;
        let [two, one, value, read] = &taken[..] else { unreachable!("there are four runs") };
        let work = format!("`check`, {count} files{kind}, 2 threads");
        self.row(&work, "read, `serde_json::Value`: wall", 1.0, ratios(two, value, WALL));
        self.row(&work, "read, `serde_json::Value`: CPU", 1.0, ratios(two, value, CPU));
        self.row(&work, "open, read, close: CPU", 1.4, ratios(two, read, CPU));
        self.row(&work, "1 thread: wall", 0.65, ratios(two, one, WALL));
        self.peak(&work, 24.0, peaks(two));
        if self.options.is_tenfold {
            mixed(count * 10, is_unique).write_files(&self.folder.join("tenfold"))?;
            let taken = turns(&[self.check(&["--jobs", "2", "tenfold"], 1)], self.folder, 1)?;
            self.peak(&format!("`check`, {} files{kind}, 2 threads", count * 10), 24.0, peaks(&taken[0]));
            fs::remove_dir_all(self.folder.join("tenfold"))?;
        }
        fs::remove_dir_all(self.folder.join("files"))
    }

    /// One file: the time to start and exit.
    fn one(&mut self) -> io::Result<()> {
        let text = Corpus::mixed(1, 0).texts(true).next().unwrap_or_default();
        fs::write(self.folder.join("one.json"), text)?;
        let runs = [self.check(&["one.json"], 0).short(), Run::baseline(&["hello"])?.short()];
        let taken = turns(&runs, self.folder, self.options.turns)?;
        self.row("`check`, one file", "hello, world: wall", 1.6, ratios(&taken[0], &taken[1], WALL));
        Ok(())
    }

    /// One large file with one declaration per line.
    fn lines(&mut self, kind: &str, is_unique: bool) -> io::Result<()> {
        let count = self.options.lines;
        mixed(count, is_unique).write_lines(&self.folder.join("lines.ndjson"))?;
        let megabytes = fs::metadata(self.folder.join("lines.ndjson"))?.len() / 1_000_000;
        let runs = [self.check(&["--jobs", "2", "lines.ndjson"], 1), Run::baseline(&["lines", "lines.ndjson", "2"])?];
        let taken = turns(&runs, self.folder, self.options.turns)?;
        let work = format!("`check`, {count} lines{kind} ({megabytes} MB), 2 threads");
        self.row(&work, "read, `serde_json::Value`: wall", 1.0, ratios(&taken[0], &taken[1], WALL));
        self.peak(&work, 48.0, peaks(&taken[0]));
        if self.options.is_tenfold {
            mixed(count * 10, is_unique).write_lines(&self.folder.join("tenfold.ndjson"))?;
            let taken = turns(&[self.check(&["--jobs", "2", "tenfold.ndjson"], 1)], self.folder, 1)?;
            self.peak(&format!("`check`, {} lines{kind}, 2 threads", count * 10), 32.0, peaks(&taken[0]));
            fs::remove_file(self.folder.join("tenfold.ndjson"))?;
        }
        fs::remove_file(self.folder.join("lines.ndjson"))
    }

    /// Parsing and checking only, in this process and on one thread.
    fn memory(&mut self, kind: &str, is_unique: bool) {
        let text: String = mixed(20_000, is_unique).texts(false).collect();
        let timed = |work: &dyn Fn()| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        };
        let ratios = (0..self.options.turns * 3).map(|_| {
            let ours = timed(&|| drop(black_box(ddmc::check("lines.ndjson", text.as_bytes()))));
            // Both sides get bytes, as from a file, and must validate UTF-8.
            let values = || text.lines().map(|line| serde_json::from_slice::<Value>(line.as_bytes()));
            ours / timed(&|| values().for_each(|value| drop(black_box(value))))
        });
        self.row(&format!("`ddmc::check`, in memory{kind}"), "`serde_json::Value`", 0.8, ratios.collect());
    }

    /// Documents that all have errors.
    fn faulty(&mut self) -> io::Result<()> {
        let count = self.options.files.div_ceil(2);
        Corpus::mixed(count, 1).write_files(&self.folder.join("faulty"))?;
        Corpus::mixed(count, 0).write_files(&self.folder.join("clean"))?;
        let runs = [
            self.check(&["--jobs", "2", "--format", "json", "faulty"], 1),
            self.check(&["--jobs", "2", "--format", "json", "clean"], 0),
        ];
        let taken = turns(&runs, self.folder, self.options.turns)?;
        self.row(
            &format!("`check --format json`, {count} faulty files"),
            "clean files: wall",
            2.0,
            ratios(&taken[0], &taken[1], WALL),
        );
        fs::remove_dir_all(self.folder.join("faulty"))?;
        fs::remove_dir_all(self.folder.join("clean"))
    }

    /// Merging settings into one declaration.
    fn merge(&mut self) -> io::Result<()> {
        let count = self.options.files;
        Corpus::settings(count).write_files(&self.folder.join("many"))?;
        Corpus::settings(count.div_ceil(10)).write_files(&self.folder.join("few"))?;
        let runs = [
            self.ddmc(&["merge", "--no-config", "--jobs", "2", "many"], 0),
            self.ddmc(&["merge", "--no-config", "--jobs", "2", "few"], 0),
            self.check(&["--jobs", "2", "many"], 0),
        ];
        let taken = turns(&runs, self.folder, self.options.turns)?;
        let work = format!("`merge`, {count} settings");
        self.row(&work, "a tenth of them: wall", 12.0, ratios(&taken[0], &taken[1], WALL));
        self.row(&work, "`check` of the same files: wall", 1.35, ratios(&taken[0], &taken[2], WALL));
        fs::remove_dir_all(self.folder.join("many"))?;
        fs::remove_dir_all(self.folder.join("few"))
    }

    /// Plans for the devices of an inventory.
    fn inventory(&mut self, kind: &str, is_unique: bool) -> io::Result<()> {
        let count = self.options.lines;
        let path = |name: &str| self.folder.join(name);
        fleet::write_set(&path("set.ndjson"))?;
        fleet::write_devices(&path("devices.csv"), &path("devices.ndjson"), count, is_unique)?;
        let plan = |inventory: &str, more: &[&str]| {
            let plan = ["plan", "set.ndjson", "--no-config", "--jobs", "2", "--as-of", AS_OF, "--inventory", inventory];
            self.ddmc(&[&plan[..], more].concat(), 0)
        };
        let runs = [
            plan("devices.ndjson", &[]),
            Run::baseline(&["lines", "devices.ndjson", "2"])?,
            plan("devices.csv", &[]),
            Run::baseline(&["table", "devices.csv", "1"])?,
            plan("devices.csv", &["-o", "csv=plan.csv"]),
            plan("devices.csv", &["--format", "json"]),
        ];
        let taken = turns(&runs, self.folder, self.options.turns)?;
        let mut tenfold = Vec::new();
        if self.options.is_tenfold {
            fleet::write_devices(&path("devices.csv"), &path("devices.ndjson"), count * 10, is_unique)?;
            tenfold = turns(&runs[..1], self.folder, 1)?.swap_remove(0);
        }
        for name in ["devices.csv", "devices.ndjson", "plan.csv"] {
            fs::remove_file(path(name))?;
        }
        let [lines, values, table, rows, with_output, with_json] = &taken[..] else { unreachable!("there are six runs") };
        let work = |format: &str| format!("`plan --inventory`, {count} devices{kind}, {format}");
        self.row(&work("NDJSON"), "read, `serde_json::Value`: wall", 1.5, ratios(lines, values, WALL));
        self.peak(&work("NDJSON"), 64.0, peaks(lines));
        self.row(&work("CSV"), "read, `csv`: wall", 1.5, ratios(table, rows, WALL));
        self.row(&work("CSV"), "read, `csv`: CPU", 3.0, ratios(table, rows, CPU));
        self.peak(&work("CSV"), 64.0, peaks(table));
        self.row(&work("CSV, `-o csv=`"), "without: wall", 1.5, ratios(with_output, table, WALL));
        self.row(&work("CSV, `--format json`"), "without: wall", 1.5, ratios(with_json, table, WALL));
        self.peak(&work("CSV, `--format json`"), 64.0, peaks(with_json));
        if self.options.is_tenfold {
            self.row(&work("NDJSON"), "a tenth of the devices: wall", 12.0, ratios(&tenfold, lines, WALL));
            self.peak(&work("NDJSON, ten times"), 64.0, peaks(&tenfold));
        }
        Ok(())
    }
}
