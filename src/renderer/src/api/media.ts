import { mediaAddress } from './connection.ts'
import { mediaUrlAt, type MediaLook } from './mediaUrlAt.ts'

/**
 * The address of a picture or video of the present engine, for `src`.
 *
 * @param path absolute path on the engine's machine.
 */
export const mediaUrl = (path: string, look: MediaLook = {}): string => mediaUrlAt(mediaAddress(), path, look)
