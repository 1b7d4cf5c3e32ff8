//! Rows become documents: one JSON object, and inside it the rows that belong to it.

use super::shape::{Column, Kind, Shape};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};

/// Appends the row `id` of a table, with everything inside it, as one JSON object.
pub(crate) fn put_document(db: &Connection, shape: &Shape, id: i64, out: &mut Vec<u8>) -> rusqlite::Result<()> {
    let question = select(shape, "t.id = ?1");
    let mut statement = db.prepare_cached(&question)?;
    let mut rows = statement.query([id])?;
    match rows.next()? {
        Some(row) => put_object(db, shape, row, out),
        None => Err(rusqlite::Error::QueryReturnedNoRows),
    }
}

/// What to ask for a table's rows: the number a row is known by inside (or nothing), then its columns.
fn select(shape: &Shape, which: &str) -> String {
    let mut wanted = vec![if shape.id { "t.id".to_owned() } else { "NULL".to_owned() }];
    wanted.extend(shape.columns.iter().map(|column| match column.kind {
        Kind::Refers(to) => format!("(SELECT uid FROM {to} WHERE id = t.{})", column.name),
        Kind::Counted(to) => {
            let owner = shape.owner.as_deref().unwrap_or("id");
            let name = &column.name;
            format!(
                "iif(t.{name} IS NULL, NULL,
                (SELECT count(*) FROM {to} x WHERE x.{owner} = t.{owner} AND x.id <= t.{name}))"
            )
        }
        _ => format!("t.{}", column.name),
    }));
    format!("SELECT {} FROM {} t WHERE {which} ORDER BY {}", wanted.join(", "), shape.table.name, shape.order)
}

fn put_object(db: &Connection, shape: &Shape, row: &Row<'_>, out: &mut Vec<u8>) -> rusqlite::Result<()> {
    out.push(b'{');
    let mut first = true;
    let mut key = |out: &mut Vec<u8>, word: &str| {
        if !first {
            out.push(b',');
        }
        first = false;
        put_text(out, word);
        out.push(b':');
    };
    for (at, column) in shape.columns.iter().enumerate() {
        let value = row.get_ref(at + 1)?;
        if value != ValueRef::Null {
            key(out, &column.word);
            put_value(out, column, value);
        }
    }
    let id: Option<i64> = row.get(0)?;
    for inside in &shape.inside {
        let Some(id) = id else { continue };
        let which = format!("t.{} = ?1", inside.owner.as_deref().unwrap_or("rowid"));
        let mut statement = db.prepare_cached(&select(inside, &which))?;
        let mut rows = statement.query(params![id])?;
        let Some(mut row) = rows.next()? else { continue };
        key(out, inside.table.word);
        if inside.table.bulk {
            out.extend_from_slice(b"{\"columns\":");
            // Plain words: nothing in them needs care.
            let words: Vec<&str> = inside.columns.iter().map(|column| column.word.as_str()).collect();
            out.extend_from_slice(&serde_json::to_vec(&words).unwrap_or_default());
            out.extend_from_slice(b",\"rows\":[");
            loop {
                out.push(b'\n');
                for (at, column) in inside.columns.iter().enumerate() {
                    out.push(if at == 0 { b'[' } else { b',' });
                    put_value(out, column, row.get_ref(at + 1)?);
                }
                out.push(b']');
                match rows.next()? {
                    Some(next) => row = next,
                    None => break,
                }
                out.push(b',');
            }
            out.extend_from_slice(b"]}");
        } else {
            out.push(b'[');
            loop {
                out.push(b'\n');
                put_object(db, inside, row, out)?;
                match rows.next()? {
                    Some(next) => row = next,
                    None => break,
                }
                out.push(b',');
            }
            out.push(b']');
        }
    }
    out.push(b'}');
    Ok(())
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    // Writing into a vector cannot fail, and text is always JSON.
    let _ = serde_json::to_writer(out, text);
}

fn put_value(out: &mut Vec<u8>, column: &Column, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => out.extend_from_slice(b"null"),
        ValueRef::Integer(number) => {
            let _ = serde_json::to_writer(out, &number);
        }
        ValueRef::Real(number) => {
            let _ = serde_json::to_writer(out, &number);
        }
        ValueRef::Text(text) => match (column.kind, std::str::from_utf8(text)) {
            (Kind::Json, Ok(json)) => out.extend_from_slice(json.as_bytes()),
            (_, Ok(text)) => put_text(out, text),
            // SQLite keeps any bytes as text; nothing of ours writes such.
            (_, Err(_)) => put_text(out, &String::from_utf8_lossy(text)),
        },
        ValueRef::Blob(bytes) => {
            if let (Kind::Uid | Kind::Refers(_), Ok(uid)) = (column.kind, <[u8; 16]>::try_from(bytes)) {
                put_text(out, &crate::SessionId(uid).to_string());
                return;
            }
            let digit = |four: u8| b"0123456789abcdef".get(usize::from(four)).copied().unwrap_or(b'0');
            out.push(b'"');
            for byte in bytes {
                out.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
            }
            out.push(b'"');
        }
    }
}
