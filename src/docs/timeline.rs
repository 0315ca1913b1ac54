//! A timeline of updates: a table as text, a drawing and a table as HTML.

use std::io;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime};

use super::page::Block;
use crate::apple::LocalDateTime;
use crate::words::markup;

/// What devices install, and when.
#[derive(Debug)]
pub(crate) struct Timeline {
    /// The time at which it starts.
    pub(crate) start: LocalDateTime,
    pub(crate) lanes: Vec<Lane>,
    /// Whether the numbers of events say how many devices install them, not which device or in which order. Then the
    /// events of all lanes are in the order of time.
    pub(crate) counts_devices: bool,
}

/// The updates of one device, of devices that are alike, or of a platform.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) name: String,
    pub(crate) events: Vec<Event>,
}

/// An update, or an enforcement with no effect.
#[derive(Debug)]
pub(crate) struct Event {
    /// Its number, that of its device, or how many devices install it.
    pub(crate) number: String,
    pub(crate) at: LocalDateTime,
    pub(crate) fate: Fate,
    pub(crate) when: String,
    pub(crate) to: String,
    pub(crate) why: String,
}

/// What becomes of an enforcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Acts,
    Overdue,
    Never,
}

/// The most events that a lane shows. All are in the table.
const MOST_EVENTS: usize = 30;

/// The size of the drawing, in pixels, and the most marks on its axis.
const WIDTH: usize = 960;
const ROW: usize = 26;
const AXIS: usize = 30;
const MOST_TICKS: usize = 8;

/// The width of a character of a label, at most, and of a marker with the space beside it.
const LETTER: usize = 8;
const MARKER: usize = 12;

impl Timeline {
    /// The updates as a table, for text and Markdown. Enforcements with no effect are not updates.
    pub(super) fn plain(&self) -> Block {
        let events = self.events().into_iter().filter(|(_, event)| event.fate != Fate::Never);
        let rows: Vec<Vec<String>> = events.map(|(_, event)| row(&event.number, event)).collect();
        if rows.is_empty() {
            return Block::Text("  none".to_owned());
        }
        let first = if self.counts_devices { "devices" } else { "" };
        Block::table(&[first, "when", "to", "because of"], rows)
    }

    /// The head and the rows of the table in HTML, which holds all that the drawing shows.
    pub(super) fn table(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let has_names = self.lanes.len() > 1 && !self.counts_devices;
        let first = match (self.counts_devices, has_names) {
            (true, _) => "devices",
            (false, true) => "device",
            (false, false) => "",
        };
        let rows = self.events().into_iter().map(|(lane, event)| row(if has_names { &lane.name } else { &event.number }, event));
        ([first, "when", "to", "because of"].map(str::to_owned).to_vec(), rows.collect())
    }

    /// The events of all lanes, with their lanes.
    fn events(&self) -> Vec<(&Lane, &Event)> {
        let mut all: Vec<_> = self.lanes.iter().flat_map(|lane| lane.events.iter().map(move |event| (lane, event))).collect();
        if self.counts_devices {
            all.sort_by_key(|(_, event)| event.at);
        }
        all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lanes.iter().all(|lane| lane.events.is_empty())
    }

