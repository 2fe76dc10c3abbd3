//! Stations and what they measured.

/// One line of the table.
pub struct Station {
    pub name: String,
    pub celsius: f64,
}

/// Reads `name,celsius` lines; the first line is a heading.
pub fn from_csv(text: &str) -> Result<Vec<Station>, String> {
    text.lines().skip(1).enumerate().map(|(n, line)| one(line, ',').ok_or(format!("line {}: {line:?}", n + 2))).collect()
}

/// Reads what `to_tsv` wrote.
pub fn from_tsv(text: &str) -> Vec<Station> {
    text.lines().filter_map(|line| one(line, '\t')).collect()
}

pub fn to_tsv(stations: &[Station]) -> String {
    stations.iter().map(|s| format!("{}\t{}\n", s.name, s.celsius)).collect()
}

fn one(line: &str, by: char) -> Option<Station> {
    let (name, celsius) = line.split_once(by)?;
    Some(Station { name: name.to_string(), celsius: celsius.parse().ok()? })
}
