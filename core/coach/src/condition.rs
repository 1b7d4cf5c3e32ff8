//! [`Condition`]: what can speak against an exercise or a load.

use serde::{Deserialize, Serialize};

/// Something about a person that speaks against an exercise or a load. Screening finds them; each exercise names those
/// it is not for. A condition only ever restricts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// New or worse joint pain, swelling, locking or giving way.
    AcutePain,
    /// Surgery on hip, knee, ankle or foot that nobody has given the go-ahead after.
    SurgeryUncleared,
    /// Cruciate ligament surgery.
    Aclr,
    /// Meniscus repair.
    MeniscusRepair,
    /// Knee replacement.
    Tka,
    /// Hip replacement.
    Tha,
    /// Pain around the kneecap.
    Pfp,
    /// Painful arthritis of the knee.
    KneeOa,
    /// Hip impingement or pain of the hip's rim.
    HipLabral,
    /// Back pain that leg lifting brings on.
    Lumbar,
    /// Brittle bones, or a fracture from a small bump.
    Osteoporosis,
    /// An ankle that gives way.
    AnkleInstability,
    /// A fracture of ankle or lower leg that is not cleared.
    AnkleFracture,
    /// Less feeling in the feet.
    Neuropathy,
    /// Skin or blood vessels of the lower leg that a strap must not press on.
    SkinVascular,
    /// Heart disease or blood pressure that is not under control.
    HeartBp,
    /// Dizziness or fainting without a known cause.
    Dizziness,
    /// Falls, or a balance test that was not passed.
    Falls,
    /// A condition of brain or nerves.
    Neuro,
    /// Pregnant, or gave birth in the last twelve weeks.
    Pregnancy,
    /// Recent surgery of the belly, or a hernia.
    Abdominal,
    /// Under 16.
    Under16,
}

impl Condition {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::AcutePain,
        Self::SurgeryUncleared,
        Self::Aclr,
        Self::MeniscusRepair,
        Self::Tka,
        Self::Tha,
        Self::Pfp,
        Self::KneeOa,
        Self::HipLabral,
        Self::Lumbar,
        Self::Osteoporosis,
        Self::AnkleInstability,
        Self::AnkleFracture,
        Self::Neuropathy,
        Self::SkinVascular,
        Self::HeartBp,
        Self::Dizziness,
        Self::Falls,
        Self::Neuro,
        Self::Pregnancy,
        Self::Abdominal,
        Self::Under16,
    ];

    /// The slug it goes by in data and text keys.
    pub fn slug(self) -> &'static str {
        match self {
            Self::AcutePain => "acute_pain",
            Self::SurgeryUncleared => "surgery_uncleared",
            Self::Aclr => "aclr",
            Self::MeniscusRepair => "meniscus_repair",
            Self::Tka => "tka",
            Self::Tha => "tha",
            Self::Pfp => "pfp",
            Self::KneeOa => "knee_oa",
            Self::HipLabral => "hip_labral",
            Self::Lumbar => "lumbar",
            Self::Osteoporosis => "osteoporosis",
            Self::AnkleInstability => "ankle_instability",
            Self::AnkleFracture => "ankle_fracture",
            Self::Neuropathy => "neuropathy",
            Self::SkinVascular => "skin_vascular",
            Self::HeartBp => "heart_bp",
            Self::Dizziness => "dizziness",
            Self::Falls => "falls",
            Self::Neuro => "neuro",
            Self::Pregnancy => "pregnancy",
            Self::Abdominal => "abdominal",
            Self::Under16 => "under16",
        }
    }

    /// Whether nothing is done at all while it lasts: pain that is new, surgery nobody has cleared, skin a strap must
    /// not touch, a fracture.
    pub fn stops_everything(self) -> bool {
        matches!(self, Self::AcutePain | Self::SurgeryUncleared | Self::SkinVascular | Self::AnkleFracture)
    }

    /// Whether weights wait for a plan from someone the person trusts.
    pub fn needs_plan(self) -> bool {
        matches!(
            self,
            Self::Aclr
                | Self::MeniscusRepair
                | Self::Tka
                | Self::Tha
                | Self::HeartBp
                | Self::Dizziness
                | Self::Neuro
                | Self::Under16
        )
    }

    /// Whether it is about a joint or bone, so that half the cap and the lower ceiling hold.
    pub fn flags_joint(self) -> bool {
        matches!(
            self,
            Self::AcutePain
                | Self::SurgeryUncleared
                | Self::Aclr
                | Self::MeniscusRepair
                | Self::Tka
                | Self::Tha
                | Self::Pfp
                | Self::KneeOa
                | Self::HipLabral
                | Self::Lumbar
                | Self::Osteoporosis
                | Self::AnkleInstability
                | Self::AnkleFracture
        )
    }
}
