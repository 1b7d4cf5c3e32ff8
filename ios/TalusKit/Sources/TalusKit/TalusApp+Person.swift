import Foundation

/// A person: what they say of themselves, how they are, the plan they trust, what to do.
extension TalusApp {
    /// Adds a person to the household, and gives their id.
    public func addPerson(_ name: String) async throws -> String {
        try await reading { try $0.changePerson(change: .add(name: name)) }
    }

    /// Gives the chosen person a name.
    public func renamePerson(to name: String) async throws {
        _ = try await reading { try $0.changePerson(change: .name(name: name)) }
    }

    /// The app for another person of the household; both may stay open.
    public func forPerson(_ id: String) async throws -> TalusApp {
        try await reading { [book, damaged] in TalusApp(try $0.forPerson(id: id), book, damaged: damaged) }
    }

    /// Deletes a person with everything that is theirs; what that is, `profiles()` says.
    public func deletePerson(_ id: String) async throws {
        _ = try await reading { try $0.delete(what: .person(id: id)) }
    }

    /// What this person says of themselves; nil until they have.
    public func about() async throws -> About? { try await reading { try $0.about() } }

    /// Keeps what this person says of themselves.
    public func setAbout(_ about: About) async throws {
        _ = try await reading { try $0.changePerson(change: .about(about: about)) }
    }

    /// What is open to this person, exercise by exercise and leg by leg, and why.
    public func openness() async throws -> [Openness] { try await reading { try $0.openness() } }

    /// What is so today, and the sheets to show whatever happens; with `remind`, also what to remind of.
    public func today(remind: Reminding? = nil) async throws -> Today {
        try await reading { try $0.today(remind: remind) }
    }

    /// What a session as wished would ask for, and why; nothing begins.
    public func foretell(_ wish: SessionWish) async throws -> Foretold {
        try await reading { try $0.foretell(wish: wish) }
    }

    /// Tests, walks, drills and stages of a plan, those first that are due; and why one is closed.
    public func protocols() async throws -> [ProtocolLine] { try await reading { try $0.protocols() } }

    /// Logs a main lift done beside the cuffs just now; `deleteSession` of what it gives takes it back.
    public func logLift(_ lift: Lift, sets: UInt8, reps: UInt32, barG: UInt32) async throws -> String {
        try await reading { try $0.logLift(lift: lift, sets: sets, reps: reps, barG: barG) }
    }

    /// Keeps how somebody is, and says what that changes.
    public func checkIn(_ moment: Moment, _ how: CheckIn) async throws -> CheckedIn {
        try await reading { try $0.checkIn(moment: moment, how: how) }
    }

    /// The programmes there are, and what each still needs.
    public func programmes() async throws -> [Programme] { try await reading { try $0.programmes() } }

    /// From now on this programme is followed; nil: none.
    public func follow(_ programme: String?) async throws {
        _ = try await reading { try $0.changePerson(change: .follow(programme: programme)) }
    }

    /// Keeps a programme that people share from its file, and gives its id: it can be followed then.
    public func takeInProgramme(_ text: String) async throws -> String {
        try await reading { try $0.sharedProgramme(what: .takeIn(text: text)) }
    }

    /// Puts a programme that was shared away; whoever followed it follows none.
    public func putProgrammeAway(_ id: String) async throws {
        _ = try await reading { try $0.sharedProgramme(what: .putAway(id: id)) }
    }

    /// A programme as a file to share.
    public func shareProgramme(_ id: String) async throws -> String {
        try await reading { try $0.sharedProgramme(what: .share(id: id)) }
    }

    /// Reads a plan without keeping it.
    public func previewPlan(_ text: String) async throws -> Plan {
        guard let plan = try await reading({ try $0.plan(text: text) }) else {
            preconditionFailure("a text that is no plan throws")
        }
        return plan
    }

    /// Keeps a plan; the words are its author's, compared by the person, where they are not known yet.
    public func acceptPlan(_ text: String, words: String?) async throws -> Plan {
        guard let plan = try await reading({ try $0.changePlan(change: .accept(text: text, words: words)) }) else {
            preconditionFailure("a plan that is not accepted throws")
        }
        return plan
    }

    /// The plan that was accepted last.
    public func plan() async throws -> Plan? { try await reading { try $0.plan(text: nil) } }

    /// Puts the plan away, and with `distrust` takes trust back from its author.
    public func putPlanAway(distrust: Bool = false) async throws {
        _ = try await reading { try $0.changePlan(change: .putAway(distrust: distrust)) }
    }

    /// What to do of an exercise on a leg today, and why.
    public func prescribe(_ exercise: String, side: Side, both: Bool) async throws -> Prescribed {
        try await reading { try $0.prescribe(exercise: exercise, side: side, both: both) }
    }
}

/// Looking back, and what a person changes about what was done.
extension TalusApp {
    /// One exercise over all sessions, left leg first, with what changed.
    public func course(_ exercise: String) async throws -> [Course] {
        try await reading { try $0.course(exercise: exercise) }
    }

    /// Every walk, and what changed.
    public func walking() async throws -> Walking { try await reading { try $0.noted().walking } }

    /// The last weeks, this one included, oldest first.
    public func calendar(weeks: UInt32) async throws -> [Week] { try await reading { try $0.calendar(weeks: weeks) } }

    /// The angle of every set of a session, for a drawing of `width` columns.
    public func traces(_ asked: String, width: UInt32) async throws -> [Trace] {
        try await reading { try $0.traces(asked: asked, width: width) }
    }

    /// Changes something in a session, or takes the newest change back.
    public func edit(_ asked: String, _ edit: Edit) async throws {
        try await reading { try $0.edit(asked: asked, edit: edit) }
    }

    /// Pains, function tests and walks, oldest first.
    public func noted() async throws -> Noted { try await reading { try $0.noted() } }

    /// One page of HTML for somebody who treats the chosen person, about these days (`YYYY-MM-DD`).
    public func report(from day: String, until last: String) async throws -> String {
        try await reading { try $0.report(fromDay: day, untilDay: last) }
    }

    /// What keeping to a budget for raw signals would delete now; deletes nothing.
    public func outgrown(_ budget: Budget) async throws -> Outgrown {
        try await reading { try $0.outgrown(budget: budget) }
    }

    /// Deletes those of the recordings of these sessions that `outgrown` shows; results stay. Gives whose went.
    public func letGo(_ budget: Budget, _ sessions: [String]) async throws -> [String] {
        try await reading { try $0.delete(what: .recordings(budget: budget, sessions: sessions)) }
    }

    /// Deletes a session so that nothing of it can be read any more.
    public func deleteSession(_ asked: String) async throws -> String {
        try await reading { try $0.delete(what: .session(asked: asked)).first ?? asked }
    }

    /// What today's engine makes of a session; with `accept` that becomes current.
    public func rescore(_ asked: String, accept: Bool) async throws -> Rescored {
        try await reading { try $0.rescore(asked: asked, accept: accept) }
    }
}
