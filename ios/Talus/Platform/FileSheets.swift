#if os(iOS)
  import TalusKit
  import UIKit
  import UniformTypeIdentifiers

  /// Apple's sheets for choosing a file and for handing one on, over whatever is shown.
  @MainActor final class FileSheets: NSObject, FileExchange, UIDocumentPickerDelegate {
    private var chosen: CheckedContinuation<URL?, Never>?

    func choose() async -> URL? {
      answer(nil)
      guard let top else { return nil }
      // A copy: a file of another app could change or go while it is read.
      let picker = UIDocumentPickerViewController(forOpeningContentTypes: [.data], asCopy: true)
      picker.delegate = self
      return await withCheckedContinuation { waiting in
        chosen = waiting
        top.present(picker, animated: true)
      }
    }

    func handOn(_ file: URL) async {
      guard let top else { return }
      let sheet = UIActivityViewController(activityItems: [file], applicationActivities: nil)
      // Where there is room the sheet points at something.
      sheet.popoverPresentationController?.sourceView = top.view
      await withCheckedContinuation { (waiting: CheckedContinuation<Void, Never>) in
        sheet.completionWithItemsHandler = { _, _, _, _ in waiting.resume() }
        top.present(sheet, animated: true)
      }
    }

    func documentPicker(_: UIDocumentPickerViewController, didPickDocumentsAt files: [URL]) {
      answer(files.first)
    }

    func documentPickerWasCancelled(_: UIDocumentPickerViewController) { answer(nil) }

    /// A continuation is answered once.
    private func answer(_ file: URL?) {
      chosen?.resume(returning: file)
      chosen = nil
    }

    private var top: UIViewController? {
      let scenes = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }
      var top = scenes.first { $0.activationState == .foregroundActive }?.keyWindow?
        .rootViewController
      while let over = top?.presentedViewController { top = over }
      return top
    }
  }
#endif
