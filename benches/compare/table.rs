//! The table of results.

use std::fs;

/// One comparison, with the numbers of all turns.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) work: String,
    pub(crate) against: String,
    pub(crate) unit: &'static str,
    /// The largest acceptable number.
    pub(crate) goal: f64,
    pub(crate) numbers: Vec<f64>,
}

#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
}

impl Table {
    /// Prints the machine and the table as Markdown.
    pub(crate) fn print(&self) {
        println!("{}\n", machine());
        println!("| work | against | goal | median | least | most | |");
        println!("| --- | --- | --- | --- | --- | --- | --- |");
        for Row { work, against, unit, goal, numbers } in &self.rows {
            let mut numbers = numbers.clone();
            numbers.sort_by(f64::total_cmp);
            let (Some(least), Some(most)) = (numbers.first(), numbers.last()) else { continue };
            let median = numbers[numbers.len() / 2];
            let verdict = if median <= *goal { "" } else { "missed" };
            println!("| {work} | {against} | {goal}{unit} | {median:.2} | {least:.2} | {most:.2} | {verdict} |");
        }
    }
}

/// Describes the processor, the number of cores, the kernel, and the load.
fn machine() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("?", |(_, name)| name);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let (kernel, load) = (read("/proc/sys/kernel/osrelease"), read("/proc/loadavg"));
    let load = load.split(' ').take(2).collect::<Vec<_>>().join(" and ");
    format!(
        "{model}, {processors} processors, Linux {}; load of the last minute and five minutes at the end: {load}",
        kernel.trim()
    )
}
