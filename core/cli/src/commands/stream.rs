//! `talus stream`: one cuff, connected, a line a second: rate, loss, battery, orientation.

use super::at_hand::{AtHand, Waited};
use crate::app::words;
use crate::args::{Common, StreamArgs};
use crate::failure::Failure;
use crate::output::{Output, say};
use crate::words::{CuffWords, UNKNOWN, Words, badge};
use serde_json::json;
use talus_app::cuffs::LiveLine;

/// How long a cuff is looked for, microseconds.
const LOOK_US: i64 = 15_000_000;

pub(crate) fn run(common: &Common, args: &StreamArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = words(common);
    let mut hand = AtHand::look(common, args.demo)?;
    hand.open(args.cuff.as_deref(), LOOK_US)?;
    if let Some(line) = hand.cuffs.live().first() {
        say(&CuffWords::of(words).connecting.replacen("{}", &line.name, 1));
    }
    let mut second = 0;
    let seconds = args.seconds.unwrap_or(u32::MAX);
    while second < seconds && !out.closed() {
        let waited = hand.until(1_000_000, |_| Ok(false))?;
        if waited == Waited::Stopped {
            break;
        }
        second += 1;
        for line in hand.cuffs.live() {
            if common.json {
                // One object a line: for a program that reads along.
                out.line(
                    &json!({
                        "talus": "stream/1", "t_s": second, "name": line.name, "side": line.side, "state": line.state,
                        "rate_hz": line.rate_hz, "lost_share": line.lost_share,
                        "battery_percent": line.battery_percent, "up": line.up, "still": line.still,
                    })
                    .to_string(),
                )?;
            } else {
                out.line(&read(&line, words))?;
            }
        }
    }
    hand.close()?;
    Ok(hand.code())
}

/// One second of a cuff.
fn read(line: &LiveLine, words: &Words) -> String {
    let says = CuffWords::of(words);
    let rate = line.rate_hz.map_or(UNKNOWN.to_owned(), |rate_hz| words.number(rate_hz, 1));
    let mut parts = vec![
        format!("{}  {}", line.side.map_or("·", badge), line.name),
        words.link(line.state).to_owned(),
        says.per_second.replacen("{}", &rate, 1),
        words.loss(line.lost_share),
        words.battery_at(line.battery_percent),
    ];
    if let Some(up) = line.up {
        // How far each of its axes points up from level.
        let tilt = up.map(|part| format!("{}°", words.number(libm::asin(part.clamp(-1.0, 1.0)).to_degrees(), 0)));
        parts.push(tilt.iter().fold(says.up.to_owned(), |text, tilt| text.replacen("{}", tilt, 1)));
        parts.push(if line.still { says.still } else { says.moving }.to_owned());
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CuffId, LinkState, Side};

    #[test]
    fn a_second_reads_well_and_what_is_not_known_is_not_made_up() {
        let mut line = LiveLine {
            cuff: CuffId([1; 16]),
            name: "CUF-C3D4".into(),
            side: Some(Side::Left),
            state: LinkState::Streaming,
            rate_hz: Some(99.84),
            lost_share: 0.002,
            battery_percent: Some(87),
            up: Some([0.0, 1.0, -0.5]),
            still: true,
        };
        assert_eq!(
            read(&line, Words::of("en")),
            "● L  CUF-C3D4, connected, 99.8 samples/s, 0.2 % lost, battery 87 %, tilt x 0°, y 90°, z −30°, still"
        );
        line.battery_percent = Some(15);
        assert!(read(&line, Words::of("en")).contains(", battery 15 % low,"));
        assert!(read(&line, Words::of("de")).contains(", Akku 15 % schwach,"));
        (line.side, line.rate_hz, line.battery_percent, line.up) = (None, None, None, None);
        assert_eq!(read(&line, Words::of("en")), "·  CUF-C3D4, connected, – samples/s, 0.2 % lost, battery –");
    }
}
