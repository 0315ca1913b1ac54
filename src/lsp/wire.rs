//! Messages of the language server protocol: JSON-RPC with a header.
//!
//! A message that cannot be read is answered with an error, and the next one is read: no client can end the server or fill
//! the memory with one.

use std::borrow::Cow;
use std::io::{self, BufRead, Read, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use crate::limits::{MAX_HEADER_BYTES, MAX_MESSAGE_BYTES};

/// The number or the name of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Id {
    Number(i64),
    Name(String),
}

/// A message of the client.
#[derive(Debug)]
pub(super) enum Message {
    Request {
        id: Id,
        method: String,
        params: Params,
    },
    Notification {
        method: String,
        params: Params,
    },
    /// An answer to a request of the server.
    Response,
    /// A message that cannot be read; what the client is told about it.
    Invalid(Failure),
}

/// The parameters of a message, not parsed yet.
#[derive(Debug)]
pub(super) struct Params(Option<Box<RawValue>>);

impl Params {
    /// Reads the parameters. Members that the type does not have are skipped.
    pub(super) fn read<T: for<'de> Deserialize<'de>>(&self) -> Result<T, Failure> {
        // The error of the parser may quote the text.
        serde_json::from_str(self.text()).map_err(|_| Failure::new(INVALID_PARAMS, "the parameters are not those of the method"))
    }

    /// The size of the text in bytes.
    pub(super) fn len(&self) -> usize {
        self.text().len()
    }

    fn text(&self) -> &str {
        self.0.as_ref().map_or("null", |params| params.get())
    }
}

/// Why a request fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    code: i32,
    message: Cow<'static, str>,
}

const PARSE_ERROR: i32 = -32700;
const INVALID_REQUEST: i32 = -32600;
const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
const INTERNAL_ERROR: i32 = -32603;
const NOT_INITIALIZED: i32 = -32002;
const REQUEST_CANCELLED: i32 = -32800;
const CONTENT_MODIFIED: i32 = -32801;
const REQUEST_FAILED: i32 = -32803;

impl Failure {
    const fn new(code: i32, message: &'static str) -> Self {
        Self { code, message: Cow::Borrowed(message) }
    }

    pub(super) const UNKNOWN_METHOD: Self = Self::new(METHOD_NOT_FOUND, "the server does not have this method");
    pub(super) const NOT_INITIALIZED: Self = Self::new(NOT_INITIALIZED, "the first request must be initialize");
    pub(super) const ALREADY_INITIALIZED: Self = Self::new(INVALID_REQUEST, "the server is already initialized");
    pub(super) const SHUT_DOWN: Self = Self::new(INVALID_REQUEST, "the server is shut down; only exit may follow");
    pub(super) const CANCELLED: Self = Self::new(REQUEST_CANCELLED, "the client cancelled the request");
    pub(super) const STALE: Self = Self::new(CONTENT_MODIFIED, "the document has changed since the request");
    pub(super) const INTERNAL: Self = Self::new(INTERNAL_ERROR, "an error in the server; it continues to work");
    const NOT_JSON: Self = Self::new(PARSE_ERROR, "the message is not JSON");
    const NO_MESSAGE: Self = Self::new(INVALID_REQUEST, "the message is neither a request, a notification nor a response");
    const NO_LENGTH: Self = Self::new(INVALID_REQUEST, "the header has no Content-Length");

    /// A request that cannot be fulfilled, and why, for the user.
    pub(super) fn refused(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { code: REQUEST_FAILED, message: reason.into() }
    }
}

/// The members of any message.
#[derive(Deserialize)]
struct Envelope<'m> {
    #[serde(default, borrow)]
    id: Option<&'m RawValue>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    params: Option<Box<RawValue>>,
}

/// Reads the next message; `None` at the end of the stream.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let length = match header(input)? {
        Header::Length(length) => length,
        Header::Useless => return Ok(Some(Message::Invalid(Failure::NO_LENGTH))),
        Header::End => return Ok(None),
    };
    if length > MAX_MESSAGE_BYTES as u64 {
        let skipped = io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
        let message = format!("the message has {length} bytes, but at most {MAX_MESSAGE_BYTES} are read");
        let failure = Failure { code: INVALID_REQUEST, message: message.into() };
        return Ok((skipped == length).then_some(Message::Invalid(failure)));
    }
    // Grows with what arrives, not with what the header promises.
    let mut text = Vec::new();
    input.by_ref().take(length).read_to_end(&mut text)?;
    if (text.len() as u64) < length {
        return Ok(None);
    }
    Ok(Some(message(&text)))
}

/// The header of a message.
enum Header {
    /// The length of the content.
    Length(u64),
    /// It does not give the length.
    Useless,
    /// The end of the stream.
    End,
}

