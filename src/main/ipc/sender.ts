/** What is known of who sent a message: the part of Electron's event that says so. */
export interface Sender {
  /** A window that this terminal opened for its screens. */
  readonly isOwnWindow: boolean;
  /** Null when the frame has gone or navigated away since. */
  readonly frame: { readonly url: string; readonly isTop: boolean } | null;
}

/** Why a sender is not listened to. */
export type SenderFault = 'foreign_window' | 'frame_gone' | 'inner_frame' | 'foreign_page';

/**
 * Undefined for the page that this terminal shows in its own window, in the top frame; otherwise what is wrong with
 * the sender (style.md 3).
 * @param home the address under which all of the terminal's pages are, ending with a slash
 */
export function faultOfSender({ isOwnWindow, frame }: Sender, home: string): SenderFault | undefined {
  if (!isOwnWindow) return 'foreign_window';
  if (!frame) return 'frame_gone';
  if (!frame.isTop) return 'inner_frame';
  return frame.url.startsWith(home) ? undefined : 'foreign_page';
}
