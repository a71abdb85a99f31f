/**
 * Codes with which a WebSocket is closed when trying again is of no use. Apart from `wire.ts`, whose schemas the pages
 * need not load.
 */
export const closeCodes = {
  wrongToken: 4401,
  /** Page and engine are of different versions. */
  otherContract: 4409,
} as const
