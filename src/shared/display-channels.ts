/** Electron's channels of the pages that stand for QR displays, apart from schemas and verbs: their preload is one file. */
export const displayChannels = { up: 'display:up', down: 'display:down' } as const;
