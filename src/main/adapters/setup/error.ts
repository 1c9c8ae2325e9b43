const sentences = {
  setup_not_ours: 'This is no set-up file of Spot Terminal. Look for one whose name ends in .setup.json.',
  setup_newer:
    'This set-up file is for a newer version of Spot Terminal. Install that version, or have the file made anew.',
  setup_damaged: 'This set-up file was changed or is damaged. Copy it again, or have it made anew.',
  setup_passphrase: 'The passphrase is not right. It is in the letter or message that came with the set-up file.',
  setup_signer: 'This is no signing key for set-up files. Make one with npm run -s provision -- key.',
  setup_other_signer:
    'This set-up file was made by somebody else than the one before. If that is right, delete the file setup-signer beside the configuration first.',
  setup_gone: 'There is nothing to set the terminal up with any more. Choose the set-up file again.',
  setup_already_done: 'This terminal is set up already. Change its configuration, or move that away to set it up anew.',
  setup_configuration: 'The configuration in this set-up file cannot be used.',
  setup_unwritable: 'The configuration cannot be written. Give its folder to the terminal.',
} as const;

/** Why a terminal cannot be set up; `message` says what to do. Never holds anything of the set-up. */
export class SetupError extends Error {
  readonly code: keyof typeof sentences;

  constructor(code: keyof typeof sentences, cause?: unknown, details?: string) {
    super(details === undefined ? sentences[code] : `${sentences[code]} ${details}`, { cause });
    this.name = 'SetupError';
    this.code = code;
  }
}
