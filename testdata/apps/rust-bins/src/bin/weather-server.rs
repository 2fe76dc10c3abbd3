use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::{env, fs};

fn main() -> std::io::Result<()> {
    let file = env::args().nth(1).expect("the table");
    let stations = weather::from_tsv(&fs::read_to_string(file)?);
    for stream in TcpListener::bind("0.0.0.0:9090")?.incoming() {
        if let Err(e) = answer(stream?, &stations) {
            eprintln!("{e}");
        }
    }
    Ok(())
}

fn answer(mut stream: TcpStream, stations: &[weather::Station]) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let name = first.split(' ').nth(1).unwrap_or("/").trim_start_matches('/');
    let (status, body) = match stations.iter().find(|s| s.name == name) {
        Some(s) => ("200 OK", format!("{:.1} °C in {}\n", s.celsius, s.name)),
        None => ("404 Not Found", "no such station\n".to_string()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
