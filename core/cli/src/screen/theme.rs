//! Colours of the screen, from the project's design tokens (dark). Nothing is said by colour alone: sides have shapes
//! and letters, warnings have words, so that the screen reads the same without any.

use crate::domain::Side;
use crate::place::Env;
use ratatui::style::{Color, Modifier, Style};

/// How many colours there are to draw with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// The tokens as they are.
    Full,
    /// The terminal's own sixteen.
    Sixteen,
    /// None: weight and brightness alone.
    None,
}

impl Depth {
    /// What the environment asks for: `NO_COLOR` (any value, no-color.org) wins over what the terminal can.
    pub(crate) fn of(env: Env<'_>) -> Self {
        let full = |value: String| value.eq_ignore_ascii_case("truecolor") || value.eq_ignore_ascii_case("24bit");
        if env("NO_COLOR").is_some() {
            Self::None
        } else if env("COLORTERM").is_some_and(full) {
            Self::Full
        } else {
            Self::Sixteen
        }
    }
}

/// Colours by their role; `Reset` everywhere when there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Theme {
    pub(crate) depth: Depth,
    pub(crate) ground: Color,
    pub(crate) text: Color,
    pub(crate) muted: Color,
    pub(crate) hairline: Color,
    pub(crate) outline: Color,
    pub(crate) accent: Color,
    pub(crate) warn: Color,
    pub(crate) stop: Color,
    pub(crate) left: Color,
    pub(crate) right: Color,
}

const fn rgb(hex: u32) -> Color {
    Color::Rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Theme {
    pub(crate) fn new(depth: Depth) -> Self {
        match depth {
            Depth::Full => Self {
                depth,
                ground: rgb(0x000e_1312),
                text: rgb(0x00ef_f3f1),
                muted: rgb(0x00af_b9b6),
                hairline: rgb(0x0032_3b39),
                outline: rgb(0x0089_9491),
                accent: rgb(0x0074_d2d8),
                warn: rgb(0x00f3_c26b),
                stop: rgb(0x00ff_b3a9),
                left: rgb(0x00a9_bdff),
                right: rgb(0x00f3_b468),
            },
            Depth::Sixteen => Self {
                depth,
                ground: Color::Reset,
                text: Color::Reset,
                muted: Color::Reset,
                hairline: Color::DarkGray,
                outline: Color::DarkGray,
                accent: Color::Cyan,
                warn: Color::Yellow,
                stop: Color::LightRed,
                left: Color::LightBlue,
                right: Color::LightYellow,
            },
            Depth::None => Self {
                depth,
                ground: Color::Reset,
                text: Color::Reset,
                muted: Color::Reset,
                hairline: Color::Reset,
                outline: Color::Reset,
                accent: Color::Reset,
                warn: Color::Reset,
                stop: Color::Reset,
                left: Color::Reset,
                right: Color::Reset,
            },
        }
    }

    /// Plain text.
    pub(crate) fn plain(&self) -> Style {
        Style::new().fg(self.text)
    }

    /// What is there but not asked for now.
    pub(crate) fn quiet(&self) -> Style {
        let style = Style::new().fg(self.muted);
        // The terminal's own ground may be light or dark: dimmed text is readable on both, grey on one.
        if self.depth == Depth::Full { style } else { style.add_modifier(Modifier::DIM) }
    }

    /// Lines and empty parts.
    pub(crate) fn faint(&self) -> Style {
        let style = Style::new().fg(self.hairline);
        if self.depth == Depth::None { style.add_modifier(Modifier::DIM) } else { style }
    }

    /// Act here, or: this is you moving.
    pub(crate) fn accent(&self) -> Style {
        Style::new().fg(self.accent).add_modifier(Modifier::BOLD)
    }

    /// Titles and numbers.
    pub(crate) fn strong(&self) -> Style {
        Style::new().fg(self.text).add_modifier(Modifier::BOLD)
    }

    /// Something to know; always beside a word.
    pub(crate) fn warn(&self) -> Style {
        Style::new().fg(self.warn).add_modifier(Modifier::BOLD)
    }

    /// Stop; always beside a word.
    pub(crate) fn stop(&self) -> Style {
        Style::new().fg(self.stop).add_modifier(Modifier::BOLD)
    }

    /// A side; always beside its shape and letter.
    pub(crate) fn side(&self, side: Side) -> Style {
        let colour = match side {
            Side::Left => self.left,
            Side::Right => self.right,
        };
        Style::new().fg(colour).add_modifier(Modifier::BOLD)
    }

    /// The pill that says Demo.
    pub(crate) fn pill(&self) -> Style {
        self.accent().add_modifier(Modifier::REVERSED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(pairs: &[(&str, &str)]) -> Depth {
        Depth::of(&|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn no_color_wins_over_what_the_terminal_can() {
        assert_eq!(depth(&[("COLORTERM", "truecolor")]), Depth::Full);
        assert_eq!(depth(&[("TERM", "xterm")]), Depth::Sixteen);
        assert_eq!(depth(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")]), Depth::None);
    }
}
