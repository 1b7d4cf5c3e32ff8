//! [`Around`]: what a real radio sees nearby.

use crate::clock;
use crate::error::AppError;
use crate::scene::NearbyLine;
use std::sync::Arc;
use talus_cuff::driver::Family;
use talus_cuff::nearby::Nearby;
use talus_cuff::transport::radio::RadioTransport;
use talus_cuff::transport::{Ask, Heard, RadioState, Transport};
use talus_motion::LinkState;

/// Looking for cuffs with the real radio, until it is dropped.
pub struct Around {
    radio: RadioTransport,
    nearby: Nearby,
    state: Option<LinkState>,
}

impl Around {
    /// Starts looking.
    ///
    /// # Errors
    /// [`AppError::Radio`] where there is no Bluetooth, or it may not be used.
    pub fn open() -> Result<Self, AppError> {
        let mut radio = RadioTransport::open(Arc::new(clock::now))?;
        radio.ask(clock::now(), Ask::Scan { services: Family::services() });
        Ok(Self { radio, nearby: Nearby::new(), state: None })
    }

    /// Cuffs seen within the last ten seconds, strongest first.
    pub fn look(&mut self) -> Vec<NearbyLine> {
        let now = clock::now();
        while let Some((at, heard)) = self.radio.hear(now) {
            if let Heard::Radio(radio) = &heard {
                self.state = match radio {
                    RadioState::On => None,
                    RadioState::Off | RadioState::Missing => Some(LinkState::RadioOff),
                    RadioState::NotAllowed => Some(LinkState::NotAllowed),
                };
            }
            self.nearby.hear(at, &heard);
        }
        self.nearby.list(now).iter().map(NearbyLine::of).collect()
    }

    /// What keeps the radio from seeing anything; `None` while it can.
    pub fn hindered(&self) -> Option<LinkState> {
        self.state
    }
}
