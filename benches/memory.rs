//! Benchmarks of single parts of the program, in memory: `cargo bench --bench memory`.

mod corpus;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ddmc::apple::{Device, LocalDateTime, Settings};
use ddmc::{Declarations, MergeOptions, Severity};
use serde_json::Value;

use corpus::Corpus;

const DOCUMENTS: usize = 2_000;

/// Generates documents, one per line.
fn lines(corpus: Corpus) -> String {
    corpus.texts(false).collect()
}

fn check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    for (name, faulty_every) in [("clean", 0), ("one in twenty faulty", 20), ("all faulty", 1)] {
        let text = lines(Corpus::mixed(DOCUMENTS, faulty_every));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| ddmc::check("lines.ndjson", black_box(text.as_bytes()))));
    }
    let text = lines(Corpus::mixed(DOCUMENTS, 20));
    group.bench_function("serde_json::Value, to compare", |bencher| {
        let values = || text.lines().map(|line| serde_json::from_slice::<Value>(line.as_bytes()));
        bencher.iter(|| values().for_each(|value| drop(black_box(value))));
    });
    let document = Corpus::mixed(1, 0).texts(true).next().unwrap_or_default();
    group.throughput(Throughput::Bytes(document.len() as u64));
    group.bench_function("one document", |bencher| {
        bencher.iter(|| ddmc::check("declaration.json", black_box(document.as_bytes())));
    });
    group.finish();
}

fn combine(criterion: &mut Criterion) {
    let payload = |text: String| -> Option<Settings> {
        let mut document: Value = serde_json::from_str(&text).ok()?;
        serde_json::from_value(document["Payload"].take()).ok()
    };
    let settings: Vec<Settings> = Corpus::settings(DOCUMENTS).texts(false).filter_map(payload).collect();
    assert_eq!(settings.len(), DOCUMENTS, "all settings are valid");
    let mut group = criterion.benchmark_group("combine");
    group.throughput(Throughput::Elements(DOCUMENTS as u64));
    group.bench_function("settings", |bencher| {
        bencher.iter_batched(|| settings.clone(), ddmc::combine, criterion::BatchSize::LargeInput);
    });
    group.finish();
}

fn read(corpus: Corpus) -> Declarations {
    let mut declarations = Declarations::new();
    let findings = declarations.read("lines.ndjson", lines(corpus).as_bytes());
    assert_eq!(findings.iter().filter(|finding| finding.severity == Severity::Error).count(), 0, "they have no errors");
    declarations
}

fn merge(criterion: &mut Criterion) {
    let text = lines(Corpus::settings(DOCUMENTS));
    let mut group = criterion.benchmark_group("merge");
    group.throughput(Throughput::Elements(DOCUMENTS as u64));
    group.bench_function("settings, read and merged", |bencher| {
        bencher.iter(|| {
            let mut declarations = Declarations::new();
            declarations.read("lines.ndjson", black_box(text.as_bytes()));
            declarations.merge(&MergeOptions::default()).is_ok()
        });
    });
    let mut declarations = read(Corpus::settings(DOCUMENTS));
    group.bench_function("settings, merged", |bencher| bencher.iter(|| declarations.merge(&MergeOptions::default()).is_ok()));
    group.finish();
}

fn plan(criterion: &mut Criterion) {
    let declarations = read(Corpus::mixed(DOCUMENTS, 0));
    let device: Device = "macOS=15.7.2".parse().expect("a device");
    let from: LocalDateTime = corpus::AS_OF.parse().expect("a time");
    assert!(declarations.plan(&device, from, None).is_ok_and(|plan| !plan.updates.is_empty()), "there is something to plan");
    let mut group = criterion.benchmark_group("plan");
    group.throughput(Throughput::Elements(DOCUMENTS as u64));
    group.bench_function("declarations of every type", |bencher| {
        bencher.iter(|| declarations.plan(black_box(&device), from, None).is_ok());
    });
    group.finish();
}

fn fix(criterion: &mut Criterion) {
    let text = lines(Corpus::mixed(DOCUMENTS / 10, 1));
    let mut group = criterion.benchmark_group("fix");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("all faulty", |bencher| {
        bencher.iter(|| ddmc::fix("lines.ndjson", black_box(text.as_bytes()), true));
    });
    group.finish();
}

fn report(criterion: &mut Criterion) {
    let text = lines(Corpus::mixed(DOCUMENTS, 1));
    let findings = ddmc::check("lines.ndjson", text.as_bytes());
    let mut group = criterion.benchmark_group("report");
    group.throughput(Throughput::Elements(findings.len() as u64));
    for format in ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"] {
        group.bench_function(format, |bencher| {
            bencher.iter(|| ddmc::cli::report(format, black_box(&findings), text.as_bytes()));
        });
    }
    group.finish();
}

criterion_group!(benches, check, combine, merge, plan, fix, report);
criterion_main!(benches);
