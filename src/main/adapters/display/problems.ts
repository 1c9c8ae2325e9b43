import { DisplayError, type DisplayErrorCode } from '../../ports/display.ts';
import { TransportError, type TransportErrorCode } from '../transport/transport.ts';

/** What staff or a technician do about each. The screens have the same in their languages (i18n `problem.*`). */
const sentences: Readonly<Record<DisplayErrorCode, string>> = {
  display_not_found: 'The QR display is not there. Check that its cable is plugged in and that it is switched on.',
  display_ambiguous:
    'Several monitors may be meant for the QR display. Write the name or the number of its monitor in the configuration.',
  display_busy: 'Another program uses the port of the QR display. End that program.',
  display_wrong_device:
    'What answers is not the QR display that is configured. Check its port, its speed and its type in the configuration.',
  display_not_answering: 'The QR display does not answer. Switch it off and on again, and check its cable.',
  display_disconnected: 'The QR display was unplugged. Plug it in again.',
  display_wrong_content: 'The QR display shows something else than it was told, so it was cleared. Have it serviced.',
  display_refused: 'The QR display refuses what it is told. Check that the right project is loaded into it.',
  display_code_refused: 'The QR display cannot show this QR code. Use another kind of display for it.',
  display_given_up: 'The terminal has something newer to show.',
};

/** A display's error with its sentence; `detail` is for the log. */
export function displayError(code: DisplayErrorCode, cause?: unknown): DisplayError {
  return new DisplayError(code, sentences[code], cause);
}

const codes: Readonly<Record<TransportErrorCode, DisplayErrorCode>> = {
  unreachable: 'display_not_found',
  busy: 'display_busy',
  wrong_device: 'display_wrong_device',
  closed: 'display_disconnected',
  timeout: 'display_not_answering',
  aborted: 'display_given_up',
};

/** What an error on the line means for the display. */
export function asDisplayError(error: unknown): DisplayError {
  if (error instanceof DisplayError) return error;
  return displayError(error instanceof TransportError ? codes[error.code] : 'display_disconnected', error);
}