    /// Draws a lane. `id` tells its title and description from others of the page.
    pub(super) fn draw(&self, lane: &Lane, id: usize, out: &mut dyn io::Write) -> io::Result<()> {
        let scale = Scale::new(self);
        let mut shown: Vec<&Event> = lane.events.iter().collect();
        shown.sort_by_key(|event| event.at);
        let left_out = shown.len().saturating_sub(MOST_EVENTS);
        shown.truncate(MOST_EVENTS);
        // The end of the last label of each row.
        let mut rows: Vec<usize> = Vec::new();
        let mut place = |event: &Event| {
            let label = self.label(event);
            let spot = Spot::new(event.at, &label, &scale, &mut rows);
            (markup(&label), spot)
        };
        let placed: Vec<(String, Spot)> = shown.iter().map(|event| place(event)).collect();
        let height = AXIS + rows.len() * ROW + 8;
        write!(
            out,
            "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"lane-{id} lane-{id}-more\">\
             <title id=\"lane-{id}\">Updates of {}</title><desc id=\"lane-{id}-more\">{}</desc>",
            markup(&lane.name),
            placed.iter().map(|(label, _)| label.as_str()).collect::<Vec<_>>().join("; ")
        )?;
        for (x, text) in scale.ticks(self.start) {
            write!(
                out,
                "<path class=\"tick\" d=\"M{x} {AXIS}V{height}\"/><text class=\"tick\" x=\"{x}\" y=\"18\">{text}</text>"
            )?;
        }
        for (event, (label, Spot { x, row, is_left })) in shown.into_iter().zip(placed) {
            let y = AXIS + row * ROW + ROW / 2;
            let class = match event.fate {
                Fate::Acts => "acts",
                Fate::Overdue => "overdue",
                Fate::Never => "never",
            };
            match event.fate {
                Fate::Acts => write!(out, "<circle class=\"acts\" cx=\"{x}\" cy=\"{y}\" r=\"6\"/>")?,
                Fate::Overdue => write!(out, "<path class=\"overdue\" d=\"M{x} {}l7 12h-14z\"/>", y - 7)?,
                Fate::Never => write!(out, "<path class=\"never\" d=\"M{} {}l10 10m0 -10l-10 10\"/>", x - 5, y - 5)?,
            }
            let (at, anchor) = if is_left { (x - MARKER, " text-anchor=\"end\"") } else { (x + MARKER, "") };
            write!(out, "<text class=\"{class}\" x=\"{at}\" y=\"{}\"{anchor}>{label}</text>", y + 5)?;
        }
        writeln!(out, "</svg>")?;
        if left_out > 0 {
            writeln!(out, "<p class=\"quiet\">{left_out} more are in the table.</p>")?;
        }
        Ok(())
    }

    /// The words beside a marker.
    fn label(&self, event: &Event) -> String {
        let Event { number, at, to, .. } = event;
        let at = at.naive().format("%Y-%m-%d %H:%M");
        let devices = if self.counts_devices { format!(", devices: {number}") } else { String::new() };
        match event.fate {
            Fate::Acts => format!("{to}, {at}{devices}"),
            Fate::Overdue => format!("{to} overdue, due {at}{devices}"),
            Fate::Never => format!("{to} never acts, due {at}{devices}"),
        }
    }
}

/// A row of the table, which begins with this.
fn row(first: &str, event: &Event) -> Vec<String> {
    vec![first.to_owned(), event.when.clone(), event.to.clone(), event.why.clone()]
}

/// Where an event is drawn.
struct Spot {
    x: usize,
    row: usize,
    /// Whether its label is to the left of its marker.
    is_left: bool,
}

impl Spot {
    /// Takes the first row in which the label overlaps no other.
    fn new(at: LocalDateTime, label: &str, scale: &Scale, rows: &mut Vec<usize>) -> Self {
        let (x, width) = (scale.x(at.naive()), MARKER + label.chars().count() * LETTER);
        let is_left = x + width > WIDTH;
        let (from, to) = if is_left { (x.saturating_sub(width), x + MARKER) } else { (x - MARKER.min(x), x + width) };
        let row = rows.iter().position(|end| *end <= from).unwrap_or(rows.len());
        match rows.get_mut(row) {
            Some(end) => *end = to,
            None => rows.push(to),
        }
        Self { x, row, is_left }
    }
}

/// Times on the axis.
struct Scale {
    start: NaiveDateTime,
    seconds: i64,
}

impl Scale {
    fn new(timeline: &Timeline) -> Self {
        let start = timeline.start.naive();
        let last = timeline.lanes.iter().flat_map(|lane| &lane.events).map(|event| event.at.naive()).max();
        // A day at least, so that the axis has a length.
        Self { start, seconds: last.map_or(0, |last| (last - start).num_seconds()).max(86_400) }
    }

    /// The place of a time. What was due before the start is at the start.
    fn x(&self, time: NaiveDateTime) -> usize {
        let seconds = (time - self.start).num_seconds().clamp(0, self.seconds);
        let room = i64::try_from(WIDTH - 2 * MARKER).unwrap_or_default();
        MARKER + usize::try_from(seconds * room / self.seconds).unwrap_or_default()
    }

