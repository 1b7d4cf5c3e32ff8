#if os(iOS)
  import HealthKit
  import TalusKit

  /// Apple's HealthKit, written to and never read: it is asked for workouts and their effort, and for nothing else.
  @MainActor final class AppleHealth: Workouts {
    private let store = HKHealthStore()

    var available: Bool { HKHealthStore.isHealthDataAvailable() }

    var allowed: Bool? {
      switch store.authorizationStatus(for: HKObjectType.workoutType()) {
      case .sharingAuthorized: true
      case .sharingDenied: false
      default: nil
      }
    }

    func ask() async -> Bool {
      try? await store.requestAuthorization(toShare: Self.types, read: [])
      return allowed == true
    }

    func write(_ workout: Workout) async throws {
      // The same identifier with the same version would be left out: what was there goes first.
      try await remove(workout.id)
      let builder = HKWorkoutBuilder(
        healthStore: store, configuration: Self.configuration(workout.kind), device: nil)
      try await builder.beginCollection(at: workout.start)
      for activity in workout.activities {
        try await builder.addWorkoutActivity(
          HKWorkoutActivity(
            workoutConfiguration: Self.configuration(activity.kind), start: activity.start,
            end: activity.end, metadata: activity.metadata.mapValues(Self.plain)))
      }
      var metadata: [String: Any] = [
        HKMetadataKeyExternalUUID: workout.id, HKMetadataKeySyncIdentifier: workout.id,
        HKMetadataKeySyncVersion: 1,
      ]
      metadata[HKMetadataKeyTimeZone] = workout.timeZone
      try await builder.addMetadata(metadata)
      try await builder.endCollection(at: workout.end)
      guard let written = try await builder.finishWorkout() else { return }
      if let effort = workout.effort { try await rate(written, effort) }
    }

    func remove(_ id: String) async throws {
      let same = HKQuery.predicateForObjects(
        withMetadataKey: HKMetadataKeyExternalUUID, allowedValues: [id])
      try await store.deleteObjects(of: HKObjectType.workoutType(), predicate: same)
    }

    private func rate(_ workout: HKWorkout, _ effort: Double) async throws {
      guard #available(iOS 18, *) else { return }
      let sample = HKQuantitySample(
        type: HKQuantityType(.workoutEffortScore),
        quantity: HKQuantity(unit: .appleEffortScore(), doubleValue: effort),
        start: workout.startDate, end: workout.endDate)
      try await store.relateWorkoutEffortSample(sample, with: workout, activity: nil)
    }

    private static var types: Set<HKSampleType> {
      var types: Set<HKSampleType> = [HKObjectType.workoutType()]
      if #available(iOS 18, *) { types.insert(HKQuantityType(.workoutEffortScore)) }
      return types
    }

    private static func configuration(_ kind: UInt) -> HKWorkoutConfiguration {
      let configuration = HKWorkoutConfiguration()
      configuration.activityType = HKWorkoutActivityType(rawValue: kind) ?? .other
      return configuration
    }

    private static func plain(_ value: Workout.Value) -> Any {
      switch value {
      case .number(let number): number
      case .text(let text): text
      }
    }
  }
#endif
