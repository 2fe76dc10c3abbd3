use std::{env, fs, process};

fn main() {
    let Some(file) = env::args().nth(1) else {
        eprintln!("usage: weather-import FILE.csv");
        process::exit(2);
    };
    let read = fs::read_to_string(&file).map_err(|e| e.to_string());
    match read.and_then(|text| weather::from_csv(&text)) {
        Ok(stations) => print!("{}", weather::to_tsv(&stations)),
        Err(e) => {
            eprintln!("{file}: {e}");
            process::exit(1);
        }
    }
}
