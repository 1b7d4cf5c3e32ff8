//! Two-way time sync: a question with our time, an answer with the cuff's receive and send times.

use crate::driver::bytes::{DecodeError, Reader};

const WHAT: &str = "time sync message";
const VERSION: u8 = 1;
const REQUEST: u8 = 0;
const REPLY: u8 = 1;

/// What the app writes, 12 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncRequest {
    /// Number of the exchange.
    pub seq: u16,
    /// The app's time of sending, microseconds.
    pub t1_us: u64,
}

/// What the cuff answers, 28 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncReply {
    /// The request it answers.
    pub request: SyncRequest,
    /// The cuff's time of receiving the request, microseconds.
    pub t2_us: u64,
    /// The cuff's time of queuing the answer, microseconds.
    pub t3_us: u64,
}

fn head(reader: &mut Reader<'_>, op: u8) -> Result<SyncRequest, DecodeError> {
    let (version, found) = (reader.u8()?, reader.u8()?);
    let request = SyncRequest { seq: reader.u16()?, t1_us: reader.u64()? };
    if version != VERSION {
        return Err(DecodeError::Version { what: WHAT, version });
    }
    if found != op {
        return Err(DecodeError::Unknown { what: WHAT, value: found });
    }
    Ok(request)
}

impl SyncRequest {
    /// Reads a request (the cuff's side).
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        head(&mut Reader::new(WHAT, bytes), REQUEST)
    }

    /// Writes the request.
    pub fn encode(&self) -> Vec<u8> {
        self.with(REQUEST)
    }

    fn with(self, op: u8) -> Vec<u8> {
        let mut out = vec![VERSION, op];
        out.extend(self.seq.to_le_bytes());
        out.extend(self.t1_us.to_le_bytes());
        out
    }
}

impl SyncReply {
    /// Reads an answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(WHAT, bytes);
        let request = head(&mut reader, REPLY)?;
        Ok(Self { request, t2_us: reader.u64()?, t3_us: reader.u64()? })
    }

    /// Writes the answer (the cuff's side).
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.request.with(REPLY);
        out.extend(self.t2_us.to_le_bytes());
        out.extend(self.t3_us.to_le_bytes());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::vectors::{cut_and_extend, hex};
    use proptest::prelude::*;

    #[test]
    fn a_time_sync_exchange_reads_and_writes_the_worked_bytes() {
        let asked = hex("01 00 03 00 00 40 1e 18 24 0a 06 00");
        let request = SyncRequest::decode(&asked).unwrap();
        assert_eq!(request.seq, 3);
        assert_eq!(request.encode(), asked);
        cut_and_extend(&asked, SyncRequest::decode);

        let answered = hex("01 01 03 00 00 40 1e 18 24 0a 06 00 50 72 4c 00 00 00 00 00 20 7a 4c 00 00 00 00 00");
        let reply = SyncReply::decode(&answered).unwrap();
        assert_eq!(reply, SyncReply { request, t2_us: 5_010_000, t3_us: 5_012_000 });
        assert_eq!(reply.encode(), answered);
        cut_and_extend(&answered, SyncReply::decode);
    }

    #[test]
    fn question_and_answer_are_not_mixed_up() {
        let asked = SyncRequest { seq: 1, t1_us: 2 }.encode();
        assert_eq!(SyncReply::decode(&asked), Err(DecodeError::Unknown { what: WHAT, value: REQUEST }));
        assert_eq!(SyncRequest::decode(&[9; 12]), Err(DecodeError::Version { what: WHAT, version: 9 }));
    }

    proptest! {
        #[test]
        fn decode_undoes_encode(seq in any::<u16>(), t1_us in any::<u64>(), t2_us in any::<u64>(), t3_us in any::<u64>()) {
            let request = SyncRequest { seq, t1_us };
            prop_assert_eq!(SyncRequest::decode(&request.encode()), Ok(request));
            let reply = SyncReply { request, t2_us, t3_us };
            prop_assert_eq!(SyncReply::decode(&reply.encode()), Ok(reply));
        }
    }
}
