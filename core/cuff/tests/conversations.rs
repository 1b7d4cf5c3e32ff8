//! Whole conversations as tables, one file a family under `conversations/`: what the app says, what is written to the
//! device, what comes back, what the app is told.
//!
//! ```text
//! family NAME · name ADVERTISED NAME · mtu N · offers UUID…     the device; a UUID may be short
//! app start | app stop | app identify | app waits SECONDS        what the app does
//! app loses the link                                             what happens to it
//! > connect | disconnect | read U | subscribe U                  what the radio is asked
//! > write U HEX | > command U HEX                                with and without confirmation
//! < HEX        the answer to a read       < ok    to everything else      < refused ATT-CODE
//! < U HEX      a notification
//! = …          what the app is told: see `told`
//! # …          a remark
//! ```
//!
//! Every `>` and `=` that happens must stand in the table, in this order, and nothing else may.

mod table;

use table::follow;

macro_rules! families {
    ($($name:ident: $file:literal),* $(,)?) => {
        $(#[test]
        fn $name() {
            follow(include_str!(concat!("conversations/", $file)));
        })*
    };
}

families! {
    the_conversation_with_a_cuff_of_our_own_is_this_one: "cmp.txt",
    a_cuff_that_kept_what_a_lost_link_missed_is_asked_for_it: "cmp-ring.txt",
    the_conversation_with_a_thingy_is_this_one: "thingy52.txt",
    the_conversation_with_a_witmotion_is_this_one: "witmotion.txt",
    the_conversation_with_a_dot_is_this_one: "dot.txt",
    the_conversation_with_a_movesense_is_this_one: "movesense.txt",
    the_conversation_with_a_metamotion_of_the_first_kind_is_this_one: "metamotion-bmi160.txt",
    the_conversation_with_a_metamotion_of_the_second_kind_is_this_one: "metamotion-bmi270.txt",
    the_conversation_with_a_verity_sense_is_this_one: "polar-verity.txt",
    the_conversation_with_an_h10_is_this_one: "polar-h10.txt",
    a_dot_that_wants_a_bond_is_told: "dot-bond.txt",
}