fn header(input: &mut impl BufRead) -> io::Result<Header> {
    let (mut length, mut line) = (None, Vec::new());
    loop {
        line.clear();
        if input.by_ref().take(MAX_HEADER_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(Header::End);
        }
        let field = line.trim_ascii();
        if field.is_empty() {
            return Ok(length.map_or(Header::Useless, Header::Length));
        }
        let Some(colon) = field.iter().position(|byte| *byte == b':') else { continue };
        if field[..colon].eq_ignore_ascii_case(b"Content-Length") {
            let number = str::from_utf8(field[colon + 1..].trim_ascii()).ok();
            length = number.and_then(|number| number.parse().ok());
        }
    }
}

fn message(text: &[u8]) -> Message {
    let envelope = match serde_json::from_slice::<Envelope<'_>>(text) {
        Ok(envelope) => envelope,
        Err(error) if error.is_data() => return Message::Invalid(Failure::NO_MESSAGE),
        Err(_) => return Message::Invalid(Failure::NOT_JSON),
    };
    let params = Params(envelope.params);
    let id = envelope.id.map(|id| serde_json::from_str::<Id>(id.get()));
    match (id, envelope.method) {
        (Some(Ok(id)), Some(method)) => Message::Request { id, method, params },
        (None, Some(method)) => Message::Notification { method, params },
        (Some(_), None) => Message::Response,
        (Some(Err(_)), Some(_)) | (None, None) => Message::Invalid(Failure::NO_MESSAGE),
    }
}

/// The answer to a request. Without an id, the request could not be read.
pub(super) fn response(id: Option<&Id>, result: Result<Json, Failure>) -> Json {
    match result {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(Failure { code, message }) => {
            json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
        }
    }
}

pub(super) fn notification(method: &str, params: &Json) -> Json {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}

/// A request of the server. Its answer is not needed.
pub(super) fn request(id: &str, method: &str, params: &Json) -> Json {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
}

/// Writes a message with its header, at once.
pub(super) fn write(output: &mut impl Write, message: &Json) -> io::Result<()> {
    let mut text = serde_json::to_vec(message)?;
    // Standard output writes up to the last line feed at once.
    text.push(b'\n');
    let mut bytes = format!("Content-Length: {}\r\n\r\n", text.len()).into_bytes();
    bytes.extend(text);
    output.write_all(&bytes)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds of the messages in a stream.
    fn kinds(stream: &str) -> Vec<String> {
        let mut input = stream.as_bytes();
        let mut kinds = Vec::new();
        while let Ok(Some(message)) = read(&mut input) {
            kinds.push(match message {
                Message::Request { id, method, .. } => format!("{id:?} {method}"),
                Message::Notification { method, .. } => method,
                Message::Response => "response".to_owned(),
                Message::Invalid(failure) => failure.code.to_string(),
            });
        }
        kinds
    }

    fn framed(texts: &[&str]) -> String {
        let frame = |text: &&str| format!("Content-Length: {}\r\n\r\n{text}", text.len());
        texts.iter().map(frame).collect::<Vec<_>>().concat()
    }

    #[test]
    fn a_message_that_cannot_be_read_does_not_hide_the_next() {
        let good = r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{"x":[1]}}"#;
        for bad in
            ["", "{", "[]", "7", "{}", "\"\u{e9}\"", r#"{"id":1.5,"method":"a"}"#, r#"{"id":{},"method":"a"}"#, r#"{"method":7}"#]
        {
            let kinds = kinds(&framed(&[bad, good]));
            assert_eq!(kinds.len(), 2, "{bad}: {kinds:?}");
            assert!(kinds[0].starts_with('-'), "{bad}: {kinds:?}");
            assert_eq!(kinds[1], "Number(1) a", "{bad}");
        }
        let huge = format!("Content-Length: {}\r\n\r\n{}", MAX_MESSAGE_BYTES + 1, " ".repeat(MAX_MESSAGE_BYTES + 1));
        assert_eq!(kinds(&(huge + &framed(&[good]))), ["-32600", "Number(1) a"]);
        assert_eq!(kinds("Content-Length: 99999999999999999\r\n\r\n{}"), [""; 0], "the stream ends first");
        assert_eq!(kinds(&format!("Content-Length: x\r\n\r\n{}", framed(&[good]))), ["-32600", "Number(1) a"]);
        let header = format!("Content-Type: x\r\nnonsense\r\ncontent-length:{}\r\n\r\n{good}", good.len());
        assert_eq!(kinds(&header), ["Number(1) a"]);
        assert_eq!(kinds(&framed(&[r#"{"id":"x","result":null}"#, r#"{"id":null,"method":"a"}"#])), ["response", "a"]);
    }
}