    /// The dates on the axis: its start, and days, months or years, at most [`MOST_TICKS`].
    fn ticks(&self, start: LocalDateTime) -> Vec<(usize, String)> {
        let first = self.start.date();
        let end = first + chrono::TimeDelta::seconds(self.seconds);
        let days = self.seconds / 86_400;
        let most = i64::try_from(MOST_TICKS).unwrap_or(1);
        let day = [1, 2, 7, 14].into_iter().find(|step| days / step <= most);
        let month = [1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 6000, 12_000].into_iter().find(|step| days / (30 * step) <= most);
        let dates: Vec<NaiveDate> = match (day, month) {
            (Some(step), _) => every(first, end, |date| date.checked_add_days(Days::new(step.unsigned_abs()))),
            (None, step) => {
                let step = u32::try_from(step.unwrap_or(12_000)).unwrap_or(12);
                let from = if step % 12 == 0 { first.with_month(1) } else { Some(first) };
                let from = from.and_then(|from| from.with_day(1)).unwrap_or(first);
                every(from, end, |date| date.checked_add_months(Months::new(step)))
            }
        };
        let format = if day.is_some() { "%-d %b" } else { "%b %Y" };
        // The first label is wider than the others.
        let is_free = |x: usize| (MARKER + 150..WIDTH - 50).contains(&x);
        let others = dates.into_iter().map(|date| (self.x(date.into()), date.format(format).to_string()));
        let own = (MARKER, start.naive().format("%Y-%m-%d %H:%M").to_string());
        std::iter::once(own).chain(others.filter(|(x, _)| is_free(*x))).collect()
    }
}

/// The dates after `from` up to `end`.
fn every(from: NaiveDate, end: NaiveDate, next: impl Fn(NaiveDate) -> Option<NaiveDate>) -> Vec<NaiveDate> {
    std::iter::successors(next(from), |date| next(*date)).take_while(|date| *date <= end && date.year() <= 9999).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: &str, fate: Fate) -> Event {
        let at = at.parse().expect("this is a time");
        Event { number: String::new(), at, fate, when: String::new(), to: "26.1".to_owned(), why: String::new() }
    }

    fn timeline(events: Vec<Event>) -> Timeline {
        let lanes = vec![Lane { name: "macOS 26.0".to_owned(), events }];
        Timeline { start: "2026-01-01T00:00:00".parse().expect("this is a time"), lanes, counts_devices: false }
    }

    #[test]
    fn labels_do_not_overlap_and_stay_in_the_drawing() {
        let ends = ["2026-01-01T00:00:00", "2026-01-03T12:00:00", "2026-06-30T12:00:00", "9999-12-31T23:59:59"];
        for end in ends {
            let near = (1..=28).map(|day| event(&format!("2026-01-{day:02}T12:00:00"), Fate::Acts));
            let timeline = timeline(near.chain([event(end, Fate::Never), event("2020-01-01T00:00:00", Fate::Overdue)]).collect());
            let (scale, mut rows) = (Scale::new(&timeline), Vec::new());
            let mut taken: Vec<(usize, usize, usize)> = Vec::new();
            let mut events: Vec<&Event> = timeline.lanes[0].events.iter().collect();
            events.sort_by_key(|event| event.at);
            for event in events {
                let label = timeline.label(event);
                let Spot { x, row, is_left } = Spot::new(event.at, &label, &scale, &mut rows);
                let width = MARKER + label.chars().count() * LETTER;
                let (from, to) = if is_left { (x - width, x) } else { (x, x + width) };
                assert!(to <= WIDTH, "{end}");
                assert!(taken.iter().all(|(other, start, last)| *other != row || to <= *start || *last <= from), "{end}");
                taken.push((row, from, to));
            }
        }
    }

    #[test]
    fn the_axis_has_dates_that_do_not_overlap() {
        for (end, some) in [
            ("2026-01-02T12:00:00", "2 Jan"),
            ("2026-01-20T12:00:00", "15 Jan"),
            ("2026-06-30T12:00:00", "Mar 2026"),
            ("2029-06-30T12:00:00", "Jul 2027"),
            ("9999-12-31T23:59:59", "Jan 4026"),
        ] {
            let timeline = timeline(vec![event(end, Fate::Acts)]);
            let ticks = Scale::new(&timeline).ticks(timeline.start);
            let texts: Vec<&str> = ticks.iter().map(|(_, text)| &**text).collect();
            assert!(texts.contains(&some) && texts.len() <= MOST_TICKS + 2, "{end}: {texts:?}");
            assert!(ticks.windows(2).all(|pair| pair[1].0 >= pair[0].0 + 80), "{end}: {ticks:?}");
        }
    }
}
