import ActivityKit
import SwiftUI
import WidgetKit

/// What Talus shows outside its app: a session under way, and a way into the app. Nothing of anybody's health is in either.
@main
struct TalusWidgets: WidgetBundle {
  var body: some Widget {
    SessionWidget()
    TodayWidget()
  }
}

/// A session on the lock screen and in the island: the same as in the set.
struct SessionWidget: Widget {
  var body: some WidgetConfiguration {
    ActivityConfiguration(for: SessionAttributes.self) { context in
      HStack(spacing: 16) {
        Count(state: context.state).font(.system(size: 48, weight: .semibold, design: .rounded))
        VStack(alignment: .leading) {
          Text(context.state.exercise).font(.headline)
          Leg(state: context.state)
        }
        Spacer()
      }
      .padding(16)
    } dynamicIsland: { context in
      DynamicIsland {
        DynamicIslandExpandedRegion(.leading) { Count(state: context.state).font(.largeTitle) }
        DynamicIslandExpandedRegion(.center) { Text(context.state.exercise) }
        DynamicIslandExpandedRegion(.bottom) { Leg(state: context.state) }
      } compactLeading: {
        Leg(state: context.state).labelStyle(.iconOnly)
      } compactTrailing: {
        Count(state: context.state)
      } minimal: {
        Count(state: context.state)
      }
    }
  }
}

/// What was counted, or that it is paused.
private struct Count: View {
  let state: SessionAttributes.ContentState

  var body: some View {
    if state.paused {
      Image(systemName: "pause.fill").accessibilityLabel(Text("Paused"))
    } else if let target = state.target {
      Text(verbatim: "\(state.count)").accessibilityLabel(Text("\(state.count) of \(target)"))
    } else {
      Text(verbatim: "\(state.count)").accessibilityLabel(Text("\(state.count) counted"))
    }
  }
}

/// The leg in its shape and with its name, and which set it is.
private struct Leg: View {
  let state: SessionAttributes.ContentState

  var body: some View {
    HStack(spacing: 8) {
      if state.leg == "left" { Label("Left leg", systemImage: "circle.fill") }
      if state.leg == "right" { Label("Right leg", systemImage: "diamond.fill") }
      if !state.set.isEmpty { Text(verbatim: state.set).foregroundStyle(.secondary) }
    }
  }
}

/// A way into the app. It knows nothing: what is next stands in the app, behind its lock.
struct TodayWidget: Widget {
  var body: some WidgetConfiguration {
    StaticConfiguration(kind: "app.talus.today", provider: Still()) { _ in
      VStack(alignment: .leading, spacing: 8) {
        Image(systemName: "figure.strengthtraining.functional").accessibilityHidden(true)
        Text("Today's session").font(.headline)
        Text("Open Talus").foregroundStyle(.secondary)
      }
      .containerBackground(.background, for: .widget)
    }
    .configurationDisplayName("Today's session")
    .description("Opens Talus.")
    .supportedFamilies([.systemSmall])
  }
}

/// One entry that never changes.
private struct Still: TimelineProvider {
  struct Entry: TimelineEntry { let date: Date }

  func placeholder(in context: Context) -> Entry { Entry(date: .now) }
  func getSnapshot(in context: Context, completion: @escaping (Entry) -> Void) {
    completion(Entry(date: .now))
  }
  func getTimeline(in context: Context, completion: @escaping (Timeline<Entry>) -> Void) {
    completion(Timeline(entries: [Entry(date: .now)], policy: .never))
  }
}
