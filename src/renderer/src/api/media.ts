import { mediaAddress } from './connection.ts'
import { mediaUrlAt } from './mediaUrlAt.ts'

/**
 * The address of a picture or video of the present engine, for `src`.
 *
 * @param path absolute path on the engine's machine.
 * @param options.width makes a smaller JPEG of at most this many pixels; left out, the file as it is.
 */
export const mediaUrl = (path: string, options: { width?: number } = {}): string =>
  mediaUrlAt(mediaAddress(), path, options)
