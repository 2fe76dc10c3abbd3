use std::fs;
use std::path::Path;

use tiny_http::{Header, Method, Request, Response, Server};

fn main() {
    let server = Server::http("0.0.0.0:8080").expect("port 8080");
    println!("listening on 8080");
    for request in server.incoming_requests() {
        let name = request.url().trim_start_matches('/').to_string();
        let known = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
        match (request.method(), known) {
            (Method::Put, true) => keep(request, &name),
            (Method::Get, true) => go(request, &name),
            _ => answer(request, 404, "PUT /name with a link, then GET /name\n"),
        }
        .unwrap_or_else(|e| eprintln!("{e}"));
    }
}

fn keep(mut request: Request, name: &str) -> std::io::Result<()> {
    let mut link = String::new();
    request.as_reader().read_to_string(&mut link)?;
    match fs::write(format!("data/{name}"), link.trim()) {
        Ok(()) => answer(request, 201, "kept\n"),
        Err(e) => answer(request, 500, &format!("{e}\n")),
    }
}

fn go(request: Request, name: &str) -> std::io::Result<()> {
    let Ok(link) = fs::read_to_string(Path::new("data").join(name)) else {
        return answer(request, 404, "no such link\n");
    };
    let to = Header::from_bytes("Location", link.as_bytes()).expect("a link is a header's value");
    request.respond(Response::from_string(link).with_status_code(302).with_header(to))
}

fn answer(request: Request, status: u16, text: &str) -> std::io::Result<()> {
    request.respond(Response::from_string(text).with_status_code(status))
}
